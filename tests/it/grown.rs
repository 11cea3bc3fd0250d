//! Pages with one entry to which a second comes: that is news, and the first is not.

use crate::support::app::App;
use crate::whose_page::{html, told};
use boardwatch::domain::source::SourceId;

/// A page's two states: with one entry and with two, newest first.
struct Page {
    headline: &'static str,
    above: &'static str,
    below: &'static str,
    entry: fn(usize) -> String,
}

const TITLES: [&str; 3] = [
    "Letter of the inspectors after the first visit",
    "Letter of the inspectors after the second visit",
    "Letter of the inspectors after the third visit",
];
const DAYS: [&str; 3] = ["3 November 2026", "17 November 2026", "20 November 2026"];

impl Page {
    fn with(&self, newest: usize) -> String {
        let entries: String = (0..=newest).rev().map(self.entry).collect();
        let Self { headline, above, below, .. } = self;
        html(headline, &format!("<h1>{headline}</h1>{}", above.replace("ENTRIES", &entries)).replace("BELOW", below))
    }
}

fn pages() -> Vec<Page> {
    let page = |above, below, entry| Page { headline: "Letters of the inspectors", above, below, entry };
    vec![
        page("<p>What they have written to the director.</p><dl>ENTRIES</dl>", "", |n| {
            format!("<dt>{}</dt><dd><a href=/letters/{n}>{}</a></dd>", DAYS[n], TITLES[n])
        }),
        page(
            "<p>What they have written.</p><ul>ENTRIES</ul><h2>Related pages</h2><ul><li><a href=/board>About the board</a></li><li><a href=/plan>The plan</a></li></ul>",
            "",
            |n| format!("<li><a href=/letters/{n}>{}</a> <span>Published {}</span></li>", TITLES[n], DAYS[n]),
        ),
        page("<p>What they have written.</p><div class=cards>ENTRIES</div>", "", |n| {
            format!(
                "<a class=card href=/publications/{n}><span class=card-date>{}</span><span class=card-title>{}</span><span class=card-text>They wrote to the director.</span></a>",
                DAYS[n], TITLES[n]
            )
        }),
        page("<p>What they have written.</p><div class=cards>ENTRIES</div>", "", |n| {
            format!(
                "<a class=card href=/publications/{n}><div><h3>{}</h3><p>{}</p><p>They wrote to the director.</p></div></a>",
                TITLES[n], DAYS[n]
            )
        }),
    ]
}

