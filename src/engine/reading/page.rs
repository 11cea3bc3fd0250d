//! One page of a reading: visited, read off the async workers, and what it came to where it could not be read.

use super::alike::OwnWords;
use super::named::named;
use super::teaser;
use super::whose;
use super::{ItemReading, Read, Reader, SourceReading, Unread, is_outdated};
use crate::domain::item::{Extraction, Item, Outcome};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Platform, Source};
use crate::engine::visit::{NotVisited, Visited};
use crate::ports::{FetchRequest, RawPage};
use crate::rules::detect;
use crate::rules::extract::{self, Identity, Own, Page, ending::Ending, key};
use crate::rules::fingerprint::{Likeness, fingerprint, likeness};
use crate::rules::looks::looks;
use crate::rules::redirect;
use crate::store::records::{ItemState, Unreadable, Validators};
use crate::store::{Row, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use tokio::sync::oneshot;
use url::Url;

/// An own page that shows another thing for so long is the item's new content.
pub(super) const BELIEVED_AFTER: TimeDelta = TimeDelta::days(3);
/// What is said of half a page.
const BREAKS_OFF: &str = "only its beginning came: it breaks off before its end";

impl Reader<'_> {
    /// Reads an item's own page into `read`.
    pub(super) async fn visit_item(
        &self,
        source: &Source,
        read: &mut ItemReading,
        known: &HashMap<String, Row<ItemState>>,
        reading: &mut SourceReading,
    ) -> Result<(), Unread> {
        let before = known.get(&read.item.key).map(|row| &row.value);
        let result = self.visit_own_page(source, read, known, reading).await;
        // Of a page of which nothing is known, only a wall says that it cannot be read: it may have nothing to say yet.
        if before.is_some_and(|before| before.has_text) || result.as_ref().is_err_and(Unread::is_walled_off) {
            reading.own_pages.asked += 1;
            reading.own_pages.unread += usize::from(result.is_err());
        }
        if result.as_ref().is_err_and(Unread::is_not_found) {
            reading.not_found.insert(read.item.key.clone());
        }
        if before.is_some() {
            self.note(read, result.as_ref().err(), reading);
        }
        if let Err(unread) = &result {
            reading.warnings.push(format!("{}: {}", read.item.url, unread.outcome));
        }
        result
    }

    async fn visit_own_page(
        &self,
        source: &Source,
        read: &mut ItemReading,
        known: &HashMap<String, Row<ItemState>>,
        reading: &mut SourceReading,
    ) -> Result<(), Unread> {
        let before = known.get(&read.item.key).map(|row| &row.value);
        let is_vouched_for = before.is_some_and(|b| b.line == read.line && b.has_text && !is_outdated(source, b));
        let asked = before.and_then(|b| b.validators.as_ref()).filter(|_| is_vouched_for);
        let visited = self.visitor.visit(request(&read.item.url, asked)).await.map_err(unread)?;
        let (page, vouchers) = match self.came(visited, asked).await {
            Came::AsItWas(validators) => {
                (read.visited, read.validators) = (true, validators);
                return Ok(());
            }
            Came::Anew(page, vouchers) => (page, vouchers),
        };
        if redirect::gives_up(&read.item.url, &page.url, Some(&source.url)) {
            return Err(Unread::instead(led_away(&page.url), page));
        }
        if self.is_named_beside(source, known, &read.item, &page, reading).await {
            return Err(Unread::instead(led_away(&page.url), page));
        }
        if !read.is_listed && self.has_led(known, read, &page, reading).await {
            return Err(Unread::instead(led_away(&page.url), page));
        }
        let is_believed = is_believed(reading.unreadable.get(&read.item.key), self.now);
        let Own { item, platform, teaser_lines, says, headline, .. } = match self.extract_item(source, &page, &read.item).await {
            Ok(Ok(own)) => own,
            Ok(Err(extraction)) => {
                let outcome = bad_outcome(&extraction, page.status, page.body.len())
                    .unwrap_or(PollOutcome::Unrecognised { detail: "the item is not on its own page".into() });
                return Err(Unread { warnings: extraction.warnings, ..Unread::instead(outcome, page) });
            }
            Err(outcome) => return Err(Unread::instead(outcome, page)),
        };
        if !is_believed && self.is_own_page_cut(source, before, &page, reading).await {
            return Err(Unread { is_another: true, ..Unread::instead(cut(), page) });
        }
        let mut item = Item { key: read.item.key.clone(), ..item };
        let names = named(before.and_then(|before| before.names.as_ref()), &read.item, &mut item, headline.as_ref());
        let content = Read {
            fingerprint: fingerprint(&item),
            has_text: item.text.is_some(),
            page_sha256: page.sha256.clone(),
            platform,
            teaser_lines,
        };
        let mut own = ItemReading {
            item,
            line: read.line.clone(),
            visited: true,
            names: Some(names),
            closes: Some(Ending::of(&page.body).is_closed()),
            validators: vouchers.for_recipe_of(platform),
            read: Some(content),
            ..*read
        };
        let was = match before {
            Some(state) => self.before(source, state, &own).await.ok().flatten(),
            None => None,
        };
        reading.own_words.push(OwnWords::of(&read.item, &own.item, was.clone()));
        let is_unknown = before.is_none_or(|before| !before.has_text);
        let may_be_strange = was.is_some() || is_unknown;
        let before = before.zip(was.as_ref());
        let headline = headline.as_ref();
        let came = whose::Came { listed: read, own: &own, page: &page, says, headline, before, known, entries: &reading.entries };
        if may_be_strange && !is_believed && self.is_stranger(&came).await {
            return Err(Unread { is_another: true, ..Unread::instead(instead_of(&own.item), page) });
        }
        if is_unknown && !reading.is_first && self.is_nobody_s(source, &came).await {
            if !is_believed {
                return Err(Unread { is_another: true, ..Unread::instead(instead_of(&own.item), page) });
            }
            // What stays there may be what the council has to say; what it is called the list alone says.
            own.item.title.clone_from(&read.item.title);
            own.read = own.read.map(|read| Read { fingerprint: fingerprint(&own.item), ..read });
        }
        if let Some((state, was)) = before {
            own.likeness = own.read.as_ref().map_or(Likeness::Other, |read| teaser::likeness(was, state, &own.item, read));
        }
        *read = own;
        reading.pages.push(page);
        Ok(())
    }

    /// Keeps account of whether the own page of a known item can be read.
    fn note(&self, read: &ItemReading, unread: Option<&Unread>, reading: &mut SourceReading) {
        let key = &read.item.key;
        let Some(unread) = unread else {
            reading.unreadable.remove(key);
            return;
        };
        let why = format!("{}: {}", read.item.url, unread.outcome);
        let before = reading.unreadable.get(key).filter(|before| before.is_another == unread.is_another);
        let since = before.map_or(self.now, |before| before.since);
        reading.unreadable.insert(key.clone(), Unreadable { since, why, is_another: unread.is_another });
    }

    /// Compares what the listing's `pages` say `now` of an item with what is known of it.
    pub(super) async fn compare(
        &self,
        source: &Source,
        known: &ItemState,
        pages: &[RawPage],
        now: &mut ItemReading,
    ) -> Result<(), StoreError> {
        if let Some(before) = self.before(source, known, now).await? {
            now.is_another = detect::is_emptied(&before, &now.item)
                || detect::is_replaced(&before, &now.item) && !self.is_itself(source, (known, &before), pages, now).await?;
            now.likeness = likeness(&before, &now.item);
        }
        Ok(())
    }

    /// Whether the page that an item was read off is the item's own, and says that it is, or shows it: then it may say whatever it
    /// does.
    async fn is_itself(
        &self,
        source: &Source,
        was: (&ItemState, &Item),
        pages: &[RawPage],
        now: &ItemReading,
    ) -> Result<bool, StoreError> {
        let Some(read) = &now.read else { return Ok(false) };
        let is_own = |page: &&RawPage| page.sha256 == read.page_sha256 && key::of_page(&page.url) == now.item.key;
        let Some(page) = pages.iter().find(is_own) else { return Ok(false) };
        Ok(self.identity(page).await.declares_asked() || self.is_written_anew(source, was, (page, now)).await?)
    }

    /// What is known of an item, where what was read now is something else and can be compared with it.
    async fn before(&self, source: &Source, known: &ItemState, now: &ItemReading) -> Result<Option<Item>, StoreError> {
        let differs = now.read.as_ref().is_some_and(|read| read.fingerprint != known.fingerprint);
        if !differs || !known.has_text || is_outdated(source, known) {
            return Ok(None);
        }
        Ok(self.store.revision(&known.id, known.revision).await?.map(|before| before.item))
    }

    /// Whether a page is as it was when what it was `asked` with was noted.
    pub(super) async fn came(&self, visited: Visited, asked: Option<&Validators>) -> Came {
        if visited.fetched.status == 304 {
            return Came::AsItWas(asked.cloned());
        }
        let (etag, last_modified) = (visited.fetched.etag.clone(), visited.fetched.last_modified.clone());
        let page = raw_page(visited, self.now);
        let seen = |page: &RawPage| looks(&page.url, page.status, page.content_type.as_deref(), &page.body);
        // A page that this cannot be said of is read.
        let looks = off_workers(page.clone(), seen).await.ok();
        match asked.filter(|asked| looks.is_some() && asked.looks == looks) {
            Some(asked) => Came::AsItWas(Some(Validators { etag, last_modified, ..asked.clone() })),
            None => Came::Anew(page, Vouchers { etag, last_modified, looks }),
        }
    }

    /// Reading costs processor time, and a fault in it is one source's trouble: off the async workers, panics caught.
    pub(super) async fn extract(&self, source: &Source, page: &RawPage) -> Result<Extraction, PollOutcome> {
        let (platform, select) = (source.platform, source.select.clone());
        off_workers(page.clone(), move |page| extract::extract(&seen(page), platform, &select)).await
    }

    /// Whether a page calls itself its site's front page.
    pub(super) async fn is_front(&self, page: &RawPage) -> bool {
        off_workers(page.clone(), |page| extract::calls_itself_front(&seen(page))).await.unwrap_or(false)
    }

    /// What a page says that it is.
    pub(super) async fn identity(&self, page: &RawPage) -> Identity {
        off_workers(page.clone(), |page| extract::identity(&seen(page))).await.unwrap_or_default()
    }

    /// The keys of all that a page links to.
    pub(super) async fn leads(&self, page: &RawPage) -> HashSet<String> {
        off_workers(page.clone(), |page| extract::leads(&seen(page))).await.unwrap_or_default()
    }

    /// All that the lines of a page say.
    pub(super) async fn lines(&self, page: &RawPage) -> HashSet<String> {
        off_workers(page.clone(), |page| extract::lines(&seen(page))).await.unwrap_or_default()
    }

    #[expect(clippy::result_large_err, reason = "what the page is instead is moved once, from the thread that read it")]
    pub(super) async fn extract_item(
        &self,
        source: &Source,
        page: &RawPage,
        listed: &Item,
    ) -> Result<Result<Own, Extraction>, PollOutcome> {
        let (platform, select, listed) = (source.platform, source.select.clone(), listed.clone());
        off_workers(page.clone(), move |page| extract::extract_own(&seen(page), platform, &select, &listed)).await
    }
}

