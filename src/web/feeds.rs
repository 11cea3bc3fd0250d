//! The published feeds, as the files that they are.
//!
//! A path is read as the name of a feed and the file's path is made from that name, so a request can name no other file.

use super::WebState;
use super::representation::{Caching, Representation};
use crate::render::feed::{Format, calendar, opml};
use crate::rules::feed::FeedName;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::io::ErrorKind;

pub(super) async fn feed(State(state): State<WebState>, Path(path): Path<String>, request: HeaderMap) -> Response {
    let Some((file, media_type)) = known(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = state.feeds_dir.join(file);
    let read = async { Ok((tokio::fs::read(&file).await?, tokio::fs::metadata(&file).await?.modified()?)) };
    match read.await {
        Ok((bytes, modified)) => {
            let content_type = format!("{media_type}; charset=utf-8");
            Representation { bytes, content_type, modified: Some(modified), caching: Caching::Minutes }.answer(&request)
        }
        Err(error) => refused(&error, &path),
    }
}

fn refused(error: &std::io::Error, path: &str) -> Response {
    if error.kind() == ErrorKind::NotFound {
        return StatusCode::NOT_FOUND.into_response();
    }
    tracing::error!(feed = path, %error, "a published feed could not be read");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// The file under the feeds folder and its media type, where `path` names a feed as we write it.
fn known(path: &str) -> Option<(String, &'static str)> {
    match path {
        opml::PATH => return Some((opml::PATH.to_owned(), opml::MEDIA_TYPE)),
        calendar::PATH => return Some((calendar::PATH.to_owned(), calendar::MEDIA_TYPE)),
        _ => {}
    }
    let (stem, ending) = path.rsplit_once('.')?;
    let format = Format::ALL.into_iter().find(|format| format.ending() == ending)?;
    let name = FeedName::parse(stem)?;
    Some((format.path(&name), format.media_type()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_feeds_lead_to_files() {
        let check = |path: &str, expect: Option<&str>| assert_eq!(known(path).map(|k| k.0).as_deref(), expect, "{path}");
        check("all.xml", Some("all.xml"));
        check("council/bury-council.json", Some("council/bury-council.json"));
        check("opml.xml", Some("opml.xml"));
        check("meetings.ics", Some("meetings.ics"));
        for other in
            ["", "all", "all.html", "../store/db.xml", "council/../all.xml", "/etc/passwd", ".xml", "a/b.xml", "all.xml/"]
        {
            check(other, None);
        }
    }
}
