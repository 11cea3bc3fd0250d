//! Links that act: signed tokens, each for one purpose and, where it can do harm, for a time.
//!
//! A token is its own authority: whoever holds it may do the one thing it is for, to the one subscriber it names, and
//! nothing else. It names the subscriber by keyed hash, so that neither address nor list can be read from a link
//! (RFC 8058 §3.1: opaque and hard to forge). It names its key too, so that keys can be changed: the newest signs, and
//! those before it go on verifying what they signed.

use crate::domain::subscriber::SubscriberId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// The one thing that a token lets its holder do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// End the subscription.
    Unsubscribe,
    /// Say yes to what was asked for at this address.
    Confirm,
    /// See and change the subscription, take what is held, have it erased.
    Manage,
    /// Take back an ending of a moment ago.
    Undo,
    /// Take back a move to another address.
    MoveBack,
}

impl Purpose {
    /// Its byte in a token: a contract with every mail that was ever sent.
    fn byte(self) -> u8 {
        match self {
            Self::Unsubscribe => 1,
            Self::Confirm => 2,
            Self::Manage => 3,
            Self::Undo => 4,
            Self::MoveBack => 5,
        }
    }

    /// How long its links work; `None`: for ever, since whoever wants to leave must never be told that it is too late.
    #[must_use]
    pub fn life(self) -> Option<TimeDelta> {
        match self {
            Self::Unsubscribe => None,
            Self::Confirm => Some(TimeDelta::days(7)),
            Self::Manage => Some(TimeDelta::days(30)),
            Self::Undo => Some(TimeDelta::days(1)),
            Self::MoveBack => Some(TimeDelta::days(14)),
        }
    }

    /// When a link made at `moment` stops working, to the minute.
    #[must_use]
    pub fn expiry(self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.life().map(|life| on_the_minute(moment + life))
    }
}

/// Who may do what, and until when.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Token {
    /// What.
    pub purpose: Purpose,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Not after this minute; `None`: for ever.
    pub expires: Option<DateTime<Utc>>,
    /// In which life of theirs the mail was sent that holds it; `None`: it does not say.
    pub life: Option<u32>,
}

/// Why a token does not do what is asked of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenFault {
    /// Cut short, altered, made up, or signed with a key that is no longer known.
    Altered,
    /// Ours, and for something else.
    OtherPurpose,
    /// Ours, and too old.
    Expired,
}

/// A key that signs, or signed, links.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkKey {
    /// Its number in tokens.
    pub id: u8,
    /// 32 secret bytes.
    pub secret: [u8; 32],
    /// When a newer one took its place.
    pub retired: Option<DateTime<Utc>>,
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkKey").field("id", &self.id).field("retired", &self.retired).finish_non_exhaustive()
    }
}

/// The keys of an installation's links, the one that signs last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keyring {
    keys: Vec<LinkKey>,
    /// What the first release signed unsubscribe links with.
    first: LinkKey,
}

/// First byte of every token; the first release wrote 1.
const VERSION: u8 = 2;
/// The same of a token that never expires and says in which life it was mailed: that stands where others have the expiry.
const VERSION_WITH_LIFE: u8 = 3;
/// Version, purpose, key, expiry or life, subscriber.
const CLAIM_BYTES: usize = 1 + 1 + 1 + 4 + 16;
/// 128 bits; claim and tag together are a multiple of three, so that base64 has no spare bits in which two spellings of
/// one token could differ.
const TAG_BYTES: usize = 16;
/// The expiry of what never expires.
const NEVER: u32 = u32::MAX;
/// Characters of a token.
pub const TOKEN_CHARS: usize = (CLAIM_BYTES + TAG_BYTES) / 3 * 4;

/// The first release's tokens: version 1, purpose, subscriber, and a longer tag.
const FIRST_CLAIM_BYTES: usize = 1 + 1 + 16;
const FIRST_TAG_BYTES: usize = 18;

impl Keyring {
    /// The `keys` of which the last signs; `first` is the secret with which the first release signed.
    #[must_use]
    pub fn new(keys: Vec<LinkKey>, first: [u8; 32]) -> Self {
        Self { keys, first: LinkKey { id: 0, secret: first, retired: None } }
    }

    /// One key that signs and verifies everything.
    #[must_use]
    pub fn of(secret: [u8; 32]) -> Self {
        Self::new(vec![LinkKey { id: 1, secret, retired: None }], secret)
    }

    /// The token as it stands in a link: 52 characters of base64url.
    #[must_use]
    pub fn sign(&self, token: &Token) -> String {
        let key = self.keys.last().unwrap_or(&self.first);
        let mut raw = claim(token, key.id).to_vec();
        let tag = mac(&key.secret, &raw).finalize().into_bytes();
        raw.extend(tag.iter().take(TAG_BYTES));
        URL_SAFE_NO_PAD.encode(raw)
    }

    /// The token that lets its holder do `purpose` to `subscriber`, made at `moment`.
    #[must_use]
    pub fn link(&self, purpose: Purpose, subscriber: &SubscriberId, moment: DateTime<Utc>) -> String {
        self.sign(&Token { purpose, subscriber: subscriber.clone(), expires: purpose.expiry(moment), life: None })
    }

