//! Signing up and saying yes on the web pages, with good input and bad.

use crate::support::site::{KEY, Served, header, known, source};
use boardwatch::domain::bundle::Bundle;
use boardwatch::domain::occasion::Occasion;
use boardwatch::domain::subscriber::{Address, Cadence, Ending, SubscriberId};
use boardwatch::rules::estimate::Past;
use boardwatch::rules::token::{Keyring, Purpose};
use boardwatch::store::Row;
use boardwatch::store::engine::prefix_range;
use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt};
use reqwest::Method;

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// What a browser sends for these fields.
pub fn body(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn id(address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap(), &KEY)
}

/// A site that watches two pages of one council and one of another.
pub async fn served() -> Served {
    let served = Served::start().await;
    *served.book.sources.lock().unwrap() = vec![
        source("bury-board", "Bury Council", "Board updates"),
        source("bury-ofsted", "Bury Council", "Ofsted <letters>"),
        source("torbay", "Torbay Council", "Minutes"),
    ];
    served
}

/// The letters in the outbox: to whom, and why.
pub async fn letters(served: &Served) -> Vec<(u128, Occasion)> {
    let bundles: Vec<Row<Bundle>> = served.book.store.rows(prefix_range(b"bundle/")).try_collect().await.unwrap();
    bundles.iter().filter_map(|row| Some((row.value.members()[0].number, row.value.occasion?))).collect()
}

