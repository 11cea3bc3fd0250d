//! Forms as browsers send them: names and values in order, from our own pages, of a bounded size.

use super::WebState;
use super::client::Peer;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

/// What a form sent, and from where.
pub(super) struct Form {
    pub(super) fields: Vec<(String, String)>,
    /// Whose request it is, as far as can be known; `None` where the connection does not say.
    pub(super) client: Option<IpAddr>,
}

impl Form {
    /// The value of a field; the first where there are several.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<WebState> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        if is_from_elsewhere(&parts.headers, state.site.url.origin().ascii_serialization().as_str()) {
            return Err(StatusCode::FORBIDDEN.into_response());
        }
        let peer = ConnectInfo::<Peer>::from_request_parts(&mut parts, state).await.ok().map(|ConnectInfo(peer)| peer);
        let client = peer.map(|peer| peer.client(&parts.headers, &state.trusted_proxies));
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let kind = kind.split(';').next().unwrap_or_default().trim();
        // A form without fields may come without a type.
        let is_form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || (kind.is_empty() && body.is_empty());
        if !is_form {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let fields = url::form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Ok(Self { fields, client })
    }
}

/// Whether a browser says that the form was on another site: then its user was tricked. Who says nothing is no browser, or
/// an old one, which sends `Origin: null` because our pages have it send no referrer.
fn is_from_elsewhere(headers: &HeaderMap, own_origin: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return site == "cross-site";
    }
    let Some(origin) = header(ORIGIN.as_str()).filter(|origin| *origin != "null") else { return false };
    let named = origin.split_once("://").map_or(origin, |(_, host)| host);
    origin != own_origin && header(HOST.as_str()) != Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_on_another_site_is_told_from_ours() {
        let check = |headers: &[(&'static str, &str)], expect: bool| {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            assert_eq!(is_from_elsewhere(&headers, "https://boards.example.org"), expect, "{headers:?}");
        };
        check(&[], false);
        check(&[("sec-fetch-site", "same-origin"), ("origin", "null")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://boards.example.org")], true);
        check(&[("origin", "null")], false);
        check(&[("origin", "https://boards.example.org"), ("host", "10.0.0.1:8080")], false);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], false);
        check(&[("origin", "https://evil.example.com"), ("host", "boards.example.org")], true);
    }
}
