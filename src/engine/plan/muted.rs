//! What people want to hear no more of, as far as a window tells of it. Few mute anything: who does not costs nothing.

use crate::domain::item::ItemId;
use crate::domain::subscriber::SubscriberId;
use crate::rules::digest::NoticeInFull;
use crate::store::people::muted_item;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;

/// The mutes of people, who are asked for in the order of their identities.
pub(super) struct Muted {
    told: BTreeSet<ItemId>,
    next: Next,
}

/// Who, from the last one that was looked up on, is the first to mute anything.
enum Next {
    NotLookedUp,
    Nobody,
    Somebody(SubscriberId),
}

impl Muted {
    pub(super) fn new(notices: &[NoticeInFull<'_>]) -> Self {
        Self { told: notices.iter().map(|n| n.notice.item.clone()).collect(), next: Next::NotLookedUp }
    }

    /// Which of the window's items this person mutes.
    pub(super) async fn of(&mut self, store: &Store, id: &SubscriberId) -> Result<BTreeSet<ItemId>, StoreError> {
        let is_behind = match &self.next {
            Next::NotLookedUp => true,
            Next::Nobody => false,
            Next::Somebody(next) => next < id,
        };
        if is_behind {
            self.next = store.next_who_mutes(id).await?.map_or(Next::Nobody, Next::Somebody);
        }
        if !matches!(&self.next, Next::Somebody(next) if next == id) {
            return Ok(BTreeSet::new());
        }
        let mutes = store.mutes(id).await?;
        Ok(mutes.iter().filter_map(muted_item).filter(|item| self.told.contains(item)).collect())
    }
}
