//! The form on which somebody chooses what to hear about and how often, as the page for signing up and the page of somebody
//! who is subscribed show it.

use super::finished;
use crate::domain::choice::Choice;
use crate::domain::consent::Wording;
use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;
use crate::domain::text::Text;
use crate::render::words::{PaceWords, Words};
use crate::rules::estimate::{self, Pace, Past};
use crate::rules::signup::{ADDRESS, Catalogue, EVERYTHING, Filled, KEYWORDS_OFTEN, Wrong};
use askama::Template;

/// A box that somebody ticks, and a field in which they say how often that alone.
pub(super) struct Row {
    pub(super) field: String,
    pub(super) label: String,
    /// The same where nothing around it says of which council.
    pub(super) full_label: String,
    pub(super) hint: Option<String>,
    pub(super) is_ticked: bool,
    /// Where it is not as often as the rest.
    own: Option<Cadence>,
}

impl Row {
    pub(super) fn is_own(&self, value: &str) -> bool {
        self.own.map_or("", Cadence::as_str) == value
    }
}

pub(super) struct CouncilRows {
    pub(super) row: Row,
    pub(super) single_pages: String,
    pub(super) pages: Vec<Row>,
    pub(super) is_open: bool,
}

/// Fields of one kind in which somebody says how often each alone.
pub(super) struct OwnRows<'a> {
    pub(super) heading: &'static str,
    pub(super) rows: Vec<&'a Row>,
}

/// The form with what is filled in and what is wrong with that.
pub(super) struct Form {
    pub(super) address: String,
    pub(super) everything: Row,
    pub(super) councils: Vec<CouncilRows>,
    pub(super) topics: Vec<Row>,
    pub(super) keywords: String,
    pub(super) keywords_often: Row,
    common: Cadence,
    pub(super) monthly: bool,
    /// Field, and what is wrong.
    pub(super) faults: Vec<(&'static str, &'static str)>,
    /// What the choice means in mails.
    pub(super) estimate: Option<String>,
}

impl Form {
    pub(super) fn is_common(&self, value: &str) -> bool {
        self.common.as_str() == value
    }

    /// Whether anything is chosen at another cadence than the rest.
    pub(super) fn has_own(&self) -> bool {
        let councils = self.councils.iter().flat_map(|council| std::iter::once(&council.row).chain(&council.pages));
        let mut rows = [&self.everything, &self.keywords_often].into_iter().chain(councils).chain(&self.topics);
        rows.any(|row| row.own.is_some())
    }

    /// Everything that can be had at a cadence of its own.
    pub(super) fn own_rows(&self, words: &Words) -> Vec<OwnRows<'_>> {
        let councils = self.councils.iter().flat_map(|council| std::iter::once(&council.row).chain(&council.pages));
        let of = |heading, rows: Vec<_>| OwnRows { heading, rows };
        let all = [
            of(words.choose.everything.0, vec![&self.everything]),
            of(words.choose.councils.0, councils.collect()),
            of(words.choose.topics.0, self.topics.iter().collect()),
        ];
        all.into_iter().filter(|of| !of.rows.is_empty()).collect()
    }

    pub(super) fn fault(&self, field: &str) -> Option<&'static str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, fault)| *fault)
    }
}

/// What a form is made from.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// What there is to choose from.
    pub catalogue: &'a Catalogue,
    /// What was published lately.
    pub past: &'a [Past],
}

