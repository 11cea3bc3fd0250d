//! What stands above an article's headline: a notice of the article is the council's word, a banner of the site is nobody's.

use super::scene::Scene;
use super::*;

const PROSE: [Platform; 4] = [Platform::ContensisBlog, Platform::Jadu, Platform::LocalgovDrupal, Platform::Page];

/// The items of a page with something right above its headline, and with something in front of all of its content.
fn items(platform: Platform, above: &str, before: &str) -> Vec<Item> {
    let (url, page) = Scene::before().page(platform);
    let title = Scene::before().title;
    let headline = page.rfind(&format!(">{title}</h")).and_then(|at| page[..at].rfind("<h")).unwrap();
    let page = format!("{}{above}{}", &page[..headline], &page[headline..]);
    read_as(platform, url, page.replacen("<header", &format!("{before}<header"), 1).as_bytes()).items
}

#[test]
fn a_notice_between_the_content_s_edge_and_the_headline_is_told() {
    let mut missed = Vec::new();
    for (was, is) in [
        ("", "<div class=notice><p>Correction: 45 homes are meant, and not 40.</p></div>"),
        ("", "<div class=correction>The figure for turnover is 9.7%.</div>"),
        ("", "<div class=\"alert alert-info\" role=alert><p>Correction: 45 homes are meant, and not 40.</p></div>"),
        ("", "<aside class=callout><p>An earlier version of the text named another officer.</p></aside>"),
        ("<div class=notice><p>The figure is 40.</p></div>", "<div class=notice><p>The figure is 45.</p></div>"),
    ] {
        for platform in PROSE {
            if differences(&items(platform, was, ""), &items(platform, is, "")).is_empty() {
                missed.push(format!("{platform:?}: {is}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_banner_of_the_site_is_told_nowhere() {
    let mut wrong = Vec::new();
    for banner in [
        "<div class=\"localgov-alert-banner alert-banner\" role=alert><h2>Roads closed</h2><p>Snow is expected tonight.</p></div>",
        "<div class=\"alert alert--site\"><p>Snow is expected tonight.</p></div>",
        "<div class=site-notice><p>Bins are late this week.</p></div>",
        "<div class=banner><p>Bins are late this week.</p></div>",
        "<div class=emergency-banner><h2>Snow</h2><p>It is expected tonight.</p></div>",
    ] {
        for platform in PROSE {
            let plain = items(platform, "", "");
            let places = [items(platform, banner, ""), items(platform, "", banner)];
            wrong.extend(
                places.iter().flat_map(|read| differences(&plain, read)).map(|what| format!("{platform:?}: {banner}: {what}")),
            );
        }
    }
    for outside in
        ["<div class=notice><p>Bins are late this week.</p></div>", "<div role=alert><p>Snow is expected tonight.</p></div>"]
    {
        for platform in PROSE {
            let read = differences(&items(platform, "", ""), &items(platform, "", outside));
            wrong.extend(read.into_iter().map(|what| format!("{platform:?}: {outside}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_alert_within_a_post_is_told() {
    let item = |alert: &str| {
        let (url, page) = Scene::before().page(Platform::ContensisBlog);
        read_as(
            Platform::ContensisBlog,
            url,
            page.replacen("comparable authorities.</p>", &format!("comparable authorities.</p>{alert}"), 1).as_bytes(),
        )
        .items
    };
    for alert in [
        "<div role=alert><p>The figure for May was wrong.</p></div>",
        "<div role=alert class=alert>The figure for May was wrong.</div>",
        "<p role=alert>The figure for May was wrong.</p>",
        "<div class=sys_alert role=alert><h3>Correction</h3><p>The figure for May was wrong.</p></div>",
    ] {
        assert!(!differences(&item(""), &item(alert)).is_empty(), "{alert}");
    }
}
