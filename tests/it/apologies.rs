//! Own pages with the right headline and nothing below it, or an apology: what was there is kept, and nobody is told.

use crate::support::app::App;
use crate::whose_page::{html, told};

/// A site: its list, and the own page of an entry with what stands in the place of its words.
struct Site {
    path: &'static str,
    more: &'static str,
    entry: fn(usize) -> String,
    list: fn(&str) -> String,
    own: fn(usize, &str) -> (String, String),
}

const NAMES: [&str; 3] = ["Homes for children", "Waste collection contract", "School meals"];
const WORDS: [&str; 3] = [
    "That two homes for children be opened in the spring, one in each half of the borough.",
    "That the contract for waste collection be extended by two years and let again after that.",
    "That every pupil have a hot meal at noon, and that kitchens be built where there is none.",
];

fn decisions() -> Site {
    Site {
        path: "/mgDelegatedDecisions.aspx",
        more: "",
        entry: |n| {
            format!(
                "<tr><td><a href=\"ieDecisionDetails.aspx?ID={n}\">{}</a></td><td>0{}/11/2026</td><td>Cabinet Member for Children</td></tr>",
                NAMES[n],
                n + 2
            )
        },
        list: |entries| {
            format!(
                "<html><head><title>Officer decisions</title></head><body><div id=modgov class=mgx><h1 class=mgMainTitleTxt>Decisions</h1><div class=mgContent>\
                 <table class=mgStatsTable><tr><th>Title</th><th>Date</th><th>Maker</th></tr>{entries}</table></div></div></body></html>"
            )
        },
        own: |n, body| {
            let (title, day) = (NAMES[n], n + 2);
            let page = format!(
                "<html><head><title>Decision details - {title}</title></head><body><div id=modgov class=mgx><div class=mgContent><h1 class=mgMainTitleTxt>Decision details</h1>\
                 <h2 class=mgSubTitleTxt>{title}</h2><p><span class=mgLabel>Decision Maker:</span> Cabinet Member for Children</p>\
                 <p><span class=mgLabel>Decision status:</span> Recommendations approved</p><p><span class=mgLabel>Is Key decision?:</span> No</p>\
                 <p><span class=mgLabel>Is subject to call in?:</span> Yes</p><p><span class=mgLabel>Date of decision:</span> 0{day}/11/2026</p>\
                 <p><span class=mgLabel>Publication date:</span> 0{day}/11/2026</p>{}</div></div></body></html>",
                if body.is_empty() {
                    String::new()
                } else {
                    format!("<h3 class=mgSubSubTitleTxt>Decision:</h3><div class=mgWordPara>{body}</div>")
                }
            );
            (format!("/ieDecisionDetails.aspx?ID={n}"), page)
        },
    }
}

fn cmis() -> Site {
    const ADDRESS: &str = "/cmis/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting";
    Site {
        path: "/cmis/Meetings/tabid/70/Default.aspx",
        more: "platform = \"cmis\"",
        entry: |n| {
            format!(
                "<tr class=rgRow><td><a href=\"{ADDRESS}/{n}/Default.aspx\">Cabinet</a></td><td>0{}/12/2026 14:00</td></tr>",
                n + 2
            )
        },
        list: |entries| {
            format!(
                "<html><body><form><div class=ModCMISC><table id=grdRadMeeting><tr><th>Committee</th><th>Date</th></tr>{entries}</table></div></form></body></html>"
            )
        },
        own: |n, body| {
            let papers = format!(
                "<ul class=CmisDocumentList><li class=DocumentListItem><a href=\"/cmis/Document.ashx?czJKcaeAi5t=paper{n}\">Report {n}</a></li></ul>"
            );
            let papers = if body.contains("That") { papers } else { String::new() };
            let page = format!(
                "<html><head><title>Meeting details</title></head><body><form><div class=ModCMISC><h2>Meeting details</h2>\
                 <span class=DNNLabel>Committee:</span> <span class=Value>Cabinet</span><br><span class=DNNLabel>Date/Time:</span> <span class=Value>0{} December 2026 14:00</span><br>\
                 <span class=DNNLabel>Venue:</span> <span class=Value>Town Hall</span>{body}{papers}</div></form></body></html>",
                n + 2
            );
            (format!("{ADDRESS}/{n}/Default.aspx"), page)
        },
    }
}

fn contensis() -> Site {
    const GENERATOR: &str = "<meta name=GENERATOR content='Contensis CMS Version 11.3'>";
    fn entry(n: usize) -> String {
        format!(
            "<div class=sys_subitem><h2 class=sys_itemtitle><a href=/news/post-{n}.aspx>{}</a></h2><p class=sys_news-posted-date>Posted: 1{n} November 2026</p></div>",
            NAMES[n]
        )
    }
    Site {
        path: "/news/",
        more: "",
        entry,
        list: |entries| {
            format!(
                "<html><head>{GENERATOR}<title>News</title></head><body><div id=main-article><h1>News</h1><div class=sys_itemslist>{entries}</div></div></body></html>"
            )
        },
        own: |n, body| {
            let beside: String = (0..3).map(entry).collect();
            let page = format!(
                "<html><head>{GENERATOR}<title>{0}</title></head><body><div id=main-article><div class='sys_record-control sys_news-record'><h1>{0}</h1>\
                 <p class=sys_news-posted-date>Posted: 1{n} November 2026</p>{body}</div><div class=sys_itemslist><h2>Recent posts</h2>{beside}</div></div></body></html>",
                NAMES[n]
            );
            (format!("/news/post-{n}.aspx"), page)
        },
    }
}

