//! Dates as people type them, in English and Chinese. (Filled by its own change.)
