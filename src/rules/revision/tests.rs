//! What kind of change is named for which two contents.

use super::*;
use RevisionClass::*;
use serde_json::{Value, json};

/// An item with these facts, and nothing else.
fn item(facts: &Value) -> Item {
    let mut whole = json!({
        "key": "k", "title": "Board update", "url": "https://council.example.org/x", "published": null, "meeting": null,
        "text": null, "html": null, "documents": [], "decisions": [], "next_meeting": null,
    });
    for (name, fact) in facts.as_object().unwrap() {
        whole[name] = fact.clone();
    }
    serde_json::from_value(whole).unwrap()
}

fn check(before: &Value, now: &Value, expect: &[RevisionClass]) {
    assert_eq!(classes(&item(before), &item(now)), expect, "{before} → {now}");
}

fn paper(title: &str, number: Option<u32>, size: &str) -> Value {
    let url = number.map(|n| format!("https://council.example.org/documents/s{n}/{}.pdf", title.replace(' ', "%20")));
    json!({"title": title, "url": url, "kind": number.map(|_| "pdf"), "size": number.map(|_| size), "restricted": false})
}

fn next(day: &str, quote: &str) -> Value {
    json!({"date": day, "start": null, "end": null, "quote": quote})
}

#[test]
fn other_words_alone_are_a_correction() {
    check(&json!({"text": "Turnover is 9.9%."}), &json!({"text": "Turnover is 9.8%."}), &[Correction]);
    check(&json!({"title": "Board update"}), &json!({"title": "Board updates"}), &[Correction]);
    check(&json!({"reasons": "Cost."}), &json!({"reasons": "Costs."}), &[Correction]);
    let numbered = |n: &str| json!({"meeting": {"body": "Cabinet", "date": "2022-12-15", "item": n}});
    check(&numbered("181"), &numbered("182"), &[Correction]);
}

#[test]
fn a_correction_is_of_the_title_of_the_text_or_of_both() {
    let check = |before: Value, now: Value, expect: Reworded| {
        assert_eq!(Reworded::between(&item(&before), &item(&now)), expect, "{before} → {now}");
    };
    check(json!({"text": "It is 9."}), json!({"text": "It is 8."}), Reworded::Text);
    check(json!({"text": "It is 9."}), json!({"title": "Another", "text": "It is 9."}), Reworded::Title);
    check(json!({"text": "It is 9."}), json!({"title": "Another", "text": "It is 8."}), Reworded::TitleAndText);
    let paper = json!([paper("Report", Some(1), "1 KB")]);
    check(json!({"text": "It is 9."}), json!({"title": "Another", "text": "It is 9.", "documents": paper}), Reworded::Title);
}

#[test]
fn a_stage_leads_and_accounts_for_the_words_that_come_with_it() {
    check(
        &json!({"stage": "agenda", "text": "1. Minutes"}),
        &json!({"stage": "draft-minutes", "text": "The minutes were agreed.", "decisions": [{"label": null, "text": "That they be agreed."}]}),
        &[StageChanged, DecisionMade],
    );
    check(&json!({"stage": "agenda"}), &json!({"stage": "cancelled"}), &[StageChanged]);
}

#[test]
fn a_decision_that_also_stands_in_the_text_is_not_a_correction_as_well() {
    let decided =
        |text: &str| json!({"text": format!("Members met.\nDecision:\n{text}"), "decisions": [{"label": "a", "text": text}]});
    check(&json!({"text": "Members met."}), &decided("That the plan be agreed."), &[DecisionMade]);
    check(&decided("That the plan be agreed."), &decided("That the plan be noted."), &[DecisionChanged]);
    check(&decided("That the plan be agreed."), &json!({"text": "Members met."}), &[DecisionChanged]);
}

#[test]
fn moved_dates_account_for_the_sentences_that_give_them() {
    let says = |day: u32| {
        let quote = format!("The next meeting will take place on Tuesday {day} December 2019.");
        json!({"text": format!("Members met.\n{quote}"), "next_meeting": next(&format!("2019-12-{day:02}"), &quote)})
    };
    check(&says(3), &says(10), &[DateMoved]);
    let posted = |day: &str| json!({"published": day, "text": "Published\nMembers met."});
    check(&posted("2019-12-03"), &posted("2019-12-04"), &[DateMoved]);
    let meeting = |day: u32| json!({"meeting": {"body": "Cabinet", "date": format!("2022-12-{day}"), "item": null}, "text": format!("Meeting of Thursday {day}th December 2022")});
    check(&meeting(15), &meeting(22), &[DateMoved]);
    let minutes = json!({"stage": "minutes", "text": "The next meeting is on 5 March.", "next_meeting": next("2020-03-05", "The next meeting is on 5 March.")});
    check(&json!({"stage": "agenda", "text": "Apologies"}), &minutes, &[StageChanged]);
}

