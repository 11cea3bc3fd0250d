//! Somebody's own page: what they get, and all that they can do about it.

use super::choose::{Form, Offer, consent_to_change, form, in_mails};
use super::finished;
use crate::domain::choice::Choice;
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::render::wants::in_lines;
use crate::render::words::Words;
use crate::rules::signup::{Filled, Wrong};
use askama::Template;
use chrono::NaiveDate;

/// What is known of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own<'a> {
    /// Where mail goes; shown masked.
    pub address: &'a Address,
    /// What they get by their own hand.
    pub choice: &'a Choice,
    /// What a list says that they get.
    pub listed: &'a Choice,
    /// Whether they want word once a month where there is no news.
    pub monthly: bool,
    /// The first day after the pause.
    pub paused_until: Option<NaiveDate>,
    /// What they hear no more of: what it is called, and where a button posts that ends that.
    pub mutes: &'a [(String, String)],
    /// Where the forms of the page post, without what each adds.
    pub action: &'a str,
}

/// What their last button did, or what was wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The choice is saved.
    Saved,
    /// The pause has ended.
    GoesOn,
    /// Something is heard of again.
    Unmuted,
    /// The day is none that a pause can last until.
    NoSuchDay,
    /// The box was not ticked.
    NotSure,
}

struct View {
    done: Option<&'static str>,
    for_address: String,
    wants: Vec<String>,
    paused: Option<String>,
    mutes: Vec<(String, String)>,
    action: String,
}

#[derive(Template)]
#[template(path = "page/manage.html")]
struct Manage<'a> {
    site: &'a Site,
    words: &'static Words,
    form: Form,
    view: View,
    consent: String,
}

/// Their page, with what was filled in where something was `wrong` with that.
#[must_use]
pub fn manage(
    site: &Site,
    offer: &Offer<'_>,
    sources: &[crate::domain::source::Source],
    own: &Own<'_>,
    filled: Option<&Filled>,
    wrong: &[Wrong],
    answer: Option<Answer>,
) -> String {
    let words = Words::of(site);
    let says = &words.manage;
    let mut now = Filled::of(own.choice, offer.catalogue);
    now.monthly = own.monthly;
    let mut form = form(site, offer, filled.unwrap_or(&now), wrong);
    form.estimate = (!own.choice.is_empty()).then(|| in_mails(site, offer, own.choice));
    let mut done = None;
    match answer {
        Some(Answer::Saved) => done = Some(says.saved),
        Some(Answer::GoesOn) => done = Some(says.pause_ended),
        Some(Answer::Unmuted) => done = Some(says.unmuted),
        Some(Answer::NoSuchDay) => form.faults.push(("until", says.pause_invalid)),
        Some(Answer::NotSure) => form.faults.push(("sure", says.erase_not_sure)),
        None => {}
    }
    let mut all = in_lines(site, own.choice, false, sources);
    all.extend(in_lines(site, own.listed, false, sources).into_iter().map(|line| format!("{line} ({})", says.from_list)));
    all.extend(in_lines(site, &Choice::default(), own.monthly, sources));
    let view = View {
        done,
        for_address: (says.for_address)(&own.address.masked()),
        wants: all,
        paused: own.paused_until.map(says.paused),
        mutes: own.mutes.iter().map(|(title, action)| ((says.unmute)(title), action.clone())).collect(),
        action: own.action.to_owned(),
    };
    finished(&Manage { site, words, form, view, consent: consent_to_change(site).text })
}
