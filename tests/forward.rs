//! Commands whose book is open elsewhere: the real binary, answered by an owner over the socket.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "forward/commands.rs"]
mod commands;
#[path = "forward/ends.rs"]
mod ends;
#[path = "forward/hostile.rs"]
mod hostile;
#[path = "forward/owner.rs"]
mod owner;