#[test]
fn a_date_that_only_the_words_give_is_moved_and_a_figure_is_corrected() {
    let decided = |day: u32| json!({"text": format!("Decision maker: Director\nDate of decision: {day}/10/2019")});
    check(&decided(22), &decided(29), &[DateMoved]);
    let counted = |n: u32| json!({"text": format!("By 3 December 2019, {n} of 50 actions were complete.")});
    check(&counted(42), &counted(43), &[Correction]);
}

#[test]
fn papers_are_added_replaced_and_removed() {
    let with = |papers: &[Value]| json!({"documents": papers});
    let one = |paper: &Value| with(std::slice::from_ref(paper));
    let plan = paper("Plan", Some(90_588), "468 KB");
    check(&with(&[]), &one(&plan), &[PapersAdded]);
    check(&one(&plan), &with(&[]), &[PapersRemoved]);
    check(&one(&plan), &with(&[paper("Plan", Some(90_588), "512 KB")]), &[DocumentReplaced]);
    check(&one(&plan), &with(&[paper("Plan (amended)", Some(90_588), "468 KB")]), &[DocumentReplaced]);
    check(&one(&plan), &with(&[paper("Plan", Some(90_999), "468 KB")]), &[DocumentReplaced]);
    check(&with(&[paper("Appendix 1 to follow", None, "")]), &with(&[paper("Appendix 1", Some(90_600), "3 MB")]), &[PapersAdded]);
    let announced = paper("Appendix 2 - to follow", None, "");
    check(&one(&announced), &one(&paper("Appendix 2 - Action log", Some(90_600), "3 MB")), &[PapersAdded]);
    check(&one(&announced), &one(&paper("Appendix 21 - Costs", Some(90_600), "3 MB")), &[PapersAdded, PapersRemoved]);
    let restricted = json!({"title": "Plan", "url": null, "kind": null, "size": null, "restricted": true});
    check(&one(&restricted), &one(&plan), &[PapersAdded]);
    check(&one(&plan), &one(&restricted), &[PapersRemoved]);
    let version = |n: u32| one(&paper(&format!("Action plan, version {n}"), Some(90_800 + n), "2 MB"));
    check(&version(3), &version(4), &[DocumentReplaced]);
    check(
        &one(&paper("Action plan v1.2", Some(1), "2 MB")),
        &one(&paper("Action plan v1.3", Some(2), "2 MB")),
        &[DocumentReplaced],
    );
    let issue = |n: u32| one(&paper(&format!("Bulletin, issue {n}"), Some(90_800 + n), "2 MB"));
    check(&issue(3), &issue(4), &[PapersAdded, PapersRemoved]);
    let two = [plan, paper("Minutes", Some(90_700), "90 KB")];
    check(
        &with(&two),
        &with(&[paper("Minutes", Some(90_700), "91 KB"), paper("Annex", Some(90_701), "1 KB")]),
        &[PapersAdded, DocumentReplaced, PapersRemoved],
    );
}

#[test]
fn several_classes_are_named_and_the_gravest_leads() {
    let before = json!({"published": "2019-12-03", "text": "Turnover is 9.9%."});
    let now = json!({"published": "2019-12-05", "text": "Turnover is 9.8%.", "documents": [paper("Plan", Some(90_588), "1 KB")]});
    check(&before, &now, &[DateMoved, PapersAdded, Correction]);
}

#[test]
fn a_document_is_the_same_under_its_number_or_else_its_name() {
    let (before, now) = (
        item(&json!({"documents": [paper("Plan", Some(90_588), "1 KB"), paper("Annex to follow", None, "")]})),
        item(&json!({"documents": [paper("Annex", Some(90_600), "2 KB"), paper("Plan, second edition", Some(90_588), "1 KB")]})),
    );
    let found = papers(&before, &now);
    assert!(matches!(found[..], [PaperChange::Opened { .. }, PaperChange::Replaced { .. }]), "{found:?}");
}

#[test]
fn a_decision_that_is_withdrawn_is_named_for_that() {
    let said = "The notice told the council to mend its front door.";
    check(
        &json!({"text": said}),
        &json!({"text": format!("This decision was withdrawn on 18 November 2026\n{said}")}),
        &[Withdrawn],
    );
}

