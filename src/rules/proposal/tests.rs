//! What a page suggests for its file.

use super::*;
use crate::domain::item::{Listing, Outcome};
use crate::domain::text::Text;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn extraction(title: &str) -> Extraction {
    Extraction {
        platform: Platform::Page,
        outcome: Outcome::Items,
        page_title: Text::line(title).or_absent(),
        items: Vec::new(),
        page: None,
        listing: Listing::default(),
        warnings: Vec::new(),
    }
}

fn imprint(names: &[&str]) -> Imprint {
    Imprint { names: names.iter().map(|name| ((*name).to_owned(), "the page's title")).collect(), feeds: Vec::new() }
}

fn source(id: &str, council: &str, url: &str) -> Source {
    Source {
        topics: vec!["harbour".to_owned()],
        ..Source::bare(SourceId::parse(id).unwrap(), council.to_owned(), "Updates".to_owned(), Url::parse(url).unwrap())
    }
}

fn proposed(url: &str, title: &str, names: &[&str], sources: &[Source]) -> Proposal {
    let (url, extraction, imprint) = (Url::parse(url).unwrap(), extraction(title), imprint(names));
    let found = Found { url: &url, extraction: Some(&extraction), imprint: &imprint, sources };
    propose(&found, &Wishes::default(), &|_| false, vec!["Recognised: a test.".to_owned()], today())
}

#[test]
fn a_councils_name_is_found_among_the_names_of_its_site() {
    let check = |text: &str, expect: Option<&str>| assert_eq!(council::name_in(text).as_deref(), expect, "{text}");
    check("Anytown Council", Some("Anytown Council"));
    check("© 2024 Anytown Borough Council. All rights reserved", Some("Anytown Borough Council"));
    check("Welcome to Brighton & Hove City Council", Some("Brighton & Hove City Council"));
    check("The Council of the City of Wakefield", Some("City of Wakefield"));
    check("Your Council", None);
    check("Youth Council elected", None);
    check("London Borough of Newham: home", Some("London Borough of Newham"));
    check("Royal Borough of Kensington and Chelsea", Some("Royal Borough of Kensington and Chelsea"));
    check("News and events", None);
}

#[test]
fn where_the_page_names_nobody_the_address_does() {
    let guess = |url: &str| proposed(url, "News", &["News"], &[]).council.value;
    assert_eq!(guess("https://www.trafford.gov.uk/news"), "Trafford Council");
    assert_eq!(guess("https://councildecisions.bury.gov.uk/ieIssueDetails.aspx?IId=1"), "Bury Council");
    assert_eq!(guess("https://north-moor.moderngov.co.uk/mgAi.aspx?ID=1"), "North Moor Council");
    assert_eq!(guess("http://127.0.0.1:8000/news"), "127.0.0.1");
}

#[test]
fn a_council_that_is_watched_already_keeps_its_spelling() {
    let sources = [source("anytown-news", "Anytown Council", "https://www.anytown.gov.uk/news")];
    let same_name = proposed("https://democracy.anytown.gov.uk/x", "Decisions", &["ANYTOWN COUNCIL"], &sources);
    assert_eq!(same_name.council.value, "Anytown Council");
    let same_host = proposed("https://www.anytown.gov.uk/board", "Board", &["Any Town Borough Council"], &sources);
    assert_eq!(same_host.council.value, "Anytown Council");
    assert!(same_host.council.by.unwrap().contains("sources/anytown-news.toml"));
}

#[test]
fn the_id_is_the_place_and_the_page_and_nobody_elses() {
    let id = |url: &str, title: &str, sources: &[Source]| proposed(url, title, &["Anytown Council"], sources).id.to_string();
    assert_eq!(id("https://democracy.anytown.gov.uk/x", "Improvement board news", &[]), "anytown-improvement-board-news");
    assert_eq!(id("http://127.0.0.1:99/x", "News", &[]), "anytown-news");
    let taken = [source("anytown-news", "A", "https://a.example/"), source("anytown-news-2", "A", "https://b.example/")];
    assert_eq!(id("https://www.anytown.gov.uk/news", "News", &taken), "anytown-news-3");
    let long = "Children's Services Improvement Board, its minutes, its papers and everything else about it";
    assert_eq!(id("https://www.anytown.gov.uk/x", long, &[]), "anytown-children-s-services-improvement-board-its-minutes");
    assert_eq!(id("https://www.anytown.gov.uk/x", "Newyddion – Ẁ", &[]), "anytown-newyddion");
}

#[test]
fn the_title_is_the_pages_without_its_owner() {
    assert_eq!(proposed("https://a.gov.uk/", "News | Anytown Council", &["Anytown Council"], &[]).title.value, "News");
    assert_eq!(proposed("https://a.gov.uk/", "Board - 3 May", &["Anytown Council"], &[]).title.value, "Board - 3 May");
    assert_eq!(proposed("https://a.gov.uk/", "", &["Anytown Council"], &[]).title.value, "Updates");
}

#[test]
fn topics_are_what_the_words_speak_of() {
    let topics = |title: &str| proposed("https://a.gov.uk/", title, &[], &[source("b", "B", "https://b.example/")]).topics;
    assert_eq!(topics("Children’s Improvement Board"), ["childrens-services", "improvement-board"]);
    assert_eq!(topics("Harbour news"), ["harbour"]);
    assert_eq!(topics("News"), ["news"]);
    assert!(topics("What's on").is_empty());
}

#[test]
fn the_file_says_what_is_a_guess_and_no_word_of_the_page_can_break_out_of_it() {
    let mut proposal = proposed("https://a.gov.uk/x?a=\"b\"", "News", &["Anytown Council"], &[]);
    proposal.title.value = "A \"title\"\\ with\nends".to_owned();
    proposal.remarks = vec!["Recognised:\nplatform = \"feed\"".to_owned()];
    let text = toml(&proposal, Some("../../schema/source.schema.json"));
    let read: ::toml::Table = text.parse().unwrap();
    assert_eq!(read["title"].as_str(), Some("A \"title\"\\ with ends"));
    assert_eq!((read["platform"].as_str(), read["council"].as_str()), (Some("page"), Some("Anytown Council")));
    assert!(text.starts_with("#:schema ../../schema/source.schema.json\n"));
    assert!(text.contains("# A guess from the page's title."), "{text}");
    let given = propose(
        &Found { url: &proposal.url, extraction: None, imprint: &Imprint::default(), sources: &[] },
        &Wishes { council: Some("Anytown Council"), title: Some("News"), id: None },
        &|_| false,
        Vec::new(),
        today(),
    );
    assert!(!toml(&given, None).contains("A guess"));
}