pub(super) fn form(site: &Site, offer: &Offer<'_>, filled: &Filled, wrong: &[Wrong]) -> Form {
    let words = Words::of(site);
    let row = |field: &str, label: &str| {
        let updates = offer.catalogue.interests(field).map(|interests| estimate::updates(offer.past, &interests));
        Row {
            field: field.to_owned(),
            label: label.to_owned(),
            full_label: label.to_owned(),
            hint: updates.map(|updates| pace(&words.choose.updates, updates)),
            is_ticked: filled.often(field).is_some(),
            own: filled.own(field),
        }
    };
    let councils = offer.catalogue.councils.iter().map(|council| {
        // One page is the whole council, but for who chose it when there were more: what is not shown would not be saved.
        let is_chosen = |field: &String| filled.often(field).is_some() || filled.own(field).is_some();
        let are_apart = council.pages.len() > 1 || council.pages.iter().any(|(_, field)| is_chosen(field));
        let pages = if are_apart { council.pages.as_slice() } else { &[] };
        let pages: Vec<Row> = pages
            .iter()
            .map(|(title, field)| Row { full_label: (words.layout.of_council)(&council.name, title), ..row(field, title) })
            .collect();
        CouncilRows {
            row: row(&council.field, &council.name),
            single_pages: (words.choose.single_pages)(&council.name, pages.len()),
            is_open: pages.iter().any(|page| page.is_ticked),
            pages,
        }
    });
    let mut topics: Vec<(String, &String)> =
        offer.catalogue.topics.iter().map(|(slug, field)| (Text::line(&site.topic(slug)).to_string(), field)).collect();
    topics.sort();
    Form {
        address: filled.address.clone(),
        everything: row(EVERYTHING, words.choose.everything_label),
        councils: councils.collect(),
        topics: topics.iter().map(|(name, field)| row(field, name)).collect(),
        keywords: filled.keywords.clone(),
        keywords_often: Row { hint: None, ..row(KEYWORDS_OFTEN, "") },
        common: filled.common(),
        monthly: filled.monthly,
        faults: wrong.iter().map(|wrong| (wrong.field(), said(words, *wrong))).collect(),
        estimate: None,
    }
}

/// What a choice means in mails.
pub(super) fn in_mails(site: &Site, offer: &Offer<'_>, choice: &Choice) -> String {
    let words = Words::of(site);
    (words.choose.estimate)(&pace(&words.choose.mails, estimate::mails(offer.past, choice, site.timezone)))
}

fn pace(says: &PaceWords, in_a_quarter: usize) -> String {
    match estimate::pace(in_a_quarter) {
        Pace::None => says.hardly_any.to_owned(),
        Pace::Rarely => says.rarely.to_owned(),
        Pace::AMonth(n) => (says.a_month)(n),
        Pace::AWeek(n) => (says.a_week)(n),
    }
}

fn said(words: &Words, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::AddressMissing => words.choose.address_missing,
        Wrong::AddressInvalid => words.choose.address_invalid,
        Wrong::AddressOurs => words.choose.address_ours,
        Wrong::NothingChosen => words.choose.nothing_chosen,
        Wrong::OftenWithoutTick => words.choose.often_without_tick,
        Wrong::KeywordsWithoutOften => words.choose.keywords_without_often,
        Wrong::OftenWithoutKeywords => words.choose.often_without_keywords,
        Wrong::KeywordsTooMuch => words.choose.keywords_too_much,
    }
}

/// The words that stand beside the button with which somebody says yes.
#[must_use]
pub fn consent(site: &Site) -> Wording {
    let words = Words::of(site);
    Wording { version: words.choose.consent_edition.to_owned(), text: (words.choose.consent)(&site.name) }
}

/// The words that stand beside the button with which somebody who has updates changes them.
#[must_use]
pub fn consent_to_change(site: &Site) -> Wording {
    let says = &Words::of(site).choose;
    Wording { version: says.consent_to_change_edition.to_owned(), text: (says.consent_to_change)(&site.name) }
}

#[derive(Template)]
#[template(path = "page/sign-up.html")]
struct SignUp<'a> {
    site: &'a Site,
    words: &'static Words,
    form: Form,
    consent: String,
}

/// The page on which somebody signs up, with what they filled in, what was `wrong` with it, and what their `choice` means
/// where they asked for that.
#[must_use]
pub fn sign_up(site: &Site, offer: &Offer<'_>, filled: &Filled, wrong: &[Wrong], choice: Option<&Choice>) -> String {
    let mut form = form(site, offer, filled, wrong);
    form.estimate = choice.map(|choice| in_mails(site, offer, choice));
    finished(&SignUp { site, words: Words::of(site), form, consent: consent(site).text })
}

#[derive(Template)]
#[template(path = "page/manage-link.html")]
struct ManageLink<'a> {
    site: &'a Site,
    words: &'static Words,
    form: AddressForm<'a>,
}

struct AddressForm<'a> {
    address: &'a str,
    faults: Vec<(&'static str, &'static str)>,
}

impl AddressForm<'_> {
    fn fault(&self, field: &str) -> Option<&'static str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, fault)| *fault)
    }
}

/// The page on which somebody asks for the link to their own page.
#[must_use]
pub fn manage_link(site: &Site, address: &str, wrong: Option<Wrong>) -> String {
    let words = Words::of(site);
    let faults = wrong.into_iter().map(|wrong| (ADDRESS, said(words, wrong))).collect();
    finished(&ManageLink { site, words, form: AddressForm { address, faults } })
}
