//! Signing up, saying yes, leaving, coming back, moving and being erased, as the store keeps it.

use super::*;
use crate::domain::bundle::Bundle;
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Ending, Interests};
use crate::store::people::Done;
use futures::TryStreamExt;
use std::collections::HashMap;
use std::fmt::Write as _;

const KEY: [u8; 32] = [7; 32];

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
}

fn wording() -> Wording {
    Wording { version: "test/en".into(), text: "Yes, write to me.".into() }
}

fn councils(names: &[&str]) -> Interests {
    Interests { councils: names.iter().map(|name| (*name).to_owned()).collect(), ..Interests::default() }
}

fn daily(names: &[&str]) -> Choice {
    Choice::from_iter([(Cadence::Daily, councils(names))])
}

fn ask(address: &str) -> (SubscriberId, Ask) {
    let address = Address::parse(address).unwrap();
    let id = SubscriberId::of(&address, &KEY);
    (id, Ask { address, choice: daily(&["Bury"]), monthly: false, wording: wording(), instead_of: None })
}

async fn letters(store: &Store) -> Vec<&'static str> {
    let rows: Vec<Row<Bundle>> = store.rows(prefix_range(key::BUNDLES.as_bytes())).try_collect().await.unwrap();
    rows.iter().filter_map(|row| row.value.occasion).map(Occasion::as_str).collect()
}

/// Asks and says yes.
async fn subscribed(store: &Store, address: &str, minutes: i64) -> SubscriberId {
    let (id, ask) = ask(address);
    assert_eq!(store.record_request(&id, &ask, 3, at(minutes)).await.unwrap(), Asked::Question);
    let until = Purpose::Confirm.expiry(at(minutes)).unwrap();
    assert_eq!(store.record_yes(&id, until, at(minutes + 1)).await.unwrap(), Yes::Begins);
    id
}

async fn gets(store: &Store, id: &SubscriberId) -> Vec<(Cadence, Interests)> {
    let mailed = store.to_be_mailed(id).await.unwrap();
    mailed.map(|(_, rows)| rows.into_iter().map(|row| (row.cadence, row.interests)).collect()).unwrap_or_default()
}

/// Every octet that the store holds, keys and all.
async fn raw(store: &Store) -> String {
    let mut all = String::new();
    for (key, found) in store.engine().scan(prefix_range(b""), usize::MAX).await.unwrap() {
        let (_, json) = store.json(&key, &found.value).await.unwrap();
        writeln!(all, "{} {}", String::from_utf8_lossy(&key), String::from_utf8_lossy(&json)).unwrap();
    }
    all
}

