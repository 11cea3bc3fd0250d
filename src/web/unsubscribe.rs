//! Ending mail: a page with a button for people, and the one-click endpoint for mail programs (RFC 8058 §3.2); and taking
//! the end back.
//!
//! Link scanners follow every link of a mail, so GET shows and only POST acts. An end that is asked for twice is an end,
//! and so is that of somebody about whom nothing is held any more: both are told that it is done.
//!
//! A link in a mail that came before its reader moved ends what they moved, wherever it is by now: a mail program that says
//! "unsubscribed" is to be right. Where that was pressed by somebody else, who has the old mailbox, a last mail to the new
//! address says that it has ended; the new address is named to nobody.

use super::WebState;
use super::forms::Form;
use super::guard::HasPage;
use super::one_click::asks_to_end;
use super::people::{Refused, page, reader, refused, said, token};
use crate::domain::subscriber::{Ending, SubscriberId};
use crate::render::page::{Outcome, Standing, unsubscribe};
use crate::rules::token::{Purpose, Token};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// Where the page for people is, before the token; without a leading slash, for [`crate::domain::site::Site::link`].
pub const PAGE_PATH: &str = "unsubscribe/";

/// Where the endpoint for mail programs is, before the token.
pub const ONE_CLICK_PATH: &str = "one-click/";

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    let shown = async {
        let id = token(&state, &raw, Purpose::Unsubscribe)?.subscriber;
        let meant = state.desk.store().who_is_meant(&id).await?;
        let action = state.site.path(&format!("{PAGE_PATH}{raw}"));
        match reader(&state, &meant).await {
            Ok(_) if meant != id => Ok(page(StatusCode::OK, unsubscribe(&state.site, None, Standing::Elsewhere { action }))),
            Ok(reader) => {
                let standing = Standing::Subscribed { action };
                Ok(page(StatusCode::OK, unsubscribe(&state.site, Some(&reader.person.address), standing)))
            }
            Err(Refused::Nobody) => ended(&state, &id).await,
            Err(other) => Err(other),
        }
    };
    shown.await.unwrap_or_else(|why| refused(&state, why))
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

pub(super) async fn act(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    end(&state, &raw).await.unwrap_or_else(|why| refused(&state, why))
}

pub(super) async fn one_click(
    State(state): State<WebState>,
    Path(raw): Path<String>,
    request: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(why) = token(&state, &raw, Purpose::Unsubscribe) {
        return refused(&state, why);
    }
    let content_type = request.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !asks_to_end(content_type, &body) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    end(&state, &raw).await.unwrap_or_else(|why| refused(&state, why))
}

async fn end(state: &WebState, raw: &str) -> Result<Response, Refused> {
    let id = token(state, raw, Purpose::Unsubscribe)?.subscriber;
    let (store, now) = (state.desk.store(), state.desk.now());
    let meant = store.who_is_meant(&id).await?;
    if meant == id {
        store.end_subscriptions(&id, Ending::Unsubscribed, now).await?;
    } else {
        store.end_and_tell(&meant, Ending::Unsubscribed, now).await?;
    }
    ended(state, &id).await
}

/// That it is done, with a button that takes it back where that is possible.
pub(super) async fn ended(state: &WebState, id: &SubscriberId) -> Result<Response, Refused> {
    let meant = state.desk.store().who_is_meant(id).await?;
    let Some(person) = state.desk.store().person(&meant).await?.map(|row| row.value) else {
        return Ok(page(StatusCode::OK, unsubscribe(&state.site, None, Standing::Erased)));
    };
    let undo = person.suppressed.filter(|(why, _)| *why == Ending::Unsubscribed).and_then(|(_, at)| Purpose::Undo.expiry(at));
    let undo = undo.filter(|last| state.desk.now() <= *last).map(|last| {
        let token = Token { purpose: Purpose::Undo, subscriber: meant.clone(), expires: Some(last) };
        state.site.path(&format!("undo/{}", state.desk.links().sign(&token)))
    });
    if meant != *id {
        return Ok(page(StatusCode::OK, unsubscribe(&state.site, None, Standing::EndedElsewhere { undo })));
    }
    Ok(page(StatusCode::OK, unsubscribe(&state.site, Some(&person.address), Standing::Ended { undo })))
}

pub(super) async fn undo(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    let undone = async {
        let id = token(&state, &raw, Purpose::Undo)?.subscriber;
        // Undone already counts as undone.
        let is_undone = state.desk.store().undo_ending(&id, state.desk.now()).await? || reader(&state, &id).await.is_ok();
        let (status, what) = if is_undone { (StatusCode::OK, Outcome::Undone) } else { (StatusCode::GONE, Outcome::NotUndone) };
        Ok(said(&state, status, &what))
    };
    undone.await.unwrap_or_else(|why| refused(&state, why))
}
