//! A listing: its first page with the pages that follow it, and the own pages of its items that are worth a visit.

use super::budget::Budget;
use super::further::{End, counts};
use super::named::named_unread;
use super::whole::siblings_close;
use super::{ItemReading, OwnPages, Read, Reader, SourceReading, is_listing_outdated, is_outdated};
use crate::domain::item::{Extraction, Item, hash_hex};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::detect::Gone;
use crate::rules::extract::ending::Ending;
use crate::rules::fingerprint::{fingerprint, likeness};
use crate::store::records::{ItemState, SourceState, Validators};
use crate::store::{Row, StoreError};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is said of a page that may be the one that stood there, written anew.
const NOT_BELIEVED_YET: &str = "if that still stands there in three days, it is told of as the same page rewritten";
/// Polls that wait for a new item's own page before the item is told of by its listing line alone.
const UNREAD_TRIES_MAX: u32 = 3;

impl Reader<'_> {
    pub(super) async fn read_listing(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        mut first: Extraction,
        page: RawPage,
        validators: Option<Validators>,
    ) -> Result<SourceReading, StoreError> {
        let first_sha = page.sha256.clone();
        let instead = self.stands_instead(source, state, known, &first, &page).await;
        let mut reading = SourceReading {
            items: Vec::new(),
            listing_unchanged: false,
            is_believed: instead.as_ref().is_some_and(|instead| self.is_meant(state, instead)),
            instead,
            breaks_off: first.listing.breaks_off.clone(),
            entries: HashSet::new(),
            gone: Gone::as_before(&state.order),
            is_whole: false,
            extent: None,
            were_there: HashSet::new(),
            led: HashMap::new(),
            grown_from: None,
            platform: Some(first.platform),
            home: first.listing.home_url.clone(),
            listing_pages: vec![first_sha.clone()],
            validators,
            unread: BTreeMap::new(),
            unreadable: state.unreadable.clone(),
            not_found: HashSet::new(),
            own_pages: OwnPages::default(),
            passing: state.passing.clone(),
            restated: HashMap::new(),
            closes: Some(Ending::of(&page.body).is_closed()),
            siblings_close: siblings_close(known),
            is_first: state.baseline.is_none(),
            own_words: Vec::new(),
            warnings: first.warnings.clone(),
            pages: vec![page],
        };
        if reading.instead.as_ref().is_some_and(|instead| instead.may_be_meant) {
            reading.warnings.push(NOT_BELIEVED_YET.to_owned());
        }
        let mut found: Vec<(Item, String)> = first.items.iter().map(|item| (item.clone(), first_sha.clone())).collect();
        let platform = first.platform;
        let end = self.read_further_pages(source, state, known, &first, &mut found, &mut reading).await;
        if first.listing.shown.is_some() && first.page.is_none() && state.baseline.is_some() {
            first.page = self.fallen_silent(source, known, &found, &reading).await?;
            if first.page.is_none() {
                self.follow_grown(source, known, &found, &mut reading).await?;
            }
        }
        let counted = counts(&first, &found);
        // A page that is no listing shows everything that it is about; a listing does where its own count says so.
        let is_complete = end == End::Reached && (first.listing.shown.is_none() && first.platform != Platform::Feed || counted);

        let mut budget = Budget::new(source.reread);
        let mut seen = HashSet::new();
        let keys: Vec<String> = found.iter().map(|(item, _)| item.key.clone()).collect();
        reading.entries.extend(keys.iter().cloned());
        let itself = first.page.as_ref().map(|page| page.key.clone());
        if let Some(page) = first.page.as_ref().filter(|_| state.baseline.is_some()) {
            let is_new = !known.contains_key(&page.key) && self.had_no_words(source, state, page, &keys).await;
            reading.were_there.extend((!is_new).then(|| page.key.clone()));
        }
        found.extend(first.page.map(|page| (page, first_sha)));
        for (rank, (item, sha)) in found.into_iter().enumerate() {
            if !seen.insert(item.key.clone()) {
                continue;
            }
            let before = known.get(&item.key).map(|row| &row.value);
            let line = line_hash(&item);
            let mut read = ItemReading::listed(item, line);
            read.is_page = itself.as_ref() == Some(&read.item.key);
            let Some(wants_page) = self.wants_page(source, state, before, (&sha, platform), &mut read).await? else {
                reading.items.push(read);
                continue;
            };
            if read.item.is_file() || !wants_page {
                let (fingerprint, has_text) = (fingerprint(&read.item), true);
                read.read = Some(Read { fingerprint, has_text, page_sha256: sha, platform, teaser_lines: 0 });
                if let Some(before) = before {
                    self.compare(source, before, &reading.pages, &mut read).await?;
                }
                reading.items.push(read);
                continue;
            }
            let line_changed = before.is_some_and(|b| b.line != read.line);
            let wanted = match before {
                None => budget.spend(),
                Some(before) if !before.has_text || line_changed => budget.spend(),
                Some(before) => budget.allows(rank, before, self.now),
            };
            let unread = if wanted { self.visit_item(source, &mut read, known, &mut reading).await.err() } else { None };
            if let Some(unread) = &unread {
                let is_new = before.is_none() && state.baseline.is_some() && !is_decided(state);
                // A summary is words enough.
                if is_new && read.item.text.is_none() && unread.may_pass() && !is_tried_enough(state, &read.item.key) {
                    let_wait(state, &read.item.key, &mut reading);
                    continue;
                }
            }
            if let Some(before) = before.filter(|_| platform == Platform::Feed && !read.visited) {
                self.read_by_feed(source, state, before, (&sha, platform), unread.as_ref(), &mut read).await?;
            }
            if let Some(before) = before.filter(|before| unread.is_some() && !before.has_text && platform != Platform::Feed) {
                self.read_by_list(before, (&sha, platform), &mut read).await?;
            }
            if let Some(before) = before.filter(|before| unread.is_some() && before.has_text && platform != Platform::Feed) {
                self.read_over(source, before, (&sha, platform), &mut read).await?;
            }
            if read.read.is_none() && before.is_none() {
                let (fingerprint, has_text) = (fingerprint(&read.item), false);
                read.read = Some(Read { fingerprint, has_text, page_sha256: sha, platform, teaser_lines: 0 });
            }
            reading.items.push(read);
        }
        self.set_passing_aside(source, state, known, &mut reading).await?;
        self.set_alike_aside(state, known, &mut reading);
        // What the listing has moved on from is read again as well, in its turn.
        let dates: HashMap<&str, NaiveDate> =
            reading.items.iter().filter_map(|read| Some((read.item.key.as_str(), read.item.published?))).collect();
        let entries: Vec<_> = keys.iter().map(|key| (key.as_str(), dates.get(key.as_str()).copied())).collect();
        reading.gone = match &reading.breaks_off {
            None => Gone::of(is_complete, &entries, &state.order),
            Some(_) => Gone::unseen(&state.order),
        };
        if reading.extent.is_none() {
            reading.gone.note_dropped(&entries, &state.order);
        }
        // Where something has come, it may be what is not there any more, under another address.
        let has_come = keys.iter().any(|key| !known.contains_key(key));
        let has_left = |key: &str, item: &ItemState| {
            let gone = &reading.gone;
            gone.is_so(key, item.published, item.misses) || has_come && gone.may_be_renamed(key, item.published, item.misses)
        };
        let may_be_led = |(key, item): &(&String, &ItemState)| {
            let is_missed = || item.misses > 0 || has_left(key, item) || reading.gone.has_left_its_place(key);
            has_come && !seen.contains(*key) && item.withdrawn.is_none() && is_missed()
        };
        // A list that says that it has nothing says nothing of any one.
        let is_emptied = keys.is_empty();
        let is_elsewhere = |(key, item): &(&String, &ItemState)| {
            // What is missed because its page is not there is asked for again.
            let may_be_asked = item.misses == 0 || state.unreadable.contains_key(*key);
            !seen.contains(*key) && item.withdrawn.is_none() && may_be_asked && (is_emptied || !has_left(key, item))
        };
        if !is_listing_outdated(state) {
            let all = || known.iter().map(|(key, row)| (key, &row.value));
            let left = all().filter(may_be_led).map(|(_, item)| item).collect();
            let (gone_now, others): (Vec<_>, Vec<_>) = all()
                .filter(is_elsewhere)
                .map(|(_, item)| item)
                .partition(|item| is_emptied || reading.gone.has_left_its_place(&item.key));
            self.follow_redirects(source, known, left, &mut reading).await?;
            // Of what stood there a moment ago, its own page tells whether it was taken down.
            self.read_in_turn(source, known, gone_now, &mut budget, 0, &mut reading).await?;
            self.read_in_turn(source, known, others, &mut budget, seen.len().max(source.reread), &mut reading).await?;
            self.set_passing_aside(source, state, known, &mut reading).await?;
            self.set_alike_aside(state, known, &mut reading);
            self.note_taken_down(known, &seen, &mut reading);
            self.note_rows_taken_off(known, &seen, &mut reading);
        }
        Ok(reading)
    }

    /// What the list says counts for an item of which nothing else was ever read: a meeting in a calendar, long before its page
    /// has anything to say.
    async fn read_by_list(
        &self,
        known: &ItemState,
        (sha256, platform): (&str, Platform),
        read: &mut ItemReading,
    ) -> Result<(), StoreError> {
        let Some(revision) = self.store.revision(&known.id, known.revision).await? else { return Ok(()) };
        let fingerprint = fingerprint(&read.item);
        read.likeness = likeness(&revision.item, &read.item);
        read.read = Some(Read { fingerprint, has_text: false, page_sha256: sha256.to_owned(), platform, teaser_lines: 0 });
        Ok(())
    }
}

