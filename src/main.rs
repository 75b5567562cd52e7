//! The front door: arguments in, exit code out.

use std::io::{BufWriter, IsTerminal, Write, stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    guanxi::session::tty::quiet_panics();
    let terminal = stdout().is_terminal();
    let mut out = BufWriter::new(stdout());
    let (mut err, mut input) = (stderr(), stdin());
    let mut disk = guanxi::cli::files::Disk;
    let mut io = guanxi::cli::Io::local(&mut out, &mut err, &mut input, terminal, &mut disk);
    let code = guanxi::cli::run(std::env::args_os(), &mut io);
    let _ = out.flush();
    ExitCode::from(code)
}
