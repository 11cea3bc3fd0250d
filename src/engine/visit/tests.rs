//! Visits against a scripted web and a clock that moves only when somebody waits.

use super::*;
use crate::domain::poll::PollOutcome as Outcome;
use chrono::TimeDelta;
use futures::future::{BoxFuture, join_all};
use std::collections::HashMap;
use std::sync::Mutex;

/// Noon on an ordinary day.
fn noon() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

struct SteppingClock(Mutex<DateTime<Utc>>);

impl SteppingClock {
    fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.advance(TimeDelta::from_std(duration).unwrap());
        // Others get to run meanwhile, as they would.
        Box::pin(tokio::task::yield_now())
    }
}

/// Answers by URL; everything else is 404. Every request takes a second.
struct Web {
    clock: Arc<SteppingClock>,
    answers: Mutex<HashMap<String, Result<Fetched, FetchError>>>,
    asked: Mutex<Vec<(DateTime<Utc>, FetchRequest)>>,
    busy: Mutex<Vec<String>>,
}

impl Fetch for Web {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap().to_owned();
            assert!(!self.busy.lock().unwrap().contains(&host), "two requests at once to {host}");
            self.busy.lock().unwrap().push(host.clone());
            self.asked.lock().unwrap().push((self.clock.now(), request.clone()));
            tokio::task::yield_now().await;
            self.clock.advance(TimeDelta::seconds(1));
            self.busy.lock().unwrap().retain(|name| *name != host);
            let answers = self.answers.lock().unwrap();
            answers.get(request.url.as_str()).cloned().unwrap_or_else(|| Ok(answer(404)))
        })
    }
}

fn answer(status: u16) -> Fetched {
    Fetched { status, content_type: None, etag: None, last_modified: None, location: None, retry_after: None, body: Vec::new() }
}

fn page(body: &str) -> Fetched {
    Fetched { body: body.as_bytes().to_vec(), ..answer(200) }
}

fn to(location: &str) -> Fetched {
    Fetched { location: Some(location.to_owned()), ..answer(302) }
}

/// A visitor with the world it lives in.
struct World {
    clock: Arc<SteppingClock>,
    web: Arc<Web>,
    memory: Arc<RobotsInMemory>,
    visitor: Visitor,
}

fn world() -> World {
    world_with(Manners { respect_robots: true, per_host_delay: Duration::from_secs(2) })
}

fn world_with(manners: Manners) -> World {
    let clock = Arc::new(SteppingClock(Mutex::new(noon())));
    let web =
        Arc::new(Web { clock: Arc::clone(&clock), answers: Mutex::default(), asked: Mutex::default(), busy: Mutex::default() });
    let memory = Arc::new(RobotsInMemory::default());
    let visitor = Visitor::new(web.clone(), clock.clone(), memory.clone(), manners);
    World { clock, web, memory, visitor }
}

impl World {
    fn says(&self, url: &str, answer: Fetched) -> &Self {
        self.web.answers.lock().unwrap().insert(url.to_owned(), Ok(answer));
        self
    }

    fn fails(&self, url: &str, error: FetchError) -> &Self {
        self.web.answers.lock().unwrap().insert(url.to_owned(), Err(error));
        self
    }

    async fn visit(&self, url: &str) -> Result<Visited, NotVisited> {
        let url = Url::parse(url).unwrap();
        self.visitor.visit(FetchRequest { url, etag: None, last_modified: None }).await
    }

    async fn outcome(&self, url: &str) -> Outcome {
        self.visit(url).await.unwrap_err().outcome
    }

    fn asked(&self) -> Vec<String> {
        self.web.asked.lock().unwrap().iter().map(|(_, request)| request.url.to_string()).collect()
    }

    /// Seconds since noon at which each request began.
    fn times(&self) -> Vec<i64> {
        self.web.asked.lock().unwrap().iter().map(|(at, _)| (*at - noon()).num_seconds()).collect()
    }
}

#[tokio::test]
async fn robots_txt_is_asked_first_and_then_the_page() {
    let world = world();
    world.says("https://a.example/x?y=1", page("hello"));
    let visited = world.visit("https://a.example/x?y=1#part").await.unwrap();
    assert_eq!((visited.url.as_str(), visited.fetched.body.as_slice()), ("https://a.example/x?y=1", b"hello".as_slice()));
    assert_eq!(world.asked(), ["https://a.example/robots.txt", "https://a.example/x?y=1"]);
}

