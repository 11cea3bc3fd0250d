//! What the texts in the files mean: durations, times of day, addresses, senders, selectors, zones.

use super::document::Problem;
use super::settings::Sender;
use super::suggest;
use crate::domain::subscriber::Address;
use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;
use url::Url;

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `"90s"`, `"15m"`, `"6h"`, `"7d"`, `"2w"`.
pub(super) fn duration(raw: &str, allowed: &RangeInclusive<Duration>) -> Result<Duration, Problem> {
    let malformed =
        || Problem::new(format!("`{raw}` is not a duration")).hint("a number and a unit, such as \"90s\", \"6h\" or \"7d\"");
    let digits = raw.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = raw.get(digits.len()..).unwrap_or_default().trim();
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return Err(malformed()),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(malformed());
    }
    let duration = digits.parse().ok().and_then(|count: u64| count.checked_mul(seconds)).map(Duration::from_secs);
    duration.filter(|duration| allowed.contains(duration)).ok_or_else(|| {
        Problem::new(format!("`{raw}` is too short or too long")).hint(format!(
            "from {} to {}",
            duration_words(*allowed.start()),
            duration_words(*allowed.end())
        ))
    })
}

/// A duration as these files write it, in the largest unit that fits: "6h".
pub fn duration_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(24 * 60 * 60, 'd'), (60 * 60, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(size, _)| seconds >= *size && seconds.is_multiple_of(*size));
    unit.map_or_else(|| format!("{seconds}s"), |(size, letter)| format!("{}{letter}", seconds / size))
}

/// `"07:30"`.
pub(super) fn time(raw: &str) -> Result<NaiveTime, Problem> {
    NaiveTime::parse_from_str(raw.trim(), "%H:%M")
        .map_err(|_| Problem::new(format!("`{raw}` is not a time of day")).hint("hours and minutes, such as \"07:30\""))
}

/// `"Sat 07:30"`.
pub(super) fn weekday_time(raw: &str) -> Result<(Weekday, NaiveTime), Problem> {
    let parts = raw.trim().split_once(' ').and_then(|(day, at)| Some((day.parse().ok()?, time(at).ok()?)));
    parts.ok_or_else(|| Problem::new(format!("`{raw}` is not a day and a time")).hint("such as \"Sat 07:30\""))
}

/// An IANA name.
pub(super) fn zone(raw: &str) -> Result<Tz, Problem> {
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    raw.parse().map_err(|_| Problem::new(format!("`{raw}` is not a time zone")).maybe_hint(suggest::hint(raw, names)))
}

/// The shape of a BCP 47 tag.
pub(super) fn language(raw: &str) -> Result<String, Problem> {
    let mut parts = raw.split('-');
    let first = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    let problem = || Problem::new(format!("`{raw}` is not a language tag")).hint("such as \"en-GB\" or \"cy\"");
    (first && rest).then(|| raw.to_owned()).ok_or_else(problem)
}

/// An `http` or `https` address with a host and without a name or password in it.
pub(super) fn url(raw: &str) -> Result<Url, Problem> {
    let problem = |why: &str| Problem::new(format!("`{raw}` is not a web address: {why}"));
    let url = Url::parse(raw.trim()).map_err(|e| problem(&e.to_string()).hint("in full, beginning with https://"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(problem("it must begin with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("it must not hold a name or password"));
    }
    Ok(url)
}

/// An address, or a network in CIDR notation.
pub(super) fn network(raw: &str) -> Result<IpNet, Problem> {
    let raw = raw.trim();
    let network = raw.parse::<IpNet>().ok().or_else(|| raw.parse::<IpAddr>().ok().map(IpNet::from));
    let problem =
        || Problem::new(format!("`{raw}` is not an address or a network")).hint("such as \"127.0.0.1\" or \"10.0.0.0/8\"");
    network.ok_or_else(problem)
}

/// An email address.
pub(super) fn address(raw: &str) -> Result<Address, Problem> {
    Address::parse(raw).map_err(|why| Problem::new(format!("`{raw}` is not an email address: {why}")))
}

/// `Name <address>`, or an address alone (RFC 5322 §3.4).
pub(super) fn sender(raw: &str) -> Result<Sender, Problem> {
    let raw = raw.trim();
    let Some((name, rest)) = raw.split_once('<') else {
        return Ok(Sender { name: None, address: address(raw)? });
    };
    let problem = || Problem::new(format!("`{raw}` is not a sender")).hint("such as \"Board Watch <updates@example.org>\"");
    let inner = rest.strip_suffix('>').ok_or_else(problem)?;
    let name = name.trim().trim_matches('"').trim();
    let name = (!name.is_empty()).then(|| line(name)).transpose()?;
    Ok(Sender { name, address: address(inner)? })
}

/// A text that is there and stays on its line.
pub(super) fn line(raw: &str) -> Result<String, Problem> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Problem::new("must not be empty"));
    }
    if raw.chars().any(char::is_control) {
        return Err(Problem::new("must be one line, without control characters"));
    }
    Ok(raw.to_owned())
}

