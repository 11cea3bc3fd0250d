//! Short pages that answer a link or a button: what was done, what would be done, or why nothing was.

use super::finished;
use crate::domain::pause::Pause;
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::render::wants::pause;
use crate::render::words::Words;
use crate::render::words::kinds::Headed;
use crate::rules::token::{Purpose, TokenFault};
use askama::Template;

/// A short page in the making.
#[derive(Default)]
struct Note {
    heading: String,
    lead: Option<String>,
    list: Vec<String>,
    button: Option<Button>,
    /// What goes on whatever they do: what that is, and a line each.
    goes_on: Option<(&'static str, Vec<String>)>,
    after: Vec<String>,
    /// Headings with what stands under them.
    parts: Vec<(&'static str, Vec<String>)>,
    links: Vec<(String, String)>,
}

struct Button {
    label: &'static str,
    action: String,
    is_plain: bool,
}

#[derive(Template)]
#[template(path = "page/note.html")]
struct Page<'a> {
    site: &'a Site,
    words: &'static Words,
    note: &'a Note,
}

/// What was done, or could not be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome<'a> {
    /// A question was mailed, if it was.
    CheckInbox(&'a Address),
    /// A link was mailed, if it was.
    LinkSent(&'a Address),
    /// The yes was said.
    Confirmed {
        /// Their own page.
        manage: String,
        /// What comes at another rhythm now, and what came with that, a line each; none where nothing did.
        changed: Vec<String>,
        /// What that means for a pause.
        pause: Option<Pause>,
    },
    /// The yes had been said before.
    ConfirmedBefore,
    /// The yes had been said before, and they left.
    ConfirmedAndLeft,
    /// There is nothing to say yes to.
    RequestGone,
    /// An ending was taken back.
    Undone,
    /// It is too late for that.
    NotUndone,
    /// What had moved to another address comes here again.
    MovedBack {
        /// Their own page.
        manage: String,
    },
    /// No more news of one thing.
    Muted {
        /// Their own page.
        manage: String,
    },
    /// They get nothing that could be changed.
    Nobody,
    /// Everything about them is gone.
    Erased,
    /// Too many requests from one network.
    TooManyHere,
    /// Too many requests for the addresses of one organisation.
    TooManyThere,
    /// Too many requests from everywhere.
    TooManyEverywhere,
    /// A link that does not do what is asked of it.
    Link(TokenFault),
    /// A button on a page that somebody got to by a link, when that no longer works.
    PageTooOld,
    /// What happens with people's data.
    Privacy,
    /// Who can use the pages and mails, and who cannot.
    Accessibility,
}

/// The page that says so.
#[must_use]
pub fn outcome(site: &Site, outcome: &Outcome<'_>) -> String {
    let words = Words::of(site);
    let notes = &words.notes;
    let sign_up = || (notes.sign_up_again.to_owned(), site.path("subscribe"));
    let new_link = || (notes.new_link.to_owned(), site.path("manage"));
    let manage = |url: &String| (notes.to_manage.to_owned(), url.clone());
    let not_arrived = |purpose: Purpose| {
        let days = purpose.life().map(|life| (notes.link_works)(life.num_days()));
        notes.not_arrived.iter().map(|p| (*p).to_owned()).chain(days).collect()
    };
    let note = match outcome {
        Outcome::CheckInbox(address) => {
            let lead = (notes.sent_to)(&address.shown());
            Note {
                heading: notes.check_inbox.to_owned(),
                lead: Some(lead),
                after: not_arrived(Purpose::Confirm),
                ..Note::default()
            }
        }
        Outcome::LinkSent(address) => {
            let lead = (notes.link_sent_to)(&address.shown());
            Note {
                heading: notes.check_inbox.to_owned(),
                lead: Some(lead),
                after: not_arrived(Purpose::Manage),
                ..Note::default()
            }
        }
        Outcome::Confirmed { manage: url, changed, pause } => confirmed(site, url, changed, *pause),
        Outcome::ConfirmedBefore => Note { links: vec![new_link()], ..headed(notes.confirmed_before) },
        Outcome::ConfirmedAndLeft => Note { links: vec![sign_up()], ..headed(notes.confirmed_and_left) },
        Outcome::RequestGone => Note { links: vec![sign_up()], ..headed(notes.request_gone) },
        Outcome::Undone => Note { links: vec![(notes.to_archive.to_owned(), site.path("archive"))], ..headed(notes.undone) },
        Outcome::NotUndone => Note { links: vec![sign_up()], ..headed(notes.not_undone) },
        Outcome::MovedBack { manage: url } => {
            let to_archive = (notes.to_archive.to_owned(), site.path("archive"));
            Note { links: vec![manage(url), to_archive], ..headed(notes.moved_back) }
        }
        Outcome::Muted { manage: url } => Note { heading: notes.muted.to_owned(), links: vec![manage(url)], ..Note::default() },
        Outcome::Nobody => Note { links: vec![sign_up()], ..headed(notes.nobody) },
        Outcome::Erased => headed(notes.erased),
        Outcome::TooManyHere => headed(notes.too_many_here),
        Outcome::TooManyThere => headed(notes.too_many_there),
        Outcome::TooManyEverywhere => headed(notes.too_many_everywhere),
        Outcome::Link(TokenFault::Altered) => Note { links: vec![new_link(), sign_up()], ..headed(notes.link_altered) },
        Outcome::Link(TokenFault::OtherPurpose) => Note { links: vec![new_link()], ..headed(notes.link_for_other) },
        Outcome::PageTooOld => Note { links: vec![new_link(), sign_up()], ..headed(notes.page_too_old) },
        Outcome::Link(TokenFault::Expired) => Note { links: vec![new_link(), sign_up()], ..headed(notes.link_expired) },
        Outcome::Privacy => {
            let after = (notes.privacy_says)(&site.name, &site.contact);
            Note { heading: notes.privacy.to_owned(), after, links: vec![new_link()], ..Note::default() }
        }
        Outcome::Accessibility => {
            let (lead, parts) = (notes.accessibility_says)(&site.name, &site.contact);
            Note { heading: notes.accessibility.to_owned(), lead: Some(lead), parts, ..Note::default() }
        }
    };
    page(site, &note)
}

/// What the answer to a yes says.
fn confirmed(site: &Site, manage: &str, changed: &[String], paused: Option<Pause>) -> Note {
    let notes = &Words::of(site).notes;
    let after = paused.map(|paused| pause(site, paused)).into_iter().collect();
    let is_paused = matches!(paused, Some(Pause::Holds(_)));
    let (heading, lead) = notes.confirmed;
    let (lead, label) = if is_paused { (notes.confirmed_paused, notes.end_pause) } else { (lead, notes.to_manage) };
    let headline = if changed.is_empty() { (heading, lead) } else { notes.changed };
    Note { list: changed.to_vec(), after, links: vec![(label.to_owned(), manage.to_owned())], ..headed(headline) }
}

fn headed((heading, lead): Headed) -> Note {
    Note { heading: heading.to_owned(), lead: Some(lead.to_owned()), ..Note::default() }
}

fn page(site: &Site, note: &Note) -> String {
    finished(&Page { site, words: Words::of(site), note })
}

/// What a question asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Whether they want what was asked for.
    Confirm {
        /// What, a line each; none where the address gets all of it already.
        asks: Vec<String>,
        /// Whether something of it comes at another rhythm now.
        is_change: bool,
        /// What the address gets already, and goes on.
        gets: Vec<String>,
        /// Whether it goes to another address now, which would get no more.
        is_move: bool,
        /// What a yes means for a pause.
        pause: Option<Pause>,
    },
    /// Whether they want to hear no more of something: what it is called.
    Mute(String),
    /// Whether a move to another address is to be taken back.
    MoveBack {
        /// What would come back, a line each.
        asks: Vec<String>,
        /// Whether the other address gets no more of it.
        ends_elsewhere: bool,
    },
}

/// The page behind a link that acts: a button that posts to `action`. The address is masked, because mails are forwarded
/// with the links that they hold.
#[must_use]
pub fn question(site: &Site, question: Question, address: &Address, action: &str) -> String {
    let notes = &Words::of(site).notes;
    let button = |label| Some(Button { label, action: action.to_owned(), is_plain: false });
    let note = match question {
        Question::Confirm { asks, is_change, gets, is_move, pause: paused } => {
            let lead = match (is_move, gets.is_empty()) {
                (false, _) if is_change => notes.confirm_change_lead,
                (true, true) => notes.confirm_move_lead,
                (true, false) if asks.is_empty() => notes.confirm_join_nothing_lead,
                (true, false) => notes.confirm_join_lead,
                (false, true) => notes.confirm_lead,
                (false, false) => notes.confirm_add_lead,
            };
            let (heading, label) = if is_change {
                (notes.confirm_change, notes.confirm_change_button)
            } else {
                (notes.confirm, notes.confirm_button)
            };
            Note {
                heading: heading.to_owned(),
                lead: Some(lead(&address.masked())),
                list: asks,
                button: button(label),
                goes_on: (!gets.is_empty()).then_some((notes.goes_on, gets)),
                after: paused.map(|paused| pause(site, paused)).into_iter().chain([notes.nothing_yet.to_owned()]).collect(),
                ..Note::default()
            }
        }
        Question::MoveBack { asks, ends_elsewhere } => {
            let after = ends_elsewhere.then_some(notes.move_back_ends).into_iter().chain([notes.nothing_yet]);
            Note {
                heading: notes.move_back.to_owned(),
                lead: Some((notes.move_back_lead)(&address.masked())),
                list: asks,
                button: button(notes.move_back_button),
                after: after.map(str::to_owned).collect(),
                ..Note::default()
            }
        }
        Question::Mute(title) => Note {
            heading: notes.mute.to_owned(),
            lead: Some((notes.mute_lead)(&title)),
            button: button(notes.mute_button),
            after: vec![notes.nothing_yet.to_owned()],
            ..Note::default()
        },
    };
    page(site, &note)
}

/// Where somebody stands who follows the link at the end of a mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Gets mail: the page asks, and its button posts there.
    Subscribed {
        /// Where.
        action: String,
        /// Whether what moved from here to another address ends there too.
        elsewhere: bool,
    },
    /// Gets none any more: the page says so.
    Ended {
        /// Where a button posts that takes it back; `None` where it is too late for that, or not theirs to do.
        undo: Option<String>,
        /// Whether what moved from here to another address has ended there too.
        elsewhere: bool,
        /// Whether one last mail is to say so.
        is_told: bool,
    },
    /// Gets none, and nothing is held about them any more.
    Erased,
    /// Gets none here: the mail goes to another address of theirs. The page asks whether it is to end there.
    Elsewhere {
        /// Where its button posts.
        action: String,
    },
    /// Moved to another address, and gets none there any more either.
    EndedElsewhere {
        /// Where a button posts that takes it back, where that is possible.
        undo: Option<String>,
    },
}

