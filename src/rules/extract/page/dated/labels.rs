//! What stands before the day of publication, of the last change and of the last look at a page, in English and Welsh.

/// Labels of the day of publication.
pub(in crate::rules::extract::page) const PUBLISHED: &[&str] = &[
    "date published",
    "date notice published",
    "date of issue",
    "date issued",
    "date posted",
    "date of publication",
    "published date",
    "publication date",
    "publishing date",
    "publish date",
    "first published",
    "published on",
    "published",
    "posted on",
    "posted",
    "date added",
    "added",
    "date",
    "release date",
    "released",
    "issued",
    "article date",
    "cyhoeddwyd ar",
    "cyhoeddwyd gyntaf",
    "cyhoeddwyd",
    "dyddiad cyhoeddi",
    "postiwyd ar",
    "postiwyd",
];

/// Labels of the day of the last change.
pub(in crate::rules::extract::page) const UPDATED: &[&str] = &[
    "last updated on",
    "last updated",
    "page last updated on",
    "page last updated",
    "page updated",
    "updated on",
    "updated",
    "last modified on",
    "last modified",
    "last amended on",
    "last amended",
    "last edited on",
    "last edited",
    "last reviewed",
    "page last modified on",
    "page last modified",
    "last changed on",
    "last changed",
    "diweddarwyd ddiwethaf ar",
    "diweddarwyd ddiwethaf",
    "diweddarwyd ar",
    "diweddarwyd",
    "wedi'i ddiweddaru",
];

/// Labels of the day on which somebody looked at the page.
pub(in crate::rules::extract::page) const REVIEWED: &[&str] =
    &["modified", "reviewed", "page reviewed", "page last reviewed", "review date", "adolygwyd ddiwethaf", "adolygwyd"];