#[tokio::test]
async fn a_host_rests_between_the_end_of_one_request_and_the_start_of_the_next() {
    let world = world();
    world.says("https://a.example/1", page("1")).says("https://a.example/2", page("2")).says("https://b.example/3", page("3"));
    world.visit("https://a.example/1").await.unwrap();
    world.visit("https://a.example/2").await.unwrap();
    assert_eq!(world.times(), [0, 3, 6], "a second to answer, two of rest");
    world.visit("https://b.example/3").await.unwrap();
    assert_eq!(world.times(), [0, 3, 6, 7, 10], "another host need not wait for the first");
    world.clock.advance(TimeDelta::seconds(60));
    world.visit("https://a.example/1").await.unwrap();
    assert_eq!(world.times().last(), Some(&71), "a rested host is asked at once");
}

#[tokio::test]
async fn visits_at_once_to_one_host_take_turns_and_read_robots_txt_once() {
    let world = world();
    let urls: Vec<String> = (0..5).map(|n| format!("https://a.example/{n}")).collect();
    for url in &urls {
        world.says(url, page("x"));
    }
    let visits = join_all(urls.iter().map(|url| world.visit(url))).await;
    assert!(visits.iter().all(Result::is_ok));
    assert_eq!(world.asked().iter().filter(|url| url.ends_with("robots.txt")).count(), 1);
    let times = world.times();
    assert_eq!(times.len(), 6);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 3), "{times:?}");
}

#[tokio::test]
async fn ports_schemes_and_a_final_dot_do_not_make_another_host() {
    let world = world_with(Manners { respect_robots: false, per_host_delay: Duration::from_secs(10) });
    for url in ["http://a.example/", "https://a.example/", "http://a.example:8080/", "http://a.example./"] {
        world.says(url, page("x")).visit(url).await.unwrap();
    }
    assert_eq!(world.times(), [0, 11, 22, 33]);
}

#[tokio::test]
async fn a_crawl_delay_raises_the_rest_up_to_half_a_minute() {
    for (asked, rest) in [("1", 2), ("9", 9), ("86400", 30)] {
        let world = world();
        world.says("https://a.example/robots.txt", page(&format!("User-agent: *\nCrawl-delay: {asked}\n")));
        world.says("https://a.example/1", page("1"));
        world.visit("https://a.example/1").await.unwrap();
        world.visit("https://a.example/1").await.unwrap();
        assert_eq!(world.times(), [0, 1 + rest, 2 + 2 * rest], "Crawl-delay: {asked}");
    }
}

#[tokio::test]
async fn a_page_that_robots_txt_denies_is_not_asked_for() {
    let world = world();
    world.says("https://a.example/robots.txt", page("User-agent: BoardWatch\nDisallow: /private\n"));
    world.says("https://a.example/private", page("secret")).says("https://a.example/open", to("/private"));
    let denied = Outcome::RobotsDenied { rule: "Disallow: /private".to_owned() };
    assert_eq!(world.outcome("https://a.example/private").await, denied);
    assert_eq!(world.outcome("https://a.example/open").await, denied, "nor where an open page leads to it");
    assert_eq!(world.asked(), ["https://a.example/robots.txt", "https://a.example/open"]);
}

#[tokio::test]
async fn robots_txt_is_not_asked_where_it_is_not_to_be_respected() {
    let world = world_with(Manners { respect_robots: false, per_host_delay: Duration::ZERO });
    world.says("https://a.example/robots.txt", page("User-agent: *\nDisallow: /\n")).says("https://a.example/x", page("x"));
    assert!(world.visit("https://a.example/x").await.is_ok());
    assert_eq!(world.asked(), ["https://a.example/x"]);
}

#[tokio::test]
async fn no_robots_txt_allows_everything() {
    for status in [400, 401, 403, 404, 410, 451, 499] {
        let world = world();
        world.says("https://a.example/robots.txt", answer(status)).says("https://a.example/x", page("x"));
        assert!(world.visit("https://a.example/x").await.is_ok(), "status {status}");
    }
}

