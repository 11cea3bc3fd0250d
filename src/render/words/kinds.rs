//! The phrases that pages and mails need, by page and kind of mail. A `fn` makes a phrase that holds something: word order is the language's affair.

mod facts;
mod mail;
mod people;

pub(in crate::render) use facts::{FactWords, RevisionWords};
pub(in crate::render) use mail::{DigestWords, FootWords, LetterWords, Readable, WantsWords, WatchWords};
pub(in crate::render) use people::{ChooseWords, Headed, ManageWords, NoteWords, PaceWords};

use crate::rules::day::Day;
use crate::rules::health::Health;
use chrono::{NaiveDate, NaiveTime};

/// What stands around every page.
pub(in crate::render) struct LayoutWords {
    pub(in crate::render) skip: &'static str,
    pub(in crate::render) site_pages: &'static str,
    pub(in crate::render) subscribe: &'static str,
    pub(in crate::render) archive: &'static str,
    pub(in crate::render) search: &'static str,
    pub(in crate::render) status: &'static str,
    pub(in crate::render) feeds: &'static str,
    pub(in crate::render) not_official: fn(site: &str) -> String,
    /// Before the link to the licence, and the link's own words.
    pub(in crate::render) licence: (&'static str, &'static str),
    pub(in crate::render) contact: &'static str,
    /// "19 January 2021".
    pub(in crate::render) day: fn(NaiveDate) -> String,
    /// "10am", "5:30pm".
    pub(in crate::render) time: fn(NaiveTime) -> String,
    /// "Trafford Council: Improvement plan updates".
    pub(in crate::render) of_council: fn(council: &str, title: &str) -> String,
    pub(in crate::render) withdrawn: &'static str,
    pub(in crate::render) cancelled: &'static str,
    pub(in crate::render) changed: &'static str,
    /// What became of an item, on which day.
    pub(in crate::render) changed_on: fn(day: &str) -> String,
    pub(in crate::render) back_on: fn(day: &str) -> String,
    pub(in crate::render) published_on: fn(day: &str) -> String,
    pub(in crate::render) untitled: &'static str,
    pub(in crate::render) councils_page: &'static str,
    pub(in crate::render) previous_page: &'static str,
    pub(in crate::render) next_page: &'static str,
    pub(in crate::render) page_of: fn(page: usize, pages: usize) -> String,
    pub(in crate::render) pages: &'static str,
}

/// The front page.
pub(in crate::render) struct FrontWords {
    pub(in crate::render) description: &'static str,
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) lead: &'static str,
    pub(in crate::render) subscribe: &'static str,
    pub(in crate::render) or_search: &'static str,
    pub(in crate::render) latest: &'static str,
    pub(in crate::render) none_yet: &'static str,
    pub(in crate::render) all_items: &'static str,
    pub(in crate::render) councils: &'static str,
    pub(in crate::render) no_sources: &'static str,
    pub(in crate::render) last_read: &'static str,
    pub(in crate::render) not_read: &'static str,
    pub(in crate::render) topics: &'static str,
    pub(in crate::render) feeds: &'static str,
    pub(in crate::render) feeds_lead: &'static str,
    pub(in crate::render) everything: &'static str,
    pub(in crate::render) more_feeds: &'static str,
    pub(in crate::render) calendar: &'static str,
    pub(in crate::render) opml: &'static str,
    /// After a feed's format, for those who hear the link alone: " of Trafford Council".
    pub(in crate::render) feed_of: fn(title: &str) -> String,
    /// The same of a topic's feed.
    pub(in crate::render) feed_on: fn(topic: &str) -> String,
}

/// The page of one item.
pub(in crate::render) struct ItemWords {
    pub(in crate::render) read_it_there: fn(council: &str) -> String,
    /// The same of what is gone: its words here first, the council's page after them.
    pub(in crate::render) read_what_it_said: &'static str,
    pub(in crate::render) where_it_stood: &'static str,
    pub(in crate::render) withdrawn_on: fn(day: &str) -> String,
    pub(in crate::render) withdrawn_note: &'static str,
    pub(in crate::render) from: &'static str,
    pub(in crate::render) published: &'static str,
    pub(in crate::render) updated: &'static str,
    pub(in crate::render) first_seen: &'static str,
    pub(in crate::render) meeting: &'static str,
    pub(in crate::render) stage: &'static str,
    pub(in crate::render) next_meeting: &'static str,
    pub(in crate::render) topics: &'static str,
    pub(in crate::render) see_history: &'static str,
    pub(in crate::render) decisions: &'static str,
    pub(in crate::render) reasons: &'static str,
    pub(in crate::render) options_rejected: &'static str,
    pub(in crate::render) commitments: &'static str,
    pub(in crate::render) documents: &'static str,
    pub(in crate::render) text: &'static str,
    /// The same of what is gone.
    pub(in crate::render) text_was: &'static str,
    pub(in crate::render) no_text: &'static str,
    pub(in crate::render) history: &'static str,
    pub(in crate::render) first_version: fn(day: &str) -> String,
    pub(in crate::render) changed_on: fn(day: &str, classes: &str) -> String,
    pub(in crate::render) withdrawal: fn(day: &str) -> String,
    pub(in crate::render) earlier_versions: fn(count: usize) -> String,
    pub(in crate::render) before: &'static str,
    pub(in crate::render) now: &'static str,
    pub(in crate::render) added: &'static str,
    pub(in crate::render) removed: &'static str,
    /// Around words that are gone or have come, for those who hear the page.
    pub(in crate::render) spoken_gone: (&'static str, &'static str),
    pub(in crate::render) spoken_come: (&'static str, &'static str),
    pub(in crate::render) evidence: &'static str,
    pub(in crate::render) evidence_lead: &'static str,
    pub(in crate::render) fetched: &'static str,
    pub(in crate::render) fetched_from: &'static str,
    pub(in crate::render) http_status: &'static str,
    pub(in crate::render) size: &'static str,
    pub(in crate::render) bytes: fn(u64) -> String,
    pub(in crate::render) sha256: &'static str,
    pub(in crate::render) recipe: &'static str,
    pub(in crate::render) recipe_is: fn(platform: Option<&str>, number: u32) -> String,
    pub(in crate::render) page_not_kept: &'static str,
    pub(in crate::render) feeds: &'static str,
    pub(in crate::render) feeds_lead: &'static str,
    pub(in crate::render) feeds_lead_gone: &'static str,
}

