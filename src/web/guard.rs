//! What holds for every answer: security headers (OWASP ASVS 5.0 §3.4), bounds on time and size, and plain error pages.

use super::WebState;
use crate::domain::site::Site;
use crate::render::page;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// Largest request body: a one-click form has under 200 bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Largest sum of a request's headers: no browser sends a quarter of it to a site that sets no cookies.
const HEADERS_BYTES_MAX: usize = 16 * 1024;

/// For one answer, with reading the request's body.
const ANSWER_TIME: Duration = Duration::from_secs(10);

/// Nothing but our own stylesheet, icon and forms.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Two years, RFC 6797.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// Bounds around all routes, from the innermost: body size, time, panics, headers; then error pages and headers for all of them.
pub(super) fn guarded(router: Router<WebState>, state: &WebState) -> Router<WebState> {
    router
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_TIME))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(within_headers))
        .layer(middleware::from_fn_with_state(Arc::clone(&state.site), finish))
}

async fn within_headers(request: Request, next: Next) -> Response {
    let bytes: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > HEADERS_BYTES_MAX {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    next.run(request).await
}

/// Marks a refusal that has a page of its own.
#[derive(Clone, Copy)]
pub(super) struct HasPage;

async fn finish(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if refused && response.extensions().get::<HasPage>().is_none() {
        response = problem(&site, response);
    }
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if site.url.scheme() == "https" {
        set(STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    response
}

/// A refusal as a page; what the refusal said in its headers (`Allow`, RFC 9110 §15.5.6) stays, its body does not.
fn problem(site: &Site, refusal: Response) -> Response {
    let (refused, _) = refusal.into_parts();
    let page = Html(page::problem(site, refused.status.as_u16()));
    let mut response = (refused.status, [(CACHE_CONTROL, "no-store")], page).into_response();
    for (name, value) in &refused.headers {
        if [ALLOW, RETRY_AFTER].contains(name) || name == "x-robots-tag" {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// A token in the path: kept out of caches and search engines.
pub(super) async fn keep_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
