//! A source that is one page about a board: what changes beside its dated parts is told as the page's, what changes in a part as
//! that part's, each once.

use crate::source_add::{ask, words};
use crate::support::app::App;
use crate::whose_page::html;
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const PATH: &str = "/fire/scrutiny-panel";
const READER: &str = "now@example.org";
const TITLE: &str = "Harbour scrutiny panel";

const INTRODUCTION: &str =
    "<p>The panel looks at how the harbour spends its money, and asks those who work there what they need.</p>";
const JUNE: &str =
    "<h3>18 June 2026</h3><p>Members walked the west quay and heard that nine of its twenty cranes are past repair.</p>";
const MARCH: &str =
    "<h3>12 March 2026</h3><p>Members agreed what they will look at in the year, and who will come to speak to them.</p>";
const NEXT: &str =
    "<h3>When the panel meets again</h3><p>The next meeting is on Wednesday 9 December 2026 at 5pm in the Customs House.</p>";
const PAPERS: &str = "<h3>Reading</h3><ul><li><a href=/files/11/quay-survey.pdf>Survey of the quay</a> (PDF, 2 MB)</li></ul>";

fn page(parts: &[&str]) -> String {
    let body = parts.concat();
    html(TITLE, &format!("<h1>{TITLE}</h1>{body}<p>Last updated: 19 November 2026</p>"))
}

async fn watched(parts: &[&str]) -> App {
    let app = App::set_up().await;
    app.watch("harbour", PATH, "");
    app.list("people", &[(READER, "immediate")]);
    app.publish(PATH, &page(parts));
    app.pass().await;
    app
}

/// Publishes the page like this, and answers with what each of the mails of three polls says.
async fn told(app: &App, parts: &[&str]) -> Vec<String> {
    let before = app.inbox(READER).len();
    app.publish(PATH, &page(parts));
    for _ in 0..3 {
        app.advance(TimeDelta::hours(6));
        let poll = app.pass().await.polls.remove(0);
        assert!(poll.outcome.is_good(), "{poll:?}");
    }
    app.inbox(READER).split_off(before).into_iter().map(|mail| format!("{} {}", mail.subject, mail.text)).collect()
}

const ALL: [&str; 5] = [INTRODUCTION, JUNE, MARCH, NEXT, PAPERS];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_beside_the_parts_of_a_page_is_told_once_as_the_page_s() {
    let notice = "<div class=flash><p>The meeting of 9 December is put off until the new year.</p></div>";
    let other_day = NEXT.replace("Wednesday 9 December 2026 at 5pm", "Monday 14 December 2026 at 6pm");
    let paper = PAPERS.replace("</ul>", "<li><a href=/files/12/crane-costs.pdf>What new cranes cost</a> (PDF, 90 KB)</li></ul>");
    let corrected = INTRODUCTION.replace("its money", "the town's money");
    for (parts, says) in [
        ([notice, INTRODUCTION, JUNE, MARCH, NEXT, PAPERS].as_slice(), "put off until the new year"),
        (&[&corrected, JUNE, MARCH, NEXT, PAPERS], "the town's money"),
        (&[INTRODUCTION, JUNE, MARCH, &other_day, PAPERS], "date moved"),
        (&[INTRODUCTION, JUNE, MARCH, NEXT, &paper], "papers added"),
    ] {
        let app = watched(&ALL).await;
        assert_eq!(told(&app, &ALL).await, Vec::<String>::new(), "{says}");
        let mails = told(&app, parts).await;
        let [mail] = mails.as_slice() else { panic!("{says}: {mails:?}") };
        assert!(mail.contains(says) && mail.contains(TITLE), "{says}: {mail}");
        assert!(!mail.contains("18 June 2026"), "{says}: {mail}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_in_a_part_of_a_page_is_told_once_as_that_part_s() {
    let app = watched(&ALL).await;
    let corrected = JUNE.replace("nine of its twenty", "ten of its twenty");
    let mails = told(&app, &[INTRODUCTION, &corrected, MARCH, NEXT, PAPERS]).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains("18 June 2026") && mail.contains("ten of its")), "{mails:?}");
    let newer = "<h3>17 September 2026</h3><p>Members heard the harbour master on the dredging of the inner basin.</p>";
    let mails = told(&app, &[INTRODUCTION, newer, &corrected, MARCH, NEXT, PAPERS]).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains("[New] 17 September 2026")), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_comes_to_be_told_in_parts_tells_nothing_that_it_said_before() {
    let app = watched(&[INTRODUCTION, MARCH, NEXT, PAPERS]).await;
    let mails = told(&app, &ALL).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("[New] 18 June 2026") && !mail.contains("12 March 2026"), "{mail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_parts_become_one_text_is_told_once_and_none_of_them_as_taken_down() {
    let app = watched(&ALL).await;
    let mails = told(&app, &[INTRODUCTION, MARCH, NEXT, PAPERS]).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("west quay") && !mail.contains("Withdrawn"), "{mail}");
    let anew = "<p>The panel ended with the year. The harbour board answers to the whole council now, which asks its officers in \
                public four times a year.</p><h3>Where to ask</h3><p>Questions go to the clerk at the Customs House.</p>";
    let app = watched(&ALL).await;
    let mails = told(&app, &[anew]).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("ended with the year") && !mail.contains("Withdrawn"), "{mail}");
}

