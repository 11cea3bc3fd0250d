//! Signing up: a form, and one answer for everybody, whatever is known of the address.

use super::WebState;
use super::forms::Form;
use super::people::{Ground, Refused, page, refused, said, typed_address, within_limits};
use crate::domain::choice::Choice;
use crate::domain::subscriber::Address;
use crate::render::page::{Outcome, consent, sign_up};
use crate::rules::signup::Filled;
use crate::store::signups::Ask;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) async fn show(State(state): State<WebState>) -> Response {
    match Ground::of(&state).await {
        Ok(ground) => page(StatusCode::OK, sign_up(&state.site, &ground.offer(), &Filled::default(), &[], None)),
        Err(why) => refused(&state, why),
    }
}

pub(super) async fn act(State(state): State<WebState>, form: Form) -> Response {
    match answer(&state, &form).await {
        Ok(response) => response,
        Err(why) => refused(&state, why),
    }
}

async fn answer(state: &WebState, form: &Form) -> Result<Response, Refused> {
    let ground = Ground::of(state).await?;
    let filled = Filled::read(&form.fields, &ground.catalogue).map_err(|_| Refused::NotOurForm)?;
    let choice = filled.choice(&ground.catalogue);
    let again = |status, wrong: &[_], choice: Option<&Choice>| {
        page(status, sign_up(&state.site, &ground.offer(), &filled, wrong, choice))
    };
    if form.value("do") == Some("estimate") {
        return Ok(match &choice {
            Ok(choice) => again(StatusCode::OK, &[], Some(choice)),
            Err(wrong) => again(StatusCode::UNPROCESSABLE_ENTITY, wrong, None),
        });
    }
    let (address, choice) = match (typed_address(state, &filled), choice) {
        (Ok(address), Ok(choice)) => (address, choice),
        (address, choice) => {
            let wrong: Vec<_> = address.err().into_iter().chain(choice.err().unwrap_or_default()).collect();
            return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &wrong, None));
        }
    };
    // A program filled in what nobody sees: it is told what everybody is told.
    if !filled.is_trapped {
        let per_day_max = within_limits(state, form.client, &address).await?;
        record(state, &address, choice, filled.monthly, per_day_max).await?;
    }
    Ok(said(state, StatusCode::OK, &Outcome::CheckInbox(&address)))
}

async fn record(state: &WebState, address: &Address, choice: Choice, monthly: bool, per_day_max: usize) -> Result<(), Refused> {
    let id = state.desk.identity(address);
    let ask = Ask { address: address.clone(), choice, monthly, wording: consent(&state.site), instead_of: None };
    let asked = state.desk.store().record_request(&id, &ask, per_day_max, state.desk.now()).await?;
    tracing::debug!(subscriber.id = %id, ?asked, "somebody asks for updates");
    Ok(())
}
