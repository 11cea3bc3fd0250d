//! The identity of an item within its source: what is left of an address when everything is gone that only says how the page
//! is reached or shown.
//!
//! One meeting or post is linked in many ways: `http` and `https`, with and without `www.`, `MId` and `MeetingId`, with a
//! view's parameters and a mail campaign's. All are one key; and the title is no part of it, since titles are corrected.

mod passing;

pub(crate) use passing::without_session;

use crate::rules::facts::dates;
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;
use url::Url;

/// Parameters that choose a view, or track the reader; compared in lower case.
const IGNORED: &[&str] = &[
    "$lo$",
    "act",
    "asp.net_sessionid",
    "bcr",
    "blogpath",
    "cb",
    "cfid",
    "cftoken",
    "dclid",
    "dm",
    "fbclid",
    "gbraid",
    "gclid",
    "hd",
    "igshid",
    "j",
    "lll",
    "ls",
    "mc_cid",
    "mc_eid",
    "meta",
    "mkt_tok",
    "msclkid",
    "next",
    "opt",
    "optionid",
    "oscsid",
    "phpsessid",
    "rand",
    "rnd",
    "sessionid",
    "sid",
    "ts",
    "v",
    "ver",
    "wbraid",
    "xxr",
    "yclid",
    "_",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
];
/// Folders below which a number names a file, and what follows it is only the file's name.
const FILE_FOLDERS: &[&str] =
    &["attachment", "attachments", "documents", "download", "downloads", "file", "files", "id", "media"];
/// All that identifies a thing in ModernGov; `ID` means what the page's name says.
const MODERNGOV_IDS: &[&str] = &["aiid", "cid", "hpid", "id", "iid", "mid", "pid", "rpid", "uid"];

/// The canonical key of an address.
#[must_use]
pub fn canonical(url: &Url) -> String {
    if url.query().is_some() && crate::rules::facts::documents::kind_of_url(url).is_some() {
        return identity(&passing::without(url));
    }
    identity(url)
}

/// A key that was made of a page's address, in the form that it has now; `None` where it is in that form, or is no page's.
#[must_use]
pub fn respelt(key: &str) -> Option<String> {
    if key.contains('#') {
        return None;
    }
    let url = Url::parse(&format!("https://{key}")).ok()?;
    Some(canonical(&url)).filter(|now| now != key)
}

fn identity(url: &Url) -> String {
    let url = &*without_session(url);
    // Of `http` and `https`, the parser has lowered the host already.
    let host = url.host_str().unwrap_or_default();
    let is_lower = host.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    let host = if is_lower { Cow::Borrowed(host) } else { Cow::Owned(host.to_lowercase()) };
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    if let Some(number) = cmis_meeting(url.path()) {
        return format!("{host}{port}/meeting/{number}");
    }
    let path = path(url);
    if path.ends_with("/document.ashx") {
        // The query is encrypted: neither its case nor its signs may change.
        let parts = url.query().unwrap_or_default().split('&');
        let kept = parts.filter(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            identifies(&parameter(name), value)
        });
        return format!("{host}{port}{path}?{}", kept.collect::<Vec<_>>().join("&"));
    }
    if let Some(path) = jadu_script(url) {
        return format!("{host}{port}{path}");
    }
    if url.query().is_none() {
        return [host, &port, &path, &agenda_item(url)].concat();
    }
    let page = path.rsplit('/').next().unwrap_or_default();
    let moderngov = (page.starts_with("mg") || page.starts_with("ie")) && ending(page) == Some("aspx");
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (parameter(&name), value.into_owned()))
        .filter(|(name, value)| if moderngov { MODERNGOV_IDS.contains(&name.as_str()) } else { identifies(name, value) })
        .collect();
    // A meeting's number is unique by itself, and one meeting is linked under several committees.
    if moderngov && pairs.iter().any(|(name, _)| name == "mid") {
        pairs.retain(|(name, _)| name != "cid");
    }
    // A decision's own number, where the agenda item that it closes, or one of those who signed it, is named as well.
    if page == "iedecisiondetails.aspx" && pairs.iter().any(|(name, _)| name == "id") {
        pairs.retain(|(name, _)| name == "id");
    }
    pairs.sort();
    pairs.dedup();
    let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{host}{port}{path}{mark}{}{}", query.join("&"), agenda_item(url))
}

/// The identity of a file, or of whatever else a text links to: what stays of its address when it is replaced or renamed,
/// and when it is handed out with another stamp or token at each request.
#[must_use]
pub fn document(url: &Url) -> String {
    let canonical = identity(&passing::without(url));
    let path = canonical.split('?').next().unwrap_or_default();
    let mut at = 0;
    let mut folder = "";
    for segment in path.split('/') {
        at += segment.len() + 1;
        if FILE_FOLDERS.contains(&folder.to_ascii_lowercase().as_str()) && is_file_number(segment) {
            let number = canonical.get(..at - 1).unwrap_or(&canonical);
            // ModernGov's "g" is a meeting's number: which of its printed papers it is says `T`.
            let paper = url.query_pairs().find(|(name, _)| segment.starts_with('g') && name.eq_ignore_ascii_case("t"));
            return paper.map_or_else(|| number.to_owned(), |(_, paper)| format!("{number}?t={paper}"));
        }
        folder = segment;
    }
    canonical
}

