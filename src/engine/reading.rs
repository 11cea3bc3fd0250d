//! Reading a source: its listing, the further pages of it, and the own pages of the items that are new, changed or due to
//! be read again. All effects of a poll are here; nothing is recorded.
//!
//! Invariant: a page that could not be read leaves its item as it is known; it never makes one vanish.

mod again;
mod alike;
mod anew;
mod begins;
mod budget;
mod everywhere;
mod further;
mod grown;
mod instead;
mod led;
mod listing;
mod moved;
mod named;
mod page;
mod parts;
mod passing;
mod readdressed;
mod redated;
mod taken_down;
mod teaser;
mod whole;
mod whose;

pub use again::{Again, KnownItems, is_listing_outdated, is_outdated};

use super::visit::Visitor;
use crate::domain::item::{Fingerprint, Item};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Platform, Source};
use crate::ports::{Pages, RawPage};
use crate::rules::detect::{Gone, Instead, slight};
use crate::rules::extract::{guard, teaser::parted};
use crate::rules::fingerprint::Likeness;
use crate::rules::redirect;
use crate::store::records::{Extent, Gist, ItemState, Names, SourceState, Unreadable, Validators};
use crate::store::{Row, Store, StoreError};
use alike::OwnWords;
use budget::Budget;
pub(super) use budget::DAILY;
use chrono::{DateTime, Utc};
pub(super) use page::bad_outcome as outcome_of;
use page::{Came, Vouchers, bad_outcome, cut, led_away, raw_page, request, unread};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

/// What a source showed.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of a reading, and any of them go together")]
pub struct SourceReading {
    /// The items, in the listing's order.
    pub items: Vec<ItemReading>,
    /// The listing is as it was: what is known and not among `items` is still there.
    pub listing_unchanged: bool,
    /// Why the page is not the listing that stood there before, though it names items of that.
    pub instead: Option<Instead>,
    /// It has stood in the listing's place for so long that the council must mean it.
    pub is_believed: bool,
    /// Why the listing is only the beginning of it.
    pub breaks_off: Option<String>,
    /// Which items the listing would show if they were still published.
    pub gone: Gone,
    /// Whether every page of the listing was read that we ever read.
    pub is_whole: bool,
    /// Where the listing has several pages, how it is now.
    pub extent: Option<Extent>,
    /// Keys of items on pages that should have been followed before: no news, whoever knows them.
    pub were_there: HashSet<String>,
    /// Known items that stand under another key now, since their old address leads there: old key to new.
    pub led: HashMap<String, String>,
    /// Keys of the entries that the listing has now, where it was read.
    entries: HashSet<String>,
    /// The item that the page was itself, where it has come to be a list of others: it is not gone.
    pub grown_from: Option<String>,
    /// As what the listing was recognised; `None` where it has not changed.
    pub platform: Option<Platform>,
    /// The page that people read, where the listing is a feed that names it.
    pub home: Option<Url>,
    /// SHA-256 of the listing's pages.
    pub listing_pages: Vec<String>,
    /// Of the listing page; `None` where it must be read in full next time.
    pub validators: Option<Validators>,
    /// New items that wait for their own page, with the number of tries.
    pub unread: BTreeMap<String, u32>,
    /// Known items whose own page cannot be read as it was.
    pub unreadable: BTreeMap<String, Unreadable>,
    /// Known items whose own pages are not found, by key.
    not_found: HashSet<String>,
    /// Own pages of items with known words, or behind walls, that were asked for now, and how many of them could not be read.
    pub own_pages: OwnPages,
    /// Lines that the site tells on all of its pages, as they begin, and when they were last met.
    pub passing: BTreeMap<String, DateTime<Utc>>,
    /// What is known of items, as it would have stood among what their site says on all of its pages now: by key.
    restated: HashMap<String, Item>,
    /// Whether the listing says where it ends.
    pub closes: Option<bool>,
    /// Whether known items' own pages say where they end, where that is known.
    siblings_close: Option<bool>,
    /// Whether it is the first of the source: nobody knows yet how its pages are headed.
    is_first: bool,
    /// What the own pages that were visited say.
    own_words: Vec<OwnWords>,
    /// What an admin should know.
    pub warnings: Vec<String>,
    /// The pages as they came.
    pub pages: Vec<RawPage>,
}

/// How the visits to items' own pages went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OwnPages {
    /// Pages that were asked for.
    pub asked: usize,
    /// Of these, pages that could not be read as they were.
    pub unread: usize,
}

impl OwnPages {
    /// Whether most of them could not be read.
    #[must_use]
    pub fn are_unread(self) -> bool {
        self.unread * 2 > self.asked
    }
}

