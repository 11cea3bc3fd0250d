//! The gold set: whole pages as councils' servers send them, each with the facts that a person read off it.
//!
//! `fixtures/gold/<platform>/<name>.html` (or `.xml`, or `.feed`) is the page; `<name>.json` beside it says how it was
//! fetched and what stands in it: `url`, `content_type` (null: not sent), `read_as` (`listing`: what a source names, `own`:
//! the page that a listed item links to, with what the list said of it in `listed`), `outcome`, `items`, `listing`, and
//! `why` the page is in the set. A field of an item that is named must agree (null: absent); one that is not is not compared.
//!
//! Each page is read twice, found out and with its platform named; `cargo test --test it gold -- --nocapture` prints the table.
//! `BOARDWATCH_GOLD` names another folder of such pages to score instead.

mod score;

use super::*;
use boardwatch::rules::extract::extract_item;
use score::{Column, Score};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What each platform must reach in each of its two readings: F1 of titles and days, precision and recall of body words.
const TITLE_AND_DATE: f64 = 0.98;
const BODY: f64 = 0.97;

/// A page with the facts that a person read.
struct Gold {
    /// `moderngov-issue/two-meetings`.
    name: String,
    platform: Platform,
    page: Vec<u8>,
    facts: Value,
}

impl Gold {
    /// What we read, in the shape of `extract`'s answer.
    fn read(&self, platform: Platform) -> Value {
        let url = Url::parse(self.fact("url")).unwrap_or_else(|e| panic!("{}: url: {e}", self.name));
        let page = Page { url: &url, status: 200, content_type: self.facts["content_type"].as_str(), body: &self.page };
        match self.fact("read_as") {
            "listing" => json!(extract(&page, platform, &Select::default())),
            "own" => match extract_item(&page, platform, &Select::default(), &self.listed(&url)) {
                Ok(item) => json!({"outcome": "items", "items": [item]}),
                Err(answer) => json!(answer),
            },
            other => panic!("{}: read_as {other}", self.name),
        }
    }

    fn fact(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", self.name))
    }

    /// The item as a list that says no more than `listed` would have given it.
    fn listed(&self, url: &Url) -> Item {
        let listed = &self.facts["listed"];
        let item = json!({
            "key": "", "title": listed["title"].as_str().unwrap_or_default(), "url": url, "published": listed["published"],
            "meeting": null, "text": null, "html": null, "documents": [], "decisions": [], "next_meeting": null,
        });
        serde_json::from_value(item).unwrap_or_else(|e| panic!("{}: listed: {e}", self.name))
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn gold_set() -> Vec<Gold> {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gold");
    let root = std::env::var_os("BOARDWATCH_GOLD").map_or_else(here, PathBuf::from);
    let mut set = Vec::new();
    for folder in children(&root).into_iter().filter(|path| path.is_dir()) {
        let family = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let platform = serde_json::from_value(json!(family)).unwrap_or_else(|e| panic!("{family}: {e}"));
        for page in children(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e != "json")) {
            let name = format!("{family}/{}", page.file_stem().unwrap().to_str().unwrap());
            let facts = std::fs::read(page.with_extension("json")).unwrap_or_else(|e| panic!("{name}.json: {e}"));
            let facts = serde_json::from_slice(&facts).unwrap_or_else(|e| panic!("{name}.json: {e}"));
            set.push(Gold { name, platform, page: std::fs::read(page).unwrap(), facts });
        }
    }
    set
}

#[test]
fn the_gold_set_is_read_as_people_read_it() {
    let (mut rows, mut all, mut said) = (BTreeMap::<String, Score>::new(), Score::default(), Vec::new());
    for gold in gold_set() {
        let family = gold.name.split('/').next().unwrap().to_owned();
        let mut told = Vec::new();
        for (how, platform) in [("auto", Platform::Auto), ("named", gold.platform)] {
            let score = score::of(&gold.facts, &gold.read(platform));
            if !score.differences.is_empty() && score.differences != told {
                said.push(format!("{} ({how}): {}", gold.name, gold.fact("why")));
                said.extend(score.differences.iter().cloned());
                told.clone_from(&score.differences);
            }
            rows.entry(format!("{family} {how}")).or_default().add(&score);
            all.add(&score);
        }
    }
    println!("{}", Score::heading());
    for (name, score) in &rows {
        println!("{}", score.row(name));
    }
    println!("{}", all.row("all"));
    println!("{}", said.join("\n"));
    let low: Vec<_> = rows.iter().flat_map(|(name, score)| below_the_bar(name, score)).collect();
    assert!(low.is_empty(), "below the bar:\n{}", low.join("\n"));
}

fn below_the_bar(name: &str, score: &Score) -> Vec<String> {
    let of = |column| score.column(column);
    let measured = [
        ("title F1", of(Column::Title).f1(), TITLE_AND_DATE),
        ("date F1", of(Column::Date).f1(), TITLE_AND_DATE),
        ("body precision", of(Column::Body).precision(), BODY),
        ("body recall", of(Column::Body).recall(), BODY),
    ];
    let low = measured.into_iter().filter(|(_, value, bar)| value < bar);
    low.map(|(what, value, bar)| format!("{name}: {what} {value:.3} < {bar}")).collect()
}
