//! Pages that are no pages: challenges, errors, emptiness; and genuine ones that look alike.

use super::*;
use crate::rules::extract::document::Document;

fn judge(status: u16, url: &str, markup: &str) -> Option<(Outcome, String)> {
    let document = Html::parse_document(markup);
    refuses(&Sight { url: &Url::parse(url).unwrap(), status, markup, document: &document })
}

fn outcome(markup: &str) -> Option<Outcome> {
    judge(200, "https://www.example.org/news", markup).map(|(outcome, _)| outcome)
}

fn nav(links: usize) -> String {
    (0..links).fold(String::new(), |menu, n| menu + &format!("<li><a href='/s{n}'>Service number {n}</a></li>"))
}

#[test]
fn challenges_under_status_200_are_blocked() {
    for markup in [
        "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
        "<title>Pardon Our Interruption</title><h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot.</p>",
        "<html><title>Access Denied</title><h1>Access Denied</h1>You don't have permission to access \"http://www.example.org/\" on this server.<p>Reference #18.2f</html>",
        "<html><head><META NAME=\"robots\" CONTENT=\"noindex,nofollow\"><script src=\"/_Incapsula_Resource?SWJIYLWA=5074a744\"></script></head><body></body></html>",
        "<html><body><iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful. Incapsula incident ID: 0-1</iframe></body></html>",
        "<html><head><title>Azure WAF</title></head><body></body></html>",
        "<title>Bot Verification</title><script src='https://www.google.com/recaptcha/api.js'></script><p>Verifying that you are not a robot...</p>",
        "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 1</body></html>",
        "<html><head><title></title><script>window.awsWafCookieDomainList = []; window.gokuProps = {}</script></head><body><noscript><h1>JavaScript is disabled</h1></noscript></body></html>",
        "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>",
        "<html><body>Access Denied (policy_denied)</body></html>",
        "<title>Sign in to your account</title><form><input type=email><input type=password></form><p>You need to sign in.</p>",
        "<p id=cmsg>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'></script>",
    ] {
        assert_eq!(outcome(markup), Some(Outcome::Blocked), "{markup}");
    }
    let (kind, why) = judge(403, "https://www.example.org/", "<p>x</p>").unwrap();
    assert_eq!((kind, why.as_str()), (Outcome::Blocked, "the server refuses us (status 403)"));
}

#[test]
fn a_form_about_cookies_in_place_of_the_page_is_no_page() {
    let form = "<p>Choose your cookies to go on.</p><form action=/consent><button>Save</button></form>";
    for wall in [
        format!("<title>Before you continue</title><div role=dialog><h1>Before you continue to Anytown</h1>{form}</div>"),
        format!("<title>Anytown</title><h2>We value your privacy</h2>{form}"),
    ] {
        assert_eq!(outcome(&wall), Some(Outcome::Unrecognised), "{wall}");
    }
    // Over a page of its own, however short, it is a banner.
    let page = "<title>News - Anytown</title><h2>We use cookies</h2><p>Some are needed.</p><h1>News</h1><p>There is no news.</p>";
    assert_eq!(outcome(page), None);
}

#[test]
fn a_number_for_the_help_desk_below_an_article_makes_no_error_of_it() {
    let article =
        "<p>The Board met and looked at staff turnover, at caseloads and at the plan for the next quarter.</p>".repeat(8);
    let page =
        format!("<title>Board update</title><main><h1>Board update</h1>{article}<div>Correlation ID: 7d4f-11</div></main>");
    assert_eq!(outcome(&page), None);
}

#[test]
fn error_pages_are_errors_whatever_their_status() {
    let menu = nav(60);
    for markup in [
        format!("<title>Page not found | Anytown Council</title><ul>{menu}</ul><h1>Page not found</h1><p>It may have moved.</p>"),
        format!("<title>404 - Anytown Council</title><ul>{menu}</ul><main><h1>Sorry, we can’t find that page</h1></main>"),
        "<title>Runtime Error</title><h1>Server Error in '/' Application.</h1>".to_owned(),
        "<title>Error</title><p>Sorry, something went wrong</p><p>Correlation ID: 7d4f</p><p>Date and Time: 12/02/2016 14:11:48</p>".to_owned(),
        "<h1>Service Unavailable</h1><hr><p>HTTP Error 503. The service is unavailable.</p>".to_owned(),
        "<title>Website unavailable - Anytown</title><h1>Sorry, our website is currently unavailable</h1><p>Back by 6pm.</p>".to_owned(),
        "<title>anytown-improvement.example</title><h1>anytown-improvement.example</h1><a href=/b>Buy this domain</a>".to_owned(),
        "<html><body><p>Error establishing a database connection</p></body></html>".to_owned(),
    ] {
        assert_eq!(outcome(&markup), Some(Outcome::ErrorPage), "{markup}");
    }
    assert_eq!(judge(200, "https://www.example.org/mgError.aspx?x=1", "<p>x").unwrap().0, Outcome::ErrorPage);
    assert_eq!(judge(404, "https://www.example.org/", "<h1>News</h1>").unwrap().0, Outcome::ErrorPage);
    assert_eq!(judge(503, "https://www.example.org/", "<title>Just a moment...</title>").unwrap().0, Outcome::Blocked);
}

