//! The command line: one command a file. Exit codes: 0 done, 1 something failed (said on stderr), 2 the command line or the
//! configuration is wrong.

pub mod check;
mod demo;
mod dkim;
pub mod dump;
pub mod extract;
mod logging;
pub mod once;
mod paper;
pub mod preview;
mod rotate;
mod run;
pub mod sample;
pub mod send_test;
mod source;
mod status;
mod subscriber;
mod suppression;

use crate::config::{self, Config};
use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::PathBuf;
use std::process::ExitCode;

/// Watches the pages where councils publish board and committee updates, mails what is new, and keeps feeds of it.
#[derive(Parser, Debug)]
#[command(name = "boardwatch", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    /// The folder that holds boardwatch.toml, sources/ and subscriptions/.
    #[arg(long, global = true, env = "BOARDWATCH_CONFIG", default_value = "config", value_name = "DIR")]
    config: PathBuf,
    /// How log lines are written to standard error.
    #[arg(long, global = true, value_enum, default_value_t = logging::Format::Text)]
    log_format: logging::Format,
    /// Log more; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Log errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// A tour on this machine alone, with nothing to set up: four councils publish, a reader is mailed, the feeds show it.
    Demo(demo::DemoArgs),
    /// The daemon: polls on schedule, sends, publishes, serves the web pages, follows the configuration.
    Run,
    /// One pass and exit: poll what is due, close digest windows, send, publish. For cron, scripts and tests.
    Once(once::OnceArgs),
    /// Reads every configuration file and says what is wrong with it, or what is configured.
    Check(check::CheckArgs),
    /// The watched pages: list, show, add, test, release or absorb what is held.
    #[command(subcommand)]
    Source(source::SourceCommand),
    /// A page in, items out as JSON; no store, no network.
    Extract(extract::ExtractArgs),
    /// Renders a message as .eml to standard output.
    Preview(preview::PreviewArgs),
    /// Sends one real message through the configured transport and says what the server answered.
    SendTest(send_test::SendTestArgs),
    /// The people who get mail: list, show, add, end, export, erase, import.
    #[command(subcommand)]
    Subscriber(subscriber::SubscriberCommand),
    /// Another key for the links in mails from now on.
    Rotate(rotate::RotateArgs),
    /// Sources, outbox, digest runs, suppressions; exit 1 if something needs a person.
    Status(status::StatusArgs),
    /// Keys that sign mail (DKIM): makes one, or shows the DNS records of those that are configured.
    #[command(subcommand)]
    Dkim(dkim::DkimCommand),
    /// Addresses that are never mailed: list, lift, export.
    #[command(subcommand)]
    Suppression(suppression::SuppressionCommand),
    /// Lets mail go again after a pause.
    #[command(subcommand)]
    Mail(suppression::MailCommand),
    /// Writes the whole store as one portable file.
    Dump(dump::DumpArgs),
    /// Reads a dump into an empty store.
    Restore(dump::RestoreArgs),
    /// Prints a completion script.
    Completions(paper::CompletionsArgs),
    /// Prints the manual page.
    Man,
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    // The panic of a page that cannot be read is that source's outcome; elsewhere the default message stands.
    crate::edge::http::install_tls_provider();
    let cli = Cli::parse();
    logging::start(cli.log_format, cli.verbose, cli.quiet, matches!(cli.command, Command::Demo(_)));
    let done = match &cli.command {
        Command::Check(args) => Ok(check::run(&cli.config, args)),
        Command::Extract(args) => extract::run(args),
        Command::Completions(args) => paper::completions(args),
        Command::Dkim(dkim::DkimCommand::Keygen(args)) => dkim::keygen(args, &cli.config),
        Command::Dkim(dkim::DkimCommand::Show) => configured(&cli, async |config| dkim::show(&config)),
        Command::Demo(args) => within_runtime(demo::run(args)),
        Command::Man => paper::manual(),
        Command::Run => configured(&cli, async |config| run::run(&cli.config, config).await),
        Command::Once(args) => configured(&cli, async |config| once::run(args, config).await),
        Command::Source(command) => configured(&cli, async |config| source::run(command, &cli.config, config).await),
        Command::Preview(args) => configured(&cli, async |config| preview::run(args, &config).await),
        Command::SendTest(args) => configured(&cli, async |config| send_test::run(args, &config).await),
        Command::Subscriber(command) => configured(&cli, async |config| subscriber::run(command, &config).await),
        Command::Rotate(args) => configured(&cli, async |config| rotate::run(args, &config).await),
        Command::Status(args) => configured(&cli, async |config| status::run(args, &config).await),
        Command::Suppression(command) => configured(&cli, async |config| suppression::run(command, &config).await),
        Command::Mail(command) => configured(&cli, async |config| suppression::run_mail(command, &config).await),
        Command::Dump(args) => {
            configured(&cli, async |config| dump::run_dump(args, &config.data_dir).await.map(|()| ExitCode::SUCCESS))
        }
        Command::Restore(args) => {
            configured(&cli, async |config| dump::run_restore(args, &config.data_dir).await.map(|()| ExitCode::SUCCESS))
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("boardwatch: {error:#}");
        ExitCode::FAILURE
    })
}

fn within_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime could not start")?;
    runtime.block_on(work)
}

/// Does `work` with the configuration; where that has faults, prints them on stderr and ends with code 2.
fn configured(cli: &Cli, work: impl AsyncFnOnce(Config) -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    match config::read(&cli.config, &config::environment) {
        Ok((config, warnings)) => {
            for warning in warnings {
                tracing::warn!("{warning}");
            }
            within_runtime(work(config))
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            eprintln!("boardwatch: the configuration in {} has faults; nothing was done", cli.config.display());
            Ok(ExitCode::from(2))
        }
    }
}

/// Prints an answer to stdout. Whoever closed the pipe has read enough.
fn print(answer: &str) -> anyhow::Result<()> {
    print_bytes(answer.as_bytes())
}

/// Prints what is not ours, as it is.
fn print_bytes(answer: &[u8]) -> anyhow::Result<()> {
    match io::stdout().write_all(answer).and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("writing to standard output"),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What is asked for to be kept is not to go nowhere in silence.
///
/// # Errors
/// Where standard output was closed when the program was started: then it is opened anew to lead nowhere, both ways, where
/// `>/dev/null` takes words alone. Some programs open it both ways for those they start, so who may only want the exit code is
/// not refused.
fn somebody_reads() -> anyhow::Result<()> {
    let is_closed = || -> io::Result<bool> {
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let (found, nowhere) = (out.metadata()?, fs::metadata("/dev/null")?);
        let leads_nowhere = found.file_type().is_char_device() && found.rdev() == nowhere.rdev();
        Ok(leads_nowhere && io::Read::read(&mut out, &mut [0]).is_ok())
    };
    if is_closed().context("standard output")? {
        bail!("standard output is closed: nothing was written");
    }
    Ok(())
}

/// Prints one JSON document to stdout.
fn print_json(document: &serde_json::Value) -> anyhow::Result<()> {
    print(&format!("{document:#}\n"))
}
