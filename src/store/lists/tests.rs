//! List files are followed in few commits, and what a reader ended stays ended.

use super::*;
use crate::store::subscriptions::active;

const KEY: [u8; 32] = [7; 32];

fn at(days: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000 + days)
}

fn entry(list: &str, who: usize, cadence: Cadence) -> Listed {
    Listed {
        origin: format!("{FILE_ORIGIN}{list}"),
        address: Address::parse(&format!("p{who}@example.org")).unwrap(),
        cadence,
        interests: Interests { everything: true, ..Interests::default() },
    }
}

fn id(who: usize) -> SubscriberId {
    SubscriberId::of(&entry("a", who, Cadence::Daily).address, &KEY)
}

/// Follows the lists: how many people that changed, and in how many commits.
async fn follow_lists(store: &Store, listed: &[Listed], day: i64) -> (usize, u64) {
    let before = store.change().commit().await.unwrap();
    let changed = store.reconcile_lists(listed, |address| SubscriberId::of(address, &KEY), at(day)).await.unwrap();
    (changed, store.change().commit().await.unwrap() - before - 1)
}

async fn cadences(store: &Store, who: usize) -> Vec<Cadence> {
    let Some(person) = store.person(&id(who)).await.unwrap() else { return Vec::new() };
    active(&person.value, store.subscriptions(&id(who)).await.unwrap()).iter().map(|s| s.cadence).collect()
}

#[tokio::test]
async fn thousands_of_people_are_a_dozen_commits_and_then_none() {
    let store = Store::in_memory();
    let mut listed: Vec<Listed> = (0..2_600).map(|who| entry("a", who, Cadence::Daily)).collect();
    listed.extend((0..40).map(|who| entry("b", who, Cadence::Weekly)));
    assert_eq!(follow_lists(&store, &listed, 0).await, (2_600, 11));
    assert_eq!(follow_lists(&store, &listed, 1).await, (0, 0));
    assert_eq!(cadences(&store, 7).await, [Cadence::Daily, Cadence::Weekly]);
    // One changes, one is taken off, one is new; the others are left alone.
    listed[1_000].cadence = Cadence::Immediate;
    listed.retain(|listed| listed.address.as_str() != "p2000@example.org");
    listed.push(entry("a", 9_999, Cadence::Daily));
    let (changed, commits) = follow_lists(&store, &listed, 2).await;
    assert_eq!(changed, 3);
    assert!(commits <= 3, "{commits}");
    assert_eq!(cadences(&store, 1_000).await, [Cadence::Immediate]);
    assert_eq!(cadences(&store, 2_000).await, []);
    assert_eq!(cadences(&store, 9_999).await, [Cadence::Daily]);
    // Nobody is left on any list.
    assert_eq!(follow_lists(&store, &[], 3).await.0, 2_600);
    assert_eq!(cadences(&store, 1).await, []);
}

#[tokio::test]
async fn what_a_reader_ended_stays_ended_and_what_a_file_ended_begins_afresh() {
    let store = Store::in_memory();
    let listed = [entry("a", 1, Cadence::Daily), entry("a", 2, Cadence::Daily)];
    follow_lists(&store, &listed, 0).await;
    store.end_subscriptions(&id(1), Ending::Unsubscribed, at(1)).await.unwrap();
    follow_lists(&store, &[], 2).await;
    assert_eq!(follow_lists(&store, &listed, 3).await.0, 1);
    assert_eq!((cadences(&store, 1).await, cadences(&store, 2).await), (vec![], vec![Cadence::Daily]));
    let rows = store.subscriptions(&id(2)).await.unwrap();
    assert_eq!(rows[0].value.began, at(3));
    // Another list does not bring them back either.
    assert_eq!(follow_lists(&store, &[entry("b", 1, Cadence::Weekly), entry("a", 2, Cadence::Daily)], 4).await.0, 0);
}
