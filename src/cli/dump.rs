//! `dump FILE` and `restore FILE`: the whole store as one portable file, and back.

use crate::domain::subscriber::SubscriberId;
use crate::store::dump::keys::{Keys, Put};
use crate::store::dump::{DumpError, Restored, dump_to_file, restore};
use crate::store::engine::EngineError;
use crate::store::open::{open_any, open_for_restore};
use crate::store::subscriptions::person_id;
use crate::store::{Store, StoreError};
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// People of the replaced store who are looked at to know whose key theirs is.
const SOME: usize = 50;

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
}

/// Writes the dump; works while the daemon runs.
pub async fn run_dump(args: &DumpArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = open_any(data_dir).await?;
    let keys = keys_of(&store, data_dir).await?;
    if args.file != Path::new("-") && fs::metadata(&args.file).is_ok_and(|found| !found.is_file()) {
        anyhow::bail!(
            "{} is no ordinary file, and a dump would take its place: write to another, or to `-`",
            args.file.display()
        );
    }
    if args.file != Path::new("-") {
        let rows =
            dump_to_file(&store, &args.file, Utc::now(), &keys).await.with_context(|| format!("{}", args.file.display()))?;
        eprintln!("{rows} records written to {}", args.file.display());
        return Ok(());
    }
    // A dump that has to begin again cannot take back what it has said: so it is made beside the store first.
    let spool = data_dir.join("dump.spool");
    let dumped = dump_to_file(&store, &spool, Utc::now(), &keys).await;
    let copied = File::open(&spool).and_then(|mut file| io::copy(&mut file, &mut io::stdout().lock()));
    fs::remove_file(&spool).ok();
    let rows = dumped?;
    copied.context("standard output")?;
    eprintln!("{rows} records written");
    Ok(())
}

/// The keys beside the store, where they are those of its people.
async fn keys_of(store: &Store, data_dir: &Path) -> anyhow::Result<Keys> {
    let keys = Keys::under(data_dir).context("the keys could not be read")?;
    let is_theirs = match keys.secret() {
        Some(key) => store.knows_its_people_by(&key).await?,
        None => store.people_after(None, 1).await?.is_empty(),
    };
    if is_theirs {
        return Ok(keys);
    }
    eprintln!(
        "warning: {} is missing, or is not the key by which this store knows its people: the dump carries no keys, and nobody in it \
         would be known. Put the right one back, and dump again",
        data_dir.join("secret.key").display()
    );
    Ok(Keys::default())
}

/// Restores the dump; the daemon must be stopped.
pub async fn run_restore(args: &RestoreArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = match open_for_restore(data_dir).await {
        Err(StoreError::Engine(EngineError::InUse { path })) => {
            anyhow::bail!("boardwatch is using the store in {path}: stop it before restoring")
        }
        opened => opened?,
    };
    let replaced = store.people_after(None, SOME).await?;
    let restored = if args.file == Path::new("-") {
        let spool = data_dir.join("restore.spool");
        let restored = restore_from_standard_input(&store, &spool, args.force).await;
        fs::remove_file(&spool).ok();
        restored.context("standard input")?
    } else {
        let read = async {
            let mut file = File::open(&args.file).map_err(|source| DumpError::Io { doing: "open", source })?;
            restore(&store, &mut file, args.force).await
        };
        read.await.with_context(|| format!("{}", args.file.display()))?
    };
    // If we stop before: whoever opens the store next finds that its people are not those of the keys.
    let put = restored.keys.put(data_dir).context("the keys could not be put beside the store; restore once more")?;
    let is_known = match Keys::under(data_dir).context("the keys could not be read")?.secret() {
        Some(key) => store.knows_its_people_by(&key).await?,
        None => false,
    };
    eprintln!("{}", said(&restored, put, is_known, Utc::now()));
    if let Some(key) = restored.keys.secret()
        && !replaced.is_empty()
        && !replaced.iter().any(|row| person_id(row) == Some(SubscriberId::of(&row.value.address, &key)))
    {
        eprintln!(
            "warning: the store that was replaced knew its people by another key, so who had left there is not known as having left \
             here: end each of them with `boardwatch subscriber end ADDRESS` before boardwatch starts"
        );
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
    if put == Put::Replaced {
        said.push_str("\nThe dump's keys lie beside the store; those that lay there are called *.replaced now.");
    }
    if !is_known {
        said.push_str(
            "\nThe key of these people is not here: put the secret.key and link-keys.json of that installation into the data folder; \
             boardwatch does not start without.",
        );
    }
    said
}

/// A dump is read twice, so what can be read only once is kept beside the store meanwhile.
async fn restore_from_standard_input(store: &Store, spool: &Path, force: bool) -> Result<Restored, DumpError> {
    let io = |source| DumpError::Io { doing: "keep", source };
    let mut file = crate::store::open::private_file(spool).map_err(io)?;
    io::copy(&mut io::stdin().lock(), &mut file).map_err(io)?;
    io::Seek::rewind(&mut file).map_err(io)?;
    restore(store, &mut file, force).await
}