#[tokio::test]
async fn nothing_begins_before_the_yes_and_a_yes_is_said_once() {
    let store = Store::in_memory();
    let (id, ask) = ask("resident@example.org");
    assert_eq!(store.record_request(&id, &ask, 3, at(0)).await.unwrap(), Asked::Question);
    assert_eq!(letters(&store).await, ["confirm"]);
    assert!(store.person(&id).await.unwrap().is_none());
    let until = Purpose::Confirm.expiry(at(0)).unwrap();
    for (minute, expect) in [(5, Yes::Begins), (6, Yes::Again), (7, Yes::Again)] {
        assert_eq!(store.record_yes(&id, until, at(minute)).await.unwrap(), expect);
    }
    assert_eq!(gets(&store, &id).await, [(Cadence::Daily, councils(&["Bury"]))]);
    assert_eq!(letters(&store).await, ["confirm", "welcome"]);
    let consents = store.consents(&id).await.unwrap();
    let consent = &consents[0].value;
    assert_eq!((consents.len(), consent.asked, consent.given, consent.how), (1, at(0), at(5), How::ConfirmedByMail));
    assert_eq!((consent.choice.clone(), consent.wording.clone()), (daily(&["Bury"]), Some(wording())));

    // The link in the old mail does not bring back who has left.
    store.end_subscriptions(&id, Ending::Unsubscribed, at(8)).await.unwrap();
    assert_eq!(store.record_yes(&id, until, at(9)).await.unwrap(), Yes::Again);
    assert!(gets(&store, &id).await.is_empty());
    assert_eq!(store.consents(&id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_address_is_asked_so_many_times_a_day_and_no_more() {
    use Asked::{Corrected, Question, TooOften};
    let store = Store::in_memory();
    let (id, ask) = ask("resident@example.org");
    let mut asked = Vec::new();
    for minute in [0, 0, 1, 2, 3, 4] {
        asked.push(store.record_request(&id, &ask, 3, at(minute)).await.unwrap());
    }
    assert_eq!(asked, [Question, Corrected, Question, Question, Corrected, Corrected]);
    assert_eq!(letters(&store).await.len(), 3);
    let link = Ask { choice: Choice::default(), ..ask.clone() };
    assert_eq!(store.record_request(&id, &link, 3, at(5)).await.unwrap(), TooOften);
    assert_eq!(store.record_request(&id, &ask, 3, at(24 * 60 + 1)).await.unwrap(), Question);
}

#[tokio::test]
async fn every_question_of_a_minute_has_its_own_link_and_beyond_the_limit_the_newest_is_corrected() {
    let store = Store::in_memory();
    let (id, ask) = ask("resident@example.org");
    let of = |name: &str| Ask { choice: daily(&[name]), ..ask.clone() };
    let first = Purpose::Confirm.expiry(at(0)).unwrap();
    let second = first + TimeDelta::minutes(1);
    for (name, expect) in [("Bury", Asked::Question), ("Torbay", Asked::Question), ("Medway", Asked::Corrected)] {
        assert_eq!(store.record_request(&id, &of(name), 2, at(0)).await.unwrap(), expect, "{name}");
    }
    for (until, expect) in [(first, "Bury"), (second, "Medway")] {
        let asked = store.requested_choice(&id, until).await.unwrap().unwrap().value;
        assert_eq!(asked.choice, daily(&[expect]));
    }
    assert_eq!(store.record_yes(&id, second, at(1)).await.unwrap(), Yes::Begins);
    assert_eq!(gets(&store, &id).await, [(Cadence::Daily, councils(&["Medway"]))]);
    // The other link still means what it said.
    assert_eq!(store.record_yes(&id, first, at(2)).await.unwrap(), Yes::Begins);
    assert_eq!(gets(&store, &id).await, [(Cadence::Daily, councils(&["Medway", "Bury"]))]);
}

#[tokio::test]
async fn what_is_asked_for_beside_what_one_gets_is_added_by_a_yes_and_nothing_is_lost() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    store.record_pause(&id, Some(at(50_000))).await.unwrap();
    let (_, ask) = ask("resident@example.org");
    let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Torbay"]))]);
    let more = Ask { choice: weekly.joined(&daily(&["Medway"])), monthly: true, ..ask };
    assert_eq!(store.record_request(&id, &more, 3, at(10)).await.unwrap(), Asked::More);
    assert_eq!(gets(&store, &id).await, [(Cadence::Daily, councils(&["Bury"]))], "not before the yes");
    store.record_yes(&id, Purpose::Confirm.expiry(at(10)).unwrap(), at(11)).await.unwrap();
    let both = [(Cadence::Daily, councils(&["Bury", "Medway"])), (Cadence::Weekly, councils(&["Torbay"]))];
    assert_eq!(gets(&store, &id).await, both);
    let person = store.person(&id).await.unwrap().unwrap().value;
    assert_eq!((person.paused_until, person.monthly_since), (Some(at(50_000)), Some(at(11))));
    assert_eq!(store.consents(&id).await.unwrap().last().unwrap().value.choice, more.choice);
}

#[tokio::test]
async fn what_is_asked_for_at_another_rhythm_changes_the_rhythm_and_stands_once() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let (_, ask) = ask("resident@example.org");
    for (minutes, cadence) in [(10, Cadence::Weekly), (20, Cadence::Immediate), (30, Cadence::Weekly), (3_000, Cadence::Daily)] {
        let again = Ask { choice: Choice::from_iter([(cadence, councils(&["Bury"]))]), ..ask.clone() };
        assert_eq!(store.record_request(&id, &again, 9, at(minutes)).await.unwrap(), Asked::More, "{cadence:?}");
        store.record_yes(&id, Purpose::Confirm.expiry(at(minutes)).unwrap(), at(minutes + 1)).await.unwrap();
        let running: Vec<_> = gets(&store, &id).await.into_iter().filter(|(_, wants)| !wants.is_empty()).collect();
        assert_eq!(running, [(cadence, councils(&["Bury"]))]);
        assert_eq!(store.record_request(&id, &again, 9, at(minutes + 2)).await.unwrap(), Asked::Known, "{cadence:?}");
    }
    // What each had found until then and not told yet is told there; then nothing of it remains.
    let end = store.log_end().await.unwrap();
    let rows = store.subscriptions(&id).await.unwrap();
    let emptied: Vec<_> = rows.iter().filter(|row| row.value.interests.is_empty()).collect();
    assert!(emptied.len() == 2 && emptied.iter().all(|row| row.value.moved == Some((councils(&["Bury"]), end))));
    store.start_windows(at(3_010)).await.unwrap();
    store.end_moves(at(3_020)).await.unwrap();
    let rows = store.subscriptions(&id).await.unwrap();
    let running: Vec<_> = rows.iter().filter(|row| row.value.ended.is_none()).map(|row| row.value.origin.clone()).collect();
    assert_eq!(running, ["web:daily"]);
}

#[tokio::test]
async fn a_change_of_rhythm_leaves_everything_else_as_it_was() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    store.record_choice(&id, &daily(&["Bury", "Torbay"]), false, &wording(), at(5)).await.unwrap();
    let (_, ask) = ask("resident@example.org");
    let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Torbay"]))]);
    let asked = Ask { choice: weekly.joined(&daily(&["Medway"])), ..ask };
    assert_eq!(store.record_request(&id, &asked, 9, at(10)).await.unwrap(), Asked::More);
    store.record_yes(&id, Purpose::Confirm.expiry(at(10)).unwrap(), at(11)).await.unwrap();
    let both = [(Cadence::Daily, councils(&["Bury", "Medway"])), (Cadence::Weekly, councils(&["Torbay"]))];
    assert_eq!(gets(&store, &id).await, both);
    let rows = store.subscriptions(&id).await.unwrap();
    let moved: Vec<_> = rows.iter().filter_map(|row| row.value.moved.clone()).map(|(what, _)| what).collect();
    assert_eq!(moved, [councils(&["Torbay"])]);
}

