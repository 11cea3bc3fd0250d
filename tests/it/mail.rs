//! Mails as they leave: whole messages, read back with an outside parser.

use crate::support::browser::skipped;
use boardwatch::cli::preview::{PreviewArgs, PreviewKind, preview};
use boardwatch::config::Sender;
use boardwatch::domain::item::{Change, Item, ItemId, KnownItem};
use boardwatch::domain::site::Site;
use boardwatch::domain::source::{Source, SourceId};
use boardwatch::domain::subscriber::{Address, Cadence};
use boardwatch::render::email::{
    DigestMail, Head, ListHead, MailEntry, Tokens, WatchMail, WatchOccasion, Ways, assemble, digest, watch,
};
use boardwatch::render::page::Watched;
use boardwatch::rules::health::Health;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use mail_parser::MessageParser;
use serde_json::{Value, json};

fn site() -> Site {
    Site {
        name: "Improvement Board Watch".to_owned(),
        url: "https://boards.example.org".parse().unwrap(),
        contact: "admin@example.org".to_owned(),
        postal_address: Some("Town Hall, Sampleton".to_owned()),
        timezone: chrono_tz::Europe::London,
        language: "en-GB".to_owned(),
        topics: std::collections::BTreeMap::new(),
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-21T07:30:00Z".parse().unwrap()
}

fn source(id: &str, council: &str, title: &str) -> Source {
    Source::bare(
        SourceId::parse(id).unwrap(),
        council.to_owned(),
        title.to_owned(),
        format!("https://{id}.example/updates").parse().unwrap(),
    )
}

/// An item with these facts; all others are absent.
#[expect(clippy::needless_pass_by_value, reason = "called with a literal each time")]
fn item(facts: Value) -> Item {
    let mut whole = json!({
        "key": facts["title"], "url": "https://council.example/item", "published": null, "meeting": null, "text": null,
        "html": null, "documents": [], "decisions": [], "next_meeting": null,
    });
    for (name, fact) in facts.as_object().unwrap() {
        whole[name] = fact.clone();
    }
    serde_json::from_value(whole).unwrap()
}

/// One update, owned.
struct Told(Change, KnownItem, Option<Item>, Source);

fn told(change: Change, source: &Source, item: Item, before: Option<Item>) -> Told {
    let known = KnownItem {
        id: ItemId::of(&source.id, &item.key),
        source: source.id.clone(),
        revision: 1,
        first_seen: now(),
        revised: now(),
        withdrawn: (change == Change::Withdrawn).then(now),
        item,
        before: None,
    };
    Told(change, known, before, source.clone())
}

const MESSAGE_ID: &str = "<0123456789abcdef0123456789abcdef@example.org>";

fn message(told: &[Told]) -> Vec<u8> {
    let site = site();
    let entries = told.iter().map(|t| MailEntry { change: t.0, known: &t.1, before: t.2.as_ref(), source: &t.3 }).collect();
    let why = vec!["you follow Trafford Council".to_owned(), "the word “ofsted”".to_owned()];
    let tokens = Tokens {
        leave: "AQEsampletokensampletokensampletokensampletoken0",
        manage: "AgMsampletokensampletokensampletokensampletoken1",
    };
    let one_click = site.link("one-click/AQEsampletokensampletokensampletokensampletoken0");
    let rendered = digest(&DigestMail::new(&site, Cadence::Daily, why, Ways::of(&site, tokens), entries));
    let (from, to, owner) = (address("updates@example.org"), address("reader@example.org"), address("admin@example.org"));
    let list = ListHead {
        name: &site.name,
        id: "updates.boards.example.org",
        one_click_url: &one_click,
        unsubscribe_mailbox: None,
        owner: Some(&owner),
        feedback: ["digest", "daily"],
    };
    let head = Head {
        from_name: Some("Improvement Board Watch"),
        from: &from,
        to: &to,
        reply_to: None,
        date: now(),
        message_id: MESSAGE_ID,
        thread: None,
        list: Some(list),
    };
    assemble(&rendered, &head)
}

fn address(raw: &str) -> Address {
    Address::parse(raw).unwrap()
}

/// Whether every rule that any message to a subscriber has to keep is kept; answers with subject, text and HTML.
fn check(bytes: &[u8]) -> (String, String, String) {
    check_to(true, bytes)
}

/// The same, or of a message to somebody who gets no updates, and so has none to end.
fn check_to(is_subscriber: bool, bytes: &[u8]) -> (String, String, String) {
    let raw = std::str::from_utf8(bytes).unwrap();
    assert!(raw.is_ascii());
    assert!(!raw.replace("\r\n", "").contains(['\r', '\n', '\0']), "a bare line end");
    assert!(raw.split("\r\n").all(|line| line.len() <= 998));
    let mail = MessageParser::default().parse(bytes).unwrap();
    assert_eq!(mail.parts.len(), 3, "two parts in one alternative");
    for name in ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "MIME-Version", "Bcc"] {
        let times = mail.headers().iter().filter(|h| h.name().eq_ignore_ascii_case(name)).count();
        let is_there = match name {
            "Bcc" => false,
            "List-Unsubscribe" => is_subscriber,
            _ => true,
        };
        assert_eq!(times, usize::from(is_there), "{name}");
    }
    let one_click = mail.header_raw("List-Unsubscribe-Post").map(str::trim);
    assert_eq!(one_click, is_subscriber.then_some("List-Unsubscribe=One-Click"));
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    let html = mail.body_html(0).unwrap().replace("\r\n", "\n");
    let encoded_html = raw.rsplit("Content-Type: text/html").next().unwrap();
    assert!(encoded_html.len() < 102_400, "{}", encoded_html.len());
    assert!(bytes.len() <= 90_000, "{}", bytes.len());
    let page = scraper::Html::parse_document(&html);
    for link in page.select(&scraper::Selector::parse("a[href]").unwrap()) {
        let target = link.attr("href").unwrap().trim_start_matches("mailto:");
        assert!(text.contains(target), "{target} is in the HTML part only");
    }
    for line in text.lines() {
        assert!(line.chars().count() <= 76 || line.contains("://"), "{line}");
    }
    (mail.subject().unwrap().to_owned(), text, html)
}

