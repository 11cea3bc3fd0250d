//! What people do on their own page, and what link scanners cannot.

use super::recorded;
use super::sign_up::{FORM, id, letters, post, served, subscribed};
use crate::support::site::{Served, header, known, now};
use boardwatch::domain::consent::How;
use boardwatch::domain::item::ItemId;
use boardwatch::domain::occasion::Occasion;
use boardwatch::domain::source::SourceId;
use boardwatch::domain::subscriber::{Cadence, Ending};
use boardwatch::store::engine::prefix_range;
use chrono::TimeDelta;
use reqwest::Method;

const WHO: &str = "resident@example.org";

/// What of every row is stored: to see whether anything changed.
async fn everything(served: &Served) -> Vec<(Vec<u8>, u64)> {
    let rows = served.book.store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap();
    rows.into_iter().map(|(key, found)| (key, found.version)).collect()
}

async fn gets(served: &Served, address: &str) -> Vec<(Cadence, Vec<String>)> {
    let mailed = served.book.store.to_be_mailed(&id(address)).await.unwrap();
    mailed.map(|(_, rows)| rows.into_iter().map(|row| (row.cadence, row.interests.councils)).collect()).unwrap_or_default()
}

#[tokio::test]
async fn the_page_shows_what_is_sent_and_saves_what_is_chosen() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let page = served.get(&manage, &[]).await;
    assert_eq!(
        (page.status().as_u16(), header(&page, "cache-control"), header(&page, "x-robots-tag")),
        (200, "no-store", "noindex")
    );
    let page = page.text().await.unwrap();
    assert!(page.contains("<li dir=\"auto\">Bury Council, once a day</li>") && page.contains("r***@e***.org"), "{page}");
    assert!(!page.contains(WHO), "links are forwarded with their mails");
    assert!(page.contains("then emails you about what you have chosen") && !page.contains("By signing up"), "{page}");
    let (status, page) = post(&served, &format!("{manage}/choice"), &[("council.torbay-council", "weekly")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Saved.") && page.contains("Torbay Council, once a week"), "{page}");
    assert_eq!(gets(&served, WHO).await, [(Cadence::Weekly, vec!["Torbay Council".to_owned()])]);
    let consents = served.book.store.consents(&id(WHO)).await.unwrap();
    let by_link = consents.iter().find(|row| row.value.how == How::ChangedByLink).unwrap();
    let wording = by_link.value.wording.as_ref().unwrap();
    assert!(wording.text.contains("then emails you") && wording.version.ends_with("/change"), "what was shown: {wording:?}");
    let (status, page) = post(&served, &format!("{manage}/choice"), &[]).await;
    assert_eq!(status, 422);
    assert!(page.contains("Choose at least one thing"), "{page}");
    assert_eq!(gets(&served, WHO).await.len(), 1);
}

#[tokio::test]
async fn updates_pause_until_a_day_and_go_on() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    for (until, expect) in [("2026-11-21", 422), ("2028-01-01", 422), ("soon", 422), ("", 422), ("2026-12-24", 200)] {
        assert_eq!(post(&served, &format!("{manage}/pause"), &[("until", until)]).await.0, expect, "{until}");
    }
    let person = served.book.store.person(&id(WHO)).await.unwrap().unwrap().value;
    assert_eq!(person.paused_until, Some("2026-12-24T00:00:00Z".parse().unwrap()));
    assert!(served.get(&manage, &[]).await.text().await.unwrap().contains("paused until 24 December 2026"));
    let (_, page) = post(&served, &format!("{manage}/go-on"), &[]).await;
    assert!(page.contains("Your updates go on.") && !page.contains("paused until"), "{page}");
}

