//! `boardwatch extract`: a page in, items out as JSON.

use boardwatch::cli::extract::{ExtractArgs, read, report};
use std::path::PathBuf;

fn args(file: &str, url: &str) -> ExtractArgs {
    ExtractArgs {
        file: PathBuf::from(file),
        url: url.to_owned(),
        platform: boardwatch::domain::source::Platform::Auto,
        explain: false,
    }
}

#[test]
fn a_page_is_answered_with_one_json_document() {
    let args = args("tests/fixtures/pages/page-list-ul.html", "https://www.anytown.example/news");
    let json: serde_json::Value = serde_json::from_str(&report(&args, &read(&args).unwrap()).unwrap()).unwrap();
    assert_eq!((&json["platform"], &json["outcome"]), (&"page".into(), &"items".into()));
    assert_eq!(json["items"][2]["published"], "2019-11-25");
    assert_eq!(json["items"][2]["text"], serde_json::Value::Null);
    assert_eq!(
        json["listing"],
        serde_json::json!({"shown": 3, "total": 12, "next_url": "https://www.anytown.example/news?page=2"})
    );
}

#[test]
fn every_fact_is_explained_where_that_is_asked_for_and_only_there() {
    let plain = args("tests/fixtures/pages/page-list-ul.html", "https://www.anytown.example/news");
    let page = read(&plain).unwrap();
    assert!(!report(&plain, &page).unwrap().contains("evidence"));
    let explained = ExtractArgs { explain: true, ..plain };
    let json: serde_json::Value = serde_json::from_str(&report(&explained, &page).unwrap()).unwrap();
    let evidence = &json["items"][2]["evidence"];
    assert_eq!((&evidence[0]["fact"], &evidence[1]["fact"]), (&"title".into(), &"published".into()), "{evidence}");
    assert_eq!(evidence[0]["quote"], "Improvement Board Update - 22 October 2019");
    assert!(evidence[1]["element"].is_string() && evidence[1]["rule"].is_string(), "{evidence}");
}

#[test]
fn a_file_that_is_not_there_and_an_address_that_is_none_are_said_plainly() {
    let missing = args("tests/fixtures/no-such.html", "https://www.anytown.example/");
    assert_eq!(format!("{:#}", read(&missing).unwrap_err()).split(": ").next(), Some("cannot read tests/fixtures/no-such.html"));
    for url in ["news", "ftp://x.example/", ""] {
        assert!(report(&args("-", url), b"<p>x").is_err(), "{url}");
    }
}
