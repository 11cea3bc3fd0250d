//! Somebody moves to another address, and everything that is so at the one is so at the other: what they get, what they were
//! told, a pause. And erasing reaches both.

use super::erased::{holding, mailed, post};
use crate::support::app::App;
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::subscriber::{Address, SubscriberId};
use boardwatch::store::engine::prefix_range;
use chrono::TimeDelta;
use std::path::PathBuf;

const OLD: &str = "zebra.before@example.org";
const NEW: &str = "zebra.after@example.org";
const NEXT: &str = "zebra.next@example.org";

/// A link of that kind in any mail to somebody, in its text or its head.
fn mailed_any(app: &App, who: &str, kind: &str) -> String {
    let kept = app.smtp.kept();
    let mails = kept.iter().filter(|kept| kept.to.iter().any(|to| to == who));
    let link = mails.filter_map(|kept| {
        let mail = mail_parser::MessageParser::default().parse(&kept.bytes).unwrap();
        let text = format!("{} {}", mail.header_raw("List-Unsubscribe").unwrap_or_default(), mail.body_text(0).unwrap());
        let words: Vec<String> = text.split(|c: char| c.is_whitespace() || "<>,".contains(c)).map(str::to_owned).collect();
        words.into_iter().find(|word| word.contains(kind))
    });
    link.min().unwrap()
}

/// A mail program ends it all with a link from before the move, and the new address is told; it is taken back.
async fn ended_by_an_old_link(app: &App, front: &Front) {
    let is_mailed = async || {
        let id = SubscriberId::of(&Address::parse(NEW).unwrap(), &front.world.key);
        front.world.store.to_be_mailed(&id).await.unwrap().is_some()
    };
    let (old, new) = (mailed_any(app, OLD, "/one-click/"), app.inbox(NEW).len());
    for again in 0..2 {
        let answer = post(&old, "List-Unsubscribe=One-Click").await;
        assert!(answer.contains("They have ended there too") && !answer.contains("zebra"), "{answer}");
        assert!(!is_mailed().await);
        front.world.deliver(&front.config, &|| false).await.unwrap();
        assert_eq!(app.inbox(NEW).len(), new + 1, "one word of it: {again}");
    }
    let last = app.inbox(NEW).pop().unwrap();
    assert!(last.subject.starts_with("No more updates"), "{}", last.subject);
    for part in [&last.text, &last.html] {
        assert!(part.contains("the unsubscribe link of a mail to z***@e***.org, the address from which"), "{part}");
    }
    let page = reqwest::get(old.replace("one-click", "unsubscribe")).await.unwrap().text().await.unwrap();
    let undo = page.split('"').find(|part| part.contains("/undo/")).unwrap().to_owned();
    assert!(post(&front.url(&undo), "").await.contains("You are subscribed again"));
    assert!(is_mailed().await);
    let page = reqwest::get(old.replace("one-click", "unsubscribe")).await.unwrap().text().await.unwrap();
    assert!(page.contains("to another one, where they go on") && page.contains("<button"), "{page}");
}