pub async fn post(served: &Served, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = served.ask(Method::POST, path, &[FORM, ("sec-fetch-site", "same-origin")], &body(fields)).await;
    assert_eq!(header(&answer, "set-cookie"), "");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Signs up and says yes; answers with the link to their own page.
pub async fn subscribed(served: &Served, address: &str) -> String {
    let (status, _) = post(served, "/subscribe", &[("address", address), ("council.bury-council", "daily")]).await;
    assert_eq!(status, 200);
    let Some((_, Occasion::Confirm { until })) = letters(served)
        .await
        .into_iter()
        .rfind(|(who, why)| *who == id(address).number() && matches!(why, Occasion::Confirm { .. }))
    else {
        panic!("nobody was asked");
    };
    let link = confirm_link(address, until);
    let (status, page) = post(served, &link, &[]).await;
    assert_eq!(status, 200, "{page}");
    let manage = page.split_once("href=\"/manage/").expect(&page).1.split_once('"').unwrap().0;
    format!("/manage/{manage}")
}

pub fn confirm_link(address: &str, until: chrono::DateTime<chrono::Utc>) -> String {
    let token =
        boardwatch::rules::token::Token { purpose: Purpose::Confirm, subscriber: id(address), expires: Some(until), life: None };
    format!("/confirm/{}", Keyring::of(KEY).sign(&token))
}

#[tokio::test]
async fn the_form_offers_everything_councils_pages_topics_and_words() {
    let served = served().await;
    let page = served.get("/subscribe", &[]).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for part in [
        "<label for=\"address\">Your email address</label>",
        "autocomplete=\"email\"",
        "name=\"everything\"",
        "name=\"council.bury-council\"",
        "Only some pages of Bury Council",
        "name=\"page.bury-ofsted\"",
        "Ofsted &#60;letters&#62;",
        "name=\"topic.childrens-services\"",
        "name=\"keywords\"",
        "name=\"keywords.often\"",
        "href=\"/privacy\"",
        "name=\"often\" type=\"radio\" value=\"daily\" checked",
        "name=\"council.bury-council.often\"",
        "<option value=\"\" selected>As often as the rest</option>",
    ] {
        assert!(page.contains(part), "{part} not in {page}");
    }
    assert!(page.matches(" checked").count() == 1 && page.matches("<h1>").count() == 1);
}

#[tokio::test]
async fn an_estimate_is_worked_out_and_nothing_is_sent() {
    let served = served().await;
    let sources = served.book.sources.lock().unwrap().clone();
    let past = |n: i64| Past {
        at: crate::support::site::now() - TimeDelta::days(n * 7),
        source: sources[0].clone().into(),
        item: known(&sources[0], &n.to_string(), "Update", None).item.into(),
    };
    *served.book.past.lock().unwrap() = (0..12).map(past).collect();
    let fields = [("address", "resident@example.org"), ("council.bury-council", "weekly"), ("do", "estimate")];
    let (status, page) = post(&served, "/subscribe", &fields).await;
    assert_eq!(status, 200);
    assert!(page.contains("What you have chosen means about 4 emails a month"), "{page}");
    assert!(page.contains("value=\"resident@example.org\"") && page.contains("value=\"weekly\" checked"), "{page}");
    assert!(letters(&served).await.is_empty());
}

#[tokio::test]
async fn the_answer_is_the_same_for_addresses_known_unknown_and_gone() {
    let served = served().await;
    served.subscribe("known@example.org").await;
    let (gone, _) = served.subscribe("gone@example.org").await;
    served.book.store.end_subscriptions(&gone, Ending::AddressGone, crate::support::site::now()).await.unwrap();
    let mut answers = Vec::new();
    for address in ["stranger@example.org", "known@example.org", "gone@example.org"] {
        let (status, page) = post(&served, "/subscribe", &[("address", address), ("everything", "daily")]).await;
        answers.push((status, page.replace(address, "ADDRESS")));
        let (status, page) = post(&served, "/manage", &[("address", address)]).await;
        answers.push((status, page.replace(address, "ADDRESS")));
    }
    assert_eq!(answers[0].0, 200);
    assert!(answers[0].1.contains("Check your inbox"));
    // Whether one is sent depends on what was sent today, so none is promised.
    for (_, page) in &answers {
        assert!(page.contains("our newest email") && page.contains("no new one comes today"), "{page}");
    }
    assert_eq!([&answers[0], &answers[1]], [&answers[2], &answers[3]]);
    assert_eq!([&answers[0], &answers[1]], [&answers[4], &answers[5]]);
    let mut sent: Vec<_> = letters(&served).await.into_iter().map(|(who, why)| (who, why.as_str())).collect();
    sent.sort_unstable();
    let (stranger, known) = (id("stranger@example.org").number(), id("known@example.org").number());
    let mut expected = vec![(stranger, "confirm"), (known, "known"), (known, "manage")];
    expected.sort_unstable();
    assert_eq!(sent, expected, "a stranger has no page of their own");
}

#[tokio::test]
async fn a_yes_begins_what_was_chosen_and_a_second_yes_changes_nothing() {
    let served = served().await;
    let fields = [
        ("address", " Resident+x@EXAMPLE.org "),
        ("council.bury-council", "immediate"),
        ("topic.childrens-services", "weekly"),
        ("keywords", "school places"),
        ("keywords.often", "weekly"),
    ];
    let (status, page) = post(&served, "/subscribe", &fields).await;
    assert_eq!(status, 200);
    assert!(page.contains("Resident+x@example.org"), "{page}");
    let (_, why) = letters(&served).await[0];
    let Occasion::Confirm { until } = why else { panic!("{why:?}") };
    let link = confirm_link("resident+x@example.org", until);
    for _ in 0..3 {
        let shown = served.get(&link, &[]).await;
        assert_eq!((shown.status().as_u16(), header(&shown, "cache-control")), (200, "no-store"));
        let shown = shown.text().await.unwrap();
        for part in ["Bury Council, as soon as", "“school places”, once a week", "R***@e***.org", "<button type=\"submit\">"]
        {
            assert!(shown.contains(part), "{part} not in {shown}");
        }
        assert!(served.book.store.person(&id("resident+x@example.org")).await.unwrap().is_none(), "GET changes nothing");
    }
    for said in ["You are subscribed", "You have confirmed this already"] {
        let (status, page) = post(&served, &link, &[]).await;
        assert_eq!(status, 200);
        assert!(page.contains(said), "{page}");
    }
    let rows = served.book.store.subscriptions(&id("resident+x@example.org")).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.origin.as_str(), row.value.interests.councils.len())).collect();
    assert_eq!(said, [("web:immediate", 1), ("web:weekly", 0)]);
    let consent = &served.book.store.consents(&id("resident+x@example.org")).await.unwrap()[0].value;
    assert!(consent.wording.as_ref().unwrap().text.contains("with one click in every email"));
    assert_eq!(letters(&served).await.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>(), ["confirm", "welcome"]);

    // The link of a person who has left since brings nobody back.
    let store = &served.book.store;
    store.end_subscriptions(&id("resident+x@example.org"), Ending::Unsubscribed, crate::support::site::now()).await.unwrap();
    let (status, page) = post(&served, &link, &[]).await;
    assert_eq!(status, 410);
    assert!(page.contains("have left since"), "{page}");
}

