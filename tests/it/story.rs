//! What residents, journalists and admins live through: a council publishes, changes and withdraws; servers and clocks
//! misbehave; somebody leaves.

use crate::support::app::{App, feeds};
use crate::support::council::Answer;
use crate::support::pages::{Chrome, blog, issue};
use crate::support::smtp::{Act, Script};
use boardwatch::domain::poll::{HoldDecision, PollOutcome};
use boardwatch::domain::source::SourceId;
use boardwatch::domain::subscriber::{Address, Ending, SubscriberId};
use boardwatch::store::open::open_exclusive;
use chrono::TimeDelta;

fn hours(n: i64) -> TimeDelta {
    TimeDelta::hours(n)
}

fn show(app: &App, posts: &[(u32, &str)]) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

async fn blog_app(people: &[(&str, &str)]) -> App {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", people);
    app
}

#[tokio::test]
async fn a_council_publishes_and_each_is_told_once_in_their_own_time() {
    let app = blog_app(&[("now@example.org", "immediate"), ("day@example.org", "daily"), ("week@example.org", "weekly")]).await;
    show(&app, &[(2, "Two."), (1, "One.")]);
    let first = app.pass().await;
    assert!(first.polls[0].is_baseline && first.polls[0].new == 2, "{first:?}");
    assert_eq!(app.smtp.kept().len(), 0, "nobody is mailed about the baseline");

    app.advance(hours(3));
    show(&app, &[(4, "Four."), (3, "The Board agreed its plan."), (2, "Two."), (1, "One.")]);
    assert_eq!(app.pass().await.polls[0].new, 2);
    let now = app.inbox("now@example.org");
    assert_eq!(now.len(), 1);
    assert!(now[0].subject.contains("Improvement Board Update 4"), "{}", now[0].subject);
    for part in [&now[0].text, &now[0].html] {
        assert!(part.contains("Improvement Board Update 3") && part.contains("The Board agreed its plan."));
        assert!(part.contains("blog Council") && part.contains("you follow everything") && part.contains("/unsubscribe/"));
    }
    assert_eq!(app.inbox("day@example.org").len(), 0, "the day is not over");

    // Saturday morning: the daily and the weekly window close.
    app.advance(hours(21));
    app.pass().await;
    for address in ["now@example.org", "day@example.org", "week@example.org"] {
        assert_eq!(app.inbox(address).len(), 1, "{address}");
    }
    app.advance(hours(24 * 8));
    app.pass().await;
    assert_eq!(app.smtp.kept().len(), 3, "no news, no mail");
}

#[tokio::test]
async fn a_revised_item_is_mailed_once_and_says_what_changed() {
    let app = blog_app(&[("now@example.org", "immediate")]).await;
    show(&app, &[(1, "Turnover is 9.9 percent.")]);
    app.pass().await;
    app.advance(hours(3));
    show(&app, &[(1, "Turnover is 12.5 percent.")]);
    assert_eq!(app.pass().await.polls[0].revised, 1);
    app.advance(hours(3));
    app.pass().await;
    let mails = app.inbox("now@example.org");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("9.9") && mails[0].text.contains("12.5"), "{}", mails[0].text);
}

#[tokio::test]
async fn a_withdrawn_item_is_told_to_those_who_had_it_after_two_healthy_polls() {
    let app = blog_app(&[("now@example.org", "immediate")]).await;
    show(&app, &[(2, "Two."), (1, "One.")]);
    app.pass().await;
    show(&app, &[(3, "Three."), (2, "Two."), (1, "One.")]);
    app.advance(hours(2));
    app.pass().await;
    show(&app, &[(2, "Two."), (1, "One.")]);
    for _ in 0..3 {
        app.advance(hours(2));
        app.pass().await;
    }
    let mails = app.inbox("now@example.org");
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(mails[1].text.to_lowercase().contains("withdrawn"), "{}", mails[1].text);
}

#[tokio::test]
async fn a_page_that_fails_is_never_no_news_and_never_withdraws() {
    let app = blog_app(&[("now@example.org", "immediate")]).await;
    show(&app, &[(2, "Two."), (1, "One.")]);
    app.pass().await;
    let before = feeds(&app.dir.path().join("var/feeds"));
    let challenge =
        "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>";
    let spoilt = [
        Answer::html(challenge),
        Answer::status(500),
        Answer::status(404),
        Answer::html("<html><body><p>Hello.</p></body></html>"),
        Answer::html("<html>").breaking_off(),
        Answer::status(503).with("retry-after", "120"),
    ];
    for answer in spoilt {
        app.council.publish("/blog/updates.aspx", answer);
        app.advance(hours(30));
        let report = app.pass().await;
        assert!(!report.polls[0].outcome.is_good(), "{:?}", report.polls[0].outcome);
    }
    assert_eq!(feeds(&app.dir.path().join("var/feeds")), before);
    show(&app, &[(3, "Three."), (2, "Two."), (1, "One.")]);
    app.advance(hours(30));
    let report = app.pass().await;
    assert_eq!((report.polls[0].new, report.polls[0].withdrawn), (1, 0), "{report:?}");
    let mails = app.inbox("now@example.org");
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(
        subjects[0].contains("has not been readable since") && subjects[1].contains("Improvement Board Update 3"),
        "{subjects:?}"
    );
}

