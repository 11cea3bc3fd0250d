//! `dump FILE` and `restore FILE`: the whole store as one portable file, and back.

use super::somebody_reads;
use crate::store::dump::keys::{Keys, Put};
use crate::store::dump::{DumpError, Restored, dump_through, dump_to_file, is_half_restored, keys_in, restore};
use crate::store::engine::EngineError;
use crate::store::link_keys;
use crate::store::open::{open_any, open_for_restore, private_file, spool_of_restore};
use crate::store::{Store, StoreError};
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What `dump` takes.
#[derive(Args, Debug)]
pub struct DumpArgs {
    /// The file to write, replacing one that is there; `-` for standard output
    pub file: PathBuf,
}

/// What `restore` takes.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The dump to read; `-` for standard input
    pub file: PathBuf,
    /// Replace what the store holds
    #[arg(long)]
    pub force: bool,
    /// Replace also a store that knows its people by another key: who left there is not known as having left here
    #[arg(long, requires = "force")]
    pub other_key: bool,
}

/// A dump is not all that it should be.
struct Doubt {
    lacks: &'static str,
    why: String,
}

/// Writes the dump; works while the daemon runs.
pub async fn run_dump(args: &DumpArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = open_any(data_dir).await?;
    let (keys, doubt) = keys_of(&store, data_dir, &args.file).await?;
    let written = if args.file == Path::new("-") {
        somebody_reads()?;
        let rows = dump_through(&store, data_dir, &mut io::stdout(), Utc::now(), &keys).await?;
        format!("{rows} records written")
    } else {
        let file = target(&args.file, data_dir)?;
        if let Some(doubt) = doubt.as_ref().filter(|_| file.exists()) {
            anyhow::bail!("{} is left as it is: {}", args.file.display(), doubt.why);
        }
        let rows = dump_to_file(&store, &file, Utc::now(), &keys).await.with_context(|| format!("{}", args.file.display()))?;
        format!("{rows} records written to {}", args.file.display())
    };
    // Whoever makes dumps by a timetable has to hear of it.
    if let Some(Doubt { lacks, why }) = doubt {
        anyhow::bail!("{written}, and {lacks}: {why}");
    }
    eprintln!("{written}");
    Ok(())
}

/// The file whose place a dump takes: behind links, and none that boardwatch lives by.
fn target(file: &Path, data_dir: &Path) -> anyhow::Result<PathBuf> {
    let is_link = file.symlink_metadata().is_ok_and(|found| found.is_symlink());
    let found = match (file.canonicalize(), file.parent(), file.file_name()) {
        (Ok(found), ..) => found,
        (Err(_), ..) if is_link => {
            anyhow::bail!("{} is a link to nothing that a dump could replace: write to a file, or to `-`", file.display());
        }
        (Err(_), Some(folder), Some(name)) => {
            let folder = if folder == Path::new("") { Path::new(".") } else { folder };
            folder.canonicalize().with_context(|| format!("{}", folder.display()))?.join(name)
        }
        (Err(why), ..) => return Err(why).with_context(|| format!("{}", file.display())),
    };
    if found.exists() && !found.is_file() {
        anyhow::bail!("{} is no ordinary file, and a dump would take its place: write to another, or to `-`", file.display());
    }
    let data_dir = data_dir.canonicalize().context("the data folder cannot be read")?;
    let is_ours = ["store", "snapshots", "feeds"].iter().any(|folder| found.starts_with(data_dir.join(folder)))
        || ["secret.key", "link-keys.json"].iter().any(|name| found == data_dir.join(name));
    if is_ours {
        anyhow::bail!("{} belongs to what is dumped: write to another file", file.display());
    }
    Ok(found)
}

/// The keys beside the store where they are those of its people; without those of links, and what is wrong, where those are not
/// whole.
///
/// # Errors
/// Where nobody in the dump would be known: it takes no place that a better one may have.
async fn keys_of(store: &Store, data_dir: &Path, file: &Path) -> anyhow::Result<(Keys, Option<Doubt>)> {
    let keys = Keys::under(data_dir).context("the keys could not be read")?;
    // None at all is right only where there is nobody yet.
    let is_theirs = store.knows_its_people_by(&keys.secret().unwrap_or_default()).await?;
    if !is_theirs {
        let what = if file.exists() { format!("{} is left as it is", file.display()) } else { "nothing is written".to_owned() };
        anyhow::bail!(
            "{what}: {} is missing, or is not the key by which this store knows its people, and nobody in the dump would be \
             known. Put the right one back, and dump again",
            data_dir.join("secret.key").display()
        );
    }
    let doubt = store
        .doubt_of_links(&link_keys::path(data_dir), keys.links())
        .await?
        .map(|why| Doubt { lacks: "not the keys of links", why: format!("{why}, and dump again") });
    Ok((if doubt.is_some() { keys.without_links() } else { keys }, doubt))
}

