//! Of somebody who was erased, nothing but the keyed hash is left: read from the bytes of every file.

use crate::support::app::App;
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::subscriber::{Address, SubscriberId};
use boardwatch::store::engine::prefix_range;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Nobody else has such a name.
const WHO: &str = "zebra.quagga@erased.example.org";
const LOCAL: &str = "zebra.quagga";

/// The files under `folder` that hold these words.
pub fn holding(folder: &Path, words: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if memchr::memmem::find(&std::fs::read(&path).unwrap(), words.as_bytes()).is_some() {
                found.push(path);
            }
        }
    }
    found
}

pub async fn post(url: &str, body: &str) -> String {
    let form = reqwest::Client::new().post(url).header("content-type", "application/x-www-form-urlencoded");
    let answer = form.body(body.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.text().await.unwrap()
}

/// The shortest link of that kind in the last mail to somebody.
pub fn mailed(app: &App, who: &str, kind: &str) -> String {
    let text = app.inbox(who).pop().unwrap().text;
    let links = text.split_whitespace().filter(|word| word.contains(kind));
    links.min_by_key(|link| link.len()).unwrap().to_owned()
}

#[tokio::test]
async fn erasing_leaves_only_the_keyed_hash_in_the_bytes_of_every_file() {
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
    let data_dir = front.config.data_dir.clone();
    let deliver = async || front.world.deliver(&front.config, &|| false).await.unwrap();

    // Somebody signs up, is mailed, chooses again, pauses, and moves from there to a second address.
    for (address, words) in [(WHO, "gnu+wildebeest"), ("stays@example.org", "okapi")] {
        post(&front.url("/subscribe"), &format!("address={address}&everything=immediate&keywords={words}&keywords.often=daily"))
            .await;
        deliver().await;
        post(&mailed(&app, address, "/confirm/"), "").await;
        deliver().await;
    }
    publish(3);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    let manage = mailed(&app, WHO, "/manage/");
    post(&format!("{manage}/choice"), "everything=weekly").await;
    post(&format!("{manage}/pause"), "until=2026-12-24").await;
    let id = SubscriberId::of(&Address::parse(WHO).unwrap(), &front.world.key);
    assert!(!holding(&data_dir, LOCAL).is_empty(), "there is something to erase");

    assert!(post(&format!("{manage}/erase"), "sure=yes").await.contains("Everything about you is erased"));
    assert!(!holding(&data_dir, LOCAL).is_empty(), "sled keeps what was deleted, or this test shows nothing");
    front.world.sweep(&front.config).await.unwrap();
    for words in [WHO, LOCAL, "erased.example.org", "wildebeest"] {
        assert_eq!(holding(&data_dir, words), Vec::<PathBuf>::new(), "{words}");
    }
    // What is left is the hash, and what those get who stay.
    assert_eq!(holding(&data_dir, id.as_str()), [data_dir.join("store/db")]);
    assert!(!holding(&data_dir, "stays@example.org").is_empty() && !holding(&data_dir, "okapi").is_empty());
    let rows = front.world.store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap();
    let keys: Vec<String> = rows.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
    let kinds = keys.iter().filter(|key| key.contains(id.as_str())).map(|key| key.split('/').next().unwrap());
    let kinds: BTreeSet<&str> = kinds.collect();
    assert_eq!(kinds, BTreeSet::from(["erased"]), "that it is left alone");

    // The program goes on with the store as it is now.
    publish(4);
    app.advance(TimeDelta::hours(2));
    let before = app.inbox(WHO).len();
    front.pass().await;
    assert!(app.inbox("stays@example.org").pop().unwrap().subject.contains("Update 4"));
    assert_eq!(app.inbox(WHO).len(), before);
    assert!(!front.world.store.clear_remains().await.unwrap(), "once is enough");
}

#[tokio::test]
async fn a_question_that_nobody_answers_leaves_no_address_either() {
    let app = App::set_up().await;
    let front = Front::open(&app).await;
    let data_dir = front.config.data_dir.clone();
    front.pass().await;
    post(&front.url("/subscribe"), &format!("address={WHO}&everything=daily")).await;
    assert!(!holding(&data_dir, LOCAL).is_empty());
    app.advance(TimeDelta::days(8));
    front.world.sweep_when_due(&front.config).await.unwrap();
    assert_eq!(holding(&data_dir, LOCAL), Vec::<PathBuf>::new());
}
