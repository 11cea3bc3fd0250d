//! A message on its way to one server, and what becomes of it there.

use super::envelope::Envelope;
use super::reply::Phase;
use crate::domain::bundle::Lane;
use crate::domain::delivery::Refusal;
use crate::ports::Parcel;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::oneshot;

/// What is told of a server that falls silent.
pub(super) struct FellSilent {
    pub(super) refusal: Refusal,
    /// Another one would take the message.
    pub(super) elsewhere: bool,
}

/// A message, and whom to tell once where its server falls silent.
pub(super) struct Load {
    pub(super) parcel: Parcel,
    pub(super) silent: Option<oneshot::Sender<FellSilent>>,
    /// A server has its text.
    pub(super) has_text: Arc<AtomicBool>,
    /// There is another server that may be asked where this one has no answer about it.
    pub(super) has_other: bool,
}

impl Load {
    /// Where the message is for somebody.
    pub(super) fn domain(&self) -> &str {
        self.parcel.message.to.domain()
    }
}

/// A message to carry, and who waits to hear of it.
pub(super) struct Order {
    pub(super) load: Load,
    pub(super) envelope: Envelope,
    pub(super) done: oneshot::Sender<Result<String, Undone>>,
    /// Its envelope was not answered when it was said as a group: said one command at a time, it shows whether that was the reason.
    pub(super) unheard: Option<Unheard>,
}

/// That an envelope was not answered as a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Unheard {
    /// From here on.
    pub(super) at: Phase,
    /// How long that was waited for: if groups were the reason, it is answered sooner now. None where they were not, for all of it
    /// where it was closed for coming as one.
    pub(super) waited: Duration,
}

/// What a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum About {
    /// It had not been said whom the message was for.
    All,
    /// This message.
    One,
    /// It is none: once it had been said whom the message was for, nothing more was said, or the line closed.
    Unanswered,
    /// It is none: the server has fallen silent on so many lines that none is left for messages as urgent as this one.
    NoLine,
}

/// Why a message was not taken.
pub(super) enum Undone {
    Refused {
        refusal: Refusal,
        about: About,
        /// The message, where the server is in trouble and certainly does not have it: another one may.
        load: Option<Box<Load>>,
    },
    /// It was not current any more when its turn came.
    Outdated,
}

impl Order {
    /// How urgent it is.
    pub(super) fn lane(&self) -> Lane {
        self.load.parcel.lane
    }

    /// Whether it may still leave. If not, its sender is told and it is gone.
    pub(super) fn if_current(self) -> Option<Self> {
        if self.done.is_closed() {
            return None;
        }
        if !(self.load.parcel.is_current)() {
            // Who has gone away does not want to know.
            self.done.send(Err(Undone::Outdated)).ok();
            return None;
        }
        Some(self)
    }

    /// Where it stands among others: in its lane, and there behind those of the lane unless it has waited before.
    pub(super) fn goes_behind(&self, other: &Self) -> bool {
        let (rank, others) = (self.lane().rank(), other.lane().rank());
        others < rank || others == rank && !self.load.parcel.waited
    }

    /// Tells its sender that this server cannot take it, and gives it back.
    pub(super) fn give_back(self, refusal: &Refusal, about: About) {
        let undone = Undone::Refused { refusal: refusal.clone(), about, load: Some(Box::new(self.load)) };
        // Who has gone away does not want to know.
        self.done.send(Err(undone)).ok();
    }
}

/// Messages that a server is not given, and why.
pub(super) struct Left {
    pub(super) refusal: Refusal,
    pub(super) about: About,
    pub(super) waiting: VecDeque<Order>,
}

impl Left {
    /// Tells those who wait.
    pub(super) fn give_back(self) {
        for order in self.waiting {
            order.give_back(&self.refusal, self.about);
        }
    }
}