#[tokio::test]
async fn who_has_updates_is_told_so_and_an_address_that_is_gone_is_left_alone() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let (_, again) = ask("Resident@Example.org");
    assert_eq!(store.record_request(&id, &again, 3, at(10)).await.unwrap(), Asked::Known);
    assert_eq!(letters(&store).await, ["confirm", "welcome", "known"]);
    store.end_subscriptions(&id, Ending::AddressGone, at(20)).await.unwrap();
    assert_eq!(store.record_request(&id, &again, 3, at(30)).await.unwrap(), Asked::Withheld);
    store.erase(&id, Ending::Erased, at(40)).await.unwrap();
    assert_eq!(store.record_request(&id, &again, 3, at(50)).await.unwrap(), Asked::Withheld);
    assert_eq!(letters(&store).await.len(), 3);
}

#[tokio::test]
async fn the_link_alone_is_mailed_to_those_who_get_something() {
    let store = Store::in_memory();
    let (stranger, ask) = ask("stranger@example.org");
    let link = Ask { choice: Choice::default(), ..ask };
    assert_eq!(store.record_request(&stranger, &link, 3, at(0)).await.unwrap(), Asked::Withheld);
    assert!(letters(&store).await.is_empty() && !raw(&store).await.contains("stranger"));
    let reader = subscribed(&store, "reader@example.org", 0).await;
    assert_eq!(store.record_request(&reader, &link, 3, at(2)).await.unwrap(), Asked::Known);
    assert_eq!(letters(&store).await, ["confirm", "welcome", "manage"]);
}