/// Until when those can be confirmed who were asked whether to add something.
async fn additions(served: &Served) -> Vec<chrono::DateTime<chrono::Utc>> {
    let until = |why: Occasion| if let Occasion::Add { until } = why { Some(until) } else { None };
    letters(served).await.into_iter().filter_map(|(_, why)| until(why)).collect()
}

#[tokio::test]
async fn a_second_sign_up_shows_what_there_is_and_what_is_new_and_its_yes_adds() {
    let served = served().await;
    subscribed(&served, "resident@example.org").await;
    let fields = [("address", "resident@example.org"), ("council.torbay-council", "weekly")];
    let (status, page) = post(&served, "/subscribe", &fields).await;
    assert!(status == 200 && page.contains("Check your inbox"), "{page}");
    let added = additions(&served).await.pop();
    let link = confirm_link("resident@example.org", added.unwrap());
    let shown = served.get(&link, &[]).await.text().await.unwrap();
    for part in [
        "We will also write to",
        "<li dir=\"auto\">Torbay Council, once a week</li>",
        "already goes on:</p>",
        "<li dir=\"auto\">Bury Council, once a day</li>",
    ] {
        assert!(shown.contains(part), "{part} not in {shown}");
    }
    // Asked for again, beyond what one address is mailed in a day: the button of before does not say yes to that.
    for _ in 0..3 {
        let fields = [("address", "resident@example.org"), ("everything", "daily")];
        served.book.advance(TimeDelta::seconds(1));
        assert_eq!(post(&served, "/subscribe", &fields).await.0, 200);
    }
    let button = format!("/confirm/{}", shown.split_once("action=\"/confirm/").unwrap().1.split_once('"').unwrap().0);
    let corrected = confirm_link("resident@example.org", additions(&served).await.into_iter().max().unwrap());
    let stale = format!("{corrected}?{}", button.split_once('?').unwrap().1);
    let (_, page) = post(&served, &stale, &[]).await;
    assert!(page.contains("once a day</li>") && !page.contains("You are subscribed"), "{page}");
    let gets = async || served.book.store.subscriptions(&id("resident@example.org")).await.unwrap().len();
    assert_eq!(gets().await, 1, "it shows what is asked now instead");
    let (_, page) = post(&served, &button, &[]).await;
    assert!(page.contains("You are subscribed"), "{page}");
    assert_eq!(gets().await, 2);
}

