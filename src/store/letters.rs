//! Letters to one person: each is a bundle of one, put into the outbox in the commit that made it due. So a letter that is
//! due cannot be lost, nor one be sent for something that did not happen.

use super::change::Change;
use super::records::Portion;
use super::{Store, StoreError, key};
use crate::domain::bundle::{Bundle, BundleId, Lane, Member, Series};
use crate::domain::delivery::Position;
use crate::domain::members::Members;
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::SubscriberId;
use chrono::{DateTime, Utc};

impl Store {
    /// The first place of the clock from `now` on at which there is no letter to somebody.
    pub(super) async fn free_place(&self, to: &SubscriberId, now: DateTime<Utc>) -> Result<Position, StoreError> {
        let mut at = Position::at(now);
        loop {
            let id = BundleId::of(&Series::named(Lane::Letter.as_str(), at), to.as_str());
            if self.read::<Bundle>(key::bundle(&id)).await?.is_none() {
                return Ok(at);
            }
            at = Position(at.0 + 1);
        }
    }
}

/// Makes a letter to somebody, in this life of theirs, part of `change`. Two letters to one person take two places `at` of the clock.
pub(super) fn put_letter(
    change: &mut Change<'_>,
    to: (&SubscriberId, u32),
    occasion: Occasion,
    at: Position,
    now: DateTime<Utc>,
) {
    let bundle = Bundle::letter(to.0, to.1, occasion, at, now);
    if let Some(member) = bundle.members().first() {
        put_out(change, &bundle, member);
    }
}

/// Makes a bundle, which begins with `first`, and its place in the outbox part of `change`.
pub(super) fn put_out(change: &mut Change<'_>, bundle: &Bundle, first: &Member) {
    let id = BundleId::of(&bundle.series(), SubscriberId::from_number(first.number).as_str());
    change.insert(key::bundle(&id), bundle);
    let portion = Portion::first(id, bundle, Members::first_of(bundle.members().len()));
    change.insert(portion.key(), &portion);
}
