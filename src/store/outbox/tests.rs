//! Claiming and settling: everybody's turn comes, and what became of many is one commit.

use super::*;
use crate::domain::bundle::Draft;
use crate::domain::delivery::{Position, Refusal, RefusalKind, STALE, Settlement, Window};
use crate::domain::subscriber::{Address, Cadence, SubscriberId};
use crate::store::records::{Person, WindowState};
use crate::store::windows::Progress;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
}

fn claim(owner: &str, until: DateTime<Utc>) -> Claim {
    Claim { owner: owner.to_owned(), until }
}

/// Plans a bundle of people numbered from `first` on.
async fn planned(store: &Store, cadence: Cadence, to: u64, first: u128, people: usize) {
    store.start_windows(at(0)).await.unwrap();
    let mut row = store.read::<WindowState>(key::window(cadence)).await.unwrap().unwrap();
    let window = Window { from: Position(0), to: Position(to) };
    let open = super::super::records::OpenWindow { window, after: None, deliveries: 0, opened: at(0) };
    let mut change = store.change();
    change.update(&row, &WindowState { open: Some(open), ..row.value.clone() });
    row.version = change.commit().await.unwrap();
    row = store.read(row.key.clone()).await.unwrap().unwrap();
    let mut draft = Draft::new(Bundle::empty(cadence, window, at(0), at(0)));
    for number in (first..).take(people) {
        draft.add((number, 0), 0, &[], &[]);
    }
    let progress = Progress { after: None, is_done: true };
    store.record_plan(cadence, &mut row, &[], draft.take().as_ref(), progress, at(0)).await.unwrap();
}

async fn held(store: &Store, rows: Vec<Row<Portion>>) -> Vec<Claimed> {
    let mut claimed = Vec::new();
    for row in rows {
        let bundle = Arc::new(store.bundle(&row.value.bundle).await.unwrap());
        claimed.push(Claimed { row: Some(row), bundle });
    }
    claimed
}

fn sent(portion: usize, place: u16) -> Ended {
    Ended { portion, place, taken_over: None, outcome: Outcome::Settled(Settlement::Sent { reply: "250 taken".into() }) }
}

fn refused(portion: usize, place: u16, kind: RefusalKind) -> Ended {
    let refusal = Refusal { kind, reply: "550 no".into() };
    Ended { portion, place, taken_over: None, outcome: Outcome::Settled(Settlement::Refused(refusal)) }
}

async fn tallies(store: &Store) -> (u64, usize, usize) {
    let rows: Vec<Row<Settled>> = store.settled().try_collect().await.unwrap();
    let add = |n: fn(&Settled) -> usize| rows.iter().map(|row| n(&row.value)).sum();
    (rows.iter().map(|row| row.value.sent).sum(), add(|s| s.refused.len()), add(|s| s.cancelled.len()))
}

#[tokio::test]
async fn an_immediate_notice_goes_before_a_digest_of_thousands() {
    let store = Store::in_memory();
    planned(&store, Cadence::Weekly, 10, 0, 4000).await;
    planned(&store, Cadence::Daily, 11, 0, 4000).await;
    let first = store.claim_due(1000, &claim("a", at(30)), at(1)).await.unwrap();
    assert_eq!(
        first.iter().map(|row| (row.value.cadence, row.value.members.len())).collect::<Vec<_>>(),
        [(Cadence::Daily, 1000)]
    );
    planned(&store, Cadence::Immediate, 12, 0, 3).await;
    let next = store.claim_due(1000, &claim("a", at(30)), at(1)).await.unwrap();
    let said: Vec<_> = next.iter().map(|row| (row.value.cadence, row.value.members.len())).collect();
    assert_eq!(said, [(Cadence::Immediate, 3), (Cadence::Daily, 997)]);
    assert_eq!(store.waiting().await.unwrap().deliveries, 8003);
}

