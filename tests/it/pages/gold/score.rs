//! How near an answer comes to what a person read, counted fact by fact.

use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;

/// What is counted apart.
#[derive(Clone, Copy)]
pub enum Column {
    Title,
    /// Day of publication and day of the meeting.
    Date,
    /// Words of the text.
    Body,
    Documents,
    Decisions,
    NextMeeting,
    /// Stage, committee, number on the agenda, reasons, options rejected, commitments, what the listing says of itself.
    Other,
    Outcome,
}

const COLUMNS: [(&str, Column); 8] = [
    ("title", Column::Title),
    ("date", Column::Date),
    ("body", Column::Body),
    ("documents", Column::Documents),
    ("decisions", Column::Decisions),
    ("next", Column::NextMeeting),
    ("other", Column::Other),
    ("outcome", Column::Outcome),
];

/// Differences of one kind named for one page; the rest is more of the same.
const NAMED_MAX: usize = 4;

#[derive(Clone, Copy, Default)]
pub struct Count {
    right: usize,
    /// On the page and not in the answer.
    missed: usize,
    /// In the answer and not on the page.
    wrong: usize,
}

impl Count {
    pub fn precision(self) -> f64 {
        share(self.right, self.wrong)
    }

    pub fn recall(self) -> f64 {
        share(self.right, self.missed)
    }

