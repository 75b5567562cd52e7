//! `help`: the manual, from the registries.

use super::args::Cli;
use super::{Ended, Io};
use crate::domain::Say;
use crate::manual;
use crate::ops::request::{Refusal, RefusalKind};
use crate::text::Lang;
use clap::CommandFactory;

/// `guanxi help [TOPIC]`.
pub fn help(lang: Lang, topic: Option<&str>, io: &mut Io<'_>) -> Ended {
    let page = match topic {
        None => Cli::command().render_long_help().to_string(),
        Some("keys") => manual::help_keys(lang, &*super::workbench::keymap()?),
        Some("commands") => manual::help_commands(lang),
        Some("fields") => manual::help_fields(lang),
        Some("formats") => manual::help_formats(lang),
        Some(other) => {
            let say =
                Say::new("refused.bad-value").with("field", "TOPIC").with("value", other).with("fits", "keys, commands, fields, formats");
            return Err(Refusal::new(RefusalKind::Usage, say).into());
        }
    };
    io.out.write_all(page.as_bytes())?;
    Ok(0)
}
