//! What comes back is followed by the right thing once, wherever the program is stopped: who bounced, complained or was
//! lied about, whose suppression was lifted, and who was added to a list meanwhile.

use super::*;
use boardwatch::ports::Arrived;
use boardwatch::store::records::ReturnKind;

/// Passes of this story.
const PASSES: usize = 8;
const POSTS: [&str; 3] = ["Board Update 3", "Board Update 4", "Board Update 5"];

/// Who is told of which posts by the end.
type Told = Vec<(&'static str, Vec<&'static str>)>;

fn full() -> (Cast, Told) {
    let [a, b, c] = POSTS;
    let daily = ["daily", "also-daily", "left", "added"].map(|who| (who, vec![a, b, c]));
    let others = [("at-once", vec![a, b, c]), ("both", vec![a]), ("weekly", vec![a])];
    (with_bounces(Cast::full()), daily.into_iter().chain(others).collect())
}

/// One source and three people: few enough effects for every pair of stops.
fn small() -> (Cast, Told) {
    let [a, b, c] = POSTS;
    let people = [
        ("at-once@example.org", Cadence::Immediate, everything()),
        ("both@example.org", Cadence::Immediate, everything()),
        ("daily@example.org", Cadence::Daily, everything()),
    ];
    let config = config(site::site(), vec![blog_source()], &people);
    let cast = Cast { reloaded: config.clone(), reloaded_again: config.clone(), config, told: Vec::new() };
    (with_bounces(cast), vec![("at-once", vec![a, b, c]), ("both", vec![a]), ("daily", vec![a, b, c])])
}

pub(super) fn with_bounces(mut cast: Cast) -> Cast {
    for config in [&mut cast.config, &mut cast.reloaded, &mut cast.reloaded_again] {
        config.mail.bounces.mailbox = Some(Address::parse("bounces@example.org").unwrap());
        config.mail.bounces.is_read = true;
    }
    cast
}

/// What of ours was sent to `who`, as it arrived.
pub(super) fn sent_to(outside: &Outside, who: &str) -> String {
    let inbox = outside.inbox.lock().unwrap();
    let (_, bytes, _) = inbox.values().find(|(to, ..)| to == who).unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

fn report(kind: &str, part: &str, fields: &str, returned: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.net\nTo: bounces@example.org\nSubject: report\n\
         Content-Type: multipart/report; report-type={kind}; boundary=rr\n\n--rr\n\nSee below.\n\
         --rr\nContent-Type: message/{part}\n\n{fields}\n--rr\nContent-Type: message/rfc822\n\n{returned}\n--rr--\n"
    )
    .into_bytes()
}

fn bounce(who: &str, returned: &str) -> Vec<u8> {
    bounce_as("5.1.1", who, returned)
}

pub(super) fn bounce_as(status: &str, who: &str, returned: &str) -> Vec<u8> {
    let fields =
        format!("Reporting-MTA: dns; mail.example.net\n\nFinal-Recipient: rfc822; {who}\nAction: failed\nStatus: {status}\n");
    report("delivery-status", "delivery-status", &fields, returned)
}

/// What comes back on Saturday morning.
fn comes_back(outside: &Outside) {
    let gone = bounce("at-once@example.org", &sent_to(outside, "at-once@example.org"));
    let complaint = report("feedback-report", "feedback-report", "Feedback-Type: abuse\n", &sent_to(outside, "both@example.org"));
    let forged =
        bounce("daily@example.org", "Message-ID: <00112233445566778899aabbccddeeff@example.org>\nTo: daily@example.org\n\nx");
    let away = b"From: daily@example.org\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nBack on Monday.\n".to_vec();
    let mails = [gone.clone(), complaint, forged, away, gone];
    let mut returns = outside.returns.lock().unwrap();
    returns.extend(mails.into_iter().enumerate().map(|(n, bytes)| Arrived { id: n.to_string(), envelope_to: None, bytes }));
}

pub(super) fn publish(outside: &Outside, posts: u32) {
    outside.show("https://blog.example.org/updates.aspx", &blog(posts));
    for n in 1..=posts {
        outside.show(&post(n), &article(n));
    }
}

