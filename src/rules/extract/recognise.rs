//! Which platform a page comes from: by its address, by its markup, and where a template has rubbed both off, by its words.

use super::document::Document;
use super::{contensis, moderngov};
use crate::domain::source::Platform;
use url::Url;

/// The platform of a page; `page` where no other is recognised.
pub(super) fn platform(document: &Document, url: &Url) -> Platform {
    if let Some(platform) = by_address(url) {
        return platform;
    }
    let lines = document.lines();
    let heads_like = |words: &str| lines.iter().any(|line| line.text.trim_end_matches(':').eq_ignore_ascii_case(words));
    let moderngov = document.first("#modgov, .mgContent, .mgMainTitleTxt, .mgSubTitleTxt, .mgWordPara").is_some();
    if heads_like("Issue - meetings") || moderngov::heading::any(&lines) {
        Platform::ModerngovIssue
    } else if contensis::recognises(document, &lines) {
        Platform::ContensisBlog
    } else if heads_like("Agenda item")
        || heads_like("Supporting documents") && (moderngov || document.first("article").is_none())
    {
        Platform::ModerngovItem
    } else {
        Platform::Page
    }
}

/// The platform that a page's name gives away.
pub(super) fn by_address(url: &Url) -> Option<Platform> {
    let page = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    match page.as_str() {
        "ieissuedetails.aspx" => Some(Platform::ModerngovIssue),
        "mgai.aspx" => Some(Platform::ModerngovItem),
        _ => None,
    }
}

/// What a platform's pages are, for a sentence.
pub(super) fn described(platform: Platform) -> &'static str {
    match platform {
        Platform::ContensisBlog => "a Contensis blog: neither a listing of posts with their dates nor a post with \"Posted:\"",
        Platform::ModerngovIssue => "a ModernGov issue: no \"Meeting: dd/mm/yyyy - Body (Item N)\"",
        Platform::ModerngovItem => "a ModernGov agenda item: no title with a text or documents under it",
        Platform::Feed => "a feed",
        Platform::Page | Platform::Auto => "a listing or an article",
    }
}
