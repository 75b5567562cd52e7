//! Immutable column blocks over customers, published as versions; derived columns' slots; checkpoint and reopen.
