//! The meetings that items announce, as one iCalendar file (RFC 5545, RFC 7986) to which a calendar can subscribe.
//!
//! Several items of a source may announce the same meeting: it is one event, named by the first that did, with the words
//! of the latest. Times are written in UTC, so no time-zone definition is needed; a meeting without a start is all day.

use super::entry::web_link;
use super::{GENERATOR, updated};
use crate::domain::item::{KnownItem, NextMeeting};
use crate::domain::site::Site;
use crate::domain::source::{Source, SourceId};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// Where it lies under the feeds folder.
pub const PATH: &str = "meetings.ics";

/// Its media type, without parameters.
pub const MEDIA_TYPE: &str = "text/calendar";

/// Longest line in octets, without its line end (RFC 5545 §3.1).
const LINE_BYTES_MAX: usize = 75;

type Announcement<'a> = (&'a Source, &'a KnownItem, &'a NextMeeting);

/// The whole file: one event for each meeting that one of `items` announces, in the order of their days.
#[must_use]
pub fn write(site: &Site, items: &[(&Source, KnownItem)]) -> Vec<u8> {
    let mut meetings: BTreeMap<(NaiveDate, &SourceId), Vec<Announcement<'_>>> = BTreeMap::new();
    for (source, known) in items {
        if let Some(next) = &known.item.next_meeting {
            meetings.entry((next.date, &source.id)).or_default().push((source, known, next));
        }
    }
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", &format!("-//{GENERATOR}//meetings//EN"));
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    lines.text("NAME", &format!("Meetings: {}", site.name));
    lines.text("X-WR-CALNAME", &format!("Meetings: {}", site.name));
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    lines.raw("X-PUBLISHED-TTL", "PT1H");
    lines.raw("SOURCE;VALUE=URI", &site.link(&format!("feeds/{PATH}")));
    for announcements in meetings.values_mut() {
        announcements.sort_by(|(_, a, _), (_, b, _)| a.first_seen.cmp(&b.first_seen).then_with(|| a.id.cmp(&b.id)));
        event(&mut lines, announcements, site.timezone);
    }
    lines.raw("END", "VCALENDAR");
    lines.0.into_bytes()
}

/// One event from its announcements, the earliest first.
fn event(lines: &mut Lines, announcements: &[Announcement<'_>], zone: Tz) {
    let (Some((_, first, _)), Some((source, latest, next))) = (announcements.first(), announcements.last()) else {
        return;
    };
    let changed = announcements.iter().map(|(_, known, _)| updated(known)).max().unwrap_or_default();
    // Grows with every further announcement and revision (RFC 5545 §3.8.7.4).
    let sequence: u32 = announcements.iter().map(|(_, known, _)| known.revision).sum();
    let withdrawn = announcements.iter().all(|(_, known, _)| known.withdrawn.is_some());
    let body = latest.item.meeting.as_ref().and_then(|m| m.body.as_ref()).map_or(source.title.as_str(), |b| b.as_str());
    let url = web_link(&latest.item.url).unwrap_or_else(|| source.page().to_string());

    lines.raw("BEGIN", "VEVENT");
    lines.raw("UID", first.id.guid().trim_start_matches("urn:uuid:"));
    lines.raw("DTSTAMP", &utc(changed));
    lines.raw("LAST-MODIFIED", &utc(changed));
    lines.raw("SEQUENCE", &sequence.saturating_sub(1).to_string());
    when(lines, next, zone);
    lines.text("SUMMARY", &format!("{}: next meeting, {body}", source.council));
    let note = if withdrawn { "\n\nThe page that announced this is no longer published." } else { "" };
    lines.text("DESCRIPTION", &format!("“{}”\n\nAnnounced in: {}\n{url}{note}", next.quote, latest.item.title));
    lines.raw("URL", &url);
    lines.raw("STATUS", if withdrawn { "TENTATIVE" } else { "CONFIRMED" });
    lines.raw("TRANSP", "TRANSPARENT");
    lines.raw("END", "VEVENT");
}

fn when(lines: &mut Lines, next: &NextMeeting, zone: Tz) {
    if let Some(start) = next.start {
        let begins = instant(next.date, start, zone);
        lines.raw("DTSTART", &utc(begins));
        if let Some(ends) = next.end.map(|end| instant(next.date, end, zone)).filter(|ends| *ends > begins) {
            lines.raw("DTEND", &utc(ends));
        }
    } else {
        lines.raw("DTSTART;VALUE=DATE", &next.date.format("%Y%m%d").to_string());
        if let Some(after) = next.date.checked_add_days(Days::new(1)) {
            lines.raw("DTEND;VALUE=DATE", &after.format("%Y%m%d").to_string());
        }
    }
}

/// A local time as an instant: the first of two in autumn; in the hour that spring skips, what the old offset says.
fn instant(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(time);
    let skipped = || {
        let before = local.checked_sub_signed(TimeDelta::hours(2))?;
        zone.from_local_datetime(&before).earliest()?.checked_add_signed(TimeDelta::hours(2))
    };
    zone.from_local_datetime(&local).earliest().or_else(skipped).map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Content lines: escaped where they hold text, folded, ended by CRLF.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A value that is no text: the line ends of a stranger cannot come in, because controls are dropped.
    fn raw(&mut self, name: &str, value: &str) {
        let line: String = name.chars().chain([':']).chain(value.chars().filter(|c| !c.is_control())).collect();
        let mut bytes = 0;
        for c in line.chars() {
            // Never inside a character; a continuation's leading space counts (RFC 5545 §3.1).
            if bytes + c.len_utf8() > LINE_BYTES_MAX {
                self.0.push_str("\r\n ");
                bytes = 1;
            }
            self.0.push(c);
            bytes += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A TEXT value (RFC 5545 §3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let escaped = value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace("\r\n", "\n");
        self.raw(name, &escaped.replace('\n', "\\n"));
    }
}

#[cfg(test)]
mod tests;
