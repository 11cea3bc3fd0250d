//! Taking a move to another address back, by the link in the word of it: GET shows what would come back, and POST brings it.

use super::WebState;
use super::forms::Form;
use super::people::{Refused, acted, page, reader, refused, said, token};
use crate::domain::subscriber::SubscriberId;
use crate::render::page::{Outcome, Question, consent, question};
use crate::render::wants::in_lines;
use crate::rules::token::{Purpose, Token};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    let shown = async {
        let Token { subscriber: id, expires, .. } = token(&state, &raw, Purpose::MoveBack)?;
        let away = state.desk.store().moved_away(&id, expires.unwrap_or_default(), state.desk.now()).await?;
        let Some(away) = away else { return done_before(&state, &id).await };
        let asks = in_lines(&state.site, &away.choice, away.monthly, &state.desk.sources());
        let action = state.site.path(&format!("back/{raw}"));
        let asked = Question::MoveBack { asks, ends_elsewhere: away.from.is_some() };
        Ok(page(StatusCode::OK, question(&state.site, asked, &away.address, &action)))
    };
    shown.await.unwrap_or_else(|why| refused(&state, why))
}

pub(super) async fn act(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    let brought = async {
        let Token { subscriber: id, expires, .. } = token(&state, &raw, Purpose::MoveBack)?;
        let (store, now) = (state.desk.store(), state.desk.now());
        if store.record_move_back(&id, expires.unwrap_or_default(), &consent(&state.site), now).await? {
            tracing::info!(subscriber.id = %id, "somebody took a move to another address back");
        }
        done_before(&state, &id).await
    };
    acted(&state, brought.await)
}

/// That it is done, where the address has updates; or that it cannot be any more.
async fn done_before(state: &WebState, id: &SubscriberId) -> Result<Response, Refused> {
    match reader(state, id).await {
        Ok(_) => {
            let link = state.desk.links().link(Purpose::Manage, id, state.desk.now());
            let manage = state.site.path(&format!("manage/{link}"));
            Ok(said(state, StatusCode::OK, &Outcome::MovedBack { manage }))
        }
        Err(Refused::Nobody) => Ok(said(state, StatusCode::GONE, &Outcome::NotUndone)),
        Err(other) => Err(other),
    }
}