pub(super) fn request(url: &Url, validators: Option<&Validators>) -> FetchRequest {
    FetchRequest {
        url: url.clone(),
        etag: validators.and_then(|v| v.etag.clone()),
        last_modified: validators.and_then(|v| v.last_modified.clone()),
    }
}

/// What a server answered to "has it changed?".
pub(super) enum Came {
    /// It has not: the server says so, or the page does. This vouches for it from now on.
    AsItWas(Option<Validators>),
    /// A page to be read.
    Anew(RawPage, Vouchers),
}

/// What will vouch for a page once it is known which recipe has read it.
#[derive(Debug)]
pub struct Vouchers {
    etag: Option<String>,
    last_modified: Option<String>,
    looks: Option<String>,
}

impl Vouchers {
    pub(super) fn for_recipe_of(self, platform: Platform) -> Option<Validators> {
        let Self { etag, last_modified, looks } = self;
        let any = etag.is_some() || last_modified.is_some() || looks.is_some();
        any.then(|| Validators { etag, last_modified, looks, recipe: extract::recipe(platform) })
    }
}

pub(super) fn raw_page(visited: Visited, fetched_at: DateTime<Utc>) -> RawPage {
    use sha2::{Digest, Sha256};
    let Visited { url, fetched, .. } = visited;
    let sha256 = format!("{:x}", Sha256::digest(&fetched.body));
    RawPage { url, fetched: fetched_at, status: fetched.status, content_type: fetched.content_type, sha256, body: fetched.body }
}

