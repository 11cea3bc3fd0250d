//! Word once a month, to those who want it, that the watch goes on: where nothing that they follow brought news since the month
//! began. Letters are no news: not this one of the month before, nor a welcome, nor word of a page that cannot be read.
//!
//! A month is opened in one commit, with how each page is doing; each page of people is another. So a stop repeats nobody's
//! letter and forgets nobody, and what a letter says is the same at every attempt.

use super::bounds::Bounds;
use super::known::Sources;
use super::plan::InFull;
use super::watched::watched;
use crate::domain::delivery::Position;
use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, Ending};
use crate::rules::interest;
use crate::rules::schedule::{DigestTimes, last_close, month_begin};
use crate::store::months::{Doing, Month};
use crate::store::records::Subscription;
use crate::store::subscriptions::{Subscriber, active};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Puts the letters that are due into the outbox. Answers how many.
pub async fn tell_of_quiet_months(
    store: &Store,
    configured: &[Source],
    times: &DigestTimes,
    zone: Tz,
    bounds: &Bounds,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(begun) = month_begin(times, zone, now) else { return Ok(0) };
    let Some(row) = store.months().await? else {
        store.start_months(begun).await?;
        return Ok(0);
    };
    let is_telling = row.value.told.as_ref().is_some_and(|month| !month.is_done);
    if !is_telling && row.value.begun == begun {
        return Ok(0);
    }
    if !is_telling {
        // A month that began after this one did so by a clock that was ahead.
        let told = if row.value.begun < begun { opened(store, configured, times, zone, begun, now).await? } else { None };
        store.record_month(&row, begun, told).await?;
    }
    let mut letters = 0;
    let mut news: Option<News> = None;
    while let Some(row) = store.months().await? {
        let Some(month) = row.value.told.clone().filter(|month| !month.is_done) else { break };
        let page = store.subscribers_after(month.after.as_ref(), bounds.people).await?;
        let after = page.last().map(|subscriber| subscriber.id.clone());
        let mut readers = Vec::new();
        for subscriber in page.into_iter().filter(|subscriber| subscriber.person.value.monthly_since.is_some()) {
            let news = match &mut news {
                Some(news) => news,
                // Only where there is somebody who wants to know.
                none => none.insert(News::since(store, configured, times, zone, month.from).await?),
            };
            let life = subscriber.person.value.life;
            readers.extend(news.is_quiet_for(&subscriber, now).then_some((subscriber.id, life)));
        }
        match store.record_month_letters(&row, &month, &readers, after, now).await {
            Ok(()) => letters += readers.len(),
            // Somebody else was quicker, or one of them gets another letter at this moment: the next look goes on.
            Err(error) if error.is_conflict() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(letters)
}

/// The month before the one that has begun, with how each page is doing.
async fn opened(
    store: &Store,
    configured: &[Source],
    times: &DigestTimes,
    zone: Tz,
    begun: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Month>, StoreError> {
    let Some(from) = month_begin(times, zone, begun - TimeDelta::milliseconds(1)) else { return Ok(None) };
    let mut pages = Vec::with_capacity(configured.len());
    for source in configured {
        let seen = watched(store, source, zone, now).await?;
        pages.push(Doing { source: seen.source.id, last_read: seen.last_read, health: seen.health });
    }
    Ok(Some(Month { from, at: now, pages, after: None, is_done: false }))
}

/// What was told since a month began, or is still to be told.
struct News {
    from: DateTime<Utc>,
    log: InFull,
    /// From where on the log is told at each cadence in that month or later.
    starts: Vec<(Cadence, Position)>,
}

impl News {
    async fn since(
        store: &Store,
        configured: &[Source],
        times: &DigestTimes,
        zone: Tz,
        from: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        // What came before a window closed at the month's very beginning was told in the month.
        let start = |cadence| match cadence {
            Cadence::Immediate => from,
            Cadence::Daily | Cadence::Weekly => {
                last_close(cadence, times, zone, from - TimeDelta::milliseconds(1)).unwrap_or(from)
            }
        };
        let starts: Vec<_> = Cadence::ALL.into_iter().map(|cadence| (cadence, Position::at(start(cadence)))).collect();
        let first = starts.iter().map(|(_, start)| *start).min().unwrap_or_default();
        let notices = store.notices(first, store.log_end().await?).await?;
        let sources = Sources::read(store, configured).await?;
        let log = InFull::read(store, &sources, notices).await?;
        Ok(Self { from, log, starts })
    }

    fn is_quiet_for(&self, subscriber: &Subscriber, now: DateTime<Utc>) -> bool {
        let person = &subscriber.person.value;
        let wanted = active(person, subscriber.subscriptions.clone());
        // What came at another rhythm earlier in the month came all the same.
        let changed = |row: &&Subscription| row.ended.is_some_and(|(why, at)| why == Ending::Changed && at > self.from);
        let before = subscriber.subscriptions.iter().map(|row| &row.value).filter(changed).cloned();
        // Who began in the month knows nothing of its beginning.
        wanted.iter().any(|row| row.began <= self.from)
            && !person.is_paused(now)
            && !wanted.into_iter().chain(before).any(|row| self.has_news_for(row))
    }

    fn has_news_for(&self, row: Subscription) -> bool {
        let start = self.starts.iter().find(|(cadence, _)| *cadence == row.cadence).map(|(_, start)| *start);
        let start = start.unwrap_or_default().max(row.since);
        let end = row.ended.map_or(Position(u64::MAX), |(_, at)| Position::at(at));
        let interests = row.wants();
        let notices = self.log.notices();
        let mut theirs = notices.iter().filter(|n| (start..end).contains(&n.notice.position));
        theirs.any(|n| interest::matches(&interests, n.source, n.item).is_some())
    }
}