#[test]
fn a_meeting_that_is_called_off_and_a_page_that_is_withdrawn_are_named_for_that() {
    let of = |facts: &Value| item(facts);
    let named = check;
    let check = |before: &Value, now: &Value, expect: Option<Turn>| assert_eq!(turn(&of(before), &of(now)), expect, "{now}");
    let (agenda, cancelled) = (json!({"stage": "agenda"}), json!({"stage": "cancelled"}));
    check(&agenda, &cancelled, Some(Turn::CalledOff));
    check(&json!({}), &cancelled, Some(Turn::CalledOff));
    check(&cancelled, &agenda, Some(Turn::OnAgain));
    check(&agenda, &json!({"stage": "minutes"}), None);
    let live = json!({"text": "Guidance for boards."});
    let withdrawn = json!({"text": "This guidance was withdrawn on 3 May 2024\nGuidance for boards."});
    check(&live, &withdrawn, Some(Turn::Withdrawn));
    check(&withdrawn, &live, Some(Turn::Restored));
    named(&live, &withdrawn, &[Withdrawn]);
    named(&withdrawn, &live, &[Returned]);
    let meeting = json!({"stage": "agenda", "text": "This report was withdrawn on 3 May 2024"});
    check(&agenda, &meeting, None);
}

#[test]
fn a_size_that_is_shown_or_hidden_or_rounded_replaces_no_document_and_changes_no_words() {
    let with = |size: Option<&str>, text: &str| {
        let mut plan = paper("Plan", Some(90_588), "");
        plan["size"] = json!(size);
        item(&json!({"documents": [plan], "text": text}))
    };
    let check = |(size, text): (Option<&str>, &str), (now_size, now_text): (Option<&str>, &str), says: bool| {
        let (before, now) = (with(size, text), with(now_size, now_text));
        let any = !papers(&before, &now).is_empty() || !sentences(before.text.as_ref(), now.text.as_ref()).is_empty();
        assert_eq!(any, says, "{text} | {now_text}");
    };
    check((Some("815 KB"), "The plan (PDF, 815 KB)."), (Some("0.8 MB"), "The plan (PDF, 0.8 MB)."), false);
    check((Some("815 KB"), "The plan (PDF, 815 KB)."), (None, "The plan."), false);
    check((None, "The plan."), (Some("815 KB"), "The plan (PDF, 815 KB)."), false);
    check((Some("1,340 KB"), "The plan"), (Some("1.31 MB"), "The plan"), false);
    check((Some("1,340 KB"), "The plan"), (Some("2,340 KB"), "The plan"), true);
    check((None, "The plan (PDF, 815 KB)."), (None, "The plan (PDF, 842 KB)."), true);
}

#[test]
fn a_text_that_leads_elsewhere_is_told_with_where() {
    let with = |to: &str| {
        let mut item = item(&json!({"text": "Take the survey."}));
        let markup = format!("<p>Take <a href=\"https://survey.example.org/{to}\">the survey</a>.</p>");
        item.html = Some(crate::domain::text::SafeHtml::sanitise(&markup, None));
        item
    };
    let found = links(&with("1"), &with("2"));
    assert!(matches!(&found[..], [LinkChange::Moved { now, .. }] if now.path() == "/2"), "{found:?}");
    assert!(links(&with("1?utm_source=a"), &with("1?token=9f")).is_empty());
}

#[test]
fn another_hour_is_a_moved_date_and_another_venue_is_said() {
    let title = |hour: &str| json!({"title": format!("Cabinet - Tuesday 8 December 2026 {hour}")});
    check(&title("6.30 pm"), &title("5.30 pm"), &[DateMoved]);
    let begins = |hour: &str| json!({"text": format!("The meeting begins at {hour}.\nAll are welcome.")});
    check(&begins("6.30pm"), &begins("5.30pm"), &[DateMoved]);
    let held = |venue: &str| json!({"text": format!("Venue: {venue}\nAll are welcome.")});
    check(&held("Town Hall"), &held("Library"), &[PlaceChanged]);
    let sits = |place: &str| json!({"text": format!("It sits twice:\nThursday 3 December 2026, 6pm, {place}\nAll are welcome.")});
    check(&sits("Jubilee Hall"), &sits("Canal Street School"), &[PlaceChanged]);
    check(&sits("Jubilee Hall"), &sits("with all of its members"), &[Correction]);
    check(&begins("6.30pm"), &json!({"text": "THE MEETING BEGINS AT 5.30PM.\nAll are welcome."}), &[DateMoved]);
}

