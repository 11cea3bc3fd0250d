//! Whether a mail server that puts off what it is given ("451", "452") puts off everybody, or some readers for a reason of
//! their own.
//!
//! There are always some who are put off: servers that greylist, mailboxes that are full. They are few of those who were told
//! the same, and the others have it. Where nobody gets it, or a good part does not and nothing is taken any more, it is the
//! server; and an admin would not hear of that for hours, for each mail only waits for its next turn.

use super::refusal::{is_greylisting, is_soft_bounce};
use crate::domain::delivery::{Refusal, RefusalKind};
use chrono::TimeDelta;

/// So many people are no chance…
pub const PEOPLE_MIN: usize = 3;
/// …where they are one in so many of those who were to be told the same.
const ONE_IN: u64 = 4;
/// It is told then after this time: longer than a server may keep us waiting.
const SOON: TimeDelta = TimeDelta::minutes(15);
/// Of fewer, where nobody at all was told, and of those whose server asks to be asked again: longer than most servers greylist.
const LATER: TimeDelta = TimeDelta::hours(1);
/// A server that puts off everybody is asked so often by one mail whether it takes any…
const ASKED: TimeDelta = TimeDelta::minutes(4);
/// …and less where it may be the trouble of a reader or two.
const ASKED_FOR_FEW: TimeDelta = TimeDelta::minutes(10);

/// How long nothing has to be taken before it is told that `deliveries` to so many `people` are put off with these `words`, of
/// `planned` that tell the same. `None`: it is those readers' own trouble.
#[must_use]
pub fn told_after(people: usize, deliveries: u64, planned: u64, words: &str) -> Option<TimeDelta> {
    if people >= PEOPLE_MIN && deliveries.saturating_mul(ONE_IN) >= planned {
        return Some(if is_greylisting(words) { LATER } else { SOON });
    }
    let said = Refusal { kind: RefusalKind::Transient, reply: words.to_owned() };
    (deliveries >= planned && !is_soft_bounce(&said)).then_some(LATER)
}

/// How long after the last attempt one mail asks whether the server takes any again, where so many are put off. `None`: each only
/// waits for its next turn.
#[must_use]
pub fn asked_after(people: usize, deliveries: u64, planned: u64, words: &str) -> Option<TimeDelta> {
    told_after(people, deliveries, planned, words)?;
    Some(if people >= PEOPLE_MIN { ASKED } else { ASKED_FOR_FEW })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_puts_off_everybody_is_told_of_and_readers_who_are_put_off_are_not() {
        let check = |people, deliveries, planned, words: &str, expect| {
            assert_eq!(told_after(people, deliveries, planned, words), expect, "{people} {deliveries} {planned} {words}");
        };
        let (busy, full) = ("451 4.3.0 try later", "452 4.2.2 mailbox full");
        check(14, 14, 14, busy, Some(SOON));
        check(14, 14, 14, full, Some(SOON));
        for grey in
            ["451 4.7.1 Greylisted, come back", "450 4.2.0 Graylisting", "450 try again later", "451 4.7.1 Please try later"]
        {
            check(3, 3, 3, grey, Some(LATER));
        }
        check(40, 40, 100, busy, Some(SOON));
        check(3, 3, 13, busy, None);
        check(2, 2, 2, busy, Some(LATER));
        check(1, 1, 1, busy, Some(LATER));
        check(1, 1, 1, full, None);
        check(1, 3, 3, busy, Some(LATER));
        check(2, 2, 5_000, busy, None);
    }
}
