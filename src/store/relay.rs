//! What keeps mail from leaving, whoever it is for, and which servers are out of use while others do their work: a record
//! each, there while the trouble lasts.

use super::engine::prefix_range;
use super::record::Record;
use super::records::{LateAnswers, Portion, ProviderOut, ProvidersOut, RelayOut, RelayTrouble, RelaysOut, Standstill};
use super::{Row, Store, StoreError, key};
use crate::ports::Hop;
use crate::rules::schedule::rests_after;
use chrono::{DateTime, TimeDelta, Utc};

impl Store {
    /// What keeps mail from leaving.
    pub async fn relay_trouble(&self) -> Result<Option<Row<RelayTrouble>>, StoreError> {
        self.read(key::RELAY).await
    }

    /// Records what keeps mail from leaving, or, with `None`, that nothing does. Where somebody else recorded something
    /// meanwhile, theirs stands: it is as true.
    pub async fn record_relay_trouble(
        &self,
        before: Option<&Row<RelayTrouble>>,
        trouble: Option<&RelayTrouble>,
    ) -> Result<(), StoreError> {
        self.record_state(key::RELAY, before, trouble).await
    }

    /// Since when the mail server puts off whatever it is given.
    pub async fn standstill(&self) -> Result<Option<Row<Standstill>>, StoreError> {
        self.read(key::STANDSTILL).await
    }

    /// Records that, or, with `None`, that it takes something. Where somebody else recorded something meanwhile, theirs stands.
    pub async fn record_standstill(
        &self,
        before: Option<&Row<Standstill>>,
        after: Option<&Standstill>,
    ) -> Result<(), StoreError> {
        self.record_state(key::STANDSTILL, before, after).await
    }

    /// What the mail server leaves without an answer, or answers slowly, while it takes other mail.
    pub async fn late_answers(&self) -> Result<Option<Row<LateAnswers>>, StoreError> {
        self.read(key::LATE_ANSWERS).await
    }

    /// Records that, or, with `None`, that it is over. Where somebody else recorded something meanwhile, theirs stands.
    pub async fn record_late_answers(
        &self,
        before: Option<&Row<LateAnswers>>,
        after: Option<&LateAnswers>,
    ) -> Result<(), StoreError> {
        self.record_state(key::LATE_ANSWERS, before, after).await
    }

    /// Forgets what kept mail from leaving, where it keeps none: the program may have stopped between what was taken and the record of
    /// that, or whoever waited has left.
    pub async fn forget_what_keeps_nothing(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let is_over = |row: &Row<RelayTrouble>| !row.value.rests(now) && !row.value.is_believed(now);
        let trouble = self.relay_trouble().await?.filter(is_over);
        let is_past = |out: &ProviderOut| out.is_over(now) || out.eased.is_none() && !out.rests(now) && !out.is_believed(now);
        let are_over = |row: &Row<ProvidersOut>| row.value.providers.iter().all(is_past);
        let providers = self.providers_out().await?.filter(are_over);
        let standstill = self.standstill().await?;
        let is_none = trouble.is_none() && providers.is_none() && standstill.is_none();
        if is_none || !self.scan::<Portion>(prefix_range(key::OUTBOX.as_bytes()), 1).await?.is_empty() {
            return Ok(());
        }
        self.record_state(key::RELAY, trouble.as_ref(), None).await?;
        self.record_state(key::PROVIDERS_OUT, providers.as_ref(), None).await?;
        self.record_state(key::STANDSTILL, standstill.as_ref(), None).await
    }