    pub fn f1(self) -> f64 {
        share(2 * self.right, self.missed + self.wrong)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words stay far below 2^52")]
fn share(right: usize, not: usize) -> f64 {
    if right + not == 0 { 1.0 } else { right as f64 / (right + not) as f64 }
}

/// The counts of one reading, or of many.
#[derive(Clone, Default)]
pub struct Score {
    pages: usize,
    counts: [Count; COLUMNS.len()],
    /// What differs, a line each; a sum of readings has none.
    pub differences: Vec<String>,
}

impl Score {
    pub fn add(&mut self, other: &Score) {
        self.pages += other.pages;
        for (sum, more) in self.counts.iter_mut().zip(other.counts) {
            sum.right += more.right;
            sum.missed += more.missed;
            sum.wrong += more.wrong;
        }
    }

    pub fn column(&self, column: Column) -> Count {
        self.counts[column as usize]
    }

    pub fn heading() -> String {
        let mut line = format!("{:<28}{:>6}", "F1 (body: precision, recall)", "pages");
        for (name, _) in COLUMNS {
            let width = if name == "body" { 14 } else { 11 };
            write!(line, "{name:>width$}").unwrap();
        }
        line
    }

    pub fn row(&self, name: &str) -> String {
        let mut line = format!("{name:<28}{:>6}", self.pages);
        for (_, column) in COLUMNS {
            let count = self.column(column);
            if matches!(column, Column::Body) {
                write!(line, "{:>7.3}{:>7.3}", count.precision(), count.recall()).unwrap();
            } else {
                write!(line, "{:>11.3}", count.f1()).unwrap();
            }
        }
        line
    }

    fn differs(&mut self, what: &str, want: &str, got: &str) {
        self.differences.push(format!("  {what}: on the page {want}, read {got}"));
    }

    /// One fact; null on either side is its absence.
    fn fact(&mut self, column: Column, what: &str, want: &Value, got: &Value) {
        let count = &mut self.counts[column as usize];
        match (want.is_null(), got.is_null()) {
            (true, true) => return,
            _ if agrees(want, got) => {
                count.right += 1;
                return;
            }
            (true, false) => count.wrong += 1,
            (false, true) => count.missed += 1,
            (false, false) => {
                count.wrong += 1;
                count.missed += 1;
            }
        }
        self.differs(what, &want.to_string(), &got.to_string());
    }

    /// Facts without an order that matters: each on the page wants one in the answer.
    fn set(&mut self, column: Column, what: &str, want: &Value, got: &Value) {
        let mut left: Vec<&Value> = elements(got).collect();
        let mut missed = Vec::new();
        for fact in elements(want) {
            match left.iter().position(|other| agrees(fact, other)) {
                Some(at) => {
                    left.remove(at);
                    self.counts[column as usize].right += 1;
                }
                None => missed.push(fact),
            }
        }
        self.counts[column as usize].missed += missed.len();
        self.counts[column as usize].wrong += left.len();
        for at in 0..missed.len().max(left.len()).min(NAMED_MAX) {
            let say = |facts: &[&Value]| facts.get(at).map_or("nothing".to_owned(), ToString::to_string);
            self.differs(what, &say(&missed), &say(&left));
        }
    }

    /// The words of a body, as often as they stand there, in any order.
    fn words(&mut self, what: &str, want: &Value, got: &Value) {
        let (want, got) = (want.as_str().unwrap_or_default(), got.as_str().unwrap_or_default());
        let (mut left, mut right) = (counted(got), 0);
        for word in words(want) {
            if let Some(times) = left.get_mut(&word).filter(|times| **times > 0) {
                *times -= 1;
                right += 1;
            }
        }
        let count = &mut self.counts[Column::Body as usize];
        count.right += right;
        count.missed += words(want).count() - right;
        count.wrong += words(got).count() - right;
        if right < words(want).count().max(words(got).count()) {
            let lacks = |text: &str, of: &str| {
                let there: Vec<_> = of.lines().map(spaced).collect();
                let lines = text.lines().map(spaced).filter(|line| !there.contains(line)).take(NAMED_MAX);
                lines.collect::<Vec<_>>().join(" / ")
            };
            self.differs(what, &format!("<{}>", lacks(want, got)), &format!("<{}>", lacks(got, want)));
        }
    }

    /// An item with what was read for it; null where nothing was.
    fn item(&mut self, place: &str, want: &Value, got: &Value) {
        for (name, want) in want.as_object().into_iter().flatten() {
            let (what, got) = (format!("{place} {name}"), &got[name.as_str()]);
            match name.as_str() {
                "title" => self.fact(Column::Title, &what, want, got),
                "published" => self.fact(Column::Date, &what, want, got),
                "meeting" => self.meeting(&what, want, got),
                "text" => self.words(&what, want, got),
                "documents" => self.set(Column::Documents, &what, want, got),
                "decisions" => self.set(Column::Decisions, &what, want, got),
                "next_meeting" => self.fact(Column::NextMeeting, &what, want, got),
                "commitments" => self.set(Column::Other, &what, want, got),
                _ => self.fact(Column::Other, &what, want, got),
            }
        }
    }

    fn meeting(&mut self, what: &str, want: &Value, got: &Value) {
        self.fact(Column::Date, &format!("{what}.date"), &want["date"], &got["date"]);
        for name in ["body", "item"] {
            if want.is_null() || want.get(name).is_some() {
                self.fact(Column::Other, &format!("{what}.{name}"), &want[name], &got[name]);
            }
        }
    }

    /// An item that is not on the page.
    fn surplus(&mut self, place: &str, got: &Value, with_text: bool) {
        self.fact(Column::Title, &format!("{place} title"), &Value::Null, &got["title"]);
        self.fact(Column::Date, &format!("{place} published"), &Value::Null, &got["published"]);
        self.fact(Column::Date, &format!("{place} meeting.date"), &Value::Null, &got["meeting"]["date"]);
        if with_text {
            self.words(&format!("{place} text"), &Value::Null, &got["text"]);
        }
    }

    /// Pairs each item on the page with the one in the answer that agrees with it most.
    fn items(&mut self, want: &Value, got: &Value) {
        let mut left: Vec<&Value> = elements(got).collect();
        for (at, fact) in elements(want).enumerate() {
            let likeness = |(_, other): &(usize, &&Value)| likeness(fact, other);
            // Of equals the first: `max_by_key` alone would take the last.
            let best = left.iter().enumerate().rev().max_by_key(likeness).map(|(at, _)| at);
            let other = best.map_or(&Value::Null, |at| left.remove(at));
            self.item(&format!("[{at}]"), fact, other);
        }
        let with_text = elements(want).any(|fact| fact["text"].is_string());
        for other in left {
            self.surplus("[more]", other, with_text);
        }
    }
}

/// Compares an answer with the facts of a page.
pub fn of(facts: &Value, answer: &Value) -> Score {
    let mut score = Score { pages: 1, ..Score::default() };
    score.fact(Column::Outcome, "outcome", &facts["outcome"], &answer["outcome"]);
    score.items(&facts["items"], &answer["items"]);
    for (name, want) in facts["listing"].as_object().into_iter().flatten() {
        score.fact(Column::Other, &format!("listing.{name}"), want, &answer["listing"][name.as_str()]);
    }
    if let Some(want) = facts.get("page_title") {
        score.fact(Column::Other, "page_title", want, &answer["page_title"]);
    }
    score
}

fn elements(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Whether what was read says all that `want` names; white space is no difference.
fn agrees(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::String(want), Value::String(got)) => spaced(want) == spaced(got),
        (Value::Object(want), Value::Object(_)) => want.iter().all(|(name, want)| agrees(want, &got[name.as_str()])),
        _ => want == got,
    }
}

fn likeness(want: &Value, got: &Value) -> usize {
    let same = |name: &str| usize::from(want[name].is_string() && agrees(&want[name], &got[name]));
    let meeting = usize::from(want["meeting"].is_object() && agrees(&want["meeting"], &got["meeting"]));
    4 * same("title") + 2 * same("url") + 2 * same("published") + 2 * meeting + usize::from(same("text") > 0)
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn counted(text: &str) -> HashMap<String, usize> {
    let mut counted = HashMap::new();
    for word in words(text) {
        *counted.entry(word).or_default() += 1;
    }
    counted
}