#[tokio::test]
async fn a_listing_that_shrinks_is_held_until_an_admin_decides() {
    let app = blog_app(&[("now@example.org", "immediate")]).await;
    let nine: Vec<(u32, &str)> = (1..=9).rev().map(|n| (n, "Words.")).collect();
    app.watch("blog", "/blog/updates.aspx", "baseline = \"mail\"\n");
    show(&app, &nine);
    app.pass().await;
    assert_eq!(app.smtp.kept().len(), 1, "this source mails its baseline");
    show(&app, &nine[..2]);
    for _ in 0..3 {
        app.advance(hours(2));
        let report = app.pass().await;
        assert!(
            matches!(&report.polls[0].outcome, PollOutcome::Held { reason } if reason.contains("shrank from 9")),
            "{report:?}"
        );
    }
    let id = SourceId::parse("blog").unwrap();
    {
        let (world, _) = app.start().await;
        assert!(world.store.decide_hold(&id, HoldDecision::Absorb, app.now()).await.unwrap());
    }
    for _ in 0..4 {
        app.advance(hours(2));
        assert!(app.pass().await.polls[0].outcome.is_good());
    }
    assert_eq!(app.smtp.kept().len(), 1, "absorbed is told to nobody, now or later");
}

#[tokio::test]
async fn ten_polls_with_only_volatile_markup_changed_are_no_change() {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.watch("issue", "/mg/ieIssueDetails.aspx?IId=7&Opt=3", "");
    app.list("people", &[("now@example.org", "immediate"), ("day@example.org", "daily")]);
    let meetings = [("07/09/2026", "Cabinet", 58, "Members noted the update."), ("12/10/2026", "Council", 4, "It was resolved.")];
    let mut before = None;
    for n in 0..11 {
        let chrome = Chrome {
            head: format!(
                "<meta name=\"DC.date\" content=\"2026-11-{:02}\"><meta name=\"csrf-token\" content=\"t{n}\">\
                 <link rel=stylesheet href=\"/site.css?v={n}{n}\"><script>var NS_CSM_td={n}99;</script>",
                n + 1
            ),
            above: format!("<div class=\"alert\"><p>Offices close at {n}.</p></div><!-- {n} -->").repeat(n % 2),
            below: format!(
                "<form><input type=\"hidden\" name=\"__VIEWSTATE\" value=\"dDw{n}\"></form>{}<footer>Copyright {}</footer>\
                 <script src=\"/bnith__{n}\"></script><a hidden href=\"/-x{n}=.html\">trap</a>",
                "\n ".repeat(n),
                2020 + n
            ),
            attributes: if n % 2 == 0 { format!("data-t=\"{n}\" id=\"x{n}\"") } else { format!("id='x{n}'  data-t='{n}'") },
        };
        for (path, page) in blog(&[(2, "Two words."), (1, "One word.")], &chrome) {
            let spaced = if n % 3 == 0 { page.replace("><", ">\r\n\t <") } else { page };
            app.publish(&path, &spaced);
        }
        app.publish("/mg/ieIssueDetails.aspx?IId=7&Opt=3", &issue(&meetings, &chrome));
        let report = app.pass().await;
        if n > 0 {
            for poll in &report.polls {
                assert_eq!((poll.new, poll.revised, poll.withdrawn, poll.notices), (0, 0, 0, 0), "fetch {n}: {poll:?}");
                assert!(poll.outcome.is_good(), "fetch {n}: {poll:?}");
            }
        }
        let now = feeds(&app.dir.path().join("var/feeds"));
        assert_eq!(before.get_or_insert_with(|| now.clone()), &now, "fetch {n}: the feeds are the same bytes");
        app.advance(hours(13));
    }
    assert_eq!(app.smtp.kept().len(), 0);
}

