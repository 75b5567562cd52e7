//! Import and export: formats, column mapping, staging, the report of refusals.
