//! One HTTP request over reqwest, within limits, told as a value or as one plain sentence.
//!
//! Absent here: redirects (who follows them asks robots.txt and the private-network rule again), proxies from the
//! environment (they would carry us round the address guard), cookies, retries. An answer is whole or it is an error: a body
//! that breaks off is never handed on as a short page, since a short page looks like notices withdrawn.

mod explain;

use crate::edge::address_guard::{self, GuardedResolver};
use crate::ports::{Fetch, FetchError, FetchRequest, Fetched};
use explain::explain;
use futures::future::BoxFuture;
use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, ETAG, FROM, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Client, ClientBuilder, Response, StatusCode, redirect};
use std::time::Duration;
use url::Url;

/// Longest wait for a connection; a slow page gets the rest of the time.
const CONNECT_TIMEOUT_MAX: Duration = Duration::from_secs(20);
/// Most header fields in an answer.
const HEADERS_MAX: usize = 100;
/// Most bytes of header names and values in an answer.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Pages first, then feeds in their three formats; anything rather than a 406.
const ACCEPTED: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, \
                        application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

/// How far one request may go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpLimits {
    /// From the first byte out to the last byte in.
    pub timeout: Duration,
    /// Largest body in bytes, after decompression.
    pub body_bytes_max: u64,
    /// Whether addresses outside the public internet may be fetched; true only for tests and intranets.
    pub allow_private_networks: bool,
    /// `User-Agent`; see [`user_agent`].
    pub user_agent: String,
    /// `From` (RFC 9110 §10.1.2): the mailbox of whoever answers for this client.
    pub from: Option<String>,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpSetupError {
    /// A header holds bytes that HTTP does not allow.
    #[error("the {0} header cannot be sent as it is configured")]
    Header(HeaderName),
    /// The HTTP library said no.
    #[error("the HTTP client could not be made")]
    Client(#[source] reqwest::Error),
}

/// `boardwatch/0.1 (+https://site; contact admin@example.org)`: who asks, where to read about it, whom to write to.
#[must_use]
pub fn user_agent(site: &Url, contact: &str) -> String {
    // A comment ends at a closing bracket and is ASCII without controls (RFC 9110 §5.6.5).
    let contact: String = contact.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '(' | ')' | '\\')).collect();
    let site = site.as_str().trim_end_matches('/').replace(['(', ')'], "");
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    format!("boardwatch/{version} (+{site}; contact {contact})")
}