    /// The token in a mail to `subscriber`, sent in this `life` of theirs, that ends what they get.
    #[must_use]
    pub fn leave(&self, subscriber: &SubscriberId, life: u32) -> String {
        let token = Token { purpose: Purpose::Unsubscribe, subscriber: subscriber.clone(), expires: None, life: Some(life) };
        self.sign(&token)
    }

    /// The token behind `raw`, for `purpose`, now. Tags are compared in constant time.
    ///
    /// # Errors
    /// Why it does not do that.
    pub fn read(&self, raw: &str, purpose: Purpose, now: DateTime<Utc>) -> Result<Token, TokenFault> {
        let bytes = URL_SAFE_NO_PAD.decode(raw).map_err(|_| TokenFault::Altered)?;
        if bytes.first() == Some(&1) {
            return self.read_first(&bytes, purpose);
        }
        let (claimed, tag) = bytes.split_at_checked(CLAIM_BYTES).ok_or(TokenFault::Altered)?;
        let [version, purpose_byte, id, expires @ ..] = claimed else { return Err(TokenFault::Altered) };
        if tag.len() != TAG_BYTES {
            return Err(TokenFault::Altered);
        }
        // Two keys have one number where each was made after the same dump.
        let signed = |key: &&LinkKey| key.id == *id && mac(&key.secret, claimed).verify_truncated_left(tag).is_ok();
        let key = self.keys.iter().find(signed).ok_or(TokenFault::Altered)?;
        if ![VERSION, VERSION_WITH_LIFE].contains(version) {
            return Err(TokenFault::Altered);
        }
        if *purpose_byte != purpose.byte() {
            return Err(TokenFault::OtherPurpose);
        }
        let (number, subscriber) = expires.split_first_chunk::<4>().ok_or(TokenFault::Altered)?;
        let number = u32::from_be_bytes(*number);
        let (minutes, life) = if *version == VERSION { (number, None) } else { (NEVER, Some(number)) };
        let expires = (minutes != NEVER).then(|| DateTime::UNIX_EPOCH + TimeDelta::minutes(i64::from(minutes)));
        // A key that was taken out of use signed nothing after that: what says otherwise was forged with it.
        let latest = key.retired.and_then(|retired| purpose.expiry(retired));
        if expires.is_some_and(|expires| now > expires || latest.is_some_and(|latest| expires > latest)) {
            return Err(TokenFault::Expired);
        }
        Ok(Token { purpose, subscriber: subscriber_of(subscriber).ok_or(TokenFault::Altered)?, expires, life })
    }

    /// A token of the first release, which only wrote links that unsubscribe.
    fn read_first(&self, bytes: &[u8], purpose: Purpose) -> Result<Token, TokenFault> {
        let (claimed, tag) = bytes.split_at_checked(FIRST_CLAIM_BYTES).ok_or(TokenFault::Altered)?;
        if tag.len() != FIRST_TAG_BYTES || mac(&self.first.secret, claimed).verify_truncated_left(tag).is_err() {
            return Err(TokenFault::Altered);
        }
        let (head, subscriber) = claimed.split_first_chunk::<2>().ok_or(TokenFault::Altered)?;
        if *head != [1, Purpose::Unsubscribe.byte()] || purpose != Purpose::Unsubscribe {
            return Err(TokenFault::OtherPurpose);
        }
        Ok(Token { purpose, subscriber: subscriber_of(subscriber).ok_or(TokenFault::Altered)?, expires: None, life: None })
    }
}

/// The whole minute in which `moment` lies: what a token can say.
#[must_use]
pub fn on_the_minute(moment: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(i64::from(minutes(moment)))
}

/// Minutes since 1970.
fn minutes(moment: DateTime<Utc>) -> u32 {
    u32::try_from(moment.timestamp() / 60).unwrap_or(0).min(NEVER - 1)
}

fn subscriber_of(bytes: &[u8]) -> Option<SubscriberId> {
    Some(SubscriberId::from_number(u128::from_be_bytes(bytes.try_into().ok()?)))
}

fn claim(token: &Token, key: u8) -> [u8; CLAIM_BYTES] {
    let mut claim = [0; CLAIM_BYTES];
    let (version, number) = match (token.expires, token.life) {
        (None, Some(life)) => (VERSION_WITH_LIFE, life),
        (expires, _) => (VERSION, expires.map_or(NEVER, minutes)),
    };
    let subscriber = token.subscriber.number().to_be_bytes();
    let bytes = [version, token.purpose.byte(), key].into_iter().chain(number.to_be_bytes()).chain(subscriber);
    claim.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    claim
}

/// HMAC-SHA256 (RFC 2104) over a label of this use, so that the key may serve others too, and the claim.
fn mac(key: &[u8; 32], claim: &[u8]) -> Hmac<Sha256> {
    // RFC 2104 §2: a shorter key is filled up with zeros to the hash's block.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as Mac>::new((&block).into());
    mac.update(b"boardwatch link token\0");
    mac.update(claim);
    mac
}

#[cfg(test)]
mod tests;
