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
    let mut command = Cli::command();
    // Full names and what every command inherits.
    command.build();
    let mut pages = Vec::new();
    write_pages(&command, &mut pages)?;
    print(&String::from_utf8_lossy(&pages))?;
    Ok(ExitCode::SUCCESS)
}

/// The command's page, and after it those of its own commands: `man -l` shows them one after the other.
fn write_pages(command: &clap::Command, pages: &mut Vec<u8>) -> std::io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(pages)?;
    let shown = command.get_subcommands().filter(|inner| inner.get_name() != "help" && !inner.is_hide_set());
    shown.into_iter().try_for_each(|inner| write_pages(inner, pages))
}