async fn stage(pass: usize, outside: &Arc<Outside>) {
    match pass {
        0 => before(outside),
        1 => {
            outside.set_clock("2026-11-20T12:30:00Z");
            publish(outside, 3);
        }
        2 => {
            outside.set_clock("2026-11-21T07:31:00Z");
            comes_back(outside);
        }
        3 => {
            outside.advance(180);
            publish(outside, 4);
        }
        4 => {
            let lift = async |world: World| {
                let id = SubscriberId::of(&Address::parse("at-once@example.org").unwrap(), &world.key);
                world.store.lift_suppression(&id).await.unwrap();
            };
            outside.meanwhile(lift).await;
        }
        5 => {
            outside.advance(180);
            publish(outside, 5);
        }
        6 => outside.set_clock("2026-11-22T07:31:00Z"),
        _ => outside.advance(40),
    }
}

/// Plays from `pass` on. Answers with the pass in which the program was stopped, if it was.
async fn go_on(cast: &Cast, outside: &Arc<Outside>, pass: usize, stop: Option<usize>) -> Option<usize> {
    go_on_to(PASSES, cast, outside, pass, stop).await
}

/// The same up to the pass `end`.
async fn go_on_to(end: usize, cast: &Cast, outside: &Arc<Outside>, pass: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    for now in pass..end {
        if now > pass {
            stage(now, outside).await;
        }
        if outside.pass(cast.config(now)).await.is_none() {
            return Some(now);
        }
    }
    None
}

async fn opening() -> Arc<Outside> {
    let outside = Outside::new(FRIDAY);
    stage(0, &outside).await;
    outside
}

async fn hold(told: &Told, outside: &Arc<Outside>, crashes: usize, what: &str) {
    let inbox = outside.inbox.lock().unwrap().clone();
    let mut found: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for (id, (to, bytes, copies)) in inbox {
        // What was given back goes again when the suppression that it had led to is lifted.
        let again = usize::from(to == "at-once@example.org");
        assert!(copies <= 1 + crashes + again, "{what}: {copies} copies of {id}");
        let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let text = message.body_text(0).unwrap().replace('\n', " ");
        for title in POSTS.into_iter().filter(|title| text.contains(title)) {
            *found.entry(to.trim_end_matches("@example.org").to_owned()).or_default().entry(title).or_default() += 1;
        }
    }
    let expected = told.iter().map(|(who, titles)| ((*who).to_owned(), titles.iter().map(|title| (*title, 1)).collect()));
    assert_eq!(found, expected.collect(), "{what}: everybody is told what is theirs, once, and nobody what is not");
    assert!(outside.returns.lock().unwrap().is_empty(), "{what}: everything that came back was put away");
    let world = outside.start();
    let counts = world.store.returns_since(world.clock.now() - chrono::TimeDelta::days(3)).await.unwrap().counts;
    // The same bounce came twice, and was counted once.
    let once = [ReturnKind::Gone, ReturnKind::AutoReply, ReturnKind::Complaint, ReturnKind::Unproven].map(|kind| (kind, 1));
    assert_eq!(counts, once.into(), "{what}: each mail that came back counts once");
}

