//! Hearing no more of one thing, and hearing of it again.

use super::{Said, known, respond, shown};
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::render::page::{Answer, Outcome, Question, question};
use crate::web::WebState;
use crate::web::forms::Form;
use crate::web::people::{Refused, acted, page, said};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

type Named = Path<(String, String, String)>;

pub(in crate::web) async fn show(State(state): State<WebState>, Path((raw, source, item)): Named) -> Response {
    let asked = async {
        let (_, reader) = known(&state, &raw).await?;
        let Some((_, item, title)) = item_of(&state, &source, &item).await? else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        let action = state.site.path(&format!("manage/{raw}/mute/{source}/{item}"));
        Ok(page(StatusCode::OK, question(&state.site, Question::Mute(title), &reader.person.address, &action)))
    };
    respond(&state, asked.await)
}

pub(in crate::web) async fn act(State(state): State<WebState>, Path((raw, source, item)): Named, _form: Form) -> Response {
    let muted = async {
        let (id, _) = known(&state, &raw).await?;
        let Some((source, item, title)) = item_of(&state, &source, &item).await? else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        state.desk.store().record_mute(&id, &item, &source, &title, state.desk.now()).await?;
        let manage = state.site.path(&format!("manage/{raw}"));
        Ok(said(&state, StatusCode::OK, &Outcome::Muted { manage }))
    };
    acted(&state, muted.await)
}

pub(in crate::web) async fn end(
    State(state): State<WebState>,
    Path((raw, item)): Path<(String, String)>,
    _form: Form,
) -> Response {
    let ended = async {
        let (id, _) = known(&state, &raw).await?;
        if let Some(item) = ItemId::parse(&item) {
            state.desk.store().end_mute(&id, &item).await?;
        }
        shown(&state, &raw, Said { answer: Some(Answer::Unmuted), ..Said::default() }).await
    };
    acted(&state, ended.await)
}

/// An item that the store knows, with its title.
async fn item_of(state: &WebState, source: &str, item: &str) -> Result<Option<(SourceId, ItemId, String)>, Refused> {
    let (Some(source), Some(item)) = (SourceId::parse(source), ItemId::parse(item)) else { return Ok(None) };
    let store = state.desk.store();
    let Some(known) = store.item(&source, &item).await? else { return Ok(None) };
    let revision = store.revision(&item, known.value.revision).await?;
    let title = revision.map(|revision| revision.item.title.as_str().to_owned()).unwrap_or_default();
    Ok(Some((source, item, title)))
}
