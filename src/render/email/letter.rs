//! A letter: a digest for everybody who is told the same for the same reasons. Only the way out is each reader's own, so
//! it is laid out and printed once, with a place for that.
//!
//! What stands at the place is as long as a token and of the same characters, so that lines break where they would; and
//! nobody can guess it, so that no council's page holds it and is given a reader's token in its stead.

use super::{DigestMail, MailEntry, Rendered, digest};
use crate::domain::site::Site;
use crate::domain::subscriber::Cadence;

/// The words of one digest for many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    rendered: Rendered,
    place: String,
}

impl Letter {
    /// The words for readers at `cadence` who get `entries` because of `why`; `place` stands where a token goes.
    #[must_use]
    pub fn new(site: &Site, cadence: Cadence, why: Vec<String>, entries: Vec<MailEntry<'_>>, place: &str) -> Self {
        let page = site.link(&unsubscribe_path(place));
        Self { rendered: digest(&DigestMail::new(site, cadence, why, page, entries)), place: place.to_owned() }
    }

    /// The words for the reader whose [token](crate::rules::token) this is.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Rendered {
        let with = |text: &str| text.replace(&self.place, token);
        Rendered { subject: self.rendered.subject.clone(), text: with(&self.rendered.text), html: with(&self.rendered.html) }
    }

    /// How many octets its words take.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.rendered.text.len() + self.rendered.html.len()
    }
}

/// Where the page lies on which the holder of `token` ends their subscription.
#[must_use]
pub fn unsubscribe_path(token: &str) -> String {
    format!("unsubscribe/{token}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::SubscriberId;
    use crate::rules::token::{Keyring, Purpose};
    use chrono::DateTime;
    use url::Url;

    #[test]
    fn a_letter_with_a_token_is_the_digest_made_for_its_reader() {
        let site = Site {
            name: "Board Watch".into(),
            url: Url::parse("https://boards.example.org/a&b/").unwrap(),
            contact: "admin@example.org".into(),
            postal_address: None,
            timezone: chrono_tz::Europe::London,
            language: "en-GB".into(),
        };
        let why = vec!["you follow everything".to_owned()];
        let place = "xQvJzK9-2Lq_f".repeat(4);
        let letter = Letter::new(&site, Cadence::Weekly, why.clone(), Vec::new(), &place);
        for number in [0, 1, u128::MAX / 3, u128::MAX] {
            let subscriber = SubscriberId::from_number(number);
            let token = Keyring::of([7; 32]).link(Purpose::Unsubscribe, &subscriber, DateTime::UNIX_EPOCH);
            assert_eq!(token.len(), place.len());
            let page = site.link(&unsubscribe_path(&token));
            let own = digest(&DigestMail::new(&site, Cadence::Weekly, why.clone(), page, Vec::new()));
            assert!(own.html.contains(&token) && own.text.contains(&token));
            assert_eq!(letter.with_token(&token), own);
        }
    }
}