/// "s90588", "g4832", "673835": a letter at most, and digits to the end.
fn is_file_number(segment: &str) -> bool {
    let digits = segment.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(segment);
    // Four digits alone are a year as often as not, and a year's folder holds many files.
    let may_be_year = digits.len() == 4 && digits == segment && (digits.starts_with("19") || digits.starts_with("20"));
    digits.len() >= 2 && !may_be_year && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The key of a page as a whole: whichever agenda item of it a link leads to.
#[must_use]
pub(crate) fn of_page(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    canonical(&url)
}

/// The key of one meeting's block on an issue's page: the issue, the meeting and which of its agenda items it is; not the
/// title, which is corrected, nor the block's place, which moves with every block above it. ModernGov's own number of the
/// agenda item (`#AI64551`) decides; the number on the agenda, which moves until that is final, only where there is none.
#[must_use]
pub(crate) fn of_block(page: &str, day: &str, body: &str, agenda_item: Option<u64>, number: Option<&str>) -> String {
    use crate::domain::source::slug;
    let which = match (agenda_item, number) {
        (Some(id), _) => format!("/ai{id}"),
        (None, Some(number)) => format!("/item-{}", slug(number)),
        (None, None) => String::new(),
    };
    format!("{page}#{day}/{}{which}", slug(body))
}

/// What stays of the key of a meeting's block, or of its row, when the meeting is moved to another day: the page, and ModernGov's
/// own number of the agenda item where the block links to it; `None` for other keys.
#[must_use]
pub(crate) fn undated(key: &str) -> Option<(&str, Option<&str>)> {
    let (page, block) = key.split_once('#')?;
    let within = match block.split_once('/') {
        Some((_, within)) => within,
        None if day(key).is_some() || yearless(key).is_some() => "",
        None => return None,
    };
    let is_number = |part: &&str| {
        let number = part.strip_prefix("ai").unwrap_or_default();
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    };
    Some((page, within.rsplit('/').next().filter(is_number)))
}

/// What stays of the key of a row that is named by its day and by who meets: "…#2026-12-07-highways-working-party".
#[must_use]
pub(crate) fn row_name(key: &str) -> Option<(&str, &str)> {
    day(key)?;
    let (page, row) = key.split_once('#')?;
    let name = row.get(10..)?.strip_prefix('-')?;
    name.contains(|c: char| c.is_ascii_alphabetic()).then_some((page, name))
}

/// The day that names a block or a row in its key.
#[must_use]
pub(crate) fn day(key: &str) -> Option<chrono::NaiveDate> {
    key.split_once('#')?.1.get(..10)?.parse().ok()
}

/// The day and the month that name a block in its key where its page says no year: "1-december".
#[must_use]
pub(crate) fn yearless(key: &str) -> Option<(u32, u32)> {
    let words = key.split_once('#')?.1.replace('-', " ");
    let found = dates::said(&words);
    let [only] = found.as_slice() else { return None };
    (only.year.is_none() && only.span == (0..words.len())).then_some((only.day, only.month))
}

/// The day that names a block or a row in its key: without a year, the nearest one to `today`.
#[must_use]
pub(crate) fn day_near(key: &str, today: NaiveDate) -> Option<NaiveDate> {
    day(key).or_else(|| {
        let (day, month) = yearless(key)?;
        let years = [today.year() - 1, today.year(), today.year() + 1];
        let days = years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
        days.min_by_key(|day| (*day - today).num_days().abs())
    })
}

/// The number of a CMIS meeting: "/ctl/ViewMeetingPublic/mid/397/Meeting/15042/Committee/4/SelectedTab/Documents/Default.aspx".
/// The tab, the module and the committee are ways to it.
pub(crate) fn cmis_meeting(path: &str) -> Option<&str> {
    let is = |segment: &str, name: &str| segment.eq_ignore_ascii_case(name);
    let numbers = path.split('/').zip(path.split('/').skip(1)).filter(|(name, _)| is(name, "meeting")).map(|(_, number)| number);
    let number = numbers.into_iter().find(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))?;
    path.split('/').any(|segment| ["tabid", "ctl", "committee"].iter().any(|name| is(segment, name))).then_some(number)
}

fn path(url: &Url) -> Cow<'_, str> {
    let mut path = Cow::Borrowed(url.path().trim_end_matches('/'));
    while path.contains("//") {
        path = Cow::Owned(path.replace("//", "/"));
    }
    let is_asp = ending(&path).is_some_and(|end| ["aspx", "ashx"].iter().any(|asp| end.eq_ignore_ascii_case(asp)));
    if !is_asp {
        return match path {
            Cow::Borrowed(path) => Cow::Borrowed(without_slug(without_index(path))),
            Cow::Owned(path) => Cow::Owned(without_slug(without_index(&path)).to_owned()),
        };
    }
    // ASP.NET pages answer to any case.
    let path = path.to_ascii_lowercase();
    let path = without_index(&path);
    // One issue, several views of it.
    for view in ["/mgissuehistoryhome.aspx", "/mgissuehistorychronology.aspx", "/mgdecisiondetails.aspx"] {
        if let Some(folder) = path.strip_suffix(view) {
            return Cow::Owned(format!("{folder}/ieissuedetails.aspx"));
        }
    }
    Cow::Owned(without_slug(path).to_owned())
}

