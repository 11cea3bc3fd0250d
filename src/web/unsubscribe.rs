//! Ending mail: a page with a button for people, and the one-click endpoint for mail programs (RFC 8058 §3.2); and taking
//! the end back.
//!
//! Link scanners follow every link of a mail, so GET shows and only POST acts. An end that is asked for twice is an end,
//! and so is that of somebody about whom nothing is held any more: both are told that it is done.
//!
//! A link ends whatever the address gets that it was mailed to: a mail program that says "unsubscribed" is to be right. And where
//! what was mailed has moved since, it ends that, wherever it is by now. Where that was pressed by somebody else, who has the old
//! mailbox, a last mail to the new address says that it has ended and by what; the new address is named to nobody.

use super::WebState;
use super::forms::Form;
use super::guard::HasPage;
use super::one_click::asks_to_end;
use super::people::{Reader, Refused, page, reader, refused, said, token};
use crate::domain::subscriber::SubscriberId;
use crate::render::page::{Outcome, Standing, unsubscribe};
use crate::rules::token::{Purpose, Token, TokenFault};
use crate::store::records::Person;
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
        let Token { subscriber: id, life, .. } = token(&state, &raw, Purpose::Unsubscribe)?;
        let mut elsewhere = false;
        for other in state.desk.store().meant_elsewhere(&id, life).await? {
            elsewhere |= gets_mail(&state, &other).await?.is_some();
        }
        let action = state.site.path(&format!("{PAGE_PATH}{raw}"));
        match gets_mail(&state, &id).await? {
            Some(reader) => {
                let standing = Standing::Subscribed { action, elsewhere };
                Ok(page(StatusCode::OK, unsubscribe(&state.site, Some(&reader.person.address), standing)))
            }
            None if elsewhere => Ok(page(StatusCode::OK, unsubscribe(&state.site, None, Standing::Elsewhere { action }))),
            None => ended(&state, &id, life, false).await,
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
    let Token { subscriber: id, life, .. } = token(state, raw, Purpose::Unsubscribe)?;
    state.desk.store().end_by_link(&id, life, state.desk.now()).await?;
    ended(state, &id, life, false).await
}

/// The person, where anything is still sent to them.
async fn gets_mail(state: &WebState, id: &SubscriberId) -> Result<Option<Reader>, Refused> {
    match reader(state, id).await {
        Ok(reader) => Ok(Some(reader)),
        Err(Refused::Nobody) => Ok(None),
        Err(other) => Err(other),
    }
}

/// That it is done, with a button that takes back what ended last where that is possible. `life`: that of the link by which it was
/// done, where it says; `is_told`: whether one last mail is to say so.
pub(super) async fn ended(state: &WebState, id: &SubscriberId, life: Option<u32>, is_told: bool) -> Result<Response, Refused> {
    let store = state.desk.store();
    let person = store.person(id).await?.map(|row| row.value);
    let elsewhere = store.meant_elsewhere(id, life).await?;
    let mut last = person.as_ref().and_then(Person::undo_until);
    for other in &elsewhere {
        last = last.max(store.person(other).await?.and_then(|row| row.value.undo_until()));
    }
    let undo = last.filter(|last| state.desk.now() <= *last).map(|last| {
        let token = Token { purpose: Purpose::Undo, subscriber: id.clone(), expires: Some(last), life: None };
        state.site.path(&format!("undo/{}", state.desk.links().sign(&token)))
    });
    let elsewhere = !elsewhere.is_empty();
    // Whose address it is, unless nothing has ended there but what it had moved elsewhere.
    let own = person.filter(|person| !elsewhere || person.moved_to().is_none());
    let standing = match &own {
        Some(_) => Standing::Ended { undo, elsewhere, is_told },
        None if elsewhere => Standing::EndedElsewhere { undo },
        None => Standing::Erased,
    };
    Ok(page(StatusCode::OK, unsubscribe(&state.site, own.as_ref().map(|person| &person.address), standing)))
}

pub(super) async fn undo(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    let undone = async {
        let Token { subscriber: id, expires, .. } = match token(&state, &raw, Purpose::Undo) {
            // Not a link of a mail: a button on a page that has been open for a day.
            Err(Refused::Link(TokenFault::Expired)) => return Ok(said(&state, StatusCode::GONE, &Outcome::NotUndone)),
            read => read?,
        };
        let store = state.desk.store();
        let mut is_undone = store.undo_by_link(&id, expires.unwrap_or_default(), state.desk.now()).await?;
        // Undone already counts as undone.
        for one in std::iter::once(id.clone()).chain(store.meant_elsewhere(&id, None).await?) {
            is_undone = is_undone || gets_mail(&state, &one).await?.is_some();
        }
        let (status, what) = if is_undone { (StatusCode::OK, Outcome::Undone) } else { (StatusCode::GONE, Outcome::NotUndone) };
        Ok(said(&state, status, &what))
    };
    undone.await.unwrap_or_else(|why| refused(&state, why))
}
