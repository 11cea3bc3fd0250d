//! What a poll means: new, revised, withdrawn, or a batch that looks so wrong that a person decides.
//!
//! Items are matched by key and compared by fingerprint with the latest content that we hold, so that A → B → A is two
//! changes. What follows from our own doings (a first poll, a better recipe, a body read for the first time) is recorded
//! and told to nobody. Invariant: detecting the same reading twice finds nothing the second time.

use crate::domain::item::{Change, Fingerprint};
use crate::domain::poll::HoldDecision;
use crate::domain::source::Baseline;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Healthy polls without an item before it counts as withdrawn.
const MISSES_MAX: u32 = 2;
/// Fewer items than this make no pattern that could break.
const PATTERN_MIN: usize = 4;

/// An item that the store holds.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Identity within the source.
    pub key: &'a str,
    /// Of its latest content.
    pub fingerprint: &'a Fingerprint,
    /// Which recipe read it.
    pub recipe: u32,
    /// The council's date.
    pub published: Option<NaiveDate>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Healthy polls in a row without it.
    pub misses: u32,
    /// Whether its body is known.
    pub has_text: bool,
}

/// An item that the poll found.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Identity within the source.
    pub key: &'a str,
    /// The council's date.
    pub published: Option<NaiveDate>,
    /// What it said.
    pub content: Content<'a>,
}

/// What was read of an item.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// It is listed; its own page was not read again, or has not changed.
    Listed,
    /// It was read.
    Read {
        /// Of what was read.
        fingerprint: &'a Fingerprint,
        /// Which recipe read it.
        recipe: u32,
        /// Whether that includes its body.
        has_text: bool,
    },
}

/// One poll's reading of a source.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// What it found; one key, one item.
    pub seen: Vec<Seen<'a>>,
    /// Whether that is all that the source publishes, by its own count or by its nature. Where it is not, an item that is
    /// older than everything shown has been pushed off the end, not withdrawn.
    pub is_complete: bool,
}

/// What the poll has to go by.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The first poll of the source, and what it is to do.
    pub baseline: Option<Baseline>,
    /// Items that the last good reading showed.
    pub shown_before: usize,
    /// More new items than this are held.
    pub new_max: usize,
    /// An admin has looked at the batch.
    pub decision: Option<HoldDecision>,
}

/// What a poll means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// These, and nothing else, have happened.
    Accept(Vec<Finding>),
    /// Nothing is recorded before an admin has looked.
    Hold {
        /// What looks wrong, in words.
        reason: String,
    },
}

/// What happened to one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which one.
    pub key: String,
    /// What.
    pub what: What,
    /// What subscribers are told; `None`: nothing.
    pub told: Option<Change>,
}

/// What happened to an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// First seen.
    New,
    /// Its content is another one: a new revision.
    Revised,
    /// We read more or better than before: the same revision, in other words.
    Reread,
    /// There again, after it was missing.
    Back,
    /// Not there; too early to say.
    Missing,
    /// No longer published.
    Withdrawn,
}

/// What `reading` means, given what is `known`.
#[must_use]
pub fn detect(known: &[Known<'_>], reading: &Reading<'_>, given: &Circumstances) -> Verdict {
    let by_key: HashMap<&str, &Known<'_>> = known.iter().map(|k| (k.key, k)).collect();
    if given.baseline.is_none()
        && given.decision.is_none()
        && let Some(reason) = looks_wrong(&by_key, reading, given)
    {
        return Verdict::Hold { reason };
    }
    let quiet = given.baseline == Some(Baseline::Silent) || given.decision == Some(HoldDecision::Absorb);
    let mut findings: Vec<Finding> = reading.seen.iter().filter_map(|seen| judge(by_key.get(seen.key).copied(), seen)).collect();
    let shown: HashSet<&str> = reading.seen.iter().map(|s| s.key).collect();
    let dates: Vec<NaiveDate> = reading.seen.iter().filter_map(|s| s.published).collect();
    let ends_at = end_of(&dates);
    for item in known.iter().filter(|k| !k.withdrawn && !shown.contains(k.key)) {
        if reading.is_complete || item.published.zip(ends_at).is_some_and(|(date, end)| date > end) {
            // What an admin has absorbed is settled with it: a second poll must not make news of what is gone.
            let is_settled = item.misses + 1 >= MISSES_MAX || given.decision == Some(HoldDecision::Absorb);
            let what = if is_settled { What::Withdrawn } else { What::Missing };
            findings.push(Finding {
                key: item.key.to_owned(),
                what,
                told: (what == What::Withdrawn).then_some(Change::Withdrawn),
            });
        }
    }
    if quiet {
        for finding in &mut findings {
            finding.told = None;
        }
    }
    Verdict::Accept(findings)
}

/// The date at which a newest-first listing ends, but for old items that are pinned to its top: the oldest date would make
/// everything that such a listing pushes off its end look withdrawn. `None` where it does not run from new to old.
fn end_of(dates: &[NaiveDate]) -> Option<NaiveDate> {
    let backwards = || dates.iter().rev();
    let descending = 1 + backwards().zip(backwards().skip(1)).take_while(|(later, earlier)| later <= earlier).count();
    (dates.len() < 2 || (descending >= 2 && descending * 2 >= dates.len())).then(|| dates.last().copied()).flatten()
}

fn judge(known: Option<&Known<'_>>, seen: &Seen<'_>) -> Option<Finding> {
    let finding = |what, told| Some(Finding { key: seen.key.to_owned(), what, told });
    let Some(known) = known else { return finding(What::New, Some(Change::New)) };
    if let Content::Read { fingerprint, recipe, has_text } = seen.content
        && (has_text || !known.has_text)
        && (fingerprint != known.fingerprint || recipe != known.recipe || has_text != known.has_text)
    {
        if recipe != known.recipe || has_text != known.has_text {
            return finding(What::Reread, None);
        }
        return finding(What::Revised, Some(Change::Revised));
    }
    if known.withdrawn || known.misses > 0 { finding(What::Back, None) } else { None }
}

/// The brakes: signs of a rebuilt or broken page rather than of news.
fn looks_wrong(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances) -> Option<String> {
    let new = reading.seen.iter().filter(|s| !known.contains_key(s.key)).count();
    let shown = reading.seen.len();
    let live = known.values().filter(|k| !k.withdrawn).count();
    if new > given.new_max {
        return Some(format!("{new} new items at once; the limit is {}", given.new_max));
    }
    if live >= 2 && new > 0 && new == shown {
        return Some(format!("none of the {live} known items is there any more, and {new} others are"));
    }
    if given.shown_before >= PATTERN_MIN && shown * 2 < given.shown_before {
        return Some(format!("the listing shrank from {} items to {shown}", given.shown_before));
    }
    None
}

#[cfg(test)]
mod tests;
