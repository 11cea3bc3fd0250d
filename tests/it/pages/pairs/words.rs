//! What stands among the words of a page: notices, asides and marks that are the council's, and boxes that are the site's. On
//! every platform whose pages hold prose.

use super::scene::Scene;
use super::*;

/// A paragraph of every page that holds prose; what is tried stands behind it.
const BEFORE: &str = "comparable authorities.</p>";

const PROSE: [Platform; 10] = [
    Platform::ContensisBlog,
    Platform::ModerngovIssue,
    Platform::ModerngovItem,
    Platform::ModerngovMeeting,
    Platform::ModerngovDecision,
    Platform::Jadu,
    Platform::LocalgovDrupal,
    Platform::Govuk,
    Platform::Feed,
    Platform::Page,
];

fn items(platform: Platform, among: &str) -> Vec<Item> {
    let (url, page) = Scene::before().page(platform);
    assert!(page.contains(BEFORE), "{platform:?}");
    let page = page.replacen(BEFORE, &format!("{BEFORE}{among}"), 1);
    read_as(platform, url, page.as_bytes()).items
}

/// On which platforms the first and the second are told apart.
fn told_apart(first: &str, second: &str) -> Vec<Platform> {
    PROSE.into_iter().filter(|platform| !differences(&items(*platform, first), &items(*platform, second)).is_empty()).collect()
}