/// Makes aws-lc-rs the process's TLS provider, where none is yet; any number of times.
pub fn install_tls_provider() {
    // An error means that another one is installed already, which is all we need.
    let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The HTTP client behind [`Fetch`].
#[derive(Clone, Debug)]
pub struct HttpFetch {
    client: Client,
    limits: HttpLimits,
    /// Whether this machine trusts any certificate authority.
    has_certificate_authorities: bool,
}

impl HttpFetch {
    /// A client with these limits. A machine without certificate authorities still gets one, for plain `http`.
    ///
    /// # Errors
    /// A header that cannot be sent, or a library that will not start.
    pub fn new(limits: HttpLimits) -> Result<Self, HttpSetupError> {
        install_tls_provider();
        let headers = standing_headers(&limits)?;
        let builder = || base_client(&limits, headers.clone());
        if let Ok(client) = builder().build() {
            return Ok(Self { client, limits, has_certificate_authorities: true });
        }
        let client = builder().tls_certs_only([]).build().map_err(HttpSetupError::Client)?;
        Ok(Self { client, limits, has_certificate_authorities: false })
    }

    async fn ask(&self, request: FetchRequest) -> Result<Fetched, FetchError> {
        address_guard::check_url(&request.url, self.limits.allow_private_networks)
            .map_err(|error| FetchError::Refused(error.to_string()))?;
        if request.url.scheme() == "https" && !self.has_certificate_authorities {
            let cause = "this machine trusts no certificate authority, so no https address can be read; install ca-certificates";
            return Err(FetchError::Network(cause.to_owned()));
        }
        let mut ask = self.client.get(request.url);
        for (name, value) in [(IF_NONE_MATCH, request.etag), (IF_MODIFIED_SINCE, request.last_modified)] {
            // One that cannot be sent costs a full answer, no more.
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                ask = ask.header(name, value);
            }
        }
        let response = ask.send().await.map_err(|error| explain(&error, self.limits.timeout))?;
        self.read(response).await
    }

    async fn read(&self, response: Response) -> Result<Fetched, FetchError> {
        let headers = response.headers();
        let header_bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if header_bytes > HEADER_BYTES_MAX {
            return Err(FetchError::Network(format!("the answer's headers are larger than {HEADER_BYTES_MAX} bytes")));
        }
        let fetched = Fetched {
            status: response.status().as_u16(),
            content_type: text_of(headers, &CONTENT_TYPE),
            etag: exact_text_of(headers, &ETAG),
            last_modified: exact_text_of(headers, &LAST_MODIFIED),
            location: text_of(headers, &LOCATION),
            retry_after: text_of(headers, &RETRY_AFTER),
            body: Vec::new(),
        };
        // Other bodies are never looked at; a broken one must not hide a 304 or a Retry-After.
        if !response.status().is_success() || response.status() == StatusCode::NO_CONTENT {
            return Ok(fetched);
        }
        Ok(Fetched { body: self.read_body(response).await?, ..fetched })
    }

    async fn read_body(&self, mut response: Response) -> Result<Vec<u8>, FetchError> {
        // gzip is undone and its header removed; whatever is named still was not asked for.
        if let Some(coding) = text_of(response.headers(), &CONTENT_ENCODING).filter(|coding| !is_identity(coding)) {
            return Err(FetchError::Network(format!("the body is in an encoding that was not asked for ({coding})")));
        }
        let too_large = || FetchError::TooLarge { bytes_max: self.limits.body_bytes_max };
        let fits = |bytes: u64| bytes <= self.limits.body_bytes_max;
        if response.content_length().is_some_and(|bytes| !fits(bytes)) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| explain(&error, self.limits.timeout))? {
            let size = u64::try_from(body.len().saturating_add(chunk.len())).unwrap_or(u64::MAX);
            if !fits(size) {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Fetch for HttpFetch {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(self.ask(request))
    }
}

fn standing_headers(limits: &HttpLimits) -> Result<HeaderMap, HttpSetupError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    let wanted = [(reqwest::header::USER_AGENT, Some(&limits.user_agent)), (FROM, limits.from.as_ref())];
    for (name, value) in wanted {
        if let Some(value) = value {
            let value = HeaderValue::from_str(value).map_err(|_| HttpSetupError::Header(name.clone()))?;
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn base_client(limits: &HttpLimits, headers: HeaderMap) -> ClientBuilder {
    Client::builder()
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .dns_resolver(GuardedResolver { allow_private_networks: limits.allow_private_networks })
        .connect_timeout(limits.timeout.min(CONNECT_TIMEOUT_MAX))
        // Between two reads the whole may pass: some councils take a minute to their first byte.
        .read_timeout(limits.timeout)
        .timeout(limits.timeout)
        .http1_max_headers(HEADERS_MAX)
        .http2_max_header_list_size(64 * 1024)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(1)
}

fn is_identity(coding: &str) -> bool {
    coding.trim().is_empty() || coding.trim().eq_ignore_ascii_case("identity")
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A validator is opaque: one that cannot be sent back byte for byte is none.
fn exact_text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> HttpLimits {
        HttpLimits {
            timeout: Duration::from_secs(5),
            body_bytes_max: 1000,
            allow_private_networks: false,
            user_agent: "boardwatch/0.1 (+https://site.example; contact admin@example.org)".to_owned(),
            from: None,
        }
    }

    #[test]
    fn the_user_agent_says_who_asks_and_whom_to_write_to() {
        let agent = user_agent(&Url::parse("https://watch.example/").unwrap(), "admin@example.org");
        assert_eq!(agent, "boardwatch/0.1 (+https://watch.example; contact admin@example.org)");
    }

    #[test]
    fn a_contact_cannot_break_the_user_agent() {
        let agent = user_agent(&Url::parse("https://watch.example/a(b)").unwrap(), "a)\r\nX: y\\é");
        assert_eq!(agent, "boardwatch/0.1 (+https://watch.example/ab; contact aX: y)");
        assert!(HttpFetch::new(HttpLimits { user_agent: agent, ..limits() }).is_ok());
    }

    #[test]
    fn a_header_with_a_line_end_is_refused_when_the_client_is_made() {
        let error = HttpFetch::new(HttpLimits { from: Some("a@b\r\nX: y".to_owned()), ..limits() }).unwrap_err();
        assert_eq!(error.to_string(), "the from header cannot be sent as it is configured");
    }

    #[test]
    fn a_client_can_be_made_twice() {
        assert!(HttpFetch::new(limits()).is_ok() && HttpFetch::new(limits()).is_ok());
    }
}