fn board_update() -> Item {
    item(json!({
        "key": "board-2021-01", "title": "Improvement Board Update 19 January 2021",
        "url": "https://trafford.example/updates/19-january-2021", "published": "2021-02-23",
        "text": "Director’s progress report\nThe Board heard that 31 of 40 actions are complete; four are late.\nAll forty will be complete by April 2021.\nDate and time of next meeting\n10am - 12:30pm, Tuesday 2 March 2021",
        "documents": [
            {"title": "Progress report", "url": "https://trafford.example/report.pdf", "kind": "pdf", "size": "468 KB", "restricted": false},
            {"title": "Appendix 1", "url": null, "kind": null, "size": null, "restricted": false},
            {"title": "Placement costs", "url": null, "kind": "pdf", "size": null, "restricted": true}],
        "next_meeting": {"date": "2021-03-02", "start": "10:00", "end": "12:30", "quote": "10am - 12:30pm, Tuesday 2 March 2021"},
        "commitments": [{"due": "2021-04", "quote": "All forty will be complete by April 2021."}],
    }))
}

fn cabinet(text: &str, extra: bool) -> Item {
    let mut documents = vec![
        json!({"title": "Plan", "url": "https://hereford.example/plan.pdf", "kind": "pdf", "size": "1.2 MB", "restricted": false}),
    ];
    if extra {
        documents.push(json!({"title": "Printed minutes", "url": "https://hereford.example/minutes.pdf", "kind": "pdf", "size": "96 KB", "restricted": false}));
    }
    let decisions = if extra { json!([{"label": "a", "text": "That the plan be approved."}]) } else { json!([]) };
    item(json!({
        "key": "issue-1", "title": "Children’s services improvement plan", "url": "https://hereford.example/issue",
        "meeting": {"body": "Cabinet", "date": "2022-12-15", "item": "181"}, "text": text, "documents": documents, "decisions": decisions,
    }))
}