#[test]
fn whatever_a_page_says_between_its_paragraphs_is_noticed() {
    let mut missed = Vec::new();
    for (first, second) in [
        ("", "<div class=\"alert alert-warning\" role=\"alert\"><p>The meeting has been cancelled.</p></div>"),
        ("", "<div class=\"banner\"><p>The meeting has been cancelled.</p></div>"),
        (
            "",
            "<div class=\"govuk-notification-banner\" role=\"region\"><div class=\"govuk-notification-banner__content\">\
             <p>The meeting has been cancelled.</p></div></div>",
        ),
        ("<aside><p>The meeting is on 8 December.</p></aside>", "<aside><p>The meeting is on 9 December.</p></aside>"),
        ("", "<dialog open><p>The meeting has been cancelled.</p></dialog>"),
        ("<div class=\"comments\"><p>The council agrees.</p></div>", "<div class=\"comments\"><p>The council objects.</p></div>"),
        ("<div class=\"advert-free\"><p>It opens in May.</p></div>", "<div class=\"advert-free\"><p>It opens in June.</p></div>"),
        ("<div class=\"social-care\"><p>It opens in May.</p></div>", "<div class=\"social-care\"><p>It opens in June.</p></div>"),
        (
            "<table><tr><td>Hire staff</td><td><img src=\"/g.png\" alt=\"Green\"></td></tr></table>",
            "<table><tr><td>Hire staff</td><td><img src=\"/r.png\" alt=\"Red\"></td></tr></table>",
        ),
        ("<p>Status: <img src=\"/g.png\" alt=\"green\"></p>", "<p>Status: <img src=\"/r.png\" alt=\"red\"></p>"),
        (
            "<table><tr><td>Hire staff</td><td><span class=\"sr-only\">Nearly there</span></td></tr></table>",
            "<table><tr><td>Hire staff</td><td><span class=\"sr-only\">Far behind</span></td></tr></table>",
        ),
        ("<p>The home at Elm Row will close.</p>", "<p><del>The home at Elm Row will close.</del></p>"),
        ("<p>We need 40 homes.</p>", "<p>We need <s>40</s> homes.</p>"),
        ("<p>We need 40 homes.</p>", "<p>We need <span style=\"text-decoration: line-through\">40</span> homes.</p>"),
        ("<p>The room is 10<sup>2</sup> metres.</p>", "<p>The room is 102 metres.</p>"),
        ("<p>The room is 10² metres.</p>", "<p>The room is 102 metres.</p>"),
        (
            "<ul><li><input type=\"checkbox\" disabled> Hire staff</li></ul>",
            "<ul><li><input type=\"checkbox\" disabled checked> Hire staff</li></ul>",
        ),
    ] {
        let noticed = told_apart(first, second);
        let deaf = PROSE.into_iter().filter(|platform| !noticed.contains(platform));
        missed.extend(deaf.map(|platform| format!("{platform:?}: {first} | {second}")));
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn boxes_that_are_others_at_each_visit_are_no_change() {
    let mut wrong = Vec::new();
    for place in [
        "<div class=\"ad-slot\" id=\"ad-{}\"><a href=\"/ad/{}\">Buy {}</a></div>",
        "<div id=\"div-gpt-ad-1\"><p>Buy {} now, and save.</p></div>",
        "<aside class=\"advert\"><p>Buy {} now, and save.</p></aside>",
        "<div class=\"promotion-box\"><h3>Love {}</h3><p>Come and see {} this week.</p></div>",
        "<div class=\"sponsored\">Brought to you by {}</div>",
        "<div class=\"related-news\"><h2>Related news</h2><ul><li><a href=\"/news/{}\">Story of {}</a></li></ul></div>",
        "<div class=\"x\"><h2 class=\"news-article__related-title\">Related news</h2><ul><li><a href=\"/news/{}\">Story of {}</a></li></ul></div>",
        "<div class=\"x\"><h3>You may also like</h3><div class=\"views-row teaser\"><a href=\"/news/{}\">Story of {}</a></div></div>",
        "<div class=\"x\"><h2>Latest news</h2><article class=\"card\"><h3><a href=\"/news/{}\">Story of {}</a></h3></article></div>",
        "<div class=\"x\"><h2>More news</h2><p><a href=\"/news/{}\">Story of {}</a></p></div>",
        "<dialog><p>Tell us what you think of {}.</p></dialog>",
    ] {
        let with = |word: &str| place.replace("{}", word);
        let changed = told_apart(&with("otters"), &with("badgers"));
        wrong.extend(changed.into_iter().map(|platform| format!("{platform:?}: {place}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_related_list_at_the_end_of_a_story_goes_whole_and_papers_and_prose_stay() {
    let story = |end: &str| {
        let page = format!(
            "<html><head><title>New park</title><meta name=\"Generator\" content=\"Drupal 10\"></head><body><main><article class=\"news-article\">\
             <h1 class=\"news-article__title\">New park</h1><div class=\"news-article__content\"><p>The board met on item 4 and heard that 40 visits were \
             made.</p>{end}</div></article></main></body></html>"
        );
        read_as(Platform::Auto, "https://www.anytown.example/news/2026/park", page.as_bytes()).items.remove(0)
    };
    let plain = story("");
    let heading = "<h2 class=\"news-article__related-title\">Related news</h2>";
    for end in [
        format!("{heading}<ul><li><a href=\"/news/b\">B</a></li></ul>"),
        format!("{heading}<article class=\"teaser\"><h3><a href=\"/news/b\">B</a></h3><p>What happened in B.</p></article>"),
        format!("<div class=\"x\">{heading}<div><a href=\"/news/b\">B</a></div></div>"),
        "<p>Related news</p><ul><li><a href=\"/news/b\">B</a></li></ul>".to_owned(),
        "<div class=\"related-title\">Related news</div><div class=\"views-row\"><a href=\"/news/b\">B</a></div>".to_owned(),
    ] {
        assert_eq!(story(&end).text, plain.text, "{end}");
    }
    let papers = story("<h2>Related documents</h2><ul><li><a href=\"/files/a.pdf\">Plan of the park</a> (PDF, 1MB)</li></ul>");
    assert_eq!(papers.documents.len(), 1);
    let prose = "<h2>Related decisions</h2><p>The Cabinet agreed on 4 May that the park should be open at night.</p>";
    assert!(story(prose).text.unwrap().as_str().ends_with("open at night."));
    let prose = "<h2>Comments from the chair</h2><p>I am glad that so many people came to see the park.</p>";
    assert!(story(prose).text.unwrap().as_str().ends_with("see the park."));
}

#[test]
fn a_body_that_only_machines_are_told_is_read_where_there_is_no_other() {
    let page = |head: &str, body: &str| {
        let page = format!(
            "<html><head><title>Improvement plan</title>{head}</head><body><main><h1>Improvement plan</h1>{body}</main></body></html>"
        );
        let items = read_as(Platform::Page, "https://www.anytown.example/plan", page.as_bytes()).items;
        items.into_iter().next().map(|item| (item.text.unwrap().to_string(), item.html.unwrap().to_string()))
    };
    let words = "The council will open 45 homes by next year in the borough.";
    let expect = Some((words.to_owned(), format!("<p>{words}</p>")));
    let told = format!("<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"articleBody\":\"{words}\"}}</script>");
    assert_eq!(page(&told, "<div id=\"root\"></div>"), expect);
    assert_eq!(page("", &format!("<textarea readonly>{words}</textarea>")), expect);
    let shown = "The council has put the plan off until the spring of next year.";
    assert_eq!(page(&told, &format!("<p>{shown}</p>")).unwrap().0, shown);
    assert_eq!(page("", &format!("<textarea>{words}</textarea>")), None);
}

#[test]
fn words_of_the_whole_site_and_of_its_visitors_are_not_the_pages() {
    let story = |above: &str, below: &str| {
        let page = format!(
            "<html><head><title>Plan</title></head><body><main>{above}<h1>Improvement plan</h1><p>The board met in November and heard of the plan.</p>\
             {below}<p>A report will follow in the spring.</p></main></body></html>"
        );
        read_as(Platform::Page, "https://www.anytown.example/plan", page.as_bytes()).items.remove(0).text
    };
    let plain = story("", "");
    for above in [
        "<div class=\"alert alert--site\"><p>Snow is expected tonight.</p></div>",
        "<div class=\"banner\"><p>Bins are late this week.</p></div>",
    ] {
        assert_eq!(story(above, ""), plain, "{above}");
    }
    for below in [
        "<div class=\"alert\"><p>We use cookies to make this site work.</p></div>",
        "<div class=\"banner\"><p>Sign up for our email newsletter.</p><a href=\"/s\">Sign up</a></div>",
        "<div class=\"comments\"><div class=\"comment\"><p>I do not like it at all.</p></div></div>",
        "<div id=\"comments\"><p>I do not like it at all.</p></div>",
        "<div class=\"comments\"><p>I do not like it.</p><form><textarea name=\"c\"></textarea></form></div>",
        "<aside class=\"sidebar\"><h2>Latest news</h2><ul><li><a href=\"/n/1\">Otters are back</a></li></ul></aside>",
        "<dialog open><p>We use cookies to make this site work.</p></dialog>",
        "<p><a href=\"/r.pdf\"><span class=\"sr-only\">opens in a new window</span></a></p>",
    ] {
        assert_eq!(story("", below), plain, "{below}");
    }
}

#[test]
fn what_is_struck_out_says_so_in_text_and_markup() {
    let page = "<html><head><title>Plan</title></head><body><main><h1>Improvement plan</h1><p>The target is <strike>40</strike> 45 families.</p>\
                <p>The board met in November and heard of the plan.</p></main></body></html>";
    let item = read_as(Platform::Page, "https://www.anytown.example/plan", page.as_bytes()).items.remove(0);
    assert!(item.text.unwrap().as_str().starts_with("The target is [struck out: 40] 45 families.\n"));
    assert!(item.html.unwrap().as_str().starts_with("<p>The target is <s>40</s> 45 families.</p>"));
}
