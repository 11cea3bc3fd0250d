//! Saying yes to what was asked for: GET shows it, beside what they get already, and POST says yes. A second yes is the first.
//! A yes is to what was shown: where something else is asked by then, that is shown.

use super::WebState;
use super::forms::Form;
use super::people::{Reader, Refused, acted, page, reader, refused, said, token};
use crate::domain::choice::Choice;
use crate::domain::subscriber::SubscriberId;
use crate::render::page::{Outcome, Question, question};
use crate::render::wants::{changes_in_lines, in_lines};
use crate::rules::token::Purpose;
use crate::store::records::{Request, RequestedChoice};
use crate::store::signups::Yes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

/// Before the moment of the request that a page with the button shows, in what the button posts to.
const ASKED: &str = "asked=";

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    match ask(&state, &raw).await {
        Ok(response) => response,
        Err(why) => refused(&state, why),
    }
}

pub(super) async fn act(
    State(state): State<WebState>,
    Path(raw): Path<String>,
    RawQuery(query): RawQuery,
    _form: Form,
) -> Response {
    let shown = query.as_deref().and_then(|query| query.strip_prefix(ASKED)?.parse().ok());
    acted(&state, say_yes(&state, &raw, shown).await)
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
    let (Some(address), Some(requested)) = (&request.value.address, store.requested_choice(&id, until).await?) else {
        return Ok(said(state, StatusCode::GONE, &Outcome::RequestGone));
    };
    let Some(Meant { asks, gets, is_change }) = meant(state, &id, &request.value, &requested.value).await? else {
        return Ok(said(state, StatusCode::GONE, &Outcome::RequestGone));
    };
    let is_move = request.value.instead_of.is_some();
    let pause = store.pause_of_a_yes(&id, request.value.instead_of.as_ref(), state.desk.now()).await?;
    let action = state.site.path(&format!("confirm/{raw}?{ASKED}{}", request.value.asked.timestamp_millis()));
    Ok(page(StatusCode::OK, question(&state.site, Question::Confirm { asks, is_change, gets, is_move, pause }, address, &action)))
}

/// What a request means for what its address gets, in words.
struct Meant {
    /// What a yes brings, a line each: what comes at another rhythm first.
    asks: Vec<String>,
    /// What goes on beside it.
    gets: Vec<String>,
    /// Whether something comes at another rhythm.
    is_change: bool,
}

/// `None`: they have left, moved elsewhere or been erased since, and nothing is to move any more.
async fn meant(
    state: &WebState,
    id: &SubscriberId,
    request: &Request,
    requested: &RequestedChoice,
) -> Result<Option<Meant>, Refused> {
    let sources = state.desk.sources();
    let is_move = request.instead_of.is_some();
    let (asked, asked_monthly) = if let Some(before) = &request.instead_of {
        match reader(state, before).await {
            Ok(reader) => all_of(reader),
            Err(Refused::Nobody) => return Ok(None),
            Err(other) => return Err(other),
        }
    } else {
        (requested.choice.clone(), requested.monthly)
    };
    let (own, listed, got_monthly) = match reader(state, id).await {
        Ok(reader) => (reader.choice, reader.listed, reader.person.monthly_since.is_some()),
        Err(Refused::Nobody) => (Choice::default(), Choice::default(), false),
        Err(other) => return Err(other),
    };
    let adds_nothing = is_move && own.clone().joined(&listed).covers(&asked) && (got_monthly || !asked_monthly);
    let amendment = own.amended_by(&asked);
    let gets = in_lines(&state.site, &amendment.kept.joined(&listed), got_monthly, &sources);
    let mut asks = changes_in_lines(&state.site, &amendment.changes, &sources);
    if !adds_nothing {
        asks.extend(in_lines(&state.site, &amendment.added, asked_monthly, &sources));
    }
    Ok(Some(Meant { asks, gets, is_change: !amendment.changes.is_empty() }))
}

/// What a yes to this request changes, in words; nothing where it only begins something.
async fn change(state: &WebState, id: &SubscriberId, until: DateTime<Utc>, request: &Request) -> Result<Vec<String>, Refused> {
    let Some(requested) = state.desk.store().requested_choice(id, until).await? else { return Ok(Vec::new()) };
    let meant = meant(state, id, request, &requested.value).await?;
    Ok(meant.filter(|meant| meant.is_change).map(|meant| meant.asks).unwrap_or_default())
}

/// All that somebody gets, and whether word of months without news.
fn all_of(reader: Reader) -> (Choice, bool) {
    (reader.choice.joined(&reader.listed), reader.person.monthly_since.is_some())
}

/// `shown`: the moment of the request that was shown, in milliseconds.
async fn say_yes(state: &WebState, raw: &str, shown: Option<i64>) -> Result<Response, Refused> {
    let (id, until) = named(state, raw)?;
    let now = state.desk.now();
    let asked = state.desk.store().request(&id, until).await?.filter(|row| row.value.confirmed.is_none());
    let instead_of = asked.as_ref().and_then(|row| row.value.instead_of.clone());
    if asked.as_ref().zip(shown).is_some_and(|(row, shown)| row.value.asked.timestamp_millis() != shown) {
        return ask(state, raw).await;
    }
    let pause = state.desk.store().pause_of_a_yes(&id, instead_of.as_ref(), now).await?;
    // Afterwards nobody could say what it was before.
    let changed = match &asked {
        Some(row) => change(state, &id, until, &row.value).await?,
        None => Vec::new(),
    };
    match state.desk.store().record_yes(&id, until, now).await? {
        Yes::Begins => {
            tracing::info!(subscriber.id = %id, "somebody subscribed");
            let manage = state.site.path(&format!("manage/{}", state.desk.links().link(Purpose::Manage, &id, now)));
            Ok(said(state, StatusCode::OK, &Outcome::Confirmed { manage, changed, pause }))
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
