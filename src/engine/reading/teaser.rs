//! What a feed says of its items beside their own pages, from one reading to the next. Its words stand above the page's own
//! where the page does not have them, and what changes in them is told; that a system cuts them elsewhere is not.
//!
//! Invariant: words that an item's record has are not put there a second time, whichever of feed and page said them first.

use super::{ItemReading, Read, Reader, Unread, is_outdated};
use crate::domain::item::{Document, Item};
use crate::domain::source::{Platform, Source};
use crate::domain::text::Text;
use crate::rules::extract::{
    self, key,
    teaser::{Told, is_excerpt, parted, told, with},
};
use crate::rules::facts;
use crate::rules::fingerprint::{self, Likeness, fingerprint};
use crate::rules::revision::catches_up;
use crate::store::StoreError;
use crate::store::records::{ItemState, Revision, SourceState};

/// Whether what is known of an item is what its own page says.
pub(super) fn is_by_page(known: &ItemState) -> bool {
    known.has_text && (known.read.is_some() || known.validators.is_some())
}

/// How what was read `now` compares with what is known: the page may have come to say what the feed said before it, and the
/// feed may go on where it had broken off; or what the list said of its meeting.
pub(super) fn likeness(known: &Item, state: &ItemState, now: &Item, read: &Read) -> Likeness {
    let plainly = fingerprint::likeness(known, now);
    let days = state.names.as_ref().and_then(|names| names.days);
    if plainly == Likeness::Other && catches_up(known, now, days.is_some_and(|days| days.by_listing)) {
        return Likeness::Finer;
    }
    if plainly != Likeness::Other || state.teaser_lines == 0 {
        return plainly;
    }
    let (was, own_before) = parted(known.clone(), state.teaser_lines);
    let (is, own) = parted(now.clone(), read.teaser_lines);
    let is_same = |before: &Item, now: &Item| fingerprint::likeness(before, now) != Likeness::Other;
    let goes_on = |was: &Text, is: &Text| told(was.as_str(), is.as_str()) == Told::Further && is_same(&own_before, &own);
    let text = now.text.as_ref().map_or("", Text::as_str);
    let caught_up =
        || is_excerpt(text, known) && is_same(known, &Item { text: known.text.clone(), html: known.html.clone(), ..now.clone() });
    let is_known = match (&was, &is) {
        (Some(was), Some(is)) => goes_on(was, is),
        (Some(_), None) => caught_up(),
        (None, _) => false,
    };
    if is_known { Likeness::Finer } else { Likeness::Other }
}

/// The papers of an item that its own page did not name, so that only its list did: what the page has taken off is not there any more.
pub(super) fn not_on_page(known: &Item) -> Vec<Document> {
    let Some(html) = &known.html else { return known.documents.clone() };
    let named = fingerprint::links(html);
    let is_listed = |paper: &&Document| paper.url.as_ref().is_some_and(|url| !named.contains_key(&key::document(url)));
    known.documents.iter().filter(is_listed).cloned().collect()
}

