//! Return addresses: an envelope sender that names whom and what it was for, signed (variable envelope return paths).
//!
//! `bounces+<tag>@example.org`. Whatever comes back to it is about that one delivery, whoever wrote it and in whatever
//! form. A tag that was forged or altered names nobody. It reads the same in upper and lower case, since some servers
//! change that, and tag and name keep within the 64 octets of a local part (RFC 5321 §4.5.3.1.1).

use crate::domain::delivery::{DeliveryId, Position, Window};
use crate::domain::subscriber::{Address, Cadence, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Longest local part of the address that the tag is added to: with `+` and tag it makes 64.
pub const LOCAL_MAX: usize = 64 - 1 - TAG_CHARS;
/// A server tries for five days and then says so; a reader's server may sit on it longer.
pub const VALID_FOR: TimeDelta = TimeDelta::days(60);

const TAG_CHARS: usize = 53;
/// Version and purpose, subscriber, position.
const CLAIM_BYTES: usize = 1 + 16 + 6;
/// 80 bits: nobody can try many, each takes a mail.
const MAC_BYTES: usize = 10;
const VERSION: u8 = 1;

/// What an address of ours is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tag {
    /// What comes here is about the digest of a window.
    Digest {
        /// To whom it went.
        subscriber: u128,
        /// How often they are mailed.
        cadence: Cadence,
        /// Where its window ended.
        to: Position,
    },
    /// What comes here is about another message, a confirmation say.
    Other {
        /// To whom it went.
        subscriber: u128,
        /// When.
        at: Position,
    },
    /// A mail sent here ends the subscription (RFC 2369 §3.2). It never runs out.
    Leave {
        /// Whose.
        subscriber: u128,
        /// In which life of theirs the mail was sent that names it; `None`: it does not say.
        life: Option<u32>,
    },
}

impl Tag {
    /// Whom it names.
    #[must_use]
    pub fn subscriber(&self) -> SubscriberId {
        match *self {
            Self::Digest { subscriber, .. } | Self::Other { subscriber, .. } | Self::Leave { subscriber, .. } => {
                SubscriberId::from_number(subscriber)
            }
        }
    }

    /// Which digest it names.
    #[must_use]
    pub fn delivery(&self) -> Option<DeliveryId> {
        match *self {
            Self::Digest { cadence, to, .. } => {
                Some(DeliveryId::of(&self.subscriber(), cadence, Window { from: Position(0), to }))
            }
            Self::Other { .. } | Self::Leave { .. } => None,
        }
    }

    /// Of when the mail is that it was in.
    #[must_use]
    pub fn at(&self) -> Option<Position> {
        match *self {
            Self::Digest { to: at, .. } | Self::Other { at, .. } => Some(at),
            Self::Leave { .. } => None,
        }
    }

    fn claim(self) -> [u8; CLAIM_BYTES] {
        let (purpose, subscriber, position) = match self {
            Self::Digest { subscriber, cadence: Cadence::Immediate, to } => (0, subscriber, to),
            Self::Digest { subscriber, cadence: Cadence::Daily, to } => (1, subscriber, to),
            Self::Digest { subscriber, cadence: Cadence::Weekly, to } => (2, subscriber, to),
            Self::Other { subscriber, at } => (3, subscriber, at),
            // One more than the life: the first ways to leave had nothing there.
            Self::Leave { subscriber, life } => (8, subscriber, Position(life.map_or(0, |life| u64::from(life) + 1))),
        };
        let head = [(VERSION << 4) | purpose];
        let mut claim = [0; CLAIM_BYTES];
        let bytes = head.into_iter().chain(subscriber.to_be_bytes()).chain(position.0.to_be_bytes().into_iter().skip(2));
        claim.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        claim
    }

    fn of_claim(claim: &[u8]) -> Option<Self> {
        let (&[head], rest) = claim.split_first_chunk::<1>()?;
        let (subscriber, position) = rest.split_first_chunk::<16>()?;
        let subscriber = u128::from_be_bytes(*subscriber);
        let at = Position(position.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte)));
        let digest = |cadence| Self::Digest { subscriber, cadence, to: at };
        let tag = match head ^ (VERSION << 4) {
            0 => digest(Cadence::Immediate),
            1 => digest(Cadence::Daily),
            2 => digest(Cadence::Weekly),
            3 => Self::Other { subscriber, at },
            8 => Self::Leave { subscriber, life: at.0.checked_sub(1).and_then(|life| u32::try_from(life).ok()) },
            _ => return None,
        };
        Some(tag)
    }
}

/// `mailbox` with the tag: `bounces@example.org` becomes `bounces+<tag>@example.org`.
#[must_use]
pub fn address(key: &[u8; 32], mailbox: &Address, tag: Tag) -> Address {
    let claim = tag.claim();
    let mut raw = claim.to_vec();
    raw.extend(mac(key, &claim).finalize().into_bytes().into_iter().take(MAC_BYTES));
    let tag = BASE32_NOPAD.encode(&raw).to_ascii_lowercase();
    let tagged = mailbox.as_str().rsplit_once('@').map(|(local, domain)| format!("{local}+{tag}@{domain}"));
    tagged.and_then(|tagged| Address::parse(&tagged).ok()).unwrap_or_else(|| mailbox.clone())
}

/// What an address that something came to says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Read {
    /// It is ours.
    Ours(Tag),
    /// It was ours, for something so long ago that nothing follows any more.
    Late,
    /// It is made like ours and is not, or was altered.
    Forged,
    /// It names nobody: the mailbox itself, or another.
    Plain,
}

