//! What changes between two fetches though nothing has happened: none of it may look like a change.

use super::scene::Scene;
use super::*;
use std::collections::BTreeMap;

/// What differs between the first and the second fetch: the page as it was fetched for the `n`th time.
type Noise = (&'static str, fn(&str, usize) -> String);

fn before(page: &str, mark: &str, insert: &str) -> String {
    page.find(mark).map_or_else(|| page.to_owned(), |at| format!("{}{insert}{}", &page[..at], &page[at..]))
}

fn after(page: &str, mark: &str, insert: &str) -> String {
    let end = page.find(mark).and_then(|at| page[at..].find('>').map(|end| at + end + 1));
    end.map_or_else(|| page.to_owned(), |at| format!("{}{insert}{}", &page[..at], &page[at..]))
}

fn token(n: usize) -> String {
    format!("{:x}", n * 7_919 + 104_729)
}

/// Every link with a session of its own.
fn in_sessions(page: &str, n: usize) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find("href=\"/") {
        let (head, tail) = rest.split_at(at + 6);
        let end = tail.find(['"', '?', '#']).unwrap_or(tail.len());
        out.push_str(head);
        out.push_str(&tail[..end]);
        out.push_str(";jsessionid=");
        out.push_str(&token(n));
        rest = &tail[end..];
    }
    out + rest
}

