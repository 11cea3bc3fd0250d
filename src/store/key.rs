//! The keys, in one place: path-like, so that what belongs together lies together and is scanned in its order.

use super::engine::{Key, prefix_range};
use crate::domain::bundle::{BundleId, Lane, Series};
use crate::domain::delivery::Position;
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, Utc};
use std::ops::Range;

pub(crate) const SOURCES: &str = "src/";
pub(crate) const LOG_HEAD: &str = "log-head";
pub(crate) const LOG: &str = "log/";
pub(crate) const PEOPLE: &str = "person/";
pub(crate) const SUBSCRIPTIONS: &str = "subscription/";
pub(crate) const SIGNED_BY: &str = "signed-by";
pub(crate) const REQUESTS: &str = "request/";
pub(crate) const WISHES: &str = "wish/";
pub(crate) const MUTES: &str = "mute/";
pub(crate) const ERASED: &str = "erased/";
pub(crate) const REMAINS: &str = "remains";
pub(crate) const SWEPT: &str = "swept";
pub(crate) const BUNDLES: &str = "bundle/";
pub(crate) const TOLD: &str = "told/";
pub(crate) const SETTLED: &str = "settled/";
pub(crate) const DIRTY: &str = "dirty/";
pub(crate) const RUNS: &str = "run/";
pub(crate) const OUTAGES: &str = "outage/";
pub(crate) const MONTHS: &str = "months";
pub(crate) const OUTAGE_LETTERS: &str = "outage-letters";
pub(crate) const RELAY: &str = "relay";
pub(crate) const RELAYS_OUT: &str = "relays-out";
pub(crate) const PROVIDERS_OUT: &str = "providers-out";
pub(crate) const OUTBOX: &str = "out/";
pub(crate) const STANDSTILL: &str = "standstill";
/// What the mail server answers late, or not at all, while it takes other mail.
pub(crate) const LATE_ANSWERS: &str = "late-answers";
pub(crate) const PACE: &str = "pace";
pub(crate) const POSTBOXES_OUT: &str = "postboxes-out";
pub(crate) const COMPLAINTS: &str = "complaints";
pub(crate) const RETURNED: &str = "returned/";
pub(crate) const RETURNS: &str = "returns/";
pub(crate) const ONLY_SOME: &str = "only-some";
pub(crate) const AGAIN: &str = "again";
pub(crate) const MISSED: &str = "missed/";
pub(crate) const TOLD_GONE: &str = "told-gone";
pub(crate) const FEEDS_MADE_FOR: &str = "feeds-made-for";

