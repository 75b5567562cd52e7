//! One person at one terminal: surface, driver, loop.

mod driver;
pub mod keys;
pub mod run;
pub mod script;
pub mod tty;
pub mod wire;

pub use run::{Farewell, Opening, run};
pub use script::Script;
