//! Residents sign up, confirm, choose, leave and are forgotten: through the store, real SMTP and the web pages.

mod days;
mod erased;
mod letters;
mod links;
mod moves;
mod own_page;
mod reasons;
mod sign_up;

use boardwatch::domain::item::KnownItem;
use boardwatch::store::Store;
use boardwatch::store::records::{ItemState, Revision};

/// Puts an item into the store, as a poll would have left it.
async fn recorded(store: &Store, known: &KnownItem) {
    let state: ItemState = serde_json::from_value(serde_json::json!({
        "id": known.id, "key": known.item.key, "fingerprint": "1", "recipe": 1, "revision": 1, "published": known.item.published,
        "first_seen": known.first_seen, "revised": known.revised, "has_text": true,
    }))
    .unwrap();
    let revision = Revision { number: 1, seen: known.first_seen, recipe: 1, item: known.item.clone(), page_sha256: None };
    let mut change = store.change();
    change.insert(format!("item/{}/{}", known.source, known.id), &state);
    change.insert(format!("revision/{}/{:08x}", known.id, 1), &revision);
    change.commit().await.unwrap();
}
