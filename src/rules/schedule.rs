//! When things are due: polls, retries and digest windows, in the site's zone.
//!
//! Every answer is a value to be stored and compared with the clock; nothing here waits, and nothing drifts when a
//! process sleeps through its time.

mod deliveries;
mod gathering;
mod polls;
mod windows;

pub use deliveries::{
    is_stale, postbox_rest, provider_rest, relay_rest, rests_after, retry_delivery, single_rest, stopped_rest, told_again_rest,
};
pub use gathering::has_gathered;
pub use polls::{RETRY_AFTER_MAX, backoff, next_poll, parse_retry_after};
pub use windows::{DigestTimes, last_close, month_begin, next_close};