#[tokio::test]
async fn who_left_comes_back_by_their_own_yes_and_at_once_by_undoing() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    store.end_subscriptions(&id, Ending::Unsubscribed, at(10)).await.unwrap();
    assert!(store.undo_ending(&id, at(11)).await.unwrap());
    assert_eq!(gets(&store, &id).await.len(), 1);
    assert!(!store.undo_ending(&id, at(12)).await.unwrap());

    store.end_subscriptions(&id, Ending::Unsubscribed, at(20)).await.unwrap();
    assert!(!store.undo_ending(&id, at(20 + 24 * 60 + 2)).await.unwrap(), "a day later it is too late");
    subscribed(&store, "resident@example.org", 3 * 24 * 60).await;
    assert_eq!(gets(&store, &id).await.len(), 1);
    store.end_subscriptions(&id, Ending::ByAdmin, at(4 * 24 * 60)).await.unwrap();
    assert!(!store.undo_ending(&id, at(4 * 24 * 60 + 1)).await.unwrap(), "an admin's ending is not theirs to undo");
}

#[tokio::test]
async fn what_is_chosen_anew_takes_the_place_of_what_was() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let both = Choice::from_iter([(Cadence::Immediate, councils(&["Bury"])), (Cadence::Weekly, councils(&["Torbay"]))]);
    assert_eq!(store.record_choice(&id, &both, false, &wording(), at(10)).await.unwrap(), Done::Yes);
    let rows = store.subscriptions(&id).await.unwrap();
    let row = |origin: &str| rows.iter().find(|row| row.value.origin == origin).unwrap().value.clone();
    assert_eq!(row("web:immediate").interests, councils(&["Bury"]));
    assert_eq!(row("web:weekly").interests, councils(&["Torbay"]));
    // What the day had brought of Bury until then is still told at the end of the day.
    let old = row("web:daily");
    assert!(old.interests.is_empty() && old.ended.is_none());
    assert_eq!(old.moved, Some((councils(&["Bury"]), store.log_end().await.unwrap())));
    assert_eq!(store.consents(&id).await.unwrap().last().unwrap().value.how, How::ChangedByLink);

    assert_eq!(store.record_choice(&id, &daily(&["Medway"]), false, &wording(), at(20)).await.unwrap(), Done::Yes);
    let rows = store.subscriptions(&id).await.unwrap();
    let running: Vec<_> = rows.iter().filter(|row| row.value.ended.is_none()).map(|row| row.value.clone()).collect();
    assert_eq!(running.len(), 1);
    assert_eq!((running[0].interests.clone(), running[0].moved.clone()), (councils(&["Medway"]), None));
    let ended: Vec<_> = rows.iter().filter_map(|row| row.value.ended).collect();
    assert_eq!(ended, [(Ending::Changed, at(20)), (Ending::Changed, at(20))]);
}

#[tokio::test]
async fn a_row_that_a_change_of_cadence_left_empty_ends_once_all_of_it_has_been_told() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Bury"]))]);
    store.record_choice(&id, &weekly, false, &wording(), at(10)).await.unwrap();
    assert_eq!(store.end_moves(at(20)).await.unwrap(), 0, "the day's window has still to be planned");
    store.start_windows(at(20)).await.unwrap();
    assert_eq!(store.end_moves(at(30)).await.unwrap(), 1);
    assert_eq!(store.end_moves(at(40)).await.unwrap(), 0);
    let rows = store.subscriptions(&id).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.cadence, row.value.ended, row.value.moved.clone())).collect();
    assert_eq!(said, [(Cadence::Daily, Some((Ending::Changed, at(30))), None), (Cadence::Weekly, None, None)]);
}

