//! Pages of three councils' systems in markup that differs as much as templates do, and the facts that each must yield.
//!
//! `fixtures/pages/facts/*.txt` hold the bodies as people read them; every fixture of a page must give exactly that text.

use boardwatch::domain::item::{Extraction, Item, Outcome};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{Page, extract};
use std::path::{Path, PathBuf};
use url::Url;

mod broken;
mod cmis;
mod contensis_blog;
mod floods;
mod gold;
mod damaged;
mod govuk;
mod hostile;
mod hours;
mod meetings;
mod identity;
mod jadu;
mod lists;
mod localgov_drupal;
mod moderngov;
mod mutated;
mod officer_decisions;
mod pairs;
mod probes;
mod volatile;
mod whats_new;

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

/// An item in one line: day, meeting, stage, title, key.
fn in_a_line(item: &Item) -> String {
    let day = item.published.map_or("-".to_owned(), |day| day.to_string());
    let meeting = item.meeting.as_ref().map_or(String::new(), |meeting| {
        let body = meeting.body.as_ref().map_or("-", |body| body.as_str());
        format!(" [{body}, {}]", meeting.date.map_or("-".to_owned(), |day| day.to_string()))
    });
    let stage = item.stage.map_or(String::new(), |stage| format!(" {stage:?}"));
    format!("{day}{meeting}{stage} {} <{}>", item.title, item.key)
}

fn in_lines(extraction: &Extraction) -> Vec<String> {
    extraction.items.iter().map(in_a_line).collect()
}

/// An item's documents, one a line: title, kind, size, where.
fn papers(item: &Item) -> Vec<String> {
    let or_dash = |value: Option<&str>| value.unwrap_or("-").to_owned();
    let line = |document: &boardwatch::domain::item::Document| {
        let url = document.url.as_ref().map_or("-".to_owned(), |url| url.as_str().to_owned());
        let restricted = if document.restricted { " restricted" } else { "" };
        let (kind, size) = (or_dash(document.kind.as_deref()), or_dash(document.size.as_deref()));
        format!("{} | {kind} | {size} | {url}{restricted}", document.title)
    };
    item.documents.iter().map(line).collect()
}

/// Reading must not depend on how a page is laid out, nor on what changes between two fetches of it.
fn assert_only_noise(platform: Platform, url: &str, name: &str, noise: &[(&str, &str)]) {
    use boardwatch::rules::fingerprint::fingerprint;
    let page = String::from_utf8(fixture(name)).unwrap();
    let mut again = page
        .replace("</body>", "<script src=\"/bnith__7f3a\"></script><a hidden href=\"/-x9=.html\">x</a></body>")
        .replace("</p>", "  </p>\r\n\t")
        .replace("<h1", "<!-- 7f3a --><input type=hidden name=_csrf value=7f3a><h1");
    for (old, new) in noise {
        assert!(again.contains(old), "{name}: {old}");
        again = again.replace(old, new);
    }
    let prints = |page: &str| -> Vec<_> {
        let items = read_as(platform, url, page.as_bytes()).items;
        items.into_iter().map(|item| (item.key.clone(), fingerprint(&item), item.text, item.documents)).collect()
    };
    let before = prints(&page);
    assert!(!before.is_empty(), "{name}");
    assert_eq!(prints(&again), before, "{name}");
}
