//! The pages of those who get mail, or want to, and what these pages share: links that are read, and answers that say what
//! became of a request.

use super::limits::Allowed;
use super::{WebState, back, confirm, guard, manage, signup, unsubscribe};
use crate::domain::choice::Choice;
use crate::domain::subscriber::{Address, SubscriberId};
use crate::render::page::{Offer, Outcome, outcome};
use crate::rules::estimate::Past;
use crate::rules::mailbox::{mailbox, organisation};
use crate::rules::signup::{Catalogue, Filled, Wrong};
use crate::rules::token::{Purpose, Token, TokenFault};
use crate::store::StoreError;
use crate::store::records::{Person, Subscription};
use crate::store::subscriptions::{FILE_ORIGIN, active};
use axum::Extension;
use axum::Router;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use std::net::IpAddr;
use std::sync::Arc;

/// All of them. None is cached or indexed: most have a token in their path.
pub(super) fn pages() -> Router<WebState> {
    Router::new()
        .route("/subscribe", get(signup::show).post(signup::act))
        .route("/confirm/{token}", get(confirm::show).post(confirm::act))
        .route("/unsubscribe/{token}", get(unsubscribe::show).post(unsubscribe::act))
        .route("/back/{token}", get(back::show).post(back::act))
        .route("/undo/{token}", post(unsubscribe::undo))
        .route("/one-click/{token}", post(unsubscribe::one_click).get(unsubscribe::not_by_get))
        .route("/manage", get(manage::ask::show).post(manage::ask::act))
        .route("/manage/{token}", get(manage::show))
        .route("/manage/{token}/choice", post(manage::choice))
        .route("/manage/{token}/pause", post(manage::pause))
        .route("/manage/{token}/go-on", post(manage::go_on))
        .route("/manage/{token}/mute/{source}/{item}", get(manage::mute::show).post(manage::mute::act))
        .route("/manage/{token}/unmute/{item}", post(manage::mute::end))
        .route("/manage/{token}/address", post(manage::leave::address))
        .route("/manage/{token}/download", post(manage::leave::download))
        .route("/manage/{token}/leave", post(manage::leave::leave))
        .route("/manage/{token}/erase", post(manage::leave::erase))
        .route("/privacy", get(privacy))
        .route("/accessibility", get(accessibility))
        .layer(middleware::map_response(guard::keep_private))
}

/// What happens with people's data.
async fn privacy(State(state): State<WebState>) -> Response {
    said(&state, StatusCode::OK, &Outcome::Privacy)
}

/// Who can use the pages and mails.
async fn accessibility(State(state): State<WebState>) -> Response {
    said(&state, StatusCode::OK, &Outcome::Accessibility)
}

