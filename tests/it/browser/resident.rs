//! A resident on a phone, by keyboard alone: signs up, says yes, is mailed, looks at what they get, leaves with one click,
//! and hears no more. Real pages, real SMTP.

use super::{AGREED, MET, lived_in};
use crate::support::app::{App, Read, read};
use crate::support::browser::{Browser, Page, axe};
use crate::support::front::Front;
use crate::support::pages::{Chrome, blog};
use chrono::TimeDelta;
use mail_parser::MessageParser;

const RESIDENT: &str = "resident+boards@example.org";

/// The shortest link of that kind in a mail: that to somebody's own page is the beginning of others.
fn link(mail: &Read, kind: &str) -> String {
    mail.text
        .split_whitespace()
        .filter(|word| word.contains(kind))
        .min_by_key(|link| link.len())
        .unwrap_or_else(|| panic!("no {kind} in {}", mail.text))
        .to_owned()
}

async fn deliver(front: &Front) {
    front.world.deliver(&front.config, &|| false).await.unwrap();
}

/// Whether the page is for everybody, in light and dark, and as narrow as it is.
async fn look(page: &mut Page<'_>, axe: Option<&String>) {
    assert!(page.sideways().await <= 0, "{} scrolls sideways", page.address().await);
    let Some(axe) = axe else { return };
    for dark in [true, false] {
        page.dark(dark).await;
        let found = page.violations(axe, false).await;
        assert!(found.is_empty(), "{}, dark {dark}: {found:?}", page.address().await);
    }
}

fn publish(app: &App, newest: u32) {
    let new = (5..=newest).rev().map(|n| (n, "The Board met."));
    let posts: Vec<(u32, &str)> = new.chain([(4, MET), (2, AGREED), (1, "One.")]).collect();
    for (path, page) in blog(&posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

#[tokio::test]
async fn a_resident_signs_up_is_mailed_looks_and_leaves() {
    let Some(mut browser) = Browser::open().await else { return };
    let axe = axe();
    let (app, front) = lived_in().await;
    let mut page = browser.page().await;
    page.wide(320).await;
    page.go(&front.url("/")).await;
    page.tab_to("e.classList.contains('button')").await;
    page.press_and_go("Enter").await;
    look(&mut page, axe.as_ref()).await;

    page.tab_to("e.id === 'address'").await;
    page.type_text("resident at example").await;
    page.tab_to("e.type === 'submit'").await;
    page.press_and_go("Enter").await;
    assert!(page.title().await.starts_with("Error"), "{}", page.title().await);
    look(&mut page, axe.as_ref()).await;
    page.tab_to("e.id === 'address'").await;
    page.eval("document.activeElement.select()").await;
    page.type_text(RESIDENT).await;
    page.tab_to("e.id === 'everything'").await;
    page.press("Space").await;
    page.tab_to("e.name === 'often'").await;
    while page.eval("document.activeElement.value").await != "immediate" {
        page.press("ArrowUp").await;
    }
    page.tab_to("e.type === 'submit'").await;
    page.press_and_go("Enter").await;
    look(&mut page, axe.as_ref()).await;

    deliver(&front).await;
    let mails = app.inbox(RESIDENT);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let confirm = link(&mails[0], "/confirm/");
    // A scanner follows every link of the mail first.
    for word in mails[0].text.split_whitespace().filter(|word| word.starts_with(&front.base)) {
        reqwest::get(word).await.unwrap();
    }
    publish(&app, 5);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert_eq!(app.inbox(RESIDENT).len(), 1, "who has not said yes gets nothing else");

    page.go(&confirm).await;
    look(&mut page, axe.as_ref()).await;
    page.tab_to("e.tagName === 'BUTTON'").await;
    page.press_and_go("Enter").await;
    look(&mut page, axe.as_ref()).await;
    deliver(&front).await;
    let welcome = app.inbox(RESIDENT).pop().unwrap();
    assert!(welcome.subject.starts_with("Welcome") && welcome.text.contains("THE LATEST OF IT SO FAR"), "{welcome:?}");

    publish(&app, 6);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    let digest = app.inbox(RESIDENT).pop().unwrap();
    assert!(digest.subject.contains("Improvement Board Update 6"), "{}", digest.subject);
    page.go(&link(&digest, "/items/")).await;
    assert!(page.title().await.starts_with("Improvement Board Update 6"), "{}", page.title().await);

    assert!(welcome.text.contains("/manage/"));
    page.go(&link(&digest, "/mute/")).await;
    look(&mut page, axe.as_ref()).await;
    page.go(&link(&digest, "/manage/")).await;
    assert_eq!(page.eval("document.querySelector('#everything').checked").await, true);
    assert_eq!(page.eval("document.querySelector('[name=often]:checked').value").await, "immediate");
    look(&mut page, axe.as_ref()).await;
    for path in ["/subscribe", "/privacy", "/accessibility"] {
        page.go(&front.url(path)).await;
        look(&mut page, axe.as_ref()).await;
    }

    let kept = app.smtp.kept();
    let raw = kept.iter().rev().find(|kept| read(&kept.bytes).message_id == digest.message_id).unwrap();
    let head = MessageParser::default().parse(&raw.bytes).unwrap();
    let ways = head.header_raw("List-Unsubscribe").unwrap().to_owned();
    let one_click = ways.split(['<', '>']).find(|way| way.starts_with("http")).unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let request = reqwest::Client::new().post(one_click).header(form[0].0, form[0].1).body("List-Unsubscribe=One-Click");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let before = app.inbox(RESIDENT).len();
    publish(&app, 8);
    app.advance(TimeDelta::hours(2));
    front.pass().await;
    assert!(app.inbox(RESIDENT)[before..].iter().all(|mail| !mail.text.contains("Update 8")), "no more news after leaving");
    assert_eq!(page.complaints, Vec::<String>::new());
}
