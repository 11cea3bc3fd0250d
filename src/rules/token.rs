//! Links that act: signed, purpose-bound tokens.
//!
//! A token is its own authority: whoever holds it may do the one thing it is for, to the one subscriber it names, and
//! nothing else. It names the subscriber by keyed hash, so that neither address nor list can be read from a link
//! (RFC 8058 §3.1: opaque and hard to forge).

use crate::domain::subscriber::SubscriberId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The one thing that a token lets its holder do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// End the subscription.
    Unsubscribe,
    /// Say yes to a subscription that was asked for.
    Confirm,
}

impl Purpose {
    /// Its byte in a token: a contract with every mail that was ever sent.
    fn byte(self) -> u8 {
        match self {
            Self::Unsubscribe => 1,
            Self::Confirm => 2,
        }
    }
}

/// Who may do what.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Token {
    /// What.
    pub purpose: Purpose,
    /// To whom.
    pub subscriber: SubscriberId,
}

/// First byte of every token; another layout takes another number.
const VERSION: u8 = 1;
/// Version, purpose, subscriber.
const CLAIM_BYTES: usize = 1 + 1 + 16;
/// 144 bits: over the 128 that we want, and claim and tag together are a multiple of three, so that base64 has no spare
/// bits in which two spellings of one token could differ.
const TAG_BYTES: usize = 18;

/// The token as it stands in a link: 48 characters of base64url.
#[must_use]
pub fn sign(key: &[u8; 32], token: &Token) -> String {
    let mut raw = claim(token).to_vec();
    let tag = mac(key, &raw).finalize().into_bytes();
    raw.extend(tag.iter().take(TAG_BYTES));
    URL_SAFE_NO_PAD.encode(raw)
}

/// The token behind `raw`; `None` where it was not signed with `key`, was altered, or is for another purpose. The tag is
/// compared in constant time.
#[must_use]
pub fn verify(key: &[u8; 32], raw: &str, purpose: Purpose) -> Option<Token> {
    let bytes = URL_SAFE_NO_PAD.decode(raw).ok()?;
    let (claimed, tag) = bytes.split_at_checked(CLAIM_BYTES)?;
    if tag.len() != TAG_BYTES {
        return None;
    }
    mac(key, claimed).verify_truncated_left(tag).ok()?;
    let (head, subscriber) = claimed.split_first_chunk::<2>()?;
    let subscriber = u128::from_be_bytes(subscriber.try_into().ok()?);
    (*head == [VERSION, purpose.byte()]).then_some(())?;
    Some(Token { purpose, subscriber: SubscriberId::parse(&format!("{subscriber:032x}"))? })
}

fn claim(token: &Token) -> [u8; CLAIM_BYTES] {
    let mut claim = [0; CLAIM_BYTES];
    let subscriber = u128::from_str_radix(token.subscriber.as_str(), 16).unwrap_or_default().to_be_bytes();
    let bytes = [VERSION, token.purpose.byte()].into_iter().chain(subscriber);
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(purpose: Purpose, subscriber: u128) -> Token {
        Token { purpose, subscriber: SubscriberId::parse(&format!("{subscriber:032x}")).expect("32 digits") }
    }

    #[test]
    fn links_that_were_sent_keep_working() {
        let raw = sign(&[7; 32], &token(Purpose::Unsubscribe, 0x0123_4567_89ab_cdef));
        assert_eq!(raw, "AQEAAAAAAAAAAAEjRWeJq83vuyUQGmjuJFnJztbuXOi2H_g9");
    }

    proptest! {
        #[test]
        fn a_token_works_for_its_purpose_alone(key: [u8; 32], other_key: [u8; 32], subscriber: u128) {
            let unsubscribe = token(Purpose::Unsubscribe, subscriber);
            let raw = sign(&key, &unsubscribe);
            prop_assert_eq!(raw.len(), 48);
            prop_assert_eq!(verify(&key, &raw, Purpose::Unsubscribe), Some(unsubscribe));
            prop_assert_eq!(verify(&key, &raw, Purpose::Confirm), None);
            if key != other_key {
                prop_assert_eq!(verify(&other_key, &raw, Purpose::Unsubscribe), None);
            }
        }

        #[test]
        fn a_token_with_any_character_altered_is_refused(key: [u8; 32], subscriber: u128, at in 0usize..48, to in "[A-Za-z0-9_=+/ .-]") {
            let raw = sign(&key, &token(Purpose::Unsubscribe, subscriber));
            let mut altered = raw.clone();
            altered.replace_range(at..=at, &to);
            if altered != raw {
                for purpose in [Purpose::Unsubscribe, Purpose::Confirm] {
                    prop_assert_eq!(verify(&key, &altered, purpose), None);
                }
            }
            prop_assert_eq!(verify(&key, &raw[..at], Purpose::Unsubscribe), None);
            prop_assert_eq!(verify(&key, &format!("{raw}{to}"), Purpose::Unsubscribe), None);
        }

        #[test]
        fn anything_else_is_refused(key: [u8; 32], raw in ".{0,80}") {
            prop_assert_eq!(verify(&key, &raw, Purpose::Unsubscribe), None);
        }
    }
}
