//! How many requests that lead to a mail are taken: from one network, for one organisation's addresses, for one mailbox however
//! it is spelled, and from everywhere, in memory that does not grow. How many for one address is the store's to say.
//!
//! What is too much depends on what was asked for before, never on whether an address is known.

use crate::config::SignupSettings;
use crate::domain::subscriber::Address;
use crate::rules::mailbox::{is_provider, mailbox, organisation};
use crate::rules::meter::{Meter, network};
use chrono::{DateTime, TimeDelta, Utc};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Networks told apart: half a megabyte.
const CELLS: usize = 65_536;
/// Mailboxes told apart: two megabytes, since who shares a cell is mailed less.
const MAILBOX_CELLS: usize = 4 * CELLS;

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Allowed {
    Yes,
    /// It is taken, but the mailbox has had as many mails as one day may bring.
    Unmailed,
    TooManyHere,
    TooManyThere,
    TooManyEverywhere,
}

/// The meters of the web side.
#[derive(Debug)]
pub struct SignupLimits {
    /// Drawn by chance, so that nobody can aim at somebody else's cell.
    secret: [u8; 32],
    meters: Mutex<Meters>,
}

#[derive(Debug)]
struct Meters {
    networks: Meter,
    organisations: Meter,
    mailboxes: Meter,
    everywhere: Meter,
}

impl SignupLimits {
    /// Meters for these limits; `secret` is any 32 bytes that nobody else knows.
    #[must_use]
    pub fn new(settings: &SignupSettings, secret: [u8; 32]) -> Self {
        let hour = TimeDelta::hours(1);
        let meters = Meters {
            networks: Meter::new(CELLS, settings.per_network_hour, hour),
            organisations: Meter::new(CELLS, settings.per_domain_hour, hour),
            mailboxes: Meter::new(MAILBOX_CELLS, settings.per_address_day, TimeDelta::days(1)),
            everywhere: Meter::new(1, settings.per_hour, hour),
        };
        Self { secret, meters: Mutex::new(meters) }
    }

    /// Whether one more from there for `address` is taken; its organisation has so many `subscribers`. What a network, or an
    /// organisation, has too many of does not count against the others.
    pub(super) fn take(&self, client: Option<IpAddr>, address: &Address, subscribers: u32, now: DateTime<Utc>) -> Allowed {
        let client = client.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        let organisation = organisation(address);
        let (from, to) = (self.place(&network(client)), self.place(organisation.as_bytes()));
        let mailbox = self.place(mailbox(address).as_bytes());
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if !meters.networks.allows(from, now) {
            return Allowed::TooManyHere;
        }
        if !is_provider(&organisation) && !meters.organisations.allows_with(to, subscribers, now) {
            return Allowed::TooManyThere;
        }
        if !meters.everywhere.allows(0, now) {
            return Allowed::TooManyEverywhere;
        }
        if meters.mailboxes.allows(mailbox, now) { Allowed::Yes } else { Allowed::Unmailed }
    }

    fn place(&self, what: &[u8]) -> u64 {
        let hash = blake3::keyed_hash(&self.secret, what);
        hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a request for each of these addresses, each from a network of its own.
    fn taken(settings: SignupSettings, addresses: &[&str], subscribers: u32) -> Vec<Allowed> {
        let limits = SignupLimits::new(&settings, [3; 32]);
        let asked = addresses.iter().enumerate().map(|(n, address)| {
            let client = IpAddr::from([198, 51, u8::try_from(n).unwrap(), 7]);
            limits.take(Some(client), &Address::parse(address).unwrap(), subscribers, DateTime::UNIX_EPOCH + TimeDelta::days(9))
        });
        asked.collect()
    }

    #[test]
    fn a_mailbox_is_mailed_no_more_in_other_spellings() {
        let spellings = ["victim+1@example.org", "victim+2@example.org", "Victim@example.org", "victim+4@example.org"];
        let expect = [Allowed::Yes, Allowed::Yes, Allowed::Yes, Allowed::Unmailed];
        assert_eq!(taken(SignupSettings::default(), &spellings, 0), expect);
        let gmail = ["v.ictim@gmail.com", "vi.ctim@gmail.com", "victim+1@gmail.com", "victim@googlemail.com"];
        assert_eq!(taken(SignupSettings::default(), &gmail, 0), expect);
    }

    #[test]
    fn an_organisation_has_as_many_as_it_is_known_and_a_provider_as_many_as_come() {
        let few = SignupSettings { per_domain_hour: 2, ..SignupSettings::default() };
        let strange = ["a@example.org", "b@x.example.org", "c@y.example.org", "d@example.com"];
        let expect = [Allowed::Yes, Allowed::Yes, Allowed::TooManyThere, Allowed::Yes];
        assert_eq!(taken(few, &strange, 0), expect);
        assert_eq!(taken(few, &strange, 1), [Allowed::Yes; 4]);
        assert_eq!(taken(few, &["a@gmail.com", "b@gmail.com", "c@gmail.com", "d@gmail.com"], 0), [Allowed::Yes; 4]);
    }

    #[test]
    fn what_one_organisation_has_too_many_of_leaves_room_for_the_others() {
        let few = SignupSettings { per_domain_hour: 1, per_hour: 3, ..SignupSettings::default() };
        let asked = ["a@example.org", "b@example.org", "c@example.org", "d@example.com", "e@example.net", "f@example.edu"];
        let expect =
            [Allowed::Yes, Allowed::TooManyThere, Allowed::TooManyThere, Allowed::Yes, Allowed::Yes, Allowed::TooManyEverywhere];
        assert_eq!(taken(few, &asked, 0), expect);
    }
}
