//! Visits to a council's site over the wire: robots.txt, rests, redirects and validators together.

use crate::support::clock::SteppingClock;
use crate::support::council::{Answer, Council};
use boardwatch::domain::poll::PollOutcome;
use boardwatch::edge::http::{HttpFetch, HttpLimits};
use boardwatch::engine::visit::{Manners, RobotsInMemory, Visited, Visitor};
use boardwatch::ports::FetchRequest;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;

/// A council, somebody who visits it, and the time.
async fn neighbours() -> (Council, Visitor, SteppingClock) {
    let clock = SteppingClock::at("2026-11-21T12:00:00Z");
    let council = Council::open_by(clock.clone()).await;
    let limits = HttpLimits {
        timeout: Duration::from_secs(30),
        body_bytes_max: 1_000_000,
        allow_private_networks: true,
        user_agent: "boardwatch/0.1 (+https://watch.example; contact admin@example.org)".to_owned(),
        from: None,
    };
    let manners = Manners { respect_robots: true, per_host_delay: Duration::from_secs(2) };
    let fetch = Arc::new(HttpFetch::new(limits).unwrap());
    let visitor = Visitor::new(fetch, Arc::new(clock.clone()), Arc::new(RobotsInMemory::default()), manners);
    (council, visitor, clock)
}

fn plainly(council: &Council, path: &str) -> FetchRequest {
    FetchRequest { url: council.url(path), etag: None, last_modified: None }
}

async fn outcome(council: &Council, visitor: &Visitor, path: &str) -> PollOutcome {
    visitor.visit(plainly(council, path)).await.unwrap_err().outcome
}

#[tokio::test]
async fn a_council_is_asked_with_its_rest_between_requests() {
    let (council, visitor, _clock) = neighbours().await;
    council.publish("/robots.txt", Answer::bytes("text/plain", b"User-agent: *\nCrawl-delay: 5\n"));
    for n in 0..4 {
        council.publish(&format!("/{n}"), Answer::html("<p>a notice"));
    }
    let visits = (0..4).map(|n| visitor.visit(plainly(&council, &format!("/{n}")))).collect::<Vec<_>>();
    assert!(futures::future::join_all(visits).await.iter().all(Result::is_ok));
    let times: Vec<_> = council.asked().iter().map(|asked| asked.at).collect();
    let gaps: Vec<_> = times.windows(2).map(|pair| (pair[1] - pair[0]).num_seconds()).collect();
    assert_eq!(gaps, [5, 5, 5, 5], "robots.txt, then four pages");
}

#[tokio::test]
async fn a_closed_part_of_the_site_is_left_alone_until_it_opens() {
    let (council, visitor, clock) = neighbours().await;
    council.publish("/robots.txt", Answer::bytes("text/plain", b"User-agent: BOARDWATCH\r\nDisallow: /minutes\r\n"));
    council.publish("/minutes", Answer::html("<p>minutes"));
    let denied = PollOutcome::RobotsDenied { rule: "Disallow: /minutes".to_owned() };
    assert_eq!(outcome(&council, &visitor, "/minutes").await, denied);
    council.publish("/robots.txt", Answer::status(404));
    assert_eq!(outcome(&council, &visitor, "/minutes").await, denied, "known for a day");
    clock.advance(TimeDelta::days(1));
    assert!(visitor.visit(plainly(&council, "/minutes")).await.is_ok());
    assert_eq!(council.asked_paths(), ["/robots.txt", "/robots.txt", "/minutes"]);
}

#[tokio::test]
async fn a_site_whose_robots_txt_fails_is_not_entered() {
    let (council, visitor, _clock) = neighbours().await;
    council.publish("/x", Answer::html("x"));
    for answer in [Answer::status(500), Answer::html(&"# rules ".repeat(100)).breaking_off()] {
        council.publish("/robots.txt", answer);
        assert!(matches!(outcome(&council, &visitor, "/x").await, PollOutcome::RobotsUnreachable { .. }));
    }
    assert_eq!(council.asked_paths(), ["/robots.txt", "/robots.txt"]);
}

#[tokio::test]
async fn a_page_is_read_whole_once_and_then_only_when_it_changes() {
    let (council, visitor, _clock) = neighbours().await;
    council.publish("/x", Answer::html("<p>one").with("etag", "\"1\""));
    let Visited { fetched, .. } = visitor.visit(plainly(&council, "/x")).await.unwrap();
    let again = FetchRequest { etag: fetched.etag, ..plainly(&council, "/x") };
    assert_eq!(visitor.visit(again.clone()).await.unwrap().fetched.status, 304);
    council.publish("/x", Answer::html("<p>two").with("etag", "\"2\""));
    let changed = visitor.visit(again).await.unwrap().fetched;
    assert_eq!((changed.status, changed.body.as_slice(), changed.etag.as_deref()), (200, b"<p>two".as_slice(), Some("\"2\"")));
}

#[tokio::test]
async fn redirects_lead_to_the_page_and_no_further_than_five() {
    let (council, visitor, _clock) = neighbours().await;
    council.publish("/old/", Answer::redirect("../new?IId=1#part")).publish("/new?IId=1", Answer::html("<p>here"));
    let visited = visitor.visit(plainly(&council, "/old/")).await.unwrap();
    assert_eq!((visited.url, visited.fetched.body.as_slice()), (council.url("/new?IId=1"), b"<p>here".as_slice()));
    council.publish("/loop", Answer::redirect("/loop"));
    assert!(matches!(outcome(&council, &visitor, "/loop").await, PollOutcome::Network { .. }));
    for n in 0..9 {
        council.publish(&format!("/far?{n}"), Answer::redirect(&format!("?{}", n + 1)));
    }
    assert!(matches!(outcome(&council, &visitor, "/far?0").await, PollOutcome::Network { .. }));
    assert!(!council.asked_paths().contains(&"/far?6".to_owned()));
}

#[tokio::test]
async fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let (council, visitor, clock) = neighbours().await;
    council.publish("/seconds", Answer::status(429).with("retry-after", "90"));
    council.publish("/date", Answer::status(503).with("retry-after", "Sat, 21 Nov 2026 13:00:00 GMT"));
    let busy = visitor.visit(plainly(&council, "/seconds")).await.unwrap_err();
    let now = boardwatch::ports::Clock::now(&clock);
    assert_eq!((busy.outcome, busy.not_before), (PollOutcome::AskedToWait { status: 429 }, Some(now + TimeDelta::seconds(90))));
    let busy = visitor.visit(plainly(&council, "/date")).await.unwrap_err();
    let one = "2026-11-21T13:00:00Z".parse().unwrap();
    assert_eq!((busy.outcome, busy.not_before), (PollOutcome::AskedToWait { status: 503 }, Some(one)));
}
