//! Several mail servers: the first that is in order gets the mail, and none gets what another may have.

use super::{little_patience, message, patience, settings};
use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use crate::support::quiet::QuietTime;
use crate::support::smtp::{Act, Script, SmtpServer};
use boardwatch::config::Tls;
use boardwatch::domain::delivery::RefusalKind;
use boardwatch::domain::subscriber::Address;
use boardwatch::edge::smtp::{SmtpMail, SmtpPatience};
use boardwatch::ports::{Mail, Message, Parcel, Unsent};
use std::time::Duration;
use tokio::time::Instant;

fn over(servers: &[&SmtpServer]) -> SmtpMail {
    over_with(servers, &patience())
}

fn over_with(servers: &[&SmtpServer], patience: &SmtpPatience) -> SmtpMail {
    let relays = servers.iter().map(|server| settings(server.port(), Tls::None)).collect();
    SmtpMail::over(relays, patience, None).unwrap()
}

/// The same where one of them says nothing.
fn over_silent(servers: &[&SmtpServer]) -> (SmtpMail, QuietTime) {
    (over_with(servers, &little_patience()), QuietTime::with(servers.iter().copied()))
}

#[tokio::test]
async fn what_the_first_server_cannot_be_handed_goes_to_the_second_and_somebody_is_told() {
    for (step, act) in [
        ("connect", Act::Drop),
        ("connect", Act::Hang),
        ("connect", Act::Say("554 5.7.1 go away")),
        ("MAIL", Act::Drop),
        ("MAIL", Act::Say("530 5.7.0 log in first")),
    ] {
        let first = Script::default().on(step, vec![act.clone(); 2]).start().await;
        let second = Script::default().start().await;
        let (mail, _time) = over_silent(&[&first, &second]);
        mail.send(message(1)).await.unwrap();
        mail.send(message(2)).await.unwrap();
        assert_eq!((first.kept().len(), second.kept().len()), (0, 2), "{act:?} at {step}");
        assert_eq!(first.lines_opened(), 1, "it is left alone for a while: {act:?} at {step}");
        let out = mail.out_of_use();
        assert!(out.len() == 1 && out[0].0 == format!("localhost:{}", first.port()), "{out:?}");
    }
}

#[tokio::test]
async fn what_a_server_may_have_taken_or_has_refused_goes_to_no_other() {
    for (act, kind) in [
        (Act::TakeAndDrop, RefusalKind::Unknown),
        (Act::Hang, RefusalKind::Unknown),
        (Act::Say("452 4.3.1 no space"), RefusalKind::Transient),
        (Act::Say("550 5.1.1 no such user"), RefusalKind::AddressGone),
    ] {
        let first = Script::default().on("content", [act.clone()]).start().await;
        let second = Script::default().start().await;
        let (mail, _time) = over_silent(&[&first, &second]);
        let refusal = mail.send(message(1)).await.unwrap_err();
        assert_eq!((refusal.kind, second.kept().len()), (kind, 0), "{act:?}");
    }
}

#[tokio::test]
async fn what_a_server_refuses_for_what_it_is_or_thinks_of_us_goes_to_the_next() {
    let to = |n: usize| Message { to: Address::parse(&format!("reader{n}@p{n}.example.net")).unwrap(), ..message(n) };
    for (step, said, goes_out) in [
        ("RCPT", "554 5.7.1 Client host blocked using a blocklist", true),
        ("content", "550 5.7.1 rejected due to poor reputation", true),
        ("content", "552 5.3.4 Message size exceeds fixed limit", false),
        ("MAIL", "552 5.3.4 Message size exceeds fixed limit", false),
        ("MAIL", "452 4.3.1 Insufficient system storage", true),
    ] {
        let first = Script::default().on(step, vec![Act::Say(said); 60]).start().await;
        let second = Script::default().start().await;
        let mail = over(&[&first, &second]);
        for n in 0..30 {
            mail.send(to(n)).await.unwrap();
        }
        assert_eq!((first.kept().len(), second.kept().len()), (0, 30), "{said} at {step}");
        assert_eq!(mail.out_of_use().len(), usize::from(goes_out), "{said} at {step}");
    }
    // One that says beforehand how large mail may be is asked with none that is larger.
    let first = Script::default().offering("SIZE 40").start().await;
    let second = Script::default().start().await;
    let mail = over(&[&first, &second]);
    mail.send(message(1)).await.unwrap();
    assert_eq!((first.kept().len(), second.kept().len(), mail.out_of_use().len()), (0, 1, 0));
    // The last word counts where none takes it.
    let second = Script::default().on("RCPT", [Act::Say("550 5.1.1 no such user")]).start().await;
    let first = Script::default().on("RCPT", [Act::Say("554 5.7.1 blocked")]).start().await;
    assert_eq!(over(&[&first, &second]).send(message(1)).await.unwrap_err().kind, RefusalKind::AddressGone);
}