#[test]
fn one_new_item_is_a_mail_that_says_it() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let bytes = message(&[told(Change::New, &trafford, board_update(), None)]);
    let (subject, text, html) = check(&bytes);
    assert_eq!(subject, "Trafford: Improvement Board Update 19 January 2021");
    for fact in [
        "23 February 2021",
        "Tuesday 2 March 2021, 10am to 12:30pm",
        "(PDF, 468 KB)",
        "(to follow)",
        "(PDF, restricted)",
        "31 of 40 actions",
    ] {
        assert!(text.contains(fact) && html.contains(fact), "{fact}");
    }
    insta::assert_snapshot!("one", String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn seven_new_items_of_one_council_are_one_mail_newest_first() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let update = |n: u32| {
        item(json!({
            "title": format!("Improvement Board Update {n} May 2020"), "published": format!("2020-05-{n:02}"),
            "url": format!("https://trafford.example/{n}"), "text": format!("The Board met on {n} May and heard how staff, partners and young people see the changes."),
        }))
    };
    let told: Vec<Told> = [3, 7, 1, 5, 2, 6, 4].into_iter().map(|n| told(Change::New, &trafford, update(n), None)).collect();
    let bytes = message(&told);
    let (subject, text, html) = check(&bytes);
    assert_eq!(subject, "Trafford: Improvement Board Update 7 May 2020 and 6 more");
    for part in [&text, &html] {
        let at: Vec<usize> = (1..=7).rev().map(|n| part.find(&format!("Update {n} May 2020")).unwrap()).collect();
        assert!(at[1..].is_sorted(), "newest first: {at:?}");
    }
    insta::assert_snapshot!("seven", String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn a_revision_says_what_changed_and_a_withdrawal_what_is_gone() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let hereford = source("hereford", "Herefordshire Council", "Ofsted improvement plan");
    let before = cabinet("To approve the plan. Progress will be reported every three months. It costs £2.1 million.", false);
    let after = cabinet("To approve the plan. Progress will be reported every two months. It costs £2.1 million.", true);
    let bytes = message(&[
        told(Change::Withdrawn, &trafford, board_update(), None),
        told(Change::Revised, &hereford, after, Some(before)),
        told(Change::New, &trafford, item(json!({"title": "Bulletin", "text": "News."})), None),
    ]);
    let (subject, text, html) = check(&bytes);
    assert_eq!(subject, "Herefordshire: changed: Children’s services improvement plan (15 December 2022) and 2 more");
    for fact in [
        "Document added: Printed minutes (PDF, 96 KB)",
        "Decision added: (a) That the plan be approved.",
        "Cabinet, 15 December 2022, item 181",
        "noticed on 21 November 2026",
    ] {
        assert!(text.contains(fact) && html.contains(fact), "{fact}");
    }
    assert!(text.contains("Before: Progress will be reported every three months."), "{text}");
    assert!(html.contains("every <del class=\"del\">three</del> months."), "{html}");
    assert!(text.contains("What it said:") && text.contains("31 of 40"), "{text}");
    let board = html.find("Improvement Board Update 19 January 2021</a>").unwrap();
    let link = html[..board].rsplit("href=\"").next().unwrap();
    assert!(link.starts_with("https://boards.example.org/items/trafford/"), "the council's page is gone: {link}");
    assert!(html.contains("stood on the council’s site") && !html.contains("trafford.example/report.pdf"), "{html}");
    assert_eq!(html.matches("Hear no more of it").count(), 2, "of what is gone there is no more to hear");
    insta::assert_snapshot!("several", String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn a_hostile_title_changes_nothing_but_its_own_words() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let titles = [
        "Update\r\nBcc: everyone@example.org\r\n\r\nBody",
        "Nul\0 bell\u{7} escape\u{1b}[31m",
        "]]><script>alert(1)</script> & <b>bold</b> \"quoted\" 'too'",
        "\u{202e}fdp.exe\u{202c} \u{200f}עדכון מועצה\u{200f}",
        "=?utf-8?q?Encoded_already?=",
        ".",
        "{{ site.name }} {% raw %}",
    ];
    let mut updates: Vec<Told> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            told(
                Change::New,
                &trafford,
                item(json!({"key": n.to_string(), "title": title, "published": format!("2021-01-{:02}", 20 - n)})),
                None,
            )
        })
        .collect();
    updates.push(told(
        Change::New,
        &trafford,
        item(json!({"key": "long", "title": "x".repeat(5_000), "text": "y".repeat(5_000)})),
        None,
    ));
    for update in &updates {
        let (subject, text, html) = check(&message(&[told(update.0, &trafford, update.1.item.clone(), None)]));
        assert!(!subject.contains(['\r', '\n']) && subject.chars().count() < 200, "{subject}");
        assert!(!text.contains(['\0', '\u{7}', '\u{1b}', '\u{202e}']));
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:") || line == "Body"), "{text}");
    }
    let bytes = message(&updates);
    let (_, text, _) = check(&bytes);
    assert!(text.contains("]]><script>alert(1)</script> & <b>bold</b>"), "plain text is said as it is");
    insta::assert_snapshot!("hostile", String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn the_same_delivery_is_the_same_octets() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let hereford = source("hereford", "Herefordshire Council", "Ofsted improvement plan");
    let one = || told(Change::New, &trafford, board_update(), None);
    let two = || told(Change::New, &hereford, cabinet("Text.", true), None);
    assert!(message(&[one(), two()]) == message(&[two(), one()]), "whatever the order of what it tells");
}

#[test]
fn a_flood_is_cut_before_mail_programs_cut_it_and_the_way_out_stays() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    for (count, filler) in [(300, "Plain words of some length that fill a line. "), (300, "אבגדה וזחטי כלמנס עפצקר ")]
    {
        let flood: Vec<Told> = (0..count)
            .map(|n| {
                let text = filler.repeat(100);
                told(
                    Change::New,
                    &trafford,
                    item(json!({"key": n.to_string(), "title": format!("Update number {n:03} {filler}"), "text": text})),
                    None,
                )
            })
            .collect();
        let (subject, text, html) = check(&message(&flood));
        assert!(subject.ends_with(&format!("and {} more", count - 1)), "{subject}");
        for part in [&text, &html] {
            assert!(part.contains("AQEsampletoken") && part.contains(" more: see "), "{part}");
            assert!(part.contains("https://boards.example.org/archive"), "{part}");
        }
        let told_of = (0..count).filter(|n| html.contains(&format!("number {n:03}"))).count();
        assert!(html.contains(&format!("and {} more", count - told_of)), "{told_of} of {count} told");
    }
}

