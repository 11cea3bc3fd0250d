//! Walls in words that nobody has listed, before pages that nothing is known of: an item is told under the name that its list gives it,
//! when its page can be read, or after a while without. And what a page or a list does not say any more is asked of the page itself.

use crate::support::app::App;
use crate::support::council::Answer;
use crate::whose_page::html;
use boardwatch::domain::poll::PollOutcome;
use chrono::TimeDelta;

const READER: &str = "now@example.org";
const STORIES: [(&str, &str); 6] = [
    ("Harbour board meets", "The board agreed that nine cranes of twenty are to be replaced."),
    ("Library opens on Sundays", "From the spring on readers may borrow on every day of the week."),
    ("Bus lane in Mill Street", "Cyclists and taxis may use it, and lorries until seven in the morning."),
    ("Rents tribunal reports", "Tenants brought forty cases, and thirty were decided for them."),
    ("Tip to close for repairs", "Waste can be taken to the other one, which opens an hour earlier."),
    ("Foster carers wanted", "Could you give a home to two brothers of six and nine years?"),
];
const WALLS: [(&str, &str); 3] = [
    ("Slow down", "You are going too fast for us. Take a breath, and come back in five minutes."),
    ("Before you go on", "Small files on your device help us. Choose which of them you like, and we let you in."),
    ("Not available in your region", "These pages are shown in the United Kingdom alone."),
];

fn list(titles: &[&str]) -> String {
    let entry =
        |(n, title): (usize, &&str)| format!("<li><h3><a href=/news/{n}>{title}</a></h3><p>{} November 2026</p></li>", 20 - n);
    html("News", &format!("<h1>News</h1><ul>{}</ul>", titles.iter().enumerate().map(entry).collect::<String>()))
}

fn page(title: &str, words: &str) -> String {
    html(title, &format!("<h1>{title}</h1><p>{words}</p>"))
}

fn publish(app: &App, stories: usize) {
    let titles: Vec<&str> = STORIES[..stories].iter().map(|(title, _)| *title).collect();
    app.publish("/news", &list(&titles));
    for (n, (title, words)) in STORIES[..stories].iter().enumerate() {
        app.publish(&format!("/news/{n}"), &page(title, words));
    }
}

/// The site with so many stories, watched from before there was a reader.
async fn watched(stories: usize, more: &str) -> App {
    let app = App::set_up().await;
    app.watch("news", "/news", more);
    app.list("people", &[(READER, "immediate")]);
    publish(&app, stories);
    assert_eq!(app.pass().await.polls[0].new, stories);
    app
}

