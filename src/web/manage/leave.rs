//! Moving to another address, taking everything that is held, leaving, and being erased.

use super::{Said, known, shown};
use crate::domain::subscriber::Ending;
use crate::render::page::{Answer, Outcome, consent};
use crate::rules::signup::{Catalogue, Filled};
use crate::store::signups::Ask;
use crate::web::WebState;
use crate::web::forms::Form;
use crate::web::people::{Refused, acted, said, typed_address, within_limits};
use crate::web::unsubscribe::ended;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// The new address is asked; it takes the place of the old one when it says yes.
pub(in crate::web) async fn address(State(state): State<WebState>, Path(raw): Path<String>, form: Form) -> Response {
    let moved = async {
        let (id, reader) = known(&state, &raw).await?;
        let filled = Filled::read(&form.fields, &Catalogue::default()).map_err(|_| Refused::NotOurForm)?;
        let address = match typed_address(&state, &filled) {
            Ok(address) => address,
            Err(wrong) => {
                let mut now = Filled::of(&reader.choice, &Catalogue::of(&state.desk.sources()));
                now.address.clone_from(&filled.address);
                now.monthly = reader.person.monthly_since.is_some();
                return shown(&state, &raw, Said { filled: Some(&now), wrong: &[wrong], answer: None }).await;
            }
        };
        let per_day_max = within_limits(&state, form.client, &address).await?;
        let new = state.desk.identity(&address);
        if new != id {
            let choice = reader.choice.joined(&reader.listed);
            let monthly = reader.person.monthly_since.is_some();
            let ask = Ask { address: address.clone(), choice, monthly, wording: consent(&state.site), instead_of: Some(id) };
            state.desk.store().record_request(&new, &ask, per_day_max, state.desk.now()).await?;
        }
        Ok(said(&state, StatusCode::OK, &Outcome::CheckInbox(&address)))
    };
    acted(&state, moved.await)
}

/// Everything that is held about them, as a file.
pub(in crate::web) async fn download(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    let exported = async {
        let (id, _) = known(&state, &raw).await?;
        let held =
            state.desk.store().export(&id, &state.desk.mail_domain(), &state.desk.list_notes()).await?.ok_or(Refused::Nobody)?;
        let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")];
        Ok((headers, format!("{held:#}\n")).into_response())
    };
    acted(&state, exported.await)
}

/// The end, which can be undone for a day; with a last mail where they want one.
pub(in crate::web) async fn leave(State(state): State<WebState>, Path(raw): Path<String>, form: Form) -> Response {
    let left = async {
        let (id, reader) = known(&state, &raw).await?;
        let (store, now) = (state.desk.store(), state.desk.now());
        let is_told = if form.value("goodbye").is_some() {
            store.end_and_tell(&id, Ending::Unsubscribed, None, now).await?
        } else {
            store.end_subscriptions(&id, Ending::Unsubscribed, now).await?;
            false
        };
        ended(&state, &id, Some(reader.person.life), is_told).await
    };
    acted(&state, left.await)
}

/// The end of everything that is known of them.
pub(in crate::web) async fn erase(State(state): State<WebState>, Path(raw): Path<String>, form: Form) -> Response {
    let erased = async {
        let (id, _) = known(&state, &raw).await?;
        if form.value("sure").is_none() {
            return shown(&state, &raw, Said { answer: Some(Answer::NotSure), ..Said::default() }).await;
        }
        state.desk.store().erase(&id, Ending::Erased, state.desk.now()).await?;
        tracing::info!(subscriber.id = %id, "somebody had everything about them erased");
        Ok(said(&state, StatusCode::OK, &Outcome::Erased))
    };
    acted(&state, erased.await)
}
