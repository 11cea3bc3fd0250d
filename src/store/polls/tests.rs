//! Claims and records of several sources at once.

use super::*;
use crate::store::records::Claim;
use serde_json::json;

fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn id(n: usize) -> SourceId {
    SourceId::parse(&format!("council-{n}")).unwrap()
}

fn fresh() -> SourceState {
    let about = json!({ "council": "A Council", "title": "Updates", "url": "https://council.example.org/", "topics": [] });
    serde_json::from_value(json!({ "about": about, "next_due": now() })).unwrap()
}

fn claim(owner: &str) -> Claim {
    Claim { owner: owner.to_owned(), until: now() + chrono::TimeDelta::hours(1) }
}

fn new(n: usize) -> Wanted {
    Wanted::New(id(n), fresh())
}

async fn known(store: &Store, n: usize) -> Wanted {
    Wanted::Known(store.source_state(&id(n)).await.unwrap().unwrap())
}

fn unchanged(n: usize, claimed: Row<SourceState>) -> Polled {
    let state = SourceState { claim: None, polled: Some(now()), ..claimed.value.clone() };
    Polled { source: id(n), claimed, record: PollRecord { state, items: Vec::new(), dirty: Vec::new() } }
}

async fn versions(store: &Store) -> Vec<u64> {
    store.source_states().await.unwrap().iter().map(|row| row.version).collect()
}

#[tokio::test]
async fn sources_are_claimed_in_one_commit() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    assert_eq!(versions(&store).await, [1, 1, 1]);
    let stands = store.source_states().await.unwrap();
    assert_eq!(rows.into_iter().map(Option::unwrap).collect::<Vec<_>>(), stands, "with the rows as they stand");
}

#[tokio::test]
async fn what_somebody_else_has_claimed_is_left_to_them_until_the_claim_is_void() {
    let store = Store::in_memory();
    store.claim_sources(vec![new(2)], &claim("them"), now()).await.unwrap();
    let wanted = vec![new(1), known(&store, 2).await, new(3)];
    let rows = store.claim_sources(wanted, &claim("us"), now()).await.unwrap();
    assert_eq!(rows.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    let later = now() + chrono::TimeDelta::hours(2);
    let rows = store.claim_sources(vec![known(&store, 2).await], &claim("us"), later).await.unwrap();
    assert!(rows[0].as_ref().is_some_and(|row| row.value.claim == Some(claim("us"))));
}

#[tokio::test]
async fn a_source_that_changed_since_it_was_read_is_claimed_as_it_is_now() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    let polls: Vec<_> = rows.into_iter().zip(1..).map(|(row, n)| unchanged(n, row.unwrap())).collect();
    store.record_polls(&polls, now()).await.unwrap();
    let wanted = vec![known(&store, 1).await, known(&store, 2).await, known(&store, 3).await];
    // Meanwhile an admin does something to the second, and another process takes the third.
    let row = store.source_state(&id(2)).await.unwrap().unwrap();
    let mut change = store.change();
    change.update(&row, &SourceState { failures: 7, ..row.value.clone() });
    change.commit().await.unwrap();
    store.claim_source(&id(3), fresh(), claim("them"), now()).await.unwrap().unwrap();
    let rows = store.claim_sources(wanted, &claim("us"), now()).await.unwrap();
    let failures: Vec<_> = rows.iter().map(|row| row.as_ref().map(|row| row.value.failures)).collect();
    assert_eq!(failures, [Some(0), Some(7), None]);
    for row in rows.into_iter().flatten() {
        assert_eq!(store.read::<SourceState>(row.key.clone()).await.unwrap(), Some(row));
    }
}

#[tokio::test]
async fn polls_are_recorded_in_one_commit() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    let polls: Vec<_> = rows.into_iter().zip(1..).map(|(row, n)| unchanged(n, row.unwrap())).collect();
    assert_eq!(store.record_polls(&polls, now()).await.unwrap(), [Some(0), Some(0), Some(0)]);
    assert_eq!(versions(&store).await, [2, 2, 2]);
    assert!(store.source_states().await.unwrap().iter().all(|row| row.value.claim.is_none()));
}

#[tokio::test]
async fn a_source_that_somebody_else_polled_meanwhile_keeps_no_other_from_being_recorded() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    let later = now() + chrono::TimeDelta::hours(2);
    let theirs = store.claim_source(&id(2), fresh(), claim("them"), later).await.unwrap().unwrap();
    let polls: Vec<_> = rows.into_iter().zip(1..).map(|(row, n)| unchanged(n, row.unwrap())).collect();
    assert_eq!(store.record_polls(&polls, now()).await.unwrap(), [Some(0), None, Some(0)]);
    assert_eq!(store.source_state(&id(2)).await.unwrap(), Some(theirs), "what they hold is untouched");
    let polled: Vec<_> = store.source_states().await.unwrap().iter().map(|row| row.value.polled.is_some()).collect();
    assert_eq!(polled, [true, false, true]);
}

/// A poll that found one new item.
fn with_news(n: usize, claimed: Row<SourceState>) -> Polled {
    let after: ItemState = serde_json::from_value(json!({
        "id": ItemId::of(&id(n), "update"), "key": "update", "fingerprint": "1", "recipe": 1, "revision": 1, "published": null,
        "first_seen": now(), "revised": now(), "has_text": true,
    }))
    .unwrap();
    let mut polled = unchanged(n, claimed);
    polled.record.items = vec![ItemChange { before: None, after, revisions: Vec::new(), notice: Some(Change::New) }];
    polled.record.dirty = vec!["all".to_owned(), format!("council-{n}")];
    polled
}

async fn sources_in_the_log(store: &Store) -> Vec<SourceId> {
    let notices = store.notices(Position::default(), store.log_end().await.unwrap()).await.unwrap();
    notices.into_iter().map(|notice| notice.source).collect()
}

#[tokio::test]
async fn news_of_several_sources_is_recorded_in_one_commit_and_told_in_order() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    let mut rows = rows.into_iter().map(Option::unwrap);
    let mut next = || rows.next().unwrap();
    let polls = [with_news(1, next()), unchanged(2, next()), with_news(3, next())];
    assert_eq!(store.record_polls(&polls, now()).await.unwrap(), [Some(1), Some(0), Some(1)]);
    assert_eq!(versions(&store).await, [2, 2, 2]);
    assert_eq!(sources_in_the_log(&store).await, [id(1), id(3)]);
}

#[tokio::test]
async fn news_is_recorded_though_the_log_moved_and_another_process_polled_one_source() {
    let store = Store::in_memory();
    let rows = store.claim_sources(vec![new(1), new(2), new(3)], &claim("us"), now()).await.unwrap();
    let later = now() + chrono::TimeDelta::hours(2);
    let theirs = store.claim_source(&id(2), fresh(), claim("them"), later).await.unwrap().unwrap();
    let theirs = with_news(2, theirs);
    store.record_poll(&theirs.source, &theirs.claimed, &theirs.record, later).await.unwrap();
    let polls: Vec<_> = rows.into_iter().zip(1..).map(|(row, n)| with_news(n, row.unwrap())).collect();
    assert_eq!(store.record_polls(&polls, now()).await.unwrap(), [Some(1), None, Some(1)]);
    assert_eq!(sources_in_the_log(&store).await, [id(2), id(1), id(3)], "each once");
}