#[tokio::test]
async fn what_became_of_many_is_one_commit() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 6).await;
    let person = Person::known_since(Address::parse("gone@example.org").unwrap(), at(0));
    let mut change = store.change();
    change.insert(key::person(&SubscriberId::from_number(2)), &person);
    let before = change.commit().await.unwrap();
    let claimed = held(&store, store.claim_due(10, &claim("a", at(30)), at(1)).await.unwrap()).await;
    let again = |place, reply: &str| Ended {
        portion: 0,
        place,
        taken_over: None,
        outcome: Outcome::Postponed { not_before: at(9), reply: reply.to_owned(), may_have_come: false, at: None },
    };
    let stale = Ended {
        portion: 0,
        place: 3,
        taken_over: None,
        outcome: Outcome::Settled(Settlement::Cancelled { reason: STALE.into() }),
    };
    let ended = [sent(0, 0), refused(0, 2, RefusalKind::AddressGone), stale, again(4, "451 one"), again(5, "451 two")];
    let left = store.settle(claimed, &ended, false, at(2)).await.unwrap();
    assert_eq!(left[0].row.as_ref().unwrap().value.members.iter().collect::<Vec<_>>(), [1]);
    assert_eq!(left[0].row.as_ref().unwrap().version, before + 2, "one commit to claim, one to settle");
    assert_eq!(tallies(&store).await, (1, 1, 1));
    let row = store.settled().try_next().await.unwrap().unwrap();
    assert_eq!(row.value.reasons[STALE], 1);
    let person = store.person(&SubscriberId::from_number(2)).await.unwrap().unwrap();
    assert_eq!(person.value.suppressed, Some((crate::domain::subscriber::Ending::AddressGone, at(2))));
    let later = store.claim_due(10, &claim("a", at(60)), at(10)).await.unwrap();
    assert_eq!(later.len(), 1, "those that were refused alike stay together, and the claimed one is not due");
    assert_eq!(later[0].value.members.iter().collect::<Vec<_>>(), [4, 5]);
    assert_eq!((later[0].value.attempts, later[0].value.last_reply.as_deref()), (2, Some("451 two")));
    // Repeating it changes nothing.
    let again = store.settle(left.clone(), &ended, false, at(3)).await.unwrap();
    assert_eq!(again[0].row, left[0].row);
    assert_eq!(tallies(&store).await, (1, 1, 1));
}

#[tokio::test]
async fn what_a_turn_did_not_come_to_was_not_tried() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 5).await;
    let claimed = held(&store, store.claim_due(4, &claim("a", at(30)), at(1)).await.unwrap()).await;
    let left = store.settle(claimed, &[sent(0, 1)], true, at(2)).await.unwrap();
    assert!(left[0].row.is_none());
    let rows = store.claim_due(10, &claim("a", at(60)), at(2)).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.members.iter().collect::<Vec<_>>(), row.value.attempts)).collect();
    assert_eq!(said, [(vec![0, 2, 3], 1), (vec![4], 1)]);
}

#[tokio::test]
async fn a_claim_that_ran_out_is_another_s_and_the_first_settles_nothing_of_it() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 3).await;
    let slow = held(&store, store.claim_due(10, &claim("slow", at(30)), at(1)).await.unwrap()).await;
    assert!(store.claim_due(10, &claim("other", at(60)), at(29)).await.unwrap().is_empty());
    let other = held(&store, store.claim_due(10, &claim("other", at(60)), at(30)).await.unwrap()).await;
    let left = store.settle(slow, &[sent(0, 0)], true, at(31)).await.unwrap();
    assert!(left[0].row.is_none());
    assert_eq!(tallies(&store).await, (0, 0, 0));
    store.settle(other, &[sent(0, 0), sent(0, 1), sent(0, 2)], true, at(32)).await.unwrap();
    assert_eq!(tallies(&store).await, (3, 0, 0));
    assert_eq!(store.waiting().await.unwrap(), Waiting::default());
}