impl Reader<'_> {
    /// What the list has come to say of an item whose own page was read before and cannot be read now counts, with all else that
    /// is known of it: of a meeting that is called off, some systems take the page away.
    async fn read_over(
        &self,
        source: &Source,
        known: &ItemState,
        (sha256, platform): (&str, Platform),
        read: &mut ItemReading,
    ) -> Result<(), StoreError> {
        let Some(names) = known.names.as_ref().filter(|_| known.line != read.line && !is_outdated(source, known)) else {
            return Ok(());
        };
        let Some(revision) = self.store.revision(&known.id, known.revision).await? else { return Ok(()) };
        let mut item = revision.item.clone();
        let names = named_unread(names, &read.item, &mut item);
        read.likeness = likeness(&revision.item, &item);
        read.names = Some(names);
        read.read = Some(Read {
            fingerprint: fingerprint(&item),
            has_text: true,
            page_sha256: revision.page_sha256.unwrap_or_else(|| sha256.to_owned()),
            platform: known.platform.unwrap_or(platform),
            teaser_lines: known.teaser_lines,
        });
        read.item = Item { key: read.item.key.clone(), ..item };
        Ok(())
    }
}

/// Whether a new item has waited long enough for its own page.
pub(super) fn is_tried_enough(state: &SourceState, key: &str) -> bool {
    state.unread.get(key).copied().unwrap_or(0) + 1 >= UNREAD_TRIES_MAX
}

