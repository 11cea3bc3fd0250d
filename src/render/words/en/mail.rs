//! Mails, in English.

use super::super::kinds::{DigestWords, FootWords, LetterWords, Readable, WantsWords, WatchWords};
use super::super::{count, list};
use crate::domain::item::Change;
use crate::domain::subscriber::Cadence;
use crate::rules::revision::Turn;

pub(in crate::render::words) const WANTS: WantsWords = WantsWords {
    often: |cadence| match cadence {
        Cadence::Immediate => "as soon as something is published",
        Cadence::Daily => "once a day",
        Cadence::Weekly => "once a week",
    },
    instead: |what, to, from| format!("{what}, {to} instead of {from}"),
    changed: |what, to, from| format!("Your updates about {what} now come {to} instead of {from}."),
    everything: "every council and page that we watch",
    source: |title, council| format!("“{title}” of {council}"),
    topic: |topic| format!("the topic “{topic}”"),
    keyword: |words| {
        let what = if words.split_whitespace().nth(1).is_some() { "words" } else { "word" };
        format!("the {what} “{words}”")
    },
    own_words: "words of your own choice",
    monthly: "how the pages are doing, once a month where there was no news",
    list,
};

pub(in crate::render::words) const DIGEST: DigestWords = DigestWords {
    nothing_new: |site| format!("{site}: nothing new"),
    first_and_more: |first, more| format!("{first} and {more} more"),
    told: |change| match change {
        Change::New => "",
        Change::Revised => "changed: ",
        Change::Withdrawn => "withdrawn: ",
        Change::Returned => "published again: ",
    },
    told_turn: |turn| match turn {
        Turn::CalledOff => "cancelled: ",
        Turn::OnAgain => "no longer cancelled: ",
        Turn::Withdrawn => "withdrawn: ",
        Turn::Restored => "no longer withdrawn: ",
    },
    label_turn: |turn| match turn {
        Turn::CalledOff => "Cancelled",
        Turn::OnAgain => "No longer cancelled",
        Turn::Withdrawn => "Withdrawn",
        Turn::Restored => "No longer withdrawn",
    },
    label: |change| match change {
        Change::New => "New",
        Change::Revised => "Changed",
        Change::Withdrawn => "Withdrawn",
        Change::Returned => "Published again",
    },
    updates_from: |updates, councils| {
        let whose = if councils.len() > 4 { count(councils.len(), "council") } else { list(councils) };
        format!("{} from {whose}", count(updates, "update"))
    },
    intro: |cadence, site, counts| {
        let kind = match cadence {
            Cadence::Immediate => "An update",
            Cadence::Daily => "Your daily digest",
            Cadence::Weekly => "Your weekly digest",
        };
        format!("{kind} from {site}: {counts}.")
    },
    counted: |change, n| {
        let word = match change {
            Change::New => "new",
            Change::Revised => "changed",
            Change::Withdrawn => "withdrawn",
            Change::Returned => "published again",
        };
        format!("{n} {word}")
    },
    and_more: |n| format!("and {n} more"),
    more_decisions: |n| format!("and {n} more {}", if n == 1 { "decision" } else { "decisions" }),
    more_documents: |n| format!("and {n} more {}", if n == 1 { "document" } else { "documents" }),
    gone: "No longer published",
    noticed_on: |day| format!("noticed on {day}"),
    published: "Published",
    meeting: "Meeting",
    papers: "Papers",
    next_meeting: "Next meeting",
    promised: "Promised",
    from: "From",
    what_changed: "What changed",
    before: "Before",
    now: "Now",
    added: "Added",
    decisions: "Decisions",
    other_decisions: "Other decisions",
    how_it_begins: "How it begins",
    what_it_says: "What it says",
    how_it_began: "How it began",
    what_it_said: "What it said",
    where_it_stood: "Where it stood on the council’s site",
    where_it_stood_of: |title| format!("Where “{title}” stood on the council’s site"),
    documents: "Documents",
    history: "History, evidence and feeds",
    history_of: |title, site| format!("History, evidence and feeds of “{title}” on {site}"),
    mute: "Hear no more of it",
    to_mute: "To hear no more of it",
    also: "Also",
    see: ("see", "the archive"),
};

/// What to do about a page that we cannot read.
const LOOK_THERE: &str = "Please look at the council’s own page from time to time. We keep trying.";

/// Those that could be read, where there are some.
fn the_others(of: &Readable) -> &'static str {
    if of.pages - of.unread == 1 { "the other" } else { "the others" }
}

