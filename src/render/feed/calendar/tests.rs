//! The calendar: one event a meeting, stable identities, right times on both sides of a clock change.

use super::super::tests::{known, site, source};
use super::*;
use crate::domain::text::Text;

fn lines(items: &[(&Source, KnownItem)]) -> Vec<String> {
    let raw = String::from_utf8(write(&site(), items)).unwrap();
    raw.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn values(lines: &[String], name: &str) -> Vec<String> {
    lines.iter().filter_map(|l| l.strip_prefix(&format!("{name}:"))).map(str::to_owned).collect()
}

#[test]
fn a_calendar_is_written_whole() {
    let source = source("trafford", "Trafford Council");
    insta::assert_snapshot!(String::from_utf8(write(&site(), &[(&source, known(&source, "1"))])).unwrap().replace("\r\n", "\n"));
}

#[test]
fn times_are_right_in_summer_and_in_winter_and_in_the_hour_that_spring_skips() {
    let check = |day: &str, start: &str, expect: &str| {
        let at = instant(day.parse().unwrap(), start.parse().unwrap(), chrono_tz::Europe::London);
        assert_eq!(utc(at), expect, "{day} {start}");
    };
    check("2019-09-10", "10:00", "20190910T090000Z");
    check("2020-02-25", "10:00", "20200225T100000Z");
    check("2027-03-28", "01:30", "20270328T013000Z");
    check("2026-10-25", "01:30", "20261025T003000Z");
}

#[test]
fn a_meeting_without_a_start_is_all_day() {
    let source = source("trafford", "Trafford Council");
    let mut item = known(&source, "1");
    item.item.next_meeting.as_mut().unwrap().start = None;
    let lines = lines(&[(&source, item)]);
    assert_eq!(values(&lines, "DTSTART;VALUE=DATE"), ["20190910"]);
    assert_eq!(values(&lines, "DTEND;VALUE=DATE"), ["20190911"]);
}

#[test]
fn two_announcements_of_one_meeting_are_one_event_that_keeps_its_name_and_grows() {
    let source = source("trafford", "Trafford Council");
    let first = known(&source, "1");
    let mut second = known(&source, "2");
    second.first_seen += chrono::TimeDelta::days(1);
    second.revised = second.first_seen;
    second.item.next_meeting.as_mut().unwrap().quote = Text::new("Now in the town hall.");
    let before = lines(&[(&source, first.clone())]);
    let after = lines(&[(&source, second), (&source, first)]);
    assert_eq!(values(&before, "UID"), values(&after, "UID"));
    assert_eq!((values(&before, "SEQUENCE"), values(&after, "SEQUENCE")), (vec!["0".to_owned()], vec!["1".to_owned()]));
    assert!(values(&after, "DESCRIPTION")[0].contains("town hall"));
    assert_eq!(values(&after, "DTSTAMP"), ["20261121T093015Z"]);
}

#[test]
fn a_withdrawn_announcement_leaves_its_meeting_in_doubt() {
    let source = source("trafford", "Trafford Council");
    let mut item = known(&source, "1");
    item.withdrawn = Some(item.revised);
    assert_eq!(values(&lines(&[(&source, item)]), "STATUS"), ["TENTATIVE"]);
}

#[test]
fn text_cannot_add_a_line_or_break_a_character() {
    let mut source = source("trafford", "Trafford Council");
    source.council = "Trafford\r\nATTENDEE:mailto:x@example.org".to_owned();
    let mut item = known(&source, "1");
    item.item.next_meeting.as_mut().unwrap().quote = Text::new(&"a,b;c\\d\né".repeat(40));
    let raw = String::from_utf8(write(&site(), &[(&source, item.clone())])).unwrap();
    assert!(raw.split_terminator("\r\n").all(|line| line.len() <= LINE_BYTES_MAX && !line.starts_with("ATTENDEE")));
    let description = &values(&lines(&[(&source, item)]), "DESCRIPTION")[0];
    assert!(description.starts_with("“a\\,b\\;c\\\\d\\néa\\,b"), "{description}");
}