impl Reader<'_> {
    /// Whether an item's own page is to be read beside what its listing says, with a feed's words put in order for that; `None`
    /// where nothing more is to be read of the item.
    pub(super) async fn wants_page(
        &self,
        source: &Source,
        state: &SourceState,
        known: Option<&ItemState>,
        (sha256, platform): (&str, Platform),
        read: &mut ItemReading,
    ) -> Result<Option<bool>, StoreError> {
        let wants = extract::wants_own_page(platform, &read.item);
        let Some(known) = known.filter(|_| platform == Platform::Feed && !read.item.is_file()) else { return Ok(Some(wants)) };
        if is_by_page(known) {
            self.settle(source, known, read).await?;
            return Ok(Some(true));
        }
        if known.has_text && wants && self.is_cut_otherwise(known, read).await? {
            return Ok(None);
        }
        if !known.has_text && !wants {
            // What the feed said before was all that there was, and the page is not asked for any more.
            self.read_by_feed(source, state, known, (sha256, platform), None, read).await?;
            return Ok(None);
        }
        Ok(Some(wants))
    }

    /// Leaves of what the feed says of an item that is known by its own page what is to stand above that page's words: what was
    /// there before, unless it says something else now.
    async fn settle(&self, source: &Source, known: &ItemState, read: &mut ItemReading) -> Result<(), StoreError> {
        let said = read.item.text.take();
        read.item.html = None;
        let is_listed_as_before = known.line == read.line && known.teaser_lines == 0 && !is_outdated(source, known);
        if is_listed_as_before {
            return Ok(());
        }
        let Some(Revision { item, .. }) = self.store.revision(&known.id, known.revision).await? else { return Ok(()) };
        let (was, own) = parted(item, known.teaser_lines);
        let tells = |said: &Text| match &was {
            Some(was) => told(was.as_str(), said.as_str()) != Told::Nothing,
            // What the page said already when the feed came to say it stays the page's to change.
            None => !is_excerpt(said.as_str(), &own),
        };
        read.item.text = said.filter(tells).or(was);
        Ok(())
    }

    /// Whether the feed cuts the words otherwise that are known of an item, and says no more.
    async fn is_cut_otherwise(&self, known: &ItemState, read: &ItemReading) -> Result<bool, StoreError> {
        let Some(Revision { item, .. }) = self.store.revision(&known.id, known.revision).await? else { return Ok(false) };
        let said = read.item.text.as_ref().map_or("", Text::as_str);
        Ok(told(item.text.as_ref().map_or("", Text::as_str), said) == Told::Nothing)
    }

    /// What the feed says counts for an item whose own page could not be read, or (`unread` is `None`) was not asked for.
    pub(super) async fn read_by_feed(
        &self,
        source: &Source,
        state: &SourceState,
        known: &ItemState,
        (sha256, platform): (&str, Platform),
        unread: Option<&Unread>,
        read: &mut ItemReading,
    ) -> Result<(), StoreError> {
        let may_pass = unread.is_none_or(|unread| unread.may_pass() && !state.unreadable.contains_key(&known.key));
        if known.has_text && may_pass {
            // When the page is read, it may say it too.
            read.line.clone_from(&known.line);
            return Ok(());
        }
        let Some(revision) = self.store.revision(&known.id, known.revision).await? else { return Ok(()) };
        if is_by_page(known) {
            if !is_outdated(source, known) {
                above_the_known(known, revision, (sha256, platform), read);
            }
            return Ok(());
        }
        let before = revision.item;
        let mut further = false;
        if let Some(was) = &before.text {
            let said = read.item.text.as_ref().map_or("", Text::as_str);
            match told(was.as_str(), said) {
                Told::Nothing => {
                    read.item.text = Some(was.clone());
                    read.item.html.clone_from(&before.html);
                }
                Told::Further => further = true,
                Told::Other => {}
            }
        }
        read.read = Some(Read {
            fingerprint: fingerprint(&read.item),
            has_text: known.has_text,
            page_sha256: sha256.to_owned(),
            platform,
            teaser_lines: 0,
        });
        read.likeness = fingerprint::likeness(&before, &read.item);
        let as_before = Item { text: before.text.clone(), html: before.html.clone(), ..read.item.clone() };
        if further && fingerprint::likeness(&before, &as_before) != Likeness::Other {
            read.likeness = Likeness::Finer;
        }
        Ok(())
    }
}

/// Puts what the feed says above what is known of the item's own page.
fn above_the_known(known: &ItemState, revision: Revision, page: (&str, Platform), read: &mut ItemReading) {
    let before = revision.item;
    let (was, own) = parted(before.clone(), known.teaser_lines);
    let Some(said) = read.item.text.take().filter(|said| Some(said) != was.as_ref()) else { return };
    if is_excerpt(said.as_str(), &own) {
        return;
    }
    let (item, teaser_lines) = with(&said, own);
    let mut item = Item { key: read.item.key.clone(), ..item };
    facts::fill(&mut item);
    let content = Read {
        fingerprint: fingerprint(&item),
        has_text: true,
        page_sha256: revision.page_sha256.unwrap_or_else(|| page.0.to_owned()),
        platform: known.platform.unwrap_or(page.1),
        teaser_lines,
    };
    read.likeness = likeness(&before, known, &item, &content);
    read.item = item;
    read.read = Some(content);
}