#[tokio::test]
async fn the_end_can_be_undone_for_a_day() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let (status, page) = post(&served, &format!("{manage}/leave"), &[]).await;
    assert_eq!(status, 200);
    assert!(page.contains("You are unsubscribed"), "{page}");
    let undo = |page: &str| format!("/undo/{}", page.split_once("action=\"/undo/").expect(page).1.split_once('"').unwrap().0);
    let undo = undo(&page);
    assert_eq!(served.get(&undo, &[]).await.status(), 405);
    assert!(gets(&served, WHO).await.is_empty());
    for _ in 0..2 {
        let (status, page) = post(&served, &undo, &[]).await;
        assert_eq!(status, 200);
        assert!(page.contains("You are subscribed again"), "{page}");
        assert!(page.contains("are not sent later") && page.contains("href=\"/archive\""), "{page}");
    }
    assert_eq!(gets(&served, WHO).await.len(), 1);
    let (_, page) = post(&served, &format!("{manage}/leave"), &[("goodbye", "yes")]).await;
    assert!(page.contains("/undo/"));
    assert!(page.contains("no more updates to r***@e***.org, only one last email that says so."), "{page}");
    assert!(!page.contains("nothing else to do"), "{page}");
    assert_eq!(letters(&served).await.last().unwrap().1, Occasion::Goodbye);
    served.book.advance(TimeDelta::days(2));
    let (status, page) = post(&served, &undo, &[]).await;
    assert_eq!(status, 410);
    assert!(page.contains("This cannot be undone any more") && !page.contains("Links in our emails"), "{page}");
    assert!(gets(&served, WHO).await.is_empty());
    assert_eq!(served.get(&manage, &[]).await.status(), 410, "there is nothing to manage any more");
}

#[tokio::test]
async fn another_address_is_asked_first() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    assert_eq!(post(&served, &format!("{manage}/address"), &[("address", "not one")]).await.0, 422);
    let (status, page) = post(&served, &format!("{manage}/address"), &[("address", "new@example.org")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("new@example.org"), "{page}");
    assert_eq!(gets(&served, WHO).await.len(), 1, "not before it says yes");
    let (who, why) = *letters(&served).await.iter().find(|(who, _)| *who == id("new@example.org").number()).unwrap();
    let Occasion::Confirm { until } = why else { panic!("{who} {why:?}") };
    let link = super::sign_up::confirm_link("new@example.org", until);
    assert!(served.get(&link, &[]).await.text().await.unwrap().contains("instead of the address that they go to now"));
    assert_eq!(post(&served, &link, &[]).await.0, 200);
    assert!(gets(&served, WHO).await.is_empty());
    assert_eq!(gets(&served, "new@example.org").await, [(Cadence::Daily, vec!["Bury Council".to_owned()])]);
    assert!(letters(&served).await.contains(&(id(WHO).number(), Occasion::Moved)));
}

#[tokio::test]
async fn what_a_list_file_notes_is_among_what_is_held() {
    let served = served().await;
    let (listed, _) = served.subscribe("listed@example.org").await;
    let manage = boardwatch::rules::token::Keyring::of(crate::support::site::KEY).link(
        boardwatch::rules::token::Purpose::Manage,
        &listed,
        now(),
    );
    let (status, held) = post(&served, &format!("/manage/{manage}/download"), &[]).await;
    assert_eq!(status, 200);
    let held: serde_json::Value = serde_json::from_str(&held).unwrap();
    let consent = &held["consents"][0];
    assert_eq!((&consent["how"], &consent["note"]), (&"noted-by-admin".into(), &"asked at the meeting of 3 March".into()));
    assert_eq!(consent["choice"]["daily"]["everything"], true);
    assert_eq!(consent["given"], held["subscriptions"][0]["began"]);
}

/// The fields that a browser sends of a form as it stands in a page.
fn ticked(page: &str) -> Vec<(&str, &str)> {
    let form = page.split_once("/choice\"").unwrap().1.split_once("</form>").unwrap().0;
    let inputs = form.split("<input ").skip(1).map(|input| input.split_once('>').unwrap().0);
    let ticked = inputs.filter(|input| input.ends_with(" checked"));
    ticked.filter_map(|input| Some((value(input, "name")?, value(input, "value")?))).collect()
}

/// An attribute of a tag.
fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split_once('"').map(|(value, _)| value)
}

