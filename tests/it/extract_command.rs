//! `boardwatch extract`: a page in, items out as JSON.

use boardwatch::cli::extract::{ExtractArgs, read, report};
use std::path::PathBuf;

fn args(file: &str, url: &str) -> ExtractArgs {
    ExtractArgs { file: PathBuf::from(file), url: url.to_owned(), platform: boardwatch::domain::source::Platform::Auto }
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
fn a_file_that_is_not_there_and_an_address_that_is_none_are_said_plainly() {
    let missing = args("tests/fixtures/no-such.html", "https://www.anytown.example/");
    assert_eq!(format!("{:#}", read(&missing).unwrap_err()).split(": ").next(), Some("cannot read tests/fixtures/no-such.html"));
    for url in ["news", "ftp://x.example/", ""] {
        assert!(report(&args("-", url), b"<p>x").is_err(), "{url}");
    }
}
