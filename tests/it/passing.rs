//! What a site tells on all of its pages comes and goes without a word; what comes to one page is that page's.

use crate::support::app::App;
use crate::whose_page::{html, told};
use chrono::TimeDelta;

const NAMES: [&str; 4] = ["Homes for children", "Waste collection contract", "School meals", "Respite for carers"];
const WORDS: [&str; 4] = [
    "Two homes for children open in the spring, one in each half of the borough.",
    "The contract for waste collection is extended by two years and let again after that.",
    "Every pupil has a hot meal at noon, and kitchens are built where there is none.",
    "Foster carers have more nights of respite, and a better allowance for each child.",
];

/// Own pages of a system, with something in front of their words.
struct Site {
    more: &'static str,
    own: fn(usize, &str) -> String,
}

fn sites() -> Vec<Site> {
    vec![
        Site {
            more: "",
            own: |n, box_| html(NAMES[n], &format!("<h1>{}</h1>{box_}<p>{}</p><p>It is so.</p>", NAMES[n], WORDS[n])),
        },
        Site {
            more: "platform = \"jadu\"",
            own: |n, box_| {
                let article = format!("<div class='byEditor article'>{box_}<p>{}</p><p>It is so.</p></div>", WORDS[n]);
                html(NAMES[n], &format!("<div class=page-content><h1>{}</h1>{article}</div>", NAMES[n]))
            },
        },
        Site {
            more: "platform = \"localgov-drupal\"",
            own: |n, box_| {
                let article = format!("<div class=news-article__content>{box_}<p>{}</p><p>It is so.</p></div>", WORDS[n]);
                html(NAMES[n], &format!("<article class=news-article><h1>{}</h1>{article}</article>", NAMES[n]))
            },
        },
    ]
}

const OF_SITE: [&str; 5] = [
    "<div class=announcement><p>Elections are held on 6 May. <a href=/vote>Register to vote</a> by then.</p></div>",
    "<div class='notice notice--emergency'><p>We have high call volumes, so please be patient with us.</p></div>",
    "<div class=notice><p>NUMBER people are waiting to speak to us.</p></div>",
    "<div class=swiper><div class=swiper-slide><p>Could you foster a child of ours?</p></div></div>",
    "<div role=status><p>Our lines are open until eight tonight, and tomorrow until noon.</p></div>",
];

async fn watched(site: &Site, with: &str) -> App {
    let app = App::set_up().await;
    app.watch("site", "/news", site.more);
    app.list("people", &[("now@example.org", "immediate")]);
    let entry = |n: usize| format!("<li><h2><a href=/news/{n}>{}</a></h2><p>{} November 2026</p></li>", NAMES[n], n + 2);
    app.publish("/news", &html("News", &format!("<h1>News</h1><ul>{}</ul>", (0..4).map(entry).collect::<String>())));
    show(&app, site, 0..4, with);
    assert_eq!(app.pass().await.polls.remove(0).new, 4);
    app
}

