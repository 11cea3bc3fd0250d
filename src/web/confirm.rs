//! Saying yes to what was asked for: GET shows it, POST says yes. A second yes is the first.

use super::WebState;
use super::forms::Form;
use super::people::{Refused, page, reader, refused, said, token};
use crate::domain::subscriber::SubscriberId;
use crate::render::page::{Outcome, Question, question};
use crate::render::wants::{monthly, often, wants};
use crate::rules::token::Purpose;
use crate::store::signups::Yes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    match ask(&state, &raw).await {
        Ok(response) => response,
        Err(why) => refused(&state, why),
    }
}

pub(super) async fn act(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    match say_yes(&state, &raw).await {
        Ok(response) => response,
        Err(why) => refused(&state, why),
    }
}

/// Whose request a link is about, and until when.
fn named(state: &WebState, raw: &str) -> Result<(SubscriberId, DateTime<Utc>), Refused> {
    let token = token(state, raw, Purpose::Confirm)?;
    Ok((token.subscriber, token.expires.unwrap_or_default()))
}

async fn ask(state: &WebState, raw: &str) -> Result<Response, Refused> {
    let (id, until) = named(state, raw)?;
    let store = state.desk.store();
    let Some(request) = store.request(&id, until).await? else {
        return Ok(said(state, StatusCode::GONE, &Outcome::RequestGone));
    };
    if request.value.confirmed.is_some() {
        return said_before(state, &id).await;
    }
    let (Some(address), Some(requested)) = (request.value.address, store.requested_choice(&id, until).await?) else {
        return Ok(said(state, StatusCode::GONE, &Outcome::RequestGone));
    };
    let sources = state.desk.sources();
    let lines = requested.value.choice.iter().flat_map(|(cadence, interests)| {
        wants(&state.site, interests, &sources).into_iter().map(move |what| format!("{what}, {}", often(&state.site, cadence)))
    });
    let lines = lines.chain(requested.value.monthly.then(|| monthly(&state.site).to_owned()));
    let lines = if request.value.instead_of.is_some() { Vec::new() } else { lines.collect() };
    let action = state.site.path(&format!("confirm/{raw}"));
    Ok(page(StatusCode::OK, question(&state.site, Question::Confirm(lines), &address, &action)))
}

async fn say_yes(state: &WebState, raw: &str) -> Result<Response, Refused> {
    let (id, until) = named(state, raw)?;
    let now = state.desk.now();
    match state.desk.store().record_yes(&id, until, now).await? {
        Yes::Begins => {
            tracing::info!(subscriber.id = %id, "somebody subscribed");
            let manage = state.site.path(&format!("manage/{}", state.desk.links().link(Purpose::Manage, &id, now)));
            Ok(said(state, StatusCode::OK, &Outcome::Confirmed { manage }))
        }
        Yes::Again => said_before(state, &id).await,
        Yes::Unknown => Ok(said(state, StatusCode::GONE, &Outcome::RequestGone)),
    }
}

async fn said_before(state: &WebState, id: &SubscriberId) -> Result<Response, Refused> {
    match reader(state, id).await {
        Ok(_) => Ok(said(state, StatusCode::OK, &Outcome::ConfirmedBefore)),
        Err(Refused::Nobody) => Ok(said(state, StatusCode::GONE, &Outcome::ConfirmedAndLeft)),
        Err(other) => Err(other),
    }
}