/// What was read of one item.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of a reading, and any of them go together")]
pub struct ItemReading {
    /// What the listing says, completed from the item's own page where that was read.
    pub item: Item,
    /// A hash of the listing's line.
    pub line: String,
    /// What was read now, where anything was.
    pub read: Option<Read>,
    /// Of its own page, where that was visited.
    pub validators: Option<Validators>,
    /// Whether its own page says where it ends, where that was read now.
    pub closes: Option<bool>,
    /// How its listing and its own page name it, where that was read now.
    pub names: Option<Names>,
    /// Whether its own page was visited, changed or not.
    pub visited: bool,
    /// Whether the listing shows it; otherwise its own page was read in its turn.
    pub is_listed: bool,
    /// Whether it is the page on which the other items stand.
    pub is_page: bool,
    /// Whether what stands in its place is another thing altogether.
    pub is_another: bool,
    /// How what was read compares with what is known, where it can be compared.
    pub likeness: Likeness,
}

impl ItemReading {
    /// What a listing says of `item`, whose line there has this hash; nothing is read yet.
    fn listed(item: Item, line: String) -> Self {
        Self {
            item,
            line,
            read: None,
            validators: None,
            closes: None,
            names: None,
            visited: false,
            is_listed: true,
            is_page: false,
            is_another: false,
            likeness: Likeness::Other,
        }
    }

    /// An item that is known, and not on the page that was read.
    fn known(item: Item, state: &ItemState) -> Self {
        let validators = state.validators.clone();
        Self { validators, is_listed: false, ..Self::listed(item, state.line.clone()) }
    }
}

/// A content that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Whether it includes the body.
    pub has_text: bool,
    /// SHA-256 of the page, in hexadecimal.
    pub page_sha256: String,
    /// Whose recipe read it: the platform as recognised.
    pub platform: Platform,
    /// How many lines of its text, from the first, a feed says and its own page does not.
    pub teaser_lines: usize,
}

/// Why there is no reading.
#[derive(Debug)]
pub struct Unread {
    /// The poll's outcome.
    pub outcome: PollOutcome,
    /// `Retry-After`.
    pub wait_until: Option<DateTime<Utc>>,
    /// The page, where one came.
    pub page: Option<RawPage>,
    /// What an admin should know.
    pub warnings: Vec<String>,
    /// It was read, and is another thing than what is known, or only how it begins.
    pub is_another: bool,
}

/// Reads sources.
pub struct Reader<'a> {
    /// Visits pages politely.
    pub visitor: &'a Visitor,
    /// Where contents lie that were read before.
    pub store: &'a Store,
    /// Where their pages are kept.
    pub pages: &'a dyn Pages,
    /// The time of the poll.
    pub now: DateTime<Utc>,
}

/// What a source's server answered.
#[derive(Debug)]
pub enum Answer {
    /// Its listing is as it was; this vouches for it from now on.
    Unchanged(Option<Validators>),
    /// This is the listing.
    Listing(Box<RawPage>, Vouchers),
}