/// The recent posts of Contensis as plain links, which another template has.
fn contensis_with_links() -> Site {
    Site {
        own: |n, body| {
            let (path, page) = (contensis().own)(n, body);
            let link = |n: usize| format!("<li><a href=/news/post-{n}.aspx>{}</a></li>", NAMES[n]);
            let links: String = (0..3).map(link).collect();
            let from = page.find("<div class=sys_itemslist>").unwrap();
            (path, format!("{}<div class=recent><h2>Recent posts</h2><ul>{links}</ul></div></div></body></html>", &page[..from]))
        },
        ..contensis()
    }
}

fn stories(path: &'static str, more: &'static str, own: fn(usize, &str) -> (String, String)) -> Site {
    Site {
        path,
        more,
        entry: |n| format!("<li><h2><a href=/news/{n}>{}</a></h2><p>{} June 2026</p></li>", NAMES[n], n + 1),
        list: |entries| html("News", &format!("<h1>News</h1><ul>{entries}</ul>")),
        own,
    }
}

fn plain() -> Site {
    stories("/news", "", |n, body| {
        let title = NAMES[n];
        (
            format!("/news/{n}"),
            html(
                title,
                &format!(
                    "<article><h1>{title}</h1><p>{} June 2026</p>{body}</article><aside><h2>Recent posts</h2><ul><li><a href=/news/0>{}</a></li></ul></aside>",
                    n + 1,
                    NAMES[0]
                ),
            ),
        )
    })
}

fn drupal() -> Site {
    stories("/news", "platform = \"localgov-drupal\"", |n, body| {
        let title = NAMES[n];
        let article = format!(
            "<article class=news-article><h1>{title}</h1><div class=news-article__date>{} June 2026</div><div class=news-article__content>{body}</div></article>",
            n + 1
        );
        (format!("/news/{n}"), html(title, &article))
    })
}

fn jadu() -> Site {
    stories("/news", "platform = \"jadu\"", |n, body| {
        let title = NAMES[n];
        let article = format!(
            "<div class=page-content><h1>{title}</h1><div class='byEditor article'><p>{} June 2026</p>{body}</div></div>",
            n + 1
        );
        (format!("/news/{n}"), html(title, &article))
    })
}

/// A department's page keeps who it is from and its day above its words.
fn govuk() -> Site {
    stories("/news", "", |n, body| {
        let title = NAMES[n];
        let main = format!(
            "<main role=main id=content class=publication><div class=gem-c-heading><span class=gem-c-heading__context>Guidance</span>\
             <h1 class=gem-c-heading__text>{title}</h1></div><div class=gem-c-metadata><dl><dt class=gem-c-metadata__term>From:</dt>\
             <dd class=gem-c-metadata__definition><a href=/organisations/education>Department for Education</a></dd>\
             <dt class=gem-c-metadata__term>Published</dt><dd class=gem-c-metadata__definition>{} June 2026</dd></dl></div>\
             <section id=details><div class='gem-c-govspeak govuk-govspeak'>{body}</div></section></main>",
            n + 1
        );
        (format!("/news/{n}"), html(title, &main))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_or_an_apology_under_the_right_headline_is_no_change() {
    for (nth, site) in
        [decisions(), cmis(), contensis(), contensis_with_links(), plain(), drupal(), jadu(), govuk()].into_iter().enumerate()
    {
        let app = App::set_up().await;
        app.watch("site", site.path, site.more);
        app.list("people", &[("now@example.org", "immediate")]);
        app.publish(site.path, &(site.list)(&(0..3).map(site.entry).collect::<String>()));
        let show = |n: usize, body: &str| {
            let (path, page) = (site.own)(n, body);
            app.publish(&path, &page);
        };
        let right = |n: usize| format!("<p>{}</p>", WORDS[n]);
        (0..3).for_each(|n| show(n, &right(n)));
        assert_eq!(app.pass().await.polls.remove(0).new, 3, "{nth}");
        for sorry in [
            "",
            "<p>An unexpected error has occurred.</p>",
            "<p>An unexpected error has occurred. Please try again later.</p>",
            "<p>Loading…</p>",
            "<div class=loader>Loading...</div>",
            "<p>This content is temporarily unavailable.</p>",
            "<p>Sorry, we are having technical difficulties. Please try again later.</p>",
            "<p>We are carrying out essential maintenance. The service will be back at 6am.</p>",
            "<p>The item you requested could not be found.</p>",
            "<p>You must sign in to view this page.</p>",
            "<p>This content is password protected. To view it please enter your password below.</p>",
        ] {
            show(1, sorry);
            assert_eq!(told(&app).await, (0, 0, 0), "{nth} {sorry}");
            show(1, &right(1));
            assert_eq!(told(&app).await, (0, 0, 0), "{nth} {sorry}");
        }
        show(1, &right(1).replace("two years", "three years"));
        assert_eq!(told(&app).await, (0, 1, 0), "{nth}");
        assert_eq!(app.inbox("now@example.org").len(), 1, "{nth}");
    }
}
