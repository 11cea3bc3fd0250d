//! What is sent is read as the form meant it, or not at all.

use super::*;
use crate::domain::source::{Source, SourceId};
use proptest::prelude::*;
use url::Url;

fn source(id: &str, council: &str, topics: &[&str]) -> Source {
    Source {
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        ..Source::bare(
            SourceId::parse(id).unwrap(),
            council.to_owned(),
            format!("Updates of {id}"),
            Url::parse(&format!("https://{id}.example.org/")).unwrap(),
        )
    }
}

fn catalogue() -> Catalogue {
    Catalogue::of(&[
        source("bury-board", "Bury Council", &["childrens-services"]),
        source("bury-ofsted", "Bury Council", &[]),
        source("torbay", "Torbay Council", &["childrens-services", "improvement board"]),
    ])
}

fn fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn chosen(sent: &[(&str, &str)]) -> Result<Choice, Vec<Wrong>> {
    Filled::read(&fields(sent), &catalogue()).expect("our form").choice(&catalogue())
}

#[test]
fn each_thing_is_chosen_at_a_cadence_of_its_own() {
    let choice = chosen(&[
        ("council.bury-council", "daily"),
        ("page.torbay", "immediate"),
        ("topic.improvement-board", "weekly"),
        ("topic.childrens-services", ""),
        ("keywords", "Ofsted, school  places\nOfsted"),
        ("keywords.often", "daily"),
        ("somebody else's", "field"),
    ])
    .unwrap();
    let daily = choice.at(Cadence::Daily).unwrap();
    assert_eq!(daily.councils, ["Bury Council"]);
    assert_eq!(daily.keywords, ["Ofsted", "school places"]);
    assert_eq!(choice.at(Cadence::Immediate).unwrap().sources, ["torbay"]);
    assert_eq!(choice.at(Cadence::Weekly).unwrap().topics, ["improvement-board"]);
}

#[test]
fn what_is_ticked_comes_as_often_as_is_said_once_unless_it_has_a_cadence_of_its_own() {
    let sent = [
        ("often", "weekly"),
        ("council.bury-council", "yes"),
        ("council.bury-council.often", ""),
        ("council.torbay-council", "yes"),
        ("council.torbay-council.often", "immediate"),
        ("topic.childrens-services.often", "daily"),
        ("topic.childrens-services", "yes"),
        ("page.torbay.often", ""),
        ("keywords", "ofsted"),
        ("keywords.often", ""),
    ];
    let choice = chosen(&sent).unwrap();
    let at = |cadence| choice.at(cadence).cloned().unwrap_or_default();
    assert_eq!(
        (at(Cadence::Weekly).councils, at(Cadence::Weekly).keywords),
        (vec!["Bury Council".into()], vec!["ofsted".into()])
    );
    assert_eq!(at(Cadence::Immediate).councils, ["Torbay Council"]);
    assert_eq!(at(Cadence::Daily).topics, ["childrens-services"]);
    assert!(at(Cadence::Weekly).sources.is_empty());
    let untied = [("everything", "yes"), ("often", "daily"), ("page.torbay.often", "weekly")];
    assert_eq!(chosen(&untied), Err(vec![Wrong::OftenWithoutTick]), "neither mailed nor left out against their will");
    assert_eq!(Filled::read(&fields(&untied), &catalogue()).unwrap().own("page.torbay"), Some(Cadence::Weekly));
    assert_eq!(chosen(&[("often", "daily")]), Err(vec![Wrong::NothingChosen]));
    assert_eq!(chosen(&[("everything", "yes")]).unwrap().at(Cadence::Daily).map(|wanted| wanted.everything), Some(true));
    let read = |sent: &[(&str, &str)]| Filled::read(&fields(sent), &catalogue());
    assert_eq!(read(&[("often", "hourly")]), Err(NotOurForm));
    assert_eq!(read(&[("keywords.often", "yes")]), Err(NotOurForm));
    assert_eq!(read(&[("everything.often", "now")]), Err(NotOurForm));
}