#[tokio::test]
async fn what_comes_back_is_followed_by_the_right_thing_once_whatever_stops_the_program() {
    let (cast, told) = full();
    let undisturbed = opening().await;
    assert_eq!(go_on(&cast, &undisturbed, 0, None).await, None);
    hold(&told, &undisturbed, 0, "undisturbed").await;
    let boundaries = undisturbed.fuse.passed();
    assert!(boundaries > 100, "{boundaries}");
    let mut stops = 0;
    for stop in 1.. {
        let outside = opening().await;
        let Some(pass) = go_on(&cast, &outside, 0, Some(stop)).await else { break };
        assert_eq!(go_on(&cast, &outside, pass, None).await, None);
        hold(&told, &outside, 1, &format!("stopped at {stop}")).await;
        stops = stop;
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {stops} single stops, with mail coming back: nothing lost, nobody told who should not be");
}

/// Plays pairs of stops: each first one there is, with at most `seconds_max` second ones, spread over what is left then.
async fn play_pairs(seconds_max: usize) {
    let (cast, told) = small();
    // Up to Saturday morning nothing comes back; that part is stopped elsewhere.
    let start = opening().await;
    for pass in 0..2 {
        if pass > 0 {
            stage(pass, &start).await;
        }
        assert!(start.pass(cast.config(pass)).await.is_some());
    }
    stage(2, &start).await;
    let boundaries = left(&cast, &start, 2).await;
    let (mut played, mut all) = (0, 0);
    for first in 1..=boundaries {
        let stopped = start.fork();
        let pass = go_on(&cast, &stopped, 2, Some(first)).await.expect("stopped");
        let seconds = left(&cast, &stopped, pass).await;
        let chosen = seconds_max.min(seconds);
        for n in 0..chosen {
            let second = 1 + (n * seconds / chosen + first) % seconds;
            let outside = stopped.fork();
            let again = go_on(&cast, &outside, pass, Some(second)).await.expect("stopped again");
            assert_eq!(go_on(&cast, &outside, again, None).await, None);
            hold(&told, &outside, 2, &format!("stopped at {first} and then {second}")).await;
        }
        (played, all) = (played + chosen, all + seconds);
    }
    println!("{boundaries} boundaries, {played} of {all} pairs of stops while mail comes back: nothing lost");
    assert!(played >= boundaries, "{played}");
}

/// How many boundaries are left from `pass` on where nothing stops the program.
async fn left(cast: &Cast, world: &Arc<Outside>, pass: usize) -> usize {
    let undisturbed = world.fork();
    assert_eq!(go_on(cast, &undisturbed, pass, None).await, None);
    undisturbed.fuse.passed()
}

/// The pass in which mail comes back and a digest is told: every pair of stops there is.
#[tokio::test]
async fn any_two_stops_in_the_pass_in_which_mail_comes_back_change_nothing_of_it() {
    const END: usize = 3;
    let (cast, _) = small();
    let [first_post, ..] = POSTS;
    let told: Told = ["at-once", "both", "daily"].map(|who| (who, vec![first_post])).into();
    let start = opening().await;
    for pass in 0..2 {
        if pass > 0 {
            stage(pass, &start).await;
        }
        assert!(start.pass(cast.config(pass)).await.is_some());
    }
    stage(2, &start).await;
    let undisturbed = start.fork();
    assert_eq!(go_on_to(END, &cast, &undisturbed, 2, None).await, None);
    hold(&told, &undisturbed, 0, "undisturbed").await;
    let boundaries = undisturbed.fuse.passed();
    let (mut stops, mut pairs) = (0, 0);
    for first in 1.. {
        let stopped = start.fork();
        let Some(pass) = go_on_to(END, &cast, &stopped, 2, Some(first)).await else { break };
        stops = first;
        for second in 1.. {
            let outside = stopped.fork();
            let Some(again) = go_on_to(END, &cast, &outside, pass, Some(second)).await else { break };
            assert_eq!(go_on_to(END, &cast, &outside, again, None).await, None);
            hold(&told, &outside, 2, &format!("stopped at {first} and then {second}")).await;
            pairs += 1;
        }
    }
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {pairs} pairs of stops in the pass in which mail comes back: nothing changed");
}

#[tokio::test]
async fn two_stops_while_mail_comes_back_change_nothing_of_it() {
    play_pairs(3).await;
}

#[tokio::test]
#[ignore = "an hour of processor time"]
async fn any_two_stops_while_mail_comes_back_change_nothing_of_it() {
    play_pairs(usize::MAX).await;
}

#[tokio::test]
async fn long_schedules_of_stops_lose_nothing_either() {
    const SCHEDULES: u64 = 150;
    let (cast, told) = full();
    let mut stops = 0;
    for seed in 1..=SCHEDULES {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below).unwrap()
        };
        let outside = opening().await;
        let (mut pass, mut crashes) = (0, 0);
        let most = 2 + draw(12);
        while crashes < most {
            let Some(stopped) = go_on(&cast, &outside, pass, Some(1 + draw(40))).await else { break };
            (pass, crashes) = (stopped, crashes + 1);
        }
        if crashes == most {
            assert_eq!(go_on(&cast, &outside, pass, None).await, None);
        }
        hold(&told, &outside, crashes, &format!("seed {seed}, {crashes} stops")).await;
        stops += crashes;
    }
    println!("{SCHEDULES} long schedules with {stops} stops while mail comes back: nothing lost");
}
