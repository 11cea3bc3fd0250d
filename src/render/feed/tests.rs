//! Feeds as outside parsers read them: the same facts three times, for any text.

use super::*;
use crate::domain::item::{Commitment, Decision, Document, Item, Meeting, NextMeeting};
use crate::domain::source::SourceId;
use crate::domain::text::SafeHtml;
use proptest::prelude::*;
use quick_xml::events::Event;
use url::Url;

pub(super) fn site() -> Site {
    Site {
        name: "Improvement Board Watch".to_owned(),
        url: Url::parse("https://watch.example.org/").unwrap(),
        contact: "admin@example.org".to_owned(),
        postal_address: None,
        timezone: chrono_tz::Europe::London,
        language: "en-GB".to_owned(),
        topics: std::collections::BTreeMap::new(),
    }
}

pub(super) fn source(id: &str, council: &str) -> Source {
    Source {
        topics: vec!["childrens-services".to_owned()],
        ..Source::bare(
            SourceId::parse(id).unwrap(),
            council.to_owned(),
            "Improvement plan updates".to_owned(),
            Url::parse("https://www.council.example.org/updates?a=1&b=2").unwrap(),
        )
    }
}

pub(super) fn known(source: &Source, key: &str) -> KnownItem {
    let seen = "2026-11-20T09:30:15.123456Z".parse().unwrap();
    KnownItem {
        id: ItemId::of(&source.id, key),
        source: source.id.clone(),
        revision: 1,
        first_seen: seen,
        revised: seen,
        withdrawn: None,
        before: None,
        item: Item {
            key: key.to_owned(),
            title: Text::line("Update & news from the <Board>"),
            url: Url::parse("https://www.council.example.org/updates/july?x=1&y=2").unwrap(),
            published: Some("2019-07-04".parse().unwrap()),
            published_at: None,
            updated: None,
            meeting: Some(Meeting {
                body: Some(Text::line("Improvement Board")),
                date: Some("2019-07-02".parse().unwrap()),
                item: Some(Text::line("4")),
                place: None,
                start: None,
                end: None,
            }),
            stage: None,
            closes: None,
            text: Some(Text::new("The board met & agreed.\nFamilies < 5 years waited.")),
            html: Some(SafeHtml::sanitise("<p>The board met &amp; agreed.</p><p>Families &lt; 5 years waited. ]]></p>", None)),
            documents: vec![
                Document { title: Text::line("Minutes, part 2"), url: None, kind: None, size: None, restricted: true },
                Document {
                    title: Text::line("Minutes"),
                    url: Some(Url::parse("https://www.council.example.org/minutes.pdf").unwrap()),
                    kind: Some("pdf".to_owned()),
                    size: Some("468 KB".to_owned()),
                    restricted: false,
                },
            ],
            decisions: vec![Decision { label: Some(Text::line("a")), text: Text::new("That the plan be agreed.") }],
            reasons: None,
            options_rejected: None,
            next_meeting: Some(NextMeeting {
                date: "2019-09-10".parse().unwrap(),
                start: Some("10:00".parse().unwrap()),
                end: Some("12:30".parse().unwrap()),
                quote: Text::new("The next meeting is on 10 September, 10am to 12.30pm."),
            }),
            commitments: vec![Commitment {
                due: "2019-09".parse().unwrap(),
                quote: Text::new("Every family will be seen by September 2019."),
            }],
        },
    }
}

fn view<'a>(site: &'a Site, items: Vec<(&'a Source, KnownItem)>) -> FeedView<'a> {
    FeedView { site, name: FeedName::All, title: site.name.clone(), items }
}

fn read(bytes: &[u8]) -> feed_rs::model::Feed {
    feed_rs::parser::parse(bytes).unwrap_or_else(|e| panic!("{e}\n{}", String::from_utf8_lossy(bytes)))
}

/// XML 1.0 §2.1, with §2.2 `Char`, which the parser does not check.
fn assert_well_formed(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)), "{text:?}");
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0_i32;
    loop {
        let event = reader.read_event().unwrap_or_else(|e| panic!("{e}\n{text}"));
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            assert!(tag.attributes().all(|a| a.is_ok()), "{text}");
        }
        if let Event::GeneralRef(name) = &event {
            assert!(matches!(&**name, b"amp" | b"lt" | b"gt" | b"quot" | b"apos" | [b'#', ..]), "{text}");
        }
        if let Event::Text(words) = &event {
            assert!(!words.windows(3).any(|w| w == b"]]>"), "{text}");
        }
        depth += i32::from(matches!(event, Event::Start(_))) - i32::from(matches!(event, Event::End(_)));
        if matches!(event, Event::Eof) {
            break;
        }
    }
    assert_eq!(depth, 0, "{text}");
}