#[test]
fn the_form_says_once_what_most_is_chosen_at() {
    let common = |sent: &[(&str, &str)]| Filled::read(&fields(sent), &catalogue()).unwrap().common();
    assert_eq!(common(&[]), Cadence::Daily);
    assert_eq!(
        common(&[("council.bury-council", "weekly"), ("page.torbay", "immediate"), ("everything", "weekly")]),
        Cadence::Weekly
    );
    assert_eq!(common(&[("council.bury-council", "weekly"), ("page.torbay", "daily")]), Cadence::Daily);
    assert_eq!(common(&[("council.bury-council", "weekly"), ("often", "immediate")]), Cadence::Immediate);
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    assert_eq!(chosen(&[]), Err(vec![Wrong::NothingChosen]));
    assert_eq!(chosen(&[("keywords", "ofsted")]), Err(vec![Wrong::KeywordsWithoutOften]));
    assert_eq!(chosen(&[("keywords.often", "daily")]), Err(vec![Wrong::OftenWithoutKeywords]));
    let everything = ("everything", "daily");
    assert_eq!(chosen(&[everything, ("keywords", &"x".repeat(81))]), Err(vec![Wrong::KeywordsTooMuch]));
    assert_eq!(chosen(&[everything, ("keywords", "?!")]), Err(vec![Wrong::KeywordsTooMuch]));
    let many = (0..21).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
    assert_eq!(chosen(&[("keywords", &many), ("keywords.often", "daily")]), Err(vec![Wrong::KeywordsTooMuch]));
}

#[test]
fn what_cannot_be_from_our_form_is_refused() {
    let read = |sent: &[(&str, &str)]| Filled::read(&fields(sent), &catalogue());
    assert_eq!(read(&[("address", "a@example.org"), ("address", "b@example.org")]), Err(NotOurForm));
    assert_eq!(read(&[("everything", "hourly")]), Err(NotOurForm));
    assert_eq!(read(&[("everything", "daily"), ("everything", "daily")]), Err(NotOurForm));
    assert_eq!(read(&vec![("x", "y"); 2_001]), Err(NotOurForm));
    assert!(read(&[("website", "https://spam.example.org")]).unwrap().is_trapped);
}

#[test]
fn an_address_is_one_address_and_nothing_else() {
    let check = |raw: &str, expect: Result<&str, Wrong>| {
        let filled = Filled::read(&fields(&[("address", raw)]), &catalogue()).unwrap();
        assert_eq!(filled.address().as_ref().map(Address::as_str).map_err(|wrong| *wrong), expect, "{raw:?}");
    };
    check(" resident+boards@Example.org ", Ok("resident+boards@example.org"));
    check("o'brien@example.org", Ok("o'brien@example.org"));
    check("\"john doe\"@example.org", Err(Wrong::AddressInvalid));
    check("reader@bücher.example", Ok("reader@xn--bcher-kva.example"));
    check("", Err(Wrong::AddressMissing));
    check("a@example.org,b@example.org", Err(Wrong::AddressInvalid));
    check("a@example.org b@example.org", Err(Wrong::AddressInvalid));
    check("a@example.org>\nBcc: b@example.org", Err(Wrong::AddressInvalid));
    check("a%0d%0aBcc:b@example.org\u{0}@example.org", Err(Wrong::AddressInvalid));
    // What is left out would make it somebody else's.
    for within in
        ["a\tb@example.org", "a\u{0}b@example.org", "a\u{7f}b@example.org", "ab@exam\u{85}ple.org", "\u{1b}a@example.org"]
    {
        check(within, Err(Wrong::AddressInvalid));
    }
    check("\ta@example.org\r\n", Ok("a@example.org"));
    check("=?utf-8?q?a?=@example.org", Err(Wrong::AddressInvalid));
    check("a=b?c@example.org", Ok("a=b?c@example.org"));
    check("Name <a@example.org>", Err(Wrong::AddressInvalid));
    check("nobody", Err(Wrong::AddressInvalid));
    for ours in ["a@localhost.", "root@localhost", "a@[127.0.0.1]", "a@127.0.0.1", "a@[IPv6:::1]", "a@mail"] {
        check(ours, Err(Wrong::AddressInvalid));
    }
    check(&format!("{}@example.org", "x".repeat(65)), Err(Wrong::AddressInvalid));
}

#[test]
fn the_form_shows_what_is_chosen() {
    let sent = [
        ("council.bury-council", "daily"),
        ("topic.improvement-board", "weekly"),
        ("keywords.often", "weekly"),
        ("keywords", "a b\nc"),
    ];
    let choice = chosen(&sent).unwrap();
    let shown = Filled::of(&choice, &catalogue());
    assert_eq!(shown.often("council.bury-council"), Some(Cadence::Daily));
    assert_eq!(shown.often("page.bury-board"), None);
    assert_eq!(shown.keywords, "a b\nc\n");
    assert_eq!(shown.choice(&catalogue()), Ok(choice));
}

proptest! {
    #[test]
    fn anything_that_is_sent_is_answered(sent in prop::collection::vec(("[a-z.]{0,12}|address|keywords|everything|often|everything.often", ".{0,40}"), 0..12)) {
        let sent: Vec<(String, String)> = sent;
        if let Ok(filled) = Filled::read(&sent, &catalogue()) {
            let _ = (filled.choice(&catalogue()), filled.address());
        }
    }
}