#[tokio::test]
async fn a_page_chosen_alone_stays_chosen_though_it_is_the_councils_only_one() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let (status, _) = post(&served, &format!("{manage}/choice"), &[("page.torbay", "daily")]).await;
    assert_eq!(status, 200);
    let page = served.get(&manage, &[]).await.text().await.unwrap();
    assert!(page.contains("Only one page of Torbay Council"), "{page}");
    assert_eq!(ticked(&page), [("page.torbay", "yes"), ("often", "daily")]);
    let (status, page) = post(&served, &format!("{manage}/choice"), &ticked(&page)).await;
    assert_eq!(status, 200);
    assert!(page.contains("<li dir=\"auto\">“Minutes” of Torbay Council, once a day</li>"), "{page}");
    // Who has not chosen it is not asked: one page is the whole council.
    let page = served.get("/subscribe", &[]).await.text().await.unwrap();
    assert!(!page.contains("page.torbay") && page.contains("page.bury-ofsted"), "{page}");
}

#[tokio::test]
async fn moving_to_an_address_that_has_updates_says_what_comes_to_it_and_lists_nothing_twice() {
    let served = served().await;
    let lines = |page: &str| -> Vec<String> {
        let items = page.split("<li dir=\"auto\">").skip(1);
        items.map(|item| item.split_once("</li>").unwrap().0.to_owned()).collect()
    };
    let (bury, torbay, all) =
        ("Bury Council, once a day", "Torbay Council, once a day", "every council and page that we watch, once a day");
    // What the new address gets already, what is said, what is listed, and what its own page lists after that.
    let cases = [
        (
            "a@example.org",
            "council.torbay-council",
            "They will come to a***@e***.org too",
            vec![bury, torbay],
            vec![bury, torbay],
        ),
        ("b@example.org", "everything", "comes to b***@e***.org already", vec![all], vec![all]),
    ];
    for (n, (new, gets, said, asked, after)) in cases.into_iter().enumerate() {
        let old = format!("old{n}@example.org");
        let manage = subscribed(&served, &old).await;
        let page = subscribed(&served, new).await;
        post(&served, &format!("{page}/choice"), &[(gets, "daily")]).await;
        post(&served, &format!("{manage}/address"), &[("address", new)]).await;
        let why = letters(&served).await.into_iter().rfind(|(who, why)| *who == id(new).number() && why.as_str() == "add");
        let Some((_, Occasion::Add { until })) = why else { panic!("{why:?}") };
        let link = super::sign_up::confirm_link(new, until);
        let shown = served.get(&link, &[]).await.text().await.unwrap();
        assert!(shown.contains(said) && shown.contains("other address") && !shown.contains("instead of"), "{shown}");
        assert_eq!(lines(&shown), asked, "{shown}");
        assert_eq!(post(&served, &link, &[]).await.0, 200);
        let shown = served.get(&page, &[]).await.text().await.unwrap();
        let mut listed = lines(&shown);
        listed.sort();
        assert_eq!(listed, after, "{shown}");
    }
}

#[tokio::test]
async fn a_form_saved_as_it_stands_changes_nothing() {
    let served = served().await;
    let address = boardwatch::domain::subscriber::Address::parse("noted@example.org").unwrap();
    let bury = boardwatch::domain::subscriber::Interests { councils: vec!["Bury Council".into()], ..Default::default() };
    let choice = [(Cadence::Daily, bury)].into_iter().collect();
    let noted = id("noted@example.org");
    served.book.store.record_noted(&noted, &address, &choice, false, "on paper", now()).await.unwrap();
    let keyring = boardwatch::rules::token::Keyring::of(crate::support::site::KEY);
    let manage = format!("/manage/{}", keyring.link(boardwatch::rules::token::Purpose::Manage, &noted, now()));
    let page = served.get(&manage, &[]).await.text().await.unwrap();
    let before = everything(&served).await;
    let (status, page) = post(&served, &format!("{manage}/choice"), &ticked(&page)).await;
    assert!(status == 200 && page.contains("Saved."), "{page}");
    assert_eq!(everything(&served).await, before);
}

