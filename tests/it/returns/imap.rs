//! Returned mail in a mailbox behind IMAP: read once whatever breaks, put away as wished, and nobody else's reading hides it.

use super::ways_in::{bounce_of, why};
use crate::support::app::App;
use crate::support::imap::{ImapServer, Oddities};
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::subscriber::Ending;
use boardwatch::store::records::{PostboxOut, ReturnKind};
use chrono::TimeDelta;

const READ: &str = "$BoardwatchRead \\Seen";
const FOR_PEOPLE: &str = "$BoardwatchRead \\Flagged";
const QUESTION: &str = "From: reader@example.org\nSubject: Hello\n\nWhen is the next meeting?\n";

/// The program with a mailbox behind `server`, and one mail sent to each of two readers.
async fn app(server: &ImapServer, more: &str) -> App {
    let app = App::set_up().await;
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    app.write("password", "open sesame\n");
    app.write(
        "boardwatch.toml",
        &format!(
            "{text}[mail.bounces]\naddress = \"bounces@example.org\"\n[mail.returns.imap]\nhost = \"127.0.0.1\"\nport = {}\n\
             tls = \"none\"\nusername = \"bounces\"\npassword_file = \"password\"\n{more}",
            server.port()
        ),
    );
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("gone@example.org", "immediate"), ("stays@example.org", "immediate")]);
    for posts in 1..=2 {
        let posts: Vec<(u32, &str)> = (1..=posts).rev().map(|n| (n, "The Board met.")).collect();
        for (path, page) in blog(&posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
        app.pass().await;
    }
    app
}

async fn out(app: &App) -> Vec<PostboxOut> {
    let (world, _) = app.start().await;
    world.store.postboxes_out().await.unwrap().map(|row| row.value.boxes).unwrap_or_default()
}

async fn count(app: &App, kind: ReturnKind) -> Option<u64> {
    let (world, _) = app.start().await;
    world.store.returns_since(app.now()).await.unwrap().counts.get(&kind).copied()
}

#[tokio::test]
async fn a_mailbox_is_read_once_and_what_people_have_read_in_it_is_read_all_the_same() {
    let server = ImapServer::open(Oddities::default()).await;
    let app = app(&server, "").await;
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    server.deliver(QUESTION);
    server.look_at_all();
    assert_eq!(app.pass().await.returned, 2);
    assert_eq!((why(&app, "gone@example.org").await, why(&app, "stays@example.org").await), (Some(Ending::AddressGone), None));
    assert_eq!(server.flags("INBOX"), [READ.to_owned(), format!("{FOR_PEOPLE} \\Seen")], "and one is left for people");
    assert_eq!(app.pass().await.returned, 0);
}

#[tokio::test]
async fn a_line_that_breaks_before_a_mail_is_put_away_loses_nothing_and_counts_nothing_twice() {
    let server = ImapServer::open(Oddities { cuts: 1, ..Oddities::default() }).await;
    let app = app(&server, "").await;
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    app.pass().await;
    assert_eq!(why(&app, "gone@example.org").await, Some(Ending::AddressGone), "it was recorded first");
    assert_eq!(server.flags("INBOX"), [""]);
    let [told] = out(&app).await.try_into().unwrap();
    assert!(told.reply.contains("closed the connection") && told.name.contains("127.0.0.1"), "{told:?}");
    app.pass().await;
    assert_eq!(server.flags("INBOX"), [""], "it is left alone for a minute");
    app.advance(TimeDelta::minutes(2));
    assert_eq!(app.pass().await.returned, 1);
    assert_eq!((server.flags("INBOX"), count(&app, ReturnKind::Gone).await), (vec![READ.to_owned()], Some(1)));
    assert!(out(&app).await.is_empty());
}

#[tokio::test]
async fn a_server_without_keywords_is_told_what_was_read_in_its_own_way() {
    let server = ImapServer::open(Oddities { no_keywords: true, old: true, ..Oddities::default() }).await;
    let app = app(&server, "").await;
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    server.deliver(QUESTION);
    assert_eq!(app.pass().await.returned, 2);
    assert_eq!(app.pass().await.returned, 0);
    assert_eq!(server.flags("INBOX"), ["\\Seen", "\\Flagged"]);
    assert!(server.asked("LOGIN \"bounces\" \"open sesame\"") > 0 && server.asked("AUTHENTICATE") == 0);
}

#[tokio::test]
async fn recorded_mails_go_to_another_folder_where_that_is_wished() {
    for old in [false, true] {
        let server = ImapServer::open(Oddities { old, ..Oddities::default() }).await;
        let app = app(&server, "then = \"move\"\nmove_to = \"Done\"\n").await;
        server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
        server.deliver(QUESTION);
        assert_eq!(app.pass().await.returned, 2);
        assert_eq!(server.flags("Done").len(), 1);
        let left = server.flags("INBOX");
        assert_eq!(left.last().map(String::as_str), Some(FOR_PEOPLE), "people find it where it came to");
        // An old server can only be told that one is to be deleted.
        assert_eq!(left.len(), if old { 2 } else { 1 });
        assert_eq!(app.pass().await.returned, 0);
    }
}

#[tokio::test]
async fn recorded_mails_are_deleted_where_that_is_wished() {
    let server = ImapServer::open(Oddities::default()).await;
    let app = app(&server, "then = \"delete\"\n").await;
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    server.deliver(QUESTION);
    assert_eq!(app.pass().await.returned, 2);
    assert_eq!(server.flags("INBOX"), [FOR_PEOPLE]);
}

#[tokio::test]
async fn a_mail_that_the_server_does_not_give_keeps_nobody_from_the_others() {
    let server = ImapServer::open(Oddities { withholds: Some(1), ..Oddities::default() }).await;
    let app = app(&server, "").await;
    server.deliver(QUESTION);
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    assert_eq!(app.pass().await.returned, 1);
    assert_eq!(server.flags("INBOX"), ["", READ]);
}

#[tokio::test]
async fn a_password_that_is_refused_is_told_and_tried_again_later_and_later() {
    let server = ImapServer::open(Oddities { refuses: true, ..Oddities::default() }).await;
    let app = app(&server, "").await;
    let before = server.asked("AUTHENTICATE");
    for _ in 0..60 {
        app.advance(TimeDelta::minutes(1));
        app.pass().await;
    }
    assert!((1..10).contains(&(server.asked("AUTHENTICATE") - before)), "{}", server.asked("AUTHENTICATE") - before);
    assert!(out(&app).await[0].in_a_row > 3);
    server.be(Oddities::default());
    app.advance(TimeDelta::minutes(16));
    app.pass().await;
    assert!(out(&app).await.is_empty());
}

#[tokio::test]
async fn a_server_that_talks_without_end_or_nonsense_is_left_and_one_that_chatters_is_not() {
    for drones in ["* OK and on and on ", "HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let server = ImapServer::open(Oddities { drones: Some(drones), ..Oddities::default() }).await;
        let app = app(&server, "").await;
        let [told] = out(&app).await.try_into().unwrap();
        assert!(told.reply.contains("without end") || told.reply.contains("does not speak IMAP"), "{told:?}");
    }
    let chatters =
        Some("* 9 EXISTS\r\n* ESEARCH (TAG \"x\") UID ALL 1:9\r\n* OK [ALERT] full soon\r\n* 1 FETCH (FLAGS (\\Seen))\r\n");
    let server = ImapServer::open(Oddities { chatters, ..Oddities::default() }).await;
    let app = app(&server, "").await;
    server.deliver(&bounce_of(&app, "gone@example.org", "5.1.1", ""));
    assert_eq!(app.pass().await.returned, 1);
}