pub(super) fn seen(page: &RawPage) -> Page<'_> {
    Page { url: &page.url, status: page.status, content_type: page.content_type.as_deref(), body: &page.body }
}

pub(super) fn unread(not: NotVisited) -> Unread {
    Unread { outcome: not.outcome, wait_until: not.not_before, page: None, warnings: Vec::new(), is_another: false }
}

/// What an address is that leads to another thing.
pub(super) fn led_away(to: &Url) -> PollOutcome {
    PollOutcome::Unrecognised { detail: format!("it leads away, to {to}") }
}

/// What an item's own page is that shows `other` instead.
pub(super) fn instead_of(other: &Item) -> PollOutcome {
    PollOutcome::Unrecognised { detail: format!("another thing stands there: \"{}\"", other.title) }
}

/// What a page is of which only the beginning came.
pub(super) fn cut() -> PollOutcome {
    PollOutcome::Unrecognised { detail: BREAKS_OFF.to_owned() }
}

/// Whether a page has shown another thing for so long that the council must mean it.
pub(super) fn is_believed(unreadable: Option<&Unreadable>, now: DateTime<Utc>) -> bool {
    unreadable.is_some_and(|before| before.is_another && now - before.since >= BELIEVED_AFTER)
}

/// What a page is instead; `None` where it is good.
pub(in crate::engine) fn bad_outcome(extraction: &Extraction, status: u16, bytes: usize) -> Option<PollOutcome> {
    let first = || extraction.warnings.first().cloned().unwrap_or_default();
    match extraction.outcome {
        Outcome::Items | Outcome::Empty => None,
        Outcome::Blocked => Some(PollOutcome::Blocked { sign: first() }),
        Outcome::ErrorPage => Some(PollOutcome::ErrorPage { status }),
        Outcome::Unrecognised => {
            // A selector that matches nothing says more than what that has led to; how it was recognised says nothing.
            let said: Vec<&str> =
                extraction.warnings.iter().map(String::as_str).filter(|w| !w.starts_with("recognised as ")).collect();
            Some(PollOutcome::Unrecognised { detail: format!("status {status}, {bytes} bytes: {}", said.join("; ")) })
        }
    }
}

/// Runs `read` on one of as many threads as there are cores: more would not be quicker, and each page takes many times its
/// length in memory. They are always the same threads, because one that has read a page has that memory at hand.
pub(super) async fn off_workers<T: Send + 'static>(
    page: RawPage,
    read: impl FnOnce(&RawPage) -> T + Send + 'static,
) -> Result<T, PollOutcome> {
    let (tell, told) = oneshot::channel();
    rayon::spawn(move || {
        // Who has gone away does not want to know.
        tell.send(std::panic::catch_unwind(AssertUnwindSafe(|| read(&page)))).ok();
    });
    let panicked = |detail: String| PollOutcome::Panicked { detail };
    match told.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(panic)) => {
            let said = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
            Err(panicked(said.unwrap_or_else(|| "no message".into())))
        }
        Err(gone) => Err(panicked(gone.to_string())),
    }
}