/// The page behind the link at the end of a mail. The address is masked, because mails are forwarded with their links.
#[must_use]
pub fn unsubscribe(site: &Site, address: Option<&Address>, standing: Standing) -> String {
    let notes = &Words::of(site).notes;
    let address = address.map(Address::masked);
    let to_feeds = || (notes.to_feeds.to_owned(), format!("{}#feeds", site.path("")));
    let ended = |undo: Option<String>, after: &[&str]| Note {
        heading: notes.unsubscribed.to_owned(),
        lead: Some((notes.unsubscribed_lead)(address.as_deref())),
        button: undo.map(|action| Button { label: notes.undo, action, is_plain: true }),
        after: after.iter().map(|after| (*after).to_owned()).collect(),
        links: vec![to_feeds()],
        ..Note::default()
    };
    let note = match standing {
        Standing::Subscribed { action, elsewhere } => Note {
            heading: notes.unsubscribe.to_owned(),
            lead: Some((notes.unsubscribe_lead)(address.as_deref())),
            button: Some(Button { label: notes.unsubscribe_button, action, is_plain: false }),
            after: elsewhere
                .then_some(notes.unsubscribe_also_elsewhere)
                .into_iter()
                .chain([notes.nothing_yet])
                .map(str::to_owned)
                .collect(),
            links: vec![(notes.to_manage.to_owned(), site.path("manage"))],
            ..Note::default()
        },
        Standing::Ended { undo, is_told: true, .. } => Note {
            lead: Some((notes.unsubscribed_told_lead)(address.as_deref())),
            ..ended(undo, &[notes.last_mail, notes.on_its_way])
        },
        Standing::Ended { undo, elsewhere: false, .. } => ended(undo, &[notes.on_its_way]),
        Standing::Ended { undo, elsewhere: true, .. } => ended(undo, &[notes.unsubscribed_also_elsewhere, notes.on_its_way]),
        Standing::Erased => ended(None, &[notes.on_its_way_to_nobody]),
        Standing::Elsewhere { action } => Note {
            heading: notes.unsubscribe.to_owned(),
            lead: Some(notes.unsubscribe_elsewhere.to_owned()),
            button: Some(Button { label: notes.unsubscribe_button, action, is_plain: false }),
            after: vec![notes.nothing_yet.to_owned()],
            links: vec![(notes.to_manage.to_owned(), site.path("manage"))],
            ..Note::default()
        },
        Standing::EndedElsewhere { undo } => {
            Note { lead: Some(notes.unsubscribed_elsewhere.to_owned()), ..ended(undo, &[notes.on_its_way]) }
        }
    };
    page(site, &note)
}