#[tokio::test]
async fn a_move_takes_the_pause_and_what_was_told_along_and_erasing_reaches_every_address() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let publish = |newest: u32| {
        let posts: Vec<(u32, &str)> = (1..=newest).rev().map(|n| (n, "The Board met.")).collect();
        for (path, page) in blog(&posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
    };
    publish(2);
    let front = Front::open(&app).await;
    front.pass().await;
    let store = &front.world.store;
    let deliver = async || front.world.deliver(&front.config, &|| false).await.unwrap();
    let id = |address: &str| SubscriberId::of(&Address::parse(address).unwrap(), &front.world.key);
    for who in [OLD, "stays@example.org"] {
        post(&front.url("/subscribe"), &format!("address={who}&everything=immediate")).await;
        deliver().await;
        post(&mailed(&app, who, "/confirm/"), "").await;
        deliver().await;
    }
    publish(3);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(app.inbox(OLD).pop().unwrap().subject.contains("Update 3"));

    // Paused, and moved.
    let manage = mailed(&app, OLD, "/manage/");
    post(&format!("{manage}/pause"), "until=2026-12-24").await;
    post(&format!("{manage}/address"), &format!("address={NEW}")).await;
    deliver().await;
    let asked = app.inbox(NEW).pop().unwrap();
    let (subject, text) = (asked.subject, asked.text.replace('\n', " "));
    let until = "paused until 24 December 2026";
    assert!(subject.contains("go to this address") && text.contains("the other address gets no more"), "{text}");
    assert!(text.contains(until), "{text}");
    let confirm = mailed(&app, NEW, "/confirm/");
    assert!(reqwest::get(&confirm).await.unwrap().text().await.unwrap().contains(until));
    let answer = post(&confirm, "").await;
    assert!(answer.contains(until) && answer.contains("End the pause") && !answer.contains("as soon as"), "{answer}");
    deliver().await;
    let welcome = app.inbox(NEW).pop().unwrap().text.replace('\n', " ");
    assert!(welcome.contains(until) && welcome.contains("When your pause is over"), "{welcome}");
    let behind_link = welcome.split_once("/manage/").unwrap().1.split_once(' ').unwrap().1;
    assert!(behind_link.starts_with("The link works for 30 days"), "{welcome}");
    let manage = mailed(&app, NEW, "/manage/");
    let paused = store.person(&id(NEW)).await.unwrap().unwrap().value.paused_until;
    assert_eq!(paused, Some("2026-12-24T00:00:00Z".parse().unwrap()));
    post(&format!("{manage}/go-on"), "").await;

    // What the old address was told of is withdrawn: the new one hears of it, once.
    publish(2);
    let before = app.inbox(OLD).len();
    for _ in 0..4 {
        app.advance(TimeDelta::hours(2));
        front.pass().await;
    }
    let withdrawn = |who: &str| app.inbox(who).iter().filter(|mail| mail.text.contains("No longer published")).count();
    assert_eq!((withdrawn(NEW), withdrawn("stays@example.org"), app.inbox(OLD).len()), (1, 1, before));

    ended_by_an_old_link(&app, &front).await;

    // Another move waits for its yes when all is erased.
    post(&format!("{manage}/address"), &format!("address={NEXT}")).await;
    deliver().await;
    let (confirm, leave) = (mailed(&app, NEXT, "/confirm/"), mailed_any(&app, NEW, "/unsubscribe/"));
    post(&format!("{manage}/erase"), "sure=yes").await;
    for answer in [reqwest::get(&confirm).await.unwrap(), reqwest::Client::new().post(&confirm).send().await.unwrap()] {
        assert_eq!(answer.status(), 410);
    }
    assert!(reqwest::get(&leave).await.unwrap().text().await.unwrap().contains("it has been erased"));
    front.world.sweep(&front.config).await.unwrap();
    assert_eq!(holding(&front.config.data_dir, "zebra"), Vec::<PathBuf>::new());
    let rows = store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap();
    let keys: Vec<String> = rows.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
    for who in [OLD, NEW] {
        let named: Vec<&String> = keys.iter().filter(|key| key.contains(id(who).as_str())).collect();
        assert_eq!(named, [&format!("erased/{}", id(who))], "{who}");
    }

    // Who stays is told the next thing, and nothing again.
    publish(4);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(app.inbox("stays@example.org").pop().unwrap().subject.contains("Update 4"));
    assert_eq!(withdrawn("stays@example.org"), 1);
}