#[test]
fn a_long_digest_gives_its_room_to_what_matters_and_fills_it() {
    let councils: Vec<(Source, Source)> = (0..25)
        .map(|n| {
            let council = format!("Council {n:02}");
            (source(&format!("c{n}-a"), &council, "Housing"), source(&format!("c{n}-b"), &council, "Improvement Board"))
        })
        .collect();
    let note = |n: usize| {
        item(json!({"key": n.to_string(), "title": "Housing repair note", "published": "2026-11-20", "text": "Repairs go on."}))
    };
    let board = |n: usize| {
        let words = format!("Board {n:02} looked at the plan. {}", "It costs £1.2 million. ".repeat(30));
        let decisions: Value =
            (0..3).map(|d| json!({"label": null, "text": format!("That part {d} of plan {n:02} be agreed.")})).collect();
        item(json!({
            "key": n.to_string(), "title": format!("Meeting {n:02}"), "published": "2026-11-20", "text": words, "decisions": decisions,
        }))
    };
    let mut all = Vec::new();
    for (n, (housing, improvement)) in councils.iter().enumerate() {
        all.extend((0..4).map(|m| told(Change::New, housing, note(m), None)));
        if n < 21 {
            all.push(told(Change::New, improvement, board(n), None));
        }
    }
    assert_eq!(all.len(), 121);
    let bytes = message(&all);
    assert!(bytes.len() > 85_000, "{}", bytes.len());
    let (_, text, html) = check(&bytes);
    for n in 0..21 {
        let is_in_full = text.contains(&format!("That part 2 of plan {n:02} be agreed."));
        assert!(is_in_full && text.contains(&format!("Board {n:02} looked at the plan.")), "{n}: {text}");
    }
    assert!(!html.contains(" more: see "), "all of it is told, if only by its title");
    let places: Vec<_> = (0..21).map(|n| text.find(&format!("Meeting {n:02}")).unwrap()).collect();
    assert!(places.is_sorted(), "by council, whatever matters most");
    all.reverse();
    assert!(message(&all) == bytes, "whatever the order of what it tells");
}

