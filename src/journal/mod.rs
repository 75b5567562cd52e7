//! The append-only log: the database of record. Frames, files, recovery, verification; the disk is reached through `Vfs` only.
