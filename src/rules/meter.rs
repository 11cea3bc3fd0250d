//! Meters: so many in so long from one place, however many places there are, in memory that does not grow.
//!
//! Each meter is a table of cells of one number each, in which the place's hash chooses one: two places that share a cell
//! share an allowance, which errs on the side of less. A cell says when all that it let through would have come one by one,
//! evenly spread (the generic cell rate algorithm), so there is no window at whose edge twice as much could pass.

use chrono::{DateTime, TimeDelta, Utc};
use std::net::IpAddr;

/// So many in so long, from each of many places.
#[derive(Clone, Debug)]
pub struct Meter {
    /// Milliseconds since 1970.
    cells: Vec<i64>,
    allowed: i64,
    per_ms: i64,
}

impl Meter {
    /// `allowed` in `per` from each place, at once or spread; `cells` bound the memory to eight bytes each.
    #[must_use]
    pub fn new(cells: usize, allowed: u32, per: TimeDelta) -> Self {
        Self { cells: vec![0; cells.max(1)], allowed: i64::from(allowed), per_ms: per.num_milliseconds().max(1) }
    }

    /// Whether one more from the place with this hash is within what is allowed; if so it is counted.
    pub fn allows(&mut self, place: u64, now: DateTime<Utc>) -> bool {
        self.allows_with(place, 0, now)
    }

    /// The same for a place that is allowed so many `more` than others.
    pub fn allows_with(&mut self, place: u64, more: u32, now: DateTime<Utc>) -> bool {
        let next = self.next(place, more, now);
        let cell = self.cell(place).and_then(|at| self.cells.get_mut(at));
        next.zip(cell).map(|(next, cell)| *cell = next).is_some()
    }

    /// The same without counting it.
    #[must_use]
    pub fn has_room(&self, place: u64, now: DateTime<Utc>) -> bool {
        self.next(place, 0, now).is_some()
    }

    /// What a cell says once one more has been let through; `None` where that is too much.
    fn next(&self, place: u64, more: u32, now: DateTime<Utc>) -> Option<i64> {
        let allowed = self.allowed + i64::from(more);
        let now = now.timestamp_millis();
        let cell = self.cell(place).and_then(|at| self.cells.get(at)).copied().filter(|_| allowed > 0)?;
        // What stands further ahead was put there by a clock that was ahead: that must not shut a place out until then.
        let due = if cell > now + self.per_ms { now } else { cell.max(now) };
        let next = due + self.per_ms / allowed;
        (next - now <= self.per_ms).then_some(next)
    }

    fn cell(&self, place: u64) -> Option<usize> {
        usize::try_from(place % self.cells.len() as u64).ok()
    }
}

/// The networks that an address is in, each named by what no other one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Networks {
    /// As providers give them to one customer: /24, or /56 (RFC 6177 §2).
    pub customer: [u8; 8],
    /// As they give them to a large one, or to a small one that asks: /48; there is no such thing in IPv4.
    pub site: Option<[u8; 8]>,
    /// As they are given to a provider: /32; or as much of one as somebody rents: /16.
    pub provider: [u8; 8],
}

/// The networks that an address is in.
#[must_use]
pub fn networks(address: IpAddr) -> Networks {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Networks { customer: [4, a, b, c, 0, 0, 0, 24], site: None, provider: [4, a, b, 0, 0, 0, 0, 16] }
        }
        IpAddr::V6(v6) => {
            let octets = v6.octets();
            let first = |count: u8| {
                let mut network = [0; 8];
                network.iter_mut().skip(1).zip(octets).take(usize::from(count)).for_each(|(to, from)| *to = from);
                if let Some(bits) = network.first_mut() {
                    *bits = 8 * count;
                }
                network
            };
            Networks { customer: first(7), site: Some(first(6)), provider: first(4) }
        }
    }
}

/// The network of one customer that an address is in.
#[must_use]
pub fn network(address: IpAddr) -> [u8; 8] {
    networks(address).customer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_place_has_its_allowance_and_gets_it_back_evenly() {
        let mut meter = Meter::new(64, 4, TimeDelta::hours(1));
        let passed = |meter: &mut Meter, place, second| (0..1000).filter(|_| meter.allows(place, at(second))).count();
        assert_eq!(passed(&mut meter, 1, 0), 4);
        assert_eq!(passed(&mut meter, 1, 60), 0);
        assert_eq!(passed(&mut meter, 2, 60), 4);
        assert_eq!(passed(&mut meter, 1, 900), 1);
        assert_eq!(passed(&mut meter, 1, 7200), 4);
    }

    #[test]
    fn a_flood_from_any_number_of_places_takes_no_more_memory() {
        let mut meter = Meter::new(16, 2, TimeDelta::hours(1));
        let passed = (0..100_000_u64).filter(|place| meter.allows(place * 7, at(0))).count();
        assert_eq!((passed, meter.cells.len()), (32, 16));
    }

    #[test]
    fn a_clock_that_was_ahead_shuts_nobody_out() {
        let mut meter = Meter::new(1, 2, TimeDelta::hours(1));
        assert!(meter.allows(0, at(86_400 * 365)) && meter.allows(0, at(86_400 * 365)));
        assert!(meter.allows(0, at(0)) && meter.allows(0, at(0)));
        assert!(!meter.allows(0, at(0)));
    }

    #[test]
    fn a_place_may_be_allowed_more_than_others() {
        let mut meter = Meter::new(64, 2, TimeDelta::hours(1));
        assert_eq!((0..10).filter(|_| meter.allows_with(1, 3, at(0))).count(), 5);
        assert_eq!((0..10).filter(|_| meter.allows(2, at(0))).count(), 2);
    }

    #[test]
    fn asking_whether_there_is_room_takes_none() {
        let mut meter = Meter::new(64, 1, TimeDelta::hours(1));
        assert!((0..10).all(|_| meter.has_room(1, at(0))));
        assert!(meter.allows(1, at(0)) && !meter.has_room(1, at(0)) && meter.has_room(2, at(0)));
    }

    #[test]
    fn an_allowance_of_nothing_lets_nothing_through() {
        assert!(!Meter::new(4, 0, TimeDelta::hours(1)).allows(0, at(0)));
    }

    #[test]
    fn neighbours_share_a_network() {
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!(network(a.parse().unwrap()) == network(b.parse().unwrap()), same, "{a} {b}");
        };
        check("192.0.2.1", "192.0.2.254", true);
        check("192.0.2.1", "192.0.3.1", false);
        check("::ffff:192.0.2.1", "192.0.2.7", true);
        check("2001:db8:0:ff00::1", "2001:db8:0:ffff::2", true);
        check("2001:db8:0:ff00::1", "2001:db8:0:fe00::1", false);
    }

    #[test]
    fn networks_lie_in_wider_ones() {
        let check = |a: &str, b: &str, site: bool, provider: bool| {
            let (a, b) = (networks(a.parse().unwrap()), networks(b.parse().unwrap()));
            assert_eq!((a.site == b.site, a.provider == b.provider), (site, provider), "{a:?} {b:?}");
        };
        check("2001:db8:7:ff00::1", "2001:db8:7::1", true, true);
        check("2001:db8:7::1", "2001:db8:8::1", false, true);
        check("2001:db8:7::1", "2001:db9:7::1", false, false);
        check("192.0.2.1", "192.0.77.1", true, true);
        check("192.0.2.1", "192.1.2.1", true, false);
        // A wide one is not the narrow one at its beginning.
        let first = networks("2001:db8::".parse().unwrap());
        assert!(first.site != Some(first.customer) && first.site != Some(first.provider) && first.customer != first.provider);
    }
}
