//! The pictures of `docs/images`: `cargo test --test it pictures -- --ignored`.

use super::checks::every_mail;
use super::lived_in;
use super::visits::every_page;
use crate::support::browser::Browser;
use std::path::PathBuf;

#[tokio::test]
#[ignore = "writes docs/images, or the folder that BOARDWATCH_PICTURES names"]
async fn pictures_of_pages_are_taken() {
    let folder = std::env::var_os("BOARDWATCH_PICTURES").map_or_else(|| PathBuf::from("docs/images"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    let mut browser = Browser::open().await.unwrap();
    let (app, front) = lived_in().await;
    let mut page = browser.page().await;
    for visit in every_page(&front, &app).await {
        visit.show(&mut page).await;
        for (end, dark, wide) in [("-dark", true, 1024), ("-narrow", false, 320), ("", false, 1024)] {
            page.dark(dark).await;
            page.wide(wide).await;
            std::fs::write(folder.join(format!("{}{end}.png", visit.name)), page.picture(1_600).await).unwrap();
        }
    }
    page.wide(640).await;
    for (name, html) in every_mail(&front) {
        for (end, dark) in [("", false), ("-dark", true)] {
            page.dark(dark).await;
            page.show(&html).await;
            std::fs::write(folder.join(format!("{name}{end}.png")), page.picture(1_400).await).unwrap();
        }
    }
}
