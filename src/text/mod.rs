//! English and Simplified Chinese words for every code.