#[tokio::test]
async fn an_unreachable_robots_txt_denies_everything() {
    for status in [500, 502, 503, 599] {
        let world = world();
        world.says("https://a.example/robots.txt", answer(status)).says("https://a.example/x", page("x"));
        let outcome = Outcome::RobotsUnreachable { detail: format!("status {status}") };
        assert_eq!(world.outcome("https://a.example/x").await, outcome);
        assert_eq!(world.asked().len(), 1, "the page was not asked for");
    }
    let world = world();
    world.says("https://a.example/x", page("x"));
    world.fails("https://a.example/robots.txt", FetchError::Network("no connection: refused".to_owned()));
    let outcome = Outcome::RobotsUnreachable { detail: "no connection: refused".to_owned() };
    assert_eq!(world.outcome("https://a.example/x").await, outcome);
}

#[tokio::test]
async fn robots_txt_is_asked_again_after_a_day_and_not_before() {
    let world = world();
    let robots_requests = || world.asked().iter().filter(|url| url.ends_with("/robots.txt")).count();
    world
        .says("https://a.example/robots.txt", page("User-agent: *\nDisallow: /private\n"))
        .says("https://a.example/x", page("x"));
    world.visit("https://a.example/x").await.unwrap();
    world.clock.advance(TimeDelta::hours(23));
    world.visit("https://a.example/x").await.unwrap();
    assert_eq!(robots_requests(), 1);
    world.says("https://a.example/robots.txt", page("User-agent: *\nDisallow: /x\n"));
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(world.outcome("https://a.example/x").await, Outcome::RobotsDenied { rule: "Disallow: /x".to_owned() });
    assert_eq!(robots_requests(), 2);
}

#[tokio::test]
async fn an_old_copy_serves_for_thirty_days_where_robots_txt_cannot_be_had() {
    let world = world();
    world
        .says("https://a.example/robots.txt", page("User-agent: *\nDisallow: /private\n"))
        .says("https://a.example/x", page("x"));
    world.visit("https://a.example/x").await.unwrap();
    world.says("https://a.example/robots.txt", answer(500));
    world.clock.advance(TimeDelta::days(29));
    assert!(world.visit("https://a.example/x").await.is_ok());
    assert!(matches!(world.outcome("https://a.example/private").await, Outcome::RobotsDenied { .. }));
    world.clock.advance(TimeDelta::days(2));
    assert!(matches!(world.outcome("https://a.example/x").await, Outcome::RobotsUnreachable { .. }));
}

#[tokio::test]
async fn a_copy_from_the_future_is_asked_for_again() {
    let world = world();
    let record =
        RobotsRecord { fetched_at: noon() + TimeDelta::days(400), status: 200, body: b"User-agent: *\nDisallow: /".to_vec() };
    world.memory.put("https://a.example".to_owned(), record).await;
    world.says("https://a.example/x", page("x"));
    assert!(world.visit("https://a.example/x").await.is_ok());
}

#[tokio::test]
async fn robots_txt_may_be_up_to_five_redirects_away_also_on_another_host() {
    let chain = |world: &World, length: usize| {
        world.says("https://a.example/robots.txt", to("https://b.example/1"));
        for n in 1..length {
            world.says(&format!("https://b.example/{n}"), to(&format!("/{}", n + 1)));
        }
        world.says(&format!("https://b.example/{length}"), page("User-agent: *\nDisallow: /x\n"));
        world.says("https://a.example/x", page("x"));
    };
    let near = world();
    chain(&near, 5);
    assert!(matches!(near.outcome("https://a.example/x").await, Outcome::RobotsDenied { .. }));
    let far = world();
    chain(&far, 6);
    assert!(far.visit("https://a.example/x").await.is_ok(), "further off it counts as not there");
    let endless = world();
    endless.says("https://a.example/robots.txt", to("/robots.txt")).says("https://a.example/x", page("x"));
    assert!(endless.visit("https://a.example/x").await.is_ok());
}