const NOISES: [Noise; 24] = [
    ("today's date in DC.date", |p, n| after(p, "<head", &format!("<meta name=\"DC.date\" content=\"2026-08-{:02}\">", n + 10))),
    ("firewall script after the end", |p, n| {
        let t = token(n);
        format!(
            "{p}<script src=\"/bnith__{t}\"></script><script>var x_{t}={{'x-bni-rncf':17234{n}}}</script><a hidden href=\"/-Oex{t}=.html\">{t}</a>"
        )
    }),
    ("balancer's clock in the head", |p, n| before(p, "</head>", &format!("<script>NS_CSM_td=29063{n}666;</script>"))),
    ("hidden form tokens", |p, n| {
        let t = token(n);
        after(
            p,
            "<body",
            &format!(
                "<form action=\"/search\"><input type=\"hidden\" name=\"__VIEWSTATE\" value=\"{t}\"><input type=\"hidden\" name=\"__RequestVerificationToken\" value=\"{t}\"><input type=hidden name=_csrf value={t}></form>"
            ),
        )
    }),
    ("token in the middle of the content", |p, n| {
        before(p, "<h1", &format!("<input type=\"hidden\" name=\"form_build_id\" value=\"form-{}\">", token(n)))
    }),
    ("tokens in the head", |p, n| after(p, "<head", &format!("<meta name=\"csrf-token\" content=\"{}\">", token(n)))),
    ("fingerprints of style sheets", |p, n| {
        before(
            p,
            "</head>",
            &format!("<link rel=\"stylesheet\" href=\"/a-{}.css?cdv={n}\"><script src=\"/jquery-1.{n}.js\"></script>", token(n)),
        )
    }),
    ("a clock in the header", |p, n| {
        after(
            p,
            "<body",
            &format!("<div class=\"clock\"><script>document.write('1{n}:00')</script><noscript>1{n}:00</noscript></div>"),
        )
    }),
    ("the year of the copyright", |p, n| p.replace("&copy; 2021", &format!("&copy; 20{}", 21 + n))),
    ("an alert banner", |p, n| {
        after(p, "<body", &"<div class=\"alert-banner localgov-alert-banner\" role=\"alert\"><h2>Roads closed</h2><p>Snow is expected tonight.</p></div>".repeat(n % 2))
    }),
    ("a cookie banner", |p, n| {
        after(
            p,
            "<body",
            &"<div id=\"ccc-notify\" class=\"cookie-banner\"><p>We use cookies on this site.</p><button>Accept</button></div>"
                .repeat(n % 2),
        )
    }),
    ("another menu", |p, n| {
        after(
            p,
            "<body",
            &format!("<nav><ul><li><a href=\"/n{n}\">New service {n}</a></li><li><a href=\"/bins\">Bins</a></li></ul></nav>"),
        )
    }),
    ("related news", |p, n| {
        before(
            p,
            "</body>",
            &format!(
                "<aside><h2>Related news</h2><ul><li><a href=\"/news/{n}\">A story of {n} May 2026</a></li><li><a href=\"/news/x{n}\">Another</a></li></ul></aside>"
            ),
        )
    }),
    ("a counter of visitors", |p, n| {
        before(p, "</body>", &format!("<footer><p>Visitors: 95,4{n:02}</p><p>Page generated in 0.{n}3 seconds</p></footer>"))
    }),
    ("comments", |p, n| p.replace("<p", &format!("<!--{}--><p", token(n)))),
    ("white space", |p, n| if n % 2 == 0 { p.replace("</p>", "  </p>\r\n\t") } else { p.replace("</p>", "</p>\n") }),
    ("line ends", |p, n| if n % 2 == 0 { p.replace('\n', "\r\n") } else { p.to_owned() }),
    ("typographic marks", |p, n| {
        if n % 2 == 0 { p.replace("Children's", "Children\u{2019}s").replace(" - ", " \u{2013} ") } else { p.to_owned() }
    }),
    ("classes of rows", |p, n| {
        if n % 2 == 0 {
            p.replace("class=\"odd\"", "class=\"x\"")
                .replace("class=\"even\"", "class=\"odd\"")
                .replace("class=\"x\"", "class=\"even\"")
        } else {
            p.to_owned()
        }
    }),
    ("sessions in links", in_sessions),
    ("obfuscated addresses", |p, n| {
        before(
            p,
            "</p>",
            &format!(
                " Write to <a href=\"/cdn-cgi/l/email-protection\" class=\"__cf_email__\" data-cfemail=\"{}\">[email&#160;protected]</a>",
                token(n)
            ),
        )
    }),
    ("counters and ages in the content", |p, n| {
        let lines = format!(
            "<p>Viewed 95,4{n:02} times</p><p class=\"comments-link\">1{n} comments</p><p>Posted {n} days ago</p>\
             <p>Page generated at 12:0{n}:22</p><p>&copy; Anytown Council 202{n}</p>"
        );
        let is_prose = |at: &usize| p[..*at].rsplit('>').next().is_some_and(|words| words.len() >= 20);
        let end = p.match_indices("</p>").map(|(at, _)| at).find(is_prose);
        end.map_or_else(|| p.to_owned(), |at| format!("{}</p>{lines}{}", &p[..at], &p[at + 4..]))
    }),
    ("stamps in links to files", |p, n| p.replace(".pdf\"", &format!(".pdf?t=2026100{n}\""))),
    ("rows that are hidden", |p, n| {
        before(
            p,
            "</main>",
            &format!("<ul><li style=\"display:none\">Expired {n} May 2020</li></ul><div hidden>{}</div>", token(n)),
        )
    }),
];

/// What a feed's server changes at each request.
const FEED_NOISES: [Noise; 5] = [
    ("feed: time of building", |p, n| p.replace("Tue, 11 Feb 2020 09:00:00", &format!("Tue, 11 Feb 2020 1{n}:00:00"))),
    ("feed: comments and generator", |p, n| {
        after(p, "<channel", &format!("<!-- {} --><generator>cms {n}</generator><ttl>{n}</ttl>", token(n)))
    }),
    ("feed: campaign in links", |p, n| {
        p.replace("/news/improvement-plan</link>", &format!("/news/improvement-plan?utm_source=rss{n}</link>"))
    }),
    ("feed: white space", |p, n| p.replace("><", &format!(">{}<", "\n ".repeat(n)))),
    ("feed: white space in the content", |p, n| p.replace("</p>", &format!("{}</p>", " ".repeat(n)))),
];