#[tokio::test]
async fn a_mail_server_out_of_reach_delays_mail_and_loses_none() {
    let script = Script::default().on("MAIL", [Act::Say("451 4.7.1 try again later")]).on("content", [Act::TakeAndDrop]);
    let app = App::set_up_with(script).await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("now@example.org", "immediate")]);
    show(&app, &[(1, "One.")]);
    app.pass().await;
    show(&app, &[(2, "Two."), (1, "One.")]);
    let mut postponed = 0;
    for _ in 0..6 {
        app.advance(hours(2));
        postponed += app.pass().await.delivered.postponed;
    }
    assert_eq!(postponed, 2, "greylisted once, cut once");
    let mails = app.inbox("now@example.org");
    assert_eq!(mails.len(), 2, "taken before the line broke, and again to be sure");
    assert_eq!(mails[0].message_id, mails[1].message_id, "a repeat is recognisable");
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_not_mailed_again() {
    let app = App::set_up_with(Script::default().on("RCPT", [Act::Say("550 5.1.1 no such user")])).await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("gone@example.org", "immediate")]);
    show(&app, &[(1, "One.")]);
    app.pass().await;
    for n in 2..4 {
        app.advance(hours(2));
        let posts: Vec<(u32, &str)> = (1..=n).rev().map(|n| (n, "Words.")).collect();
        show(&app, &posts);
        let report = app.pass().await;
        assert_eq!(report.delivered.refused, usize::from(n == 2), "{report:?}");
    }
    assert_eq!(app.smtp.kept().len(), 0);
}

#[tokio::test]
async fn whoever_leaves_is_not_mailed_again_whatever_files_say_nor_what_is_queued() {
    let app = blog_app(&[("left@example.org", "immediate"), ("stays@example.org", "immediate")]).await;
    show(&app, &[(1, "One.")]);
    app.pass().await;
    app.advance(hours(2));
    show(&app, &[(2, "Two."), (1, "One.")]);
    {
        // Planned and queued, then they leave.
        let (world, config) = app.start().await;
        let orders = boardwatch::engine::pass::Orders { all: true, hold_mail: true, ..Default::default() };
        assert_eq!(world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap().planned, 2);
        let left = SubscriberId::of(&Address::parse("left@example.org").unwrap(), &world.key);
        assert!(world.store.end_subscriptions(&left, Ending::Unsubscribed, world.clock.now()).await.unwrap());
    }
    app.list("another", &[("LEFT@example.org", "immediate")]);
    assert_eq!(app.pass().await.delivered.cancelled, 1);
    app.advance(hours(2));
    show(&app, &[(3, "Three."), (2, "Two."), (1, "One.")]);
    app.pass().await;
    assert_eq!(app.inbox("left@example.org").len() + app.inbox("LEFT@example.org").len(), 0);
    assert_eq!(app.inbox("stays@example.org").len(), 2);
}

#[tokio::test]
async fn a_clock_that_steps_back_loses_no_news() {
    let app = blog_app(&[("day@example.org", "daily")]).await;
    show(&app, &[(1, "One.")]);
    app.pass().await;
    app.advance(hours(24));
    show(&app, &[(2, "Two."), (1, "One.")]);
    app.pass().await;
    // The machine's clock was a day ahead, and is put right.
    app.advance(hours(-24));
    show(&app, &[(3, "Three."), (2, "Two."), (1, "One.")]);
    app.pass().await;
    for _ in 0..4 {
        app.advance(hours(24));
        app.pass().await;
    }
    let told: String = app.inbox("day@example.org").into_iter().map(|mail| mail.text).collect();
    for n in 2..=3 {
        assert_eq!(told.matches(&format!("[New] Improvement Board Update {n}")).count(), 1, "{told}");
    }
}

#[tokio::test]
async fn windows_missed_while_the_machine_was_off_come_as_one_mail() {
    let app = blog_app(&[("day@example.org", "daily")]).await;
    show(&app, &[(1, "One.")]);
    app.pass().await;
    app.advance(hours(2));
    show(&app, &[(2, "Two."), (1, "One.")]);
    app.pass().await;
    app.advance(hours(24 * 6));
    app.pass().await;
    let mails = app.inbox("day@example.org");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("Improvement Board Update 2"));
}

#[tokio::test]
async fn a_second_process_on_the_same_store_is_refused_with_a_sentence() {
    let app = blog_app(&[]).await;
    let (_world, config) = app.start().await;
    let refused = open_exclusive(&config.data_dir).await.err().unwrap().to_string();
    assert!(refused.contains("another boardwatch is using the store"), "{refused}");
}

#[tokio::test]
async fn a_clock_that_was_years_ahead_stops_nobodys_mail_once_it_is_right() {
    let app = blog_app(&[("now@example.org", "immediate"), ("day@example.org", "daily")]).await;
    show(&app, &[(1, "One.")]);
    // The very first pass, and news, under a clock that is three years ahead.
    app.advance(hours(24 * 1000));
    app.pass().await;
    app.advance(hours(24));
    show(&app, &[(2, "Two."), (1, "One.")]);
    app.pass().await;
    // Put right.
    app.advance(hours(-24 * 1001));
    for n in 3..6 {
        app.advance(hours(24));
        let posts: Vec<(u32, &str)> = (1..=n).rev().map(|n| (n, "Words.")).collect();
        show(&app, &posts);
        let report = app.pass().await;
        assert_eq!(report.polls[0].new, 1, "{report:?}");
        assert_eq!(report.waiting, 0, "{report:?}");
    }
    app.advance(hours(24));
    app.pass().await;
    for address in ["now@example.org", "day@example.org"] {
        let told: String = app.inbox(address).into_iter().map(|mail| mail.text).collect();
        for n in 2..6 {
            assert_eq!(told.matches(&format!("[New] Improvement Board Update {n}")).count(), 1, "{address}, {n}: {told}");
        }
    }
}