pub(in crate::render::words) const WATCH: WatchWords = WatchWords {
    still_subject: |of, since, today| match (of.pages, of.unread) {
        (_, 0) => format!("Still watching, nothing new since {since}"),
        (1, _) => format!("The page that you follow could not be read on {today}"),
        (pages, unread) if unread < pages => {
            format!("{unread} of {pages} pages could not be read; nothing new on {} since {since}", the_others(of))
        }
        (pages, _) => format!("None of the {pages} pages that you follow could be read on {today}"),
    },
    still_heading: |of| match (of.pages, of.unread) {
        (_, 0) => "Still watching, nothing new".to_owned(),
        (1, _) => "The page that you follow could not be read".to_owned(),
        (pages, unread) if unread < pages => format!("{unread} of {pages} pages could not be read"),
        (pages, _) => format!("None of the {pages} pages that you follow could be read"),
    },
    still: |of, since| match (of.pages, of.unread) {
        (1, 0) => vec![format!("Since {since} we have seen nothing new, changed or withdrawn on the page that you follow.")],
        (pages, 0) => {
            vec![format!("Since {since} we have seen nothing new, changed or withdrawn on the {pages} pages that you follow.")]
        }
        (1, _) => vec![
            "The page that you follow could not be read when we last tried, so we do not know whether anything new is there."
                .to_owned(),
            LOOK_THERE.to_owned(),
        ],
        (pages, unread) if unread < pages => vec![
            format!(
                "Of the {pages} pages that you follow, {unread} could not be read when we last tried, so we do not know whether anything new is there. On {} we have seen nothing new, changed or withdrawn since {since}.",
                the_others(of)
            ),
            LOOK_THERE.to_owned(),
        ],
        (pages, _) => vec![
            format!(
                "None of the {pages} pages that you follow could be read when we last tried, so we do not know whether anything new is there."
            ),
            LOOK_THERE.to_owned(),
        ],
    },
    this_is_how: |pages| if pages == 1 { "This is how it is doing:" } else { "This is how they are doing:" },
    still_often: "at most once a month, when there was no news",
    cannot_subject: |first, more, since| match more {
        0 => format!("{first} has not been readable since {since}"),
        more => format!("{first} and {more} more have not been readable"),
    },
    cannot_heading: |pages| {
        if pages == 1 { "A page that you follow cannot be read" } else { "Pages that you follow cannot be read" }
    },
    cannot: [
        "We do not know whether anything new is there. Please look at the council’s own page from time to time.",
        "We keep trying, and write as usual when it can be read again. We tell you this once.",
    ],
    cannot_often: "once for each page that cannot be read for long",
    and_more: |n| format!("and {n} more"),
    status: ("The", "status page", "says at any time how each page is doing."),
    to_status: "How each page is doing, at any time",
};

pub(in crate::render::words) const FOOT: FootWords = FootWords {
    you_get_this: |how_often, why| {
        let why = if why.is_empty() { String::new() } else { format!(" Why: {why}.") };
        format!("You get this {how_often}.{why}")
    },
    told_before: |what, day, has_chosen| {
        let since = if has_chosen { ", before you changed what you get" } else { "" };
        format!("we told you of {} on {day}{since}", what.unwrap_or("this"))
    },
    others: |n| if n == 1 { "1 other".to_owned() } else { format!("{n} others") },
    for_you_alone: "These links are for you alone. If you pass this mail on, take them out.",
    manage: "See or change what you get",
    to_manage: "To see or change what you get",
    or_unsubscribe: (", or", "unsubscribe", ", at any time."),
    unsubscribe: ("Unsubscribe", "at any time."),
    to_unsubscribe: "To unsubscribe at any time",
    sent_by: "Sent by",
    not_the_councils: ", which is not run by the councils.",
    questions: "Questions",
    privacy: "How we look after your data",
    licence: ("Contains public sector information licensed under the", "Open Government Licence v3.0"),
};