/// `"127.0.0.1:8080"`.
pub(super) fn listen(raw: &str) -> Result<SocketAddr, Problem> {
    raw.trim().parse().map_err(|_| {
        Problem::new(format!("`{raw}` is not an address and a port")).hint("such as \"127.0.0.1:8080\" or \"[::]:8080\"")
    })
}

/// A CSS selector, or nothing.
pub(super) fn selector(raw: &str) -> Result<String, Problem> {
    // What the parser says of it is of no use to an admin.
    let good = raw.trim().is_empty() || scraper::Selector::parse(raw).is_ok();
    let problem = || Problem::new(format!("`{raw}` is not a CSS selector")).hint("such as \"ul.news > li\"");
    good.then(|| raw.trim().to_owned()).ok_or_else(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit_within_bounds() {
        let check = |raw: &str, seconds: Option<u64>| {
            let parsed = duration(raw, &(SECOND..=DAY * 30));
            assert_eq!(parsed.ok(), seconds.map(Duration::from_secs), "{raw:?}");
        };
        check("90s", Some(90));
        check("15m", Some(900));
        check("6h", Some(21_600));
        check("7d", Some(604_800));
        check("2w", Some(1_209_600));
        check("6 h", Some(21_600));
        check("0s", None);
        check("31d", None);
        check("99999999999999999999d", None);
        for raw in ["", "6", "h", "6 hours", "-6h", "1.5h", "1h30m", "６h"] {
            check(raw, None);
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        let check = |seconds: u64, expect: &str| assert_eq!(duration_words(Duration::from_secs(seconds)), expect);
        check(0, "0s");
        check(90, "90s");
        check(900, "15m");
        check(86_400, "1d");
        check(90_000, "25h");
    }

    #[test]
    fn times_of_day_and_of_the_week() {
        assert_eq!(time("07:30").ok(), NaiveTime::from_hms_opt(7, 30, 0));
        assert_eq!(time("7:30").ok(), NaiveTime::from_hms_opt(7, 30, 0));
        assert_eq!(weekday_time("Sat 07:30").ok(), NaiveTime::from_hms_opt(7, 30, 0).map(|at| (Weekday::Sat, at)));
        assert_eq!(weekday_time("friday 23:59").ok(), NaiveTime::from_hms_opt(23, 59, 0).map(|at| (Weekday::Fri, at)));
        for raw in ["24:00", "7.30", "07:30:15", "", "noon"] {
            assert!(time(raw).is_err(), "{raw:?}");
            assert!(weekday_time(&format!("Sat {raw}")).is_err(), "{raw:?}");
        }
        assert!(weekday_time("Caturday 07:30").is_err());
    }

    #[test]
    fn a_mistyped_zone_is_guessed() {
        assert_eq!(zone("Europe/London").ok(), Some(Tz::Europe__London));
        let problem = zone("Europe/Londn").expect_err("no such zone");
        assert_eq!(problem.hint.as_deref(), Some("did you mean `Europe/London`?"));
    }

    #[test]
    fn web_addresses_are_http_without_secrets() {
        let check = |raw: &str, good: bool| assert_eq!(url(raw).is_ok(), good, "{raw}");
        check("https://www.example.org/a.aspx?ID=1", true);
        check("http://127.0.0.1:8080", true);
        check("www.example.org", false);
        check("ftp://example.org/", false);
        check("https://", false);
        check("https://me:secret@example.org/", false);
    }

    #[test]
    fn a_sender_has_an_address_and_perhaps_a_name() {
        let parts = |raw: &str| sender(raw).map(|sender| (sender.name, sender.address.as_str().to_owned())).ok();
        let expect = |name: Option<&str>, address: &str| Some((name.map(str::to_owned), address.to_owned()));
        assert_eq!(parts("Board Watch <updates@example.org>"), expect(Some("Board Watch"), "updates@example.org"));
        assert_eq!(parts("\"Watch, Board\" <updates@example.org>"), expect(Some("Watch, Board"), "updates@example.org"));
        assert_eq!(parts("updates@example.org"), expect(None, "updates@example.org"));
        assert_eq!(parts("<updates@example.org>"), expect(None, "updates@example.org"));
        for raw in
            ["", "Board Watch", "Board Watch <updates@example.org", "A\r\nBcc: x <updates@example.org>", "A <b> <c@example.org>"]
        {
            assert_eq!(parts(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn what_a_fault_quotes_stays_on_its_line() {
        for raw in ["A\nB", "updates@\r\nexample.org", "\u{1b}[31m\u{202e}x", "A\tB <updates@example.org\n"] {
            let said = format!("{:?}", sender(raw).unwrap_err().message);
            let as_it_prints = sender(raw).unwrap_err().message;
            assert!(!as_it_prints.chars().any(|char| char.is_control() || char == '\u{202e}'), "{said}");
        }
        assert!(sender("A\nB").unwrap_err().message.starts_with("`A\\nB` "));
    }

    #[test]
    fn selectors_and_languages_are_checked() {
        assert!(selector("").is_ok() && selector("ul.news > li").is_ok() && selector("ul..news").is_err());
        for (raw, good) in
            [("en-GB", true), ("cy", true), ("zh-Hant-TW", true), ("english", false), ("en_GB", false), ("", false)]
        {
            assert_eq!(language(raw).is_ok(), good, "{raw}");
        }
    }
}
