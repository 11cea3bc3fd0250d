//! The form on which somebody chooses: which fields it has, and what an answer to it says.
//!
//! An answer is any bytes that anybody sends. Of it only what the form offers counts: names of fields that it has, once
//! each, with values that it gave to choose from; and a few words of the sender's own, within limits.

mod catalogue;

pub use catalogue::Catalogue;

use crate::domain::choice::Choice;
use crate::domain::subscriber::{Address, Cadence, Interests};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that an answer may have, known or not.
const FIELDS_MAX: usize = 2_000;
/// Keywords that one person may have.
pub const KEYWORDS_MAX: usize = 20;
/// Characters of a keyword.
pub const KEYWORD_CHARS_MAX: usize = 80;
/// Characters of what is sent back into the form.
const SHOWN_CHARS_MAX: usize = 2_000;

/// The address.
pub const ADDRESS: &str = "address";
/// Everything there is.
pub const EVERYTHING: &str = "everything";
/// Words of the sender's own.
pub const KEYWORDS: &str = "keywords";
/// How often everything that is ticked.
pub const OFTEN: &str = "often";
/// What a ticked box sends: at the cadence of [`OFTEN`].
pub const TICKED: &str = "yes";
/// After the name of a box: how often that alone.
pub const OWN: &str = ".often";
/// Where the form says that a cadence belongs to nothing that is ticked.
pub const UNTIED: &str = "own";
/// How often news with those words.
pub const KEYWORDS_OFTEN: &str = "keywords.often";
/// How often where nobody says.
const USUAL: Cadence = Cadence::Daily;
/// Whether word once a month where there is no news.
pub const MONTHLY: &str = "monthly";
/// A field that people do not see, and programs fill in.
pub const TRAP: &str = "website";

/// What was wrong with an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Wrong {
    /// There is no address.
    AddressMissing,
    /// What is there is no address.
    AddressInvalid,
    /// It is one that we write from.
    AddressOurs,
    /// Nothing was chosen.
    NothingChosen,
    /// It is said how often, of something that is not ticked: either may have been meant.
    OftenWithoutTick,
    /// There are words, and it is not said how often.
    KeywordsWithoutOften,
    /// It is said how often, and there are no words.
    OftenWithoutKeywords,
    /// There are too many words, or one is too long, or none at all in a line.
    KeywordsTooMuch,
}

impl Wrong {
    /// The field that it is about.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::AddressMissing | Self::AddressInvalid | Self::AddressOurs => ADDRESS,
            Self::NothingChosen => EVERYTHING,
            Self::OftenWithoutTick => UNTIED,
            Self::KeywordsWithoutOften => KEYWORDS_OFTEN,
            Self::OftenWithoutKeywords | Self::KeywordsTooMuch => KEYWORDS,
        }
    }
}

/// An answer that is not one to this form: fields twice, values that it does not offer, or far too many of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotOurForm;

/// The form as it is filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// What was typed as an address.
    pub address: String,
    /// What was typed as keywords, a line each.
    pub keywords: String,
    /// Whether word once a month was asked for, where there is no news.
    pub monthly: bool,
    /// How often what is ticked; `None` where the form was not asked that.
    common: Option<Cadence>,
    /// How often, by the name of the field.
    often: BTreeMap<String, Cadence>,
    /// How often what is not ticked, by the name of its box.
    untied: BTreeMap<String, Cadence>,
    /// Whether what was typed as an address held what cannot be shown again.
    is_garbled: bool,
    /// Whether the field that people do not see was filled in.
    pub is_trapped: bool,
}

impl Filled {
    /// Reads the names and values that were sent.
    ///
    /// # Errors
    /// Where they cannot be from this form.
    pub fn read(fields: &[(String, String)], catalogue: &Catalogue) -> Result<Self, NotOurForm> {
        let mut filled = Self::default();
        let mut seen = BTreeSet::new();
        let mut ticked: Vec<&str> = Vec::new();
        let cadence_of = |value: &str| Cadence::ALL.into_iter().find(|cadence| cadence.as_str() == value).ok_or(NotOurForm);
        if fields.len() > FIELDS_MAX {
            return Err(NotOurForm);
        }
        for (name, value) in fields {
            let is_choice = catalogue.holds(name);
            let of_its_own = name.strip_suffix(OWN).filter(|name| catalogue.interests(name).is_some());
            if !is_choice && of_its_own.is_none() && ![ADDRESS, KEYWORDS, MONTHLY, OFTEN, TRAP].contains(&name.as_str()) {
                continue;
            }
            if !seen.insert(name) {
                return Err(NotOurForm);
            }
            match name.as_str() {
                ADDRESS => {
                    filled.address = shown(value.trim());
                    filled.is_garbled = value.trim().contains(char::is_control);
                }
                KEYWORDS => filled.keywords = shown(value),
                MONTHLY => filled.monthly = !value.is_empty(),
                TRAP => filled.is_trapped = !value.is_empty(),
                _ if value.is_empty() => {}
                OFTEN => filled.common = Some(cadence_of(value)?),
                _ if value == TICKED && is_choice && name != KEYWORDS_OFTEN => ticked.push(name),
                _ => {
                    let cadences = if of_its_own.is_some() { &mut filled.untied } else { &mut filled.often };
                    cadences.insert(of_its_own.unwrap_or(name).to_owned(), cadence_of(value)?);
                }
            }
        }
        for field in ticked {
            if let Some(own) = filled.untied.remove(field) {
                filled.often.insert(field.to_owned(), own);
            }
            filled.often.entry(field.to_owned()).or_insert(filled.common.unwrap_or(USUAL));
        }
        if let Some(common) = filled.common.filter(|_| !filled.keywords.trim().is_empty()) {
            filled.often.entry(KEYWORDS_OFTEN.to_owned()).or_insert(common);
        }
        Ok(filled)
    }

