//! The links in mails: every mail to a reader leads to their own page, and following all of them changes nothing.

use crate::support::app::{App, Read};
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use boardwatch::store::Store;
use boardwatch::store::engine::prefix_range;
use chrono::TimeDelta;
use reqwest::Method;

const WHO: &str = "resident@example.org";

fn publish(app: &App, posts: &[(u32, &str)]) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

async fn everything(store: &Store) -> Vec<(Vec<u8>, u64)> {
    let rows = store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap();
    rows.into_iter().map(|(key, found)| (key, found.version)).collect()
}

fn links<'a>(mail: &'a Read, front: &Front) -> Vec<&'a str> {
    mail.text.split_whitespace().filter(|word| word.starts_with(&front.base)).collect()
}

async fn send(method: Method, url: &str) -> reqwest::Response {
    let form = reqwest::Client::new().request(method, url).header("content-type", "application/x-www-form-urlencoded");
    form.send().await.unwrap()
}

/// Somebody who signed up, and got a question, a welcome, a digest of two items and one of a change.
async fn mailed() -> (App, Front) {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    publish(&app, &[(2, "Two."), (1, "One.")]);
    let front = Front::open(&app).await;
    front.pass().await;
    let form = reqwest::Client::new().post(front.url("/subscribe")).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.body(format!("address={WHO}&everything=immediate")).send().await.unwrap().status(), 200);
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let question = app.inbox(WHO).pop().unwrap();
    let yes = links(&question, &front).into_iter().find(|link| link.contains("/confirm/")).unwrap();
    assert_eq!(send(Method::POST, yes).await.status(), 200);
    for posts in [
        &[(4, "Four."), (3, "Three."), (2, "Two."), (1, "One.")],
        &[(4, "Four, corrected."), (3, "Three."), (2, "Two."), (1, "One.")],
    ] {
        publish(&app, posts);
        app.advance(TimeDelta::hours(2));
        front.pass().await;
    }
    (app, front)
}

#[tokio::test]
async fn every_mail_leads_to_its_readers_page_and_each_item_to_its_end() {
    let (app, front) = mailed().await;
    let mails = app.inbox(WHO);
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(mails.len(), 4, "{subjects:?}");
    for mail in &mails[1..] {
        let own: Vec<&str> = links(mail, &front).into_iter().filter(|link| link.contains("/manage/")).collect();
        assert!(!own.is_empty(), "{}", mail.subject);
        for link in own {
            assert_eq!(reqwest::get(link).await.unwrap().status(), 200, "{link}");
            assert!(mail.html.contains(link), "{link} stands in both parts");
        }
    }
    let digest = &mails[2];
    let mutes: Vec<&str> = links(digest, &front).into_iter().filter(|link| link.contains("/mute/")).collect();
    assert_eq!(mutes.len(), 2, "one an item: {mutes:?}");
    // Of the first, which is the newest, nothing more is heard.
    assert_eq!(send(Method::POST, mutes[0]).await.status(), 200);
    publish(&app, &[(4, "Four, corrected again."), (3, "Three, corrected."), (2, "Two."), (1, "One.")]);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    let last = app.inbox(WHO).pop().unwrap();
    assert!(last.text.contains("Update 3") && !last.text.contains("Update 4"), "{}", last.text);
}

#[tokio::test]
async fn a_scanner_that_follows_every_link_of_every_mail_changes_nothing() {
    let (app, front) = mailed().await;
    // And a question that nobody has answered yet.
    let form = reqwest::Client::new().post(front.url("/subscribe")).header("content-type", "application/x-www-form-urlencoded");
    form.body("address=other@example.org&everything=daily").send().await.unwrap();
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let mails = [app.inbox(WHO), app.inbox("other@example.org")].concat();
    assert_eq!(mails.len(), 5);
    let before = everything(&front.world.store).await;
    let mut followed = 0;
    for mail in &mails {
        for link in links(mail, &front) {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let answer = send(method.clone(), link).await;
                assert!(answer.status().as_u16() < 500, "{method} {link}");
                followed += 1;
            }
        }
    }
    assert!(followed > 50, "{followed}");
    assert_eq!(everything(&front.world.store).await, before);
}