fn show(app: &App, site: &Site, pages: impl Iterator<Item = usize>, with: &str) {
    for n in pages {
        // A counter is another at each visit.
        let with = with.replace("NUMBER", &(app.now().timestamp() / 3600 % 90 + 7 * i64::try_from(n).unwrap()).to_string());
        app.publish(&format!("/news/{n}"), &(site.own)(n, &with));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_comes_to_most_pages_at_once_is_no_change_of_any() {
    for (nth, site) in sites().iter().enumerate() {
        let app = watched(site, "").await;
        for of_site in OF_SITE {
            // It comes to all, stays, is away from some of them for a while, and goes.
            for (pages, with) in [(0..4, of_site), (0..4, of_site), (1..3, ""), (1..2, of_site), (0..4, "")] {
                show(&app, site, pages.clone(), with);
                assert_eq!(told(&app).await, (0, 0, 0), "{nth} {of_site} {pages:?} {with}");
            }
        }
        // Who runs it can see what nobody was told.
        let mut show_source = std::process::Command::new(env!("CARGO_BIN_EXE_boardwatch"));
        let shown = show_source.arg("--config").arg(app.config_dir()).args(["source", "show", "site"]).output().unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains("not told    \"elections are held on # may. register to vote by then."), "{nth} {shown}");
        // Words of the page's own are told beside it.
        show(&app, site, 0..4, OF_SITE[0]);
        app.publish("/news/1", &(site.own)(1, OF_SITE[0]).replace("two years", "three years"));
        assert_eq!(told(&app).await, (0, 1, 0), "{nth}");
        assert_eq!(app.inbox("now@example.org").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_stood_on_all_pages_from_the_first_goes_without_a_word() {
    for (nth, site) in sites().iter().enumerate() {
        let app = watched(site, OF_SITE[0]).await;
        for with in ["", OF_SITE[1], OF_SITE[0]] {
            show(&app, site, 0..4, with);
            assert_eq!(told(&app).await, (0, 0, 0), "{nth} {with}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_on_one_page_and_words_in_the_text_of_many_are_told() {
    for (nth, site) in sites().iter().enumerate() {
        let app = watched(site, "").await;
        show(&app, site, 2..3, "<div class=notice><p>The figure is 45.</p></div>");
        assert_eq!(told(&app).await, (0, 1, 0), "{nth}");
        app.advance(TimeDelta::hours(2));
        show(&app, site, 0..2, "<div class=notice><p>This decision has been called in.</p></div>");
        assert_eq!(told(&app).await, (0, 2, 0), "{nth}");
        show(&app, site, 1..4, "<p>Meetings move to the Guildhall from January.</p>");
        assert_eq!(told(&app).await, (0, 3, 0), "{nth}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_of_a_page_holds_no_word_of_the_site_s_that_came_with_it() {
    let of_site = "<div class='notice notice--emergency'><p>We have high call volumes, so please be patient with us.</p></div>";
    for (nth, site) in sites().iter().enumerate() {
        let app = watched(site, "").await;
        show(&app, site, 0..4, of_site);
        app.publish("/news/1", &(site.own)(1, of_site).replace("two years", "three years"));
        assert_eq!(told(&app).await, (0, 1, 0), "{nth}");
        let mail = &app.inbox("now@example.org")[0].text;
        assert!(mail.contains("three years") && !mail.contains("high call volumes"), "{nth}: {mail}");
        for with in [of_site, "", of_site] {
            show(&app, site, 0..4, with);
            app.publish("/news/1", &(site.own)(1, with).replace("two years", "three years"));
            assert_eq!(told(&app).await, (0, 0, 0), "{nth} {with}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_stands_on_the_list_too_is_no_change_of_the_only_page_behind_it() {
    let of_site = "<div class=alert><p>The town hall is closed to visitors until the flood has gone down.</p></div>";
    let list = |with: &str| {
        html(
            "News",
            &format!("{with}<h1>News</h1><ul><li><h2><a href=/news/1>{}</a></h2><p>3 November 2026</p></li></ul>", NAMES[1]),
        )
    };
    for site in &sites()[..1] {
        let app = App::set_up().await;
        app.watch("site", "/news", site.more);
        app.list("people", &[("now@example.org", "immediate")]);
        for (with, more) in [("", ""), (of_site, ""), ("", ""), (of_site, "<p>It begins in May.</p>")] {
            app.publish("/news", &list(with));
            app.publish("/news/1", &(site.own)(1, &format!("{with}{more}")));
            let expect = usize::from(!more.is_empty());
            let (_, revised, withdrawn) = told(&app).await;
            assert_eq!((revised, withdrawn), (expect, 0), "{with}{more}");
        }
        let mails = app.inbox("now@example.org");
        let [mail] = mails.as_slice() else { panic!("{}", mails.len()) };
        assert!(mail.text.contains("It begins in May") && !mail.text.contains("flood"), "{}", mail.text);
    }
}
