//! The pages of the benchmark: every fixture and every page of the gold set, each at the size that real ones have.

use boardwatch::domain::item::{Extraction, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{self, extract};
use std::collections::BTreeMap;
use std::path::Path;
use url::Url;

/// The size of a page, in bytes.
pub const BYTES: usize = 60 * 1024;

/// A page with its address.
pub struct Page {
    pub url: Url,
    pub body: Vec<u8>,
}

impl Page {
    /// Reads it as `auto` does: recognition included.
    pub fn read(&self) -> Extraction {
        let page = extract::Page { url: &self.url, status: 200, content_type: None, body: &self.body };
        extract(&page, Platform::Auto, &Select::default())
    }
}

/// Pages that give items, by platform: `grown` makes a small one as long as a real one.
pub fn by_platform(grown: fn(&[u8], usize) -> Vec<u8>) -> BTreeMap<String, Vec<Page>> {
    let mut found: BTreeMap<String, Vec<Page>> = BTreeMap::new();
    for (platform, url, body) in fixtures().into_iter().chain(gold()) {
        let page = Page { body: grown(&body, BYTES), url };
        if page.read().outcome == Outcome::Items {
            found.entry(platform).or_default().push(page);
        }
    }
    found
}

/// `tests/fixtures/pages/<platform>/*.html`, at an address as the platform's are.
fn fixtures() -> Vec<(String, Url, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages");
    let of_folder = |path: &Path| {
        let platform = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        files(path, "html").into_iter().map(move |(name, body)| (platform.clone(), name, body)).collect::<Vec<_>>()
    };
    let loose = files(&folder, "html").into_iter().map(|(name, body)| ("page".to_owned(), name, body));
    folders(&folder)
        .iter()
        .flat_map(|path| of_folder(path))
        .chain(loose)
        .map(|(platform, name, body)| {
            let url = format!("https://www.example.org/{}", address(&platform, &name));
            (platform, Url::parse(&url).expect("an address"), body)
        })
        .collect()
}

/// `tests/fixtures/gold/<platform>/*.html`, at the address that the facts beside it name.
fn gold() -> Vec<(String, Url, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gold");
    let of_folder = |path: &Path| {
        let platform = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let path = path.to_owned();
        files(&path, "html")
            .into_iter()
            .filter_map(move |(name, body)| {
                let facts = std::fs::read(path.join(format!("{name}.json"))).ok()?;
                let facts: serde_json::Value = serde_json::from_slice(&facts).ok()?;
                Some((platform.clone(), Url::parse(facts.get("url")?.as_str()?).ok()?, body))
            })
            .collect::<Vec<_>>()
    };
    folders(&folder).iter().flat_map(|path| of_folder(path)).collect()
}

fn address(platform: &str, name: &str) -> String {
    match platform {
        "moderngov-issue" => "ieIssueDetails.aspx?IId=1&Opt=3".to_owned(),
        "moderngov-item" => "mgAi.aspx?ID=1".to_owned(),
        "moderngov-meeting" => "ieListDocuments.aspx?CId=1&MId=2".to_owned(),
        "moderngov-decision" => "ieDecisionDetails.aspx?ID=1".to_owned(),
        "moderngov-decisions" => "mgDelegatedDecisions.aspx?bcr=1".to_owned(),
        _ => format!("news/{name}"),
    }
}

/// Names without their ending, and contents, in the order of names.
fn files(folder: &Path, ending: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = entries(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .filter_map(|path| Some((path.file_stem()?.to_string_lossy().into_owned(), std::fs::read(&path).ok()?)))
        .collect();
    found.sort();
    found
}

fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
