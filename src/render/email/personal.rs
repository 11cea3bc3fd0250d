//! Letters to one person: that they are known already, whether more is to be added, the link to their own page, welcome, goodbye.
//!
//! None holds anything that a stranger typed into a form.

use super::Rendered;
use super::digest::print;
use super::wrap::wrap;
use crate::domain::item::KnownItem;
use crate::domain::occasion::Occasion;
use crate::domain::pause::Pause;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::render::lines::{line, meeting};
use crate::render::page::item_path;
use crate::render::wants::pause;
use crate::render::words::Words;
use crate::rules::day::Day;
use askama::Template;

/// What a letter to one person is made from.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonalMail<'a> {
    /// Who writes.
    pub site: &'a Site,
    /// What they get, a line each: "Trafford Council, once a week".
    pub wants: Vec<String>,
    /// Their own page; `None` where there is none any more.
    pub manage_url: Option<String>,
    /// Days until the link to it no longer works.
    pub valid_days: i64,
    /// The page on which they end it; `None` where there is nothing to end.
    pub unsubscribe_url: Option<String>,
    /// Where somebody signs up.
    pub sign_up_url: String,
    /// The newest of what they chose, with its source; in a welcome.
    pub latest: Option<(&'a KnownItem, &'a Source)>,
    /// What somebody asked to be added; in the question whether it is to be.
    pub addition: Option<Addition>,
    /// The page on which a move is taken back; in the word of one.
    pub back_url: Option<String>,
    /// The address, masked, with a link to which it was ended; where that is one that was moved from, and is still known.
    pub mailed_to: Option<String>,
    /// The page on which they take the end back; in word of one that was theirs.
    pub undo_url: Option<String>,
    /// Whether it was the people who run the site that ended it.
    pub is_by_admin: bool,
    /// What they wrote of why.
    pub reason: Option<String>,
    /// What comes at another rhythm since their yes, a sentence each; in a welcome.
    pub changed: Vec<String>,
    /// What their yes means for a pause, or meant.
    pub pause: Option<Pause>,
}

/// More, for somebody who gets updates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addition {
    /// What, a line each; none where all of it comes already.
    pub wants: Vec<String>,
    /// Whether something of it comes at another rhythm now.
    pub is_change: bool,
    /// Whether it goes to another address now, which would get no more.
    pub is_move: bool,
    /// The page on which they say yes.
    pub confirm_url: String,
    /// Days until the link to it no longer works.
    pub valid_days: i64,
}

/// What stands between head and foot.
struct Body<'a> {
    subject: String,
    heading: &'static str,
    before: Vec<String>,
    list: Vec<String>,
    button: Option<(&'static str, String)>,
    /// How long the button's link works: beside it, since other links follow.
    works: Option<String>,
    latest: Option<Latest>,
    /// What goes on whatever they do: what that is, and a line each.
    goes_on: Option<(&'static str, &'a [String])>,
    after: Vec<String>,
    /// Another link, below all that.
    also: Option<(&'static str, String)>,
}

/// An item in a few words.
struct Latest {
    from: String,
    title: String,
    /// The council's own page.
    url: String,
    /// Its page on this site, and what the link to it says.
    here: String,
    history: String,
    /// The day that it goes by, and what happened then.
    day: String,
    meeting: Option<String>,
}

impl Latest {
    fn of(words: &Words, site: &Site, known: &KnownItem, source: &Source) -> Self {
        Self {
            from: (words.layout.of_council)(&source.council, &source.title),
            title: line(&known.item.title),
            url: known.item.url.to_string(),
            here: site.link(&item_path(&known.source, &known.id)),
            history: (words.letter.history_of)(&line(&known.item.title), &site.name),
            day: (words.facts.on_its_day)(Day::of(known, site.timezone)),
            meeting: meeting(words, &known.item),
        }
    }
}

#[derive(Template)]
#[template(path = "email/letter/body.html")]
struct Html<'a> {
    subject: &'a str,
    mail: &'a PersonalMail<'a>,
    words: &'static Words,
    body: &'a Body<'a>,
}

#[derive(Template)]
#[template(path = "email/letter/body.txt", escape = "none")]
struct Plain<'a> {
    mail: &'a PersonalMail<'a>,
    words: &'static Words,
    body: &'a Body<'a>,
}

/// The words of a letter for any occasion but the question whether somebody asked, which is [`confirm`](super::confirm()),
/// and word of an outage or of a quiet month, which are [`watch`](super::watch()).
#[must_use]
pub fn personal(mail: &PersonalMail, occasion: Occasion) -> Rendered {
    let words = Words::of(mail.site);
    let body = body(words, mail, occasion);
    let html = print(&Html { subject: &body.subject, mail, words, body: &body });
    let text = wrap(&print(&Plain { mail, words, body: &body }));
    Rendered { subject: body.subject, text, html }
}

