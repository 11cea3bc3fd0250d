//! `source add URL`: looks at a page as a poll would, shows what it gives, and writes the source file for it.
//!
//! Nothing but that one file is written, and it is taken back where the configuration would not be valid with it. A running
//! daemon reads it as it reads any change of the folder.

mod address;
mod advice;
mod look;
mod report;

use crate::app;
use crate::cli::print_json;
use crate::config::{self, Config, Fault};
use crate::domain::source::SourceId;
use crate::edge::clock::SystemClock;
use crate::edge::files::create_durably;
use crate::rules::proposal::{self, Found, Proposal, Wishes};
use address::address;
use anyhow::Context;
use chrono::Utc;
use look::Look;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Mode of the file: what is configured here is no secret.
const FILE_MODE: u32 = 0o644;
/// Where the schema lies, seen from a source file of a checkout or a package.
const SCHEMA: &str = "../../schema/source.schema.json";

/// The command line of `source add`.
#[derive(clap::Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four independent switches of a command line")]
pub(in crate::cli) struct AddArgs {
    /// The page's address: a list of news, decisions or meetings, an issue, a feed.
    #[arg(value_name = "URL")]
    url: String,
    /// The source's id, which names its file; made from the address and the title otherwise.
    #[arg(long, value_parser = id, value_name = "ID")]
    id: Option<SourceId>,
    /// The council's name; guessed from the page otherwise.
    #[arg(long, value_name = "NAME")]
    council: Option<String>,
    /// What the page is; its own title otherwise.
    #[arg(long)]
    title: Option<String>,
    /// Write the file without asking.
    #[arg(long, short)]
    yes: bool,
    /// With --yes: write it even where nothing can be read there now.
    #[arg(long)]
    force: bool,
    /// Only show what would be written.
    #[arg(long, conflicts_with_all = ["yes", "force"])]
    dry_run: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

fn id(raw: &str) -> Result<SourceId, String> {
    SourceId::parse(raw).ok_or_else(|| format!("lower-case letters, digits, `-` and `_`, such as \"{}\"", SourceId::of(raw)))
}

/// What becomes of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Yes,
    No,
}

pub(super) async fn run(args: &AddArgs, config_dir: &Path, config: &Config) -> anyhow::Result<ExitCode> {
    let url = match address(&args.url) {
        Ok(url) => url,
        Err(why) => return Ok(wrong(&why)),
    };
    if !args.yes && !args.dry_run && !io::stdin().is_terminal() {
        return Ok(wrong("there is no terminal to ask on: --yes writes the file, --dry-run only shows it"));
    }
    let folder = config_dir.join("sources");
    if let Some(taken) = args.id.as_ref().map(|id| file_of(&folder, id)).filter(|path| path.exists()) {
        return Ok(wrong(&format!("{} is there already and is never overwritten; --id takes another name", taken.display())));
    }
    let visitor = app::passing_visitor(config, Arc::new(SystemClock))?;
    let look = look::look(&visitor, url, &config.sources).await;
    let proposal = propose(args, &look, config, &folder);
    let text = proposal::toml(&proposal, folder.join(SCHEMA).exists().then_some(SCHEMA));
    let path = file_of(&folder, &proposal.id);
    let shown = report::Report { config, look: &look, proposal: &proposal, text: &text, path: &path };
    if args.json {
        eprint!("{}", if args.yes || args.dry_run { String::new() } else { shown.as_words() });
    } else {
        super::print(&shown.as_words())?;
    }
    let done = decide(args, &look, &path, &text, config_dir)?;
    if args.json {
        print_json(&shown.as_json(done == Ok(Written::Yes)))?;
    }
    Ok(match done {
        Ok(Written::Yes) => {
            eprintln!("boardwatch: wrote {}; the first poll mails nobody", path.display());
            ExitCode::SUCCESS
        }
        Ok(Written::No) if args.dry_run => ExitCode::SUCCESS,
        Ok(Written::No) => {
            eprintln!("boardwatch: nothing was written");
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("boardwatch: {why}");
            ExitCode::FAILURE
        }
    })
}

fn wrong(why: &str) -> ExitCode {
    eprintln!("boardwatch: {why}");
    ExitCode::from(2)
}

fn file_of(folder: &Path, id: &SourceId) -> PathBuf {
    folder.join(format!("{id}.toml"))
}

fn propose(args: &AddArgs, look: &Look, config: &Config, folder: &Path) -> Proposal {
    let wishes = Wishes { id: args.id.as_ref(), council: args.council.as_deref(), title: args.title.as_deref() };
    let found = Found {
        url: &look.url,
        extraction: look.trial.as_ref().ok().map(|trial| &trial.extraction),
        imprint: &look.imprint,
        sources: &config.sources,
    };
    let is_taken = |id: &SourceId| file_of(folder, id).exists();
    proposal::propose(&found, &wishes, &is_taken, look.remarks(), Utc::now().with_timezone(&config.site.timezone).date_naive())
}

/// Asks where somebody can be asked, and writes. `Err`: why not.
fn decide(args: &AddArgs, look: &Look, path: &Path, text: &str, config_dir: &Path) -> anyhow::Result<Result<Written, String>> {
    if args.dry_run {
        return Ok(Ok(Written::No));
    }
    if args.yes {
        if let Some(known) = look.known_as.as_ref().filter(|_| args.id.is_none() && !args.force) {
            return Ok(Err(format!("the page is watched already, as {known}; --id adds it once more")));
        }
        if !look.reads() && !args.force {
            return Ok(Err(format!("{}: nothing can be read there; --force writes the file all the same", look.url)));
        }
    } else if !agreed(look, path)? {
        return Ok(Ok(Written::No));
    }
    write(path, text, config_dir)
}

/// Asks on the terminal; anything but a yes is a no.
fn agreed(look: &Look, path: &Path) -> anyhow::Result<bool> {
    let question = if look.reads() {
        format!("Write {}?", path.display())
    } else {
        format!("NOTHING could be read there: this source would find nothing. Write {} all the same?", path.display())
    };
    eprint!("{question} [y/N] ");
    io::stderr().flush().ok();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("the answer cannot be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Writes the file and reads the whole folder with it; takes it back where that has a fault.
fn write(path: &Path, text: &str, config_dir: &Path) -> anyhow::Result<Result<Written, String>> {
    if let Err(error) = create_durably(path, text.as_bytes(), FILE_MODE) {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return Ok(Err(format!("{} is there already and is never overwritten", path.display())));
        }
        return Err(error).with_context(|| format!("{} cannot be written", path.display()));
    }
    match config::read(config_dir, &config::environment) {
        Ok((_, warnings)) => {
            for warning in warnings.iter().filter(|warning| warning.file == path) {
                eprintln!("{warning}");
            }
            Ok(Ok(Written::Yes))
        }
        Err(faults) => {
            std::fs::remove_file(path).with_context(|| format!("{} cannot be taken back", path.display()))?;
            let said: Vec<String> = faults.iter().map(Fault::to_string).collect();
            Ok(Err(format!("the configuration would have faults with it, so the file was taken back:\n{}", said.join("\n"))))
        }
    }
}
