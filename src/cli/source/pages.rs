//! `source pages`: the pages of a source as they came, and each of them whole.

use crate::cli::{print, print_bytes, print_json};
use crate::config::Config;
use crate::domain::source::Source;
use crate::store::snapshots::Snapshots;
use anyhow::bail;
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

/// So many figures of a hash tell pages apart.
const SHOWN: usize = 16;

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct PagesArgs {
    /// The source's name.
    id: String,
    /// Write the page with this SHA-256, or the one whose SHA-256 begins so, to standard output as it came.
    #[arg(long, value_name = "SHA256", conflicts_with = "json")]
    show: Option<String>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl PagesArgs {
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

pub(super) async fn run(args: &PagesArgs, config: &Config, source: &Source) -> anyhow::Result<ExitCode> {
    let snapshots = Snapshots::new(config.data_dir.join("snapshots"));
    let kept = snapshots.list(&source.id).await?;
    if let Some(wanted) = &args.show {
        let wanted = wanted.to_ascii_lowercase();
        let mut found: Vec<&str> =
            kept.iter().map(|page| page.sha256.as_str()).filter(|hash| hash.starts_with(&wanted)).collect();
        found.sort_unstable();
        found.dedup();
        let hash = match found.as_slice() {
            [hash] => hash,
            [] => bail!(
                "no page of `{0}` is kept whose SHA-256 begins with `{wanted}`; `boardwatch source pages {0}` lists them",
                source.id
            ),
            several => bail!("{} pages of `{}` begin with `{wanted}`; write more of the SHA-256", several.len(), source.id),
        };
        let Some((_, body)) = snapshots.by_hash(&source.id, hash).await? else {
            bail!("the page {hash} of `{}` was removed a moment ago, because its time was over", source.id)
        };
        print_bytes(&body)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        print_json(&json!({"id": source.id, "pages": kept}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    for page in &kept {
        let at = page.fetched_at.with_timezone(&config.site.timezone).format("%Y-%m-%d %H:%M:%S");
        let hash = page.sha256.get(..SHOWN).unwrap_or(&page.sha256);
        let _ = writeln!(out, "{at}  {hash}  {}  {:>9} bytes  {}", page.status, page.bytes, page.url);
    }
    if kept.is_empty() {
        let _ = writeln!(out, "no page of `{}` is kept", source.id);
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}