#[tokio::test]
async fn saving_what_stands_changes_nothing_whoever_wrote_it_down() {
    let store = Store::in_memory();
    store.start_windows(at(0)).await.unwrap();
    let (id, ask) = ask("resident@example.org");
    store.record_noted(&id, &ask.address, &daily(&["Bury", "Torbay"]), true, "on paper", at(1)).await.unwrap();
    let choice = daily(&["Torbay", "Bury"]);
    let before = raw(&store).await;
    assert_eq!(store.record_choice(&id, &choice, true, &wording(), at(60)).await.unwrap(), Done::Yes);
    assert_eq!(raw(&store).await, before);
    // What is given up goes from where it stands, and what is new is another row, which passes nothing over that waits.
    let choice = daily(&["Bury", "Medway"]);
    assert_eq!(store.record_choice(&id, &choice, true, &wording(), at(70)).await.unwrap(), Done::Yes);
    let rows = store.subscriptions(&id).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.origin.as_str(), row.value.interests.clone(), row.value.ended)).collect();
    assert_eq!(said, [("admin:daily", councils(&["Bury"]), None), ("web:daily", councils(&["Medway"]), None)]);
    assert_eq!(rows[0].value.since, rows[1].value.since);
    let before = raw(&store).await;
    store.record_choice(&id, &choice, true, &wording(), at(80)).await.unwrap();
    assert_eq!(raw(&store).await, before);
}

#[tokio::test]
async fn a_row_of_which_nothing_waits_ends_at_once_and_says_what_it_was() {
    let store = Store::in_memory();
    store.start_windows(at(0)).await.unwrap();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Bury"]))]);
    store.record_choice(&id, &weekly, false, &wording(), at(10)).await.unwrap();
    let rows = store.subscriptions(&id).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.value.cadence, row.value.ended, row.value.moved.clone())).collect();
    assert_eq!(said, [(Cadence::Daily, Some((Ending::Changed, at(10))), None), (Cadence::Weekly, None, None)]);
    assert_eq!(rows[0].value.interests, councils(&["Bury"]));
}

#[tokio::test]
async fn a_move_to_an_address_that_has_the_same_at_another_rhythm_leaves_one_line_of_it() {
    let store = Store::in_memory();
    let old = subscribed(&store, "old@example.org", 0).await;
    let new = subscribed(&store, "new@example.org", 0).await;
    let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Bury", "Torbay"]))]);
    store.record_choice(&new, &weekly, false, &wording(), at(5)).await.unwrap();
    let (_, ask) = ask("new@example.org");
    let ask = Ask { instead_of: Some(old.clone()), ..ask };
    assert_eq!(store.record_request(&new, &ask, 3, at(10)).await.unwrap(), Asked::More);
    assert_eq!(store.record_yes(&new, Purpose::Confirm.expiry(at(10)).unwrap(), at(12)).await.unwrap(), Yes::Begins);
    let gets: HashMap<_, _> = gets(&store, &new).await.into_iter().collect();
    let expected = [(Cadence::Daily, councils(&["Bury"])), (Cadence::Weekly, councils(&["Torbay"]))];
    assert_eq!(gets, expected.into_iter().collect());
    let consents = store.consents(&new).await.unwrap();
    let changes = &consents.last().unwrap().value.changes;
    let said: Vec<_> = changes.iter().map(|change| (change.from, change.to, change.interests.clone())).collect();
    assert_eq!(said, [(Cadence::Weekly, Cadence::Daily, councils(&["Bury"]))]);
}

#[tokio::test]
async fn another_address_takes_over_after_its_own_yes_and_the_first_is_told() {
    let store = Store::in_memory();
    let old = subscribed(&store, "old@example.org", 0).await;
    let source = SourceId::parse("blog").unwrap();
    store.record_mute(&old, &ItemId::of(&source, "a"), &source, "A", at(5)).await.unwrap();
    let (new, mut ask) = ask("new@example.org");
    ask.instead_of = Some(old.clone());
    assert_eq!(store.record_request(&new, &ask, 3, at(10)).await.unwrap(), Asked::Question);
    assert_eq!(gets(&store, &old).await.len(), 1, "nothing moves before the yes");
    // What is chosen meanwhile moves too, and so does a pause.
    store.record_pause(&old, Some(at(50_000))).await.unwrap();
    store.record_choice(&old, &daily(&["Torbay"]), false, &wording(), at(11)).await.unwrap();
    store.record_yes(&new, Purpose::Confirm.expiry(at(10)).unwrap(), at(12)).await.unwrap();
    assert_eq!(gets(&store, &new).await, [(Cadence::Daily, councils(&["Torbay"]))]);
    assert!(gets(&store, &old).await.is_empty());
    assert_eq!(store.mutes(&new).await.unwrap().len(), 1);
    let person = store.person(&new).await.unwrap().unwrap().value;
    assert_eq!(person.paused_until, Some(at(50_000)));
    assert_eq!(person.formerly.iter().map(|former| &former.id).collect::<Vec<_>>(), [&old]);
    let mut said = letters(&store).await;
    said.sort_unstable();
    assert_eq!(said, ["confirm", "confirm", "moved", "welcome", "welcome"]);
}

