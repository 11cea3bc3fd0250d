//! A line that waits long for an answer about one message: meanwhile others have another line in its place.

use super::super::line::run;
use super::Relay;
use crate::domain::bundle::Lane;
use crate::domain::delivery::Refusal;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A line whose server is slow about one message, or has fallen silent. Others have one more until it is dropped.
pub(in super::super) struct Hangs {
    relay: Arc<Relay>,
    is_silent: bool,
}

impl Hangs {
    /// Whether its server has fallen silent.
    pub(in super::super) fn is_silent(&self) -> bool {
        self.is_silent
    }
}

impl Drop for Hangs {
    fn drop(&mut self) {
        let mut state = self.relay.state();
        if self.is_silent {
            state.hung -= 1;
            let hung = state.hung;
            state.allowance.ended(hung);
        } else {
            state.slow -= 1;
        }
        drop(state);
        // What was not urgent enough may be begun now.
        self.relay.bell.notify_one();
    }
}

impl Relay {
    /// A line waits longer for an answer about one message than most do.
    pub(in super::super) fn is_slow(self: &Arc<Self>) -> Hangs {
        self.has_one_more(false)
    }

    /// A line waits in vain for an answer about one message.
    pub(in super::super) fn hangs(self: &Arc<Self>) -> Hangs {
        self.has_one_more(true)
    }

    fn has_one_more(self: &Arc<Self>, is_silent: bool) -> Hangs {
        let (needs_line, left) = {
            let mut state = self.state();
            let left = if is_silent {
                state.hung += 1;
                state.unanswered += 1;
                let hung = state.hung;
                state.allowance.fell_silent(hung, Instant::now());
                state.not_to_be_answered()
            } else {
                state.slow += 1;
                None
            };
            (state.takes_line(), left)
        };
        if let Some(left) = left {
            left.give_back();
        }
        if needs_line {
            tokio::spawn(run(self.clone()));
        }
        Hangs { relay: self.clone(), is_silent }
    }

    /// It says nothing behind the text of a message for this domain: what is not sent yet goes to the next server.
    pub(in super::super) fn leaves_texts_for(&self, domain: &str, refusal: &Refusal) {
        self.state().silent.spare(domain, &refusal.reply, Instant::now());
    }

    /// After how long an answer about mail for this domain is late.
    pub(in super::super) fn hush(&self, domain: &str) -> Duration {
        let (state, hush) = (self.state(), self.patience.hush);
        state.throttle.late(hush, state.paces.usual(domain))
    }

    /// After how long other mail no more waits for a line.
    pub(in super::super) fn slow_after(&self) -> Duration {
        self.state().paces.slow_after(self.patience.hush)
    }

    /// Whether a message as urgent as that is given a line, as far as is known.
    pub(in super::super) fn has_line_for(&self, lane: Lane) -> bool {
        self.state().has_line_for(lane)
    }

    /// Whether it is out of use.
    pub(in super::super) fn is_in_trouble(&self) -> bool {
        self.state().trouble.is_some()
    }

    /// Whose mail it answers slowly, and how slowly.
    pub(in super::super) fn slow_for(&self) -> Vec<(String, Duration)> {
        self.state().paces.slow()
    }
}
