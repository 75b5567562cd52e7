//! The registry of user-visible verbs: data and names only.
