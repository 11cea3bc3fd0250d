//! An earlier program's outbox and ledger become today's, whole, wherever it is stopped.

use super::*;
use crate::domain::delivery::{STALE, Settlement};
use crate::domain::item::Change;
use crate::domain::source::SourceId;
use crate::domain::subscriber::Ending;
use crate::store::engine::Write;
use crate::store::records::{LogHead, Settled};
use futures::TryStreamExt;
use serde_json::{Value, json};

const PLANNED: &str = "2026-11-20T10:00:00Z";

async fn raw(store: &Store, key: &str, record: &Value) {
    let mut value = vec![1];
    value.extend(serde_json::to_vec(record).unwrap());
    store.engine().commit(vec![], vec![Write::Put(key.into(), value)]).await.unwrap();
}

fn told(key: &str) -> Told {
    let source = SourceId::parse("blog").unwrap();
    let item = ItemId::of(&source, key);
    Told { change: Change::New, item, source, revision: 1, previous: None, position: Position(50) }
}

/// As the first release wrote it: two cadences waiting, one of them claimed, and a ledger of three people.
async fn earlier_store() -> Store {
    let store = Store::in_memory();
    let mut change = store.change();
    change.insert("log-head", &LogHead { next: Position(99) });
    change.commit().await.unwrap();
    let window = json!({ "from": 10, "to": 60 });
    for (number, cadence, not_before, more) in [
        (3_u128, "daily", "1970-01-01T00:00:00Z", json!({})),
        (1, "daily", "1970-01-01T00:00:00Z", json!({})),
        (
            2,
            "daily",
            "2026-11-20T10:30:00Z",
            json!({ "claim": { "owner": "dead", "until": "2026-11-20T10:30:00Z" }, "attempts": 1 }),
        ),
        (1, "immediate", "2026-11-20T11:00:00Z", json!({ "last_reply": "451 later", "attempts": 2 })),
    ] {
        let subscriber = SubscriberId::from_number(number);
        let at: DateTime<Utc> = not_before.parse().unwrap();
        let in_words = if cadence == "daily" { Cadence::Daily } else { Cadence::Immediate };
        let id = DeliveryId::of(&subscriber, in_words, Window { from: Position(10), to: Position(60) });
        let mut row = json!({
            "id": id, "subscriber": subscriber, "cadence": cadence, "window": window, "told": [told(cadence)],
            "planned": PLANNED, "attempts": 0, "not_before": not_before, "claim": null, "last_reply": null,
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        raw(&store, &format!("out/{:016x}/{id}", at.timestamp_millis()), &row).await;
    }
    for (number, item, position) in [(1_u128, "a", 50), (1, "b", 51), (2, "a", 50), (9, "b", 51), (9, "b", 58)] {
        let key = format!("given/{}/{}/{position:016x}", SubscriberId::from_number(number), told(item).item);
        raw(&store, &key, &json!(position)).await;
    }
    let ended = |settlement: Value| {
        json!({ "subscriber": SubscriberId::from_number(1), "cadence": "daily", "items": 1, "attempts": 1, "at": PLANNED,
                "settlement": settlement })
    };
    raw(&store, "settled/00000000000000000000000000000001", &ended(json!({ "as": "sent", "reply": "250 ok" }))).await;
    let refused = json!({ "as": "refused", "kind": "permanent", "reply": "550 no" });
    raw(&store, "settled/00000000000000000000000000000002", &ended(refused)).await;
    raw(&store, "settled/00000000000000000000000000000003", &ended(json!({ "as": "cancelled", "reason": "left" }))).await;
    store
}

async fn keys(store: &Store, prefix: &str) -> Vec<String> {
    let page = store.engine().scan(prefix_range(prefix.as_bytes()), 1000).await.unwrap();
    page.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect()
}

#[tokio::test]
async fn what_waited_still_waits_under_the_same_message_ids() {
    let store = earlier_store().await;
    let ids: std::collections::BTreeSet<String> = keys(&store, "out/").await.iter().map(|key| key[21..].to_owned()).collect();
    assert_eq!(store.migrate().await.unwrap(), 9);
    assert_eq!(store.migrate().await.unwrap(), 0, "once is enough");
    let mut found = std::collections::BTreeSet::new();
    let rows: Vec<Row<Portion>> = store.rows(prefix_range(b"out/")).try_collect().await.unwrap();
    for row in &rows {
        assert_eq!(row.key, row.value.key());
        let bundle = store.bundle(&row.value.bundle).await.unwrap();
        for place in row.value.members.iter() {
            let member = bundle.member(place).unwrap();
            found.insert(bundle.delivery(member.number).to_string());
            assert_eq!(bundle.told(member.group).collect::<Vec<_>>(), [&told(bundle.cadence.as_str())]);
        }
    }
    assert_eq!(found, ids);
    let waits: Vec<_> = rows.iter().map(|row| (row.value.cadence, row.value.members.len(), row.value.attempts)).collect();
    assert_eq!(waits, [(Cadence::Daily, 2, 0), (Cadence::Daily, 1, 1), (Cadence::Immediate, 1, 2)]);
    assert_eq!(rows[1].value.claim.as_ref().unwrap().owner, "dead");
    assert_eq!(rows[2].value.last_reply.as_deref(), Some("451 later"));
}

#[tokio::test]
async fn what_was_given_is_still_known() {
    let store = earlier_store().await;
    store.migrate().await.unwrap();
    assert_eq!(keys(&store, "given/").await, Vec::<String>::new());
    let items = ["a", "b", "c"].map(|key| told(key).item);
    let mut ledger = store.ledger(items.clone().into(), &Series::named("daily", Position(60))).await.unwrap();
    let mut said = Vec::new();
    for number in [0, 1, 2, 5, 9, 10] {
        for (item, positions) in ledger.given(number, 0).await.unwrap() {
            let item = items.iter().position(|known| *known == item).unwrap();
            said.push((number, item, positions.into_iter().map(|p| p.0).collect::<Vec<_>>()));
        }
    }
    said.sort();
    assert_eq!(said, [(1, 0, vec![50]), (1, 1, vec![51]), (2, 0, vec![50]), (9, 1, vec![51, 58])]);
}

#[tokio::test]
async fn what_had_ended_is_still_counted() {
    let store = earlier_store().await;
    store.migrate().await.unwrap();
    let rows: Vec<Row<Settled>> = store.settled().try_collect().await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.sent, row.value.refused.len(), row.value.cancelled.len())).collect();
    assert_eq!(said, [(1, 0, 0), (0, 1, 0), (0, 0, 1)]);
    assert_eq!((rows[2].value.reasons.get("left"), rows[2].value.reasons.get(STALE)), (Some(&1), None));
    let mut tally = Settled::none(Cadence::Daily, Utc::now());
    tally.count(3, &Settlement::Cancelled { reason: Ending::Unsubscribed.to_string() });
    assert_eq!(tally.cancelled.len(), 1);
}

#[tokio::test]
async fn one_person_with_more_entries_than_a_page_is_moved_in_one_piece() {
    let store = Store::in_memory();
    let many = ENTRIES * 2 + 7;
    for (number, entries) in [(1_u128, 3), (2, many), (3, 2)] {
        for position in 0..entries {
            let key = format!("given/{}/{}/{position:016x}", SubscriberId::from_number(number), told("a").item);
            raw(&store, &key, &json!(position)).await;
        }
    }
    assert_eq!(store.migrate().await.unwrap(), many + 5);
    let mut ledger = store.ledger([told("a").item].into(), &Series::named("daily", Position(60))).await.unwrap();
    for (number, entries) in [(1, 3), (2, many), (3, 2)] {
        assert_eq!(ledger.given(number, 0).await.unwrap()[&told("a").item].len(), entries, "{number}");
    }
}
