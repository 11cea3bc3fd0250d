//! The question whether somebody really asked for it: sent once, holding nothing that a stranger typed.

use super::Rendered;
use super::digest::print;
use super::wrap::wrap;
use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;
use crate::render::words::Words;
use askama::Template;

/// What a confirmation mail says.
#[derive(Clone, PartialEq, Debug)]
pub struct ConfirmMail<'a> {
    /// Who asks.
    pub site: &'a Site,
    /// How often the reader would be mailed; `None`: now this, now that, as `wants` says.
    pub cadence: Option<Cadence>,
    /// What was chosen: "Trafford Council". Keywords are the asker's own, so a mail holds no link made of them.
    pub wants: Vec<String>,
    /// The page on which the reader says yes.
    pub confirm_url: String,
    /// Days until the link no longer works.
    pub valid_days: u32,
}

#[derive(Template)]
#[template(path = "email/confirm/body.html")]
struct Html<'a> {
    words: &'static Words,
    subject: &'a str,
    mail: &'a ConfirmMail<'a>,
    lead: String,
    days: String,
}

#[derive(Template)]
#[template(path = "email/confirm/body.txt", escape = "none")]
struct Plain<'a> {
    words: &'static Words,
    mail: &'a ConfirmMail<'a>,
    lead: String,
    days: String,
}

/// The words of a confirmation mail.
#[must_use]
pub fn confirm(mail: &ConfirmMail) -> Rendered {
    let words = Words::of(mail.site);
    let says = &words.letter;
    let subject = (says.confirm_subject)(&mail.site.name);
    let often = mail.cadence.map_or(says.as_asked, words.wants.often);
    let lead = (says.confirm_lead)(&mail.site.name, often, &(words.wants.list)(&mail.wants));
    let days = (says.confirm_days)(mail.valid_days);
    let html = print(&Html { words, subject: &subject, mail, lead: lead.clone(), days: days.clone() });
    let text = wrap(&print(&Plain { words, mail, lead, days }));
    Rendered { subject, text, html }
}