#[tokio::test]
async fn a_server_that_puts_everybody_off_gives_way_to_the_next() {
    let full = || Act::Say("452 4.3.1 Insufficient system storage");
    let first = Script::default().on("content", std::iter::repeat_with(full).take(60).collect::<Vec<_>>()).start().await;
    let second = Script::default().start().await;
    let mail = over(&[&first, &second]);
    let mut taken = 0;
    for n in 0..30 {
        taken += usize::from(mail.send(message(n)).await.is_ok());
    }
    assert_eq!((taken, second.kept().len(), first.kept().len()), (10, 10, 0), "twenty were put off first");
    let out = mail.out_of_use();
    assert!(out.len() == 1 && out[0].1.contains("4.3.1"), "{out:?}");
}

#[tokio::test]
async fn a_server_that_puts_off_some_of_many_goes_on() {
    let busy =
        |n: usize| if n.is_multiple_of(2) { Act::Say("451 4.7.1 try again later") } else { Act::Say("550 5.1.1 no such user") };
    let first = Script::default().on("content", (0..60).map(busy).collect::<Vec<_>>()).start().await;
    let second = Script::default().start().await;
    let mail = over(&[&first, &second]);
    for n in 0..60 {
        mail.send(message(n)).await.unwrap_err();
    }
    assert!(second.kept().is_empty() && mail.out_of_use().is_empty());
}

#[tokio::test]
async fn a_server_that_has_enough_for_now_of_mail_to_three_providers_gives_way_to_the_next_at_once() {
    let to = |n: usize| Message { to: Address::parse(&format!("reader{n}@p{}.example.net", n % 6)).unwrap(), ..message(n) };
    for (step, said) in [
        ("RCPT", Act::Say("451 4.7.1 Try again later: rate limited")),
        ("RCPT", Act::Say("450 4.7.1 too much mail")),
        ("RCPT", Act::SayAndDrop("421 4.7.0 Too many messages")),
        ("content", Act::Say("451 4.7.0 rate limit")),
    ] {
        let first = Script::default().on(step, vec![said.clone(); 60]).start().await;
        let second = Script::default().start().await;
        let mail = over(&[&first, &second]);
        let mut waits = Vec::new();
        for n in 0..60 {
            waits.extend(mail.send(to(n)).await.err().map(|refusal| (n, refusal)));
        }
        assert!(waits.len() == 2 && waits[1].0 == 1, "{said:?} at {step}: {waits:?}");
        assert_eq!((first.kept().len(), second.kept().len(), mail.out_of_use().len()), (0, 58, 1), "{said:?} at {step}");
        // Of one provider it is no word on the others.
        let first = Script::default().on(step, vec![said.clone(); 5]).start().await;
        let mail = over(&[&first, &second]);
        for n in 0..5 {
            mail.send(to(n * 6)).await.unwrap_err();
        }
        mail.send(to(1)).await.unwrap();
        assert_eq!((first.kept().len(), second.kept().len()), (1, 58), "{said:?} at {step}");
    }
    let spent = Act::Say("550 5.4.5 Daily user sending limit exceeded");
    let first = Script::default().on("RCPT", [spent]).start().await;
    let second = Script::default().start().await;
    over(&[&first, &second]).send(to(1)).await.unwrap();
    assert_eq!(second.kept().len(), 1, "what may be sent over the first in a day is spent");
}

