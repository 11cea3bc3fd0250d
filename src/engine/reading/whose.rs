//! Whether the page that came for an item is the item's: not another thing altogether, and not the page of another entry of the
//! same list. What is known of the item and of the others says so.

use super::named::remembered;
use super::{ItemReading, Reader};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::ports::RawPage;
use crate::rules::detect::{self, Mine};
use crate::rules::extract::Says;
use crate::rules::extract::teaser::parted;
use crate::store::Row;
use crate::store::records::ItemState;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Other entries that a page is compared with, at most.
const OTHERS_MAX: usize = 4;

/// What came for an item, and what is known.
pub(super) struct Came<'a> {
    /// What the listing says of the item.
    pub(super) listed: &'a ItemReading,
    /// What its page says.
    pub(super) own: &'a ItemReading,
    /// That page.
    pub(super) page: &'a RawPage,
    /// What that says itself, and not the listing alone.
    pub(super) says: Says,
    /// What it is headed with, where it goes by what the listing calls it.
    pub(super) headline: Option<&'a Text>,
    /// What is known of it, where anything is.
    pub(super) before: Option<(&'a ItemState, &'a Item)>,
    /// All that is known of the source.
    pub(super) known: &'a HashMap<String, Row<ItemState>>,
    /// Keys of what the listing names now.
    pub(super) entries: &'a HashSet<String>,
}

impl Came<'_> {
    /// What the page says without what only the listing says: that would be the entry's own, whoever's page it is.
    fn without_the_listing_s(&self, mut now: Item) -> Item {
        if !self.says.day {
            (now.published, now.meeting) = (None, None);
        }
        if !self.says.papers {
            now.documents.clear();
        }
        now
    }

    /// Whether it is headed as another entry is, or is called.
    fn is_headed_as(&self, other: &ItemState) -> bool {
        let (Some(headline), Some(names)) = (self.headline.map(remembered), &other.names) else { return false };
        names.listed == headline || names.own == headline || names.headline.as_ref() == Some(&headline)
    }

    /// Whether it has a headline of its own, and not that of before.
    fn is_headed_otherwise(&self) -> bool {
        let before = self.before.and_then(|(state, _)| state.names.as_ref()?.headline.clone());
        self.headline.map(remembered).is_some_and(|headline| before != Some(headline))
    }

    /// Whether the list called it otherwise than its own page did.
    fn is_listed_otherwise(&self) -> bool {
        self.before.and_then(|(state, _)| state.names.as_ref()).is_some_and(|names| names.listed != names.own)
    }

    /// Other entries whose own pages are headed as it is.
    fn named_alike(&self) -> Vec<&ItemState> {
        let Some(name) = self.own.names.as_ref().map(|names| names.own.as_str()) else { return Vec::new() };
        let is_headed_so = |state: &&ItemState| state.names.as_ref().is_some_and(|names| names.own == name);
        let is_other = |state: &&ItemState| state.key != self.listed.item.key && state.has_text && state.withdrawn.is_none();
        self.known.values().map(|row| &row.value).filter(is_other).filter(is_headed_so).collect()
    }

    /// What it says of itself, beside what is known of an entry that is `called` so. A headline that the item is not called by
    /// tells whose page it is where it is another entry's and not its own.
    fn beside(&self, now: &Item, other: &ItemState, called: &Text) -> Item {
        let title = match self.headline {
            None => now.title.clone(),
            Some(_) if self.is_headed_as(other) && self.is_headed_otherwise() => called.clone(),
            Some(_) => Text::default(),
        };
        Item { title, ..now.clone() }
    }

    /// The entries whose page it may be, the likeliest first: called as it is, or of its day.
    fn others(&self) -> Vec<&ItemState> {
        let Some(read) = &self.own.read else { return Vec::new() };
        let name = self.own.names.as_ref().map(|names| names.own.as_str());
        let days = [Some(&self.listed.item), self.before.map(|(_, item)| item)].into_iter().flatten().filter_map(day);
        let days: Vec<NaiveDate> = days.collect();
        // Where its name tells nothing, those of the same day are asked as well.
        let its_day = day(&self.own.item).filter(|day| self.headline.is_some() || !days.contains(day));
        let likely = |state: &&ItemState| {
            let names = state.names.as_ref().map(|names| (names.listed.as_str(), names.own.as_str()));
            let is_called_so =
                names.is_some_and(|(listed, own)| name == Some(own) || name == Some(listed)) || self.is_headed_as(state);
            let by_both = names.is_some_and(|(listed, own)| name == Some(own) && listed == own);
            let is_of_day = its_day.is_some() && state.meeting.or(state.published) == its_day;
            // Of a new entry nothing else is known than what it is called: so must the other be, wherever it is named.
            let is_likely = if self.before.is_some() { is_called_so || is_of_day } else { by_both || self.is_headed_as(state) };
            (is_likely || state.fingerprint == read.fingerprint).then_some(usize::from(is_called_so) + usize::from(is_of_day))
        };
        // What the listing names no more may be this very entry, under the address that it has now.
        let is_named = |state: &ItemState| self.before.is_some() || self.entries.contains(&state.key);
        let is_other = |state: &&ItemState| {
            state.key != self.listed.item.key && state.has_text && state.withdrawn.is_none() && is_named(state)
        };
        let all = self.known.values().map(|row| &row.value).filter(is_other);
        let mut found: Vec<(usize, &ItemState)> = all.filter_map(|state| Some((likely(&state)?, state))).collect();
        found.sort_by_key(|(signs, state)| (Reverse(*signs), state.id.clone()));
        found.into_iter().map(|(_, state)| state).take(OTHERS_MAX).collect()
    }
}