/// Restores the dump; the daemon must be stopped.
pub async fn run_restore(args: &RestoreArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = match open_for_restore(data_dir).await {
        Err(StoreError::Engine(EngineError::InUse { path })) => {
            anyhow::bail!("boardwatch is using the store in {path}: stop it before restoring")
        }
        opened => opened?,
    };
    // What cannot be read is not known to be its own.
    let links_path = link_keys::path(data_dir);
    let links_are_ours = match link_keys::kept_text(data_dir).ok().flatten() {
        Some(text) => store.signs_links_by(&links_path, &text).await.unwrap_or(false),
        None => false,
    };
    let spool = spool_of_restore(data_dir);
    let is_piped = args.file == Path::new("-");
    let name = if is_piped { "standard input".to_owned() } else { args.file.display().to_string() };
    let read = async {
        let mut dump = if is_piped { standard_input(&spool)? } else { opened(&args.file)? };
        restore_into(&store, &mut dump, args).await
    };
    let (restored, is_of_others) = match read.await {
        Err(why) => {
            // Where it was cut short, it may be all that there is.
            if is_piped && !is_half_restored(&store).await? {
                fs::remove_file(&spool).ok();
            }
            return Err(why.context(name));
        }
        Ok(restored) => restored,
    };
    // If we stop before: whoever opens the store next finds that its people are not those of the keys.
    let put =
        restored.keys.put(data_dir, links_are_ours).context("the keys could not be put beside the store; restore once more")?;
    // Also one that a restore which was cut short has left: the store is whole now.
    fs::remove_file(&spool).ok();
    let there = Keys::under(data_dir).context("the keys could not be read")?;
    let is_known = match there.secret() {
        Some(key) => store.knows_its_people_by(&key).await?,
        None => false,
    };
    eprintln!("{}", said(&restored, put, is_known, Utc::now()));
    if is_known {
        let doubt = store.doubt_of_links(&links_path, there.links()).await?;
        eprint!("{}", said_of_links(&restored, doubt.as_ref()));
    }
    if is_of_others {
        eprintln!("warning: the store that was replaced {OF_OTHERS}: end each of them with {END} before boardwatch starts");
    }
    Ok(())
}

/// What there is now, and what a dump cannot know.
fn said(restored: &Restored, put: Put, is_known: bool, now: DateTime<Utc>) -> String {
    let rows = restored.rows;
    let mut said = match restored.made {
        Some(made) => {
            let hours = (now - made).num_hours();
            let age = if hours < 48 { format!("{hours} h") } else { format!("{} days", hours / 24) };
            format!("{rows} records restored, as things stood at {} UTC, {age} ago.", made.format("%Y-%m-%d %H:%M"))
        }
        None => format!("{rows} records restored."),
    };
    if restored.left_since > 0 {
        let people = if restored.left_since == 1 { "1 person".to_owned() } else { format!("{} people", restored.left_since) };
        let _ = write!(said, "\n{people} whom the replaced store left alone, and the dump did not, are left alone.");
    }
    said.push_str(
        "\nWhat happened after the dump is not known, but for that: what was mailed since is mailed again, and of people who left \
         since and are in no store that was replaced, `boardwatch subscriber end` must be told.",
    );
    if put == Put::Joined {
        said.push_str(
            "\nThe dump's keys of links were added to those beside the store: what was mailed before it and since works. Where some had been \
             forgotten because they were known to others, run `boardwatch rotate --forget-old` again.",
        );
    }
    if put == Put::Replaced {
        said.push_str("\nThe dump's keys lie beside the store; those that lay there are called *.replaced now, with a number where there were some before.");
    }
    if !is_known {
        said.push_str(
            "\nThe key of these people is not here: put the secret.key and link-keys.json of that installation into the data folder; \
             boardwatch does not start without.",
        );
    }
    said
}

/// What there is to say of the keys of the links that its people were sent.
fn said_of_links(restored: &Restored, doubt: Option<&io::Error>) -> String {
    let lacks = restored.keys.links().is_none();
    match doubt {
        Some(why) => {
            let of_dump = if lacks { "The dump carries no keys of links. " } else { "" };
            format!(
                "warning: {of_dump}{why}. boardwatch does not start without; where it is lost for good, `boardwatch rotate --forget-old` \
                 makes another, and no link in any mail sent so far works\n"
            )
        }
        None if lacks && restored.rows > 0 => {
            "The dump carries no keys of links (link-keys.json); what lies beside the store was left as it is.\n".to_owned()
        }
        None => String::new(),
    }
}

/// What it means that a store that is replaced is another installation's.
const OF_OTHERS: &str =
    "knew its people by another key than the dump, so who had left there is not known as having left here, and would be mailed";
const END: &str = "`boardwatch subscriber end ADDRESS`";

fn opened(file: &Path) -> Result<File, DumpError> {
    File::open(file).map_err(|source| DumpError::Io { doing: "open", source })
}

/// A dump is read twice, so what can be read only once is kept beside the store until it has been restored.
fn standard_input(spool: &Path) -> Result<File, DumpError> {
    let io = |source| DumpError::Io { doing: "keep", source };
    let mut file = private_file(spool).map_err(io)?;
    io::copy(&mut io::stdin().lock(), &mut file).and_then(|_| file.sync_all()).map_err(io)?;
    io::Seek::rewind(&mut file).map_err(io)?;
    Ok(file)
}

/// Restores a dump, but not over a store whose people are known by another key, unless that is wanted. Answers whether they were.
async fn restore_into(store: &Store, dump: &mut File, args: &RestoreArgs) -> anyhow::Result<(Restored, bool)> {
    let is_of_others = match keys_in(dump)?.secret() {
        Some(key) => !store.knows_its_people_by(&key).await?,
        None => false,
    };
    if is_of_others && args.force && !args.other_key {
        anyhow::bail!(
            "the store {OF_OTHERS}. Nothing was restored; `--force --other-key` replaces it, and then end each of them with {END}"
        );
    }
    Ok((restore(store, dump, args.force).await?, is_of_others))
}
