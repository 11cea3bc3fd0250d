//! `dump FILE` and `restore FILE`: the whole store as one portable file, and back.

use crate::store::StoreError;
use crate::store::dump::{DumpError, dump_to_file, restore};
use crate::store::engine::EngineError;
use crate::store::open::{open_any, open_for_restore};
use anyhow::Context;
use clap::Args;
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
}

/// Writes the dump; works while the daemon runs.
pub async fn run_dump(args: &DumpArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = open_any(data_dir).await?;
    if args.file != Path::new("-") {
        let rows = dump_to_file(&store, &args.file).await.with_context(|| format!("{}", args.file.display()))?;
        eprintln!("{rows} records written to {}", args.file.display());
        return Ok(());
    }
    // A dump that has to begin again cannot take back what it has said: so it is made beside the store first.
    let spool = data_dir.join("dump.spool");
    let dumped = dump_to_file(&store, &spool).await;
    let copied = File::open(&spool).and_then(|mut file| io::copy(&mut file, &mut io::stdout().lock()));
    fs::remove_file(&spool).ok();
    let rows = dumped?;
    copied.context("standard output")?;
    eprintln!("{rows} records written");
    Ok(())
}

/// Restores the dump; the daemon must be stopped.
pub async fn run_restore(args: &RestoreArgs, data_dir: &Path) -> anyhow::Result<()> {
    let store = match open_for_restore(data_dir).await {
        Err(StoreError::Engine(EngineError::InUse { path })) => {
            anyhow::bail!("boardwatch is using the store in {path}: stop it before restoring")
        }
        opened => opened?,
    };
    let rows = if args.file == Path::new("-") {
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
    eprintln!("{rows} records restored");
    Ok(())
}

/// A dump is read twice, so what can be read only once is kept beside the store meanwhile.
async fn restore_from_standard_input(store: &crate::store::Store, spool: &Path, force: bool) -> Result<u64, DumpError> {
    let io = |source| DumpError::Io { doing: "keep", source };
    let mut file = crate::store::open::private_file(spool).map_err(io)?;
    io::copy(&mut io::stdin().lock(), &mut file).map_err(io)?;
    io::Seek::rewind(&mut file).map_err(io)?;
    restore(store, &mut file, force).await
}