#[tokio::test]
async fn a_sign_up_for_the_same_at_another_rhythm_asks_whether_to_change_it_and_its_yes_leaves_one_line() {
    let served = served().await;
    let manage = subscribed(&served, "resident@example.org").await;
    let fields = [("address", "resident@example.org"), ("council.bury-council", "weekly")];
    assert_eq!(post(&served, "/subscribe", &fields).await.0, 200);
    let link = confirm_link("resident@example.org", additions(&served).await.pop().unwrap());
    let shown = served.get(&link, &[]).await.text().await.unwrap();
    for part in [
        "<h1>Do you want this change?</h1>",
        "What we send to r***@e***.org will change:",
        "<li dir=\"auto\">Bury Council, once a week instead of once a day</li>",
        "Yes, change it</button>",
    ] {
        assert!(shown.contains(part), "{part} not in {shown}");
    }
    assert!(!shown.contains("already goes on"), "nothing else does: {shown}");
    let (status, done) = post(&served, &link, &[]).await;
    assert_eq!(status, 200);
    assert!(done.contains("<h1>What you get has changed</h1>") && !done.contains("You are subscribed"), "{done}");
    assert!(done.contains("<li dir=\"auto\">Bury Council, once a week instead of once a day</li>"), "{done}");
    let page = served.get(&manage, &[]).await.text().await.unwrap();
    assert!(page.contains("<li dir=\"auto\">Bury Council, once a week</li>"), "{page}");
    assert!(!page.contains("Bury Council, once a day") && page.contains("value=\"weekly\" checked"), "{page}");
    // What goes on is told beside it.
    let fields = [("address", "resident@example.org"), ("council.torbay-council", "weekly"), ("monthly", "yes")];
    post(&served, "/subscribe", &fields).await;
    post(&served, &confirm_link("resident@example.org", additions(&served).await.into_iter().max().unwrap()), &[]).await;
    let fields = [("address", "resident@example.org"), ("council.torbay-council", "daily"), ("page.bury-ofsted", "daily")];
    served.book.advance(TimeDelta::days(1));
    assert_eq!(post(&served, "/subscribe", &fields).await.0, 200);
    let link = confirm_link("resident@example.org", additions(&served).await.into_iter().max().unwrap());
    let shown = served.get(&link, &[]).await.text().await.unwrap();
    let (asked, goes_on) = shown.split_once("already goes on:").expect(&shown);
    assert!(asked.contains("Torbay Council, once a day instead of once a week</li>"), "{asked}");
    assert!(asked.contains("“Ofsted &#60;letters&#62;” of Bury Council, once a day</li>"), "{asked}");
    assert!(goes_on.contains("Bury Council, once a week</li>") && !goes_on.contains("Torbay Council"), "{goes_on}");
}

#[tokio::test]
async fn an_address_that_our_own_mail_comes_from_is_not_signed_up() {
    let served = served().await;
    let manage = subscribed(&served, "resident@example.org").await;
    let before = letters(&served).await.len();
    for ours in ["updates@boards.example.org", "Updates@Boards.Example.org", "bounces+x1@boards.example.org"] {
        for path in ["/subscribe", "/manage", &format!("{manage}/address")] {
            let (status, page) = post(&served, path, &[("address", ours), ("everything", "daily")]).await;
            assert_eq!(status, 422, "{path} {ours}");
            assert!(page.contains("this is one that our emails come from"), "{path} {ours}: {page}");
        }
    }
    assert_eq!(letters(&served).await.len(), before);
    let (status, _) = post(&served, "/subscribe", &[("address", "clerk@boards.example.org"), ("everything", "daily")]).await;
    assert_eq!(status, 200, "other mailboxes there are people's");
}

