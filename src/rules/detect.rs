//! What a poll means: new, revised, withdrawn, or a batch that looks so wrong that a person decides.
//!
//! Items are matched by key and compared by fingerprint with the latest content that we hold, so that A → B → A is two
//! changes. What follows from our own doings (a first poll, a better recipe, a body read for the first time) is recorded
//! and told to nobody. Invariant: detecting the same reading twice finds nothing the second time.

mod alike;
pub mod anew;
mod another;
mod asks;
mod brakes;
pub mod everywhere;
mod gone;
mod instead;
mod kept;
pub mod passing;
pub mod readdressed;
mod record;
pub mod slight;
mod unlike;
mod whose;

pub use alike::{Before, OwnPage, strangers};
pub use another::{
    is_another, is_emptied, is_misnamed, is_of_another_day, is_one_word, is_other_under_one_name, is_replaced, keeps_half,
    may_have_moved, says_nothing_of,
};
pub use gone::{Gone, Order, is_taken_down};
pub use instead::{Face, Instead, instead};
pub use record::{Record, is_other_record};
pub use unlike::{Came, shares_nothing};
pub use whose::{Mine, is_of_other};

use crate::domain::item::{Change, Fingerprint};
use crate::domain::poll::HoldDecision;
use crate::domain::source::Baseline;
use crate::rules::fingerprint::Likeness;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Healthy polls without an item before it counts as withdrawn.
const MISSES_MAX: u32 = 2;

/// An item that the store holds.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of an item, and any of them go together")]
pub struct Known<'a> {
    /// Identity within the source.
    pub key: &'a str,
    /// Of its latest content, as the present recipe reads it wherever that could be found out.
    pub fingerprint: &'a Fingerprint,
    /// Another recipe read it, and what the present one would have read is not known.
    pub is_outdated: bool,
    /// The present recipe does not read it from the page that once showed it, so its absence says nothing.
    pub is_out_of_sight: bool,
    /// The council's date.
    pub published: Option<NaiveDate>,
    /// The day of the meeting that it is of.
    pub meets: Option<NaiveDate>,
    /// Whether it was withdrawn, and if so, whether that was told.
    pub withdrawn: Option<Withdrawal>,
    /// Healthy polls in a row without it.
    pub misses: u32,
    /// Whether its body is known.
    pub has_text: bool,
    /// Whether it has a page of its own, which has been read.
    pub has_page: bool,
    /// A body that comes now is news: its own page was read and had none, or subscribers were told of it without one.
    pub is_awaited: bool,
    /// As it read when it was kept back, or beside those that were.
    pub held: Option<&'a Fingerprint>,
}

/// How an item came to count as withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Withdrawal {
    /// Whether those who knew of the item were told.
    pub was_told: bool,
}

/// An item that the poll found.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of an item, and any of them go together")]
pub struct Seen<'a> {
    /// Identity within the source.
    pub key: &'a str,
    /// The council's date.
    pub published: Option<NaiveDate>,
    /// The day of the meeting that it is of.
    pub meets: Option<NaiveDate>,
    /// What it said.
    pub content: Content<'a>,
    /// What the listing says of it is not what it said before.
    pub is_relisted: bool,
    /// It stood there before, where the recipe of then did not read it.
    pub was_there: bool,
    /// The listing shows it; otherwise only its own page was read, since the listing has moved on.
    pub is_listed: bool,
    /// It is the page on which the other items stand.
    pub is_page: bool,
    /// What stands under its address is another thing altogether; of the page on which the other items stand: it says nothing.
    pub is_another: bool,
    /// How what was read compares with what is known, where the fingerprints differ.
    pub likeness: Likeness,
}

/// What was read of an item.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// It is listed; its own page was not read again.
    Listed,
    /// Its own page was asked for, and has not changed.
    Unchanged,
    /// It was read.
    Read {
        /// Of what was read.
        fingerprint: &'a Fingerprint,
        /// Whether that includes its body.
        has_text: bool,
    },
}

