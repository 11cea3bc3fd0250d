//! `completions` and `man`: what a shell and a manual reader want, made from the same definition as the command line.

use super::{Cli, print};
use clap::CommandFactory;
use std::process::ExitCode;

/// Prints a completion script.
#[derive(clap::Args, Debug)]
pub(super) struct CompletionsArgs {
    /// For which shell.
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "boardwatch", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn manual() -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    print(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