/// "/news" of "/news/index.html": the page that a folder answers with.
fn without_index(path: &str) -> &str {
    const NAMES: &[&str] = &["default", "index"];
    const ENDINGS: &[&str] = &["aspx", "cfm", "htm", "html", "jsp", "php", "shtml"];
    let Some((folder, page)) = path.rsplit_once('/') else { return path };
    let Some((name, ending)) = page.rsplit_once('.') else { return path };
    let is_of = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is_of(name, NAMES) && is_of(ending, ENDINGS) { folder } else { path }
}

/// Jadu's older addresses name a page by a script and a number; the newer ones, to which they lead on, by a folder and the
/// same number.
fn jadu_script(url: &Url) -> Option<String> {
    const SCRIPTS: &[(&str, &str, &str)] = &[
        ("/news_article.php", "newsid", "/news/article/"),
        ("/meetings_info.php", "meetingid", "/meetings/meeting/"),
        ("/events_info.php", "eventid", "/events/event/"),
    ];
    let script = url.path().rsplit_once('/').map(|(folder, _)| url.path().get(folder.len()..))??;
    let (_, parameter, folder) = SCRIPTS.iter().find(|(name, ..)| *name == script)?;
    let number = url.query_pairs().find(|(name, _)| name.eq_ignore_ascii_case(parameter)).map(|(_, value)| value)?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("{folder}{number}"))
}

/// Numbered pages of Jadu, GOSS and others end in a slug that follows the title.
fn without_slug(path: &str) -> &str {
    if !path.bytes().any(|b| b.is_ascii_digit()) {
        return path;
    }
    for folder in ["/news/article/", "/meetings/meeting/", "/events/event/", "/article/", "/articles/"] {
        let Some(at) = path.find(folder).map(|at| at + folder.len()) else { continue };
        let (head, rest) = path.split_at_checked(at).unwrap_or((path, ""));
        let number = rest.split('/').next().unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            return path.get(..head.len() + number.len()).unwrap_or(path);
        }
    }
    numbered_news(path).unwrap_or(path)
}

/// "/news/4711" of "/news/4711/new-library"; not of "/news/2025/new-library", nor of "/news/202511/new-library".
fn numbered_news(path: &str) -> Option<&str> {
    let (head, slug) = path.rsplit_once('/')?;
    let (folder, number) = head.rsplit_once('/')?;
    let is_number = number.len() >= 3 && number.bytes().all(|b| b.is_ascii_digit());
    let may_be_date = matches!(number.len(), 4 | 6 | 8) && (number.starts_with("19") || number.starts_with("20"));
    let is_slug = slug.contains('-') && slug.bytes().any(|b| b.is_ascii_alphabetic());
    (folder.ends_with("/news") && is_number && !may_be_date && is_slug).then_some(head)
}

fn ending(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, ending)| ending)
}

fn parameter(name: &str) -> String {
    let name = name.to_lowercase();
    // An address whose "&amp;" was never decoded.
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    let name = match name {
        "meetingid" => "mid",
        "committeeid" => "cid",
        other => other,
    };
    name.to_owned()
}

/// An address as it is shown and asked for: without the list under which Contensis shows a post, since the post is the same
/// under any. What else it says is left as it is written.
pub(super) fn without_list(url: &mut Url) {
    let is_list = |part: &&str| parameter(part.split('=').next().unwrap_or_default()) == "blogpath";
    let Some(query) = url.query().filter(|query| query.split('&').any(|part| is_list(&part))) else { return };
    let kept: Vec<&str> = query.split('&').filter(|part| !is_list(part)).collect();
    let kept = Some(kept.join("&")).filter(|kept| !kept.is_empty());
    url.set_query(kept.as_deref());
}

fn identifies(name: &str, value: &str) -> bool {
    let is_campaign = || ["utm_", "pk_", "mtm_"].iter().any(|campaign| name.starts_with(campaign));
    let is_stamp = || name == "t" && passing::is_moment_or_hash(value);
    // "ref=newsletter" says where the reader came from, "ref=22/01234/FUL" which application it is.
    let is_way = || passing::is_way(name) || name == "ref" && !value.bytes().any(|b| b.is_ascii_digit());
    !IGNORED.contains(&name) && !is_way() && !is_campaign() && !name.ends_with("_gotopage") && !is_stamp()
}

/// `#AI54346` names an agenda item; any other fragment is a place on the page.
fn agenda_item(url: &Url) -> String {
    let fragment = url.fragment().unwrap_or_default();
    let number = fragment
        .strip_prefix("AI")
        .or_else(|| fragment.strip_prefix("ai"))
        .filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    number.map(|n| format!("#ai{n}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