    /// Makes what stands at `key` this, where it is still what it was `before`.
    async fn record_state<T: Record>(&self, key: &str, before: Option<&Row<T>>, after: Option<&T>) -> Result<(), StoreError> {
        let mut change = self.change();
        match (before, after) {
            (None, None) => return Ok(()),
            (None, Some(after)) => change.insert(key, after),
            (Some(row), Some(after)) => change.update(row, after),
            (Some(row), None) => change.delete(row),
        };
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Lets one message try at once whether what kept mail from leaving is over, and what waits for it follow. With
    /// a `belief`, refusals for good are believed until then, however many there are. Answers with what it was.
    pub async fn try_relay_again(
        &self,
        belief: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Option<RelayTrouble>, StoreError> {
        loop {
            let Some(row) = self.relay_trouble().await? else { return Ok(None) };
            let in_a_row = row.value.in_a_row.min(rests_after(row.value.kind));
            let believed_until = belief.or(row.value.believed_until);
            let trouble = RelayTrouble { in_a_row, until: now, believed_until, ..row.value.clone() };
            let mut change = self.change();
            change.update(&row, &trouble);
            match change.commit().await {
                Ok(_) => return Ok(Some(row.value)),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Providers that refuse mail to their readers.
    pub async fn providers_out(&self) -> Result<Option<Row<ProvidersOut>>, StoreError> {
        self.read(key::PROVIDERS_OUT).await
    }

    /// Records which do, where nobody else has recorded anything since `before`; theirs stands then. Answers with the record as this
    /// left it.
    pub async fn record_providers_out(
        &self,
        before: Option<Row<ProvidersOut>>,
        providers: Vec<ProviderOut>,
    ) -> Result<Option<Row<ProvidersOut>>, StoreError> {
        let after = (!providers.is_empty()).then_some(ProvidersOut { providers });
        if before.as_ref().map(|row| &row.value) == after.as_ref() {
            return Ok(before);
        }
        self.record_state(key::PROVIDERS_OUT, before.as_ref(), after.as_ref()).await?;
        let now = self.providers_out().await?;
        // Of somebody else's, ours does not become the next version.
        Ok(if now.as_ref().map(|row| &row.value) == after.as_ref() { now } else { before })
    }

    /// Lets one message ask at once each provider that refuses, and `is_meant`, whether it still does. With a `belief`, what they refuse
    /// for good is believed until then. Answers with what they all were.
    pub async fn try_providers_again(
        &self,
        is_meant: impl Fn(&ProviderOut) -> bool,
        belief: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Vec<ProviderOut>, StoreError> {
        loop {
            let Some(row) = self.providers_out().await? else { return Ok(Vec::new()) };
            let mut providers = row.value.providers.clone();
            for out in providers.iter_mut().filter(|out| out.eased.is_none() && is_meant(out)) {
                (out.until, out.times, out.believed_until) = (now, 1, belief.or(out.believed_until));
                (out.silences, out.asked_again, out.again) = (out.silences.min(1), 0, None);
            }
            let mut change = self.change();
            change.update(&row, &ProvidersOut { providers });
            match change.commit().await {
                Ok(_) => return Ok(row.value.providers),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Mail servers that are out of use while others do their work, and those that are odd.
    pub async fn relays_out(&self) -> Result<Vec<RelayOut>, StoreError> {
        Ok(self.read::<RelaysOut>(key::RELAYS_OUT).await?.map(|row| row.value.relays).unwrap_or_default())
    }

    /// Records what was learned of servers that are out of use now, or odd. Answers with those that were not before.
    pub async fn record_relays_out(&self, learned: Vec<Hop>, now: DateTime<Utc>) -> Result<Vec<RelayOut>, StoreError> {
        let before = self.read::<RelaysOut>(key::RELAYS_OUT).await?;
        let known = before.as_ref().map(|row| row.value.relays.as_slice()).unwrap_or_default();
        let is_known = |relay: &str, serves: bool| known.iter().find(|out| out.relay == relay && out.serves == serves);
        let relays: Vec<RelayOut> = learned
            .into_iter()
            .map(|Hop { name: relay, words: reply, serves, times, lasts }| {
                let since = is_known(&relay, serves).map_or(now, |out| out.since);
                let until = TimeDelta::from_std(lasts).ok().and_then(|lasts| now.checked_add_signed(lasts));
                RelayOut { relay, reply, since, serves, times, until }
            })
            .collect();
        // How long it lasts changes at every look; what it lasts from, when it is found so once more.
        let found = |relays: &[RelayOut]| relays.iter().map(|out| (out.relay.clone(), out.serves, out.times)).collect::<Vec<_>>();
        if found(known) == found(&relays) {
            return Ok(Vec::new());
        }
        let news = relays.iter().filter(|out| is_known(&out.relay, out.serves).is_none()).cloned().collect();
        let mut change = self.change();
        match before {
            Some(row) if relays.is_empty() => change.delete(&row),
            Some(row) => change.update(&row, &RelaysOut { relays }),
            None => change.insert(key::RELAYS_OUT, &RelaysOut { relays }),
        };
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(news),
        }
    }
}