#[tokio::test]
async fn a_link_that_is_altered_old_or_for_something_else_says_so() {
    let served = served().await;
    let manage = subscribed(&served, "resident@example.org").await;
    let until = crate::support::site::now() - TimeDelta::minutes(1);
    let old = confirm_link("resident@example.org", until);
    let raw = manage.trim_start_matches("/manage/");
    let check = async |path: String, expect: u16, words: &str| {
        for method in [Method::GET, Method::POST] {
            // What was pressed is on a page.
            let words = if expect == 410 && method == Method::POST { "This page has been open for too long" } else { words };
            let answer = served.ask(method.clone(), &path, &[FORM], "").await;
            assert_eq!(answer.status(), expect, "{method} {path}");
            let page = answer.text().await.unwrap();
            assert!(page.contains(words) && page.contains("href=\"/manage\""), "{method} {path}: {page}");
        }
    };
    check(old, 410, "This link is too old").await;
    check(format!("/confirm/{raw}"), 403, "This link is for something else").await;
    check(format!("/unsubscribe/{raw}"), 403, "This link is for something else").await;
    check(format!("/confirm/{}", &raw[..40]), 400, "This link does not work").await;
    check(format!("/confirm/{}", "A".repeat(4000)), 400, "This link does not work").await;
    served.book.advance(TimeDelta::days(31));
    assert_eq!(served.get(&manage, &[]).await.status(), 410);
    for path in ["choice", "pause", "go-on", "address", "download", "leave", "erase"] {
        let (status, page) = post(&served, &format!("{manage}/{path}"), &[("sure", "yes")]).await;
        assert_eq!(status, 410, "{path}");
        assert!(page.contains("This page has been open for too long") && page.contains("Nothing has changed."), "{path}: {page}");
    }
    assert!(served.book.store.to_be_mailed(&id("resident@example.org")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_form_with_faults_comes_back_with_what_was_typed_and_what_is_wrong() {
    let served = served().await;
    let check = async |fields: &[(&str, &str)], field: &str, fault: &str| {
        let (status, page) = post(&served, "/subscribe", fields).await;
        assert_eq!(status, 422, "{fields:?}");
        assert!(page.contains("<title>Error: "), "{page}");
        assert!(page.contains(&format!("<a href=\"#{field}\">{fault}</a>")), "{fault} not in {page}");
        assert!(page.contains(&format!("id=\"{field}\"")), "{page}");
    };
    check(&[("everything", "daily")], "address", "Enter your email address").await;
    check(&[("address", "a@example.org")], "everything", "Choose at least one thing to hear about").await;
    let many = "x@example.org,y@example.org";
    check(
        &[("address", many), ("everything", "daily")],
        "address",
        "Enter an email address in the correct format, like name@example.com",
    )
    .await;
    let header = "x@example.org\r\nBcc: y@example.org";
    check(
        &[("address", header), ("everything", "daily")],
        "address",
        "Enter an email address in the correct format, like name@example.com",
    )
    .await;
    check(
        &[("address", "a@example.org"), ("keywords", "<b>x</b>")],
        "keywords.often",
        "Choose how often we write about your words",
    )
    .await;
    let (_, page) = post(&served, "/subscribe", &[("address", "\"><script>"), ("keywords", "</textarea><b>")]).await;
    assert!(!page.contains("<script>") && !page.contains("</textarea><b>"), "{page}");
    assert!(letters(&served).await.is_empty());
}

#[tokio::test]
async fn what_is_no_answer_to_the_form_is_refused() {
    let served = served().await;
    let fine = [("address", "a@example.org"), ("everything", "daily")];
    let junk: Vec<(&str, &str)> = [("x", "y")].repeat(3000);
    let long = "x".repeat(60_000);
    for (fields, expect) in [
        (vec![("address", "a@example.org"), ("address", "b@example.org"), ("everything", "daily")], 400),
        (vec![("address", "a@example.org"), ("everything", "hourly")], 400),
        (junk, 400),
        (vec![("address", long.as_str()), ("everything", "daily")], 422),
    ] {
        let (status, page) = post(&served, "/subscribe", &fields).await;
        assert_eq!(status, expect);
        assert!(page.contains("<h1>"), "{page}");
    }
    let huge = body(&[("keywords", &"x".repeat(70_000))]);
    assert_eq!(served.ask(Method::POST, "/subscribe", &[FORM], &huge).await.status(), 413);
    for (headers, expect) in [
        (vec![FORM, ("sec-fetch-site", "cross-site")], 403),
        (vec![FORM, ("origin", "https://evil.example.com")], 403),
        (vec![("content-type", "application/json")], 415),
        (vec![("content-type", "multipart/form-data; boundary=b")], 415),
    ] {
        assert_eq!(served.ask(Method::POST, "/subscribe", &headers, &body(&fine)).await.status(), expect, "{headers:?}");
    }
    let trapped = [("address", "a@example.org"), ("everything", "daily"), ("website", "https://spam.example.com")];
    assert_eq!(post(&served, "/subscribe", &trapped).await.0, 200);
    assert!(letters(&served).await.is_empty());
}

#[tokio::test]
async fn thousands_of_sign_ups_from_one_network_make_few_mails_and_others_are_served() {
    let served = served().await;
    let ask = &async |n: usize, from: &str| {
        // The later ones each at a domain of its own.
        let domain = if n < 20_000 { "example.org".to_owned() } else { format!("town{n}.example") };
        let fields = body(&[("address", &format!("victim{n}@{domain}")), ("everything", "daily")]);
        // A connection each: one that is used again may be closed by the other side at that moment.
        let headers = [FORM, ("x-forwarded-for", from), ("connection", "close")];
        served.ask(Method::POST, "/subscribe", &headers, &fields).await.status().as_u16()
    };
    // Ten thousand in one minute by the site's clock, many at a time; in between somebody from elsewhere.
    let all = futures::stream::iter(0..10_000_usize).map(|n| async move {
        if n % 1_000 == 500 {
            (true, ask(n, "198.51.100.7").await)
        } else {
            (false, ask(n, &format!("203.0.113.{}", n % 256)).await)
        }
    });
    let answers: Vec<(bool, u16)> = all.buffer_unordered(16).collect().await;
    let said = |is_other: bool, status: u16| answers.iter().filter(|answer| **answer == (is_other, status)).count();
    assert_eq!((said(true, 200), said(false, 200), said(false, 429)), (10, 20, 9_970), "others are served");
    assert_eq!(letters(&served).await.len(), 30);
    // What is held of all that: four short rows for each letter, and a mark or two.
    let rows = served.book.store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap();
    let octets: usize = rows.iter().map(|(key, found)| key.len() + found.value.len()).sum();
    assert!(rows.len() <= 4 * 30 + 2 && octets < 100_000, "{} rows, {octets} octets", rows.len());
    // Whatever the networks, so many in an hour and no more.
    let mut statuses = Vec::new();
    for n in 0..700_usize {
        statuses.push(ask(20_000 + n, &format!("{}.{}.0.1", 10 + n / 250, n % 250)).await);
    }
    assert_eq!(letters(&served).await.len(), 600);
    assert_eq!(statuses.iter().filter(|status| **status == 503).count(), 700 - (600 - 30));
    served.book.advance(TimeDelta::hours(1));
    assert_eq!(ask(30_000, "203.0.113.5").await, 200);
}

#[tokio::test]
async fn ten_thousand_sign_ups_from_one_range_of_ipv6_close_sign_up_for_nobody_else() {
    let served = served().await;
    let ask = &async |n: usize, from: &str| {
        let fields = body(&[("address", &format!("victim@town{n}.example")), ("everything", "daily")]);
        let headers = [FORM, ("x-forwarded-for", from), ("connection", "close")];
        served.ask(Method::POST, "/subscribe", &headers, &fields).await.status().as_u16()
    };
    // A visitor for each network that somebody with a /48 can come from, again and again.
    let all =
        futures::stream::iter(0..10_000_usize).map(|n| async move { ask(n, &format!("2001:db8:77:{:x}00::1", n % 256)).await });
    let answers: Vec<u16> = all.buffer_unordered(16).collect().await;
    let said = |status: u16| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((said(200), said(429)), (30, 9_970));
    assert_eq!(letters(&served).await.len(), 30);
    for honest in ["81.2.69.160", "2001:db8:78::1", "2a00:23c8::1"] {
        assert_eq!(ask(20_000 + honest.len(), honest).await, 200, "{honest}");
    }
}

#[tokio::test]
async fn addresses_of_every_kind_are_one_person_each() {
    let served = served().await;
    for address in ["o'brien@example.org", "reader@bücher.example", "reader@xn--bcher-kva.example", "a+b@example.org"] {
        let (status, page) = post(&served, "/subscribe", &[("address", address), ("everything", "daily")]).await;
        assert_eq!(status, 200, "{page}");
        // Shown in its own letters.
        let shown = if address.contains("reader") { "reader@bücher.example" } else { &address.replace('\'', "&#39;") };
        assert!(page.contains(shown), "{shown} not in {page}");
    }
    assert_eq!(letters(&served).await.len(), 3, "both spellings of one domain are one address");
    let request = &served.book.store.requests(&id("reader@bücher.example")).await.unwrap()[0].value;
    assert_eq!(request.address.as_ref().unwrap().as_str(), "reader@xn--bcher-kva.example");
    let cadence = Cadence::Daily;
    let chosen = served.book.store.requested_choice(&id("a+b@example.org"), request.until).await.unwrap().unwrap();
    assert!(chosen.value.choice.at(cadence).unwrap().everything);
}