#[test]
fn a_feed_is_written_whole_in_three_formats() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let mut gone = known(&source, "2");
    gone.withdrawn = Some("2026-11-21T08:00:00Z".parse().unwrap());
    gone.item.published = None;
    let view = view(&site, vec![(&source, gone), (&source, known(&source, "1"))]);
    for file in files(&view) {
        insta::assert_snapshot!(file.path.clone(), String::from_utf8(file.bytes).unwrap());
    }
}

#[test]
fn the_same_items_are_the_same_bytes() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let once = || files(&view(&site, vec![(&source, known(&source, "1"))]));
    assert_eq!(once(), once());
}

#[test]
fn an_empty_feed_is_well_formed_and_says_nothing_of_now() {
    let site = site();
    for file in files(&view(&site, Vec::new())) {
        let feed = read(&file.bytes);
        assert!(feed.entries.is_empty());
        assert_eq!(feed.title.unwrap().content, "Improvement Board Watch");
        assert!(!String::from_utf8(file.bytes).unwrap().contains("lastBuildDate"));
    }
}

#[test]
fn the_rss_crate_finds_nothing_wrong() {
    use ::rss::validation::Validate;
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let bytes = super::rss::write(&view(&site, vec![(&source, known(&source, "1"))]));
    let mut channel = ::rss::Channel::read_from(&bytes[..]).unwrap();
    let item = &channel.items()[0];
    assert_eq!(item.pub_date(), Some("Thu, 04 Jul 2019 01:00:00 +0100"));
    assert!(!item.guid().unwrap().is_permalink());
    assert_eq!(item.enclosure().unwrap().url(), "https://www.council.example.org/minutes.pdf");
    assert_eq!(item.description(), Some("The board met &amp; agreed. Families &lt; 5 years waited."));
    // The crate wants a length above 0; the RSS profile asks for 0 where it is not known.
    channel.items[0].enclosure = None;
    channel.validate().unwrap();
}

#[test]
fn identities_survive_a_new_address_of_the_site_a_new_title_and_a_moved_page() {
    let (mut site, mut source) = (site(), source("trafford", "Trafford Council"));
    let ids = |site: &Site, source: &Source, item: KnownItem| -> Vec<Vec<String>> {
        let files = files(&view(site, vec![(source, item)]));
        files.iter().map(|f| read(&f.bytes).entries.iter().map(|e| e.id.clone()).collect()).collect()
    };
    let before = ids(&site, &source, known(&source, "1"));
    site.url = Url::parse("https://elsewhere.example.org").unwrap();
    source.url = Url::parse("https://new.example.org").unwrap();
    let mut moved = known(&source, "1");
    moved.revision = 2;
    moved.item.title = Text::line("Another title");
    moved.item.url = Url::parse("https://new.example.org/july").unwrap();
    assert_eq!(ids(&site, &source, moved), before);
    assert!(before.iter().all(|format| *format == before[0]), "{before:?}");
}

#[test]
fn a_withdrawn_item_stays_and_says_so() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let mut gone = known(&source, "1");
    gone.withdrawn = Some("2026-11-21T08:00:00Z".parse().unwrap());
    for file in files(&view(&site, vec![(&source, gone)])) {
        let feed = read(&file.bytes);
        assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Withdrawn: Update & news from the <Board>");
        assert!(String::from_utf8(file.bytes).unwrap().contains("21 November 2026"));
    }
}

#[test]
fn a_decision_that_the_body_holds_is_not_said_twice() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let mut item = known(&source, "1");
    item.item.text = Some(Text::new("RESOLVED:\n(a)  That the plan\nbe agreed."));
    let json: serde_json::Value = serde_json::from_slice(&super::json::write(&view(&site, vec![(&source, item)]))).unwrap();
    let text = json["items"][0]["content_text"].as_str().unwrap();
    assert!(text.contains("RESOLVED") && !text.contains("Decided:"), "{text}");
    assert_eq!(json["items"][0]["_boardwatch"]["decisions"][0]["text"], "That the plan be agreed.");
}

#[test]
fn a_link_of_another_scheme_is_not_handed_on() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let mut item = known(&source, "1");
    item.item.url = Url::parse("javascript:alert(1)").unwrap();
    item.item.documents[1].url = Some(Url::parse("file:///etc/passwd").unwrap());
    let view = view(&site, vec![(&source, item)]);
    for bytes in [super::rss::write(&view), super::atom::write(&view)] {
        let feed = String::from_utf8(bytes).unwrap();
        assert!(!feed.contains("javascript:") && !feed.contains("file:///"), "{feed}");
    }
    let json: serde_json::Value = serde_json::from_slice(&super::json::write(&view)).unwrap();
    assert_eq!(json["items"][0]["url"], "https://www.council.example.org/updates?a=1&b=2");
    assert_eq!(json["items"][0]["attachments"], serde_json::Value::Null);
}

