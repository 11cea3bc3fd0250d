//! Asking for the link to one's own page: the answer is the same whether the address gets mail or not.

use crate::domain::choice::Choice;
use crate::domain::subscriber::Address;
use crate::render::page::{Outcome, consent, manage_link};
use crate::rules::signup::{Catalogue, Filled};
use crate::store::signups::Ask;
use crate::web::WebState;
use crate::web::forms::Form;
use crate::web::people::{Refused, page, refused, said, typed_address, within_limits};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(in crate::web) async fn show(State(state): State<WebState>) -> Response {
    page(StatusCode::OK, manage_link(&state.site, "", None))
}

pub(in crate::web) async fn act(State(state): State<WebState>, form: Form) -> Response {
    let answered = async {
        let filled = Filled::read(&form.fields, &Catalogue::default()).map_err(|_| Refused::NotOurForm)?;
        let address = match typed_address(&state, &filled) {
            Ok(address) => address,
            Err(wrong) => {
                let again = manage_link(&state.site, &filled.address, Some(wrong));
                return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, again));
            }
        };
        if !filled.is_trapped {
            let per_day_max = within_limits(&state, form.client, &address).await?;
            record(&state, &address, per_day_max).await?;
        }
        Ok(said(&state, StatusCode::OK, &Outcome::LinkSent(&address)))
    };
    answered.await.unwrap_or_else(|why| refused(&state, why))
}

/// A request that chooses nothing asks for the link alone.
async fn record(state: &WebState, address: &Address, per_day_max: usize) -> Result<(), Refused> {
    let id = state.desk.identity(address);
    let ask = Ask {
        address: address.clone(),
        choice: Choice::default(),
        monthly: false,
        wording: consent(&state.site),
        instead_of: None,
    };
    state.desk.store().record_request(&id, &ask, per_day_max, state.desk.now()).await?;
    Ok(())
}
