//! Everything that is held about one person, as one JSON document: what they may ask for (UK GDPR Articles 15 and 20).
//!
//! Deliveries are read from the bundles: they say what was told to whom.

use super::engine::prefix_range;
use super::people::muted_item;
use super::records::{Missed, Person, Portion, Settled, Subscription};
use super::{PAGE_ROWS, Store, StoreError, key, successor};
use crate::domain::bundle::{Bundle, BundleId, Lane, Series};
use crate::domain::consent::{Consent, How};
use crate::domain::delivery::Position;
use crate::domain::subscriber::SubscriberId;
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::collections::HashMap;

impl Store {
    /// What is held about a person; `None` where nothing is. `domain` is that of Message-IDs; `list_notes` say, by the origin of
    /// what somebody gets from a list file, why they may be mailed.
    pub async fn export(
        &self,
        id: &SubscriberId,
        domain: &str,
        list_notes: &HashMap<String, String>,
    ) -> Result<Option<Value>, StoreError> {
        let person = self.person(id).await?.map(|row| row.value);
        let erased = self.erased(id).await?.map(|row| row.value);
        let requests: Vec<Value> = self.exported_requests(id).await?;
        let mut deliveries = self.exported_deliveries(id, domain, Position(u64::MAX)).await?;
        let formerly = person.iter().flat_map(|person| &person.formerly).filter(|former| former.id != *id);
        for former in formerly {
            deliveries.extend(self.exported_deliveries(&former.id, domain, former.until).await?);
        }
        if person.is_none() && erased.is_none() && requests.is_empty() && deliveries.is_empty() {
            return Ok(None);
        }
        let subscriptions: Vec<Subscription> = self.subscriptions(id).await?.into_iter().map(|row| row.value).collect();
        let noted = subscriptions.iter().filter_map(|row| Some(noted_in_list(row, list_notes.get(&row.origin)?)));
        let consents = self.consents(id).await?.into_iter().map(|row| row.value);
        let consents: Vec<Consent> = noted.chain(consents).collect();
        let former_addresses: Vec<Value> = match &person {
            Some(person) => {
                let held = self.moved_from(person).await?;
                held.into_iter().map(|(id, row)| json!({"keyed_hash": id, "address": row.value.address})).collect()
            }
            None => Vec::new(),
        };
        let new_addresses = self.moves_from(std::slice::from_ref(id)).await?;
        let new_addresses: Vec<Value> = new_addresses.into_iter().map(|(_, row)| json!(row.value)).collect();
        let missed = self.read::<Missed>(key::missed(id)).await?.map(|row| row.value);
        let mutes = self.mutes(id).await?;
        let mutes: Vec<Value> = mutes
            .iter()
            .map(|row| json!({"item": muted_item(row), "title": row.value.title, "source": row.value.source, "since": row.value.since}))
            .collect();
        Ok(Some(json!({
            "keyed_hash": id,
            "address": person.as_ref().map(|person| &person.address),
            "known_since": person.as_ref().map(|person| person.since),
            "paused_until": person.as_ref().and_then(|person| person.paused_until),
            "word_of_quiet_months_since": person.as_ref().and_then(|person| person.monthly_since),
            "not_mailed_any_more": person.as_ref().and_then(not_mailed),
            "erased": erased,
            "subscriptions": subscriptions,
            "consents": consents,
            "requests": requests,
            "former_addresses": former_addresses,
            "new_addresses_not_confirmed": new_addresses,
            "missed_and_still_to_be_told": missed,
            "muted": mutes,
            "deliveries": deliveries,
        })))
    }

    async fn exported_requests(&self, id: &SubscriberId) -> Result<Vec<Value>, StoreError> {
        let mut requests = Vec::new();
        for row in self.requests(id).await? {
            let choice = self.requested_choice(id, row.value.until).await?.map(|row| row.value);
            requests.push(json!({"request": row.value, "asks_for": choice}));
        }
        Ok(requests)
    }