impl Reader<'_> {
    /// Visits `source`, given its `state`.
    pub async fn ask(&self, source: &Source, state: &SourceState) -> Result<Answer, Unread> {
        let is_vouched_for = state.baseline.is_some() && state.hold.is_none() && !is_listing_outdated(state);
        // Whether its first page has changed says nothing of those behind it.
        let asked = state.validators.as_ref().filter(|_| is_vouched_for && !further::is_due(state, self.now));
        let visited = self.visitor.visit(request(&source.url, asked)).await.map_err(unread)?;
        if redirect::gives_up(&source.url, &visited.url, None) {
            let page = raw_page(visited, self.now);
            return Err(Unread::instead(led_away(&page.url), page));
        }
        Ok(match self.came(visited, asked).await {
            Came::AsItWas(validators) => Answer::Unchanged(validators),
            Came::Anew(page, vouchers) => Answer::Listing(Box::new(page), vouchers),
        })
    }

    /// Whether none of the items of `source` is to be looked at while its listing is as it was, as far as its own row tells.
    pub fn leaves_items_alone(&self, source: &Source, state: &SourceState) -> bool {
        let is_for_later = |gist: &Gist| match gist.own_page_read {
            None => true,
            Some(read) => source.reread == 0 && !budget::is_due(read, self.now),
        };
        state.unreadable.is_empty() && state.gist.as_ref().is_some_and(is_for_later)
    }

    /// Reads what the `answer` of `source` shows, given its `state` and the items `known` of it.
    pub async fn read(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        answer: Answer,
    ) -> Result<Result<SourceReading, Unread>, StoreError> {
        let (page, vouchers) = match answer {
            Answer::Unchanged(validators) => return self.read_unchanged(source, state, known, validators).await.map(Ok),
            Answer::Listing(page, vouchers) => (*page, vouchers),
        };
        let mut extraction = match self.extract(source, &page).await {
            Ok(extraction) => extraction,
            Err(outcome) => return Ok(Err(Unread::instead(outcome, page))),
        };
        extraction.warnings.extend(slight::doubt(&source.url, &source.title, &extraction));
        if let Some(outcome) = bad_outcome(&extraction, page.status, page.body.len()) {
            return Ok(Err(Unread { warnings: extraction.warnings, ..Unread::instead(outcome, page) }));
        }
        if self.is_listing_cut(source, state, extraction.platform, &page).await {
            return Ok(Err(Unread::instead(cut(), page)));
        }
        if let Some(why) = extraction.listing.breaks_off.clone().filter(|_| whole::waits_for_the_whole(state)) {
            let outcome = PollOutcome::Unrecognised { detail: why };
            return Ok(Err(Unread { warnings: extraction.warnings, ..Unread::instead(outcome, page) }));
        }
        // What breaks off is to be read again, whatever vouches for it.
        let validators = vouchers.for_recipe_of(extraction.platform).filter(|_| extraction.listing.breaks_off.is_none());
        self.read_listing(source, state, known, extraction, page, validators).await.map(Ok)
    }

    /// The listing has not changed; items may have.
    async fn read_unchanged(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        validators: Option<Validators>,
    ) -> Result<SourceReading, StoreError> {
        let mut reading = SourceReading {
            items: Vec::new(),
            listing_unchanged: true,
            instead: None,
            is_believed: false,
            breaks_off: None,
            entries: HashSet::new(),
            gone: Gone::as_before(&state.order),
            is_whole: false,
            extent: state.extent,
            were_there: HashSet::new(),
            led: HashMap::new(),
            grown_from: None,
            platform: None,
            home: state.home.clone(),
            listing_pages: Vec::new(),
            validators,
            unread: state.unread.clone(),
            unreadable: state.unreadable.clone(),
            not_found: HashSet::new(),
            own_pages: OwnPages::default(),
            passing: state.passing.clone(),
            restated: HashMap::new(),
            closes: state.closes,
            siblings_close: None,
            is_first: false,
            own_words: Vec::new(),
            warnings: state.warnings.clone(),
            pages: Vec::new(),
        };
        // What the listing never showed to the present recipe it does not show now.
        let is_shown = |item: &&ItemState| item.withdrawn.is_none() && item.misses == 0 && !item.out_of_sight;
        let live = known.values().map(|row| &row.value).filter(is_shown);
        self.read_in_turn(source, known, live.collect(), &mut Budget::new(source.reread), 0, &mut reading).await?;
        Self::ask_for_list(state, &mut reading);
        self.set_passing_aside(source, state, known, &mut reading).await?;
        self.set_alike_aside(state, known, &mut reading);
        Ok(reading)
    }

    /// Reads the own pages of known items again that the listing was not asked for, the newest first: `rank` is that of the
    /// first among all.
    async fn read_in_turn(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        mut items: Vec<&ItemState>,
        budget: &mut Budget,
        rank: usize,
        reading: &mut SourceReading,
    ) -> Result<(), StoreError> {
        items.sort_by_cached_key(|item| (Reverse(item.published), Reverse(item.first_seen), item.id.clone()));
        for (rank, item) in (rank..).zip(items) {
            // A page whose items stand on the listing itself has been read by reading that.
            // One that never could be read is asked for in its turn where nothing else leads there.
            let is_waited_for = reading.listing_unchanged && !item.has_text;
            let has_own_page = item.validators.is_some() || item.read.is_some() || is_waited_for;
            if !has_own_page || !budget.allows(rank, item, self.now) {
                continue;
            }
            let Some(revision) = self.store.revision(&item.id, item.revision).await? else { continue };
            let (said, own) = parted(revision.item, item.teaser_lines);
            let documents = teaser::not_on_page(&own);
            let listed = Item { text: said, html: None, key: item.key.clone(), documents, ..own };
            let mut read = ItemReading::known(listed, item);
            if self.visit_item(source, &mut read, known, reading).await.is_ok() || reading.listing_unchanged {
                reading.items.push(read);
            }
        }
        Ok(())
    }
}

impl Unread {
    /// What `page` is instead.
    fn instead(outcome: PollOutcome, page: RawPage) -> Self {
        Self { outcome, wait_until: None, page: Some(page), warnings: Vec::new(), is_another: false }
    }

    /// Whether what was asked for is not there, in the server's words or in the page's own.
    fn is_not_found(&self) -> bool {
        let PollOutcome::ErrorPage { status } = self.outcome else { return false };
        let says_so = || self.warnings.iter().any(|why| guard::says_missing(why));
        matches!(status, 404 | 410) || (200..300).contains(&status) && says_so()
    }

    /// Whether something else stands before what was asked for.
    fn is_walled_off(&self) -> bool {
        let is_wall = matches!(self.outcome, PollOutcome::Blocked { .. } | PollOutcome::ErrorPage { .. });
        (is_wall || self.is_another) && !self.is_not_found()
    }

    /// Whether it may be otherwise at the next poll.
    fn may_pass(&self) -> bool {
        !matches!(
            self.outcome,
            PollOutcome::ErrorPage { status: 404 | 410 } | PollOutcome::RobotsDenied { .. } | PollOutcome::Refused { .. }
        )
    }
}
