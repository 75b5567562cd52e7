//! One person at one terminal: surface, driver, loop.