    /// The deliveries to one person that the bundles know of, oldest first within each kind, of windows that end by `until`.
    async fn exported_deliveries(&self, id: &SubscriberId, domain: &str, until: Position) -> Result<Vec<Value>, StoreError> {
        let mut deliveries = Vec::new();
        let mut range = prefix_range(key::BUNDLES.as_bytes());
        // Of each series, the last bundle that begins before the person is the only one in which they can stand.
        let mut nearest: Option<(Series, BundleId)> = None;
        loop {
            let page = self.engine.scan(range.clone(), PAGE_ROWS).await?;
            for (key, _) in &page {
                let Some((series, first)) = parts(key) else { continue };
                if series.to().is_some_and(|to| to > until) {
                    continue;
                }
                if let Some((_, bundle)) = nearest.take_if(|(before, _)| *before != series) {
                    deliveries.extend(self.exported_delivery(&bundle, id, domain).await?);
                }
                if first.as_str() <= id.as_str() {
                    nearest = Some((series.clone(), BundleId::of(&series, &first)));
                }
            }
            match page.last() {
                Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
                _ => break,
            }
        }
        if let Some((_, bundle)) = nearest {
            deliveries.extend(self.exported_delivery(&bundle, id, domain).await?);
        }
        Ok(deliveries)
    }

    async fn exported_delivery(&self, name: &BundleId, id: &SubscriberId, domain: &str) -> Result<Option<Value>, StoreError> {
        let bundle: Bundle = self.bundle(name).await?;
        let Ok(at) = bundle.members().binary_search_by_key(&id.number(), |member| member.number) else { return Ok(None) };
        let Some(place) = u16::try_from(at).ok() else { return Ok(None) };
        let Some(member) = bundle.member(place) else { return Ok(None) };
        let told: Vec<_> = bundle.told(member.group).collect();
        let covered = bundle.covered(member.group).count();
        Ok(Some(json!({
            "kind": bundle.occasion.map_or(bundle.cadence.as_str(), |occasion| occasion.as_str()),
            "planned": bundle.planned,
            "message_id": bundle.delivery(member.number).message_id(domain),
            "tells": told,
            "notices_in_the_ledger": covered,
            "state": self.state_of(name, bundle.lane(), place).await?,
        })))
    }

    /// What became of a delivery: "waiting", "refused", "not sent", or "sent".
    async fn state_of(&self, name: &BundleId, lane: Lane, place: u16) -> Result<&'static str, StoreError> {
        let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
        while let Some(row) = rows.try_next().await? {
            if row.value.bundle == *name && row.value.members.contains(place) {
                return Ok("waiting");
            }
        }
        let settled = self.read::<Settled>(key::settled(name)).await?.map(|row| row.value);
        Ok(match settled {
            Some(settled) if settled.refused.contains(place) => "refused",
            Some(settled) if settled.cancelled.contains(place) => "not sent",
            Some(_) => "sent",
            None => "no longer known",
        })
    }
}

/// Since when and why somebody is not mailed any more.
#[must_use]
pub fn not_mailed(person: &Person) -> Option<Value> {
    person.suppressed.map(|(why, at)| match &person.ended_because {
        Some(reason) => json!({"why": why, "since": at, "reason": reason}),
        None => json!({"why": why, "since": at}),
    })
}

/// What a list file says of why somebody may be mailed, as the record of consent that it is.
fn noted_in_list(row: &Subscription, note: &str) -> Consent {
    Consent {
        choice: [(row.cadence, row.interests.clone())].into_iter().collect(),
        changes: Vec::new(),
        monthly: false,
        asked: row.began,
        given: row.began,
        how: How::NotedByAdmin,
        wording: None,
        note: Some(note.to_owned()),
    }
}

/// Series and first member in a bundle's key.
fn parts(key: &[u8]) -> Option<(Series, String)> {
    let rest = std::str::from_utf8(key.strip_prefix(key::BUNDLES.as_bytes())?).ok()?;
    let (series, first) = rest.rsplit_once('/')?;
    Some((Series::parse(series)?, first.to_owned()))
}
