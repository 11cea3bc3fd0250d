//! Each fact can be traced to its place on the page: a rule, an element that a browser finds, the council's words.

use boardwatch::domain::evidence::{Evidence, Fact};
use boardwatch::domain::item::Item;
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{Page, explain, explain_item, extract};
use scraper::{Html, Selector};
use std::fs;
use std::path::{Path, PathBuf};
use url::Url;

fn fixtures(below: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(file: &Path) -> (Vec<Item>, Vec<Evidence>, String) {
    let body = fs::read(file).unwrap();
    let url = Url::parse("https://www.anytown.example/news").unwrap();
    let page = Page { url: &url, status: 200, content_type: None, body: &body };
    let (extraction, evidence) = explain(&page, Platform::Auto, &Select::default());
    let unasked = extract(&page, Platform::Auto, &Select::default());
    assert_eq!(extraction, unasked, "{}: asking why changes nothing", file.display());
    (extraction.items, evidence, String::from_utf8_lossy(&body).into_owned())
}

fn has(evidence: &[Evidence], item: &Item, fact: Fact) -> bool {
    evidence.iter().any(|e| e.key == item.key && e.fact == fact && !e.rule.is_empty())
}

#[test]
fn every_title_and_every_day_of_every_page_names_its_rule() {
    let mut missing = Vec::new();
    let mut facts = 0;
    for file in fixtures("tests/fixtures/pages").iter().chain(&fixtures("tests/fixtures/feeds")) {
        if file.extension().is_some_and(|e| e == "txt") {
            continue;
        }
        let (items, evidence, _) = read(file);
        for item in &items {
            let wanted = [
                (Fact::Title, !item.title.is_empty()),
                (Fact::Published, item.published.is_some()),
                (Fact::Decision, !item.decisions.is_empty()),
                (Fact::NextMeeting, item.next_meeting.is_some()),
            ];
            for (fact, _) in wanted.into_iter().filter(|(_, is_said)| *is_said) {
                facts += 1;
                if !has(&evidence, item, fact) {
                    missing.push(format!("{}: {} of {}", file.display(), fact.name(), item.title));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} of {facts} facts have no evidence:\n{}", missing.len(), missing.join("\n"));
    assert!(facts > 300, "{facts}");
}

#[test]
fn the_element_that_is_named_holds_the_words_that_are_quoted() {
    let plain = |raw: &str| raw.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let mut checked = 0;
    for file in fixtures("tests/fixtures/pages").into_iter().filter(|f| f.extension().is_some_and(|e| e == "html")) {
        let (_, evidence, page) = read(&file);
        let html = Html::parse_document(&page);
        for found in evidence {
            let Some(css) = &found.element else { continue };
            let selector = Selector::parse(css).unwrap_or_else(|_| panic!("{}: {css}", file.display()));
            let quote: String = plain(found.quote.as_str()).chars().filter(char::is_ascii).take(20).collect();
            let holds = html.select(&selector).any(|element| {
                let words = plain(&element.text().collect::<String>())
                    + &plain(&element.value().attrs().map(|(_, v)| v).collect::<String>());
                let words = words.chars().filter(char::is_ascii).collect::<String>();
                // A label and its value may be two cells; the label is where they begin.
                words.contains(&quote) || (words.len() > 8 && quote.starts_with(&words[..words.len().min(12)]))
            });
            // A list's own number is shown by the browser and stands in no text.
            let is_numbered = found.quote.as_str().starts_with(|c: char| c.is_ascii_digit())
                || found.quote.as_str().chars().nth(1) == Some(')');
            assert!(holds || is_numbered, "{}: {} at `{css}` is not \"{}\"", file.display(), found.fact.name(), found.quote);
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn an_items_own_page_explains_what_it_adds() {
    let body = fs::read("tests/fixtures/pages/page-article-main.html").unwrap();
    let url = Url::parse("https://www.anytown.example/news/a").unwrap();
    let page = Page { url: &url, status: 200, content_type: None, body: &body };
    let listed = extract(&page, Platform::Page, &Select::default()).items.remove(0);
    let listed = Item { key: "listed".into(), text: None, html: None, ..listed };
    let (item, evidence) = explain_item(&page, Platform::Auto, &Select::default(), &listed).unwrap();
    assert_eq!(item.key, "listed");
    assert!(has(&evidence, &item, Fact::Title) && has(&evidence, &item, Fact::Text), "{evidence:?}");
}
