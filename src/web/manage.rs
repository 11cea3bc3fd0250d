//! Somebody's own page, behind the link in their mails: see and change what they get, pause it, hear no more of one thing,
//! move to another address, take everything that is held, leave, be erased. GET shows, POST acts.

pub(super) mod ask;
pub(super) mod leave;
pub(super) mod mute;

use super::WebState;
use super::forms::Form;
use super::people::{Ground, Reader, Refused, acted, page, reader, refused, token};
use crate::domain::subscriber::SubscriberId;
use crate::render::page::{Answer, Own, consent_to_change, manage};
use crate::rules::facts::dates::find;
use crate::rules::signup::{Filled, Wrong};
use crate::rules::token::Purpose;
use crate::store::people::{Done, muted_item};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

/// The longest pause.
const PAUSE_DAYS_MAX: u64 = 366;

/// What the page is to say besides what is so.
#[derive(Default)]
struct Said<'a> {
    filled: Option<&'a Filled>,
    wrong: &'a [Wrong],
    answer: Option<Answer>,
}

pub(super) async fn show(State(state): State<WebState>, Path(raw): Path<String>) -> Response {
    respond(&state, shown(&state, &raw, Said::default()).await)
}

pub(super) async fn choice(State(state): State<WebState>, Path(raw): Path<String>, form: Form) -> Response {
    acted(&state, save(&state, &raw, &form).await)
}

pub(super) async fn pause(State(state): State<WebState>, Path(raw): Path<String>, form: Form) -> Response {
    let until = form.value("until").and_then(typed_day);
    acted(&state, pause_until(&state, &raw, until).await)
}

pub(super) async fn go_on(State(state): State<WebState>, Path(raw): Path<String>, _form: Form) -> Response {
    let done = async {
        let (id, _) = known(&state, &raw).await?;
        state.desk.store().record_pause(&id, None).await?;
        shown(&state, &raw, Said { answer: Some(Answer::GoesOn), ..Said::default() }).await
    };
    acted(&state, done.await)
}

fn respond(state: &WebState, done: Result<Response, Refused>) -> Response {
    done.unwrap_or_else(|why| refused(state, why))
}

/// The reader whose page this is.
async fn known(state: &WebState, raw: &str) -> Result<(SubscriberId, Reader), Refused> {
    let id = token(state, raw, Purpose::Manage)?.subscriber;
    let reader = reader(state, &id).await?;
    Ok((id, reader))
}

async fn shown(state: &WebState, raw: &str, said: Said<'_>) -> Result<Response, Refused> {
    let (id, reader) = known(state, raw).await?;
    let ground = Ground::of(state).await?;
    let action = state.site.path(&format!("manage/{raw}"));
    let mutes = state.desk.store().mutes(&id).await?;
    let mutes: Vec<(String, String)> =
        mutes.iter().filter_map(|row| Some((row.value.title.clone(), format!("{action}/unmute/{}", muted_item(row)?)))).collect();
    let now = state.desk.now();
    let paused_until = reader.person.paused_until.filter(|until| now < *until);
    let own = Own {
        address: &reader.person.address,
        choice: &reader.choice,
        listed: &reader.listed,
        monthly: reader.person.monthly_since.is_some(),
        paused_until: paused_until.map(|until| until.with_timezone(&state.site.timezone).date_naive()),
        mutes: &mutes,
        action: &action,
    };
    let is_wrong = !said.wrong.is_empty() || matches!(said.answer, Some(Answer::NoSuchDay | Answer::NotSure));
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let sources = state.desk.sources();
    Ok(page(status, manage(&state.site, &ground.offer(), &sources, &own, said.filled, said.wrong, said.answer)))
}

async fn save(state: &WebState, raw: &str, form: &Form) -> Result<Response, Refused> {
    let (id, _) = known(state, raw).await?;
    let ground = Ground::of(state).await?;
    let filled = Filled::read(&form.fields, &ground.catalogue).map_err(|_| Refused::NotOurForm)?;
    let choice = match filled.choice(&ground.catalogue) {
        Ok(choice) => choice,
        Err(wrong) => return shown(state, raw, Said { filled: Some(&filled), wrong: &wrong, answer: None }).await,
    };
    match state
        .desk
        .store()
        .record_choice(&id, &choice, filled.monthly, &consent_to_change(&state.site), state.desk.now())
        .await?
    {
        Done::Yes | Done::Full => shown(state, raw, Said { answer: Some(Answer::Saved), ..Said::default() }).await,
        Done::Nobody => Err(Refused::Nobody),
    }
}

async fn pause_until(state: &WebState, raw: &str, day: Option<NaiveDate>) -> Result<Response, Refused> {
    let (id, _) = known(state, raw).await?;
    let now = state.desk.now();
    let today = now.with_timezone(&state.site.timezone).date_naive();
    let last = today.checked_add_days(Days::new(PAUSE_DAYS_MAX)).unwrap_or(today);
    let Some(until) = day.filter(|day| *day > today && *day <= last).map(|day| midnight(state, day)) else {
        return shown(state, raw, Said { answer: Some(Answer::NoSuchDay), ..Said::default() }).await;
    };
    state.desk.store().record_pause(&id, Some(until)).await?;
    shown(state, raw, Said::default()).await
}

/// A day as browsers send it, or as people type it where a browser lets them: "31/12/2026", "31 December 2026".
fn typed_day(raw: &str) -> Option<NaiveDate> {
    let raw = raw.trim();
    let typed = || match find(raw).as_slice() {
        [only] if only.span == (0..raw.len()) => only.single(),
        _ => None,
    };
    raw.parse().ok().or_else(typed)
}

/// When the day begins where the site is; in UTC where clocks skip that moment.
fn midnight(state: &WebState, day: NaiveDate) -> DateTime<Utc> {
    let here = day.and_time(NaiveTime::MIN).and_local_timezone(state.site.timezone).earliest();
    here.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |here| here.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_taken_as_browsers_send_it_and_as_people_type_it() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31);
        for typed in ["2026-12-31", " 31/12/2026 ", "31 December 2026", "31.12.2026"] {
            assert_eq!(typed_day(typed), day, "{typed}");
        }
        for typed in ["", "tomorrow", "31/12/2026 or later", "12/31/2026", "1/1/2027 2/1/2027"] {
            assert_eq!(typed_day(typed), None, "{typed}");
        }
    }
}