#[tokio::test]
async fn each_host_on_the_way_is_asked_for_its_own_robots_txt() {
    let world = world();
    world.says("http://a.example/x", to("https://b.example/y")).says("https://b.example/y", page("there"));
    assert_eq!(world.visit("http://a.example/x").await.unwrap().url.as_str(), "https://b.example/y");
    let asked = ["http://a.example/robots.txt", "http://a.example/x", "https://b.example/robots.txt", "https://b.example/y"];
    assert_eq!(world.asked(), asked);
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed_relative_ones_from_where_they_stand() {
    for status in [301, 302, 303, 307, 308] {
        for (location, target) in [
            ("y", "https://a.example/dir/y"),
            ("/y", "https://a.example/y"),
            ("?y", "https://a.example/dir/x?y"),
            ("//b.example/y", "https://b.example/y"),
            ("HTTPS://A.example/y#part", "https://a.example/y"),
            (" ../y ", "https://a.example/y"),
        ] {
            let world = world();
            world.says("https://a.example/dir/x", Fetched { status, ..to(location) }).says(target, page("there"));
            assert_eq!(world.visit("https://a.example/dir/x").await.unwrap().url.as_str(), target, "{status} {location}");
        }
    }
}

#[tokio::test]
async fn five_redirects_are_followed_and_not_six() {
    let world = world();
    for n in 0..6 {
        world.says(&format!("https://a.example/{n}"), to(&format!("/{}", n + 1)));
    }
    world.says("https://a.example/6", page("there"));
    assert!(world.visit("https://a.example/1").await.is_ok());
    let detail = "it redirects more than 5 times, last to https://a.example/6".to_owned();
    assert_eq!(world.outcome("https://a.example/0").await, Outcome::Network { detail });
}

#[tokio::test]
async fn a_circle_of_redirects_is_left_at_once() {
    let world = world();
    world.says("https://a.example/1", to("/2")).says("https://a.example/2", to("/1#again"));
    let detail = "it redirects in a circle, back to https://a.example/1".to_owned();
    assert_eq!(world.outcome("https://a.example/1").await, Outcome::Network { detail });
    assert_eq!(world.asked().len(), 3);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error_page() {
    let world = world();
    world.says("https://a.example/none", answer(301)).says("https://a.example/bad", to("http://[broken"));
    assert_eq!(world.outcome("https://a.example/none").await, Outcome::ErrorPage { status: 301 });
    assert_eq!(world.outcome("https://a.example/bad").await, Outcome::ErrorPage { status: 302 });
}

#[tokio::test]
async fn a_redirect_to_a_file_is_refused_without_asking() {
    let world = world();
    world.says("https://a.example/x", to("file:///etc/passwd"));
    assert!(matches!(world.outcome("https://a.example/x").await, Outcome::Refused { .. }));
    assert!(matches!(world.outcome("ftp://a.example/x").await, Outcome::Refused { .. }));
    assert_eq!(world.asked(), ["https://a.example/robots.txt", "https://a.example/x"]);
}

#[tokio::test]
async fn a_host_that_may_not_be_asked_is_refused_and_not_called_unreachable() {
    let world = world();
    let refused = || FetchError::Refused("10.0.0.1 is not an address of the public internet".to_owned());
    world.fails("http://10.0.0.1/robots.txt", refused()).says("https://a.example/x", to("http://10.0.0.1/"));
    for url in ["http://10.0.0.1/x", "https://a.example/x"] {
        assert!(matches!(world.outcome(url).await, Outcome::Refused { .. }), "{url}");
    }
    world.says("https://b.example/robots.txt", to("http://10.0.0.1/robots.txt")).says("https://b.example/x", page("x"));
    assert!(matches!(world.outcome("https://b.example/x").await, Outcome::RobotsUnreachable { .. }));
}

#[tokio::test]
async fn validators_go_to_the_address_they_came_from_and_to_no_other() {
    let world = world();
    let tagged = Fetched { etag: Some("\"new\"".to_owned()), last_modified: Some("then".to_owned()), ..page("x") };
    world.says("https://a.example/here", tagged.clone()).says("https://a.example/away", to("/there"));
    world.says("https://a.example/there", tagged.clone());
    let ask = async |url: &str| {
        let (etag, last_modified) = (Some("\"old\"".to_owned()), Some("before".to_owned()));
        world.visitor.visit(FetchRequest { url: Url::parse(url).unwrap(), etag, last_modified }).await.unwrap()
    };
    assert_eq!(ask("https://a.example/here").await.fetched, tagged);
    let moved = ask("https://a.example/away").await;
    assert_eq!((moved.fetched.etag, moved.fetched.last_modified), (None, None), "they vouch for another address");
    let asked = world.web.asked.lock().unwrap();
    let sent = |path: &str| asked.iter().find(|(_, request)| request.url.path() == path).unwrap().1.etag.as_deref();
    assert_eq!((sent("/here"), sent("/away"), sent("/there")), (Some("\"old\""), Some("\"old\""), None));
    assert_eq!(sent("/robots.txt"), None);
}

#[tokio::test]
async fn unchanged_is_an_answer_only_to_who_asked_whether_it_is() {
    let world = world();
    world.says("https://a.example/x", answer(304));
    let url = Url::parse("https://a.example/x").unwrap();
    let request = FetchRequest { url, etag: None, last_modified: Some("then".to_owned()) };
    assert_eq!(world.visitor.visit(request).await.unwrap().fetched.status, 304);
    assert_eq!(world.outcome("https://a.example/x").await, Outcome::ErrorPage { status: 304 });
}

#[tokio::test]
async fn each_status_has_its_outcome() {
    let check = async |status: u16, expect: Outcome| {
        let world = world();
        world.says("https://a.example/x", answer(status));
        assert_eq!(world.visit("https://a.example/x").await, Err(NotVisited { outcome: expect, not_before: None }), "{status}");
    };
    for status in [202, 204, 206, 300, 400, 404, 410, 418, 500, 502, 503, 504, 599] {
        check(status, Outcome::ErrorPage { status }).await;
    }
    for status in [401, 403, 451] {
        check(status, Outcome::Blocked { sign: format!("status {status}") }).await;
    }
    check(429, Outcome::AskedToWait { status: 429 }).await;
}

#[tokio::test]
async fn a_server_says_until_when_in_seconds_or_as_a_date() {
    for status in [429, 503] {
        for (said, seconds) in [("120", 120), ("Sat, 21 Nov 2026 12:05:00 GMT", 300)] {
            let world = world_with(Manners { respect_robots: false, per_host_delay: Duration::ZERO });
            world.says("https://a.example/x", Fetched { retry_after: Some(said.to_owned()), ..answer(status) });
            let not = world.visit("https://a.example/x").await.unwrap_err();
            assert_eq!(not.outcome, Outcome::AskedToWait { status });
            let until = not.not_before.unwrap() - noon();
            // Seconds count from the answer, a second after noon.
            assert_eq!(until.num_seconds(), if said == "120" { seconds + 1 } else { seconds }, "{said}");
        }
    }
}

#[tokio::test]
async fn a_wish_to_wait_at_robots_txt_counts_for_the_page() {
    let busy = |status| Fetched { retry_after: Some("60".to_owned()), ..answer(status) };
    let world = world();
    world.says("https://a.example/robots.txt", busy(429)).says("https://b.example/robots.txt", busy(503));
    let not = world.visit("https://a.example/x").await.unwrap_err();
    assert_eq!((not.outcome, not.not_before.is_some()), (Outcome::AskedToWait { status: 429 }, true));
    let not = world.visit("https://b.example/x").await.unwrap_err();
    assert!(matches!(not.outcome, Outcome::RobotsUnreachable { .. }) && not.not_before.is_some());
}

#[tokio::test]
async fn what_the_edge_says_becomes_the_outcome() {
    let world = world();
    world.fails("https://a.example/big", FetchError::TooLarge { bytes_max: 10 });
    world.fails("https://a.example/cut", FetchError::Network("the body broke off".to_owned()));
    assert_eq!(world.outcome("https://a.example/big").await, Outcome::TooLarge { bytes_max: 10 });
    assert_eq!(world.outcome("https://a.example/cut").await, Outcome::Network { detail: "the body broke off".to_owned() });
}

#[tokio::test]
async fn only_the_part_of_robots_txt_that_is_read_is_remembered() {
    let world = world();
    let limit = crate::rules::robots::BYTES_MAX;
    let long = format!("User-agent: *\nDisallow: /x\n{}", "#\n".repeat(limit));
    world.says("https://a.example/robots.txt", page(&long));
    assert!(matches!(world.outcome("https://a.example/x").await, Outcome::RobotsDenied { .. }));
    assert_eq!(world.memory.get("https://a.example".to_owned()).await.unwrap().body.len(), limit + 1);
}
