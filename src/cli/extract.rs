//! `extract FILE --url URL`: a page in, items out as JSON; no store, no network.
//!
//! For trying a page before it becomes a source. Any answer is a success, also "blocked": the command did what it was
//! asked; the outcome is in the document.

use crate::domain::source::{Platform, Select};
use crate::rules::extract::{Page, explain, extract};
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use url::Url;

/// Reads the items of a saved page.
#[derive(clap::Args, Clone, Debug)]
pub struct ExtractArgs {
    /// The page; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where it came from: links are relative to it, and it helps to recognise the platform.
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// How to read it.
    #[arg(long, value_enum, default_value_t = Platform::Auto, value_name = "PLATFORM")]
    pub platform: Platform,
    /// Say of each fact which rule found it, in which element, in which words.
    #[arg(long)]
    pub explain: bool,
}

/// Exit code of a command line that is wrong.
const USAGE: u8 = 2;

/// Prints the answer: exit 0 with a document on stdout, 1 where the file cannot be read, 2 where the address is none.
///
/// # Errors
/// Standard output that cannot be written.
pub fn run(args: &ExtractArgs) -> Result<ExitCode> {
    if let Err(fault) = address(&args.url) {
        return complain(&fault, ExitCode::from(USAGE));
    }
    let json = match read(args).and_then(|body| report(args, &body)) {
        Ok(json) => json,
        Err(fault) => return complain(&fault, ExitCode::FAILURE),
    };
    writeln!(std::io::stdout().lock(), "{json}").context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// The file's bytes, or those of standard input.
///
/// # Errors
/// A file that cannot be read.
pub fn read(args: &ExtractArgs) -> Result<Vec<u8>> {
    if args.file == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin().lock().read_to_end(&mut body).context("cannot read standard input")?;
        return Ok(body);
    }
    std::fs::read(&args.file).with_context(|| format!("cannot read {}", args.file.display()))
}

/// The answer for `body`, as one JSON document.
///
/// # Errors
/// An address that is not one of a web page.
pub fn report(args: &ExtractArgs, body: &[u8]) -> Result<String> {
    let url = address(&args.url)?;
    let page = Page { url: &url, status: 200, content_type: None, body };
    if !args.explain {
        return Ok(serde_json::to_string_pretty(&extract(&page, args.platform, &Select::default()))?);
    }
    let (extraction, evidence) = explain(&page, args.platform, &Select::default());
    let mut document = serde_json::to_value(&extraction)?;
    let items = document.get_mut("items").and_then(serde_json::Value::as_array_mut).into_iter().flatten();
    for (answer, item) in items.zip(&extraction.items) {
        let own: Vec<_> = evidence.iter().filter(|evidence| evidence.key == item.key).collect();
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("evidence".to_owned(), serde_json::to_value(own)?);
        }
    }
    Ok(serde_json::to_string_pretty(&document)?)
}

fn address(raw: &str) -> Result<Url> {
    let url = Url::parse(raw).with_context(|| format!("--url \"{raw}\" is not an address"))?;
    anyhow::ensure!(
        matches!(url.scheme(), "http" | "https") && url.has_host(),
        "--url \"{raw}\" is not an http or https address"
    );
    Ok(url)
}

fn complain(fault: &anyhow::Error, code: ExitCode) -> Result<ExitCode> {
    writeln!(std::io::stderr().lock(), "{fault:#}").context("cannot write to standard error")?;
    Ok(code)
}
