//! The pages for everybody: front page, stylesheet, robots.txt, and a word for load balancers.

use super::WebState;
use super::representation::{Caching, Representation};
use crate::render::page;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

pub(super) async fn front(State(state): State<WebState>, request: HeaderMap) -> Response {
    match state.desk.overview().await {
        Ok(overview) => Representation {
            bytes: page::front(&state.site, &overview).into_bytes(),
            content_type: "text/html; charset=utf-8".to_owned(),
            modified: None,
            caching: Caching::AskAgain,
        }
        .answer(&request),
        Err(error) => {
            tracing::error!(%error, "the front page could not read the store");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
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

/// Links that act are kept from crawlers; everything else is for them too.
pub(super) async fn robots(request: HeaderMap) -> Response {
    Representation {
        bytes: b"User-agent: *\nDisallow: /unsubscribe/\nDisallow: /one-click/\n".to_vec(),
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
