//! An item's facts, and changes of them, in English.

use super::super::kinds::{FactWords, RevisionWords};
use super::super::{day, time, weekday_and_day};
use crate::domain::revision::RevisionClass;
use crate::rules::day::Day;
use crate::rules::revision::Turn;

pub(in crate::render::words) const FACTS: FactWords = FactWords {
    day,
    on_its_day: |of| match of {
        Day::Published(date) => day(date),
        Day::Meeting(date) => format!("Meeting of {}", day(date)),
        Day::FirstSeen(date) => format!("First seen {}", day(date)),
    },
    of_meeting: |meeting| format!("Meeting: {meeting}"),
    weekday_and_day,
    hours: |start, end| {
        let start = time(start);
        end.map_or_else(|| start.clone(), |end| format!("{start} to {}", time(end)))
    },
    agenda_item: |number| format!("item {number}"),
    agenda: "agenda",
    draft_minutes: "draft minutes",
    minutes: "minutes",
    cancelled: "cancelled",
    promised: |due, quote| format!("by {due}: “{quote}”"),
    restricted: "restricted",
    to_follow: "to follow",
};

pub(in crate::render::words) const REVISION: RevisionWords = RevisionWords {
    class: RevisionClass::words,
    turn: Turn::words,
    turned: |turn| match turn {
        Turn::CalledOff => "The meeting is cancelled: it will not take place on this day",
        Turn::OnAgain => "The meeting is no longer cancelled",
        Turn::Withdrawn => "The page says that it is withdrawn; it is still there to read",
        Turn::Restored => "The page no longer says that it is withdrawn",
    },
    title_changed: "title changed",
    before_not_known: "What it said before is not known.",
    no_words: "No words changed: only their layout.",
    more: |n| if n == 1 { "and 1 more change".to_owned() } else { format!("and {n} more changes") },
    title_was: |before| format!("The title was “{before}”"),
    was: |fact, before| format!("{fact} was {}", before.unwrap_or("not given")),
    the_stage: "The stage of the papers",
    the_publication: "The date of publication",
    the_meeting: "The meeting",
    the_next_meeting: "The next meeting",
    closes: |now, before| format!("The closing day on the list is {now}; it was {before}"),
    decision_changed: "Decision changed",
    decision_added: |decision| format!("Decision added: {decision}"),
    decision_removed: |decision| format!("Decision removed: {decision}"),
    paper_added: |paper| format!("Document added: {paper}"),
    paper_removed: |paper| format!("Document removed: {paper}"),
    paper_replaced: |now, before| format!("Document replaced: {now}; it was {before}"),
    paper_renamed: |now, before| format!("Document renamed: {now}; it was called {before}"),
    paper_unrestricted: |paper| format!("Document no longer restricted: {paper}"),
    paper_followed: |paper| format!("Document added that was to follow: {paper}"),
    paper_restricted: |paper| format!("Document now restricted: {paper}"),
    paper_closed: |paper| format!("Document no longer there to read: {paper}"),
    link_moved: |before, now| format!("A link leads to {now}; it led to {before}"),
    link_added: |to| format!("Link added: {to}"),
    link_removed: |to| format!("Link removed: {to}"),
};
