//! The search box: what a customer can be found by, and who comes first.
