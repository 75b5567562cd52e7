//! The front door: arguments in, words and an exit code out.
