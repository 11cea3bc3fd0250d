//! "200 OK" that is not the page: challenges, error pages, script redirects, empty shells and files of another kind; and the
//! opposite, a page that says itself that it has nothing.
//!
//! A wrong *blocked* costs a poll; a wrong *items* or *empty* would withdraw what is still published. So a sign counts
//! only where it is what the page is about: its title or first heading, or a page with hardly any other text. Genuine
//! pages embed reCAPTCHA, load firewall scripts, and report on services that were "temporarily unavailable".

mod apology;
mod empty;
mod missing;
mod signs;
mod visible;
#[cfg(test)]
mod tests;

pub(crate) use apology::apology;
pub use empty::{is_headed_nothing, own_word};
pub(crate) use empty::{names_what_is_missing, says_empty, states_nothing};
pub use missing::says_missing;

use crate::domain::item::Outcome;
use scraper::Html;
use url::Url;
use visible::{Extent, Visible};

/// What is known of an answer before any platform's rules have read it.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Where it came from, after redirects.
    pub url: &'a Url,
    /// HTTP status; 200 where it is not known.
    pub status: u16,
    /// The decoded body.
    pub markup: &'a str,
    /// The same, parsed as HTML.
    pub document: &'a Html,
}

/// Why this is not the page that was asked for, with the outcome to record; `None` for a page worth reading.
#[must_use]
pub fn refuses(sight: &Sight) -> Option<(Outcome, String)> {
    let visible = Visible::of(sight.document, Extent::Opening);
    blocked(sight, &visible)
        .map(|why| (Outcome::Blocked, why))
        .or_else(|| error_page(sight, &visible).map(|why| (Outcome::ErrorPage, why)))
        .or_else(|| shell(sight, &visible).map(|why| (Outcome::Unrecognised, why)))
}

/// What a body is that is neither markup nor text: "a PDF document". Judged by its first bytes (WHATWG MIME Sniffing §7).
#[must_use]
pub fn foreign(body: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or an Office document"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"\x1f\x8b", "gzip data that was not unpacked"),
        (b"{\\rtf", "an RTF document"),
        (b"BEGIN:VCALENDAR", "a calendar file"),
    ];
    KINDS.iter().find(|(magic, _)| body.starts_with(magic)).map(|(_, kind)| *kind)
}

fn blocked(sight: &Sight, visible: &Visible) -> Option<String> {
    if sight.status == 403 {
        return Some("the server refuses us (status 403)".to_owned());
    }
    if visible.is_short()
        && let Some(name) = visible.leads().find(|lead| signs::names_challenge(lead))
    {
        return Some(format!("a firewall's page, titled \"{name}\""));
    }
    if visible.is_short()
        && let Some(phrase) = signs::said_by_firewalls(&visible.lowered)
    {
        return Some(format!("a firewall's page, saying \"{phrase}\""));
    }
    if !visible.is_bare() {
        return None;
    }
    if visible.passwords > 0
        && let Some(name) = visible.leads().find(|lead| signs::asks_who(lead))
    {
        return Some(format!("a page to sign in on, titled \"{name}\""));
    }
    // Under a heading it is an article's words.
    let by_line = (visible.headings == 0).then(|| visible.lines().find_map(signs::opens_like_a_challenge)).flatten();
    by_line.or_else(|| signs::in_markup(sight.markup)).map(|sign| format!("a firewall's page, with \"{sign}\""))
}

fn error_page(sight: &Sight, visible: &Visible) -> Option<String> {
    if !(200..300).contains(&sight.status) {
        return Some(format!("the server answered with status {}", sight.status));
    }
    if sight.url.path().to_ascii_lowercase().ends_with("/mgerror.aspx") {
        return Some("ModernGov's error page".to_owned());
    }
    if let Some(name) = visible.leads().find(|lead| signs::names_error(lead)) {
        return Some(format!("an error page, titled \"{name}\""));
    }
    let phrase = visible.is_short().then(|| signs::said_by_error_pages(&visible.lowered, visible.is_bare())).flatten()?;
    Some(format!("an error page, saying \"{phrase}\""))
}

/// A page without content of its own: a redirect by script, an application that draws itself in the browser, or nothing.
fn shell(sight: &Sight, visible: &Visible) -> Option<String> {
    if sight.markup.trim().is_empty() {
        return Some("the answer is empty".to_owned());
    }
    if !visible.is_bare() || visible.links > 3 {
        return None;
    }
    let mut names = visible.leads().filter(|lead| !lead.is_empty());
    if let Some(name) = names.find(|name| signs::asks_consent(name))
        && visible.headings == 1
        && visible.lowered.contains("cookie")
    {
        return Some(format!("a form about cookies stands in place of the page, titled \"{name}\""));
    }
    if let Some(target) = signs::redirects(sight.markup) {
        return Some(format!("the page only redirects by script, to {target}"));
    }
    let asks_for_script = visible.lowered.contains("enable javascript") || visible.lowered.contains("requires javascript");
    if visible.scripts > 0 && (visible.text.trim().is_empty() || asks_for_script) {
        return Some("the page is drawn by script and has no text of its own".to_owned());
    }
    None
}