#[tokio::test]
async fn everything_that_is_held_can_be_taken_and_erased() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let answer = served.ask(Method::POST, &format!("{manage}/download"), &[FORM], "").await;
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert!(header(&answer, "content-disposition").starts_with("attachment"));
    let held: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(held["address"], WHO);
    assert_eq!(held["subscriptions"][0]["origin"], "web:daily");
    assert_eq!(held["consents"][0]["how"], "confirmed-by-mail");
    assert!(held["consents"][0]["wording"]["text"].as_str().unwrap().contains("one click"));
    assert_eq!(held["requests"].as_array().unwrap().len(), 1);
    let kinds: Vec<_> = held["deliveries"].as_array().unwrap().iter().map(|d| (d["kind"].clone(), d["state"].clone())).collect();
    assert_eq!(kinds, [("confirm".into(), "waiting".into()), ("welcome".into(), "waiting".into())]);

    assert_eq!(post(&served, &format!("{manage}/erase"), &[]).await.0, 422, "the box has to be ticked");
    let (status, page) = post(&served, &format!("{manage}/erase"), &[("sure", "yes")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Everything about you is erased"), "{page}");
    assert!(served.book.store.person(&id(WHO)).await.unwrap().is_none());
    assert_eq!(served.book.store.erased(&id(WHO)).await.unwrap().unwrap().value.why, Ending::Erased);
    assert_eq!(post(&served, &format!("{manage}/download"), &[]).await.0, 410);
}

/// An item in the store, as a poll records it.
async fn published(served: &Served) -> (SourceId, ItemId) {
    let source = served.book.sources.lock().unwrap()[0].clone();
    let known = known(&source, "a", "Board <update>", None);
    recorded(&served.book.store, &known).await;
    (source.id, known.id)
}

#[tokio::test]
async fn one_thing_is_heard_of_no_more_and_then_again() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let (source, item) = published(&served).await;
    let link = format!("{manage}/mute/{source}/{item}");
    let page = served.get(&link, &[]).await.text().await.unwrap();
    assert!(page.contains("Board &#60;update&#62;"), "{page}");
    assert!(served.book.store.mutes(&id(WHO)).await.unwrap().is_empty(), "GET changes nothing");
    assert_eq!(post(&served, &link, &[]).await.0, 200);
    assert_eq!(served.book.store.mutes(&id(WHO)).await.unwrap().len(), 1);
    let page = served.get(&manage, &[]).await.text().await.unwrap();
    let unmute = format!("{manage}/unmute/{item}");
    assert!(page.contains(&format!("action=\"{unmute}\"")), "{page}");
    assert_eq!(post(&served, &unmute, &[]).await.0, 200);
    assert!(served.book.store.mutes(&id(WHO)).await.unwrap().is_empty());
    for nothing in ["bury-board/00000000000000000000000000000000", "no such/thing"] {
        assert_eq!(served.get(&format!("{manage}/mute/{nothing}"), &[]).await.status(), 404);
    }
}

#[tokio::test]
async fn a_scanner_that_follows_every_link_changes_nothing() {
    let served = served().await;
    let manage = subscribed(&served, WHO).await;
    let (source, item) = published(&served).await;
    post(&served, "/subscribe", &[("address", "other@example.org"), ("everything", "daily")]).await;
    let until = boardwatch::rules::token::Purpose::Confirm.expiry(now()).unwrap();
    let (_, leave) = served.subscribe("listed@example.org").await;
    let confirm = super::sign_up::confirm_link("other@example.org", until);
    let mut paths = vec![confirm, format!("/unsubscribe/{leave}"), format!("/one-click/{leave}")];
    paths.extend([manage.clone(), format!("{manage}/mute/{source}/{item}"), "/subscribe".into(), "/manage".into()]);
    for act in ["choice", "pause", "go-on", "address", "download", "leave", "erase"] {
        paths.push(format!("{manage}/{act}"));
    }
    let before = everything(&served).await;
    for path in paths {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE, Method::PATCH] {
            let headers = [("sec-purpose", "prefetch"), FORM];
            let answer = served.ask(method.clone(), &path, &headers, "List-Unsubscribe=One-Click&sure=yes").await;
            assert!(answer.status().as_u16() < 500, "{method} {path}");
        }
    }
    assert_eq!(everything(&served).await, before);
}