/// The archive.
pub(in crate::render) struct ArchiveWords {
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) heading_of: fn(what: &str) -> String,
    pub(in crate::render) description: &'static str,
    pub(in crate::render) show: &'static str,
    pub(in crate::render) which: &'static str,
    pub(in crate::render) month: &'static str,
    pub(in crate::render) everything: &'static str,
    pub(in crate::render) every_month: &'static str,
    pub(in crate::render) councils: &'static str,
    pub(in crate::render) topics: &'static str,
    pub(in crate::render) pages: &'static str,
    pub(in crate::render) topic: fn(topic: &str) -> String,
    /// "January 2021".
    pub(in crate::render) month_name: fn(NaiveDate) -> String,
    pub(in crate::render) in_month: fn(what: &str, month: &str) -> String,
    pub(in crate::render) found: fn(items: usize) -> String,
    pub(in crate::render) none: &'static str,
    pub(in crate::render) list: &'static str,
}

/// The search.
pub(in crate::render) struct SearchWords {
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) label: &'static str,
    pub(in crate::render) hint: &'static str,
    pub(in crate::render) button: &'static str,
    pub(in crate::render) which: &'static str,
    pub(in crate::render) results_for: fn(query: &str) -> String,
    pub(in crate::render) found: fn(items: usize) -> String,
    pub(in crate::render) none: &'static str,
    /// Before the words that may have been meant.
    pub(in crate::render) meant: &'static str,
    pub(in crate::render) advice: &'static str,
    pub(in crate::render) not_ready: &'static str,
    pub(in crate::render) too_short: &'static str,
    pub(in crate::render) results: &'static str,
}

/// The status page.
pub(in crate::render) struct StatusWords {
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) lead: &'static str,
    pub(in crate::render) all_well: fn(sources: usize) -> String,
    pub(in crate::render) some_wrong: fn(wrong: usize, sources: usize) -> String,
    pub(in crate::render) none: &'static str,
    pub(in crate::render) next_read: &'static str,
    pub(in crate::render) items: fn(items: usize) -> String,
    /// Which item is the newest: what its day is of, and the day.
    pub(in crate::render) newest: fn(what: Day, day: &str) -> String,
    pub(in crate::render) what_it_means: &'static str,
    pub(in crate::render) meaning: fn(Health) -> &'static str,
}

/// How a source is doing.
pub(in crate::render) struct HealthWords {
    pub(in crate::render) not_read_yet: &'static str,
    /// "Read 12 minutes ago".
    pub(in crate::render) read: fn(ago: &str) -> String,
    pub(in crate::render) never_read: &'static str,
    pub(in crate::render) quiet: &'static str,
    pub(in crate::render) overdue: &'static str,
    pub(in crate::render) blocked: &'static str,
    pub(in crate::render) asked_away: &'static str,
    pub(in crate::render) unreachable: &'static str,
    pub(in crate::render) looked_at: &'static str,
    pub(in crate::render) last_read: fn(ago: &str) -> String,
    pub(in crate::render) fine: &'static str,
    pub(in crate::render) just_now: &'static str,
    pub(in crate::render) minutes_ago: fn(i64) -> String,
    pub(in crate::render) hours_ago: fn(i64) -> String,
    pub(in crate::render) days_ago: fn(i64) -> String,
}

/// What went wrong: a heading and what to do about it.
pub(in crate::render) struct ProblemWords {
    pub(in crate::render) not_found: (&'static str, &'static str),
    pub(in crate::render) wrong_way: (&'static str, &'static str),
    pub(in crate::render) too_slow: (&'static str, &'static str),
    pub(in crate::render) too_much: (&'static str, &'static str),
    pub(in crate::render) not_understood: (&'static str, &'static str),
    pub(in crate::render) too_often: (&'static str, &'static str),
    pub(in crate::render) busy: (&'static str, &'static str),
    pub(in crate::render) our_fault: (&'static str, &'static str),
    pub(in crate::render) write_to: &'static str,
    pub(in crate::render) to_the_front: &'static str,
}
