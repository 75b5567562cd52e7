//! Keys to commands: TOML with `extends`, a trie, lint, reverse look-up.