/// Two fetches of each page, for each kind of noise; answers with the number of pairs.
fn check(
    platform: Platform,
    url: &str,
    page: &str,
    name: &str,
    count: &mut BTreeMap<&'static str, usize>,
    wrong: &mut Vec<String>,
) {
    let noises = if platform == Platform::Feed { &FEED_NOISES[..] } else { &NOISES[..] };
    for (kind, noise) in noises {
        let (first, second) = (noise(page, 1), noise(page, 2));
        if first == second {
            continue;
        }
        *count.entry(kind).or_default() += 1;
        let (was, is) = (read_as(platform, url, first.as_bytes()).items, read_as(platform, url, second.as_bytes()).items);
        assert!(!was.is_empty(), "{name}, {kind}");
        wrong.extend(differences(&was, &is).into_iter().map(|what| format!("{name}: {kind}: {what}")));
    }
}

#[test]
fn what_changes_by_itself_is_no_change_on_any_platform() {
    let (mut count, mut wrong) = (BTreeMap::new(), Vec::new());
    for platform in PLATFORMS {
        let (url, page) = Scene::before().page(platform);
        check(platform, url, &page, &format!("{platform:?}"), &mut count, &mut wrong);
    }
    for (platform, url, name) in FIXTURES {
        let page = String::from_utf8(fixture(name)).unwrap();
        check(platform, url, &page, name, &mut count, &mut wrong);
    }
    let total: usize = count.values().sum();
    println!("volatile-only: {total} pairs of {} kinds, {} false changes", count.len(), wrong.len());
    for (kind, pairs) in &count {
        println!("  {kind}: {pairs} pairs");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(total >= 400 && count.len() >= NOISES.len(), "{total} pairs of {} kinds", count.len());
}

/// Pages of every kind, with their addresses.
const FIXTURES: [(Platform, &str, &str); 17] = [
    (
        Platform::ContensisBlog,
        "https://www.trafford.gov.uk/p/2020/Improvement-Board-Update-14-January-2020.aspx",
        "contensis-blog/trafford-2020-classes.html",
    ),
    (Platform::ContensisBlog, "https://www.trafford.gov.uk/p/2020/updates.aspx", "contensis-blog/trafford-2020-listing.html"),
    (
        Platform::ModerngovIssue,
        "https://democracy.example.org/ieIssueDetails.aspx?IId=50043387&Opt=3",
        "moderngov-issue/herefordshire-classes.html",
    ),
    (Platform::ModerngovIssue, "https://democracy.example.org/ieIssueDetails.aspx?IId=7", "moderngov-issue/two-meetings.html"),
    (Platform::ModerngovItem, "https://www.example.org/DemocraticServices/mgAi.aspx?ID=1", "moderngov-item/torbay-classes.html"),
    (
        Platform::ModerngovMeeting,
        "https://democracy.example.org/ieListDocuments.aspx?CId=218&MId=4711",
        "moderngov-meeting/ashvale-classes.html",
    ),
    (
        Platform::ModerngovMeeting,
        "https://democracy.example.org/ieListDocuments.aspx?CId=218&MId=4712",
        "moderngov-meeting/northmoor-agenda.html",
    ),
    (
        Platform::ModerngovDecision,
        "https://democracy.example.org/ieDecisionDetails.aspx?ID=1",
        "moderngov-decision/brackwater-classes.html",
    ),
    (
        Platform::ModerngovDecisions,
        "https://democracy.example.org/mgDelegatedDecisions.aspx?DS=2",
        "moderngov-decisions/tallow-table.html",
    ),
    (Platform::Cmis, "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx", "cmis/list.html"),
    (Platform::Jadu, "https://www.eastvale.example/news", "jadu/news-now.html"),
    (Platform::Jadu, "https://www.northmoor.example/news/article/812/new-library", "jadu/article-now.html"),
    (Platform::LocalgovDrupal, "https://www.fairmoor.example/news", "localgov-drupal/news-localgov.html"),
    (Platform::LocalgovDrupal, "https://www.fairmoor.example/news/2024/board-chair", "localgov-drupal/article-localgov.html"),
    (Platform::Govuk, "https://www.gov.uk/government/publications/annual-letter", "govuk/publication-now.html"),
    (Platform::Page, "https://www.anytown.example/news", "page-list-ul.html"),
    (Platform::Page, "https://www.anytown.example/news/board-update-october", "page-article-main.html"),
];
