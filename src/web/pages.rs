//! The pages for everybody: front page, status, stylesheet, robots.txt, and a word for load balancers.

use super::WebState;
use super::library::LibraryError;
use super::representation::{Caching, Representation};
use crate::render::page;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

pub(super) async fn front(State(state): State<WebState>, request: HeaderMap) -> Response {
    match state.library.overview().await {
        Ok(overview) => document(page::front(&state.site, &overview), &request),
        Err(error) => unreadable(&error),
    }
}

pub(super) async fn status(State(state): State<WebState>, request: HeaderMap) -> Response {
    match state.library.overview().await {
        Ok(overview) => document(page::status(&state.site, &overview), &request),
        Err(error) => unreadable(&error),
    }
}

/// A page for everybody: asked for again each time, and sent again only where it has changed.
pub(super) fn document(page: String, request: &HeaderMap) -> Response {
    Representation {
        bytes: page.into_bytes(),
        content_type: "text/html; charset=utf-8".to_owned(),
        modified: None,
        caching: Caching::AskAgain,
    }
    .answer(request)
}

/// What is known could not be read: logged here, and to the visitor our fault.
pub(super) fn unreadable(error: &LibraryError) -> Response {
    tracing::error!(%error, "a page could not be made");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

pub(super) async fn style(request: HeaderMap) -> Response {
    Representation {
        bytes: page::STYLE.as_bytes().to_vec(),
        content_type: "text/css; charset=utf-8".to_owned(),
        modified: None,
        caching: Caching::Minutes,
    }
    .answer(&request)
}

/// The icon that a browser puts beside the page's title.
pub(super) async fn icon(request: HeaderMap) -> Response {
    picture(page::ICON, "image/svg+xml", &request)
}

/// The same for what asks without having read a page, and for what reads no SVG.
pub(super) async fn icon_for_old_programs(request: HeaderMap) -> Response {
    picture(page::ICON_BITS, "image/x-icon", &request)
}

fn picture(bytes: &[u8], content_type: &str, request: &HeaderMap) -> Response {
    Representation { bytes: bytes.to_vec(), content_type: content_type.to_owned(), modified: None, caching: Caching::Week }
        .answer(request)
}

/// Links that act are kept from crawlers; everything else is for them too.
pub(super) async fn robots(request: HeaderMap) -> Response {
    Representation {
        bytes: b"User-agent: *\nDisallow: /unsubscribe/\nDisallow: /one-click/\nDisallow: /confirm/\nDisallow: /manage/\nDisallow: /undo/\n".to_vec(),
        content_type: "text/plain; charset=utf-8".to_owned(),
        modified: None,
        caching: Caching::Minutes,
    }
    .answer(&request)
}

/// Whether this process answers.
pub(super) async fn health() -> impl IntoResponse {
    ([("cache-control", "no-store")], "ok\n")
}
