//! The phrases of mails.

use super::Headed;
use crate::domain::item::Change;
use crate::domain::subscriber::Cadence;
use crate::rules::revision::Turn;

/// What somebody wants, in words for them; pages say it too.
pub(in crate::render) struct WantsWords {
    pub(in crate::render) often: fn(Cadence) -> &'static str,
    /// A thing that is to come at one rhythm instead of another.
    pub(in crate::render) instead: fn(what: &str, to: &str, from: &str) -> String,
    /// The same of what has come to pass, as a sentence.
    pub(in crate::render) changed: fn(what: &str, to: &str, from: &str) -> String,
    pub(in crate::render) everything: &'static str,
    pub(in crate::render) source: fn(title: &str, council: &str) -> String,
    pub(in crate::render) topic: fn(&str) -> String,
    /// A word, or several.
    pub(in crate::render) keyword: fn(&str) -> String,
    /// Stands for keywords that are not to be said.
    pub(in crate::render) own_words: &'static str,
    pub(in crate::render) monthly: &'static str,
    /// "a, b and c".
    pub(in crate::render) list: fn(&[String]) -> String,
}

/// What digests say.
pub(in crate::render) struct DigestWords {
    pub(in crate::render) nothing_new: fn(site: &str) -> String,
    /// The subject where there is more than the first thing.
    pub(in crate::render) first_and_more: fn(first: &str, more: usize) -> String,
    /// What comes before the title in a subject; nothing before what is new.
    pub(in crate::render) told: fn(Change) -> &'static str,
    /// The same where what a reader must hear first is known.
    pub(in crate::render) told_turn: fn(Turn) -> &'static str,
    /// What stands before the title in the mail.
    pub(in crate::render) label: fn(Change) -> &'static str,
    /// The same where what a reader must hear first is known.
    pub(in crate::render) label_turn: fn(Turn) -> &'static str,
    pub(in crate::render) updates_from: fn(updates: usize, councils: &[String]) -> String,
    pub(in crate::render) intro: fn(cadence: Cadence, site: &str, counts: &str) -> String,
    pub(in crate::render) counted: fn(Change, usize) -> String,
    pub(in crate::render) and_more: fn(usize) -> String,
    pub(in crate::render) more_decisions: fn(usize) -> String,
    pub(in crate::render) more_documents: fn(usize) -> String,
    pub(in crate::render) gone: &'static str,
    pub(in crate::render) noticed_on: fn(day: &str) -> String,
    pub(in crate::render) published: &'static str,
    pub(in crate::render) meeting: &'static str,
    pub(in crate::render) papers: &'static str,
    pub(in crate::render) next_meeting: &'static str,
    pub(in crate::render) promised: &'static str,
    pub(in crate::render) from: &'static str,
    pub(in crate::render) what_changed: &'static str,
    pub(in crate::render) before: &'static str,
    pub(in crate::render) now: &'static str,
    pub(in crate::render) added: &'static str,
    pub(in crate::render) decisions: &'static str,
    /// Those that are not told as a change.
    pub(in crate::render) other_decisions: &'static str,
    pub(in crate::render) how_it_begins: &'static str,
    pub(in crate::render) what_it_says: &'static str,
    /// The same of what is gone.
    pub(in crate::render) how_it_began: &'static str,
    pub(in crate::render) what_it_said: &'static str,
    /// The council's page of what is gone.
    pub(in crate::render) where_it_stood: &'static str,
    pub(in crate::render) where_it_stood_of: fn(title: &str) -> String,
    pub(in crate::render) documents: &'static str,
    pub(in crate::render) history: &'static str,
    pub(in crate::render) history_of: fn(title: &str, site: &str) -> String,
    pub(in crate::render) mute: &'static str,
    pub(in crate::render) to_mute: &'static str,
    pub(in crate::render) also: &'static str,
    /// Before the link to the archive, and the link.
    pub(in crate::render) see: Headed,
}

/// How many pages a reader follows, and how many of them could not be read: of those nobody knows whether they bring news.
pub(in crate::render) struct Readable {
    pub(in crate::render) pages: usize,
    pub(in crate::render) unread: usize,
}

