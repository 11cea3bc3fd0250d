//! Mail that waits is overtaken by what becomes of its items: one notice, and a true one, wherever the program is stopped.

use super::*;
use mail_parser::MessageParser;

const READER: &str = "at-once@example.org";
const PAGE: &str = "https://issue.example.org/ieIssueDetails.aspx?IId=7&Opt=3";

/// What the page shows at each pass, an hour apart: nothing but the old block, or a new one in these words; and whether mail leaves.
type Story = &'static [(Option<&'static str>, bool)];

/// (what happens, the mails that come of it: what the subject begins with after the council, and words in the text).
const STORIES: [(Story, &[(&str, &str)]); 6] = [
    // New, and corrected before it left.
    (&[(Some("It was so."), false), (Some("It was otherwise."), true)], &[("Council hears", "It was otherwise.")]),
    // New, and gone before it left.
    (&[(Some("It was so."), false), (None, false), (None, true)], &[]),
    // Told, and corrected twice before either left.
    (
        &[(Some("It was so."), true), (Some("It was otherwise."), false), (Some("It was altogether different."), true)],
        &[("Council hears", "It was so."), ("changed: ", "Before: It was so.")],
    ),
    // Told, corrected, and gone before that left.
    (
        &[(Some("It was so."), true), (Some("It was otherwise."), false), (None, false), (None, true)],
        &[("Council hears", "It was so."), ("withdrawn: ", "It was otherwise.")],
    ),
    // Told, gone, and back as it was.
    (&[(Some("It was so."), true), (None, false), (None, false), (Some("It was so."), true)], &[("Council hears", "It was so.")]),
    // In order, where nothing waits.
    (
        &[(Some("It was so."), true), (Some("It was otherwise."), true), (None, true), (None, true)],
        &[("Council hears", "It was so."), ("changed: ", "It was otherwise."), ("withdrawn: ", "It was otherwise.")],
    ),
];

/// Stories in which the program is stopped at every boundary: what is gone before it left, and what was told and changed.
const STOPPED: [usize; 2] = [1, 2];

/// The one in which it is stopped at every pair of them: what was corrected before it left.
const STOPPED_TWICE: usize = 0;

fn show(outside: &Outside, words: Option<&str>) {
    let first = block("07/09/2026", "Cabinet", 58, "Cabinet looks at the plan", "Members noted the plan.");
    let second = words.map(|words| block("09/11/2026", "Council", 12, "Council hears of progress", words));
    outside.show(PAGE, &issue(&second.into_iter().chain([first]).collect::<Vec<_>>()));
}

/// Tells the story from a pass on. Answers with the one in which the program was stopped, if it was.
async fn tell(config: &Config, outside: &Arc<Outside>, story: Story, from: usize, stop: Option<usize>) -> Option<usize> {
    outside.fuse.arm(stop);
    // Twice more: what was put back leaves, and nothing comes again.
    for at in from..story.len() + 2 {
        if at > from {
            outside.advance(61);
        }
        if let Some((words, leaves)) = story.get(at) {
            show(outside, *words);
            // One that does not take it now, or the mail is held back: either way it waits.
            *outside.moods.lock().unwrap() = if *leaves { Vec::new() } else { vec![Mood::Greylists] };
        }
        if outside.pass(config).await.is_none() {
            return Some(at);
        }
    }
    None
}

/// What came, oldest first: subject and text.
fn came(outside: &Outside) -> Vec<(String, String)> {
    let inbox = outside.inbox.lock().unwrap();
    let mut came: Vec<(i64, String, String)> = inbox
        .values()
        .map(|(to, bytes, _)| {
            assert_eq!(to, READER);
            let mail = MessageParser::default().parse(bytes).unwrap();
            let text = mail.body_text(0).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
            (mail.date().unwrap().to_timestamp(), mail.subject().unwrap().to_owned(), text)
        })
        .collect();
    came.sort();
    came.into_iter().map(|(_, subject, text)| (subject, text)).collect()
}

fn check_mails(outside: &Outside, expected: &[(&str, &str)], what: &str) {
    let came = came(outside);
    assert_eq!(came.len(), expected.len(), "{what}: {came:#?}");
    for ((subject, text), (begins, holds)) in came.iter().zip(expected) {
        assert!(subject.starts_with(&format!("Issue: {begins}")), "{what}: {subject}");
        assert!(text.contains(holds), "{what}: {holds} not in {text}");
    }
}

#[tokio::test]
async fn what_waits_is_overtaken_by_what_follows_wherever_the_program_is_stopped() {
    let config = config(site::site(), vec![issue_source()], &[(READER, Cadence::Immediate, everything())]);
    let start = Outside::new(FRIDAY);
    show(&start, None);
    assert!(start.pass(&config).await.is_some());
    for (number, (story, expected)) in STORIES.into_iter().enumerate() {
        let outside = start.fork();
        outside.advance(61);
        assert_eq!(tell(&config, &outside, story, 0, None).await, None);
        check_mails(&outside, expected, &format!("story {number}"));
        if STOPPED.contains(&number) {
            let boundaries = outside.fuse.passed();
            let begun = start.fork();
            begun.advance(61);
            let (stops, _) = stopped_at_each(&config, &begun, 0, story, expected, false).await;
            all_stopped(stops, boundaries);
        }
    }
}

/// What waits is planned in the first pass, which is stopped twice elsewhere.
#[tokio::test]
async fn what_waits_is_overtaken_wherever_the_program_is_stopped_twice() {
    let config = config(site::site(), vec![issue_source()], &[(READER, Cadence::Immediate, everything())]);
    let begun = Outside::new(FRIDAY);
    show(&begun, None);
    assert!(begun.pass(&config).await.is_some());
    let (story, expected) = STORIES[STOPPED_TWICE];
    begun.advance(61);
    show(&begun, story[0].0);
    *begun.moods.lock().unwrap() = vec![Mood::Greylists];
    assert!(begun.pass(&config).await.is_some());
    begun.advance(61);
    let undisturbed = begun.fork();
    assert_eq!(tell(&config, &undisturbed, story, 1, None).await, None);
    let boundaries = undisturbed.fuse.passed();
    let (stops, pairs) = stopped_at_each(&config, &begun, 1, story, expected, true).await;
    all_stopped(stops, boundaries);
    println!("{boundaries} boundaries, {pairs} pairs of stops while mail is overtaken: one notice, and a true one");
}

/// Tells a story from the pass `from` on, which is about to begin, and stops the program at each boundary, and `twice` at each
/// behind that. Answers how many single stops there were, and how many pairs.
async fn stopped_at_each(
    config: &Config,
    begun: &Arc<Outside>,
    from: usize,
    story: Story,
    expected: &[(&str, &str)],
    twice: bool,
) -> (usize, usize) {
    let (mut stops, mut pairs) = (0, 0);
    for stop in 1.. {
        let stopped = begun.fork();
        let Some(at) = tell(config, &stopped, story, from, Some(stop)).await else { break };
        let outside = stopped.fork();
        assert_eq!(tell(config, &outside, story, at, None).await, None);
        check_mails(&outside, expected, &format!("stopped at {stop}"));
        stops = stop;
        for second in (1..).take_while(|_| twice) {
            let outside = stopped.fork();
            let Some(again) = tell(config, &outside, story, at, Some(second)).await else { break };
            assert_eq!(tell(config, &outside, story, again, None).await, None);
            check_mails(&outside, expected, &format!("stopped at {stop} and then {second}"));
            pairs += 1;
        }
    }
    (stops, pairs)
}
