//! The digest mail: laid out in full where it fits, then title by title, then as a number. Where not all of it fits, the room is
//! filled: with what matters most, and as much of each as goes in.

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
/// Entries that are told in full before others have longer excerpts, and those that are told by title at most: nobody reads more, and
/// the site has the rest.
const FULL_FIRST: usize = 40;
const BRIEF_MAX: usize = 100;
/// Excerpts are as short as this before fewer entries have one…
const EXCERPT_CHARS_MIN: usize = 150;
/// …and longer by so many at a time.
const EXCERPT_STEP: usize = 50;

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
    let order = mail.by_importance();
    let written = |room: Room| {
        let view = view(mail, &order, room);
        let html = print(&Html { words, subject: &subject, view: &view, foot: &foot });
        let text = wrap(&print(&Plain { words, view: &view, foot: &foot }));
        let fits = encoded_len(&html) + encoded_len(&text) + HEAD_OCTETS <= OCTETS_MAX;
        (Rendered { subject: subject.clone(), text, html }, fits)
    };
    filled(mail.len(), written)
}

/// What is `written` into as much room as fits, of so many entries.
fn filled(entries: usize, written: impl Fn(Room) -> (Rendered, bool)) -> Rendered {
    let fitting = |room: Room| Some(written(room)).filter(|(_, fits)| *fits).map(|(rendered, _)| rendered);
    let full = entries.min(FULL_FIRST);
    let usual = Room { full, brief: BRIEF_MAX, excerpt_chars: excerpt_chars(entries) };
    if let Some(rendered) = fitting(usual) {
        let more = if entries > full { largest(full + 1, entries + 1, |full| fitting(Room { full, ..usual })) } else { None };
        return more.unwrap_or(rendered);
    }
    let shortest = Room { excerpt_chars: EXCERPT_CHARS_MIN, ..usual };
    let steps = (usual.excerpt_chars - EXCERPT_CHARS_MIN).div_ceil(EXCERPT_STEP);
    let longer = |step| Room { excerpt_chars: EXCERPT_CHARS_MIN + step * EXCERPT_STEP, ..usual };
    largest(0, steps, |step| fitting(longer(step)))
        .or_else(|| largest(0, full, |full| fitting(Room { full, ..shortest })))
        .or_else(|| largest(0, BRIEF_MAX, |brief| fitting(Room { full: 0, brief, ..shortest })))
        .unwrap_or_else(|| written(Room { full: 0, brief: 0, ..shortest }).0)
}

/// The largest that fits, from `least` on and below `bound`, where more takes more room; `None` where not even the least does.
fn largest(least: usize, bound: usize, fitting: impl Fn(usize) -> Option<Rendered>) -> Option<Rendered> {
    let mut best = fitting(least)?;
    let (mut fits, mut bound) = (least, bound);
    while bound - fits > 1 {
        let between = fits.midpoint(bound);
        match fitting(between) {
            Some(rendered) => (best, fits) = (rendered, between),
            None => bound = between,
        }
    }
    Some(best)
}

/// A single update may be read to its end; of forty, each gets a few lines.
fn excerpt_chars(entries: usize) -> usize {
    match entries {
        0 | 1 => 4_000,
        2..=4 => 1_500,
        _ => 700,
    }
}

#[expect(clippy::expect_used, reason = "these templates only fail where writing to a string does, and that cannot")]
pub(super) fn print(template: &impl Template) -> String {
    template.render().expect("a template prints into memory")
}
