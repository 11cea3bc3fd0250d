//! Pages of three councils' systems in markup that differs as much as templates do, and the facts that each must yield.
//!
//! `fixtures/pages/facts/*.txt` hold the bodies as people read them; every fixture of a page must give exactly that text.

use boardwatch::domain::item::{Extraction, Item, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{Page, extract};
use std::path::{Path, PathBuf};
use url::Url;

mod contensis_blog;
mod hostile;
mod meetings;
mod moderngov;
mod officer_decisions;
mod volatile;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The body that people read.
fn body(name: &str) -> String {
    String::from_utf8(fixture(&format!("facts/{name}.txt"))).unwrap().trim_end().to_owned()
}

fn read_as(platform: Platform, url: &str, bytes: &[u8]) -> Extraction {
    let url = Url::parse(url).unwrap();
    extract(&Page { url: &url, status: 200, content_type: None, body: bytes }, platform, &Select::default())
}

/// Reads a fixture twice, with its platform named and with `auto`: both must say the same.
fn read(name: &str, platform: Platform, url: &str) -> Extraction {
    let bytes = fixture(name);
    let named = read_as(platform, url, &bytes);
    let mut found_out = read_as(Platform::Auto, url, &bytes);
    // What gave the platform away is said only where it was asked for.
    found_out.warnings.retain(|warning| !warning.starts_with("recognised as "));
    assert_eq!(named, found_out, "{name}: recognised as another platform");
    assert_eq!((named.platform, named.outcome), (platform, Outcome::Items), "{name}: {:?}", named.warnings);
    named
}

/// Fails with the first line that differs, which a diff of long paragraphs hides.
fn assert_text(item: &Item, expect: &str, name: &str) {
    let text = item.text.as_ref().unwrap_or_else(|| panic!("{name}: no text")).as_str();
    let (mut got, mut want) = (text.lines(), expect.lines());
    for line in 1.. {
        match (got.next(), want.next()) {
            (None, None) => break,
            (got, want) => assert_eq!(got, want, "{name}: line {line} of the body"),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "facts hold optional days")]
fn day(raw: &str) -> Option<chrono::NaiveDate> {
    Some(raw.parse().unwrap())
}
