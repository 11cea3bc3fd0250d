//! What comes back through real servers into a real mailbox is fetched by IMAP, over TLS from the first byte and upgraded,
//! and put away in each of the ways.

use super::*;
use boardwatch::config::{Disposal, ImapSettings};
use boardwatch::edge::imap::ImapBox;
use boardwatch::ports::Postbox;

const BOUNCES: &str = "bounces@boards.example.org";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounce_is_fetched_from_a_real_mailbox_and_put_away_as_wished() {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return;
    }
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    let lost = ["mark", "move", "delete"].map(|name| format!("{name}@town.example.org"));
    let people: Vec<(&str, &str)> = lost.iter().map(|address| (address.as_str(), "immediate")).collect();
    app.list("people", &people);
    let text = std::fs::read_to_string(app.config_dir().join("boardwatch.toml")).unwrap();
    app.write("boardwatch.toml", &format!("{text}[mail.bounces]\naddress = \"{BOUNCES}\"\n"));
    let greylisting = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let policy = greylisting.local_addr().unwrap().port();
    let greylisting = tokio::spawn(greylist(greylisting));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let dovecot = Dovecot::start(&[BOUNCES], "", &cert, &key).await;
    let (submission, lmtp) = (free_port(), dovecot.lmtp_port);
    let places = postfix::Ports { submission, auth: dovecot.auth_port, mailboxes: lmtp, returns: lmtp, policy };
    let postfix = Postfix::start(&places, &cert, &key);
    until_it_answers(submission, "Postfix").await;

    let (mut world, config) = app.start().await;
    let login = |username: &str| Login { username: username.into(), password: Secret::new("open sesame".into()) };
    let settings = SmtpSettings {
        host: "localhost".into(),
        port: submission,
        tls: Tls::Starttls,
        login: Some(login("boardwatch")),
        connections: 2,
        hello: None,
    };
    world.mail = Arc::new(SmtpMail::new(settings, SmtpPatience::default(), Some(cert.as_bytes())).unwrap());
    let mailbox = |disposal: Disposal, tls: Tls| -> Arc<dyn Postbox> {
        let port = if tls == Tls::Tls { dovecot.imap_ports.1 } else { dovecot.imap_ports.0 };
        let (host, mailbox) = ("localhost".to_owned(), "INBOX".to_owned());
        let settings = ImapSettings { host, port, tls, login: login(BOUNCES), mailbox, disposal };
        Arc::new(ImapBox::new(settings, 1 << 20, Some(cert.as_bytes())).unwrap())
    };

    let orders = Orders { all: true, ..Orders::default() };
    for posts in 1..=2_u32 {
        let posts: Vec<(u32, &str)> = (1..=posts).rev().map(|n| (n, "The Board met.")).collect();
        for (path, page) in blog(&posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
        app.advance(TimeDelta::minutes(6));
    }
    let sent = world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().delivered;
    assert_eq!(sent.sent, 3, "{sent:?}\n{}", postfix.log());
    // All three come back to one mailbox, one after the other.
    let arrive = async {
        while dovecot.mailbox(BOUNCES).await.len() < 3 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    assert!(tokio::time::timeout(HANG, arrive).await.is_ok(), "{}\n{}", postfix.log(), dovecot.log());

    let ways = [(Disposal::Mark, Tls::Tls), (Disposal::MoveTo("Recorded".into()), Tls::Starttls), (Disposal::Delete, Tls::Tls)];
    for (n, (disposal, tls)) in ways.into_iter().enumerate() {
        let box_now = mailbox(disposal, tls);
        let waiting = box_now.waiting(1).await.unwrap_or_else(|error| panic!("{error}\n{}", dovecot.log()));
        assert_eq!(waiting.len(), 1, "mail {n}\n{}", dovecot.log());
        let fate = world.reader(&config).take(&waiting[0]).await.unwrap();
        box_now.put_away(waiting[0].id.clone(), fate).await.unwrap();
    }
    world.postboxes = vec![mailbox(Disposal::Mark, Tls::Starttls)];
    assert_eq!(world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().returned, 0, "each is read once");
    for address in &lost {
        assert_eq!(suppressed(&world, address).await, Some(Ending::AddressGone), "{}", postfix.log());
    }
    // One was moved, one deleted; the one that stays is marked.
    assert_eq!(dovecot.mails(BOUNCES), [(String::new(), true), (".Recorded".to_owned(), true)]);
    greylisting.abort();
}
