//! The Desk: the one door to the business. It checks rights, validates, and hands changes to the one writer.

pub mod request;
pub mod synthetic;
