//! A page that was an item itself and has come to list several: a list of one letter, read as an article until the second came.
//! What the article led to, and what it told in its parts, stood there all the time, and is no news; nor is the article gone. And one
//! whose own words are gone, while the papers that it led to stand there as they did: it has not grown, it has fallen silent.

use super::{Reader, SourceReading, is_outdated};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::ports::RawPage;
use crate::rules::detect::says_nothing_of;
use crate::rules::extract::key;
use crate::rules::fingerprint::uncased;
use crate::store::records::{ItemState, Revision};
use crate::store::{Row, StoreError};
use std::collections::{HashMap, HashSet};

/// Fewer words of a page may be a remark that is taken off.
const WORDS_MIN: usize = 16;

/// What stood on the page when it was one item.
pub(super) struct Stood<'i> {
    page: &'i str,
    lines: HashSet<String>,
}

impl<'i> Stood<'i> {
    /// `said`: all of the page's lines.
    fn of(item: &'i Item, mut said: HashSet<String>) -> Self {
        said.extend(lines(item));
        Self { page: &item.key, lines: said }
    }

    /// Whether a part of the page that is told in place stood there, word for word: its title as well, where what two meetings say
    /// is the same hour and "Agenda".
    pub(super) fn holds(&self, part: &Item) -> bool {
        let is_of_page = part.key.split_once('#').is_some_and(|(page, _)| page == self.page);
        let mut said = std::iter::once(uncased(part.title.as_str())).chain(lines(part));
        is_of_page && part.text.is_some() && said.all(|line| self.lines.contains(&line))
    }

    /// Whether any line of the page said this, as lines are compared.
    pub(super) fn says(&self, line: &str) -> bool {
        self.lines.contains(line)
    }
}

/// Whether parts of the page of this key are told already. The words of one more of them stood there before: those of another row of the
/// same table, on another day.
pub(super) fn was_told_in_parts(known: &HashMap<String, Row<ItemState>>, page: &str) -> bool {
    let is_part = |key: &str| key.strip_prefix(page).is_some_and(|rest| rest.starts_with('#'));
    known.iter().any(|(key, row)| is_part(key) && row.value.withdrawn.is_none() && !row.value.out_of_sight)
}

fn lines(item: &Item) -> impl Iterator<Item = String> {
    let text = item.text.iter().flat_map(|text| text.as_str().lines());
    text.map(uncased).filter(|line| !line.is_empty())
}

impl Reader<'_> {
    /// Notes in `reading` which of the entries `found` on a list stood on it when it was read as an item itself.
    pub(super) async fn follow_grown(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        found: &[(Item, String)],
        reading: &mut SourceReading,
    ) -> Result<(), StoreError> {
        let addresses = reading.pages.first().map(|page| &page.url).into_iter().chain([&source.url]);
        let Some(row) = addresses.into_iter().find_map(|url| known.get(&key::of_page(url))) else { return Ok(()) };
        let own = &row.value;
        if own.withdrawn.is_some() || found.iter().any(|(item, _)| item.key == own.key) {
            return Ok(());
        }
        reading.grown_from = Some(own.key.clone());
        let come = || found.iter().map(|(item, _)| &item.key).filter(|key| !known.contains_key(*key));
        if come().next().is_none() {
            return Ok(());
        }
        let Some(revision) = self.store.revision(&own.id, own.revision).await? else { return Ok(()) };
        let page = self.page_of(source, &revision).await;
        let led = match &page {
            Some(page) => self.leads(page).await,
            None => HashSet::new(),
        };
        reading.were_there.extend(come().filter(|key| led.contains(*key)).cloned());
        let stood = self.stood(&revision.item, page.filter(|_| !was_told_in_parts(known, &own.key))).await;
        let parts = found.iter().filter(|(item, _)| !known.contains_key(&item.key) && stood.holds(item));
        reading.were_there.extend(parts.map(|(item, _)| item.key.clone()));
        Ok(())
    }

    /// A page that had words of its own beside those of the entries `found` on it, and has none of them any more: itself, saying
    /// nothing.
    pub(super) async fn fallen_silent(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        found: &[(Item, String)],
        reading: &SourceReading,
    ) -> Result<Option<Item>, StoreError> {
        let addresses = reading.pages.first().map(|page| &page.url).into_iter().chain([&source.url]);
        let own = addresses.into_iter().find_map(|url| known.get(&key::of_page(url))).map(|row| &row.value);
        let is_live = |own: &&ItemState| own.withdrawn.is_none() && !own.out_of_sight && !is_outdated(source, own);
        let Some(own) = own.filter(is_live).filter(|own| !found.iter().any(|(item, _)| item.key == own.key)) else {
            return Ok(None);
        };
        let Some(Revision { item: before, .. }) = self.store.revision(&own.id, own.revision).await? else { return Ok(None) };
        let papers: HashSet<String> = before.documents.iter().filter_map(|paper| paper.url.as_ref()).map(key::document).collect();
        let stood = |item: &Item| known.contains_key(&item.key) || papers.contains(&key::document(&item.url));
        let Some(page) = reading.pages.first().filter(|_| found.iter().filter(|(item, _)| stood(item)).count() * 2 > found.len())
        else {
            return Ok(None);
        };
        let now = self.lines(page).await.into_iter().collect::<Vec<_>>().join("\n");
        let silent = Item {
            key: own.key.clone(),
            text: Some(Text::new("")),
            html: None,
            documents: Vec::new(),
            decisions: Vec::new(),
            next_meeting: None,
            commitments: Vec::new(),
            ..before.clone()
        };
        Ok(says_nothing_of(&before, &now, WORDS_MIN).then_some(silent))
    }

    /// What stood on the page of an item that was all of it.
    pub(super) async fn stood<'i>(&self, item: &'i Item, page: Option<RawPage>) -> Stood<'i> {
        let said = match page {
            Some(page) => self.lines(&page).await,
            None => HashSet::new(),
        };
        Stood::of(item, said)
    }

    /// The page that a revision was read from, where it is kept.
    pub(super) async fn page_of(&self, source: &Source, revision: &Revision) -> Option<RawPage> {
        self.kept(source, revision.page_sha256.as_ref()?).await
    }
}
