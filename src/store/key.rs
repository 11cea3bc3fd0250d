//! The keys, in one place: path-like, so that what belongs together lies together and is scanned in its order.

use super::engine::Key;
use crate::domain::delivery::{DeliveryId, Position};
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, Utc};

pub(crate) const SOURCES: &str = "src/";
pub(crate) const LOG_HEAD: &str = "log-head";
pub(crate) const LOG: &str = "log/";
pub(crate) const PEOPLE: &str = "person/";
pub(crate) const OUT: &str = "out/";
pub(crate) const SETTLED: &str = "settled/";
pub(crate) const DIRTY: &str = "dirty/";
pub(crate) const RUNS: &str = "run/";
pub(crate) const FEEDS_MADE_FOR: &str = "feeds-made-for";

pub(crate) fn source(id: &SourceId) -> Key {
    format!("{SOURCES}{id}").into_bytes()
}
pub(crate) fn items(source: &SourceId) -> Key {
    format!("item/{source}/").into_bytes()
}
pub(crate) fn item(source: &SourceId, id: &ItemId) -> Key {
    format!("item/{source}/{id}").into_bytes()
}
pub(crate) fn revision(id: &ItemId, number: u32) -> Key {
    format!("revision/{id}/{number:08x}").into_bytes()
}
pub(crate) fn notice(position: Position) -> Key {
    format!("{LOG}{:016x}", position.0).into_bytes()
}
pub(crate) fn person(id: &SubscriberId) -> Key {
    format!("{PEOPLE}{id}").into_bytes()
}
pub(crate) fn subscriptions(id: &SubscriberId) -> Key {
    format!("subscription/{id}/").into_bytes()
}
pub(crate) fn subscription(id: &SubscriberId, origin: &str) -> Key {
    format!("subscription/{id}/{origin}").into_bytes()
}
pub(crate) fn given_of(id: &SubscriberId, item: &ItemId) -> Key {
    format!("given/{id}/{item}/").into_bytes()
}
pub(crate) fn given(id: &SubscriberId, item: &ItemId, position: Position) -> Key {
    format!("given/{id}/{item}/{:016x}", position.0).into_bytes()
}
pub(crate) fn window(cadence: Cadence) -> Key {
    format!("window/{}", cadence.as_str()).into_bytes()
}
pub(crate) fn run(cadence: Cadence, to: Position) -> Key {
    format!("{RUNS}{}/{:016x}", cadence.as_str(), to.0).into_bytes()
}
pub(crate) fn outgoing(not_before: DateTime<Utc>, id: &DeliveryId) -> Key {
    format!("{OUT}{:016x}/{id}", not_before.timestamp_millis().max(0)).into_bytes()
}
pub(crate) fn settled(id: &DeliveryId) -> Key {
    format!("{SETTLED}{id}").into_bytes()
}
pub(crate) fn dirty(feed: &str) -> Key {
    format!("{DIRTY}{feed}").into_bytes()
}
pub(crate) fn robots(origin: &str) -> Key {
    format!("robots/{origin}").into_bytes()
}
