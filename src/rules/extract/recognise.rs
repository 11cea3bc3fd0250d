//! Which platform a page comes from: by its address, by its markup, and where a template has rubbed both off, by its words.

use super::document::{Document, classes};
use super::page::heads_column;
use super::text::Line;
use super::{cmis, contensis, govuk, jadu, localgov_drupal, moderngov};
use crate::domain::source::Platform;
use scraper::ElementRef;
use url::Url;

/// The platform of a page, and the sign that gave it away; `page` where no other is recognised.
pub(super) fn platform(document: &Document, url: &Url) -> (Platform, String) {
    if let Some(platform) = by_address(url) {
        return (platform, format!("its address ends in \"{}\"", file_name(url)));
    }
    if moderngov::mixed::is_at(url) {
        return (Platform::Page, format!("its address ends in \"{}\", which lists things of several kinds", file_name(url)));
    }
    let lines = document.all_lines();
    let moderngov = document.first("#modgov, .mgContent, .mgMainTitleTxt, .mgSubTitleTxt, .mgWordPara").is_some();
    // Words are a sign where they are the page's own, not what somebody has written in another system's article.
    let is_own = moderngov || !holds_articles(document);
    let says = |sign: &dyn Fn(&[Line<'_>]) -> bool| sign(lines) && (is_own || sign(&without_articles(lines)));
    let is_called = |line: &Line<'_>, words: &str| line.text.trim_end_matches(':').eq_ignore_ascii_case(words);
    let heads_like = |words: &str| says(&|lines| lines.iter().any(|line| is_called(line, words) && !heads_column(line)));
    let heads_in_content =
        |words: &str| says(&|lines| lines.iter().any(|line| !line.chrome && is_called(line, words) && !heads_column(line)));
    let (platform, sign) = if heads_like("Issue - meetings") {
        (Platform::ModerngovIssue, "its heading is \"Issue - meetings\"")
    } else if moderngov && heads_like("Issue details") {
        (Platform::ModerngovIssue, "its heading is \"Issue details\"")
    } else if let Some(sign) = cmis::recognises(document, url) {
        (Platform::Cmis, sign)
    } else if says(&|lines| if moderngov { moderngov::heading::any(lines) } else { moderngov::heading::gives_away(lines) }) {
        (Platform::ModerngovIssue, "it has headings of the form \"Meeting: dd/mm/yyyy - Body (Item N)\"")
    } else if says(&|lines| contensis::recognises(document, lines)) {
        (Platform::ContensisBlog, "it lists or shows posts as Contensis does")
    } else if heads_like("Agenda item") {
        (Platform::ModerngovItem, "its heading is \"Agenda item\"")
    } else if heads_in_content("Supporting documents") && (moderngov || document.first("article").is_none()) {
        (Platform::ModerngovItem, "it has \"Supporting documents\" as ModernGov's agenda items have")
    } else if moderngov::recognises_meeting(document, lines, moderngov) {
        (Platform::ModerngovMeeting, "it is headed with the stage of a meeting's papers, its body and its day")
    } else if moderngov::meetings::is_list(document, url) {
        (Platform::ModerngovMeeting, "it lists links to ModernGov's meetings")
    } else if says(&|lines| moderngov::decision::count_labels(lines) >= 2) {
        (Platform::ModerngovDecision, "it has labels such as \"Decision Maker:\" and \"Date of decision:\"")
    } else if document.is_written("decisiondetails.aspx") && says(&|lines| moderngov::decisions::lists(lines)) {
        (Platform::ModerngovDecisions, "it lists links to ModernGov's decisions")
    } else if let Some(sign) = govuk::recognises(document, url) {
        (Platform::Govuk, sign)
    } else if let Some(sign) = jadu::recognises(document, url) {
        (Platform::Jadu, sign)
    } else if let Some(sign) = localgov_drupal::recognises(document) {
        (Platform::LocalgovDrupal, sign)
    } else {
        (Platform::Page, "no platform's signs are on it")
    };
    let made_with = document.meta("generator").map(|generator| format!(", made with {generator}")).unwrap_or_default();
    (platform, format!("{sign}{made_with}"))
}

/// Classes of the articles of other known systems.
const ARTICLES: &[&str] = &[
    "eb-entry-body",
    "elementor-widget-text-editor",
    "entry-content",
    "field--name-body",
    "field-name-body",
    "news-article__content",
    "newsroom-article__body",
    "sqs-block-content",
    "wp-block-post-content",
];

/// Whether there may be an article of another known system, or a quotation: on most pages there is none.
fn holds_articles(document: &Document) -> bool {
    ARTICLES.iter().any(|class| document.is_written(class)) || document.first("blockquote, pre").is_some()
}

/// The lines that stand in no article of another known system, and in no quotation.
fn without_articles<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let is_written = |element: ElementRef<'_>| {
        let value = element.value();
        matches!(value.name(), "blockquote" | "pre") || classes(element).any(|class| ARTICLES.contains(&class))
    };
    let stands_alone =
        |line: &&Line<'a>| !is_written(line.block) && !line.block.ancestors().filter_map(ElementRef::wrap).any(is_written);
    lines.iter().filter(stands_alone).cloned().collect()
}

/// The platform that a page's name gives away.
pub(super) fn by_address(url: &Url) -> Option<Platform> {
    match file_name(url).as_str() {
        "ieissuedetails.aspx" | "mgissuehistoryhome.aspx" => Some(Platform::ModerngovIssue),
        "mgai.aspx" => Some(Platform::ModerngovItem),
        "ielistdocuments.aspx" | "ielistmeetings.aspx" => Some(Platform::ModerngovMeeting),
        "iedecisiondetails.aspx" => Some(Platform::ModerngovDecision),
        "mgdelegateddecisions.aspx" | "mglistofficerdecisions.aspx" => Some(Platform::ModerngovDecisions),
        _ => None,
    }
}

fn file_name(url: &Url) -> String {
    url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// What a platform's pages are, for a sentence.
pub(super) fn described(platform: Platform) -> &'static str {
    match platform {
        Platform::ContensisBlog => "a Contensis blog: neither a listing of posts with their dates nor a post with \"Posted:\"",
        Platform::ModerngovIssue => "a ModernGov issue: no \"Meeting: dd/mm/yyyy - Body (Item N)\", nor an issue's particulars",
        Platform::ModerngovItem => "a ModernGov agenda item: no title with a text or documents under it",
        Platform::ModerngovMeeting => {
            "a ModernGov meeting or list of them: no title with a body and a day, nor agenda items or links to meetings"
        }
        Platform::ModerngovDecision => "a ModernGov decision: no title with \"Decision Maker:\" or \"Decision:\" under it",
        Platform::ModerngovDecisions => "a ModernGov list of decisions: no link to a decision's page",
        Platform::Cmis => "CMIS's pages: neither a list of meetings nor a meeting",
        Platform::LocalgovDrupal => "Drupal's pages: neither a listing nor an article",
        Platform::Jadu => "Jadu's news or meetings: neither a listing nor an article",
        Platform::Govuk => "GOV.UK's pages: neither a list nor a publication",
        Platform::Feed => "a feed",
        Platform::Page | Platform::Auto => "a listing or an article",
    }
}