    /// The form as it would be filled in to say `choice`. What the catalogue does not offer any more is left out.
    #[must_use]
    pub fn of(choice: &Choice, catalogue: &Catalogue) -> Self {
        let mut filled = Self::default();
        // The quickest last, so that it wins where something is chosen at two cadences.
        for cadence in Cadence::ALL.into_iter().rev() {
            let Some(interests) = choice.at(cadence) else { continue };
            for name in catalogue.fields_of(interests) {
                filled.often.insert(name, cadence);
            }
            if !interests.keywords.is_empty() {
                filled.often.insert(KEYWORDS_OFTEN.to_owned(), cadence);
                for keyword in &interests.keywords {
                    filled.keywords.push_str(keyword);
                    filled.keywords.push('\n');
                }
            }
        }
        filled
    }

    /// How often most of what was chosen: what the form asks for once.
    #[must_use]
    pub fn common(&self) -> Cadence {
        let so_often = |cadence: &Cadence| self.often.values().filter(|often| *often == cadence).count();
        // Of two that are chosen as often, the one that nobody has to say.
        let most = Cadence::ALL.into_iter().max_by_key(|cadence| (so_often(cadence), *cadence == USUAL)).unwrap_or(USUAL);
        self.common.unwrap_or(most)
    }

    /// How often what this field stands for was chosen.
    #[must_use]
    pub fn often(&self, field: &str) -> Option<Cadence> {
        self.often.get(field).copied()
    }

    /// How often what this field stands for alone, where that is another cadence than the rest has.
    #[must_use]
    pub fn own(&self, field: &str) -> Option<Cadence> {
        let chosen = self.often(field).filter(|often| *often != self.common());
        chosen.or(self.untied.get(field).copied())
    }

    /// What was chosen, or what is wrong with it.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn choice(&self, catalogue: &Catalogue) -> Result<Choice, Vec<Wrong>> {
        let mut choice = Choice::default();
        let mut wrong = Vec::new();
        for (field, cadence) in &self.often {
            if let Some(interests) = catalogue.interests(field) {
                choice.add(*cadence, &interests);
            }
        }
        if !self.untied.is_empty() {
            wrong.push(Wrong::OftenWithoutTick);
        }
        match (keywords(&self.keywords), self.often(KEYWORDS_OFTEN)) {
            (None, _) => wrong.push(Wrong::KeywordsTooMuch),
            (Some(words), Some(_)) if words.is_empty() => wrong.push(Wrong::OftenWithoutKeywords),
            (Some(words), None) if !words.is_empty() => wrong.push(Wrong::KeywordsWithoutOften),
            (Some(keywords), Some(cadence)) => choice.add(cadence, &Interests { keywords, ..Interests::default() }),
            (Some(_), None) => {}
        }
        if choice.is_empty() && wrong.is_empty() {
            wrong.push(Wrong::NothingChosen);
        }
        if wrong.is_empty() { Ok(choice) } else { Err(wrong) }
    }

    /// The address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn address(&self) -> Result<Address, Wrong> {
        if self.is_garbled {
            return Err(Wrong::AddressInvalid);
        }
        if self.address.is_empty() {
            return Err(Wrong::AddressMissing);
        }
        Address::parse(&self.address).ok().filter(is_on_the_internet).ok_or(Wrong::AddressInvalid)
    }
}

/// Whether mail to it leaves for a host with a name: anybody may fill in the form, and none of our own machines is anybody's.
fn is_on_the_internet(address: &Address) -> bool {
    let top = address.as_str().rsplit_once('@').and_then(|(_, domain)| domain.rsplit_once('.')).map(|(_, top)| top);
    top.is_some_and(|top| top.chars().any(char::is_alphabetic) && !top.ends_with(']'))
}

/// The keywords, a line or a comma each; `None` where there are too many, or one is too long or holds no letter.
fn keywords(raw: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    for part in raw.split(['\n', ',', ';']) {
        let word = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if word.is_empty() || words.contains(&word) {
            continue;
        }
        if word.chars().count() > KEYWORD_CHARS_MAX || !word.chars().any(char::is_alphanumeric) {
            return None;
        }
        words.push(word);
    }
    (words.len() <= KEYWORDS_MAX).then_some(words)
}

/// What may be shown again: without control characters but line ends, and not without end.
fn shown(raw: &str) -> String {
    raw.chars().filter(|c| *c == '\n' || !c.is_control()).take(SHOWN_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