/// Reads the address that something came to.
#[must_use]
pub fn read(key: &[u8; 32], mailbox: &Address, address: &str, now: DateTime<Utc>) -> Read {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
    let ours = mailbox.identity();
    let parts = (ours.rsplit_once('@'), address.rsplit_once('@'));
    let (Some((our_local, our_domain)), Some((local, domain))) = parts else { return Read::Plain };
    let Some(tag) = local.strip_prefix(our_local).and_then(|rest| rest.strip_prefix('+')).filter(|_| domain == our_domain) else {
        return Read::Plain;
    };
    let Ok(raw) = BASE32_NOPAD.decode(tag.to_ascii_uppercase().as_bytes()) else { return Read::Forged };
    let Some((claim, tag)) = raw.split_at_checked(CLAIM_BYTES) else { return Read::Forged };
    if tag.len() != MAC_BYTES || mac(key, claim).verify_truncated_left(tag).is_err() {
        return Read::Forged;
    }
    match Tag::of_claim(claim) {
        Some(Tag::Digest { to: at, .. } | Tag::Other { at, .. }) if at.moment() < now - VALID_FOR => Read::Late,
        Some(tag) => Read::Ours(tag),
        None => Read::Forged,
    }
}

/// HMAC-SHA256 (RFC 2104) over a label of this use and the claim.
fn mac(key: &[u8; 32], claim: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as Mac>::new((&block).into());
    mac.update(b"boardwatch return address\0");
    mac.update(claim);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mailbox() -> Address {
        Address::parse("bounces@boards.example.org").unwrap()
    }

    fn at(ms: u64) -> DateTime<Utc> {
        Position(ms).moment()
    }

    #[test]
    fn return_addresses_that_were_sent_keep_working() {
        let tag = Tag::Digest { subscriber: 0x0123_4567_89ab_cdef, cadence: Cadence::Daily, to: Position(1_700_000_000_000) };
        let address = address(&[7; 32], &mailbox(), tag);
        assert_eq!(address.as_str(), "bounces+ceaaaaaaaaaaaaabencwpcnlzxxqdc6p4vuaaq4ssrubsx2q2dlyi@boards.example.org");
        assert_eq!(read(&[7; 32], &mailbox(), address.as_str(), at(1_700_000_000_000)), Read::Ours(tag));
        let window = Window { from: Position(5), to: Position(1_700_000_000_000) };
        assert_eq!(tag.delivery(), Some(DeliveryId::of(&tag.subscriber(), Cadence::Daily, window)));
    }

    #[test]
    fn a_return_address_runs_out_and_a_way_to_leave_does_not() {
        let digest = Tag::Digest { subscriber: 9, cadence: Cadence::Weekly, to: Position(1_700_000_000_000) };
        let after = |days| at(1_700_000_000_000) + TimeDelta::days(days);
        let kept = address(&[7; 32], &mailbox(), digest);
        assert_eq!(read(&[7; 32], &mailbox(), kept.as_str(), after(59)), Read::Ours(digest));
        assert_eq!(read(&[7; 32], &mailbox(), kept.as_str(), after(61)), Read::Late);
        let leave = Tag::Leave { subscriber: 9, life: Some(2) };
        assert_eq!(read(&[7; 32], &mailbox(), address(&[7; 32], &mailbox(), leave).as_str(), after(9000)), Read::Ours(leave));
    }

    #[test]
    fn what_is_not_made_like_ours_names_nobody() {
        let check = |raw: &str, expect| assert_eq!(read(&[7; 32], &mailbox(), raw, at(0)), expect, "{raw}");
        check("bounces@boards.example.org", Read::Plain);
        check("other@boards.example.org", Read::Plain);
        check("bounces+x@elsewhere.example.org", Read::Plain);
        check("", Read::Plain);
        check("bounces+@boards.example.org", Read::Forged);
        check("bounces+x@boards.example.org", Read::Forged);
        check("bounces+é@boards.example.org", Read::Forged);
    }

    proptest! {
        #[test]
        fn a_tag_reads_as_it_was_written_whatever_its_case(key: [u8; 32], subscriber: u128, ms in 0u64..(1 << 44), which in 0u8..6, upper: bool) {
            let to = Position(ms);
            let tag = match which {
                0 => Tag::Digest { subscriber, cadence: Cadence::Immediate, to },
                1 => Tag::Digest { subscriber, cadence: Cadence::Daily, to },
                2 => Tag::Digest { subscriber, cadence: Cadence::Weekly, to },
                3 => Tag::Other { subscriber, at: to },
                4 => Tag::Leave { subscriber, life: None },
                _ => Tag::Leave { subscriber, life: u32::try_from(ms).ok() },
            };
            let address = address(&key, &mailbox(), tag);
            prop_assert!(address.as_str().split('@').next().unwrap().len() <= 64);
            let raw = if upper { address.as_str().to_uppercase() } else { format!("<{}>", address.as_str()) };
            prop_assert_eq!(read(&key, &mailbox(), &raw, at(ms)), Read::Ours(tag));
            prop_assert_eq!(tag.subscriber(), SubscriberId::from_number(subscriber));
        }

        #[test]
        fn an_altered_tag_names_nobody(key: [u8; 32], subscriber: u128, place in 8usize..61, to in "[a-z2-7+=. -]") {
            let address = address(&key, &mailbox(), Tag::Leave { subscriber, life: Some(1) });
            let mut altered = address.as_str().to_owned();
            altered.replace_range(place..=place, &to);
            if altered != address.as_str() {
                prop_assert_eq!(read(&key, &mailbox(), &altered, at(0)), Read::Forged);
            }
        }

        #[test]
        fn any_address_gets_an_answer(key: [u8; 32], raw in ".{0,120}") {
            prop_assert!(!matches!(read(&key, &mailbox(), &raw, at(0)), Read::Ours(_)));
        }
    }
}
