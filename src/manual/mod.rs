//! Registries turned into help: the overlay for what applies here, palette rows, pages of plain text, README tables. Holds
//! no words and no keys of its own: they come from `text` and from the keymap that is loaded.

pub mod files;
pub mod overlay;
pub mod pages;
pub mod palette;
pub mod readme;
pub mod shown;

pub use overlay::{HelpRow, HelpSection, overlay};
pub use pages::{help_commands, help_fields, help_formats, help_keys};
pub use palette::{PaletteRow, palette};
pub use readme::{regenerate, regions};
pub use shown::{key_list, keys_shown};