#[tokio::test]
async fn a_move_to_an_address_that_has_updates_adds_to_them() {
    let store = Store::in_memory();
    let old = subscribed(&store, "old@example.org", 0).await;
    let new = subscribed(&store, "new@example.org", 0).await;
    store.record_choice(&new, &daily(&["Torbay"]), false, &wording(), at(5)).await.unwrap();
    let (_, ask) = ask("new@example.org");
    let ask = Ask { instead_of: Some(old.clone()), ..ask };
    assert_eq!(store.record_request(&new, &ask, 3, at(10)).await.unwrap(), Asked::More);
    assert_eq!(store.record_yes(&new, Purpose::Confirm.expiry(at(10)).unwrap(), at(12)).await.unwrap(), Yes::Begins);
    assert_eq!(gets(&store, &new).await, [(Cadence::Daily, councils(&["Torbay", "Bury"]))]);
    assert!(gets(&store, &old).await.is_empty());
}

#[tokio::test]
async fn a_move_dies_with_what_was_to_move() {
    let store = Store::in_memory();
    for ending in [Ending::Erased, Ending::Unsubscribed] {
        let old = subscribed(&store, &format!("{}@example.org", ending.to_string().len()), 0).await;
        let (new, ask) = ask("new@example.org");
        let ask = Ask { instead_of: Some(old.clone()), ..ask };
        let minute = if ending == Ending::Erased { 10 } else { 20 };
        assert_eq!(store.record_request(&new, &ask, 3, at(minute)).await.unwrap(), Asked::Question);
        if ending == Ending::Erased {
            store.erase(&old, ending, at(minute)).await.unwrap();
            assert!(!raw(&store).await.contains("new@example.org"), "the address that was to be theirs goes too");
        } else {
            store.end_subscriptions(&old, ending, at(minute)).await.unwrap();
        }
        let until = Purpose::Confirm.expiry(at(minute)).unwrap();
        assert_eq!(store.record_yes(&new, until, at(minute + 1)).await.unwrap(), Yes::Unknown);
        assert!(gets(&store, &new).await.is_empty());
    }
}

#[tokio::test]
async fn an_address_of_before_is_held_and_erased_with_the_one_of_now() {
    let store = Store::in_memory();
    let old = subscribed(&store, "old@example.org", 0).await;
    let (new, ask) = ask("new@example.org");
    let ask = Ask { instead_of: Some(old.clone()), ..ask };
    store.record_request(&new, &ask, 3, at(10)).await.unwrap();
    let held = store.export(&old, "example.org", &HashMap::new()).await.unwrap().unwrap();
    assert_eq!(held["new_addresses_not_confirmed"][0]["address"], "new@example.org");
    store.record_yes(&new, Purpose::Confirm.expiry(at(10)).unwrap(), at(12)).await.unwrap();
    let held = store.export(&new, "example.org", &HashMap::new()).await.unwrap().unwrap();
    assert_eq!(held["former_addresses"][0]["address"], "old@example.org");
    store.erase(&new, Ending::Erased, at(20)).await.unwrap();
    let left = raw(&store).await;
    assert!(!left.contains("@example.org"), "{left}");
    assert_eq!(store.erased(&old).await.unwrap().unwrap().value.why, Ending::Moved);
}

