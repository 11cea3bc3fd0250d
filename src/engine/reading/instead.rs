//! Whether another page stands in the place of a listing, though it names items of that, or another record in the place of the
//! one that a source is: judged by the page as it was kept.

use super::Reader;
use super::page::BELIEVED_AFTER;
use crate::domain::item::{Extraction, Item, Outcome};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::detect::{Face, Instead, Record, instead, is_other_record};
use crate::rules::extract::key;
use crate::rules::fingerprint::fingerprint;
use crate::store::Row;
use crate::store::records::{ItemState, SourceState};
use std::collections::HashMap;

/// Systems whose pages may be of one record, by its number.
pub(super) const RECORDS: &[Platform] =
    &[Platform::ModerngovIssue, Platform::ModerngovItem, Platform::ModerngovMeeting, Platform::ModerngovDecision, Platform::Cmis];

impl Reader<'_> {
    /// Why the page that came is not the listing, where it is not. Most listings show what they showed, and are not looked at
    /// a second time.
    pub(super) async fn stands_instead(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        now: &Extraction,
        page: &RawPage,
    ) -> Option<Instead> {
        state.baseline?;
        if now.platform == Platform::Feed {
            return None;
        }
        let is_of_records = || state.read_by.is_some_and(|by| RECORDS.contains(&by.platform));
        let may_be_one = || is_of_records() || is_item_itself(source, page, known);
        if may_be_one() && !shows_what_is_known(known, now) {
            let other = self.stands_for_other_record(source, state, now, page).await;
            if other.is_some() {
                return other;
            }
        }
        let shown = state.extent.map_or(state.items, |extent| extent.first);
        // What the page is itself was compared.
        let itself = key::of_page(&page.url);
        let still = now.items.iter().filter(|item| item.key != itself && known.contains_key(&item.key)).count();
        let is_as_long = now.items.len() >= shown;
        // Where nothing is there any more, more is said of what came.
        if still == 0 || is_as_long && still * 3 > shown * 2 {
            return None;
        }
        let before = self.kept(source, state.listing_pages.first()?).await?;
        let Ok(was) = self.extract(source, &before).await else { return None };
        if was.outcome != Outcome::Items {
            return None;
        }
        instead(&self.face(&before, &was).await, &self.face(page, now).await)
    }

    /// Whether what stands in the place of a page has stood there for so long that it is that page, written anew.
    pub(super) fn is_meant(&self, state: &SourceState, instead: &Instead) -> bool {
        let held = state.hold.as_ref().filter(|hold| instead.may_be_meant && hold.reason == instead.why);
        held.is_some_and(|hold| self.now - hold.since >= BELIEVED_AFTER)
    }

    /// Why the page that came shows another record than the one that the source is, where it does.
    async fn stands_for_other_record(
        &self,
        source: &Source,
        state: &SourceState,
        now: &Extraction,
        page: &RawPage,
    ) -> Option<Instead> {
        let before = self.kept(source, state.listing_pages.first()?).await?;
        let shown = self.extract(source, &before).await.ok().filter(|was| was.outcome == Outcome::Items)?;
        let (then, asked) = (key::of_page(&before.url), key::of_page(&page.url));
        let was = Record::of(&shown, &then, self.identity(&before).await);
        if !was.is_one() || now.outcome != Outcome::Items {
            return None;
        }
        let is = self.identity(page).await.led_from(was.identity());
        let other = is_other_record(&was, &Record::of(now, &asked, is))?;
        let itself = |read: &Extraction, key: &str| read.all().find(|item| item.key == key).cloned();
        if let Some((was, is)) = itself(&shown, &then).zip(itself(now, &asked)).filter(|_| other.may_be_meant)
            && self.shows_the_same((&before, &was), (page, &is)).await
        {
            return None;
        }
        Some(other)
    }

    async fn face(&self, page: &RawPage, read: &Extraction) -> Face {
        Face {
            title: read.page_title.as_ref().map(ToString::to_string),
            is_front: self.is_front(page).await,
            keys: read.items.iter().map(|item| item.key.clone()).collect(),
        }
    }
}

/// Whether the page that a source names is itself an item of it.
fn is_item_itself(source: &Source, page: &RawPage, known: &HashMap<String, Row<ItemState>>) -> bool {
    let is_live = |url| known.get(&key::of_page(url)).is_some_and(|row| row.value.withdrawn.is_none());
    is_live(&source.url) || is_live(&page.url)
}

/// Whether a page shows all that is known and nothing else, in the known words.
fn shows_what_is_known(known: &HashMap<String, Row<ItemState>>, now: &Extraction) -> bool {
    let is_known = |item: &Item| known.get(&item.key).is_some_and(|row| row.value.fingerprint == fingerprint(item));
    let live = known.values().filter(|row| row.value.withdrawn.is_none()).count();
    now.all().count() == live && now.all().all(is_known)
}
