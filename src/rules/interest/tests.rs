//! What counts as an interest, and how the reason reads.

use super::*;
use crate::domain::source::SourceId;
use crate::domain::text::Text;
use url::Url;

fn source() -> Source {
    Source {
        topics: vec!["childrens-services".into()],
        ..Source::bare(
            SourceId::parse("trafford-improvement").expect("an id"),
            "Trafford Council".into(),
            "Improvement plan updates".into(),
            Url::parse("https://www.example.org/updates").expect("a URL"),
        )
    }
}

fn item(title: &str, text: &str) -> Item {
    Item {
        text: Some(Text::new(text)),
        ..Item::bare("k".into(), Text::line(title), Url::parse("https://www.example.org/updates/1").expect("a URL"))
    }
}

fn why(interests: &Interests, title: &str, text: &str) -> Option<String> {
    matches(interests, &source(), &item(title, text)).map(|why| why.to_string())
}

fn names(raw: &[&str]) -> Vec<String> {
    raw.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_kind_of_interest_matches_by_itself_and_says_so() {
    let check = |interests: Interests, expect: Option<&str>| {
        assert_eq!(why(&interests, "Board update", "About SEND.").as_deref(), expect, "{interests:?}");
    };
    check(Interests::default(), None);
    check(Interests { everything: true, ..Interests::default() }, Some("you follow everything"));
    let sources = |raw| Interests { sources: names(raw), ..Interests::default() };
    check(sources(&["trafford-improvement"]), Some("you follow “Improvement plan updates” of Trafford Council"));
    check(sources(&["bury-updates"]), None);
    let councils = |raw| Interests { councils: names(raw), ..Interests::default() };
    check(councils(&["Bury Council", "Trafford Council"]), Some("you follow Trafford Council"));
    check(councils(&["Trafford"]), None);
    let topics = |raw| Interests { topics: names(raw), ..Interests::default() };
    check(topics(&["childrens-services"]), Some("you follow the topic “Children’s services”"));
    check(topics(&["Childrens services"]), Some("you follow the topic “Children’s services”"));
    check(topics(&["planning"]), None);
    let keywords = |raw| Interests { keywords: names(raw), ..Interests::default() };
    check(keywords(&["SEND"]), Some("the word “SEND”"));
    check(keywords(&["board update"]), Some("the words “board update”"));
}

#[test]
fn interests_are_a_union_and_the_most_particular_reason_is_told() {
    let interests = Interests {
        everything: true,
        sources: names(&["bury-updates"]),
        councils: names(&["Trafford Council"]),
        topics: names(&["planning"]),
        keywords: names(&["board"]),
    };
    assert_eq!(why(&interests, "Board update", "").as_deref(), Some("you follow Trafford Council"));
}

#[test]
fn keywords_are_whole_words_whatever_their_case_accents_and_neighbours() {
    let check = |keyword: &str, text: &str, expect: bool| {
        let interests = Interests { keywords: names(&[keyword]), ..Interests::default() };
        assert_eq!(why(&interests, "", text).is_some(), expect, "{keyword:?} in {text:?}");
        assert_eq!(why(&interests, text, "").is_some(), expect, "{keyword:?} in the title {text:?}");
    };
    check("send", "The (SEND) inspection", true);
    check("SEND", "sending, resend, SENDs", false);
    check("children", "the Children’s Improvement Plan", true);
    check("children's services", "CHILDREN’S\u{a0}\u{a0}SERVICES", true);
    check("children's services", "children's social services", false);
    check("Rhŷl", "the library at RHYL.", true);
    check("Rhyl", "Rhy\u{302}l", true);
    check("café", "Cafe", true);
    check("efficiency", "an e\u{fb03}ciency plan", true);
    check("early help", "Early\nHelp", true);
    check("self-evaluation", "self evaluation", true);
    check("2019/20", "the 2019/20 budget", true);
    check("20", "2019", false);
    check("???", "???", false);
    check("", "anything", false);
}

#[test]
fn a_page_is_followed_for_a_reason_and_a_word_follows_none() {
    let check = |interests: Interests, expect: Option<&str>| {
        let why = follows_for(&interests, &source()).map(|why| why.to_string());
        assert_eq!(why.as_deref(), expect);
        assert_eq!(follows(&interests, &source()), expect.is_some());
    };
    let everything = Interests { everything: true, ..Interests::default() };
    check(everything.clone(), Some("you follow everything"));
    let council = Interests { councils: names(&["Trafford Council"]), ..everything };
    check(council, Some("you follow Trafford Council"));
    check(
        Interests { topics: names(&["childrens-services"]), ..Interests::default() },
        Some("you follow the topic “Children’s services”"),
    );
    check(Interests { keywords: names(&["board"]), ..Interests::default() }, None);
}

#[test]
fn a_phrase_does_not_reach_from_the_title_into_the_text() {
    let interests = Interests { keywords: names(&["update minutes"]), ..Interests::default() };
    assert_eq!(why(&interests, "Board update", "Minutes of the meeting"), None);
}

#[test]
fn what_another_choice_holds_does_not_stand_beside_it() {
    let sources = [source()];
    let (page, council) = (names(&["trafford-improvement", "elsewhere"]), names(&["Trafford Council"]));
    let (topics, keywords) = (names(&["childrens-services"]), names(&["tram"]));
    let some = Interests { sources: page, topics, keywords, ..Interests::default() };
    assert_eq!(outermost(&some, &sources), some, "a topic may hold the page today, which no reader can see");
    let with_council = Interests { councils: council, ..some.clone() };
    assert_eq!(outermost(&with_council, &sources), Interests { sources: names(&["elsewhere"]), ..with_council.clone() });
    let everything = Interests { everything: true, ..Interests::default() };
    assert_eq!(outermost(&with_council.joined(&everything), &sources), everything);
}