/// What the header fields say of the thread that a message belongs to.
fn thread(app: &App, address: &str) -> Vec<(String, Option<String>, Option<String>)> {
    let kept = app.smtp.kept();
    let mails = kept.iter().filter(|kept| kept.to.iter().any(|to| to == address));
    mails
        .map(|kept| {
            let mail = mail_parser::MessageParser::default().parse(&kept.bytes).unwrap();
            let of = |value: &mail_parser::HeaderValue<'_>| value.as_text().map(str::to_owned);
            (mail.message_id().unwrap().to_owned(), of(mail.in_reply_to()), of(mail.references()))
        })
        .collect()
}

#[tokio::test]
async fn what_becomes_of_an_item_stands_under_the_first_mail_about_it() {
    let app = blog_app(&[("now@example.org", "immediate"), ("day@example.org", "daily")]).await;
    show(&app, &[(1, "One.")]);
    app.pass().await;
    app.list("late", &[("late@example.org", "immediate")]);
    app.advance(hours(3));
    show(&app, &[(3, "Three."), (2, "The plan costs 9 million."), (1, "One.")]);
    app.pass().await;
    app.advance(hours(24));
    app.pass().await;
    for words in ["The plan costs 12 million.", "The plan costs 14 million."] {
        app.advance(hours(24));
        show(&app, &[(3, "Three."), (2, words), (1, "One.")]);
        app.pass().await;
        app.advance(hours(24));
        app.pass().await;
    }
    for address in ["now@example.org", "day@example.org"] {
        let mails = thread(&app, address);
        let [(first, None, None), revised @ ..] = mails.as_slice() else { panic!("{mails:?}") };
        assert_eq!(revised.len(), 2, "{mails:?}");
        for (_, reply_to, references) in revised {
            assert_eq!((reply_to.as_ref(), references.as_ref()), (Some(first), Some(first)), "{address}");
        }
    }
    // A correction of what stood there before anybody was told stands under no other mail.
    app.advance(hours(24));
    show(&app, &[(3, "Three."), (2, "The plan costs 14 million."), (1, "Uno.")]);
    app.pass().await;
    let mails = thread(&app, "now@example.org");
    let (_, reply_to, _) = mails.last().unwrap();
    assert_eq!(reply_to, &None, "{mails:?}");
}

#[tokio::test]
async fn those_who_follow_a_page_are_told_once_that_it_cannot_be_read_for_long() {
    let app = blog_app(&[("now@example.org", "immediate"), ("week@example.org", "weekly")]).await;
    app.watch("other", "/other.aspx", "");
    app.write(
        "subscriptions/others.toml",
        "note = \"a test\"\n[[subscriber]]\naddress = \"else@example.org\"\ncadence = \"daily\"\nsources = [\"other\"]\n",
    );
    show(&app, &[(1, "One.")]);
    app.pass().await;
    let challenge =
        "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>";
    app.council.publish("/blog/updates.aspx", Answer::html(challenge));
    for _ in 0..6 {
        app.advance(hours(24));
        app.pass().await;
    }
    assert_eq!(app.smtp.kept().len(), 0, "six days are no reason to write");
    for _ in 0..4 {
        app.advance(hours(24));
        app.pass().await;
    }
    for address in ["now@example.org", "week@example.org"] {
        let mails = app.inbox(address);
        assert_eq!(mails.len(), 1, "{address}");
        assert_eq!(mails[0].subject, "blog: Updates of blog has not been readable since 20 November 2026");
        for part in [&mails[0].text, &mails[0].html] {
            assert!(
                part.contains("Blocked by the council’s firewall. Last read 7 days ago") && part.contains("/unsubscribe/"),
                "{part}"
            );
        }
    }
    assert_eq!(app.inbox("else@example.org").len(), 0, "who follows something else is not told");
    // Read again, and lost again: another outage.
    show(&app, &[(1, "One.")]);
    app.advance(hours(24));
    app.pass().await;
    app.council.publish("/blog/updates.aspx", Answer::html(challenge));
    for _ in 0..9 {
        app.advance(hours(24));
        app.pass().await;
    }
    assert_eq!(app.inbox("now@example.org").len(), 2);
}
