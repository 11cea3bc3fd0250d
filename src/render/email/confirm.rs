//! The question whether somebody really asked for it: sent once, holding nothing that a stranger typed.

use super::Rendered;
use super::digest::print;
use super::wrap::wrap;
use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;
use crate::render::words::list;
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
    subject: &'a str,
    mail: &'a ConfirmMail<'a>,
    wants: String,
    often: &'static str,
}

#[derive(Template)]
#[template(path = "email/confirm/body.txt", escape = "none")]
struct Plain<'a> {
    mail: &'a ConfirmMail<'a>,
    wants: String,
    often: &'static str,
}

/// The words of a confirmation mail.
#[must_use]
pub fn confirm(mail: &ConfirmMail) -> Rendered {
    let subject = format!("Confirm that you want updates from {}", mail.site.name);
    let wants = list(&mail.wants);
    let often = match mail.cadence {
        Some(cadence) => crate::render::wants::often(cadence),
        None => "as often as was asked for",
    };
    let html = print(&Html { subject: &subject, mail, wants: wants.clone(), often });
    let text = wrap(&print(&Plain { mail, wants, often }));
    Rendered { subject, text, html }
}