#[test]
fn what_was_changed_or_withdrawn_does_not_drown_in_what_is_new() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let update = |n: u32| item(json!({"title": format!("Item {n}"), "published": "2026-11-20", "text": "Words. ".repeat(60)}));
    let old = |title: &str| item(json!({"title": title, "published": "2020-01-01", "text": "It was so."}));
    let mut all: Vec<Told> = (1..=200).map(|n| told(Change::New, &trafford, update(n), None)).collect();
    all.push(told(Change::Withdrawn, &trafford, old("Gone paper"), None));
    all.push(told(Change::Revised, &trafford, old("Amended paper"), Some(old("Earlier paper"))));
    let (subject, text, html) = check(&message(&all));
    assert_eq!(subject, "Trafford: Item 1 (20 November 2026) and 201 more");
    for part in [&text, &html] {
        let at = |what: &str| part.find(what).unwrap_or_else(|| panic!("no {what} in {part}"));
        let in_order = ["Item 1", "Amended paper", "Gone paper", "Item 2", "Item 3", "Item 10"]
            .map(|what| at(&format!("{what}{}", if part.contains("<html") { "</a>" } else { "\n" })));
        assert!(in_order.is_sorted(), "{in_order:?}");
    }
}

#[test]
fn an_amended_decision_is_told_once_word_by_word() {
    let hereford = source("hereford", "Herefordshire Council", "Ofsted improvement plan");
    let decided = |sum: &str| {
        let released = format!("That {sum} be released from reserves for the improvement plan.");
        item(json!({
            "title": "Reserves", "published": "2026-11-20",
            "text": format!("Cabinet met at the Town Hall.\nResolved:\n(a) That the report be noted by Cabinet.\n(b) {released}"),
            "decisions": [{"label": "a", "text": "That the report be noted by Cabinet."}, {"label": "b", "text": released}],
        }))
    };
    let bytes = message(&[told(Change::Revised, &hereford, decided("£350,000"), Some(decided("£250,000")))]);
    let (_, text, html) = check(&bytes);
    assert!(text.contains("Decision changed:") && text.contains("(decision changed):"), "{text}");
    assert!(!text.contains("Decision added") && !text.contains("Decision removed"), "{text}");
    for part in [&text, &html] {
        assert_eq!((part.matches("£350,000").count(), part.matches("£250,000").count()), (1, 1), "{part}");
        assert_eq!(part.matches("the report be noted").count(), 1, "{part}");
        assert!(part.contains("Other decisions") && part.contains("Cabinet met at the Town Hall."), "{part}");
    }
    assert!(html.contains("<ins class=\"ins\">£350,000</ins>"), "{html}");
}

#[test]
fn a_figure_that_was_changed_is_text_changed_and_not_corrected() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let costs =
        |sum: &str| item(json!({"title": "Budget", "published": "2026-11-20", "text": format!("It costs {sum} a year.")}));
    let (_, text, html) =
        check(&message(&[told(Change::Revised, &trafford, costs("£2.1 million"), Some(costs("£2.4 million")))]));
    assert!(text.contains("What changed (text changed):") && !html.contains("corrected"), "{text}");
}

#[test]
fn a_title_that_was_changed_is_called_one() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let named = |title: &str, text: &str| item(json!({"key": "1", "title": title, "published": "2026-11-20", "text": text}));
    let said = |now: Item| {
        let before = named("Early help", "The hub opened.");
        check(&message(&[told(Change::Revised, &trafford, now, Some(before))])).1
    };
    let text = said(named("Early help hub", "The hub opened."));
    assert!(text.contains("What changed (title changed):") && text.contains("The title was “Early help”"), "{text}");
    let text = said(named("Early help hub", "The hub closed."));
    assert!(text.contains("What changed (title changed, text changed):"), "{text}");
}

