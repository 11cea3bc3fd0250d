//! What was decided, apart from what was said.

use super::*;

fn check(lines: &[&str], expect: &[(Option<&str>, &str)]) {
    let lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
    let found = read(&lines, Some("Cabinet"));
    let found: Vec<_> = found.iter().map(|d| (d.label.as_ref().map(Text::as_str), d.text.as_str())).collect();
    assert_eq!(found, expect, "{lines:?}");
}

#[test]
fn a_word_and_a_dash_before_clauses_decide_nothing_themselves() {
    let clauses = ["(a) That the progress be noted;", "(b) That the date be approved."];
    let expect = [(Some("a"), "That the progress be noted;"), (Some("b"), "That the date be approved.")];
    check(&["Decision:", "RESOLVED –", clauses[0], clauses[1]], &expect);
    check(&["Decision:", "RESOLVED", clauses[0], clauses[1]], &expect);
}

#[test]
fn lettered_clauses_follow_a_resolution() {
    check(
        &[
            "Cabinet members discussed the draft plan and noted that:",
            "An accessible version of the plan would be produced;",
            "It was resolved that:",
            "a) That the plan be agreed;",
            "b) Cabinet endorse: ",
            "i) the first part; and",
            "ii) the second part; and",
            "c) the rest be noted.",
            "The meeting ended at 4pm.",
        ],
        &[
            (Some("a"), "That the plan be agreed;"),
            (Some("b"), "Cabinet endorse: i) the first part; and ii) the second part; and"),
            (Some("c"), "the rest be noted."),
        ],
    );
    check(&["RESOLVED", "1. That x", "2. That y"], &[(Some("1"), "That x"), (Some("2"), "That y")]);
    check(&["RESOLVED:", "That", "(a) x be done;", "(b) y be done."], &[(Some("a"), "x be done;"), (Some("b"), "y be done.")]);
    check(&["RESOLVED", "That", "the report be noted."], &[(None, "the report be noted.")]);
    check(
        &["The Cabinet resolved to:", "note the report; and", "approve the plan.", "Thanks were given."],
        &[(None, "note the report; and"), (None, "approve the plan.")],
    );
}

#[test]
fn when_a_meeting_closed_is_no_decision() {
    let expect = [(Some("1"), "That the plan be agreed.")];
    for end in
        ["The meeting closed at 8.05 pm.", "(Meeting ended at 12 noon)", "The meeting was adjourned at 7pm and rose at 8pm."]
    {
        check(&["Decision:", "1. That the plan be agreed.", end], &expect);
        check(&["Decision:", end], &[]);
    }
    let moved = "The meeting of 9 March be held at 6pm in the Guildhall.";
    check(&["Decision:", moved], &[(None, moved)]);
}

#[test]
fn a_decision_section_ends_at_the_next_heading() {
    check(
        &["Decision:", "That the report be noted.", "That the plan be approved.", "Reasons for the decision:", "It is needed."],
        &[(None, "That the report be noted."), (None, "That the plan be approved.")],
    );
    check(&["Decision:", "That x be done.", "Minutes:", "The Leader thanked officers."], &[(None, "That x be done.")]);
    check(&["Decision: Approved."], &[(None, "Approved.")]);
    check(
        &["Decisions", "RESOLVED that:", "(1) x be done", "(2) y be done"],
        &[(Some("1"), "x be done"), (Some("2"), "y be done")],
    );
}

#[test]
fn one_sentence_may_be_the_whole_decision() {
    check(
        &["Members thanked Geoff.", "Cabinet noted the update.", "Reasons for the decision:", "x"],
        &[(None, "Cabinet noted the update.")],
    );
    check(&["RESOLVED: That the report be noted."], &[(None, "That the report be noted.")]);
    check(&["It was resolved that the report be noted."], &[(None, "It was resolved that the report be noted.")]);
}

#[test]
fn what_was_said_is_not_what_was_decided() {
    check(&["Members noted that due to staff sickness it had not been possible to circulate a report."], &[]);
    check(&["Cabinet agreed a major overhaul in July. The challenge continued."], &[]);
    check(&["Cabinet noted that the plan was late."], &[]);
    check(&["This was in response to a resolution of Council at the meeting held on 19 January 2022."], &[]);
    check(&["Cabinet noted the update.", "A discussion followed."], &[]);
}

#[test]
fn what_is_struck_out_was_not_decided() {
    check(
        &["Decision:", "[struck out: To sell the van.]", "[struck out: To hire it.] To keep the van."],
        &[(None, "To keep the van.")],
    );
}