#[test]
fn the_list_of_feeds_names_each_once_with_its_address() {
    let sources = [source("trafford", "Trafford & Sale \"Council\""), source("bury", "Bury Council")];
    let list = String::from_utf8(opml::write(&site(), &sources)).unwrap();
    for path in ["all", "trafford", "bury", "council/trafford-sale-council", "council/bury-council", "topic/childrens-services"] {
        let address = format!("xmlUrl=\"https://watch.example.org/feeds/{path}.xml\"");
        assert_eq!(list.matches(&address).count(), 1, "{path} in {list}");
    }
    assert!(!list.contains("& Sale"), "{list}");
}

/// Anything that a page or an admin could put into a field.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\PC\\x00-\\x20]{0,40}",
        Just("]]><script>alert(1)</script><!--".to_owned()),
        Just("&lt;b&gt; &amp;amp; <b> \u{202e}fdp\u{b}\u{ffff}\r\nBcc: x".to_owned()),
        Just("é".repeat(5_000)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_in_any_field_is_well_formed_and_the_titles_are_equal(
        title in words(), body in words(), markup in words(), council in words(), document in words(), size in words(),
        quote in words(), topic in words(),
    ) {
        let mut site = site();
        site.name.clone_from(&council);
        let mut source = source("trafford", &council);
        source.title.clone_from(&topic);
        source.topics = vec![topic];
        let mut item = known(&source, "1");
        item.item.title = Text::new(&title);
        item.item.text = Some(Text::new(&body));
        item.item.html = Some(SafeHtml::sanitise(&markup, None));
        item.item.documents[1].title = Text::new(&document);
        item.item.documents[1].size = Some(size.clone());
        item.item.documents[1].kind = Some(size);
        item.item.decisions[0].text = Text::new(&quote);
        if let Some(next) = item.item.next_meeting.as_mut() {
            next.quote = Text::new(&quote);
        }
        let expect = Text::line(Text::new(&title).as_str()).or_absent().or(Text::line(&format!("{}: {}", source.council, source.title)).or_absent());
        let ics = calendar::write(&site, &[(&source, item.clone())]);
        prop_assert!(String::from_utf8(ics).unwrap().split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        assert_well_formed(&opml::write(&site, std::slice::from_ref(&source)));
        for file in files(&view(&site, vec![(&source, item)])) {
            if !file.path.ends_with("json") {
                assert_well_formed(&file.bytes);
            }
            let feed = read(&file.bytes);
            prop_assert_eq!(feed.entries.len(), 1);
            let found = feed.entries[0].title.as_ref().map(|t| t.content.clone());
            prop_assert_eq!(found, expect.clone().map(|t| t.to_string()), "{}", file.path);
        }
    }
}

#[test]
fn a_revised_entry_says_what_changed_with_the_words_marked() {
    let (site, source) = (site(), source("trafford", "Trafford Council"));
    let mut revised = known(&source, "1");
    let mut before = revised.item.clone();
    before.text = Some(Text::new("The board met & agreed.\nFamilies < 6 years waited."));
    before.documents.push(Document {
        title: Text::line("Annex"),
        url: Url::parse("https://www.council.example.org/annex.pdf").ok(),
        kind: None,
        size: None,
        restricted: false,
    });
    (revised.revision, revised.before) = (2, Some(before));
    let view = view(&site, vec![(&source, revised.clone())]);
    let [rss, atom, json] = files(&view);
    for file in [&rss, &atom] {
        let feed = read(&file.bytes);
        let content = feed.entries[0].content.as_ref().and_then(|c| c.body.clone()).unwrap();
        for part in [
            "Changed on 20 November 2026: papers removed, text changed.",
            "Families &#60; <del>6</del> years",
            "Families &#60; <ins>5</ins> years",
        ] {
            assert!(content.contains(part), "{}: {part}: {content}", file.path);
        }
        assert_well_formed(&file.bytes);
    }
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
    let changed = &json["items"][0]["_boardwatch"]["changed"];
    assert_eq!(changed["classes"], serde_json::json!(["papers-removed", "correction"]));
    assert!(json["items"][0]["content_text"].as_str().unwrap().contains("- Before: Families < 6 years waited."));
    assert!(json["items"][0]["summary"].as_str().unwrap().starts_with("Changed on 20 November 2026"));
    revised.withdrawn = Some("2026-11-21T08:00:00Z".parse().unwrap());
    let gone = self::view(&site, vec![(&source, revised)]);
    assert!(files(&gone).iter().all(|file| !String::from_utf8_lossy(&file.bytes).contains("Changed on")));
}
