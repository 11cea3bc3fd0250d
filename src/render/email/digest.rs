//! The digest mail: laid out in full where it fits, then title by title, then as a number.

use super::assemble::encoded_len;
use super::view::{Room, View, view};
use super::wrap::wrap;
use super::{DigestMail, Rendered, Ways, subject};
use crate::domain::site::Site;
use crate::render::words::Words;
use askama::Template;

/// Octets of a message as sent. Gmail cuts its HTML part at 102 400, and the way to unsubscribe stands at the end.
const OCTETS_MAX: usize = 90_000;
/// Of which headers, signature and boundaries may take so many.
const HEAD_OCTETS: usize = 5_000;
/// Entries that one mail tells at most, in full and by title; nobody reads more, and the site has the rest.
const FULL_MAX: usize = 40;
const BRIEF_MAX: usize = 100;

#[derive(Template)]
#[template(path = "email/digest/body.html")]
struct Html<'a> {
    words: &'static Words,
    subject: &'a str,
    view: &'a View,
    foot: &'a Foot<'a>,
}

#[derive(Template)]
#[template(path = "email/digest/body.txt", escape = "none")]
struct Plain<'a> {
    words: &'static Words,
    view: &'a View,
    foot: &'a Foot<'a>,
}

/// The words under every digest: who sends it, why, and how to change or end it.
pub(super) struct Foot<'a> {
    pub(super) site: &'a Site,
    pub(super) you_get_this: String,
    pub(super) ways: &'a Ways,
    pub(super) site_url: &'a str,
}

/// The words of one digest; the same facts in both parts, at most 90 000 octets as sent.
#[must_use]
pub fn digest(mail: &DigestMail) -> Rendered {
    let words = Words::of(mail.site);
    let subject = subject::subject(mail);
    let foot = Foot {
        site: mail.site,
        you_get_this: (words.foot.you_get_this)((words.wants.often)(mail.cadence), &(words.wants.list)(&mail.why)),
        ways: &mail.ways,
        site_url: mail.site.url.as_str(),
    };
    let mut room = first_room(mail.len());
    loop {
        let view = view(mail, room);
        let html = print(&Html { words, subject: &subject, view: &view, foot: &foot });
        let smaller = smaller(room);
        let text = wrap(&print(&Plain { words, view: &view, foot: &foot }));
        if encoded_len(&html) + encoded_len(&text) + HEAD_OCTETS <= OCTETS_MAX || smaller == room {
            return Rendered { subject, text, html };
        }
        room = smaller;
    }
}

/// A single update may be read to its end; of forty, each gets a few lines.
fn first_room(entries: usize) -> Room {
    let excerpt_chars = match entries {
        0 | 1 => 4_000,
        2..=4 => 1_500,
        _ => 700,
    };
    Room { full: FULL_MAX, brief: BRIEF_MAX, excerpt_chars }
}

/// Less: first shorter excerpts, then fewer entries, down to none at all.
fn smaller(room: Room) -> Room {
    if room.excerpt_chars > 300 {
        Room { excerpt_chars: room.excerpt_chars / 2, ..room }
    } else {
        Room { full: room.full * 3 / 4, brief: room.brief * 3 / 4, ..room }
    }
}

#[expect(clippy::expect_used, reason = "these templates only fail where writing to a string does, and that cannot")]
pub(super) fn print(template: &impl Template) -> String {
    template.render().expect("a template prints into memory")
}
