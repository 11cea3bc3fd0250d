//! What of an address is another at each request though it leads to the same thing: stamps against caches, signatures that
//! run out, tokens of sessions, the page to go back to. The keys of items that are pages keep it.

use std::borrow::Cow;
use url::Url;

/// Names of parameters that hold a signature or a session; compared in lower case.
const TOKENS: &[&str] = &[
    "awsaccesskeyid",
    "csrf",
    "csrftoken",
    "_csrf",
    "__requestverificationtoken",
    "expires",
    "jsessionid",
    "key-pair-id",
    "nonce",
    "policy",
    "sessid",
    "session",
    "sessiontoken",
    "sig",
    "signature",
    "token",
    "_wpnonce",
];
/// Names of those that say where the reader came from.
const WAYS: &[&str] = &["backurl", "came_from", "destination", "redirecturl", "referer", "referrer", "returnto", "returnurl"];
/// Names of those that hold a stamp, where what they hold looks like one.
const STAMPS: &[&str] = &[
    "_",
    "cachebust",
    "cachebuster",
    "cb",
    "lastmod",
    "m",
    "modified",
    "mtime",
    "nocache",
    "r",
    "rand",
    "random",
    "rnd",
    "t",
    "time",
    "timestamp",
    "ts",
    "updated",
];
/// Fewest digits of a stamp: a day ("20261002"), seconds or milliseconds.
const STAMP_DIGITS_MIN: usize = 8;

/// The address without that.
pub(super) fn without(url: &Url) -> Cow<'_, Url> {
    if url.query().is_none() || !url.query_pairs().any(|(name, value)| is_passing(&name, &value)) {
        return Cow::Borrowed(url);
    }
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| !is_passing(name, value))
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    let mut bare = url.clone();
    bare.set_query(None);
    if !kept.is_empty() {
        bare.query_pairs_mut().extend_pairs(kept);
    }
    Cow::Owned(bare)
}

fn is_passing(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_one_of = |names: &[&str]| names.contains(&name.as_str());
    // Amazon's and Azure's signatures: "X-Amz-Date", and "sv", "se", "st", "sp" beside "sig" stay as the owner set them.
    is_one_of(TOKENS) || is_one_of(WAYS) || name.starts_with("x-amz-") || (is_one_of(STAMPS) && is_stamp(value))
}

/// "20261002", "1790000000123", "0.8261946", "2026-10-02T10:31": no number of a thing.
fn is_stamp(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let only_stamp =
        value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'T' | b'Z' | b'+' | b' ' | b'_'));
    only_stamp && digits >= STAMP_DIGITS_MIN
}