fn body<'a>(words: &Words, mail: &'a PersonalMail<'_>, occasion: Occasion) -> Body<'a> {
    let (says, name) = (&words.letter, &mail.site.name);
    let page = || mail.manage_url.clone().map(|url| (says.manage, url));
    let link_works = || Some((says.link_works)(mail.valid_days));
    let paused = || mail.pause.map(|paused| pause(mail.site, paused)).into_iter();
    let with = |subject: String, heading: &'static str, before: Vec<String>| Body::<'a> {
        subject,
        heading,
        before,
        list: Vec::new(),
        button: None,
        works: None,
        latest: None,
        goes_on: None,
        after: Vec::new(),
        also: None,
    };
    match occasion {
        Occasion::Add { .. } => {
            let of_adding = (says.add_subject, says.add_heading, says.add_button);
            let of_moving = (says.move_subject, says.move_heading, says.move_button);
            let of_changing = (says.change_subject, says.change_heading, says.change_button);
            let (asked, (subject, heading, button)) = match &mail.addition {
                Some(addition) if addition.is_move && addition.wants.is_empty() => (says.add_moves_nothing, of_moving),
                Some(addition) if addition.is_move => (says.add_moves, of_adding),
                Some(addition) if addition.is_change => (says.change, of_changing),
                _ => (says.add, of_adding),
            };
            let valid_days = mail.addition.as_ref().map_or(0, |addition| addition.valid_days);
            Body {
                list: mail.addition.iter().flat_map(|addition| addition.wants.clone()).collect(),
                button: mail.addition.as_ref().map(|addition| (button, addition.confirm_url.clone())),
                works: Some((says.add_after)(valid_days)),
                goes_on: (!mail.wants.is_empty()).then_some((says.add_goes_on, mail.wants.as_slice())),
                after: paused().collect(),
                ..with(subject(name), heading, vec![asked(name)])
            }
        }
        Occasion::Confirm { .. } | Occasion::Known | Occasion::CannotRead { .. } | Occasion::StillWatching { .. } => Body {
            list: mail.wants.clone(),
            button: page(),
            works: link_works(),
            after: vec![says.known_after.to_owned()],
            ..with((says.known_subject)(name), says.known_heading, vec![(says.known)(name)])
        },
        Occasion::Manage => Body {
            button: page(),
            works: link_works(),
            after: vec![says.link_after.to_owned()],
            ..with((says.link_subject)(name), says.link_heading, vec![says.link.to_owned()])
        },
        Occasion::Welcome => {
            let is_paused = matches!(mail.pause, Some(Pause::Holds(_)));
            let (lead, label) = if is_paused { (says.welcome_paused, says.manage_paused) } else { (says.welcome, says.manage) };
            let (subject, heading, before) = if mail.changed.is_empty() {
                ((says.welcome_subject)(name), says.welcome_heading, vec![lead.to_owned()])
            } else {
                let before = mail.changed.iter().cloned().chain([says.changed_all.to_owned()]);
                ((says.changed_subject)(name), says.changed_heading, before.collect())
            };
            Body {
                list: mail.wants.clone(),
                latest: mail.latest.map(|(known, source)| Latest::of(words, mail.site, known, source)),
                button: page().map(|(_, url)| (label, url)),
                works: link_works(),
                after: paused().collect(),
                ..with(subject, heading, before)
            }
        }
        Occasion::Goodbye => {
            let sign_up = (says.sign_up_again, mail.sign_up_url.clone());
            let undo = mail.undo_url.clone().map(|url| (says.undo, url));
            let by_admin = mail.is_by_admin.then(|| (says.goodbye_by_admin)(name, mail.reason.as_deref(), &mail.site.contact));
            let before = [(says.goodbye)(name)].into_iter().chain(by_admin).chain([says.goodbye_after.to_owned()]);
            Body {
                works: undo.is_some().then(|| says.undo_works.to_owned()),
                also: undo.is_some().then(|| sign_up.clone()),
                button: undo.or(Some(sign_up)),
                ..with((says.goodbye_subject)(name), says.goodbye_heading, before.collect())
            }
        }
        Occasion::EndedByLink { .. } => Body {
            button: Some((says.sign_up_again, mail.sign_up_url.clone())),
            ..with(
                (says.goodbye_subject)(name),
                says.goodbye_heading,
                vec![(says.goodbye)(name), (says.goodbye_by_link)(mail.mailed_to.as_deref()), says.goodbye_after.to_owned()],
            )
        },
        Occasion::Moved => Body {
            button: mail.back_url.clone().map(|url| (says.move_back, url)),
            works: mail.back_url.is_some().then(|| (says.move_back_works)(mail.valid_days)),
            after: vec![(says.moved_after)(&mail.site.contact)],
            ..with((says.moved_subject)(name), says.moved_heading, vec![(says.moved)(name)])
        },
        Occasion::MovedBack => with((says.moved_subject)(name), says.moved_heading, vec![(says.moved_back)(name)]),
    }
}