impl Reader<'_> {
    /// Whether what came is another's page, or another thing altogether: it gives itself another entry's address, or is nearer to
    /// what is known of another.
    pub(super) async fn is_stranger(&self, came: &Came<'_>) -> bool {
        let now = own_part(&came.own.item, came.own.read.as_ref().map_or(0, |read| read.teaser_lines));
        let was = came.before.map(|(state, item)| own_part(item, state.teaser_lines));
        if let Some(((state, _), was)) = came.before.zip(was.as_ref()) {
            let listed = &came.listed.item;
            // The listing is a witness: while it says of the item what it said before, the page is not the item's any more.
            let is_other = || {
                detect::is_another(was, &now)
                    || detect::is_misnamed(was, listed, &now)
                    || detect::is_of_another_day(was, listed, &now)
                    || came.is_headed_otherwise() && !detect::keeps_half(was, &now)
            };
            if state.line == came.listed.line && (is_other() || self.is_other_under_one_name(came, was, &now).await) {
                return true;
            }
        }
        let mine = Mine { listed: &came.listed.item, before: was.as_ref() };
        let now = came.without_the_listing_s(now);
        for other in came.others() {
            let revision = self.store.revision(&other.id, other.revision).await;
            let theirs = revision.ok().flatten().map(|revision| own_part(&revision.item, other.teaser_lines));
            if theirs.is_some_and(|theirs| detect::is_of_other(&theirs, mine, &came.beside(&now, other, &theirs.title))) {
                return true;
            }
        }
        // A new entry may be another under a new address.
        if came.before.is_none() {
            return false;
        }
        let identity = self.identity(came.page).await;
        let others = came.known.keys().filter(|key| **key != came.listed.item.key);
        others.into_iter().any(|key| identity.gives_address_of(key))
    }
}

impl Reader<'_> {
    /// Whether what came for an entry of which nothing but its listing is known has nothing of what that says.
    pub(super) async fn is_nobody_s(&self, source: &Source, came: &Came<'_>) -> bool {
        let own = own_part(&came.own.item, came.own.read.as_ref().map_or(0, |read| read.teaser_lines));
        let called = [came.says.name.then_some(&own.title), came.headline];
        let mut names: Vec<&str> = called.into_iter().flatten().map(Text::as_str).collect();
        let listed = &came.listed.item;
        let shares_nothing = |names: &[&str]| {
            let (says_day, names_papers) = (came.says.day, came.says.papers);
            detect::shares_nothing(listed, &detect::Came { own: &own, names, says_day, names_papers }, &source.council)
        };
        // Pages of one list may all be headed alike, in words that name none of its entries.
        if !shares_nothing(&names) || !came.named_alike().is_empty() {
            return false;
        }
        let identity = self.identity(came.page).await;
        names.extend(identity.title());
        !identity.declares_asked() && shares_nothing(&names)
    }
}

impl Reader<'_> {
    /// Whether what came is headed as it was, and as any page may be, and is another's by its words.
    async fn is_other_under_one_name(&self, came: &Came<'_>, was: &Item, now: &Item) -> bool {
        let listed = &came.listed.item;
        let named_alike = came.named_alike();
        let is_anybody_s = !named_alike.is_empty() || came.is_listed_otherwise() && detect::is_one_word(&now.title);
        if !is_anybody_s || !detect::is_other_under_one_name(was, listed, now) {
            return false;
        }
        // What several pages say alike is what a council sets there, and may change on all of them.
        for other in named_alike.into_iter().take(OTHERS_MAX) {
            let revision = self.store.revision(&other.id, other.revision).await.ok().flatten();
            if revision.is_some_and(|revision| own_part(&revision.item, other.teaser_lines).text == was.text) {
                return false;
            }
        }
        !self.identity(came.page).await.declares_asked()
    }
}

/// An item without the words that only a feed says of it.
fn own_part(item: &Item, teaser_lines: usize) -> Item {
    parted(item.clone(), teaser_lines).1
}

/// The day that an item goes by.
fn day(item: &Item) -> Option<NaiveDate> {
    item.meeting.as_ref().and_then(|meeting| meeting.date).or(item.published)
}
