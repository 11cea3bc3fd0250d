//! Ending mail: a page with a button for people, and the one-click endpoint for mail programs (RFC 8058 §3.2).
//!
//! Link scanners follow every link of a mail, so GET shows and only POST acts. An end that is asked for twice is an end,
//! and so is that of somebody about whom nothing is held any more: both are told that it is done.

use super::WebState;
use super::desk::Subscription;
use super::guard::HasPage;
use super::one_click::asks_to_end;
use crate::domain::subscriber::Ending;
use crate::render::page::{self, Standing};
use crate::rules::token::{Purpose, Token, TokenFault};
use crate::store::StoreError;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// Where the page for people is, before the token; without a leading slash, for [`crate::domain::site::Site::link`].
pub const PAGE_PATH: &str = "unsubscribe/";

/// Where the endpoint for mail programs is, before the token.
pub const ONE_CLICK_PATH: &str = "one-click/";

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    match read(&state, &raw) {
        Ok(token) => page_for(&state, token, &raw).await,
        Err(fault) => refused(fault).into_response(),
    }
}

/// The one-click endpoint takes POST alone. Mail programs without one-click open it in a browser all the same, so the
/// refusal is the page with the button.
pub(super) async fn not_by_get(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    let page = show(State(state), Path(raw)).await;
    if page.status() != StatusCode::OK {
        return page;
    }
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], Extension(HasPage), page).into_response()
}

fn read(state: &WebState, raw: &str) -> Result<Token, TokenFault> {
    state.desk.links().read(raw, Purpose::Unsubscribe, state.desk.now())
}

/// The status for a link that does not do what is asked of it.
fn refused(fault: TokenFault) -> StatusCode {
    match fault {
        TokenFault::Altered => StatusCode::BAD_REQUEST,
        TokenFault::OtherPurpose => StatusCode::FORBIDDEN,
        TokenFault::Expired => StatusCode::GONE,
    }
}

async fn page_for(state: &WebState, token: Token, raw: &str) -> Response {
    match state.desk.subscription(token.subscriber).await {
        Ok(found) => {
            let gets_mail = found.as_ref().is_some_and(|s| s.ended.is_none());
            let standing = if gets_mail { Standing::Subscribed } else { Standing::Ended };
            answer(state, raw, found.as_ref(), standing)
        }
        Err(error) => failed(&error),
    }
}

fn answer(state: &WebState, raw: &str, found: Option<&Subscription>, standing: Standing) -> Response {
    // Relative, so that it works behind a proxy that adds a prefix, and from both addresses.
    let action = format!("../{PAGE_PATH}{raw}");
    Html(page::unsubscribe(&state.site, &action, found.map(|s| &s.address), standing)).into_response()
}

pub(super) async fn act(State(state): State<WebState>, Path(raw): Path<String>, request: HeaderMap) -> Response {
    let token = match read(&state, &raw) {
        Ok(token) => token,
        Err(fault) => return refused(fault).into_response(),
    };
    // A browser that says the form was on another site has been tricked; who says nothing is no browser.
    if request.get("sec-fetch-site").is_some_and(|from| from == "cross-site") {
        return StatusCode::FORBIDDEN.into_response();
    }
    end(&state, token, &raw).await
}

pub(super) async fn one_click(
    State(state): State<WebState>,
    Path(raw): Path<String>,
    request: HeaderMap,
    body: Bytes,
) -> Response {
    let token = match read(&state, &raw) {
        Ok(token) => token,
        Err(fault) => return refused(fault).into_response(),
    };
    let content_type = request.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !asks_to_end(content_type, &body) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    end(&state, token, &raw).await
}

async fn end(state: &WebState, token: Token, raw: &str) -> Response {
    let ended = async {
        let found = state.desk.subscription(token.subscriber.clone()).await?;
        state.desk.end_all(token.subscriber, Ending::Unsubscribed).await?;
        Ok::<_, StoreError>(found)
    };
    match ended.await {
        Ok(found) => answer(state, raw, found.as_ref(), Standing::Ended),
        Err(error) => failed(&error),
    }
}

fn failed(error: &StoreError) -> Response {
    tracing::error!(%error, "the store could not be asked about a subscription");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