#[tokio::test]
async fn what_the_first_server_has_no_answer_for_goes_to_the_second_and_others_go_on_over_the_first() {
    let to = |n: usize, domain: &str| Message { to: Address::parse(&format!("reader{n}@{domain}")).unwrap(), ..message(n) };
    for act in [Act::Hang, Act::Drop] {
        for offer in ["PIPELINING", "SIZE 100000"] {
            let first = Script::default().offering(offer).on("stuck.example.net", vec![act.clone(); 40]).start().await;
            let second = Script::default().start().await;
            let hush = Duration::from_millis(300);
            let mail = over_with(&[&first, &second], &SmtpPatience { hush, ..patience() });
            let _time = QuietTime::with([&first, &second]);
            let begun = Instant::now();
            for n in 0..6 {
                mail.send(to(n, "stuck.example.net")).await.unwrap();
                mail.send(to(n, "example.org")).await.unwrap();
            }
            assert!(begun.elapsed() < hush * 5, "{:?}", begun.elapsed());
            assert_eq!((first.taken(), second.taken()), (6, 6), "{act:?} with {offer}");
            let asked = first.heard().iter().filter(|line| line.starts_with("RCPT") && line.contains("stuck")).count();
            assert!(asked <= 2, "it is left alone with those: {asked}");
            assert!(mail.learned().is_empty(), "it serves all others: {:?}", mail.learned());
            // Behind the text it may have been taken.
            first.will("content example.org", [act.clone()]);
            let unsent = mail.send_in_turn(Parcel::at_once(to(9, "example.org"))).await.unwrap_err();
            assert!(matches!(unsent, Unsent::Hangs(_) | Unsent::Refused(_) | Unsent::Unanswered(_)), "{unsent:?}");
            assert_eq!(second.taken(), 6);
        }
    }
}

#[tokio::test]
async fn what_the_first_server_does_not_answer_behind_the_text_is_not_asked_there_again_with_what_may_have_come() {
    let to = |n: usize, domain: &str| Message { to: Address::parse(&format!("reader{n}@{domain}")).unwrap(), ..message(n) };
    let first = Script::default().on("content stuck.example.net", vec![Act::Hang; 40]).start().await;
    let second = Script::default().start().await;
    let mail = over_with(&[&first, &second], &SmtpPatience { hush: Duration::from_millis(300), ..patience() });
    let _time = QuietTime::with([&first, &second]);
    let hangs = async |n| match mail.send_in_turn(Parcel::at_once(to(n, "stuck.example.net"))).await {
        Err(Unsent::Hangs(hanging)) => hanging,
        done => panic!("{done:?}"),
    };
    let hanging = hangs(0).await;
    assert!(hanging.elsewhere && hanging.refusal.kind == RefusalKind::Unknown);
    for n in 1..5 {
        mail.send(to(n, "stuck.example.net")).await.unwrap();
        mail.send(to(n, "example.org")).await.unwrap();
    }
    assert_eq!((first.taken(), second.taken()), (4, 4), "others are served there, and theirs elsewhere");
    assert!(mail.out_of_use().is_empty());
    // One asks after a rest, but not with what may have come.
    tokio::time::advance(Duration::from_secs(31)).await;
    let again = Parcel { may_have_come: true, ..Parcel::at_once(to(0, "stuck.example.net")) };
    mail.send_in_turn(again).await.unwrap();
    assert_eq!(second.taken(), 5);
    hangs(6).await;
    drop(hanging);
    // Where the second has none either, nobody else is left.
    second.will("content stuck.example.net", vec![Act::Hang; 2]);
    assert!(!hangs(7).await.elsewhere);
}

#[tokio::test]
async fn where_every_server_is_out_the_message_waits() {
    let first = Script::default().on("connect", [Act::Drop, Act::Drop]).start().await;
    let second = Script::default().on("connect", [Act::Drop, Act::Drop]).start().await;
    let mail = over(&[&first, &second]);
    assert_eq!(mail.send(message(1)).await.unwrap_err().kind, RefusalKind::Relay);
    assert!(mail.out_of_use().is_empty(), "the refusal itself says so");
    // Nobody is left to spare them: both are tried again, and the first takes it once it can.
    assert_eq!(mail.send(message(1)).await.unwrap_err().kind, RefusalKind::Relay);
    mail.send(message(1)).await.unwrap();
    assert_eq!((first.kept().len(), mail.out_of_use().len()), (1, 1));
}

#[tokio::test]
async fn a_server_that_wants_to_be_left_alone_is_not_tried_with_what_waits() {
    let server = Script::default().on("MAIL", [Act::Say("451 4.7.28 an unusual rate of mail")]).start().await;
    let mut one = settings(server.port(), Tls::None);
    one.connections = 1;
    let mail = SmtpMail::new(one, patience(), None).unwrap();
    let sends = (0..20).map(|n| mail.send(message(n)));
    for done in futures::future::join_all(sends).await {
        assert!(done.unwrap_err().reply.contains("4.7.28"));
    }
    assert_eq!(server.heard().iter().filter(|command| command.starts_with("MAIL")).count(), 1);
}

