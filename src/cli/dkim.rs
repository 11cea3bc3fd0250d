//! `dkim keygen` and `dkim show`: the keys that sign mail, and the DNS records that let receivers verify it.

use super::print;
use crate::config::Config;
use crate::edge::dkim::key::{Algorithm, Key};
use crate::rules::domain::own_name;
use anyhow::Context;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to do with keys.
#[derive(clap::Subcommand, Debug)]
pub(super) enum DkimCommand {
    /// Makes a key, writes it into a file that only you can read, and prints its DNS record.
    Keygen(KeygenArgs),
    /// Prints the DNS records of the configured keys, after trying each of them out.
    Show,
}

/// Which key to make.
#[derive(clap::Args, Debug)]
pub(super) struct KeygenArgs {
    /// The key's name in DNS: SELECTOR._domainkey.DOMAIN.
    #[arg(long, value_parser = label)]
    selector: String,
    /// The signing domain: that of the sender, or one above it.
    #[arg(long, value_parser = domain)]
    domain: String,
    /// The kind of key; every receiver knows rsa.
    #[arg(long, value_enum, default_value_t = Algorithm::Rsa)]
    algorithm: Algorithm,
    /// The file to write; it must not be there yet [default: dkim-SELECTOR.pem in the configuration folder].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Makes a key, where the configuration in `config_dir` reads it unless another place is named.
pub(super) fn keygen(args: &KeygenArgs, config_dir: &Path) -> anyhow::Result<ExitCode> {
    let KeygenArgs { selector, domain, algorithm, out } = args;
    let name = format!("dkim-{selector}.pem");
    let path = out.clone().unwrap_or_else(|| config_dir.join(&name));
    // Relative paths in the configuration begin at its folder.
    let configured = if out.is_some() { std::path::absolute(&path)?.display().to_string() } else { name };
    let text = Key::generate(*algorithm)?;
    let record = Key::parse(&text)?.public().zone_line(selector, domain);
    write_new(&path, &text).with_context(|| format!("{} cannot be written", path.display()))?;
    print(&format!(
        "The key is in {}. Publish this record:\n\n{record}\n\nThen set, below [mail.dkim]:\n\n\
         selector = {selector:?}\ndomain = {domain:?}\nprivate_key_file = {configured:?}\n",
        path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the records of the configured keys.
pub(super) fn show(config: &Config) -> anyhow::Result<ExitCode> {
    let keys: Vec<_> = config.mail.dkim.iter().chain(&config.mail.dkim_also).collect();
    if keys.is_empty() {
        print("no key is configured in [mail.dkim]: boardwatch signs nothing\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    for record in crate::edge::dkim::Dkim::load(keys).context("[mail.dkim]")?.zone_lines() {
        print(&format!("{record}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that is new and that nobody else may read.
fn write_new(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// One or more labels of letters, digits and hyphens.
fn label(raw: &str) -> Result<String, String> {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if raw.split('.').all(is_label) { Ok(raw.to_owned()) } else { Err("not a name that DNS can hold".to_owned()) }
}

fn domain(raw: &str) -> Result<String, String> {
    own_name(raw).map_err(|why| why.to_string())
}