/// A page of a board in the frame of its site.
fn framed(title: &str, heading: &str, said: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{title} | Averley Council</title></head><body><header><nav><ul><li><a href=/>Home</a></li>\
         <li><a href=/tax>Council tax</a></li><li><a href=/bins>Bins and recycling</a></li></ul></nav></header><main><h1>{heading}</h1>\
         {said}</main><footer><ul><li><a href=/privacy>Privacy</a></li><li><a href=/contact>Contact us</a></li></ul></footer></body></html>"
    )
}

const BOARD: &str = "<p>The board oversees how the council answers the inspection of May 2026.</p><h2>Members</h2>\
    <p>Dame Ruth Ellery is its chair; nine others come from the police and the health service.</p>\
    <ul><li><a href=/files/oct.pdf>Minutes, 14 October 2026</a></li><li><a href=/files/sep.pdf>Minutes, 9 September 2026</a></li></ul>";
const ANEW: &str = "<p>Since the directions of 20 November 2026 three commissioners do the work of the former board.</p>\
    <p>Sir Alan Pryce, Ms Joy Okafor and Mr Tom Hale began on 23 November and publish a report every six months.</p>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_written_anew_under_its_headline_is_told_at_once_and_goes_on_to_be_watched() {
    const NAME: &str = "Improvement Board";
    let app = App::set_up().await;
    app.watch("harbour", PATH, "");
    app.list("people", &[(READER, "immediate")]);
    for (name, said, expect) in [
        (NAME, BOARD.to_owned(), None),
        (NAME, ANEW.to_owned(), Some("three commissioners")),
        (NAME, ANEW.to_owned(), None),
        (NAME, ANEW.replace("six months", "four months"), Some("four months")),
        (NAME, BOARD.to_owned(), Some("Dame Ruth Ellery")),
        ("Commissioners", ANEW.to_owned(), Some("three commissioners")),
    ] {
        let before = app.inbox(READER).len();
        app.publish(PATH, &framed(name, name, &said));
        let poll = app.pass().await.polls.remove(0);
        assert!(poll.outcome.is_good(), "{poll:?}");
        let mails = app.inbox(READER).split_off(before);
        assert_eq!(mails.len(), usize::from(expect.is_some()), "{said}");
        assert!(mails.iter().all(|mail| mail.text.contains(expect.unwrap_or_default())), "{mails:?}");
        app.advance(TimeDelta::hours(6));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_the_place_of_a_page_under_its_headline_is_held() {
    const NAME: &str = "Improvement Board";
    let line = "<p>You are now in line to see the improvement board. When it is your turn you have ten minutes to enter, after which \
                somebody else behind you takes the place that we have kept for you here today.</p>";
    let other = "<p>Could you foster a child? Come and hear from families who do, in the town hall, any Monday evening at six, where \
                 carers answer whatever you would like to ask about the fostering of children.</p>";
    let commissioners = framed("Commissioners", "Commissioners", &ANEW.replace("former board", "council"));
    let unframed = html(NAME, &format!("<h1>{NAME}</h1>{ANEW}"));
    for instead in [
        framed(NAME, NAME, line),
        framed(NAME, NAME, other),
        framed("Sign in", NAME, &ANEW.replace("former", "new")),
        commissioners,
        unframed,
    ] {
        let app = App::set_up().await;
        app.watch("harbour", PATH, "");
        app.publish(PATH, &framed(NAME, NAME, BOARD));
        app.pass().await;
        app.publish(PATH, &instead);
        app.advance(TimeDelta::hours(6));
        let poll = app.pass().await.polls.remove(0);
        assert!(!poll.outcome.is_good() && poll.revised == 0, "{instead}: {poll:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_out_such_a_page_or_adds_it_is_shown_what_is_told_as_the_page_s() {
    let app = watched(&ALL).await;
    let corrected = INTRODUCTION.replace("its money", "the town's money");
    app.publish(PATH, &page(&[&corrected, JUNE, MARCH, NEXT, PAPERS]));
    let says = |args: &[&str]| words(&ask(&app, args).stdout);
    let json = |args: &[&str]| serde_json::from_str::<serde_json::Value>(&says(args)).unwrap();
    let tested = says(&["source", "test", "harbour"]);
    assert!(tested.contains("(the page itself: what it says beside the items)"), "{tested}");
    assert!(tested.contains("the town's money"), "what a mail would say of it: {tested}");
    let tested = json(&["source", "test", "harbour", "--json"]);
    assert_eq!((tested["items"].as_array().unwrap().len(), &tested["page"]["compared"]), (2, &"changed".into()), "{tested}");
    assert_eq!(tested["page"]["item"]["title"], TITLE, "{tested}");
    let url = app.council.url(PATH);
    let shown = says(&["source", "add", url.as_str(), "--id", "other", "--dry-run"]);
    assert!(shown.contains("(the page itself: what it says beside the items)"), "{shown}");
    let shown = json(&["source", "add", url.as_str(), "--id", "other", "--dry-run", "--json"]);
    assert_eq!(shown["found"]["page"]["title"], TITLE, "{shown}");
}

const FERRIES: &str = "Ferry improvement board";
const CHAIR: &str =
    "<h2>Members</h2><p>The board has a chair who is not of the harbour, Dame Ruth Ellery, and nine members beside her.</p>";
const MEETS: &str = "<h2>Next meeting</h2><p>The next meeting is on Wednesday 9 December 2026 at 2pm in the Customs House.</p>";
const MINUTES: [&str; 4] =
    ["Minutes, 9 September 2026", "Minutes, 14 October 2026", "Minutes, 11 November 2026", "Minutes, 18 November 2026"];

/// A board's page with so many of its minutes, newest first.
fn board(chair: &str, meets: &str, minutes: usize) -> String {
    let paper = |n: usize| format!("<li><a href=/files/{n}.pdf>{}</a> (PDF, 9{n} KB)</li>", MINUTES[n]);
    let papers: String = (0..minutes).rev().map(paper).collect();
    let intro = "<p>The board sees to it that the ferries do what the inspectors asked for in May.</p>";
    html(FERRIES, &format!("<h1>{FERRIES}</h1>{intro}{chair}{meets}<h2>Papers</h2><ul>{papers}</ul>"))
}

/// Publishes it like this, and answers with what each of the mails of three polls says.
async fn told_of(app: &App, page: &str) -> Vec<String> {
    let before = app.inbox(READER).len();
    app.publish(PATH, page);
    for _ in 0..3 {
        app.advance(TimeDelta::hours(6));
        let poll = app.pass().await.polls.remove(0);
        assert!(poll.outcome.is_good(), "{poll:?}");
    }
    app.inbox(READER).split_off(before).into_iter().map(|mail| format!("{} {}", mail.subject, mail.text)).collect()
}

async fn watched_board(minutes: usize) -> App {
    let app = App::set_up().await;
    app.watch("ferries", PATH, "");
    app.list("people", &[(READER, "immediate")]);
    app.publish(PATH, &board(CHAIR, MEETS, minutes));
    app.pass().await;
    app
}

fn is_paper_alone(mails: &[String], minutes: usize) -> bool {
    let is_other = |mail: &str| (0..minutes).any(|n| mail.contains(&format!("[New] {}", MINUTES[n])));
    matches!(mails, [mail] if mail.contains(&format!("[New] {}", MINUTES[minutes])) && !mail.contains("[Changed]") && !is_other(mail))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_prose_that_comes_to_list_its_papers_goes_on_being_watched_for_its_prose() {
    let other_day = MEETS.replace("9 December", "16 December");
    let other_chair = CHAIR.replace("Dame Ruth Ellery", "Dame Jean Marlow");
    for minutes in [2, 3] {
        let app = watched_board(minutes).await;
        if minutes == 2 {
            let mails = told_of(&app, &board(CHAIR, MEETS, 3)).await;
            assert!(is_paper_alone(&mails, 2), "{mails:?}");
        }
        let mails = told_of(&app, &board(CHAIR, &other_day, 3)).await;
        assert!(
            matches!(mails.as_slice(), [mail] if mail.contains(FERRIES) && mail.contains("date moved") && !mail.contains("[New]")),
            "{minutes}: {mails:?}"
        );
        let mails = told_of(&app, &board(CHAIR, &other_day, 4)).await;
        assert!(is_paper_alone(&mails, 3), "{minutes}: {mails:?}");
        let mails = told_of(&app, &board(&other_chair, &other_day, 4)).await;
        assert!(
            matches!(mails.as_slice(), [mail] if mail.contains("Jean Marlow") && !mail.contains("Minutes")),
            "{minutes}: {mails:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_page_says_otherwise_on_the_day_on_which_it_comes_to_list_its_papers_is_told_too() {
    let app = watched_board(2).await;
    let mails = told_of(&app, &board(&CHAIR.replace("nine members", "ten members"), MEETS, 3)).await;
    let said = mails.concat();
    assert!(said.contains("ten members") && said.contains(&format!("[New] {}", MINUTES[2])), "{mails:?}");
    assert!(!said.contains("Document removed") && said.matches(MINUTES[1]).count() == 0, "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_lists_too_few_papers_for_a_list_tells_once_of_the_one_that_is_gone() {
    let app = watched_board(3).await;
    let mails = told_of(&app, &board(CHAIR, MEETS, 2)).await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("papers removed") && mail.contains(MINUTES[2]) && !mail.contains("[Withdrawn]"), "{mail}");
    assert_eq!(told_of(&app, &board(CHAIR, MEETS, 2)).await, Vec::<String>::new());
    let mails = told_of(&app, &board(CHAIR, &MEETS.replace("2pm", "3pm"), 2)).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains("date moved")), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_says_nothing_any_more_above_its_papers_is_held_and_a_paper_beside_that_is_told() {
    let silent = |minutes: usize| {
        let page = board("", "", minutes);
        let intro = page.find("<p>The board sees").unwrap();
        let end = page.find("<h2>Papers").unwrap();
        format!("{}{}", &page[..intro], &page[end..])
    };
    let app = watched_board(3).await;
    let poll = async |page: &str| {
        app.publish(PATH, page);
        app.advance(TimeDelta::hours(6));
        let poll = app.pass().await.polls.remove(0);
        (matches!(poll.outcome, PollOutcome::Held { .. }), poll.notices)
    };
    assert_eq!(poll(&silent(3)).await, (true, 0));
    assert_eq!(poll(&silent(3)).await, (true, 0), "as long as it does");
    assert_eq!(poll(&silent(4)).await, (true, 1), "another paper");
    assert_eq!(poll(&board(CHAIR, MEETS, 4)).await, (false, 0), "its words are back");
    assert_eq!(poll(&board(CHAIR, &MEETS.replace("2pm", "3pm"), 4)).await, (false, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_page_of_a_board_says_above_links_to_its_updates_is_told_as_the_page_s() {
    let page = |meets: &str, updates: &[(&str, &str)]| {
        let update =
            |(name, day): &(&str, &str)| format!("<h3><a href='/fire/{name}'>Update from the chair: {name}</a></h3><p>{day}</p>");
        let list: String = updates.iter().map(update).collect();
        html(FERRIES, &format!("<h1>{FERRIES}</h1>{meets}<h2>Updates from the board</h2>{list}"))
    };
    let updates =
        [("winter", "12 November 2026"), ("autumn", "4 September 2026"), ("summer", "26 June 2026"), ("spring", "2 April 2026")];
    let app = App::set_up().await;
    for (name, day) in updates {
        let title = format!("Update from the chair: {name}");
        app.publish(
            &format!("/fire/{name}"),
            &html(&title, &format!("<h1>{title}</h1><p>{day}</p><p>What we saw in the {name}: boats, people and money.</p>")),
        );
    }
    app.watch("ferries", PATH, "");
    app.list("people", &[(READER, "immediate")]);
    app.publish(PATH, &page(MEETS, &updates[1..]));
    app.pass().await;
    assert_eq!(told_of(&app, &page(MEETS, &updates[1..])).await, Vec::<String>::new());
    let mails = told_of(&app, &page(MEETS, &updates)).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains("[New]") && !mail.contains("[Changed]")), "{mails:?}");
    let mails = told_of(&app, &page(&MEETS.replace("9 December", "16 December"), &updates)).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains(FERRIES) && mail.contains("date moved")), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_over_a_list_of_papers_that_had_no_words_beside_it_is_told() {
    let page = |notice: &str| {
        let paper = |(n, name): (usize, &&str)| format!("<li><a href=/files/{n}.pdf>{name}</a></li>");
        let papers: String = MINUTES.iter().enumerate().map(paper).collect();
        html(FERRIES, &format!("<h1>{FERRIES}</h1>{notice}<ul>{papers}</ul>"))
    };
    let app = App::set_up().await;
    app.watch("ferries", PATH, "");
    app.list("people", &[(READER, "immediate")]);
    app.publish(PATH, &page(""));
    app.pass().await;
    assert_eq!(told_of(&app, &page("")).await, Vec::<String>::new());
    let mails = told_of(&app, &page("<p>The board does not meet any more: the whole council hears of the ferries.</p>")).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.contains(FERRIES) && mail.contains("does not meet any more")), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_over_a_list_of_papers_that_says_when_the_board_meets_next_is_told_when_it_says_another_day() {
    for (before, after) in [
        ("<p>", "</p>"),
        ("<p class=notable-headline>", "</p>"),
        ("<div class=table-title>", "</div>"),
        ("<div class=panel-heading>", "</div>"),
        ("<button type=button>", "</button>"),
        ("<p><strong>", "</strong></p>"),
        ("<h3>", "</h3>"),
    ] {
        let page = |day: &str| {
            let paper = |(n, name): (usize, &&str)| format!("<li><a href=/files/{n}.pdf>{name}</a></li>");
            let papers: String = MINUTES.iter().enumerate().map(paper).collect();
            let intro = "<p>The board sees to it that the ferries do what the inspectors asked for in May.</p>";
            let meets = format!("{before}Next meeting: {day}, Customs House{after}");
            html(FERRIES, &format!("<h1>{FERRIES}</h1>{intro}{meets}<ul>{papers}</ul>"))
        };
        let app = App::set_up().await;
        app.watch("ferries", PATH, "");
        app.list("people", &[(READER, "immediate")]);
        app.publish(PATH, &page("9 December 2026"));
        app.pass().await;
        let mails = told_of(&app, &page("16 December 2026")).await;
        let is_told = |mail: &str| mail.contains(FERRIES) && mail.contains("16 December");
        assert!(matches!(mails.as_slice(), [mail] if is_told(mail)), "{before}: {mails:?}");
    }
}