#[tokio::test]
async fn what_is_too_much_for_one_reader_is_said_of_nobody_else_and_a_line_that_is_closed_for_it_is_opened_for_the_next() {
    for said in [Act::SayAndDrop("421 4.7.28 an unusual rate of mail"), Act::SayAndDrop("421 4.7.0 [TSS04] deferred")] {
        for step in ["RCPT", "content"] {
            let server = Script::default().offering("PIPELINING").on(step, [said.clone()]).start().await;
            let mut one = settings(server.port(), Tls::None);
            one.connections = 1;
            let mail = SmtpMail::new(one, patience(), None).unwrap();
            let sends = (0..20).map(|n| mail.send(message(n)));
            let done = futures::future::join_all(sends).await;
            let refused: Vec<_> = done.into_iter().filter_map(Result::err).collect();
            assert_eq!(refused.len(), 1, "{refused:?}");
            assert_eq!((refused[0].kind, server.taken()), (RefusalKind::Throttled, 19), "at {step}");
        }
    }
}

#[tokio::test]
async fn a_server_that_takes_fewer_lines_than_configured_gets_all_mail_over_those() {
    let acts = [Act::Late(std::time::Duration::ZERO), Act::Say("421 4.7.0 too many connections")];
    let server = Script::default().offering("PIPELINING").on("connect", acts).start().await;
    let mail = over(&[&server]);
    let sends = (0..40).map(|n| mail.send(message(n)));
    for done in futures::future::join_all(sends).await {
        done.unwrap();
    }
    assert_eq!(server.kept().len(), 40);
}

#[tokio::test]
async fn what_waits_for_a_server_that_falls_silent_goes_to_the_next_at_once_and_one_message_finds_out_later() {
    for offers in [&["PIPELINING"][..], &[]] {
        let script = Script::default().on("MAIL", vec![Act::Hang; 2]);
        let first = offers.iter().fold(script, |script, keyword| script.offering(keyword)).start().await;
        let second = Script::default().start().await;
        let (mail, _time) = over_silent(&[&first, &second]);
        let sends = (0..48).map(|n| mail.send(message(n)));
        for done in futures::future::join_all(sends).await {
            done.unwrap();
        }
        assert_eq!((first.kept().len(), second.kept().len()), (0, 48));
        assert_eq!(first.lines_opened(), 2, "no more than were open when it fell silent");
        let out = mail.out_of_use();
        assert!(out.len() == 1 && out[0].1.contains("did not answer in time"), "{out:?}");
    }
}

#[tokio::test]
async fn what_was_learned_of_a_server_is_known_to_the_next_start() {
    let first = Script::default().on("connect", [Act::Drop]).start().await;
    let second = Script::default().start().await;
    let mail = over(&[&first, &second]);
    mail.send(message(1)).await.unwrap();
    let learned = mail.learned();
    let next = over(&[&first, &second]);
    next.recall(&learned);
    next.send(message(2)).await.unwrap();
    assert_eq!((first.lines_opened(), second.kept().len()), (1, 2), "it is left alone");
    assert_eq!((next.learned()[0].times, &next.learned()[0].words), (1, &learned[0].words));
    let rested = boardwatch::ports::Hop { lasts: std::time::Duration::ZERO, ..learned[0].clone() };
    let later = over(&[&first, &second]);
    later.recall(&[rested]);
    later.send(message(3)).await.unwrap();
    assert_eq!(first.kept().len(), 1, "it has rested for long enough");
}

#[tokio::test]
async fn a_server_that_rests_is_left_alone_over_restarts_of_the_program() {
    let app = App::set_up_with(Script::default().on("connect", vec![Act::Drop; 9])).await;
    let second = Script::default().start().await;
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    let relay = format!("[[mail.smtp.relay]]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n", second.port());
    app.write("boardwatch.toml", &text.replace("[web]\n", &format!("{relay}[web]\n")));
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("reader@example.org", "immediate")]);
    for posts in [&[(1, "One.")][..], &[(2, "Two."), (1, "One.")], &[(3, "Three."), (2, "Two."), (1, "One.")]] {
        for (path, page) in blog(posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
        app.pass().await;
        app.advance(chrono::TimeDelta::seconds(10));
    }
    assert_eq!((second.kept().len(), app.smtp.lines_opened()), (2, 1));
    let (world, _) = app.start().await;
    let out = world.store.relays_out().await.unwrap();
    assert!(out.len() == 1 && out[0].times == 1 && out[0].until.is_some(), "{out:?}");
}