#[test]
fn a_page_that_only_acts_by_script_is_not_recognised() {
    let (kind, why) = judge(
        200,
        "http://www.example.org/",
        "<!DOCTYPE html><html><head><script>if (location.protocol != 'https:') location.href = 'https://www.example.org/';</script></head><body></body></html>",
    )
    .unwrap();
    assert_eq!((kind, why.as_str()), (Outcome::Unrecognised, "the page only redirects by script, to https://www.example.org/"));
    for markup in [
        "",
        " \n\t ",
        "<meta http-equiv=\"refresh\" content=\"0; url=/home\">",
        "<div id=root></div><script src=/static/main.js></script><noscript>You need to enable JavaScript to run this app.</noscript>",
    ] {
        assert_eq!(outcome(markup), Some(Outcome::Unrecognised), "{markup}");
    }
}

#[test]
fn genuine_pages_pass() {
    let article = "<p>The contact form asked every resident for a captcha. Callers saw &ldquo;Access denied&rdquo; or \
                   &ldquo;Service unavailable&rdquo; and gave up.</p>";
    let long = "<p>The Cabinet considered the report of the Director.</p>".repeat(80);
    let menu = nav(40);
    for markup in [
        format!("<title>News | Anytown</title><script src='https://www.google.com/recaptcha/api.js'></script><ul>{menu}</ul>{long}"),
        format!("<title>Online forms restored</title><h1>Online forms restored</h1>{article}<p>This site is protected by reCAPTCHA.</p>"),
        "<title>Access denied: what the review of locked parks found</title><h1>Access denied: what the review found</h1><p>Seven parks were shut.</p>".to_owned(),
        format!("<title>News</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><script src='/_Incapsula_Resource?a'></script>{long}"),
        "<title>Road closures</title><h1>Road closures</h1><p>Mill Lane is closed.</p><script>var u = window.location.href;</script>\
         <a href=/a>A</a><a href=/b>B</a><a href=/c>C</a><a href=/d>D</a>"
            .to_owned(),
        "<h1>Errors in council tax bills</h1><p>Some bills were wrong.</p>".to_owned(),
        format!("<h1>News</h1><ul>{menu}</ul><h2>Forbidden</h2>{long}"),
        "<p>A paragraph.</p>".to_owned(),
        "<title>Online services unavailable this weekend</title><h1>Online services unavailable this weekend</h1><p>Forms are away until Monday.</p>".to_owned(),
        "<title>Sign in with one account</title><h1>Sign in with one account</h1><p>From today.</p><form><input type=password></form>".to_owned(),
    ] {
        assert_eq!(outcome(&markup), None, "{:?} {markup}", judge(200, "https://www.example.org/", &markup));
    }
}

#[test]
fn emptiness_counts_where_the_page_states_it() {
    let check = |markup: &str, expect: Option<&str>| {
        let document = Document::parse(markup, &Url::parse("https://www.example.org/").unwrap()).unwrap();
        assert_eq!(says_empty(&document).as_deref(), expect, "{markup}");
    };
    check("<p class=mgErrorTxt>No results found for your query</p>", Some("No results found for your query"));
    check("<div class=NoData>Nothing is scheduled</div>", Some("Nothing is scheduled"));
    check("<h1>News</h1><p>Sorry, there is currently no news.</p>", Some("Sorry, there is currently no news."));
    check("<p>There are no items to display.</p>", Some("There are no items to display."));
    check("<p>Your search returned no results</p>", Some("Your search returned no results"));
    check(
        "<p>There are currently no published decisions for this committee.</p>",
        Some("There are currently no published decisions for this committee."),
    );
    for said in [
        "There are no open consultations at the moment.",
        "We do not currently have any live consultations.",
        "There aren't any scheduled committee meetings.",
        "We don’t have any planned events.",
        "No forthcoming council meetings",
    ] {
        check(&format!("<h1>Council</h1><p>{said}</p>"), Some(said));
    }
    check("<p>There are no open questions about consultations.</p>", None);
    check("<p>You do not have any right of appeal.</p>", None);
    check("<p>Displaying 0 to 0 of 0</p>", Some("Displaying 0 to 0 of 0"));
    check("<p>No news</p>", Some("No news"));
    check("<p class=mgErrorTxt>An error has occurred</p>", None);
    check("<div style='display: none' class=no-results>No results found</div><p>News</p>", None);
    check("<p>No news is good news, says the Leader</p>", None);
    check("<p>The Cabinet had no choice.</p><p>Say no to fly-tipping news</p>", None);
    check("", None);
}

#[test]
fn a_text_that_only_regrets_is_no_article() {
    let check = |text: &str, expect: Option<Outcome>| assert_eq!(own_word(text).map(|(outcome, _)| outcome), expect, "{text}");
    check("Sorry, this News item is no longer available", Some(Outcome::ErrorPage));
    check("The page you requested could not be found.\nTry the search.", Some(Outcome::ErrorPage));
    check("There are no news items", Some(Outcome::Empty));
    check("The library opens on Monday.", None);
    assert!(is_headed_nothing("Nothing Found") && is_headed_nothing("No results found"));
    assert!(!is_headed_nothing("No news is good news, says leader") && !is_headed_nothing("News"));
    check(&format!("There are no results.\n{}", "The Board met. ".repeat(60)), None);
}

#[test]
fn files_of_another_kind_are_named() {
    assert_eq!(foreign(b"%PDF-1.7\n"), Some("a PDF document"));
    assert_eq!(foreign(b"PK\x03\x04rest"), Some("a ZIP archive or an Office document"));
    assert_eq!(foreign(b"<html>"), None);
    assert_eq!(foreign(b""), None);
}

#[test]
fn nesting_costs_no_stack() {
    let deep = "<div>".repeat(1_500);
    assert_eq!(outcome(&format!("{deep}<p>text</p>")), None);
}
