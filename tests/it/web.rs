//! The web pages as readers, mail programs, link scanners and attackers use them.

use super::support::site::{KEY, Served, header, known, now, source};
use boardwatch::domain::item::Meeting;
use boardwatch::domain::subscriber::{Ending, SubscriberId};
use boardwatch::rules::token::{Keyring, Purpose};
use reqwest::Method;
use std::sync::atomic::Ordering;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn the_front_page_shows_what_is_watched_what_is_new_and_where_the_feeds_are() {
    let served = Served::start().await;
    let sources = [source("trafford", "Trafford <Council>", "Improvement plan updates")];
    served.publish(&sources, &[known(&sources[0], "a", "Board & <b>plan</b>", Some("2026-07-04"))]);
    let answer = served.get("/", &[]).await;
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    let page = answer.text().await.unwrap();
    for part in [
        "Trafford &#60;Council&#62;",
        "Board &#38; &#60;b&#62;plan&#60;/b&#62;",
        "https://trafford.example.org/updates/a",
        "4 July 2026",
        "21 November 2026, 10am",
        "type=\"application/rss+xml\" title=\"Improvement Board Watch (RSS)\" href=\"http://127.0.0.1:8080/feeds/all.xml\"",
        "http://127.0.0.1:8080/feeds/trafford.json",
        "http://127.0.0.1:8080/feeds/meetings.ics",
    ] {
        assert!(page.contains(part), "{part} not in {page}");
    }
}

#[tokio::test]
async fn a_day_on_which_we_looked_is_not_shown_as_one_on_which_the_council_published() {
    let served = Served::start().await;
    let sources = [source("trafford", "Trafford Council", "Improvement plan updates")];
    served.publish(&sources, &[known(&sources[0], "a", "Board paper", None)]);
    let page = served.get("/", &[]).await.text().await.unwrap();
    assert!(page.contains(">First seen 20 November 2026</span>"), "{page}");
}

#[tokio::test]
async fn a_day_stands_once_over_everything_that_is_of_it() {
    let served = Served::start().await;
    let sources = [source("trafford", "Trafford Council", "Improvement plan updates")];
    let mut meeting = known(&sources[0], "b", "Papers of the Board", None);
    meeting.item.meeting = Some(Meeting::on(None, "2026-11-20".parse().ok()));
    let others = ["a", "c"].map(|key| known(&sources[0], key, "Board update", Some("2026-11-20")));
    let [first, last] = others;
    served.publish(&sources, &[known(&sources[0], "d", "Newer", Some("2026-11-21")), first, meeting, last]);
    let page = served.get("/", &[]).await.text().await.unwrap();
    assert_eq!(page.matches("<time datetime=\"2026-11-20\">20 November 2026</time>").count(), 1, "{page}");
    assert_eq!(page.matches("class=\"day\"").count(), 2, "{page}");
    assert!(page.contains("Meeting of 20 November 2026</span>"), "{page}");
}

#[tokio::test]
async fn a_network_that_hammers_the_search_is_sent_away_and_the_others_are_answered() {
    let served = Served::start().await;
    let search = async |from: &str| served.get("/search?q=plan", &[("x-forwarded-for", from)]).await;
    let mut away = 0;
    for _ in 0..130 {
        let answer = search("203.0.113.7").await;
        if answer.status() == 429 {
            assert_eq!(header(&answer, "retry-after"), "60");
            away += 1;
        }
    }
    // The allowance comes back by the clock, and this one stands still.
    assert_eq!(away, 10);
    assert_ne!(search("198.51.100.7").await.status(), 429);
    let form = served.get("/search", &[("x-forwarded-for", "203.0.113.7")]).await;
    assert_ne!(form.status(), 429, "the form alone costs nothing");
}