#[tokio::test]
async fn what_may_have_come_is_not_sent_anew_at_each_start_and_all_else_is() {
    let due_after = async |hangs: bool| {
        let store = Store::in_memory();
        planned(&store, Cadence::Daily, 10, 0, 1).await;
        let (mut now, mut waits) = (at(1), Vec::new());
        for start in 0..5 {
            let owner = format!("start {start}");
            let rows = store.claim_due(10, &claim(&owner, now + TimeDelta::minutes(30)), now).await.unwrap();
            let claimed = held(&store, rows).await;
            if hangs {
                let hung = Ended { portion: 0, place: 0, taken_over: None, outcome: Outcome::Hangs { may_have_come: true } };
                store.settle(claimed, &[hung], false, now).await.unwrap();
            }
            // It is stopped while that is being sent.
            assert_eq!(store.release_deliveries("the next start", now).await.unwrap(), 1);
            assert_eq!(store.release_deliveries("the one after that", now).await.unwrap(), 0);
            let due = store.next_outgoing(&Lane::ALL).await.unwrap().unwrap().max(now);
            waits.push((due - now).num_minutes());
            now = due;
        }
        waits
    };
    assert_eq!(due_after(true).await, [1, 15, 120, 360, 360]);
    assert_eq!(due_after(false).await, [0; 5]);
}

#[tokio::test]
async fn what_a_stop_cut_short_is_no_attempt_however_often_unless_each_may_be_another_copy() {
    for hangs in [false, true] {
        let store = Store::in_memory();
        planned(&store, Cadence::Daily, 10, 0, 100).await;
        let mut now = at(1);
        for start in 0..60 {
            let owner = format!("start {start}");
            let rows = store.claim_due(40, &claim(&owner, now + TimeDelta::minutes(30)), now).await.unwrap();
            let claimed = held(&store, rows).await;
            if hangs && start == 0 {
                let hung = Ended { portion: 0, place: 0, taken_over: None, outcome: Outcome::Hangs { may_have_come: true } };
                store.settle(claimed, &[hung], false, now).await.unwrap();
            }
            store.release_deliveries("the next start", now).await.unwrap();
            now += TimeDelta::seconds(5);
        }
        let rows = store.claim_due(100, &claim("mine", now + TimeDelta::minutes(30)), now).await.unwrap();
        let attempts = |may_have_come: bool| {
            let alike = rows.iter().filter(|row| row.value.may_have_come == may_have_come);
            alike.map(|row| row.value.attempts).max()
        };
        assert_eq!(attempts(false), Some(1));
        assert!(!hangs || attempts(true).is_none_or(|attempts| attempts > 1), "{:?}", attempts(true));
    }
}

#[tokio::test]
async fn what_waits_for_a_provider_to_answer_is_due_when_it_does() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 4).await;
    let claimed = held(&store, store.claim_due(10, &claim("a", at(30)), at(1)).await.unwrap()).await;
    let waits = |place: u16, provider| {
        let (not_before, why) = (at(20 + i64::from(place)), "others were refused");
        Ended { portion: 0, place, taken_over: None, outcome: Outcome::Waits { not_before, why, at: Some(provider) } }
    };
    store.settle(claimed, &[waits(0, 7), waits(1, 8), waits(2, 7)], true, at(2)).await.unwrap();
    assert_eq!(store.hurry_those_at(&[7], at(2)).await.unwrap(), 2);
    let due = store.claim_due(10, &claim("a", at(30)), at(2)).await.unwrap();
    assert_eq!(due.iter().map(|row| row.value.members.len()).sum::<usize>(), 3);
    assert!(due.iter().all(|row| row.value.attempts == 1 && row.value.waits_at.is_none()));
}

#[tokio::test]
async fn claims_of_the_dead_and_waits_of_a_wrong_clock_are_void_at_the_start() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 700).await;
    for owner in ["dead", "mine"] {
        store.claim_due(100, &claim(owner, at(30)), at(1)).await.unwrap();
    }
    let ahead = held(&store, store.claim_due(100, &claim("mine", at(31)), at(1)).await.unwrap()).await;
    let outcome =
        Outcome::Postponed { not_before: at(0) + TimeDelta::days(1000), reply: "451".into(), may_have_come: false, at: None };
    let ended: Vec<Ended> =
        (200..300).map(|place| Ended { portion: 0, place, taken_over: None, outcome: outcome.clone() }).collect();
    store.settle(ahead, &ended, false, at(1)).await.unwrap();
    assert_eq!(store.release_deliveries("mine", at(2)).await.unwrap(), 200);
    let free: usize =
        store.claim_due(9999, &claim("mine", at(60)), at(2)).await.unwrap().iter().map(|r| r.value.members.len()).sum();
    assert_eq!(free, 600);
}