/// What the mails of the next poll say.
async fn told(app: &App, later: TimeDelta) -> String {
    let before = app.inbox(READER).len();
    app.advance(later);
    let poll = app.pass().await.polls.remove(0);
    assert!(poll.outcome.is_good(), "{poll:?}");
    let mails = app.inbox(READER).split_off(before);
    mails.into_iter().map(|mail| mail.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_item_behind_a_wall_in_unknown_words_is_told_under_its_own_name_when_its_page_is_there() {
    for (title, words) in WALLS {
        let app = watched(3, "").await;
        publish(&app, 4);
        app.publish("/news/3", &page(title, words));
        assert_eq!(told(&app, hours(2)).await, "", "{title}");
        app.publish("/news/3", &page(STORIES[3].0, STORIES[3].1));
        let mail = told(&app, hours(2)).await;
        assert!(mail.contains(STORIES[3].0) && mail.contains("forty cases") && !mail.contains(title), "{mail}");
        assert_eq!(told(&app, hours(2)).await, "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_that_stays_gives_its_item_no_other_name() {
    let app = watched(3, "").await;
    publish(&app, 4);
    let (title, words) = WALLS[0];
    app.publish("/news/3", &page(title, words));
    let mut mails = String::new();
    for _ in 0..8 {
        mails.push_str(&told(&app, hours(20)).await);
    }
    assert!(mails.contains(&format!("[New] {}", STORIES[3].0)), "{mails}");
    assert!(!mails.contains(&format!("] {title}")), "{mails}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_list_does_not_name_is_told_as_its_page_names_it() {
    let app = watched(3, "").await;
    for listed in ["Read more", "Minutes", "14 December 2026"] {
        let mut titles: Vec<&str> = STORIES[..3].iter().map(|(title, _)| *title).collect();
        titles.push(listed);
        let number = ["Read more", "Minutes", "14 December 2026"].iter().position(|one| *one == listed).unwrap() + 3;
        let entry = format!("<li><h3><a href=/news/{number}>{listed}</a></h3></li></ul>");
        app.publish("/news", &list(&titles[..3]).replace("</ul>", &entry));
        app.publish(&format!("/news/{number}"), &page(STORIES[number].0, STORIES[number].1));
        assert!(told(&app, hours(2)).await.contains(STORIES[number].0), "{listed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_are_all_walled_off_from_the_first_are_no_healthy_source() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    publish(&app, 4);
    (0..4).for_each(|n| app.publish(&format!("/news/{n}"), &page("Sign in", "You must sign in to view this page.")));
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        outcomes.extend(app.pass().await.polls.pop().map(|poll| poll.outcome));
        app.advance(hours(2));
    }
    let says =
        |outcome: &PollOutcome| matches!(outcome, PollOutcome::Unrecognised { detail } if detail.contains("not the pages"));
    assert!(outcomes.last().is_some_and(says), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_page_headed_as_its_siblings_are_is_its_entry_s_though_it_does_not_name_it() {
    let app = App::set_up().await;
    app.watch("news", "/news", "");
    app.list("people", &[(READER, "immediate")]);
    let show = |count: usize| {
        publish(&app, count);
        let notice = |n: usize| page("Notice", &format!("Public session number {n} is in the Guildhall."));
        (0..count).for_each(|n| app.publish(&format!("/news/{n}"), &notice(n)));
    };
    show(3);
    assert_eq!(app.pass().await.polls[0].new, 3);
    show(4);
    assert!(told(&app, hours(2)).await.contains("session number 3"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_its_page_has_taken_off_is_told_though_the_list_is_as_it_was() {
    let app = watched(3, "").await;
    let told_at_length = "The board heard at its meeting that nine cranes of twenty are past repair, that the harbour master wants new \
         ones by next winter, and that the inspectors will come again before anything is ordered or paid for.";
    let with = |papers: &str| page(STORIES[0].0, &format!("{told_at_length}</p>{papers}<p>"));
    let papers = "<h2>Documents</h2><ul><li><a href=/files/map.pdf>Closure map</a> (PDF, 340KB)</li></ul>";
    app.publish("/news/0", &with(papers));
    assert!(told(&app, hours(2)).await.contains("Closure map"));
    app.publish("/news/0", &with(""));
    let mail = told(&app, hours(2)).await;
    assert!(mail.contains("Closure map"), "{mail}");
    assert_eq!(told(&app, hours(2)).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_says_that_it_has_nothing_withdraws_nothing_whose_page_is_there() {
    let app = watched(2, "").await;
    app.publish("/news", &html("News", "<h1>News</h1><p>There are no news items at the moment.</p>"));
    for _ in 0..4 {
        assert_eq!(told(&app, hours(13)).await, "");
    }
    app.council.publish("/news/1", Answer::status(404));
    let mut withdrawn = Vec::new();
    for _ in 0..4 {
        app.advance(hours(13));
        withdrawn.push(app.pass().await.polls[0].withdrawn);
    }
    assert_eq!(withdrawn, [0, 1, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_were_moved_are_the_same_on_a_page_whose_turn_comes_later() {
    let app = App::set_up().await;
    app.watch("news", "/news", "reread = 3\n");
    app.list("people", &[(READER, "immediate")]);
    let show = |at: &str| {
        publish(&app, 5);
        for (n, (title, words)) in STORIES[..5].iter().enumerate() {
            let file = format!("{words}</p><p><a href='{}'>Paper {n}</a> (PDF, {n}8KB)", at.replace('#', &n.to_string()));
            app.publish(&format!("/news/{n}"), &page(title, &file));
        }
    };
    show("/files/a-#.pdf");
    assert_eq!(app.pass().await.polls[0].new, 5);
    show("/media/x/a-#.pdf");
    assert_eq!(told(&app, hours(2)).await, "", "the newest");
    assert_eq!(told(&app, hours(24)).await, "", "the others");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_of_agendas_that_becomes_cards_with_one_more_tells_that_one() {
    let app = App::set_up().await;
    app.watch("papers", "/papers", "");
    app.list("people", &[(READER, "immediate")]);
    let bodies = ["Harbour Committee", "Cabinet", "Rents Panel", "Planning Committee", "Licensing Committee", "Standards Panel"];
    let link = |n: usize| format!("<a href=/files/s{n}/agenda-{n}.pdf>Agenda (PDF)</a>");
    let row = |n: usize| format!("<tr><td>{} December 2026</td><td>{}</td><td>{}</td></tr>", n + 3, bodies[n], link(n));
    let card = |n: usize| format!("<div class=card><h3>{}</h3><p>{} December 2026</p><p>{}</p></div>", bodies[n], n + 3, link(n));
    let show = |content: &str| {
        let intro = "<h1>Committee papers</h1><p>Agendas are put here five working days before each meeting.</p>";
        app.publish("/papers", &html("Committee papers", &format!("{intro}{content}")));
    };
    let head = "<tr><th>Date</th><th>Committee</th><th>Papers</th></tr>";
    show(&format!("<table>{head}{}</table>", (0..5).map(row).collect::<String>()));
    assert_eq!(app.pass().await.polls[0].new, 6, "five rows, and what stands above them");
    show(&format!("<div class=cards>{}</div>", (0..6).map(card).collect::<String>()));
    app.advance(hours(2));
    let poll = app.pass().await.polls.remove(0);
    // Whether the others say what they said, now that they are read otherwise, a person may have to see.
    assert_eq!((poll.new, poll.revised, poll.withdrawn), (1, 0, 0), "{poll:?}");
    let mails = app.inbox(READER);
    assert!(mails.len() == 1 && mails[0].text.contains("[New] Standards Panel"), "{poll:?}");
}