#[tokio::test]
async fn a_link_scanner_changes_nothing() {
    let served = Served::start().await;
    let (id, token) = served.subscribe("resident@example.org").await;
    for path in [format!("/unsubscribe/{token}"), format!("/one-click/{token}")] {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
            let prefetch = [("sec-purpose", "prefetch"), FORM];
            let answer = served.ask(method.clone(), &path, &prefetch, "List-Unsubscribe=One-Click").await;
            assert!(answer.status().as_u16() < 500, "{method} {path}");
            assert_eq!(served.book.standing(&id).await, None, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_page_asks_with_a_button_and_its_form_ends_the_mail() {
    let served = Served::start().await;
    let (id, token) = served.subscribe("resident@example.org").await;
    let path = format!("/unsubscribe/{token}");
    let page = served.get(&path, &[]).await;
    assert_eq!(page.status(), 200);
    for (name, value) in [("cache-control", "no-store"), ("x-robots-tag", "noindex"), ("referrer-policy", "no-referrer")] {
        assert_eq!(header(&page, name), value);
    }
    let page = page.text().await.unwrap();
    assert!(page.contains(&format!("<form method=\"post\" action=\"/unsubscribe/{token}\">")), "{page}");
    assert!(page.contains("r***@e***.org") && !page.contains("resident@example.org"), "{page}");

    for _ in 0..2 {
        let done = served.ask(Method::POST, &path, &[FORM, ("sec-fetch-site", "same-origin")], "").await;
        assert_eq!(done.status(), 200);
        assert_eq!(header(&done, "set-cookie"), "");
        assert!(done.text().await.unwrap().contains("You are unsubscribed"));
        assert_eq!(served.book.standing(&id).await, Some(Ending::Unsubscribed));
    }
    assert!(served.get(&path, &[]).await.text().await.unwrap().contains("You are unsubscribed"));
}

#[tokio::test]
async fn one_click_ends_the_mail_in_both_encodings_and_again() {
    let served = Served::start().await;
    let part = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let multipart = ("content-type", "multipart/form-data; boundary=b");
    for (address, kind, body) in [("a@example.org", FORM, "List-Unsubscribe=One-Click"), ("b@example.org", multipart, part)] {
        let (id, token) = served.subscribe(address).await;
        for _ in 0..2 {
            let done = served.ask(Method::POST, &format!("/one-click/{token}"), &[kind], body).await;
            assert_eq!((done.status().as_u16(), header(&done, "set-cookie")), (200, ""));
            assert_eq!(served.book.standing(&id).await, Some(Ending::Unsubscribed));
        }
    }
}

#[tokio::test]
async fn one_click_without_the_pair_changes_nothing() {
    let served = Served::start().await;
    let (id, token) = served.subscribe("resident@example.org").await;
    for (kind, body) in
        [(FORM, ""), (FORM, "List-Unsubscribe=no"), (("content-type", "text/plain"), "List-Unsubscribe=One-Click")]
    {
        let answer = served.ask(Method::POST, &format!("/one-click/{token}"), &[kind], body).await;
        assert_eq!(answer.status(), 400, "{body:?}");
    }
    assert_eq!(served.book.standing(&id).await, None);
}

#[tokio::test]
async fn one_click_by_get_is_refused_with_the_page_that_has_the_button() {
    let served = Served::start().await;
    let (_, token) = served.subscribe("resident@example.org").await;
    let answer = served.get(&format!("/one-click/{token}"), &[]).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "allow"), header(&answer, "cache-control")), (405, "POST", "no-store"));
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    assert!(answer.text().await.unwrap().contains(&format!("action=\"/unsubscribe/{token}\"")));
}

#[tokio::test]
async fn a_forged_token_or_one_for_another_purpose_is_refused() {
    let served = Served::start().await;
    let (id, token) = served.subscribe("resident@example.org").await;
    let other_end = if token.ends_with('A') { "B" } else { "A" };
    let altered = format!("{}{other_end}", &token[..token.len() - 1]);
    let confirm = Keyring::of(KEY).link(Purpose::Confirm, &id, now());
    let other_key = Keyring::of([8; 32]).link(Purpose::Unsubscribe, &id, now());
    for forged in [altered, confirm, other_key, "A".repeat(5_000), "..%2f..%2fetc".to_owned(), "%00".to_owned(), "%ff".to_owned()]
    {
        for path in [format!("/unsubscribe/{forged}"), format!("/one-click/{forged}")] {
            let shown = served.get(&path, &[]).await.status().as_u16();
            let acted = served.ask(Method::POST, &path, &[FORM], "List-Unsubscribe=One-Click").await;
            assert!(matches!(shown, 400 | 403) && matches!(acted.status().as_u16(), 400 | 403), "{path}: {shown} {acted:?}");
            assert!(acted.text().await.unwrap().contains("<h1>"), "{path}");
        }
    }
    assert_eq!(served.book.standing(&id).await, None);
}

