//! How many requests that lead to a mail are taken: from one network and from everywhere, in memory that does not grow. How
//! many for one address is the store's to say.

use crate::config::SignupSettings;
use crate::rules::meter::{Meter, network};
use chrono::{DateTime, TimeDelta, Utc};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Networks told apart: half a megabyte.
const CELLS: usize = 65_536;

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Allowed {
    Yes,
    TooManyHere,
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
    everywhere: Meter,
}

impl SignupLimits {
    /// Meters for these limits; `secret` is any 32 bytes that nobody else knows.
    #[must_use]
    pub fn new(settings: &SignupSettings, secret: [u8; 32]) -> Self {
        let hour = TimeDelta::hours(1);
        let networks = Meter::new(CELLS, settings.per_network_hour, hour);
        Self { secret, meters: Mutex::new(Meters { networks, everywhere: Meter::new(1, settings.per_hour, hour) }) }
    }

    /// Whether one more from there is taken. What a network has too many of does not count against the others.
    pub(super) fn take(&self, client: Option<IpAddr>, now: DateTime<Utc>) -> Allowed {
        let client = client.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        let hash = blake3::keyed_hash(&self.secret, &network(client));
        let place = hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if !meters.networks.allows(place, now) {
            return Allowed::TooManyHere;
        }
        if meters.everywhere.allows(0, now) { Allowed::Yes } else { Allowed::TooManyEverywhere }
    }
}