/// What is said of these pages in a month without news: how each was doing, and whether it was ever read.
fn quiet_month(pages: &[(Health, bool)]) -> (String, String) {
    let site = site();
    let watched = pages.iter().enumerate().map(|(n, (health, is_read))| Watched {
        source: source(&format!("page-{n}"), "Trafford Council", &format!("Page {n}")),
        last_read: is_read.then(now),
        health: *health,
        next_read: None,
        items: 1,
        newest: None,
    });
    let rendered = watch(&WatchMail {
        site: &site,
        occasion: WatchOccasion::StillWatching { since: "2026-11-01T07:30:00Z".parse().unwrap() },
        now: now(),
        watched: watched.collect(),
        why: vec!["you follow Trafford Council".to_owned()],
        ways: Ways::of(&site, Tokens { leave: "x", manage: "y" }),
    });
    assert!(rendered.text.replace('\n', " ").contains("Why: you follow Trafford Council."), "{}", rendered.text);
    (rendered.subject, rendered.text.replace('\n', " "))
}

#[test]
fn a_page_that_could_not_be_read_is_never_told_as_no_news() {
    let (quiet, dead) = ((Health::Quiet, true), (Health::Unreachable, true));
    let check = |pages: &[(Health, bool)], subject: &str, first: &str| {
        let (said, text) = quiet_month(pages);
        assert_eq!(said, subject);
        assert!(text.contains(first), "{first}: {text}");
        let all_are_read = pages.iter().all(|page| *page == quiet);
        assert_eq!(text.starts_with("Still watching, nothing new"), all_are_read, "{text}");
        assert_eq!(text.contains("we do not know whether anything new is there"), !all_are_read, "{text}");
        let any_is_read = pages.contains(&quiet);
        assert_eq!(text.contains("nothing new"), any_is_read, "{text}");
        let how = if pages.len() == 1 { "This is how it is doing:" } else { "This is how they are doing:" };
        assert!(text.contains(how), "{text}");
    };
    let nothing_new = "Still watching, nothing new since 1 November 2026";
    check(&[quiet], nothing_new, "nothing new, changed or withdrawn on the page that you follow.");
    check(&[quiet, quiet], nothing_new, "nothing new, changed or withdrawn on the 2 pages that you follow.");
    check(
        &[quiet, dead, quiet],
        "1 of 3 pages could not be read; nothing new on the others since 1 November 2026",
        "Of the 3 pages that you follow, 1 could not be read when we last tried",
    );
    check(
        &[quiet, dead],
        "1 of 2 pages could not be read; nothing new on the other since 1 November 2026",
        "On the other we have seen nothing new",
    );
    check(
        &[dead],
        "The page that you follow could not be read on 21 November 2026",
        "The page that you follow could not be read",
    );
    check(
        &[dead, (Health::NotReadYet, false)],
        "None of the 2 pages that you follow could be read on 21 November 2026",
        "None of the 2 pages that you follow could be read",
    );
}

#[test]
fn previews_are_whole_messages() {
    let from = Sender { name: Some("Improvement Board Watch".to_owned()), address: address("updates@example.org") };
    let show = |kind| preview(&PreviewArgs { kind, to: address("someone@example.org") }, &site(), &from, &[], now()).unwrap();
    let (subject, ..) = check(&show(PreviewKind::Digest));
    assert!(subject.ends_with(" and 2 more"), "{subject}");
    let (subject, text, _) = check(&show(PreviewKind::Changed));
    assert!(subject.contains("changed: ") && text.replace("\n    ", " ").contains("every three months"), "{subject}\n{text}");
    let confirm = show(PreviewKind::Confirm);
    let mail = MessageParser::default().parse(&confirm).unwrap();
    assert_eq!(mail.subject(), Some("Confirm that you want updates from Improvement Board Watch"));
    assert!(mail.body_text(0).unwrap().contains("https://boards.example.org/confirm/"));
    assert!(mail.header_raw("List-Unsubscribe").is_none(), "nobody is subscribed yet");
}