pub(crate) fn source(id: &SourceId) -> Key {
    format!("{SOURCES}{id}").into_bytes()
}
pub(crate) fn outage(source: &SourceId) -> Key {
    format!("{OUTAGES}{source}").into_bytes()
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
    format!("{SUBSCRIPTIONS}{id}/").into_bytes()
}
pub(crate) fn subscription(id: &SubscriberId, origin: &str) -> Key {
    format!("{SUBSCRIPTIONS}{id}/{origin}").into_bytes()
}
pub(crate) fn bundle(id: &BundleId) -> Key {
    format!("{BUNDLES}{id}").into_bytes()
}
pub(crate) fn bundles_of(series: &Series) -> Key {
    format!("{BUNDLES}{}/", series.as_str()).into_bytes()
}
/// The letters that became due from there on.
pub(crate) fn letters_since(position: Position) -> Range<Key> {
    let letters = format!("{BUNDLES}{}-", Lane::Letter.as_str());
    format!("{letters}{:016x}", position.0).into_bytes()..prefix_range(letters.as_bytes()).end
}
pub(crate) fn told_of(item: &ItemId) -> Key {
    format!("{TOLD}{item}/").into_bytes()
}
pub(crate) fn told(item: &ItemId, series: &Series) -> Key {
    format!("{TOLD}{item}/{}", series.as_str()).into_bytes()
}
pub(crate) fn window(cadence: Cadence) -> Key {
    format!("window/{}", cadence.as_str()).into_bytes()
}
pub(crate) fn run(cadence: Cadence, to: Position) -> Key {
    format!("{RUNS}{}/{:016x}", cadence.as_str(), to.0).into_bytes()
}
pub(crate) fn out(lane: Lane) -> Key {
    format!("out/{}/", lane.as_str()).into_bytes()
}
/// The end of what is due in `lane` by `now`.
pub(crate) fn out_due_end(lane: Lane, now: DateTime<Utc>) -> Key {
    format!("out/{}/{:016x}", lane.as_str(), now.timestamp_millis().max(0) + 1).into_bytes()
}
pub(crate) fn portion(lane: Lane, not_before: DateTime<Utc>, bundle: &BundleId, lowest: u16) -> Key {
    let not_before = not_before.timestamp_millis().max(0);
    format!("out/{}/{not_before:016x}/{bundle}/{lowest:04x}", lane.as_str()).into_bytes()
}
pub(crate) fn settled(bundle: &BundleId) -> Key {
    format!("{SETTLED}{bundle}").into_bytes()
}
/// How letters ended that became due from there on.
pub(crate) fn settled_letters_since(position: Position) -> Range<Key> {
    let letters = format!("{SETTLED}{}-", Lane::Letter.as_str());
    format!("{letters}{:016x}", position.0).into_bytes()..prefix_range(letters.as_bytes()).end
}
/// Which letter's ending stands at `key`, and to whom it is.
pub(crate) fn settled_letter(key: &[u8]) -> Option<(BundleId, SubscriberId)> {
    let name = std::str::from_utf8(key.strip_prefix(SETTLED.as_bytes())?).ok()?;
    let (series, whose) = name.split_once('/')?;
    Some((BundleId::of(&Series::parse(series)?, whose), SubscriberId::parse(whose)?))
}
/// Where the endings of the bundle at `bundle` are counted.
pub(crate) fn settled_at(bundle: &[u8]) -> Key {
    [SETTLED.as_bytes(), bundle.strip_prefix(BUNDLES.as_bytes()).unwrap_or_default()].concat()
}
pub(crate) fn requests(id: &SubscriberId) -> Key {
    format!("{REQUESTS}{id}/").into_bytes()
}
/// Whose request stands at `key`.
pub(crate) fn requested_by(key: &[u8]) -> Option<SubscriberId> {
    let whose = key.strip_prefix(REQUESTS.as_bytes())?.get(..32)?;
    SubscriberId::parse(std::str::from_utf8(whose).ok()?)
}
pub(crate) fn request(id: &SubscriberId, until: DateTime<Utc>) -> Key {
    format!("{REQUESTS}{id}/{:016x}", until.timestamp().max(0)).into_bytes()
}
pub(crate) fn wish(id: &SubscriberId, until: DateTime<Utc>) -> Key {
    format!("{WISHES}{id}/{:016x}", until.timestamp().max(0)).into_bytes()
}
pub(crate) fn wishes(id: &SubscriberId) -> Key {
    format!("{WISHES}{id}/").into_bytes()
}
pub(crate) fn consents(id: &SubscriberId) -> Key {
    format!("consent/{id}/").into_bytes()
}
pub(crate) fn consent(id: &SubscriberId, at: Position) -> Key {
    format!("consent/{id}/{:016x}", at.0).into_bytes()
}
pub(crate) fn mutes(id: &SubscriberId) -> Key {
    format!("{MUTES}{id}/").into_bytes()
}
pub(crate) fn mute(id: &SubscriberId, item: &ItemId) -> Key {
    format!("{MUTES}{id}/{item}").into_bytes()
}
pub(crate) fn erased(id: &SubscriberId) -> Key {
    format!("{ERASED}{id}").into_bytes()
}
pub(crate) fn missed(id: &SubscriberId) -> Key {
    format!("{MISSED}{id}").into_bytes()
}
pub(crate) fn returned(hash: &str) -> Key {
    format!("{RETURNED}{hash}").into_bytes()
}
pub(crate) fn returns_on(day: DateTime<Utc>) -> Key {
    format!("{RETURNS}{}", day.format("%Y-%m-%d")).into_bytes()
}
pub(crate) fn dirty(feed: &str) -> Key {
    format!("{DIRTY}{feed}").into_bytes()
}
pub(crate) fn robots(origin: &str) -> Key {
    format!("robots/{origin}").into_bytes()
}