fn own(n: usize) -> String {
    let words = [
        "Forty actions are complete.",
        "Turnover has to fall below that of others.",
        "The front door is quicker and calmer now.",
    ];
    html(
        TITLES[n],
        &format!("<article><h1>{}</h1><p>{}</p><p>We came to see you. {}</p></article>", TITLES[n], DAYS[n], words[n]),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_entry_of_a_page_is_news_and_the_first_is_not() {
    for (nth, page) in pages().into_iter().enumerate() {
        let app = App::set_up().await;
        app.watch("letters", "/inspectors", "");
        app.list("people", &[("now@example.org", "immediate")]);
        for n in 0..3 {
            for folder in ["letters", "publications", "events"] {
                app.publish(&format!("/{folder}/{n}"), &own(n));
            }
        }
        for path in ["/board", "/plan"] {
            app.publish(
                path,
                &html(
                    "The board",
                    "<h1>The board</h1><p>It meets in the town hall every second month, and everybody may come.</p>",
                ),
            );
        }
        app.publish("/inspectors", &page.with(0));
        let first = app.pass().await.polls.remove(0);
        assert!(first.outcome.is_good(), "{nth} {first:?}");
        let mut told_of = 0;
        for n in 1..3 {
            app.publish("/inspectors", &page.with(n));
            for _ in 0..4 {
                let (new, revised, withdrawn) = told(&app).await;
                assert_eq!(withdrawn, 0, "{nth} {n}");
                told_of += new + revised;
            }
            let mail = app.inbox("now@example.org");
            assert_eq!(mail.len(), n, "{nth} {:?}", mail.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
            assert!(mail[n - 1].text.contains(TITLES[n]), "{nth} {}", mail[n - 1].text);
            let is_new = |n: usize| mail.iter().any(|mail| mail.subject.contains(TITLES[n]));
            assert!(!is_new(0), "{nth} {:?}", mail.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
        }
        assert!(told_of >= 2, "{nth} {told_of}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_is_no_news_of_a_page_that_is_about_something_else() {
    let page = Page {
        headline: "Working together",
        above: "<p>We work with partners so that children have what they need.</p><h2>Upcoming events</h2><div class=events>ENTRIES</div>",
        below: "",
        entry: |n| {
            format!(
                "<div class=event><h3><a href=/events/{n}>{}</a></h3><p>{}, 6pm to 8pm</p><p>Town Hall</p></div>",
                TITLES[n], DAYS[n]
            )
        },
    };
    let app = App::set_up().await;
    app.watch("page", "/together", "");
    app.publish("/together", &page.with(0));
    assert_eq!(app.pass().await.polls.remove(0).new, 1);
    for n in [1, 2, 0] {
        app.publish("/together", &page.with(n));
        assert_eq!(told(&app).await, (0, 0, 0), "{n}");
    }
    app.publish("/together", &page.with(0).replace("what they need", "what they need and want"));
    assert_eq!(told(&app).await, (0, 1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_panel_on_a_page_is_news_and_the_first_is_not() {
    let meetings = [("Harbour Board", "7 December 2026"), ("Licensing Panel", "9 December 2026"), ("Cabinet", "15 January 2027")];
    let shapes: [fn(&str, &str) -> String; 3] = [
        |name, day| {
            format!(
                "<details><summary>{name}, {day}</summary><p>7pm, Lantern Rooms</p><p>Come and hear the {name}.</p></details>"
            )
        },
        |name, day| {
            format!(
                "<details><summary>{name}, {day}</summary><p>7pm, Lantern Rooms</p><p><a href='/f/{day}.pdf'>Agenda</a> (PDF)</p></details>"
            )
        },
        |name, day| {
            format!(
                "<div><h3><button aria-expanded=false>{name}, {day}</button></h3><div><dl><dt>Time</dt><dd>7pm</dd><dt>Venue</dt>\
                 <dd>Lantern Rooms</dd></dl><ul><li><a href='/f/{day}.pdf'>Agenda (PDF)</a></li></ul></div></div>"
            )
        },
    ];
    for (nth, shape) in shapes.into_iter().enumerate() {
        let app = App::set_up().await;
        app.watch("board", "/board", "");
        app.list("people", &[("now@example.org", "immediate")]);
        let page = |count: usize| {
            let panels: String = meetings[..count].iter().map(|(name, day)| shape(name, day)).collect();
            html("Board meetings", &format!("<h1>Board meetings</h1><div>{panels}</div>"))
        };
        app.publish("/board", &page(1));
        let begun = app.now();
        assert_eq!(app.pass().await.polls.remove(0).new, 1, "{nth}");
        for count in 2..=3 {
            app.publish("/board", &page(count));
            for _ in 0..3 {
                assert_eq!(told(&app).await.2, 0, "{nth}");
            }
            let subjects: Vec<String> = app.inbox("now@example.org").iter().map(|mail| mail.subject.clone()).collect();
            assert_eq!(subjects.len(), count - 1, "{nth} {subjects:?}");
            assert!(subjects[count - 2].contains(meetings[count - 1].0), "{nth} {subjects:?}");
        }
        let (world, _) = app.start().await;
        let items = world.store.items(&SourceId::parse("board").unwrap()).await.unwrap();
        // What nobody was told of is as old as the page on which it stood.
        assert!(items.iter().all(|row| row.value.told.is_some() || row.value.revised == begun), "{nth} {items:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_told_in_its_panel_is_the_same_when_its_day_moves_while_it_is_to_come() {
    let page = |days: [&str; 3]| {
        let panel = |(name, day): (&str, &str)| {
            format!(
                "<details><summary>{name}, {day}</summary><p>7pm, Lantern Rooms</p><p>Come and hear what the {name} has to say.</p></details>"
            )
        };
        let panels: String = ["Harbour Board", "Licensing Panel", "Cabinet"].into_iter().zip(days).map(panel).collect();
        html("Meetings of the boards", &format!("<h1>Meetings of the boards</h1>{panels}"))
    };
    let days = ["7 December 2027", "9 December 2027", "15 January 2028"];
    for moved in
        [["8 December 2027", days[1], days[2]], [days[0], "10 December 2027", days[2]], [days[0], days[1], "20 January 2028"]]
    {
        let app = App::set_up().await;
        app.watch("board", "/board", "");
        app.publish("/board", &page(days));
        assert_eq!(app.pass().await.polls.remove(0).new, 3, "{moved:?}");
        app.publish("/board", &page(moved));
        let polls = [told(&app).await, told(&app).await, told(&app).await];
        assert_eq!(polls, [(0, 1, 0), (0, 0, 0), (0, 0, 0)], "{moved:?}");
    }
}