/// One poll's reading of a source.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// What it found; one key, one item.
    pub seen: Vec<Seen<'a>>,
    /// Which items it would show if they were still published.
    pub gone: &'a Gone,
}

impl<'a> Reading<'a> {
    /// What the listing shows.
    fn listed(&self) -> impl Iterator<Item = &Seen<'a>> {
        self.seen.iter().filter(|seen| seen.is_listed)
    }
}

/// What the poll has to go by.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The first poll of the source, and what it is to do.
    pub baseline: Option<Baseline>,
    /// Items that the last good reading of as much of the listing showed.
    pub shown_before: usize,
    /// The last good reading found that nothing was published, in the page's own words.
    pub was_empty: bool,
    /// New items that the listing shows beside those of the reading: they wait for their own pages.
    pub waiting: usize,
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
    Hold(Alarm),
}

/// What looks wrong about a reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alarm {
    /// In words.
    pub reason: String,
    /// Some of the items that show it, by key.
    pub examples: Vec<Sign>,
    /// All items that it is about, by key.
    pub about: HashSet<String>,
    /// Whether it is of the known items that were read, and says nothing of others.
    pub is_of_known: bool,
    /// The items that are kept back, by key, and what else has happened; `None`: all is kept back.
    pub part: Option<Part>,
}

impl Alarm {
    /// One of which no item is an example.
    #[must_use]
    pub fn of(reason: String) -> Self {
        Self { reason, examples: Vec::new(), about: HashSet::new(), is_of_known: false, part: None }
    }
}

/// What is held where that is not the whole reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Keys of the items of which nothing is recorded.
    pub kept: HashSet<String>,
    /// What has happened beside them.
    pub findings: Vec<Finding>,
}

/// What one item has to do with an alarm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sign {
    /// Which item.
    pub key: String,
    /// What about it.
    pub what: Oddity,
}

/// What about an item is odd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Oddity {
    /// It is there, and nobody knows it.
    Unknown,
    /// It is known, and no longer there.
    Gone,
    /// Its date is another.
    Redated {
        /// As it is known.
        before: NaiveDate,
        /// As it was read now.
        now: NaiveDate,
    },
    /// It reads otherwise.
    Reworded,
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
    let is_settled = given.baseline.is_some() || given.decision.is_some();
    let absorbed = absorbed(&by_key, reading, given);
    let alarm = if is_settled { None } else { brakes::alarm(&by_key, reading, given) };
    let is_whole = alarm.as_ref().is_some_and(|alarm| !alarm.is_of_known);
    let kept = if is_settled || is_whole { HashSet::new() } else { kept::back(&by_key, reading, alarm.as_ref()) };
    let alarm = alarm.or_else(|| kept::why(&by_key, reading, &kept));
    match alarm {
        Some(alarm) if kept.is_empty() => Verdict::Hold(alarm),
        Some(alarm) => {
            let findings = findings(known, &by_key, reading, given, absorbed.as_ref());
            let findings = findings.into_iter().filter(|finding| !kept.contains(&finding.key)).collect();
            Verdict::Hold(Alarm { part: Some(Part { kept, findings }), ..alarm })
        }
        None => Verdict::Accept(findings(known, &by_key, reading, given, absorbed.as_ref())),
    }
}

/// The keys of the items that an admin has absorbed: those that would still be held, had nobody decided. What has happened beside them,
/// to the very day, is none of what was looked at. `None`: nothing tells any more what that was, and all is absorbed.
fn absorbed(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, given: &Circumstances) -> Option<HashSet<String>> {
    if given.baseline.is_some() || given.decision != Some(HoldDecision::Absorb) {
        return None;
    }
    let alarms = brakes::alarms(known, reading, given, usize::MAX);
    let is_part = known.values().any(|known| known.held.is_some());
    let of_known = alarms.iter().find(|alarm| alarm.is_of_known);
    let kept = if is_part { kept::back(known, reading, of_known) } else { HashSet::new() };
    let is_held = |alarm: &&Alarm| !(is_part && alarm.is_of_known);
    let about = alarms.iter().filter(is_held).flat_map(|alarm| alarm.about.iter().cloned());
    let all: HashSet<String> = about.chain(kept).collect();
    (is_part || !all.is_empty()).then_some(all)
}

