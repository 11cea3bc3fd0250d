//! The phrases in which an item's facts, and changes of them, are told: the same in mails, feeds and pages.

use crate::domain::revision::RevisionClass;
use crate::rules::day::Day;
use crate::rules::revision::Turn;
use chrono::{NaiveDate, NaiveTime};

/// An item's facts.
pub(in crate::render) struct FactWords {
    pub(in crate::render) day: fn(NaiveDate) -> String,
    /// What happened on an item's day, with the day: "Meeting of 18 September 2026".
    pub(in crate::render) on_its_day: fn(Day) -> String,
    /// Of which meeting something is: "Meeting: Cabinet, 18 September 2026, item 31".
    pub(in crate::render) of_meeting: fn(&str) -> String,
    pub(in crate::render) weekday_and_day: fn(NaiveDate) -> String,
    pub(in crate::render) hours: fn(start: NaiveTime, end: Option<NaiveTime>) -> String,
    /// Where on a meeting's agenda.
    pub(in crate::render) agenda_item: fn(number: &str) -> String,
    pub(in crate::render) agenda: &'static str,
    pub(in crate::render) draft_minutes: &'static str,
    pub(in crate::render) minutes: &'static str,
    pub(in crate::render) cancelled: &'static str,
    pub(in crate::render) promised: fn(due: &str, quote: &str) -> String,
    pub(in crate::render) restricted: &'static str,
    pub(in crate::render) to_follow: &'static str,
}

/// What is another than before.
pub(in crate::render) struct RevisionWords {
    /// What kind of change it is, lower case.
    pub(in crate::render) class: fn(RevisionClass) -> &'static str,
    /// What a reader must hear first, lower case.
    pub(in crate::render) turn: fn(Turn) -> &'static str,
    /// The same as a sentence.
    pub(in crate::render) turned: fn(Turn) -> &'static str,
    /// Of a class of changed words, where it is those of the title.
    pub(in crate::render) title_changed: &'static str,
    pub(in crate::render) before_not_known: &'static str,
    pub(in crate::render) no_words: &'static str,
    /// Changes for which there was no room.
    pub(in crate::render) more: fn(usize) -> String,
    pub(in crate::render) title_was: fn(&str) -> String,
    /// Which fact, and what it was, where it was given.
    pub(in crate::render) was: fn(fact: &str, before: Option<&str>) -> String,
    pub(in crate::render) the_stage: &'static str,
    pub(in crate::render) the_publication: &'static str,
    pub(in crate::render) the_meeting: &'static str,
    pub(in crate::render) the_next_meeting: &'static str,
    /// Until when something can be done, and what a list said before.
    pub(in crate::render) closes: fn(now: &str, before: &str) -> String,
    pub(in crate::render) decision_changed: &'static str,
    pub(in crate::render) decision_added: fn(&str) -> String,
    pub(in crate::render) decision_removed: fn(&str) -> String,
    pub(in crate::render) paper_added: fn(&str) -> String,
    pub(in crate::render) paper_removed: fn(&str) -> String,
    pub(in crate::render) paper_replaced: fn(now: &str, before: &str) -> String,
    pub(in crate::render) paper_renamed: fn(now: &str, before: &str) -> String,
    pub(in crate::render) paper_unrestricted: fn(&str) -> String,
    pub(in crate::render) paper_followed: fn(&str) -> String,
    pub(in crate::render) paper_restricted: fn(&str) -> String,
    pub(in crate::render) paper_closed: fn(&str) -> String,
    pub(in crate::render) link_moved: fn(before: &str, now: &str) -> String,
    pub(in crate::render) link_added: fn(&str) -> String,
    pub(in crate::render) link_removed: fn(&str) -> String,
}
