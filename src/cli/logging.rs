//! Log lines on standard error, so that standard output is the command's answer alone.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging; of a command that `tells` by itself what happens, warnings alone. `RUST_LOG` wins over the switches.
pub(super) fn start(format: Format, verbose: u8, quiet: bool, tells: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) if tells => "warn",
        (false, 0) => "warn,boardwatch=info",
        (false, 1) => "info,boardwatch=debug",
        (false, _) => "debug,boardwatch=trace",
    };
    // sled logs at error level what it then mends, html5ever warns of every page that is not well made; what matters reaches
    // us as an error or an outcome.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("{level},sled=off,html5ever=off")));
    // A line that cannot be written (a full disk) is lost; to say so on the same standard error would end the program.
    let lines = tracing_subscriber::fmt().log_internal_errors(false);
    let lines = lines.with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
        Format::Json => lines.json().flatten_event(true).init(),
    }
}
