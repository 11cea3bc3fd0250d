//! One thing that can be asked for again: validators, 304 and compression (RFC 9110 §8.8, §12.5.3, §13).
//!
//! The entity tag is a hash of the bytes, so it survives restarts and moves; the compressed form has one of its own,
//! because a strong tag names octets (§8.8.3).

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// Below this, a compressed answer would be hardly smaller, in bytes.
const COMPRESS_BYTES_MIN: usize = 512;

/// How long a copy may be used without asking again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Caching {
    /// Five minutes: feeds and the stylesheet.
    Minutes,
    /// A week: the icon.
    Week,
    /// Not at all without asking: pages whose content moves.
    AskAgain,
}

pub(super) struct Representation {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: String,
    /// When the bytes last changed, where that is known.
    pub(super) modified: Option<SystemTime>,
    pub(super) caching: Caching,
}

impl Representation {
    /// 200 with the bytes, or 304 where the asker has them.
    pub(super) fn answer(self, request: &HeaderMap) -> Response {
        let compressed = self.bytes.len() >= COMPRESS_BYTES_MIN && takes_gzip(request);
        let hash = blake3::hash(&self.bytes).to_hex();
        let tag = if compressed { format!("\"{hash}-gzip\"") } else { format!("\"{hash}\"") };
        let modified = self.modified.map(httpdate::fmt_http_date);
        let unchanged = unchanged(request, &tag, self.modified);

        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(ETAG, &tag);
        set(VARY, "accept-encoding");
        set(
            CACHE_CONTROL,
            match self.caching {
                Caching::Minutes => "max-age=300",
                Caching::Week => "max-age=604800",
                Caching::AskAgain => "no-cache",
            },
        );
        if let Some(modified) = modified {
            set(LAST_MODIFIED, &modified);
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        set(CONTENT_TYPE, &self.content_type);
        let bytes = match compressed.then(|| gzip(&self.bytes)).flatten() {
            Some(smaller) => {
                set(CONTENT_ENCODING, "gzip");
                smaller
            }
            None => self.bytes,
        };
        // Said here rather than by the server, so that HEAD has it too.
        set(CONTENT_LENGTH, &bytes.len().to_string());
        *response.body_mut() = Body::from(bytes);
        response
    }
}

/// Without name or time in its header: the same bytes in give the same bytes out.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// RFC 9110 §12.5.3: `gzip` or `*`, with a weight that is not zero.
fn takes_gzip(request: &HeaderMap) -> bool {
    let weight = |coding: &str| {
        let values = request.get_all(ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
        values.flat_map(|v| v.split(',')).find_map(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let q = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding).then_some(q.unwrap_or(0.0))
        })
    };
    weight("gzip").or_else(|| weight("*")).is_some_and(|q| q > 0.0)
}

/// RFC 9110 §13.2.2: `If-None-Match` decides alone where it is there; dates are compared to the second.
fn unchanged(request: &HeaderMap, tag: &str, modified: Option<SystemTime>) -> bool {
    let seconds = |at: SystemTime| at.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    if request.contains_key(IF_NONE_MATCH) {
        let tags = request.get_all(IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
        return tags.map(str::trim).any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag);
    }
    let since = request.get(IF_MODIFIED_SINCE).and_then(|v| v.to_str().ok()).and_then(|v| httpdate::parse_http_date(v).ok());
    matches!((since, modified), (Some(since), Some(modified)) if seconds(modified) <= seconds(since))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let check = |value: &str, expect: bool| assert_eq!(takes_gzip(&headers(&[(ACCEPT_ENCODING, value)])), expect, "{value}");
        check("gzip", true);
        check("br, GZIP;q=0.5", true);
        check("*", true);
        check("gzip;q=0, *", false);
        check("gzip; q=0.0", false);
        check("identity", false);
        check("", false);
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn the_tag_wins_over_the_date() {
        let modified = httpdate::parse_http_date("Sat, 21 Nov 2026 08:00:00 GMT").unwrap();
        let check = |pairs: &[(HeaderName, &str)], expect: bool| {
            assert_eq!(unchanged(&headers(pairs), "\"a\"", Some(modified)), expect, "{pairs:?}");
        };
        check(&[], false);
        check(&[(IF_NONE_MATCH, "\"a\"")], true);
        check(&[(IF_NONE_MATCH, "\"b\", W/\"a\"")], true);
        check(&[(IF_NONE_MATCH, "*")], true);
        check(&[(IF_MODIFIED_SINCE, "Sat, 21 Nov 2026 08:00:00 GMT")], true);
        check(&[(IF_MODIFIED_SINCE, "Sat, 21 Nov 2026 07:59:59 GMT")], false);
        check(&[(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, "Sat, 21 Nov 2026 08:00:00 GMT")], false);
        check(&[(IF_MODIFIED_SINCE, "yesterday")], false);
    }
}
