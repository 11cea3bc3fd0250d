//! What outside checkers say of every page and every mail.

use super::lived_in;
use super::visits::every_page;
use crate::support::browser::{Browser, axe, vnu};
use boardwatch::cli::preview::{PreviewArgs, PreviewKind, preview};
use boardwatch::domain::subscriber::Address;
use clap::ValueEnum;
use mail_parser::MessageParser;

/// The HTML part of each kind of mail.
pub(super) fn every_mail(front: &crate::support::front::Front) -> Vec<(String, String)> {
    let to = Address::parse("reader@example.org").unwrap();
    let now = "2026-11-21T07:30:00Z".parse().unwrap();
    let kinds = PreviewKind::value_variants().iter();
    kinds
        .map(|kind| {
            let name = kind.to_possible_value().unwrap().get_name().to_owned();
            let args = PreviewArgs { kind: *kind, to: to.clone() };
            let eml = preview(&args, &front.config.site, &front.config.mail.from, &[], now).unwrap();
            let html = MessageParser::default().parse(&eml).unwrap().body_html(0).unwrap().into_owned();
            (format!("mail-{name}"), html)
        })
        .collect()
}

#[tokio::test]
async fn every_page_and_mail_is_for_everybody_in_light_and_dark_and_on_a_narrow_screen() {
    let Some(axe) = axe() else { return };
    let Some(mut browser) = Browser::open().await else { return };
    let (app, front) = lived_in().await;
    let mut faults = Vec::new();
    let mut page = browser.page().await;
    for visit in every_page(&front, &app).await {
        let name = visit.name;
        visit.show(&mut page).await;
        for dark in [true, false] {
            page.dark(dark).await;
            let found = page.violations(&axe, false).await;
            faults.extend(found.into_iter().map(|fault| format!("{name}, dark {dark}: {fault}")));
        }
        page.wide(320).await;
        let sideways = page.sideways().await;
        if sideways > 0 {
            faults.push(format!("{name}: {sideways} pixels wider than a narrow screen"));
        }
        page.wide(1024).await;
    }
    for (name, html) in every_mail(&front) {
        for dark in [false, true] {
            page.dark(dark).await;
            page.show(&html).await;
            let found = page.violations(&axe, true).await;
            faults.extend(found.into_iter().map(|fault| format!("{name}, dark {dark}: {fault}")));
        }
        page.wide(320).await;
        let sideways = page.sideways().await;
        if sideways > 0 {
            faults.push(format!("{name}: {sideways} pixels wider than a narrow screen"));
        }
        page.wide(1024).await;
    }
    for (name, html) in every_mail(&front) {
        // A bare link to an online meeting, say.
        let long = html.replace("</h1>", &format!("</h1><p class=\"p\">{}</p>", "https://meet.example.org/".repeat(60)));
        page.wide(320).await;
        page.show(&long).await;
        let sideways = page.sideways().await;
        if sideways > 0 {
            faults.push(format!("{name} with a long word: {sideways} pixels wider than a narrow screen"));
        }
    }
    faults.extend(page.complaints.iter().map(|complaint| format!("the browser: {complaint}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn every_page_and_mail_is_valid_html() {
    let Some(vnu) = vnu() else { return };
    let (app, front) = lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    let mut written = 0;
    for visit in every_page(&front, &app).await {
        let html = visit.fetch().await;
        let is_missing = html.contains("<h1>There is no such page</h1>");
        assert_eq!(is_missing, visit.name == "not-found", "{}", visit.name);
        std::fs::write(folder.path().join(format!("{}.html", visit.name)), html).unwrap();
        written += 1;
    }
    for (name, html) in every_mail(&front) {
        std::fs::write(folder.path().join(format!("{name}.html")), html).unwrap();
        written += 1;
    }
    assert!(written > 50);
    let errors = vnu.errors(folder.path());
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
