//! The pages that show items: one item, the archive, the search.
//!
//! What is asked for is read as a name, a month or a number before anything is looked up; what does not read is no page.

use super::WebState;
use super::client::Peer;
use super::library::LibraryError;
use super::pages::{document, unreadable};
use super::searching::NoSearch;
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::render::page;
use crate::rules::feed::FeedName;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

pub(super) async fn item(
    State(state): State<WebState>,
    Path((source, id)): Path<(String, String)>,
    request: HeaderMap,
) -> Response {
    let (Some(source), Some(id)) = (SourceId::parse(&source), ItemId::parse(&id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match state.library.item(source, id).await {
        Ok(Some(record)) => document(page::item(&state.site, &record), &request),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unreadable(&error),
    }
}

/// What a list is asked with. A repeated field counts once, the first time.
type Asked = Vec<(String, String)>;

fn field<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
}

/// `None`: no such list.
fn list_of(asked: &Asked) -> Option<(FeedName, usize)> {
    let of = match field(asked, "in") {
        "" => FeedName::All,
        stem => FeedName::parse(stem)?,
    };
    let page = match field(asked, "page") {
        "" => 1,
        number => number.parse().ok().filter(|page| *page > 0)?,
    };
    Some((of, page))
}

pub(super) async fn archive(State(state): State<WebState>, Query(asked): Query<Asked>, request: HeaderMap) -> Response {
    let month = match field(&asked, "month") {
        "" => Some(None),
        month => month_of(month).map(Some),
    };
    let (Some((of, page)), Some(month)) = (list_of(&asked), month) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match state.library.archive(of, month, page).await {
        Ok(Some(archive)) => document(page::archive(&state.site, &archive), &request),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unreadable(&error),
    }
}

pub(super) async fn search(
    State(state): State<WebState>,
    Query(asked): Query<Asked>,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    request: HeaderMap,
) -> Response {
    let Some((of, page)) = list_of(&asked) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // The form alone costs nothing.
    let mut place = None;
    if !field(&asked, "q").trim().is_empty() {
        let client = peer.map(|Extension(ConnectInfo(peer))| peer.client(&request, &state.trusted_proxies));
        match state.searches.take(client, state.desk.now()).await {
            Ok(taken) => place = Some(taken),
            Err(NoSearch::TooOften) => return later(StatusCode::TOO_MANY_REQUESTS),
            Err(NoSearch::Busy) => return later(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
    let (library, typed) = (state.library.clone(), field(&asked, "q").to_owned());
    // Who goes away before the answer comes leaves no room for another search before it is done.
    let searching = tokio::spawn(async move {
        let found = library.search(typed, of, page).await;
        drop(place);
        found
    });
    let found = searching.await.map_err(|error| LibraryError::Files { doing: "searching", said: error.to_string() });
    match found.flatten() {
        Ok(Some(found)) => document(page::search(&state.site, &found), &request),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => unreadable(&error),
    }
}

/// Not now, but in a minute.
fn later(status: StatusCode) -> Response {
    (status, [(RETRY_AFTER, "60")]).into_response()
}

/// "2026-11" as its first day.
fn month_of(raw: &str) -> Option<NaiveDate> {
    let fits = raw.len() == 7 && raw.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    fits.then(|| NaiveDate::parse_from_str(&format!("{raw}-01"), "%Y-%m-%d").ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_two_digits() {
        let check = |raw: &str, expect: Option<&str>| {
            assert_eq!(month_of(raw), expect.map(|day| day.parse().unwrap()), "{raw}");
        };
        check("2026-11", Some("2026-11-01"));
        check("2026-13", None);
        check("2026-1", None);
        check("+999-11", None);
        check("2026-11-01", None);
    }

    #[test]
    fn a_list_is_asked_for_by_name_and_page() {
        let check = |asked: &[(&str, &str)], expect: Option<(&str, usize)>| {
            let asked: Asked = asked.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(list_of(&asked).map(|(of, page)| (of.stem(), page)), expect.map(|(of, page)| (of.to_owned(), page)));
        };
        check(&[], Some(("all", 1)));
        check(&[("in", "council/bury-council"), ("page", "3"), ("page", "x")], Some(("council/bury-council", 3)));
        check(&[("in", "../etc")], None);
        check(&[("page", "0")], None);
        check(&[("page", "-1")], None);
        check(&[("page", "99999999999999999999999")], None);
    }
}
