//! Registries turned into help, README tables and pages.