#[tokio::test]
async fn a_link_from_before_a_move_ends_what_was_moved_also_where_the_old_address_has_signed_up_anew() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    for (path, page) in blog(&[(1, "The Board met.")], &Chrome::default()) {
        app.publish(&path, &page);
    }
    let front = Front::open(&app).await;
    front.pass().await;
    let deliver = async || front.world.deliver(&front.config, &|| false).await.unwrap();
    let sign_up = async || {
        post(&front.url("/subscribe"), &format!("address={OLD}&everything=immediate")).await;
        deliver().await;
        post(&mailed(&app, OLD, "/confirm/"), "").await;
        deliver().await;
    };
    let mailed_now = async || {
        let [old, new] = [OLD, NEW].map(|who| SubscriberId::of(&Address::parse(who).unwrap(), &front.world.key));
        let store = &front.world.store;
        [store.to_be_mailed(&old).await.unwrap().is_some(), store.to_be_mailed(&new).await.unwrap().is_some()]
    };
    sign_up().await;
    let before = mailed(&app, OLD, "/unsubscribe/").replace("unsubscribe", "one-click");
    post(&format!("{}/address", mailed(&app, OLD, "/manage/")), &format!("address={NEW}")).await;
    deliver().await;
    post(&mailed(&app, NEW, "/confirm/"), "").await;
    deliver().await;
    app.advance(TimeDelta::hours(1));
    sign_up().await;
    let since = mailed(&app, OLD, "/unsubscribe/").replace("unsubscribe", "one-click");
    assert_eq!(mailed_now().await, [true, true]);

    // A mail of the new sign-up means that alone.
    let answer = post(&since, "List-Unsubscribe=One-Click").await;
    assert!(answer.contains("We send no more mail to z***") && !answer.contains("another one"), "{answer}");
    assert_eq!(mailed_now().await, [false, true]);
    let undo = answer.split('"').find(|part| part.contains("/undo/")).unwrap().to_owned();
    post(&front.url(&undo), "").await;
    assert_eq!(mailed_now().await, [true, true]);

    // One of before means what was moved, and that nothing more is wanted here.
    let page = reqwest::get(before.replace("one-click", "unsubscribe")).await.unwrap().text().await.unwrap();
    assert!(page.contains("to another one before will end there too"), "{page}");
    assert_eq!(mailed_now().await, [true, true]);
    let answer = post(&before, "List-Unsubscribe=One-Click").await;
    assert!(answer.contains("We send no more mail to z***") && answer.contains("have ended there too"), "{answer}");
    assert_eq!(mailed_now().await, [false, false]);
    deliver().await;
    assert!(app.inbox(NEW).pop().unwrap().text.contains("a mail to z***@e***.org"));
    let undo = answer.split('"').find(|part| part.contains("/undo/")).unwrap().to_owned();
    post(&front.url(&undo), "").await;
    assert_eq!(mailed_now().await, [true, true]);
}

#[tokio::test]
async fn who_did_not_ask_for_a_move_takes_it_back_with_the_link_in_the_word_of_it() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let publish = |newest: u32| {
        let posts: Vec<(u32, &str)> = (1..=newest).rev().map(|n| (n, "The Board met.")).collect();
        for (path, page) in blog(&posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
    };
    publish(1);
    let front = Front::open(&app).await;
    front.pass().await;
    let deliver = async || front.world.deliver(&front.config, &|| false).await.unwrap();
    post(&front.url("/subscribe"), &format!("address={OLD}&everything=immediate")).await;
    deliver().await;
    post(&mailed(&app, OLD, "/confirm/"), "").await;
    deliver().await;
    post(&format!("{}/address", mailed(&app, OLD, "/manage/")), &format!("address={NEW}")).await;
    deliver().await;
    post(&mailed(&app, NEW, "/confirm/"), "").await;
    deliver().await;
    publish(2);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(app.inbox(NEW).pop().unwrap().subject.contains("Update 2"));

    let word = app.inbox(OLD).pop().unwrap();
    let back = mailed(&app, OLD, "/back/");
    assert!(word.html.contains(&back) && word.text.contains("works for 14 days"), "{}", word.text);
    for _ in 0..2 {
        let page = reqwest::get(&back).await.unwrap().text().await.unwrap();
        assert!(page.contains("z***@e***.org") && page.contains("every council and page that we watch, as soon as"), "{page}");
    }
    for _ in 0..2 {
        let answer = post(&back, "").await;
        assert!(answer.contains("Your updates come here again") && answer.contains("/manage/"), "{answer}");
    }
    let (old, new) = (app.inbox(OLD).len(), app.inbox(NEW).len());
    deliver().await;
    let last = app.inbox(NEW).pop().unwrap();
    assert!(last.text.contains("go back to the address") && !last.text.contains("/back/"), "{}", last.text);
    publish(3);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    // A welcome, and what is new alone: what was told meanwhile was told.
    assert_eq!((app.inbox(OLD).len(), app.inbox(NEW).len()), (old + 2, new + 1));
    let told = app.inbox(OLD).pop().unwrap();
    assert!(told.text.contains("Update 3") && !told.text.contains("Update 2"), "{}", told.text);
    app.advance(TimeDelta::days(15));
    assert_eq!(reqwest::get(&back).await.unwrap().status(), 410);
}
