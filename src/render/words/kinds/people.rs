//! The phrases of the pages on which people sign up, choose, change and leave.

use chrono::NaiveDate;

/// A heading with the sentence below it.
pub(in crate::render) type Headed = (&'static str, &'static str);

/// What opens a statement, and its parts, each under a heading.
pub(in crate::render) type Statement = (String, Vec<(&'static str, Vec<String>)>);

/// What the form on which somebody chooses says.
pub(in crate::render) struct ChooseWords {
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) lead: &'static str,
    pub(in crate::render) address: Headed,
    pub(in crate::render) trap: &'static str,
    pub(in crate::render) everything: Headed,
    pub(in crate::render) everything_label: &'static str,
    pub(in crate::render) councils: Headed,
    pub(in crate::render) single_pages: fn(council: &str, pages: usize) -> String,
    pub(in crate::render) topics: Headed,
    pub(in crate::render) keywords: Headed,
    pub(in crate::render) keywords_label: Headed,
    pub(in crate::render) keywords_often: &'static str,
    /// What the box is about, and the box.
    pub(in crate::render) quiet: &'static str,
    pub(in crate::render) monthly: Headed,
    /// The question how often, with what it is about, and a hint.
    pub(in crate::render) how_often: Headed,
    /// At once, once a day, once a week.
    pub(in crate::render) often: [&'static str; 3],
    /// Of one thing among others.
    pub(in crate::render) like_the_rest: &'static str,
    /// What opens the fields for each thing alone, and what they are for.
    pub(in crate::render) some_otherwise: Headed,
    pub(in crate::render) work_out: &'static str,
    pub(in crate::render) sign_up: &'static str,
    pub(in crate::render) privacy_link: &'static str,
    /// How many updates there are of one thing.
    pub(in crate::render) updates: PaceWords,
    /// How many mails a choice means, and the sentence that says so.
    pub(in crate::render) mails: PaceWords,
    pub(in crate::render) estimate: fn(mails: &str) -> String,
    pub(in crate::render) problem: &'static str,
    pub(in crate::render) error: &'static str,
    pub(in crate::render) address_missing: &'static str,
    pub(in crate::render) address_invalid: &'static str,
    pub(in crate::render) address_ours: &'static str,
    pub(in crate::render) nothing_chosen: &'static str,
    pub(in crate::render) often_without_tick: &'static str,
    pub(in crate::render) keywords_without_often: &'static str,
    pub(in crate::render) often_without_keywords: &'static str,
    pub(in crate::render) keywords_too_much: &'static str,
    /// What somebody says yes to; a change of it takes a new edition.
    pub(in crate::render) consent: fn(site: &str) -> String,
    pub(in crate::render) consent_edition: &'static str,
    /// The same of who has updates and changes them.
    pub(in crate::render) consent_to_change: fn(site: &str) -> String,
    pub(in crate::render) consent_to_change_edition: &'static str,
}

/// How many there are in a time.
pub(in crate::render) struct PaceWords {
    pub(in crate::render) hardly_any: &'static str,
    pub(in crate::render) rarely: &'static str,
    pub(in crate::render) a_month: fn(usize) -> String,
    pub(in crate::render) a_week: fn(usize) -> String,
}

/// What the short pages say that answer a button or a link.
pub(in crate::render) struct NoteWords {
    pub(in crate::render) check_inbox: &'static str,
    pub(in crate::render) sent_to: fn(address: &str) -> String,
    pub(in crate::render) link_sent_to: fn(address: &str) -> String,
    pub(in crate::render) not_arrived: &'static [&'static str],
    pub(in crate::render) link_works: fn(days: i64) -> String,
    pub(in crate::render) confirm: &'static str,
    pub(in crate::render) confirm_lead: fn(address: &str) -> String,
    pub(in crate::render) confirm_move_lead: fn(address: &str) -> String,
    /// The same where the address has updates already: with more, and without.
    pub(in crate::render) confirm_join_lead: fn(address: &str) -> String,
    pub(in crate::render) confirm_join_nothing_lead: fn(address: &str) -> String,
    pub(in crate::render) confirm_add_lead: fn(address: &str) -> String,
    /// The same where something of it comes at another rhythm already.
    pub(in crate::render) confirm_change: &'static str,
    pub(in crate::render) confirm_change_lead: fn(address: &str) -> String,
    pub(in crate::render) confirm_change_button: &'static str,
    pub(in crate::render) goes_on: &'static str,
    pub(in crate::render) confirm_button: &'static str,
    pub(in crate::render) nothing_yet: &'static str,
    pub(in crate::render) confirmed: Headed,
    /// The same of a yes to a change: above what has changed.
    pub(in crate::render) changed: Headed,
    /// Where a pause holds.
    pub(in crate::render) confirmed_paused: &'static str,
    pub(in crate::render) end_pause: &'static str,
    pub(in crate::render) confirmed_before: Headed,
    pub(in crate::render) confirmed_and_left: Headed,
    pub(in crate::render) request_gone: Headed,
    pub(in crate::render) unsubscribe: &'static str,
    pub(in crate::render) unsubscribe_lead: fn(address: Option<&str>) -> String,
    pub(in crate::render) unsubscribe_button: &'static str,
    pub(in crate::render) unsubscribed: &'static str,
    pub(in crate::render) unsubscribed_lead: fn(address: Option<&str>) -> String,
    /// The same where one last mail was asked for, and what that is.
    pub(in crate::render) unsubscribed_told_lead: fn(address: Option<&str>) -> String,
    pub(in crate::render) last_mail: &'static str,
    pub(in crate::render) on_its_way: &'static str,
    pub(in crate::render) on_its_way_to_nobody: &'static str,
    /// Of an address that was moved from: where the updates go on, and where they have ended.
    pub(in crate::render) unsubscribe_elsewhere: &'static str,
    pub(in crate::render) unsubscribed_elsewhere: &'static str,
    /// The same where the address has updates of its own again.
    pub(in crate::render) unsubscribe_also_elsewhere: &'static str,
    pub(in crate::render) unsubscribed_also_elsewhere: &'static str,
    pub(in crate::render) undo: &'static str,
    pub(in crate::render) undone: Headed,
    /// Whether a move is to be taken back, and that it was.
    pub(in crate::render) move_back: &'static str,
    pub(in crate::render) move_back_lead: fn(address: &str) -> String,
    pub(in crate::render) move_back_ends: &'static str,
    pub(in crate::render) move_back_button: &'static str,
    pub(in crate::render) moved_back: Headed,
    pub(in crate::render) to_archive: &'static str,
    pub(in crate::render) not_undone: Headed,
    pub(in crate::render) link_altered: Headed,
    pub(in crate::render) link_for_other: Headed,
    pub(in crate::render) link_expired: Headed,
    pub(in crate::render) page_too_old: Headed,
    pub(in crate::render) new_link: &'static str,
    pub(in crate::render) sign_up_again: &'static str,
    pub(in crate::render) to_feeds: &'static str,
    pub(in crate::render) mute: &'static str,
    pub(in crate::render) mute_lead: fn(title: &str) -> String,
    pub(in crate::render) mute_button: &'static str,
    pub(in crate::render) muted: &'static str,
    pub(in crate::render) to_manage: &'static str,
    pub(in crate::render) nobody: Headed,
    pub(in crate::render) erased: Headed,
    pub(in crate::render) too_many_here: Headed,
    pub(in crate::render) too_many_there: Headed,
    pub(in crate::render) too_many_everywhere: Headed,
    pub(in crate::render) privacy: &'static str,
    pub(in crate::render) privacy_says: fn(site: &str, contact: &str) -> Vec<String>,
    pub(in crate::render) accessibility: &'static str,
    pub(in crate::render) accessibility_says: fn(site: &str, contact: &str) -> Statement,
}

/// What somebody's own page says.
pub(in crate::render) struct ManageWords {
    pub(in crate::render) ask_heading: &'static str,
    pub(in crate::render) ask_lead: &'static str,
    pub(in crate::render) ask_button: &'static str,
    pub(in crate::render) heading: &'static str,
    pub(in crate::render) for_address: fn(address: &str) -> String,
    pub(in crate::render) private: &'static str,
    pub(in crate::render) from_list: &'static str,
    pub(in crate::render) change: &'static str,
    pub(in crate::render) save: &'static str,
    pub(in crate::render) saved: &'static str,
    pub(in crate::render) pause: Headed,
    pub(in crate::render) pause_until: Headed,
    pub(in crate::render) pause_button: &'static str,
    pub(in crate::render) paused: fn(NaiveDate) -> String,
    /// What a yes means for a pause: it holds, or it was another address's and ends.
    pub(in crate::render) pause_holds: fn(NaiveDate) -> String,
    pub(in crate::render) pause_ends: fn(NaiveDate) -> String,
    pub(in crate::render) go_on: &'static str,
    pub(in crate::render) pause_ended: &'static str,
    pub(in crate::render) pause_invalid: &'static str,
    pub(in crate::render) mutes: Headed,
    pub(in crate::render) unmute: fn(title: &str) -> String,
    pub(in crate::render) unmuted: &'static str,
    pub(in crate::render) address: Headed,
    pub(in crate::render) new_address: &'static str,
    pub(in crate::render) address_button: &'static str,
    pub(in crate::render) data: Headed,
    pub(in crate::render) download: &'static str,
    pub(in crate::render) leave: Headed,
    pub(in crate::render) goodbye_mail: &'static str,
    pub(in crate::render) erase: Headed,
    pub(in crate::render) erase_sure: &'static str,
    pub(in crate::render) erase_button: &'static str,
    pub(in crate::render) erase_not_sure: &'static str,
}
