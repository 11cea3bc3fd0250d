//! A server that misbehaves in the middle of a digest costs no message, and no second copy beyond the lines that were cut.

use super::{little_patience, message, patience, settings};
use crate::support::app::App;
use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::Tls;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::engine::pass::Orders;
use boardwatch::ports::Mail as _;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const PEOPLE: usize = 24;

/// How often each Message-ID came, after passes until nothing waits.
async fn delivered(server: &SmtpServer, patience: SmtpPatience) -> (usize, BTreeMap<String, usize>) {
    let app = App::set_up().await;
    app.watch("sampleton", "/updates", "");
    app.publish("/updates", "<h1>Updates</h1><ul><li><a href=/1>First update of the board</a> 1 November 2026</ul>");
    let people: Vec<String> = (0..PEOPLE).map(|n| format!("reader-{n}@example.org")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|p| (p.as_str(), "immediate")).collect();
    app.list("everybody", &people);
    app.pass().await;
    app.publish(
        "/updates",
        "<h1>Updates</h1><ul><li><a href=/2>Second update of the board</a> 19 November 2026\
         <li><a href=/1>First update of the board</a> 1 November 2026</ul>",
    );
    app.advance(TimeDelta::hours(2));
    let (mut world, config) = app.start().await;
    world.mail = Arc::new(SmtpMail::new(settings(server.port(), Tls::None), patience, None).unwrap());
    let mut refused = 0;
    for _ in 0..20 {
        let report = world.pass(&config, &Orders::default(), &|_| {}, &|| false).await.unwrap();
        refused += report.delivered.refused;
        if report.waiting == 0 {
            break;
        }
        app.advance(TimeDelta::hours(5));
    }
    assert_eq!(world.store.waiting().await.unwrap().deliveries, 0);
    let mut copies = BTreeMap::new();
    for kept in server.kept() {
        let text = String::from_utf8(kept.bytes).unwrap();
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        *copies.entry(id).or_default() += 1;
    }
    (refused, copies)
}

/// The server does `acts` at `step`; `cuts` of them cut a line after a message may have been taken.
async fn check(step: &'static str, acts: Vec<Act>, cuts: usize, gone: usize) {
    for offer in ["PIPELINING", "SIZE 100000"] {
        let server = Script::default().offering(offer).on(step, acts.clone()).start().await;
        // A server that hangs does not see that its line was left.
        let hangs = acts.iter().any(|act| matches!(act, Act::Hang | Act::Drip));
        let _time = QuietTime::with([&server]);
        let (refused, copies) = delivered(&server, if hangs { little_patience() } else { patience() }).await;
        let what = format!("{acts:?} at {step}, offering {offer}");
        assert_eq!((copies.len(), refused), (PEOPLE - gone, gone), "{what}");
        let repeated: usize = copies.values().map(|copies| copies - 1).sum();
        assert!(repeated <= cuts, "{repeated} repeated after {cuts} cuts: {what}");
        assert!(hangs || server.lines_open_max() <= 2, "{what}");
    }
}

#[tokio::test]
async fn lines_that_break_lose_nothing() {
    check("content", vec![Act::Drop, Act::Drop, Act::Drop], 0, 0).await;
    check("content", vec![Act::TakeAndDrop, Act::TakeAndDrop, Act::TakeAndDrop], 3, 0).await;
    check("content", vec![Act::SayAndDrop("421 4.3.0 going down"); 3], 0, 0).await;
    for step in ["connect", "EHLO", "MAIL", "RCPT", "DATA"] {
        check(step, vec![Act::Drop, Act::Drop], 0, 0).await;
    }
}

#[tokio::test]
async fn a_server_that_closes_in_the_middle_of_a_batch_gets_the_rest_later() {
    for step in ["connect", "MAIL", "RCPT", "DATA"] {
        check(step, vec![Act::SayAndDrop("421 4.3.2 enough for now"); 3], 0, 0).await;
    }
}

#[tokio::test]
async fn silence_a_tarpit_and_a_late_greeting_cost_time_alone() {
    for step in ["connect", "MAIL", "content"] {
        check(step, vec![Act::Hang], 0, 0).await;
        check(step, vec![Act::Drip], 0, 0).await;
    }
    check("connect", vec![Act::Late(Duration::from_millis(100)); 2], 0, 0).await;
}

#[tokio::test]
async fn nonsense_is_taken_for_no_answer() {
    for step in ["connect", "MAIL", "RCPT", "DATA", "content"] {
        check(step, vec![Act::SayAndDrop("\u{1}\u{fffd}nonsense"), Act::SayAndDrop("HTTP/1.1 200 OK")], 0, 0).await;
    }
    check("connect", vec![Act::Flood("220-welcome to a banner without end\r\n")], 0, 0).await;
    check("connect", vec![Act::Flood("220 no line ever ends here ")], 0, 0).await;
    check("MAIL", vec![Act::Flood("250-yes\r\n")], 0, 0).await;
}

#[tokio::test]
async fn refusals_concern_their_message_alone() {
    for step in ["MAIL", "RCPT", "DATA", "content"] {
        check(step, vec![Act::Say("451 4.3.0 later"); 3], 0, 0).await;
    }
    check(
        "RCPT",
        vec![Act::Say("550 5.1.1 no such user"), Act::Say("450 4.2.0 greylisted"), Act::Say("550 5.1.1 nor this one")],
        0,
        2,
    )
    .await;
}

#[tokio::test]
async fn a_server_that_knows_no_ehlo_is_greeted_as_of_old_and_never_where_the_line_is_to_be_encrypted() {
    for code in ["500 what", "502 5.5.1 not implemented"] {
        let server = Script::default().on("EHLO", vec![Act::Say(code); 2]).start().await;
        SmtpMail::new(settings(server.port(), Tls::None), patience(), None).unwrap().send(message(1)).await.unwrap();
        assert_eq!(server.kept().len(), 1);
        let refusal = SmtpMail::new(settings(server.port(), Tls::Starttls), patience(), None).unwrap().send(message(2)).await;
        assert!(refusal.unwrap_err().reply.contains("no STARTTLS"));
        assert_eq!(server.kept().len(), 1);
    }
    let server = Script::default().on("EHLO", [Act::Say("554 5.7.1 go away")]).start().await;
    SmtpMail::new(settings(server.port(), Tls::None), patience(), None).unwrap().send(message(1)).await.unwrap_err();
    assert!(server.heard().iter().all(|command| !command.starts_with("HELO")));
}