#[tokio::test]
async fn a_form_on_another_site_cannot_end_the_mail() {
    let served = Served::start().await;
    let (id, token) = served.subscribe("resident@example.org").await;
    let answer = served.ask(Method::POST, &format!("/unsubscribe/{token}"), &[FORM, ("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(answer.status(), 403);
    assert_eq!(served.book.standing(&id).await, None);
}

#[tokio::test]
async fn somebody_who_was_erased_is_told_that_no_mail_is_sent() {
    let served = Served::start().await;
    let (id, _) = served.subscribe("resident@example.org").await;
    let nobody = Keyring::of(KEY).link(Purpose::Unsubscribe, &somebody_else(&id), now());
    for method in [Method::GET, Method::POST] {
        let answer = served.ask(method, &format!("/unsubscribe/{nobody}"), &[FORM], "").await;
        assert_eq!(answer.status(), 200);
        let page = answer.text().await.unwrap();
        assert!(page.contains("You are unsubscribed") && page.contains("it has been erased"), "{page}");
        assert!(!page.contains("four weeks"), "{page}");
    }
}

fn somebody_else(than: &SubscriberId) -> SubscriberId {
    let digits: String = than.as_str().chars().rev().collect();
    SubscriberId::parse(&digits).unwrap()
}

#[tokio::test]
async fn what_goes_wrong_is_said_on_a_page_that_gives_nothing_away() {
    let served = Served::start().await;
    let (_, token) = served.subscribe("resident@example.org").await;
    served.book.panics.store(true, Ordering::SeqCst);
    let huge = "x".repeat(70_000);
    let one_click = format!("/one-click/{token}");
    for (method, path, body, status) in [
        (Method::GET, "/nothing-here", "", 404),
        (Method::POST, "/", "", 405),
        (Method::POST, one_click.as_str(), huge.as_str(), 413),
        (Method::GET, "/", "", 500),
    ] {
        let answer = served.ask(method, path, &[FORM], body).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8", "{path}");
        assert!(header(&answer, "content-security-policy").starts_with("default-src 'none'"), "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("<h1>") && !page.contains("asked to panic"), "{page}");
    }
    assert_eq!(header(&served.ask(Method::POST, "/", &[], "").await, "allow"), "GET,HEAD");
}

#[tokio::test]
async fn enormous_headers_are_refused_and_browsers_are_answered() {
    let served = Served::start().await;
    let one = |bytes: usize| vec![("x-padding", "x".repeat(bytes))];
    let many = vec![("x-padding", "x".repeat(500)); 60];
    for (headers, status) in [(one(8_000), 200), (one(20_000), 431), (many, 431), (one(200_000), 431), (one(5_000_000), 431)] {
        let bytes: usize = headers.iter().map(|(_, value)| value.len()).sum();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut request = served.client.get(format!("{}/status", served.base));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        // Who is still sending when the answer comes may find the line closed.
        match request.send().await {
            Ok(answer) => assert_eq!(answer.status(), status, "{bytes}"),
            Err(error) => assert!(bytes > 100_000, "{bytes}: {error}"),
        }
        assert_eq!(served.get("/healthz", &[]).await.status(), 200);
    }
    let answer = served.get("/status", &[("x-padding", "x".repeat(20_000).as_str())]).await;
    assert!(answer.text().await.unwrap().contains("That is too much to take in"));
}

#[tokio::test]
async fn every_page_has_an_icon_that_may_be_kept() {
    let served = Served::start().await;
    let page = served.get("/status", &[]).await;
    assert!(header(&page, "content-security-policy").contains("img-src 'self';"));
    assert!(page.text().await.unwrap().contains("<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\" sizes=\"any\">"));
    for (path, kind, start) in [("/icon.svg", "image/svg+xml", &b"<svg "[..]), ("/favicon.ico", "image/x-icon", &[0, 0, 1, 0])] {
        let icon = served.get(path, &[]).await;
        assert_eq!((icon.status().as_u16(), header(&icon, "content-type")), (200, kind), "{path}");
        assert_eq!(header(&icon, "cache-control"), "max-age=604800");
        let tag = header(&icon, "etag").to_owned();
        assert!(icon.bytes().await.unwrap().starts_with(start), "{path}");
        assert_eq!(served.get(path, &[("if-none-match", &tag)]).await.status(), 304);
    }
}

#[tokio::test]
async fn the_process_says_that_it_is_well() {
    let served = Served::start().await;
    assert_eq!(served.get("/healthz", &[]).await.text().await.unwrap(), "ok\n");
}

#[tokio::test]
async fn a_stop_is_not_held_up_by_an_idle_connection() {
    use boardwatch::web::serve;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let serving = tokio::spawn(serve(listener, axum::Router::new(), shutdown.clone()));
    let idle = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    shutdown.cancel();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(60), serving).await;
    assert!(ended.is_ok(), "still serving");
    drop(idle);
}