/// Why a request comes to nothing, as the answer to it.
pub(super) enum Refused {
    /// The link does not do what is asked of it.
    Link(TokenFault),
    /// They get nothing that could be changed.
    Nobody,
    /// There were too many before it.
    TooMany(StatusCode, Outcome<'static>),
    /// It is no answer to our form.
    NotOurForm,
    /// The store could not.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A refusal as its page.
pub(super) fn refused(state: &WebState, refused: Refused) -> Response {
    match refused {
        Refused::Link(fault) => {
            let status = match fault {
                TokenFault::Altered => StatusCode::BAD_REQUEST,
                TokenFault::OtherPurpose => StatusCode::FORBIDDEN,
                TokenFault::Expired => StatusCode::GONE,
            };
            said(state, status, &Outcome::Link(fault))
        }
        Refused::Nobody => said(state, StatusCode::GONE, &Outcome::Nobody),
        Refused::TooMany(status, what) => {
            let mut response = said(state, status, &what);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("3600"));
            response
        }
        Refused::NotOurForm => StatusCode::BAD_REQUEST.into_response(),
        Refused::Store(error) => {
            tracing::error!(%error, "the store could not be asked about a person");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The answer to a button on a page that somebody got to by a link.
pub(super) fn acted(state: &WebState, done: Result<Response, Refused>) -> Response {
    match done {
        Ok(response) => response,
        // The page was open while its link became too old.
        Err(Refused::Link(TokenFault::Expired)) => said(state, StatusCode::GONE, &Outcome::PageTooOld),
        Err(why) => refused(state, why),
    }
}

/// A short page with this status.
pub(super) fn said(state: &WebState, status: StatusCode, what: &Outcome<'_>) -> Response {
    page(status, outcome(&state.site, what))
}

/// A page with this status that is its own, whatever the status.
pub(super) fn page(status: StatusCode, html: String) -> Response {
    (status, Extension(guard::HasPage), Html(html)).into_response()
}

/// The token behind a link, for `purpose`.
pub(super) fn token(state: &WebState, raw: &str, purpose: Purpose) -> Result<Token, Refused> {
    state.desk.links().read(raw, purpose, state.desk.now()).map_err(Refused::Link)
}

/// The address that was typed into a form, unless it is one of ours: those who write to us by mistake are not to be mailed
/// for it, nor we ourselves.
pub(super) fn typed_address(state: &WebState, filled: &Filled) -> Result<Address, Wrong> {
    let address = filled.address()?;
    let is_ours = state.desk.own_mailboxes().iter().any(|own| mailbox(own) == mailbox(&address));
    if is_ours { Err(Wrong::AddressOurs) } else { Ok(address) }
}

/// Refuses what is too much from one network, for one organisation's addresses, or from everywhere. Answers how many mails the
/// address may have had today for another one to be sent.
pub(super) async fn within_limits(state: &WebState, client: Option<IpAddr>, address: &Address) -> Result<usize, Refused> {
    let subscribers = state.desk.subscribers_at(&organisation(address)).await?;
    match state.limits.take(client, address, subscribers, state.desk.now()) {
        Allowed::Yes => Ok(state.desk.signup().per_address_day as usize),
        Allowed::Unmailed => Ok(0),
        Allowed::TooManyThere => Err(Refused::TooMany(StatusCode::TOO_MANY_REQUESTS, Outcome::TooManyThere)),
        Allowed::TooManyHere => Err(Refused::TooMany(StatusCode::TOO_MANY_REQUESTS, Outcome::TooManyHere)),
        Allowed::TooManyEverywhere => Err(Refused::TooMany(StatusCode::SERVICE_UNAVAILABLE, Outcome::TooManyEverywhere)),
    }
}

/// What forms of choices are made from.
pub(super) struct Ground {
    pub(super) catalogue: Catalogue,
    past: Arc<Vec<Past>>,
}

impl Ground {
    pub(super) async fn of(state: &WebState) -> Result<Self, Refused> {
        Ok(Self { catalogue: Catalogue::of(&state.desk.sources()), past: state.desk.past().await? })
    }

    pub(super) fn offer(&self) -> Offer<'_> {
        Offer { catalogue: &self.catalogue, past: &self.past }
    }
}

/// Somebody who gets mail.
pub(super) struct Reader {
    pub(super) person: Person,
    /// By their own hand, or an admin's.
    pub(super) choice: Choice,
    /// From list files.
    pub(super) listed: Choice,
}

/// The person, where anything is still sent to them; paused counts.
pub(super) async fn reader(state: &WebState, id: &SubscriberId) -> Result<Reader, Refused> {
    let store = state.desk.store();
    let person = store.person(id).await?.ok_or(Refused::Nobody)?.value;
    let rows = active(&person, store.subscriptions(id).await?);
    if rows.is_empty() {
        return Err(Refused::Nobody);
    }
    let of = |is_listed: bool| -> Choice {
        let rows = rows.iter().filter(|row: &&Subscription| row.origin.starts_with(FILE_ORIGIN) == is_listed);
        rows.map(|row| (row.cadence, row.interests.clone())).collect()
    };
    let (choice, listed) = (of(false), of(true));
    Ok(Reader { person, choice, listed })
}
