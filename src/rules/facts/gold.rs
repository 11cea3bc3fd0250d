//! The facts that a person reads off sentences of council pages, against what the rules read: one table for each kind
//! under `tests/fixtures/facts`, and a score for each.

use super::*;
use chrono::{NaiveDate, NaiveTime};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The share of facts that has to be right: twice the facts found rightly over those expected and those found (F1).
const ENOUGH: f64 = 0.98;

fn table<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/fixtures/facts/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// Counts facts, and remembers the texts whose facts differ.
#[derive(Default)]
struct Score {
    cases: usize,
    expected: usize,
    found: usize,
    right: usize,
    differing: Vec<String>,
}

impl Score {
    /// Both lists without empty entries; a fact that is there twice counts twice.
    fn compare(&mut self, text: &str, expected: &[String], found: &[String]) {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for fact in expected {
            *left.entry(fact).or_default() += 1;
        }
        let is_expected = |fact: &&String| left.get_mut(fact.as_str()).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
        let right = found.iter().filter(is_expected).count();
        self.cases += 1;
        self.expected += expected.len();
        self.found += found.len();
        self.right += right;
        if right != expected.len() || right != found.len() {
            self.differing.push(format!("{text:?}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred facts")]
    fn must_be_enough(self, kind: &str) {
        let score = 2.0 * self.right as f64 / (self.expected + self.found) as f64;
        let (missed, wrong) = (self.expected - self.right, self.found - self.right);
        println!(
            "{kind}: {score:.3} ({} texts, {} facts; found {}, missed {missed}, false {wrong})",
            self.cases, self.expected, self.right
        );
        for text in &self.differing {
            println!("  {text}");
        }
        assert!(score >= ENOUGH, "{kind}: {score:.3} is less than {ENOUGH}:\n  {}", self.differing.join("\n  "));
    }
}

fn lines(text: &[String]) -> Vec<String> {
    text.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn day(raw: &str) -> NaiveDate {
    raw.parse().unwrap_or_else(|_| panic!("no day: {raw}"))
}

/// `2020-02-25 10:00-12:30`.
fn with_times(day: &str, start: Option<NaiveTime>, end: Option<NaiveTime>) -> String {
    let mut said = day.to_owned();
    for (time, before) in [(start, ' '), (end, '-')] {
        if let Some(time) = time {
            said.push(before);
            said.push_str(&time.format("%H:%M").to_string());
        }
    }
    said
}

#[derive(serde::Deserialize)]
struct Dates {
    cases: Vec<Vec<String>>,
}

#[test]
fn dates_are_read_as_a_person_reads_them() {
    let mut score = Score::default();
    for case in table::<Dates>("dates").cases {
        let [text, expected, after @ ..] = case.as_slice() else { panic!("{case:?}") };
        let expected: Vec<String> = expected.split(", ").filter(|d| !d.is_empty()).map(str::to_owned).collect();
        let found = dates::find_after(text, after.first().map(|raw| day(raw)));
        let found: Vec<String> = found
            .iter()
            .map(|date| {
                let last = date.last_day.map(|last| format!("..{last}")).unwrap_or_default();
                let differs = if date.weekday_differs { "!" } else { "" };
                with_times(&format!("{}{last}{differs}", date.day), date.start, date.end)
            })
            .collect();
        score.compare(text, &expected, &found);
    }
    score.must_be_enough("dates");
}

#[derive(serde::Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

#[derive(serde::Deserialize)]
struct Announced {
    lines: Vec<String>,
    #[serde(default)]
    after: Option<String>,
    next: String,
    #[serde(default)]
    quote: String,
}

#[test]
fn next_meetings_are_read_as_a_person_reads_them() {
    let mut score = Score::default();
    for case in table::<Cases<Announced>>("next_meetings").case {
        let lines = lines(&case.lines);
        let words: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = next_meeting::read(&words, case.after.as_deref().map(day));
        let found = found.map(|next| {
            let day = with_times(&next.date.to_string(), next.start, next.end);
            [day, next.quote.as_str().replace('\u{a0}', " ")]
        });
        let expected = [case.next, case.quote.replace('\u{a0}', " ")].into_iter().filter(|f| !f.is_empty());
        score.compare(&lines.join(" | "), &expected.collect::<Vec<_>>(), &found.into_iter().flatten().collect::<Vec<_>>());
    }
    score.must_be_enough("next meetings");
}

#[derive(serde::Deserialize)]
struct Decided {
    lines: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(rename = "decided")]
    clauses: Vec<[String; 2]>,
    #[serde(default)]
    reasons: String,
    #[serde(default)]
    options: String,
}

#[test]
fn decisions_are_read_as_a_person_reads_them() {
    let mut score = Score::default();
    for case in table::<Cases<Decided>>("decisions").case {
        let lines = lines(&case.lines);
        let said = |label: &str, text: &str| format!("{label}) {text}");
        let mut expected: Vec<String> = case.clauses.iter().map(|[label, text]| said(label, text)).collect();
        let decided = decisions::read(&lines, case.body.as_deref());
        let label = |d: &crate::domain::item::Decision| d.label.as_ref().map(|l| l.as_str().to_owned()).unwrap_or_default();
        let mut found: Vec<String> = decided.iter().map(|d| said(&label(d), d.text.as_str())).collect();
        for (name, section, text) in
            [("reasons", sections::Section::Reasons, case.reasons), ("options", sections::Section::OptionsRejected, case.options)]
        {
            expected.extend((!text.is_empty()).then(|| said(name, &text)));
            found.extend(sections::said(&lines, section).map(|text| said(name, text.as_str())));
        }
        score.compare(&lines.join(" | "), &expected, &found);
    }
    score.must_be_enough("decisions");
}

#[derive(serde::Deserialize)]
struct Promised {
    text: String,
    #[serde(default)]
    after: Option<String>,
    due: Vec<[String; 2]>,
}

#[test]
fn commitments_are_read_as_a_person_reads_them() {
    let mut score = Score::default();
    for case in table::<Cases<Promised>>("commitments").case {
        let lines = lines(&case.text.lines().map(str::to_owned).collect::<Vec<_>>());
        let words: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = commitments::read(&words, case.after.as_deref().map(day));
        let found: Vec<String> = found.iter().map(|c| format!("{}: {}", c.due, c.quote)).collect();
        let expected: Vec<String> = case.due.iter().map(|[due, quote]| format!("{due}: {quote}")).collect();
        score.compare(&case.text, &expected, &found);
    }
    score.must_be_enough("commitments");
}

#[derive(serde::Deserialize)]
struct Documents {
    cases: Vec<[String; 5]>,
}

#[test]
fn documents_are_read_as_a_person_reads_them() {
    let mut score = Score::default();
    for [text, title, kind, size, state] in table::<Documents>("documents").cases {
        let found = documents::document(&text, None).unwrap();
        let state_found = [("restricted", found.restricted), ("follows", documents::is_to_follow(&text))];
        let state_found: Vec<&str> = state_found.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
        let fact = |title: &str, kind: &str, size: &str, state: &str| {
            let size = size.replace('\u{a0}', " ");
            vec![format!("title {title}"), format!("kind {kind}"), format!("size {size}"), format!("state {state}")]
        };
        let found = fact(
            found.title.as_str(),
            found.kind.as_deref().unwrap_or_default(),
            found.size.as_deref().unwrap_or_default(),
            &state_found.join(" "),
        );
        score.compare(&text, &fact(&title, &kind, &size, &state), &found);
    }
    score.must_be_enough("documents");
}
