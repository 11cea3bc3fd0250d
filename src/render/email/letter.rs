//! A letter: a digest for everybody who is told the same for the same reasons. Only the links to what is each reader's own
//! differ, so it is laid out and printed once, with places for their tokens.
//!
//! What stands at a place is as long as a token and of the same characters, so that lines break where they would; and
//! nobody can guess it, so that no council's page holds it and is given a reader's token in its stead.

use super::{DigestMail, MailEntry, Rendered, digest};
use crate::domain::item::KnownItem;
use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;

/// The [tokens](crate::rules::token) in one reader's links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tokens<'a> {
    /// Ends the subscription.
    pub leave: &'a str,
    /// Opens the reader's own page.
    pub manage: &'a str,
}

/// Where one reader's links lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ways {
    /// The page on which the reader ends it.
    pub unsubscribe_url: String,
    /// The page on which the reader sees and changes what they get.
    pub manage_url: String,
}

impl Ways {
    /// Those of the reader whose tokens these are.
    #[must_use]
    pub fn of(site: &Site, tokens: Tokens<'_>) -> Self {
        let link = |page: &str, token: &str| site.link(&format!("{page}/{token}"));
        Self { unsubscribe_url: link("unsubscribe", tokens.leave), manage_url: link("manage", tokens.manage) }
    }

    /// The page on which the reader ends news of one item.
    #[must_use]
    pub fn mute_url(&self, known: &KnownItem) -> String {
        format!("{}/mute/{}/{}", self.manage_url, known.source, known.id)
    }
}

/// The words of one digest for many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    rendered: Rendered,
    /// What stands where the tokens go.
    leave: String,
    manage: String,
}

impl Letter {
    /// The words for readers at `cadence` who get `entries` because of `why`; `places` stand where tokens go.
    #[must_use]
    pub fn new(site: &Site, cadence: Cadence, why: Vec<String>, entries: Vec<MailEntry<'_>>, places: Tokens<'_>) -> Self {
        let rendered = digest(&DigestMail::new(site, cadence, why, Ways::of(site, places), entries));
        Self { rendered, leave: places.leave.to_owned(), manage: places.manage.to_owned() }
    }

    /// The words for the reader whose tokens these are.
    #[must_use]
    pub fn with_tokens(&self, tokens: Tokens<'_>) -> Rendered {
        let with = |text: &str| text.replace(&self.leave, tokens.leave).replace(&self.manage, tokens.manage);
        Rendered { subject: self.rendered.subject.clone(), text: with(&self.rendered.text), html: with(&self.rendered.html) }
    }

    /// How many octets its words take.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.rendered.text.len() + self.rendered.html.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::SubscriberId;
    use crate::rules::token::{Keyring, Purpose};
    use chrono::DateTime;
    use url::Url;

    #[test]
    fn a_letter_with_tokens_is_the_digest_made_for_its_reader() {
        let site = Site {
            name: "Board Watch".into(),
            url: Url::parse("https://boards.example.org/a&b/").unwrap(),
            contact: "admin@example.org".into(),
            postal_address: None,
            timezone: chrono_tz::Europe::London,
            language: "en-GB".into(),
            topics: std::collections::BTreeMap::new(),
        };
        let why = vec!["you follow everything".to_owned()];
        let places = Tokens { leave: &"xQvJzK9-2Lq_f".repeat(4), manage: &"f_qL2-9KzJvQx".repeat(4) };
        let letter = Letter::new(&site, Cadence::Weekly, why.clone(), Vec::new(), places);
        for number in [0, 1, u128::MAX / 3, u128::MAX] {
            let subscriber = SubscriberId::from_number(number);
            let link = |purpose| Keyring::of([7; 32]).link(purpose, &subscriber, DateTime::UNIX_EPOCH);
            let tokens = Tokens { leave: &link(Purpose::Unsubscribe), manage: &link(Purpose::Manage) };
            assert_eq!([tokens.leave.len(), tokens.manage.len()], [places.leave.len(), places.manage.len()]);
            let own = digest(&DigestMail::new(&site, Cadence::Weekly, why.clone(), Ways::of(&site, tokens), Vec::new()));
            for token in [tokens.leave, tokens.manage] {
                assert!(own.html.contains(token) && own.text.contains(token));
            }
            assert_eq!(letter.with_tokens(tokens), own);
        }
    }
}