/// What has happened, where nothing is held.
fn findings(
    known: &[Known<'_>],
    by_key: &HashMap<&str, &Known<'_>>,
    reading: &Reading<'_>,
    given: &Circumstances,
    absorbed: Option<&HashSet<String>>,
) -> Vec<Finding> {
    let quiet = given.baseline == Some(Baseline::Silent) || given.decision == Some(HoldDecision::Absorb);
    let mut findings: Vec<Finding> = reading.seen.iter().filter_map(|seen| judge(by_key.get(seen.key).copied(), seen)).collect();
    let shown: HashSet<&str> = reading.seen.iter().map(|s| s.key).collect();
    let live = || known.iter().filter(|k| k.withdrawn.is_none());
    // "There is no news" is no word on any single item; of many at once it says more of the page than of them. A page of its own tells
    // what has become of one.
    let is_emptied = reading.seen.is_empty() && given.decision.is_none();
    let are_many = is_emptied && live().count() >= brakes::PATTERN_MIN;
    let is_untold = |item: &Known<'_>| are_many || is_emptied && item.has_page && !reading.gone.is_not_found(item.key);
    for item in live().filter(|k| !is_untold(k) && !k.is_out_of_sight && !shown.contains(k.key)) {
        if reading.gone.is_so(item.key, item.published, item.misses) {
            // What an admin has absorbed is settled with it: a second poll must not make news of what is gone.
            let is_absorbed =
                given.decision == Some(HoldDecision::Absorb) && absorbed.is_none_or(|absorbed| absorbed.contains(item.key));
            let is_settled = item.misses + 1 >= MISSES_MAX || is_absorbed;
            let what = if is_settled { What::Withdrawn } else { What::Missing };
            findings.push(Finding {
                key: item.key.to_owned(),
                what,
                told: (what == What::Withdrawn).then_some(Change::Withdrawn),
            });
        }
    }
    let is_quiet = |finding: &&mut Finding| quiet && absorbed.is_none_or(|absorbed| absorbed.contains(&finding.key));
    for finding in findings.iter_mut().filter(is_quiet) {
        finding.told = None;
    }
    findings
}

fn judge(known: Option<&Known<'_>>, seen: &Seen<'_>) -> Option<Finding> {
    let finding = |what, told| Some(Finding { key: seen.key.to_owned(), what, told });
    let Some(known) = known else { return finding(What::New, (!seen.was_there).then_some(Change::New)) };
    match difference(known, seen) {
        Some(Difference::Ours) => finding(What::Reread, None),
        Some(Difference::Theirs) => finding(What::Revised, Some(Change::Revised)),
        None if known.withdrawn.is_some_and(|w| w.was_told) => finding(What::Back, Some(Change::Returned)),
        None if known.withdrawn.is_some() || known.misses > 0 => finding(What::Back, None),
        None => None,
    }
}

/// Whose doing it is that an item reads otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Difference {
    /// We read more or better.
    Ours,
    /// The council says something else.
    Theirs,
}

fn difference(known: &Known<'_>, seen: &Seen<'_>) -> Option<Difference> {
    let Content::Read { fingerprint, has_text } = seen.content else { return None };
    if !has_text && known.has_text {
        return None;
    }
    if known.is_outdated || has_text && !known.has_text && !known.is_awaited {
        return Some(Difference::Ours);
    }
    if fingerprint == known.fingerprint {
        return None;
    }
    match seen.likeness {
        Likeness::Same => None,
        Likeness::Finer => Some(Difference::Ours),
        Likeness::Other => Some(Difference::Theirs),
    }
}

#[cfg(test)]
mod tests;