#[tokio::test]
async fn an_address_of_before_that_signed_up_again_is_somebody_of_its_own() {
    let store = Store::in_memory();
    let old = subscribed(&store, "old@example.org", 0).await;
    let (new, ask) = ask("new@example.org");
    store.record_request(&new, &Ask { instead_of: Some(old.clone()), ..ask }, 3, at(10)).await.unwrap();
    store.record_yes(&new, Purpose::Confirm.expiry(at(10)).unwrap(), at(12)).await.unwrap();
    subscribed(&store, "old@example.org", 20).await;
    store.erase(&new, Ending::Erased, at(30)).await.unwrap();
    assert_eq!(gets(&store, &old).await.len(), 1);
}

#[tokio::test]
async fn erasing_leaves_nothing_but_the_keyed_hash() {
    let store = Store::in_memory();
    let id = subscribed(&store, "resident@example.org", 0).await;
    let (other, ask_other) = ask("resident@example.com");
    store.record_request(&other, &ask_other, 3, at(1)).await.unwrap();
    let source = SourceId::parse("blog").unwrap();
    store.record_mute(&id, &ItemId::of(&source, "a"), &source, "A", at(2)).await.unwrap();
    assert!(raw(&store).await.contains("resident@example.org"));
    assert!(store.erase(&id, Ending::Erased, at(3)).await.unwrap());
    assert!(store.erase(&other, Ending::Erased, at(3)).await.unwrap());
    let left = raw(&store).await;
    assert!(!left.contains("resident") && !left.contains("@example"), "{left}");
    let named: Vec<&str> = left.lines().filter(|line| line.contains(id.as_str())).map(|l| l.split(' ').next().unwrap()).collect();
    let not_bundles: Vec<&&str> = named.iter().filter(|key| !key.contains("letter-")).collect();
    assert_eq!(not_bundles, [&format!("erased/{id}").as_str()]);
    assert!(!store.erase(&SubscriberId::from_number(7), Ending::Erased, at(4)).await.unwrap());
    // Their own yes brings them back; a list file does not.
    let listed = |address: &str| crate::store::lists::Listed {
        origin: "file:a".into(),
        address: Address::parse(address).unwrap(),
        cadence: Cadence::Daily,
        interests: councils(&["Bury"]),
    };
    let files = [listed("resident@example.org"), listed("listed@example.org")];
    let identity = |address: &Address| SubscriberId::of(address, &KEY);
    assert_eq!(store.reconcile_lists(&files, identity, at(5)).await.unwrap(), 1);
    assert!(store.person(&id).await.unwrap().is_none());
    subscribed(&store, "resident@example.org", 10).await;
    store.reconcile_lists(&files, identity, at(15)).await.unwrap();
    assert_eq!(store.subscriptions(&id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_left_is_erased_after_four_weeks_and_what_nobody_confirmed_after_one() {
    let store = Store::in_memory();
    let days = |days: i64| at(days * 24 * 60);
    let (left, stays) = (subscribed(&store, "left@example.org", 0).await, subscribed(&store, "stays@example.org", 0).await);
    let (_, ask) = ask("never@example.org");
    let never = SubscriberId::of(&ask.address, &KEY);
    store.record_request(&never, &ask, 3, at(0)).await.unwrap();
    store.end_subscriptions(&left, Ending::Unsubscribed, days(1)).await.unwrap();
    let sweep = async |day: i64| {
        let requests = store.forget_requests_until(days(day)).await.unwrap();
        let people = store.erase_ended_before(days(day) - crate::store::erasure::KEEP_ENDED, days(day)).await.unwrap();
        (requests, people)
    };
    assert_eq!(sweep(6).await, (0, 0));
    assert_eq!(sweep(8).await, (3, 0));
    assert!(!raw(&store).await.contains("never@"));
    assert_eq!(sweep(29).await, (0, 0));
    assert_eq!(sweep(30).await, (0, 1));
    assert!(!raw(&store).await.contains("left@"));
    let erased = store.erased(&left).await.unwrap().unwrap().value;
    assert_eq!((erased.why, erased.at), (Ending::Unsubscribed, days(30)));
    assert_eq!(gets(&store, &stays).await.len(), 1);
    assert_eq!(sweep(60).await, (0, 0));
}
