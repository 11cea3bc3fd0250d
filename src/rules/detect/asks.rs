//! What a page asks of who reads it where it gives them nothing to read: to wait, to sign in, to come back.

use crate::rules::fingerprint::uncased;

/// What is said to such a reader, and in no account of a board.
const ASKS: &[&str] = &[
    "browser",
    "captcha",
    "cookies",
    "in line",
    "javascript",
    "log in",
    "password",
    "queue",
    "session has",
    "sign in",
    "try again",
    "under maintenance",
    "unavailable",
    "user name",
    "username",
    "your turn",
];

/// Whether a text asks for what the one before it did not.
pub(super) fn newly(before: &str, now: &str) -> bool {
    let (was, is) = (uncased(before), uncased(now));
    ASKS.iter().any(|asks| is.contains(asks) && !was.contains(asks))
}