#[test]
fn another_hour_of_the_same_day_is_a_moved_date_and_another_spelling_is_nothing() {
    let at = |start: Option<&str>| json!({"meeting": {"body": null, "date": "2026-12-10", "item": null, "start": start}});
    check(&at(Some("18:00")), &at(Some("19:00")), &[DateMoved]);
    let text = |hour: &str| json!({"text": format!("Time: {hour}\nVenue: Town Hall")});
    check(&text("6pm"), &text("7pm"), &[DateMoved]);
    check(
        &json!({"text": "Time: 6pm\nVenue: Town Hall"}),
        &json!({"text": "Time: 18:00\nVenue: The Guildhall"}),
        &[PlaceChanged],
    );
    let title = |hour: &str| json!({"title": format!("Board, 10 December 2026, {hour}")});
    assert!(!is_retitled(&item(&title("6pm")), &item(&title("18:00"))));
}

#[test]
fn until_when_a_place_is_open_is_no_date_of_a_meeting() {
    let open = |hour: &str| format!("The library in Sale stays open until {hour} on weekdays.");
    check(&json!({"text": open("8pm")}), &json!({"text": open("6pm")}), &[Correction]);
    let of_meeting = |hour: &str| json!({"meeting": {"body": "Cabinet", "date": "2026-12-10", "item": null}, "text": open(hour)});
    check(&of_meeting("8pm"), &of_meeting("6pm"), &[Correction]);
    let other = |hour: &str| json!({"text": format!("Calls are answered from {hour}.")});
    check(&other("9am"), &other("10am"), &[Correction]);
    let doors = |hour: &str| json!({"text": format!("The session starts at {hour}.")});
    check(&doors("6pm"), &doors("7pm"), &[DateMoved]);
}

#[test]
fn a_paper_that_is_only_called_otherwise_is_a_correction() {
    let one = |title: &str, size: &str| {
        let mut plan = paper("Plan", Some(90_588), size);
        plan["title"] = json!(title);
        json!({"documents": [plan]})
    };
    check(&one("Imporvement plan", "468 KB"), &one("Improvement plan", "468 KB"), &[Correction]);
    check(&one("Plan", "468 KB"), &one("Plan for homes", "0.5 MB"), &[Correction]);
    for (now, size) in [("Plan (revised)", "468 KB"), ("Plan v2", "468 KB"), ("Plan for homes", "512 KB"), ("Plan for homes", "")]
    {
        check(&one("Plan", "468 KB"), &one(now, size), &[DocumentReplaced]);
    }
}

#[test]
fn a_decision_that_is_called_in_has_come_elsewhere() {
    let with = |status: &str, rest: &str| json!({"text": format!("Decision Maker: Cabinet\nDecision status: {status}\n{rest}")});
    let said = "The lease was agreed.";
    check(&with("Recommendations Approved", said), &with("Called in", said), &[StageChanged]);
    check(
        &with("Recommendations Approved", said),
        &with("Called in", "The lease was agreed in May."),
        &[StageChanged, Correction],
    );
    let action = |colour: &str| json!({"text": format!("Hire staff\nStatus: {colour}")});
    check(&action("Amber"), &action("Green"), &[Correction]);
}

#[test]
fn a_stage_that_can_no_longer_be_read_is_no_other_stage() {
    let agenda = paper("Agenda", Some(1), "1 KB");
    check(&json!({"stage": "agenda", "documents": [agenda]}), &json!({"stage": null}), &[PapersRemoved]);
    check(&json!({"stage": "cancelled"}), &json!({"stage": null}), &[StageChanged]);
}

#[test]
fn an_agenda_where_there_was_no_paper_is_told_as_the_papers_that_came() {
    let agenda = |others: &[Value]| {
        let papers: Vec<Value> = std::iter::once(paper("Agenda", Some(1), "1 KB")).chain(others.iter().cloned()).collect();
        json!({"stage": "agenda", "documents": papers})
    };
    let report = paper("Report", Some(2), "2 KB");
    check(
        &json!({"text": "Held in the Town Hall."}),
        &json!({"stage": "agenda", "text": "Held in the Town Hall.", "documents": [paper("Agenda", Some(1), "1 KB")]}),
        &[PapersAdded],
    );
    check(&json!({"documents": [report]}), &agenda(std::slice::from_ref(&report)), &[StageChanged, PapersAdded]);
    check(
        &json!({}),
        &json!({"stage": "minutes", "documents": [paper("Minutes", Some(1), "1 KB")]}),
        &[StageChanged, PapersAdded],
    );
}
