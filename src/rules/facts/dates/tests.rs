//! Days and times in every way in which councils write them.

use super::*;
use proptest::prelude::*;

fn ymd(raw: &str) -> NaiveDate {
    raw.parse().unwrap()
}

fn hm(raw: &str) -> NaiveTime {
    NaiveTime::parse_from_str(raw, "%H:%M").unwrap()
}

#[test]
fn every_way_in_which_councils_write_a_day_is_read() {
    let check = |text: &str, day: &str| assert_eq!(find(text).first().and_then(Date::single), Some(ymd(day)), "{text}");
    check("19/10/2015", "2015-10-19");
    check("10/02/2026", "2026-02-10");
    check("03/04/2022", "2022-04-03");
    check("01/Sep/2026", "2026-09-01");
    check("26 May 2026\u{a0}6.00 pm", "2026-05-26");
    check("Monday 25th November 2019", "2019-11-25");
    check("Wednesday 8th January 2020", "2020-01-08");
    check("Tuesday 23rd February 2021", "2021-02-23");
    check("Thursday, 15th December, 2022 2.30 pm", "2022-12-15");
    check("Tuesday, 16th September, 2025 7.00 pm", "2025-09-16");
    check("Improvement Board Update 19 January 2021", "2021-01-19");
    check("Fri 28 Sep 2018", "2018-09-28");
    check(" 9 September 2016  9:33am", "2016-09-09");
    check("9 Jul 2026 11:00", "2026-07-09");
    check("1st of March 2024", "2024-03-01");
    check("5 Sept. 2024", "2024-09-05");
    check("February 23rd, 2021", "2021-02-23");
    check("2016-09-09T09:33:15+01:00", "2016-09-09");
    check("2026-04-27", "2026-04-27");
    check("Tue, 11 Feb 2020 10:00:00 GMT", "2020-02-11");
    check("Published: 1st March 2024", "2024-03-01");
    check("(15/12/2022)", "2022-12-15");
}

#[test]
fn times_beside_a_day_are_read_before_and_after_it() {
    let check = |text: &str, start: &str, end: Option<&str>| {
        let date = find(text).pop().unwrap();
        assert_eq!((date.start, date.end), (Some(hm(start)), end.map(hm)), "{text}");
        assert_eq!(date.span, 0..text.len(), "{text}");
    };
    check("10am - 12:30pm, Tuesday 25 February 2020", "10:00", Some("12:30"));
    check("14eg Hydref, 2025 10.00 yb", "10:00", None);
    check("3ydd Rhagfyr, 2026 2.00 yp", "14:00", None);
    check("7 Hydref 2026, 6.30yh - 8.00 y.h.", "18:30", Some("20:00"));
    check("10 – 11.30am on Tuesday 25 February 2020", "10:00", Some("11:30"));
    check("Tuesday 25 February 2020, 10 to 12 noon", "10:00", Some("12:00"));
    check("11 - 1pm, 25 February 2020", "11:00", Some("13:00"));
    check("Tuesday, 25th February 2020 at 7.30pm", "19:30", None);
    check("08/02/2011, 10:00", "10:00", None);
    check("Tuesday, 10 March 2026, 11.00 a.m.", "11:00", None);
    check("3 Aug 2026 - 10:00", "10:00", None);
    check("26 May 2026\u{a0}6.00 pm", "18:00", None);
    check("12.30 pm, 26 May 2026", "12:30", None);
    check("26 May 2026 12 noon", "12:00", None);
    check("Thursday 10 December 2026 | 6pm – 9pm", "18:00", Some("21:00"));
    check("Thursday 10 December 2026, 18.00 - 20.30", "18:00", Some("20:30"));
    check("Thursday 10 December 2026 · 18.00", "18:00", None);
    check("Thursday 10 December 2026, starts at 6 p.m.", "18:00", None);
    check("2026-12-10T18:00", "18:00", None);
    let none = |text: &str| assert_eq!(find(text).pop().unwrap().start, None, "{text}");
    none("10 December 2026, 10.50 MB");
    none("10 December 2026 2.30");
    none("10 December 2026, 12.4 people");
}

#[test]
fn a_day_that_is_struck_out_is_none_and_the_one_beside_it_is() {
    let days = |text: &str| find(text).into_iter().map(|date| date.day).collect::<Vec<_>>();
    let text = "[struck out: Thursday 10 December 2026, 6pm] Thursday 17 December 2026, 7pm";
    assert_eq!(days(text), [ymd("2026-12-17")]);
    assert_eq!(find(text)[0].start, Some(hm("19:00")));
    assert!(text[find(text)[0].span.clone()].starts_with("Thursday 17"));
    assert_eq!(whole(text).and_then(|date| date.single()), Some(ymd("2026-12-17")));
    assert_eq!(labelled(&format!("Date: {text}"), &["date"]), Some(ymd("2026-12-17")));
    assert_eq!(days("[struck out: 10 December 2026]"), []);
    assert_eq!(times("[struck out: 6pm] 7pm").len(), 1);
}

#[test]
fn what_is_not_said_in_full_is_no_date() {
    let check = |text: &str| assert_eq!(find(text), [], "{text}");
    check("Monday, 8 June");
    check("March - August 2020");
    check("late February or early March");
    check("31/02/2020");
    check("12/31/2020");
    check("15.1.22");
    check("4 of 9 2020");
    check("by April 2021");
    check("10.30 am");
    check("1.2.2020.4");
    check("ref 2/12/10/2020");
    check("125 people trained by March 2020");
}

#[test]
fn a_span_of_days_is_no_single_day() {
    let check = |text: &str, first: &str, last: &str| {
        let date = find(text).pop().unwrap();
        assert_eq!((date.day, date.last_day, date.single()), (ymd(first), Some(ymd(last)), None), "{text}");
    };
    check("15 - 17 October 2019", "2019-10-15", "2019-10-17");
    check("15th to 17th October 2019", "2019-10-15", "2019-10-17");
    check("30 June – 2 July 2020", "2020-06-30", "2020-07-02");
}

#[test]
fn a_label_introduces_a_day_and_nothing_else() {
    let check =
        |text: &str, expect: Option<&str>| assert_eq!(labelled(text, &["posted", "published"]), expect.map(ymd), "{text}");
    check("Posted: Tuesday 11th February 2020", Some("2020-02-11"));
    check("Posted on 11 Feb 2020", Some("2020-02-11"));
    check("PUBLISHED 11/02/2020", Some("2020-02-11"));
    check("Posted: Tuesday 11th February 2020 by the press office", None);
    check("Postedly 11/02/2020", None);
    check("Updated: 11/02/2020", None);
}

#[test]
fn a_text_is_a_date_only_where_it_says_nothing_else() {
    assert!(whole("Wednesday 8th January 2020").is_some());
    assert!(whole("Improvement Plan Board Update - 3 December 2019").is_none());
    assert!(whole("8 January 2020 and 9 January 2020").is_none());
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        for date in find(&text) {
            prop_assert!(text.get(date.span).is_some());
        }
    }

    #[test]
    fn every_day_survives_being_written_out(days in 0_i64..60_000, form in 0_usize..5) {
        let day = ymd("1950-01-01") + chrono::Duration::days(days);
        let forms = ["%d/%m/%Y", "%A %-d %B %Y", "%a, %-d %b %Y", "%Y-%m-%d", "%-d/%b/%Y"];
        let text = format!("on {} it was", day.format(forms[form]));
        prop_assert_eq!(find(&text).first().and_then(Date::single), Some(day), "{}", text);
    }
}
