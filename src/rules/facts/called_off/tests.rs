//! Notices as clerks write them, for a board that meets on 8 December 2026.

use super::*;

fn check(text: &str, expect: bool) {
    let day = NaiveDate::from_ymd_opt(2026, 12, 8);
    assert_eq!(says(text, "Recovery Oversight Board", day), expect, "{text}");
}

#[test]
fn a_notice_calls_the_meeting_off_in_many_ways() {
    for text in [
        "This meeting has been cancelled.",
        "Please note that this meeting has been cancelled",
        "Please note this meeting is now cancelled.",
        "NOTE: the meeting is cancelled",
        "PLEASE NOTE THAT THE MEETING HAS BEEN CANCELLED AND A NEW DATE WILL BE SET",
        "It is regretted that tonight's meeting has had to be cancelled.",
        "Owing to a lack of business the meeting has been cancelled",
        "Because of the snow, this meeting was abandoned.",
        "The meeting scheduled for 8 December 2026 has been cancelled.",
        "The meeting that was due to be held on Tuesday 8 December has been postponed.",
        "The Recovery Oversight Board meeting on 8 December 2026 will not take place.",
        "The Recovery Oversight Board has been cancelled.",
        "This meeting will no longer go ahead.",
        "This meeting has had to be called off.",
        "Unfortunately the meeting was not quorate and was adjourned.",
        "This meeting has been postponed to 15 December 2026 at 6pm",
        "This meeting has been re-arranged for 15 December 2026",
        "The papers were sent on Monday. The meeting has since been cancelled.",
        "Cancelled due to lack of business",
        "Meeting cancelled",
        "Meeting postponed until further notice",
        "Mae'r cyfarfod hwn wedi’i ganslo.",
        "Nodwch fod y cyfarfod wedi cael ei ohirio",
        "Gohiriwyd y cyfarfod hwn.",
    ] {
        check(text, true);
    }
}

#[test]
fn what_is_called_off_beside_the_meeting_leaves_it_standing() {
    for text in [
        "A similar event was cancelled.",
        "This meeting will be quorate. A seminar was cancelled.",
        "The site visit before this meeting has been cancelled.",
        "The training for the meeting was cancelled.",
        "The briefing that follows the meeting has been postponed",
        "This meeting replaces the one cancelled on 3 November 2026.",
        "The meeting on 3 November 2026 was cancelled.",
        "The Scrutiny Committee meeting has been cancelled.",
        "The meeting was told that the contract had been cancelled.",
        "The meeting cancelled the contract.",
        "Item 7 has been deferred.",
        "This meeting has been moved to Committee Room 2",
        "This meeting has been moved from 1 December 2026",
        "This meeting was postponed from 1 December 2026.",
        "This meeting has been rescheduled to 8 December 2026.",
        "This meeting has not been cancelled.",
        "If the meeting is cancelled, members will be told.",
        "This meeting will be cancelled if no business is received.",
        "This meeting may be cancelled",
        "This meeting will not take place in the Town Hall but online.",
        "To note the events that were cancelled in March",
        "Mae'r hyfforddiant cyn y cyfarfod wedi'i ganslo.",
    ] {
        check(text, false);
    }
}