/// What is said where there is no news.
pub(in crate::render) struct WatchWords {
    pub(in crate::render) still_subject: fn(&Readable, since: &str, today: &str) -> String,
    pub(in crate::render) still_heading: fn(&Readable) -> String,
    pub(in crate::render) still: fn(&Readable, since: &str) -> Vec<String>,
    pub(in crate::render) this_is_how: fn(pages: usize) -> &'static str,
    pub(in crate::render) still_often: &'static str,
    pub(in crate::render) cannot_subject: fn(first: &str, more: usize, since: &str) -> String,
    pub(in crate::render) cannot_heading: fn(pages: usize) -> &'static str,
    pub(in crate::render) cannot: [&'static str; 2],
    pub(in crate::render) cannot_often: &'static str,
    pub(in crate::render) and_more: fn(usize) -> String,
    /// Before the link, the link, after it.
    pub(in crate::render) status: (&'static str, &'static str, &'static str),
    pub(in crate::render) to_status: &'static str,
}

/// What stands under mails.
pub(in crate::render) struct FootWords {
    pub(in crate::render) you_get_this: fn(how_often: &str, why: &str) -> String,
    /// A reason: they had been told of it, or of these things, on that day, and whether they chose anew since.
    pub(in crate::render) told_before: fn(what: Option<&str>, day: &str, has_chosen: bool) -> String,
    /// Things that are not named.
    pub(in crate::render) others: fn(usize) -> String,
    pub(in crate::render) for_you_alone: &'static str,
    pub(in crate::render) manage: &'static str,
    pub(in crate::render) to_manage: &'static str,
    /// Before the link, the link, after it; after the link above.
    pub(in crate::render) or_unsubscribe: (&'static str, &'static str, &'static str),
    /// The link where it stands alone, and what follows it.
    pub(in crate::render) unsubscribe: Headed,
    pub(in crate::render) to_unsubscribe: &'static str,
    pub(in crate::render) sent_by: &'static str,
    pub(in crate::render) not_the_councils: &'static str,
    pub(in crate::render) questions: &'static str,
    pub(in crate::render) privacy: &'static str,
    /// Before the link, and the link.
    pub(in crate::render) licence: Headed,
}

/// What letters to one person say.
pub(in crate::render) struct LetterWords {
    pub(in crate::render) confirm_subject: fn(site: &str) -> String,
    pub(in crate::render) confirm_heading: &'static str,
    pub(in crate::render) confirm_lead: fn(site: &str) -> String,
    pub(in crate::render) confirm_button: &'static str,
    /// The question whether mail is to go here instead of elsewhere.
    pub(in crate::render) move_subject: fn(site: &str) -> String,
    pub(in crate::render) move_heading: &'static str,
    pub(in crate::render) move_lead: fn(site: &str) -> String,
    pub(in crate::render) move_means: &'static str,
    pub(in crate::render) move_button: &'static str,
    pub(in crate::render) confirm_days: fn(days: u32) -> String,
    pub(in crate::render) manage: &'static str,
    pub(in crate::render) link_works: fn(days: i64) -> String,
    pub(in crate::render) known_subject: fn(site: &str) -> String,
    pub(in crate::render) known_heading: &'static str,
    pub(in crate::render) known: fn(site: &str) -> String,
    pub(in crate::render) known_after: &'static str,
    pub(in crate::render) add_subject: fn(site: &str) -> String,
    pub(in crate::render) add_heading: &'static str,
    pub(in crate::render) add: fn(site: &str) -> String,
    pub(in crate::render) add_moves: fn(site: &str) -> String,
    pub(in crate::render) add_moves_nothing: fn(site: &str) -> String,
    pub(in crate::render) add_button: &'static str,
    /// The same question where something of it comes at another rhythm already.
    pub(in crate::render) change_subject: fn(site: &str) -> String,
    pub(in crate::render) change_heading: &'static str,
    pub(in crate::render) change: fn(site: &str) -> String,
    pub(in crate::render) change_button: &'static str,
    pub(in crate::render) add_goes_on: &'static str,
    pub(in crate::render) add_after: fn(days: i64) -> String,
    pub(in crate::render) link_subject: fn(site: &str) -> String,
    pub(in crate::render) link_heading: &'static str,
    pub(in crate::render) link: &'static str,
    pub(in crate::render) link_after: &'static str,
    pub(in crate::render) welcome_subject: fn(site: &str) -> String,
    pub(in crate::render) welcome_heading: &'static str,
    pub(in crate::render) welcome: &'static str,
    /// Where a pause holds.
    pub(in crate::render) welcome_paused: &'static str,
    pub(in crate::render) manage_paused: &'static str,
    /// Where something comes at another rhythm since their yes; and what stands above all that they get.
    pub(in crate::render) changed_subject: fn(site: &str) -> String,
    pub(in crate::render) changed_heading: &'static str,
    pub(in crate::render) changed_all: &'static str,
    pub(in crate::render) latest: &'static str,
    pub(in crate::render) history: &'static str,
    pub(in crate::render) history_of: fn(title: &str, site: &str) -> String,
    pub(in crate::render) goodbye_subject: fn(site: &str) -> String,
    pub(in crate::render) goodbye_heading: &'static str,
    pub(in crate::render) goodbye: fn(site: &str) -> String,
    pub(in crate::render) goodbye_after: &'static str,
    /// Where they ended it themselves: the way back, and how long there is one.
    pub(in crate::render) undo: &'static str,
    pub(in crate::render) undo_works: &'static str,
    /// Where they did not.
    pub(in crate::render) goodbye_by_admin: fn(site: &str, reason: Option<&str>, contact: &str) -> String,
    /// By what it ended: a link mailed to an address that was moved from, which is named where it is still known.
    pub(in crate::render) goodbye_by_link: fn(mailed_to: Option<&str>) -> String,
    pub(in crate::render) sign_up_again: &'static str,
    pub(in crate::render) moved_subject: fn(site: &str) -> String,
    pub(in crate::render) moved_heading: &'static str,
    pub(in crate::render) moved: fn(site: &str) -> String,
    pub(in crate::render) moved_after: fn(contact: &str) -> String,
    /// The way to take it back, and how long it works.
    pub(in crate::render) move_back: &'static str,
    pub(in crate::render) move_back_works: fn(days: i64) -> String,
    /// Word to the other address that it was taken back.
    pub(in crate::render) moved_back: fn(site: &str) -> String,
}
