//! How many requests that lead to a mail are taken: from one network and those around it, for one organisation's addresses, for one mailbox however
//! it is spelled, and from everywhere, in memory that does not grow. How many for one address is the store's to say.
//!
//! What is too much depends on what was asked for before, never on whether an address is known.

use crate::config::SignupSettings;
use crate::domain::subscriber::Address;
use crate::rules::mailbox::{is_provider, mailbox, organisation};
use crate::rules::meter::{Meter, Networks, networks};
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
    /// Wider networks, in which one customer may have any number of those: none is to use up what all may have.
    sites: Meter,
    ranges: Meter,
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
            sites: Meter::new(CELLS, settings.per_site_hour(), hour),
            ranges: Meter::new(CELLS, settings.per_range_hour(), hour),
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
        let Networks { customer, site, provider } = networks(client);
        let (from, around, range) = (self.place(&customer), site.map(|site| self.place(&site)), self.place(&provider));
        let (to, mailbox) = (self.place(organisation.as_bytes()), self.place(mailbox(address).as_bytes()));
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if !meters.take_from(from, around, range, now) {
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

impl Meters {
    /// Whether one more from this network is taken, which lies within the one `around` and in this range. What is
    /// refused to one of them counts against none.
    fn take_from(&mut self, network: u64, around: Option<u64>, range: u64, now: DateTime<Utc>) -> bool {
        let has_room = self.networks.has_room(network, now)
            && around.is_none_or(|site| self.sites.has_room(site, now))
            && self.ranges.has_room(range, now);
        if has_room {
            self.networks.allows(network, now);
            if let Some(site) = around {
                self.sites.allows(site, now);
            }
            self.ranges.allows(range, now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many requests, one from each of these places and each for an organisation of its own, are taken.
    fn taken_from(limits: &SignupLimits, places: impl Iterator<Item = IpAddr>) -> usize {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(9);
        let taken = places.enumerate().filter(|(n, client)| {
            let address = Address::parse(&format!("victim@town{n}.example")).unwrap();
            matches!(limits.take(Some(*client), &address, 0, now), Allowed::Yes | Allowed::Unmailed)
        });
        taken.count()
    }

    #[test]
    fn no_range_of_networks_uses_up_what_all_may_have() {
        let v6 = |a: u16, b: u16, c: u16, d: u16| IpAddr::from([a, b, c, d, 0, 0, 0, 1]);
        let of_site = (0..10_000_u16).map(|n| v6(0x2001, 0xdb8, 0x77, n.rotate_right(8)));
        let of_provider = (0..10_000_u16).map(|n| v6(0x2001, 0xdb8, n, 0));
        let of_rented = (0..10_000_u16).map(|n| IpAddr::from([203, 0, n.to_be_bytes()[1], n.to_be_bytes()[0]]));
        let limits = SignupLimits::new(&SignupSettings::default(), [3; 32]);
        assert_eq!(taken_from(&limits, of_site), 30);
        assert_eq!(taken_from(&limits, of_provider), 60 - 30, "what the site used counts for its provider");
        assert_eq!(taken_from(&limits, of_rented), 60);
        let honest = [v6(0x2001, 0xdb9, 1, 0), IpAddr::from([198, 51, 100, 7])];
        assert_eq!(taken_from(&limits, honest.into_iter()), 2);
    }

    #[test]
    fn a_network_that_asks_too_often_leaves_room_for_those_around_it() {
        let limits = SignupLimits::new(&SignupSettings::default(), [3; 32]);
        assert_eq!(taken_from(&limits, (0..10_000).map(|_| IpAddr::from([203, 0, 113, 9]))), 20);
        assert_eq!(taken_from(&limits, (0..10_000).map(|_| IpAddr::from([203, 0, 114, 9]))), 20);
        let site = |n: u16| IpAddr::from([0x2001, 0xdb8, 0x77, n, 0, 0, 0, 1]);
        assert_eq!(taken_from(&limits, (0..10_000).map(|_| site(0))), 20);
        assert_eq!(taken_from(&limits, (0..10_000).map(|_| site(0x100))), 10);
    }

    #[test]
    fn a_range_may_be_given_what_its_widest_network_may_have_and_never_less() {
        let few = SignupSettings { per_network_hour: 3, per_hour: 10, ..SignupSettings::default() };
        assert_eq!((few.per_site_hour(), few.per_range_hour()), (3, 3));
        let named = SignupSettings { per_range_hour: Some(500), ..SignupSettings::default() };
        assert_eq!((named.per_site_hour(), named.per_range_hour()), (250, 500));
    }

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
