//! What of an address is another at each request though it leads to the same thing: stamps against caches, signatures that
//! run out, tokens of sessions, the page to go back to. Of items that are pages, the keys keep tokens and stamps.

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
/// Names that Azure's signature covers, where it stands beside them: how long the link holds, for whom and for what.
const SIGNED: &[&str] = &["se", "sip", "ske", "skoid", "sks", "skt", "sktid", "skv", "sp", "spr", "sr", "srt", "ss", "st", "sv"];
/// Names of those that say where the reader came from.
const WAYS: &[&str] = &[
    "backlist",
    "backto",
    "backurl",
    "came_from",
    "destination",
    "redirecturl",
    "referer",
    "referrer",
    "returnto",
    "return_to",
    "returnurl",
    "return_url",
];
/// Names of those by which systems mark the state of a file that they hand out: Sitecore's `rev`, Sitefinity's `sfvrsn`.
const STATES: &[&str] = &["rev", "sfvrsn"];
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
    let is_signed = url.query_pairs().any(|(name, _)| name == "sig");
    let is_passing = |name: &str, value: &str| is_passing(name, value) || is_signed && SIGNED.contains(&name);
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
    // Amazon's signatures: "X-Amz-Date" and its like.
    is_one_of(TOKENS)
        || is_one_of(WAYS)
        || is_one_of(STATES)
        || name.starts_with("x-amz-")
        || (is_one_of(STAMPS) && is_stamp(value))
}

/// Whether a parameter, its name in lower case, says where the reader came from.
pub(super) fn is_way(name: &str) -> bool {
    WAYS.contains(&name)
}

/// "20261002", "1790000000123", "0.8261946", "2026-10-02T10:31": no number of a thing.
fn is_stamp(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let only_stamp =
        value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'T' | b'Z' | b'+' | b' ' | b'_'));
    only_stamp && digits >= STAMP_DIGITS_MIN
}

/// "1790000000", "1790000000123", "9f86d081884c": of a clock's or a hash's length, and no number of a thing.
pub(super) fn is_moment_or_hash(value: &str) -> bool {
    let has_digit = value.bytes().any(|b| b.is_ascii_digit());
    value.len() >= 10 && has_digit && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The address without the session that a server writes into its path: "/(S(kfz2…))/news" of ASP.NET without cookies, and
/// "/news;jsessionid=4F…" of Java.
pub(crate) fn without_session(url: &Url) -> Cow<'_, Url> {
    let path = url.path();
    if !path.contains([';', '(']) {
        return Cow::Borrowed(url);
    }
    let is_ticket =
        |segment: &str| segment.ends_with("))") && ["(S(", "(X(", "(A(", "(F("].iter().any(|t| segment.starts_with(t));
    let kept: Vec<&str> = path.split('/').filter(|segment| !is_ticket(segment)).map(without_java_session).collect();
    let kept = kept.join("/");
    if kept == path {
        return Cow::Borrowed(url);
    }
    let mut bare = url.clone();
    bare.set_path(&kept);
    Cow::Owned(bare)
}

fn without_java_session(segment: &str) -> &str {
    const MARK: &str = ";jsessionid=";
    let is_mark = |at: &usize| segment.get(*at..at + MARK.len()).is_some_and(|mark| mark.eq_ignore_ascii_case(MARK));
    let at = segment.match_indices(';').map(|(at, _)| at).find(is_mark);
    at.and_then(|at| segment.get(..at)).unwrap_or(segment)
}