#[test]
fn a_name_or_address_outside_ascii_is_encoded_where_it_may_be_and_left_out_where_not() {
    let trafford = source("trafford", "Trafford Council", "Improvement plan updates");
    let site = site();
    let update = told(Change::New, &trafford, board_update(), None);
    let entry = MailEntry { change: update.0, known: &update.1, before: None, source: &update.3 };
    let rendered = digest(&DigestMail::new(
        &site,
        Cadence::Weekly,
        vec![],
        Ways::of(&site, Tokens { leave: "x", manage: "y" }),
        vec![entry],
    ));
    let (from, domain, local) = (address("updates@example.org"), address("reader@bücher.example"), address("lésér@example.org"));
    let head = |to| Head {
        from_name: Some("Cyngor Môn \"x\"\r\nBcc: a"),
        from: &from,
        to,
        reply_to: None,
        date: now(),
        message_id: MESSAGE_ID,
        thread: None,
        list: None,
    };
    let idna = String::from_utf8(assemble(&rendered, &head(&domain))).unwrap();
    assert!(idna.contains("To: reader@xn--bcher-kva.example\r\n") && !idna.contains("\r\nBcc"), "{}", &idna[..600]);
    let hidden = String::from_utf8(assemble(&rendered, &head(&local))).unwrap();
    assert!(hidden.is_ascii() && hidden.contains("To: Undisclosed recipients:;\r\n"), "{}", &hidden[..600]);
}

/// Each kind of mail, whole.
#[test]
fn each_kind_of_mail_keeps_its_shape() {
    let from = Sender { name: Some("Improvement Board Watch".to_owned()), address: address("updates@example.org") };
    for kind in PreviewKind::value_variants() {
        let args = PreviewArgs { kind: *kind, to: address("someone@example.org") };
        let bytes = preview(&args, &site(), &from, &[], now()).unwrap();
        let is_asked = matches!(kind, PreviewKind::Confirm | PreviewKind::Move);
        let has_left =
            [PreviewKind::Goodbye, PreviewKind::EndedByLink, PreviewKind::Moved, PreviewKind::MovedBack].contains(kind);
        check_to(!is_asked && !has_left, &bytes);
        let name = format!("kind-{}", kind.to_possible_value().unwrap().get_name());
        insta::assert_snapshot!(name, String::from_utf8(bytes).unwrap().replace('\r', ""));
    }
}

/// Python's parser is stricter than any mail program: it names what it had to forgive.
#[test]
fn python_finds_no_defect_in_any_kind_of_mail() {
    let script = r#"
import email, email.policy, sys
for path in sys.argv[1:]:
    message = email.message_from_bytes(open(path, "rb").read(), policy=email.policy.SMTP.clone(raise_on_defect=True))
    faults = [str(d) for part in message.walk() for d in part.defects]
    for name, value in message.items():
        faults += [f"{name}: {d}" for d in value.defects]
    assert not faults, (path, faults)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"], kinds
    for part in message.iter_parts():
        assert part.get_content().strip(), path
    assert message["Date"].datetime and message["Message-ID"] and message["From"].addresses
print("no defect")
"#;
    let from = Sender { name: Some("Cyngor Môn: Board Watch".to_owned()), address: address("updates@example.org") };
    let folder = tempfile::tempdir().unwrap();
    let mut python = std::process::Command::new("python3");
    python.args(["-c", script]);
    for kind in PreviewKind::value_variants() {
        let args = PreviewArgs { kind: *kind, to: address("someone@bücher.example") };
        let path = folder.path().join(format!("{kind:?}.eml"));
        std::fs::write(&path, preview(&args, &site(), &from, &[], now()).unwrap()).unwrap();
        python.arg(path);
    }
    let Ok(ran) = python.output() else {
        skipped("there is no python3 on this machine");
        return;
    };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
