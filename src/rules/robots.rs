//! robots.txt as RFC 9309 has it: which rules speak to us, and what they say of an address.
//!
//! Read leniently where a council plainly meant something (a missing colon, a misspelt `Disallow`), as the large search
//! engines do, so that an office that asks to be left alone is. Any bytes are a robots.txt; an HTML page is one without rules.

mod pattern;

use pattern::Pattern;
use std::time::Duration;
use url::Url;

/// The name that robots.txt files know us by; the first word of our User-Agent.
pub const PRODUCT_TOKEN: &str = "boardwatch";
/// How much of a file is read, in bytes (RFC 9309 §2.5).
pub const BYTES_MAX: usize = 500 * 1024;

/// What robots.txt says of one address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Come in.
    Allowed,
    /// Stay away.
    Denied {
        /// The line that says so, as it was written: `Disallow: /private`.
        rule: String,
    },
}

/// The rules of one robots.txt that speak to us.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Rule {
    allows: bool,
    written: String,
    pattern: Pattern,
}

impl Robots {
    /// Reads the file: the groups that name us, joined; where none does, those for `*`.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut reader = Reader::default();
        for line in lines(bytes) {
            reader.read(line);
        }
        reader.named.unwrap_or(reader.anyone)
    }

    /// Whether `url` may be asked for: the longest rule that matches decides, and of two as long the one that allows
    /// (RFC 9309 §2.2.2).
    #[must_use]
    pub fn verdict(&self, url: &Url) -> Verdict {
        if url.path() == "/robots.txt" {
            return Verdict::Allowed;
        }
        let target = pattern::normal_target(url);
        let strongest = self
            .rules
            .iter()
            .filter(|rule| rule.pattern.matches(&target))
            .max_by_key(|rule| (rule.pattern.octets(), rule.allows));
        match strongest {
            Some(rule) if !rule.allows => Verdict::Denied { rule: format!("Disallow: {}", rule.written) },
            _ => Verdict::Allowed,
        }
    }

    /// The pause between two requests that the file asks for; no part of the RFC, but a plain wish.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

/// What a line is about.
enum Field {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
    Other,
}

impl Field {
    fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "user-agent" | "useragent" | "user agent" => Self::UserAgent,
            "allow" => Self::Allow,
            "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => Self::Disallow,
            "crawl-delay" | "crawldelay" => Self::CrawlDelay,
            _ => Self::Other,
        }
    }
}

/// The state between two lines.
#[derive(Default)]
struct Reader {
    /// Rules of all groups that name us; there as soon as one does, even without rules.
    named: Option<Robots>,
    /// Rules of all groups for `*`.
    anyone: Robots,
    /// Whom the current group names.
    for_us: bool,
    for_anyone: bool,
    /// Whether the group has a rule, so that the next `User-agent` begins another.
    has_rules: bool,
}

impl Reader {
    fn read(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let Some((name, value)) = split(&line) else { return };
        match Field::of(name) {
            Field::UserAgent => self.name(value),
            Field::Allow => self.rule(true, value),
            Field::Disallow => self.rule(false, value),
            Field::CrawlDelay => {
                let asked = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                self.for_each_group(|group| group.crawl_delay = group.crawl_delay.max(asked));
            }
            // Sitemap and whatever else neither begins nor ends a group (RFC 9309 §2.2.4).
            Field::Other => {}
        }
    }

    fn name(&mut self, value: &str) {
        if std::mem::take(&mut self.has_rules) {
            (self.for_us, self.for_anyone) = (false, false);
        }
        if value == "*" || value.starts_with("* ") || value.starts_with("*\t") {
            self.for_anyone = true;
        } else if product_token(value).eq_ignore_ascii_case(PRODUCT_TOKEN) {
            self.for_us = true;
            self.named.get_or_insert_default();
        }
    }

    fn rule(&mut self, allows: bool, value: &str) {
        self.has_rules = true;
        // `Disallow:` without a path forbids nothing.
        if value.is_empty() {
            return;
        }
        let rule = Rule { allows, written: value.to_owned(), pattern: Pattern::parse(value) };
        self.for_each_group(|group| group.rules.push(rule.clone()));
    }

    fn for_each_group(&mut self, mut change: impl FnMut(&mut Robots)) {
        if self.for_us {
            change(self.named.get_or_insert_default());
        }
        if self.for_anyone {
            change(&mut self.anyone);
        }
    }
}

/// The leading letters, `-` and `_` of a user agent: `boardwatch` of `boardwatch/0.1` (RFC 9309 §2.2.1).
fn product_token(value: &str) -> &str {
    let end = value.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_')).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}

/// Name and value of a line without its comment, trimmed; a blank serves where the colon was forgotten.
fn split(line: &str) -> Option<(&str, &str)> {
    let line = line.split('#').next().unwrap_or_default().trim_matches([' ', '\t', '\0']);
    if let Some((name, value)) = line.split_once(':') {
        return Some((name.trim(), value.trim()));
    }
    let mut words = line.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(name), Some(value), None) => Some((name, value)),
        _ => None,
    }
}

/// The lines of what is read of the file, without the byte order mark; CRLF, LF and CR all end one.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let read = match bytes.get(..BYTES_MAX) {
        // Half a rule says more than its author meant: `Disallow: /p` of `Disallow: /private`.
        Some(head) if bytes.len() > BYTES_MAX => {
            let whole = head.iter().rposition(is_end).unwrap_or(0);
            head.get(..whole).unwrap_or_default()
        }
        _ => bytes,
    };
    read.split(is_end)
}

#[cfg(test)]
mod tests;