/// Whether an admin has looked at what the listing shows: what waits now would have to be decided on again.
fn is_decided(state: &SourceState) -> bool {
    state.hold.as_ref().is_some_and(|hold| hold.decision.is_some())
}

/// Lets a new item wait for its own page: better told tomorrow with its words than today without; but told.
pub(super) fn let_wait(state: &SourceState, key: &str, reading: &mut SourceReading) {
    reading.unread.insert(key.to_owned(), state.unread.get(key).copied().unwrap_or(0) + 1);
    reading.validators = None;
}

/// What the listing says of an item, as a hash: when it differs, the item's own page is read whatever its validators say.
fn line_hash(item: &Item) -> String {
    let published = item.published.map(|d| d.to_string()).unwrap_or_default();
    // Lists tell first that a meeting was moved or called off.
    let occasion = (item.meeting.is_some() || item.stage.is_some()).then(|| format!("{:?} {:?}", item.meeting, item.stage));
    let mut said = vec![item.title.as_str().as_bytes(), published.as_bytes(), item.url.as_str().as_bytes()];
    said.extend(item.closes.as_ref().map(|day| day.as_str().as_bytes()));
    said.extend(item.text.as_ref().map(|teaser| teaser.as_str().as_bytes()));
    said.extend(occasion.as_ref().map(String::as_bytes));
    hash_hex(&said)
}