pub(in crate::render::words) const LETTER: LetterWords = LetterWords {
    confirm_subject: |site| format!("Confirm that you want updates from {site}"),
    confirm_heading: "Do you want these updates?",
    confirm_lead: |site| format!("Somebody, we hope you, asked {site} to write to this address about:"),
    confirm_button: "Yes, send me updates",
    move_subject: |site| format!("Confirm that your updates from {site} go to this address"),
    move_heading: "Do you want your updates here?",
    move_lead: |site| format!("Somebody, we hope you, asked {site} to send to this address what goes to another address now:"),
    move_means: "If you say yes, the other address gets no more.",
    move_button: "Yes, send them here",
    confirm_days: |days| {
        format!("The link works for {days} days. If it was not you, do nothing: without your yes we do not write again.")
    },
    manage: "See or change what you get",
    link_works: |days| format!("The link works for {days} days and is for you alone: do not pass it on."),
    known_subject: |site| format!("You already get updates from {site}"),
    known_heading: "You already get these updates",
    known: |site| format!("Somebody, we hope you, asked {site} for updates to this address. It gets updates already, about:"),
    known_after: "If it was not you, do nothing: nothing has changed.",
    add_subject: |site| format!("Confirm what to add to your updates from {site}"),
    add_heading: "Do you want these updates too?",
    add: |site| {
        format!(
            "Somebody, we hope you, asked {site} for more updates to this address. They are not added until you say yes. You asked for:"
        )
    },
    add_moves: |site| {
        format!(
            "Somebody, we hope you, asked {site} to send to this address what goes to another address now. This address gets updates already. If you say yes, the other address gets no more, and these are added here:"
        )
    },
    add_moves_nothing: |site| {
        format!(
            "Somebody, we hope you, asked {site} to send to this address what goes to another address now. All of it comes to this address already. If you say yes, the other address gets no more."
        )
    },
    add_button: "Yes, add these",
    change_subject: |site| format!("Confirm a change to your updates from {site}"),
    change_heading: "Do you want this change?",
    change: |site| {
        format!(
            "Somebody, we hope you, asked {site} to change what this address gets. Nothing changes until you say yes. You asked for:"
        )
    },
    change_button: "Yes, change it",
    add_goes_on: "What you get already goes on, whatever you answer:",
    add_after: |days| {
        format!("The link works for {days} days and is for you alone. If it was not you, do nothing: nothing changes.")
    },
    link_subject: |site| format!("Your link to change updates from {site}"),
    link_heading: "Change what you get",
    link: "Here is the link that you asked for, to the page on which you see and change what you get.",
    link_after: "If you did not ask for it, do nothing: nothing has changed.",
    welcome_subject: |site| format!("Welcome to updates from {site}"),
    welcome_heading: "You are subscribed",
    welcome: "Thank you for confirming. From now on we write to you about:",
    welcome_paused: "Thank you for confirming. When your pause is over, we write to you about:",
    manage_paused: "End the pause, or change what you get",
    changed_subject: |site| format!("Your updates from {site} have changed"),
    changed_heading: "Your updates have changed",
    changed_all: "This is all that you get now:",
    latest: "The latest of it so far",
    history: "History and evidence",
    history_of: |title, site| format!("History and evidence of “{title}” on {site}"),
    goodbye_subject: |site| format!("No more updates from {site}"),
    goodbye_heading: "You get no more updates",
    goodbye: |site| format!("{site} sends no more updates to this address."),
    goodbye_after: "We erase the address in four weeks. Until then we keep it in case this was a mistake.",
    undo: "Undo: go on sending me updates",
    undo_works: "You can undo it for a day. The link is for you alone.",
    goodbye_by_admin: |site, reason, contact| match reason {
        Some(reason) => format!(
            "They were ended by the people who run {site}, not by you. The reason that they give: “{reason}” If you want to answer, write to {contact}."
        ),
        None => format!("They were ended by the people who run {site}, not by you. If you want to know why, write to {contact}."),
    },
    goodbye_by_link: |mailed_to| {
        let address = mailed_to.map(|address| format!("{address}, ")).unwrap_or_default();
        format!(
            "They were ended with the unsubscribe link of a mail to {address}the address from which they had been moved here. If that was not you, sign up again: the links of mails to that address do not end what you sign up for anew."
        )
    },
    sign_up_again: "Sign up again",
    moved_subject: |site| format!("Your updates from {site} go to another address"),
    moved_heading: "Your updates go to another address",
    moved: |site| format!("Your updates from {site} go to another address from now on, where somebody said yes to that."),
    moved_after: |contact| format!("If that was not you and you need help, write to {contact}."),
    move_back: "That was not me: bring them back",
    move_back_works: |days| {
        format!("The link works for {days} days and is for you alone. If it was you, there is nothing to do.")
    },
    moved_back: |site| {
        format!(
            "Your updates from {site} go back to the address from which they had been moved to this one: its owner asked for that."
        )
    },
};
