//! A token does its one thing, for its time, and nothing else does it.

use super::*;
use TokenFault::{Altered, Expired, OtherPurpose};
use proptest::prelude::*;

const ALL: [Purpose; 5] = [Purpose::Unsubscribe, Purpose::Confirm, Purpose::Manage, Purpose::Undo, Purpose::MoveBack];

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().expect(moment)
}

fn somebody() -> SubscriberId {
    SubscriberId::from_number(0x0123_4567_89ab_cdef)
}

#[test]
fn links_that_were_sent_keep_working() {
    let now = at("2031-01-01T00:00:00Z");
    // Of the first release, and of this one.
    for raw in ["AQEAAAAAAAAAAAEjRWeJq83vuyUQGmjuJFnJztbuXOi2H_g9", "AgEB_____wAAAAAAAAAAASNFZ4mrze-551S6yvAwYiN2rDSS4Y1N"] {
        let read = Keyring::of([7; 32]).read(raw, Purpose::Unsubscribe, now);
        assert_eq!(read.map(|token| token.subscriber), Ok(somebody()), "{raw}");
        assert_eq!(Keyring::of([7; 32]).read(raw, Purpose::Manage, now), Err(OtherPurpose), "{raw}");
    }
    let made = Keyring::of([7; 32]).link(Purpose::Unsubscribe, &somebody(), now);
    assert_eq!(made, "AgEB_____wAAAAAAAAAAASNFZ4mrze-551S6yvAwYiN2rDSS4Y1N");
    assert_eq!(Keyring::of([7; 32]).read(&made, Purpose::Unsubscribe, now).unwrap().life, None);
}

#[test]
fn a_link_that_ends_says_of_which_life_it_is_and_never_expires() {
    let (ring, now) = (Keyring::of([7; 32]), at("2126-01-01T00:00:00Z"));
    for life in [0, 1, 7, u32::MAX] {
        let raw = ring.leave(&somebody(), life);
        assert_eq!(raw.len(), TOKEN_CHARS);
        let expected = Token { purpose: Purpose::Unsubscribe, subscriber: somebody(), expires: None, life: Some(life) };
        assert_eq!(ring.read(&raw, Purpose::Unsubscribe, now), Ok(expected));
        assert_eq!(ring.read(&raw, Purpose::Manage, now), Err(OtherPurpose));
    }
    assert_eq!(ring.leave(&somebody(), 3), "AwEBAAAAAwAAAAAAAAAAASNFZ4mrze97yY5V5FzkHEViJEYJvrwx");
}

#[test]
fn a_link_works_until_its_time_and_one_that_unsubscribes_for_ever() {
    let (ring, made) = (Keyring::of([7; 32]), at("2026-11-20T10:00:40Z"));
    let check = |purpose, now: &str, expect: Result<(), TokenFault>| {
        let raw = ring.link(purpose, &somebody(), made);
        assert_eq!(ring.read(&raw, purpose, at(now)).map(|_| ()), expect, "{purpose:?} at {now}");
    };
    check(Purpose::Confirm, "2026-11-27T10:00:00Z", Ok(()));
    check(Purpose::Confirm, "2026-11-27T10:00:01Z", Err(Expired));
    check(Purpose::Manage, "2026-12-20T10:00:00Z", Ok(()));
    check(Purpose::Manage, "2026-12-20T10:01:00Z", Err(Expired));
    check(Purpose::Undo, "2026-11-21T10:01:00Z", Err(Expired));
    check(Purpose::Unsubscribe, "2126-11-20T10:00:00Z", Ok(()));
}

#[test]
fn a_key_that_was_replaced_verifies_what_it_signed_and_no_more() {
    let (before, after) = (at("2026-11-01T00:00:00Z"), at("2026-11-10T00:00:00Z"));
    let first = LinkKey { id: 1, secret: [1; 32], retired: None };
    let old = Keyring::new(vec![first.clone()], [9; 32]);
    let retired = LinkKey { retired: Some(at("2026-11-05T00:00:00Z")), ..first };
    let both = Keyring::new(vec![retired, LinkKey { id: 2, secret: [2; 32], retired: None }], [9; 32]);
    let sent = old.link(Purpose::Manage, &somebody(), before);
    assert!(both.read(&sent, Purpose::Manage, after).is_ok());
    // With the old key alone nobody can make a link that works for longer than those it made while it was in use.
    let forged = old.link(Purpose::Manage, &somebody(), after);
    assert_eq!(both.read(&forged, Purpose::Manage, after), Err(Expired));
    let new = both.link(Purpose::Manage, &somebody(), after);
    assert!(both.read(&new, Purpose::Manage, after).is_ok());
    assert_eq!(old.read(&new, Purpose::Manage, after), Err(Altered));
    assert!(both.read(&old.link(Purpose::Unsubscribe, &somebody(), before), Purpose::Unsubscribe, after).is_ok());
}

proptest! {
    #[test]
    fn a_token_works_for_its_purpose_alone(key: [u8; 32], other_key: [u8; 32], subscriber: u128, purpose in 0usize..5) {
        let (ring, now, purpose) = (Keyring::of(key), at("2026-11-20T10:00:00Z"), ALL[purpose]);
        let raw = ring.link(purpose, &SubscriberId::from_number(subscriber), now);
        prop_assert_eq!(raw.len(), TOKEN_CHARS);
        for other in ALL {
            let read = ring.read(&raw, other, now).map(|token| token.subscriber.number());
            prop_assert_eq!(read, if other == purpose { Ok(subscriber) } else { Err(OtherPurpose) });
        }
        if key != other_key {
            prop_assert_eq!(Keyring::of(other_key).read(&raw, purpose, now), Err(Altered));
        }
    }

    #[test]
    fn a_token_with_any_character_altered_is_refused(key: [u8; 32], subscriber: u128, at_char in 0usize..52, to in "[A-Za-z0-9_=+/ .-]") {
        let (ring, now) = (Keyring::of(key), at("2026-11-20T10:00:00Z"));
        let raw = ring.link(Purpose::Manage, &SubscriberId::from_number(subscriber), now);
        let mut altered = raw.clone();
        altered.replace_range(at_char..=at_char, &to);
        if altered != raw {
            for purpose in ALL {
                prop_assert_eq!(ring.read(&altered, purpose, now), Err(Altered));
            }
        }
        prop_assert_eq!(ring.read(&raw[..at_char], Purpose::Manage, now), Err(Altered));
        prop_assert_eq!(ring.read(&format!("{raw}{to}"), Purpose::Manage, now), Err(Altered));
    }

    #[test]
    fn anything_else_is_refused(key: [u8; 32], raw in ".{0,80}") {
        prop_assert_eq!(Keyring::of(key).read(&raw, Purpose::Unsubscribe, at("2026-11-20T10:00:00Z")), Err(Altered));
    }
}
