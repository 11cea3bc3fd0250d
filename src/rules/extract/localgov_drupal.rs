//! Drupal as councils use it: `LocalGov` Drupal's news and publications, and the plainer views of other Drupal sites.
//!
//! An alert banner stands on every page and related news under every article; both change without the item changing.

use super::Reading;
use super::document::Document;
use super::page::attached;
use super::page::habits::{self, Habits};
use super::text::{Line, folded};
use url::Url;

const HABITS: Habits = Habits {
    entries: &["article.teaser--localgov-news-article", ".teaser--localgov-news-article", ".localgov-newsroom article"],
    links: "",
    article: "article.news-article, .news-article__content, .lgd-page-title-block__published, .node--type-localgov-news-article.node--view-mode-full",
    body: &[
        ".news-article__content",
        ".node--view-mode-full .field--name-body",
        ".lgd-page-title-block__subtitle, .localgov-publication-page__body",
        ".lgd-page-title-block__subtitle, .publication__body",
        ".lgd-page-title-block__subtitle, .publication__content",
        "[property='content:encoded']",
        ".lgd-page-title-block__subtitle, .field--name-body",
        ".field-name-body",
    ],
    refine: |_, _| (),
};
/// Fields that hold an article's files beside its body.
const FILES: &str = "[class*=field-documents], [class*=field-document], [class*=field-attachment], [class*=field-file], .field-type-file, \
     .field--type-file, [class*=publication__documents], [class*=publication-documents]";

/// Reads a listing, an article or a publication. `own`: it is one item's page.
pub(super) fn read(document: &Document, url: &Url, own: bool) -> Reading {
    let mut reading = habits::read(document, url, &HABITS, own);
    if let [item] = reading.items.as_mut_slice()
        && item.text.is_some()
    {
        let fields = document.all(FILES);
        let lines: Vec<Line<'_>> = fields.iter().flat_map(|field| document.lines_of(*field)).collect();
        for file in attached(&lines) {
            if item.documents.iter().all(|known| known.url != file.url) {
                item.documents.push(file);
            }
        }
    }
    reading
}

/// What speaks for a page of unknown platform being one of these.
pub(super) fn recognises(document: &Document) -> Option<&'static str> {
    // The banner is a module of its own, whose markup others have taken over.
    let classes = "[class*=localgov]:not([class*=localgov-alert]), [class*='lgd-'], [id*=localgov]:not([id*=localgov-alert]), \
                   link[href*=localgov]:not([href*=localgov_alert])";
    if document.first(classes).is_some() {
        Some("it has LocalGov Drupal's classes")
    } else if document.meta("generator").is_some_and(|name| folded(&name).contains("drupal")) {
        Some("it names Drupal")
    } else if document.first("[data-drupal-selector], [class*='view-dom-id-'], [data-drupal-messages-fallback]").is_some() {
        Some("it has Drupal's marks")
    } else {
        let files = document
            .first("link[href*='/sites/default/files/'], script[src*='/core/misc/drupal'], script[src*='/misc/drupal.js']");
        let views =
            document.first(".views-row, .view-content, .field-name-body, .field--name-body, [property='content:encoded']");
        (files.is_some() && views.is_some()).then_some("it has Drupal's files and fields")
    }
}
