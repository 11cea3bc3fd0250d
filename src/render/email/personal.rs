//! Letters to one person: that they are known already, the link to their own page, welcome, goodbye.
//!
//! None holds anything that a stranger typed into a form.

use super::Rendered;
use super::digest::print;
use super::wrap::wrap;
use crate::domain::item::KnownItem;
use crate::domain::occasion::Occasion;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::render::lines::line;
use crate::render::page::item_path;
use crate::render::words::day;
use crate::rules::feed::dated;
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
}

/// The words between head and foot.
struct Words {
    subject: String,
    heading: String,
    before: Vec<String>,
    list: Vec<String>,
    button: Option<(String, String)>,
    latest: Option<Latest>,
    after: Vec<String>,
}

/// An item in a few words.
struct Latest {
    from: String,
    title: String,
    /// The council's own page.
    url: String,
    /// Its page on this site.
    here: String,
    day: String,
}

impl Latest {
    fn of(site: &Site, known: &KnownItem, source: &Source) -> Self {
        Self {
            from: format!("{}: {}", source.council, source.title),
            title: line(&known.item.title),
            url: known.item.url.to_string(),
            here: site.link(&item_path(&known.source, &known.id)),
            day: day(dated(known, site.timezone).date_naive()),
        }
    }
}

#[derive(Template)]
#[template(path = "email/letter/body.html")]
struct Html<'a> {
    subject: &'a str,
    mail: &'a PersonalMail<'a>,
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "email/letter/body.txt", escape = "none")]
struct Plain<'a> {
    mail: &'a PersonalMail<'a>,
    words: &'a Words,
}

/// The words of a letter for any occasion but the question whether somebody asked, which is [`confirm`](super::confirm()),
/// and word of an outage or of a quiet month, which are [`watch`](super::watch()).
#[must_use]
pub fn personal(mail: &PersonalMail, occasion: Occasion) -> Rendered {
    let words = words(mail, occasion);
    let html = print(&Html { subject: &words.subject, mail, words: &words });
    let text = wrap(&print(&Plain { mail, words: &words }));
    Rendered { subject: words.subject, text, html }
}

fn words(mail: &PersonalMail, occasion: Occasion) -> Words {
    let name = &mail.site.name;
    let page = |label: &str| mail.manage_url.clone().map(|url| (label.to_owned(), url));
    let works = format!("The link works for {} days and is for you alone: do not pass it on.", mail.valid_days);
    let one = |paragraph: &str| vec![paragraph.to_owned()];
    let with = |subject: String, heading: &str| Words {
        subject,
        heading: heading.to_owned(),
        before: Vec::new(),
        list: Vec::new(),
        button: None,
        latest: None,
        after: Vec::new(),
    };
    match occasion {
        Occasion::Confirm { .. } | Occasion::Known | Occasion::CannotRead { .. } | Occasion::StillWatching { .. } => Words {
            before: vec![format!(
                "Somebody, we hope you, asked {name} for updates to this address. It gets updates already, about:"
            )],
            list: mail.wants.clone(),
            button: page("See or change what you get"),
            after: vec![works, "If it was not you, do nothing: nothing has changed.".to_owned()],
            ..with(format!("You already get updates from {name}"), "You already get these updates")
        },
        Occasion::Manage => Words {
            before: one("Here is the link that you asked for, to the page on which you see and change what you get."),
            button: page("See or change what you get"),
            after: vec![works, "If you did not ask for it, do nothing: nothing has changed.".to_owned()],
            ..with(format!("Your link to change updates from {name}"), "Change what you get")
        },
        Occasion::Welcome => Words {
            before: one("Thank you for confirming. From now on we write to you about:"),
            list: mail.wants.clone(),
            latest: mail.latest.map(|(known, source)| Latest::of(mail.site, known, source)),
            button: page("See or change what you get"),
            after: vec![works],
            ..with(format!("Welcome to updates from {name}"), "You are subscribed")
        },
        Occasion::Goodbye => Words {
            before: vec![
                format!("{name} sends no more updates to this address."),
                "We erase the address in four weeks. Until then we keep it in case this was a mistake.".to_owned(),
            ],
            button: Some(("Sign up again".to_owned(), mail.sign_up_url.clone())),
            ..with(format!("No more updates from {name}"), "You get no more updates")
        },
        Occasion::Moved => Words {
            before: vec![
                format!("Your updates from {name} go to another address from now on, where somebody said yes to that."),
                format!("If that was not you, write to {} at once.", mail.site.contact),
            ],
            ..with(format!("Your updates from {name} go to another address"), "Your updates go to another address")
        },
    }
}