/// Not of what is being sent: its sender has it, and settles it.
#[tokio::test]
async fn what_a_wrong_clock_put_off_or_called_too_old_is_tried_when_an_admin_asks_for_it() {
    let store = Store::in_memory();
    planned(&store, Cadence::Daily, 10, 0, 30).await;
    let ahead = at(0) + TimeDelta::days(10);
    let claimed = held(&store, store.claim_due(30, &claim("mine", ahead), ahead).await.unwrap()).await;
    let doubted = Outcome::Doubted { not_before: ahead + TimeDelta::hours(1) };
    let put_off = Outcome::Postponed { not_before: ahead, reply: "451".into(), may_have_come: false, at: None };
    let ends = |place: u16| Ended {
        portion: 0,
        place,
        taken_over: None,
        outcome: if place < 10 { doubted.clone() } else { put_off.clone() },
    };
    store.settle(claimed, &(0..20).map(ends).collect::<Vec<_>>(), false, ahead).await.unwrap();
    assert_eq!(store.hurry_deliveries(at(2)).await.unwrap(), 20);
    assert!(store.is_due(&Lane::ALL, at(2)).await.unwrap());
    // One that is put off for a reason that holds waits, though it is too old to be news.
    let now = store.claim_due(30, &claim("mine", at(30)), at(2)).await.unwrap();
    let now = held(&store, now).await;
    let doubted = Outcome::Doubted { not_before: at(62) };
    let ends = |(portion, place)| Ended { portion, place, taken_over: None, outcome: doubted.clone() };
    let all: Vec<Ended> = now
        .iter()
        .enumerate()
        .flat_map(|(portion, c)| c.row.iter().flat_map(|row| row.value.members.iter()).map(move |place| (portion, place)))
        .map(ends)
        .collect();
    assert_eq!(all.len(), 20);
    store.settle(now, &all, true, at(2)).await.unwrap();
    assert_eq!(store.hurry_deliveries(at(3)).await.unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// Whatever senders do, each member stands in exactly one row until they are settled, and is counted once.
    #[test]
    fn nobody_is_lost_and_nobody_is_there_twice(people in 1usize..40, steps in prop::collection::vec((1usize..9, 0u8..6, 0u16..99), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = Store::in_memory();
            planned(&store, Cadence::Daily, 10, 7, people).await;
            let mut minutes = 1;
            for (limit, act, pick) in steps {
                minutes += 20;
                let claimed = held(&store, store.claim_due(limit, &claim("a", at(minutes + 30)), at(minutes)).await.unwrap()).await;
                let places: Vec<(usize, u16)> = claimed.iter().enumerate()
                    .flat_map(|(at, c)| c.row.iter().flat_map(|row| row.value.members.iter()).map(move |place| (at, place)).collect::<Vec<_>>())
                    .collect();
                let some = places.iter().copied().filter(|(_, place)| (place ^ pick) % 3 != 0);
                let ended: Vec<Ended> = some.map(|(portion, place)| match act {
                    0 => refused(portion, place, RefusalKind::Permanent),
                    1 | 2 => {
                        let not_before = at(minutes + i64::from(place % 4) * 15);
                        Ended { portion, place, taken_over: None, outcome: Outcome::Postponed { not_before, reply: "451".into(), may_have_come: false, at: None } }
                    }
                    _ => sent(portion, place),
                }).collect();
                let left = store.settle(claimed, &ended, act % 2 == 0, at(minutes)).await.unwrap();
                let mut open = BTreeSet::new();
                let rows: Vec<Row<Portion>> = store.rows(prefix_range(b"out/")).try_collect().await.unwrap();
                for row in &rows {
                    assert!(!row.value.members.is_empty());
                    assert_eq!(row.key, row.value.key());
                    for place in row.value.members.iter() {
                        assert!(open.insert(place), "{place} is there twice");
                    }
                }
                for left in left.iter().filter_map(|left| left.row.as_ref()) {
                    assert!(rows.contains(left), "what the sender holds is what stands there");
                }
                let (sent, refused, cancelled) = tallies(&store).await;
                assert_eq!(open.len() + usize::try_from(sent).unwrap() + refused + cancelled, people);
            }
        });
    }
}
