//! The question whether somebody really asked for it: sent once, holding nothing that a stranger typed.

use super::Rendered;
use super::digest::print;
use super::wrap::wrap;
use crate::domain::pause::Pause;
use crate::domain::site::Site;
use crate::render::wants::pause;
use crate::render::words::Words;
use askama::Template;

/// What a confirmation mail says.
#[derive(Clone, PartialEq, Debug)]
pub struct ConfirmMail<'a> {
    /// Who asks.
    pub site: &'a Site,
    /// What was chosen and how often, a line each. Keywords are the asker's own, so none of them is among it.
    pub wants: Vec<String>,
    /// The page on which the reader says yes.
    pub confirm_url: String,
    /// Days until the link no longer works.
    pub valid_days: u32,
    /// Whether it goes to another address now, which would get no more.
    pub is_move: bool,
    /// What a yes means for a pause.
    pub pause: Option<Pause>,
}

/// The words in their places.
struct Says {
    heading: &'static str,
    lead: String,
    /// What a yes means beside the list below that.
    means: Option<&'static str>,
    button: &'static str,
    after: Vec<String>,
}

#[derive(Template)]
#[template(path = "email/confirm/body.html")]
struct Html<'a> {
    words: &'static Words,
    subject: &'a str,
    mail: &'a ConfirmMail<'a>,
    says: &'a Says,
}

#[derive(Template)]
#[template(path = "email/confirm/body.txt", escape = "none")]
struct Plain<'a> {
    words: &'static Words,
    mail: &'a ConfirmMail<'a>,
    says: &'a Says,
}

/// The words of a confirmation mail.
#[must_use]
pub fn confirm(mail: &ConfirmMail) -> Rendered {
    let words = Words::of(mail.site);
    let says = &words.letter;
    let site = &mail.site.name;
    let (subject, heading, lead, button) = if mail.is_move {
        ((says.move_subject)(site), says.move_heading, (says.move_lead)(site), says.move_button)
    } else {
        ((says.confirm_subject)(site), says.confirm_heading, (says.confirm_lead)(site), says.confirm_button)
    };
    let means = mail.is_move.then_some(says.move_means);
    let paused = mail.pause.map(|paused| pause(mail.site, paused));
    let after = paused.into_iter().chain([(says.confirm_days)(mail.valid_days)]).collect();
    let says = Says { heading, lead, means, button, after };
    let html = print(&Html { words, subject: &subject, mail, says: &says });
    let text = wrap(&print(&Plain { words, mail, says: &says }));
    Rendered { subject, text, html }
}
