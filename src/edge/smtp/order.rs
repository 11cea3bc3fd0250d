//! A message on its way to one server, and what becomes of it there.

use super::envelope::Envelope;
use crate::domain::delivery::Refusal;
use crate::ports::Parcel;
use tokio::sync::oneshot;

/// A message to carry, and who waits to hear of it.
pub(super) struct Order {
    pub(super) parcel: Parcel,
    pub(super) envelope: Envelope,
    pub(super) done: oneshot::Sender<Result<String, Undone>>,
}

/// Why a message was not taken.
pub(super) enum Undone {
    Refused {
        refusal: Refusal,
        /// It had not been said whom it was for.
        is_to_all: bool,
        /// The message, where the server is in trouble and certainly does not have it: another one may.
        parcel: Option<Box<Parcel>>,
    },
    /// It was not current any more when its turn came.
    Outdated,
}

impl Order {
    /// Whether it may still leave. If not, its sender is told and it is gone.
    pub(super) fn if_current(self) -> Option<Self> {
        if self.done.is_closed() {
            return None;
        }
        if !(self.parcel.is_current)() {
            // Who has gone away does not want to know.
            self.done.send(Err(Undone::Outdated)).ok();
            return None;
        }
        Some(self)
    }

    /// Where it stands among others: in its lane, and there behind those of the lane unless it has waited before.
    pub(super) fn goes_behind(&self, other: &Self) -> bool {
        let (rank, others) = (self.parcel.lane.rank(), other.parcel.lane.rank());
        others < rank || others == rank && !self.parcel.waited
    }

    /// Tells its sender that this server cannot take it, and gives it back.
    pub(super) fn give_back(self, refusal: &Refusal, is_to_all: bool) {
        let undone = Undone::Refused { refusal: refusal.clone(), is_to_all, parcel: Some(Box::new(self.parcel)) };
        // Who has gone away does not want to know.
        self.done.send(Err(undone)).ok();
    }
}
