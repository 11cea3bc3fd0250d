//! Whoever signs up, leaves, comes back, is erased and moves, in whatever order: what was planned in a life is for who has that
//! life now, and for nobody else.

use super::*;
use crate::config::SoftLimit;
use crate::domain::choice::Choice;
use crate::domain::consent::Wording;
use crate::domain::subscriber::{Address, Interests};
use crate::rules::token::Purpose;
use crate::store::records::{Came, ReturnKind};
use crate::store::signups::{Ask, Yes};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::time::Duration;

const KEY: [u8; 32] = [7; 32];

fn address(n: usize) -> Address {
    Address::parse(&format!("reader{n}@example.org")).unwrap()
}

fn id(n: usize) -> SubscriberId {
    SubscriberId::of(&address(n), &KEY)
}

/// What became of a life, as a person would say it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Life {
    RunsAt(usize),
    Over,
    WentOnAs(usize),
}

struct Town {
    store: Store,
    now: DateTime<Utc>,
    lives: Vec<Life>,
    /// Of each address, its latest life.
    latest: [Option<usize>; 3],
    /// Whether its latest life was ended by its owner and can be taken back.
    may_undo: [bool; 3],
    /// What was planned for whom: the address, the number that the store gave its life, and that life.
    planned: Vec<(usize, u32, usize)>,
}

impl Town {
    fn new() -> Self {
        let (lives, planned) = (Vec::new(), Vec::new());
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        Self { store: Store::in_memory(), now, lives, latest: [None; 3], may_undo: [false; 3], planned }
    }

    fn runs(&self, n: usize) -> bool {
        self.latest[n].is_some_and(|life| self.lives[life] == Life::RunsAt(n))
    }

    /// The life in which somebody is whose yes begins something.
    fn begin(&mut self, n: usize) -> usize {
        if !self.runs(n) {
            self.lives.push(Life::RunsAt(n));
            self.latest[n] = Some(self.lives.len() - 1);
            self.may_undo[n] = false;
        }
        self.latest[n].unwrap()
    }

    async fn yes(&self, n: usize, instead_of: Option<usize>) -> Yes {
        let everything = Interests { everything: true, ..Interests::default() };
        let ask = Ask {
            address: address(n),
            choice: Choice::from_iter([(Cadence::Daily, everything)]),
            monthly: false,
            wording: Wording { version: "test/en".into(), text: "Yes.".into() },
            instead_of: instead_of.map(id),
        };
        self.store.record_request(&id(n), &ask, 999, self.now).await.unwrap();
        let requests = self.store.requests(&id(n)).await.unwrap();
        let open = requests.iter().filter(|row| row.value.confirmed.is_none() && row.value.instead_of == ask.instead_of);
        match open.map(|row| row.value.until).max() {
            Some(until) => self.store.record_yes(&id(n), until, self.now).await.unwrap(),
            None => Yes::Again,
        }
    }

    async fn act(&mut self, what: u8, n: usize, to: usize) {
        // By whatever clock: nothing here rests on it but the names of requests.
        self.now += TimeDelta::minutes(2);
        match what {
            0 => {
                self.yes(n, None).await;
                self.begin(n);
            }
            1 => {
                self.store.end_subscriptions(&id(n), Ending::Unsubscribed, self.now).await.unwrap();
                if self.runs(n) {
                    self.lives[self.latest[n].unwrap()] = Life::Over;
                    self.may_undo[n] = true;
                }
            }
            2 => {
                let is_undone = self.store.undo_ending(&id(n), self.now).await.unwrap();
                assert_eq!(is_undone, self.may_undo[n]);
                if std::mem::take(&mut self.may_undo[n]) {
                    self.lives[self.latest[n].unwrap()] = Life::RunsAt(n);
                }
            }
            3 => {
                self.store.erase(&id(n), Ending::Erased, self.now).await.unwrap();
                self.may_undo[n] = false;
                if self.runs(n) {
                    self.lives[self.latest[n].unwrap()] = Life::Over;
                }
            }
            4 if n != to => {
                let said = self.yes(to, Some(n)).await;
                assert_eq!(said == Yes::Begins, self.runs(n));
                if self.runs(n) {
                    let (before, after) = (self.latest[n].unwrap(), self.begin(to));
                    self.lives[before] = Life::WentOnAs(after);
                }
            }
            _ => {}
        }
        for n in 0..3 {
            let person = self.store.person(&id(n)).await.unwrap();
            let is_mailed = self.store.to_be_mailed(&id(n)).await.unwrap().is_some();
            assert_eq!(is_mailed, self.runs(n), "{n} is mailed, or not");
            if is_mailed {
                self.planned.push((n, person.unwrap().value.life, self.latest[n].unwrap()));
            }
        }
    }

    async fn check(&self) {
        for (n, life, of) in &self.planned {
            let mut now = *of;
            while let Life::WentOnAs(next) = self.lives[now] {
                now = next;
            }
            let expected = if let Life::RunsAt(n) = self.lives[now] { Some(id(n)) } else { None };
            let gets = self.store.who_gets(&id(*n), *life).await.unwrap().map(|reader| reader.id);
            assert_eq!(gets, expected, "planned for {n} in life {life}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn what_was_planned_in_a_life_is_for_who_has_it_now(acts in prop::collection::vec((0u8..5, 0usize..3, 0usize..3), 1..16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut town = Town::new();
            for (what, n, to) in acts {
                town.act(what, n, to).await;
                town.check().await;
            }
        });
    }
}

#[tokio::test]
async fn a_link_in_an_old_mail_means_whoever_has_taken_over_also_when_the_old_address_is_erased() {
    let mut town = Town::new();
    town.act(0, 0, 0).await;
    town.act(4, 0, 1).await;
    town.act(4, 1, 2).await;
    let meant = async |town: &Town, n| town.store.meant_elsewhere(&id(n), Some(0)).await.unwrap();
    assert_eq!([meant(&town, 0).await, meant(&town, 1).await, meant(&town, 2).await], [vec![id(2)], vec![id(2)], vec![]]);
    // The retention clock erases the addresses of before one by one.
    let later = town.now + TimeDelta::days(40);
    assert_eq!(town.store.erase_ended_before(later, later).await.unwrap(), 2);
    assert!(town.store.person(&id(0)).await.unwrap().is_none());
    assert_eq!([meant(&town, 0).await, meant(&town, 1).await], [vec![id(2)], vec![id(2)]]);
    // Mail to who comes back is of another life; that of before still means what was moved, and so does a link that cannot tell.
    town.act(0, 1, 0).await;
    assert_eq!(town.store.meant_elsewhere(&id(1), Some(1)).await.unwrap(), []);
    assert_eq!(meant(&town, 1).await, [id(2)]);
    assert_eq!(town.store.meant_elsewhere(&id(1), None).await.unwrap(), [id(2)]);
    // What was moved has ended when who has it leaves, also where they come back; and who is erased leaves no trace of it.
    town.act(1, 2, 0).await;
    assert_eq!(meant(&town, 0).await, [id(2)]);
    town.act(0, 2, 0).await;
    assert_eq!(meant(&town, 0).await, []);
    town.store.erase(&id(2), Ending::Erased, later).await.unwrap();
    for n in 0..2 {
        let erased = town.store.erased(&id(n)).await.unwrap().unwrap().value;
        assert_eq!(erased.moved, [], "{n}");
    }
}

/// The first writes to the address for leaving that stands in a mail of this life of theirs.
async fn leave_by_mail(town: &Town, life: Option<u32>) {
    let came = Came {
        at: town.now,
        kind: ReturnKind::Unsubscribe,
        subscriber: Some(id(0)),
        life,
        delivery: None,
        spares: false,
        words: None,
        about: None,
        ends: None,
        again: None,
        heard: None,
    };
    let soft = SoftLimit { max: 3, within: Duration::from_secs(60) };
    town.store.record_return(&format!("{life:?}"), &came, soft).await.unwrap();
}

#[tokio::test]
async fn a_link_ends_what_its_mail_belonged_to_and_what_its_address_gets_and_nothing_of_a_life_before() {
    // (the life that the link says, who is mailed after it): the first moved to the second and signed up anew.
    let cases = [(Some(0), [false, false]), (Some(1), [false, true]), (None, [false, false])];
    for ((life, expected), by_mail) in cases.into_iter().flat_map(|case| [(case, false), (case, true)]) {
        let mut town = Town::new();
        town.act(0, 0, 0).await;
        town.act(4, 0, 1).await;
        town.act(0, 0, 0).await;
        let mailed = async |town: &Town| {
            let (first, second) = (town.store.to_be_mailed(&id(0)).await, town.store.to_be_mailed(&id(1)).await);
            [first.unwrap().is_some(), second.unwrap().is_some()]
        };
        assert_eq!(mailed(&town).await, [true, true]);
        for _ in 0..2 {
            if by_mail {
                leave_by_mail(&town, life).await;
            } else {
                town.store.end_by_link(&id(0), life, town.now).await.unwrap();
            }
            assert_eq!(mailed(&town).await, expected, "{life:?}");
        }
        let last = Purpose::Undo.expiry(town.now).unwrap();
        assert!(!town.store.undo_by_link(&id(0), last + TimeDelta::minutes(1), town.now).await.unwrap(), "another ending");
        assert!(town.store.undo_by_link(&id(0), last, town.now).await.unwrap());
        assert_eq!(mailed(&town).await, [true, true], "{life:?}");
    }
}

#[tokio::test]
async fn taking_back_what_a_link_ended_leaves_what_its_reader_ended_themselves() {
    let mut town = Town::new();
    town.act(0, 0, 0).await;
    town.act(4, 0, 1).await;
    town.act(0, 0, 0).await;
    town.act(1, 1, 0).await;
    town.now += TimeDelta::minutes(2);
    town.store.end_by_link(&id(0), Some(0), town.now).await.unwrap();
    let last = Purpose::Undo.expiry(town.now).unwrap();
    assert!(town.store.undo_by_link(&id(0), last, town.now).await.unwrap());
    assert!(town.store.to_be_mailed(&id(0)).await.unwrap().is_some());
    assert!(town.store.to_be_mailed(&id(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_move_is_taken_back_once_from_wherever_it_went_and_who_had_updates_of_their_own_keeps_them() {
    // Whether the second had updates, and whether what moved there moved on to the third: who is mailed in the end, and who gets
    // what had been planned for the first before it all.
    let cases = [
        (false, false, [true, false, false], id(0)),
        (false, true, [true, false, false], id(0)),
        (true, false, [true, true, false], id(1)),
        (true, true, [true, false, true], id(2)),
    ];
    for (had, moves_on, expected, planned) in cases {
        let mut town = Town::new();
        town.act(0, 0, 0).await;
        if had {
            town.act(0, 1, 0).await;
        }
        town.act(4, 0, 1).await;
        let last = Purpose::MoveBack.expiry(town.now).unwrap();
        if moves_on {
            town.act(4, 1, 2).await;
        }
        let wording = Wording { version: "test/en".into(), text: "Yes.".into() };
        town.now += TimeDelta::days(2);
        let back = async |last| town.store.record_move_back(&id(0), last, &wording, town.now).await.unwrap();
        assert!(!back(last + TimeDelta::minutes(1)).await, "the link of another move");
        assert!(back(last).await);
        assert!(!back(last).await, "once");
        for (n, expected) in expected.into_iter().enumerate() {
            let is_mailed = town.store.to_be_mailed(&id(n)).await.unwrap().is_some();
            assert_eq!(is_mailed, expected, "{n}, {had}, {moves_on}");
        }
        let gets = town.store.who_gets(&id(0), 0).await.unwrap().map(|reader| reader.id);
        assert_eq!(gets, Some(planned), "{had}, {moves_on}");
        assert_eq!(town.store.person(&id(0)).await.unwrap().unwrap().value.life, 1);
    }
}

#[tokio::test]
async fn a_pause_holds_where_its_address_stays_and_never_in_silence() {
    let until = "2026-12-31T00:00:00Z".parse().unwrap();
    // (whether the first is paused, whether the second has updates, whether that is paused): what a move to it means.
    let cases = [
        (false, false, false, None),
        (true, false, false, Some(Pause::Holds(until))),
        (true, true, false, Some(Pause::Ends(until))),
        (false, true, true, Some(Pause::Holds(until))),
        (true, true, true, Some(Pause::Holds(until))),
        (false, true, false, None),
    ];
    for case @ (first, is_there, second, expected) in cases {
        let mut town = Town::new();
        town.act(0, 0, 0).await;
        if is_there {
            town.act(0, 1, 0).await;
        }
        for (n, is_paused) in [(0, first), (1, second)] {
            town.store.record_pause(&id(n), is_paused.then_some(until)).await.unwrap();
        }
        let asked = town.store.pause_of_a_yes(&id(1), Some(&id(0)), town.now).await.unwrap();
        town.act(4, 0, 1).await;
        let person = town.store.person(&id(1)).await.unwrap().unwrap().value;
        let told = town.store.pause_since_a_yes(&person, town.now, town.now).await.unwrap();
        assert_eq!((asked, told), (expected, expected), "{case:?}");
        assert_eq!(person.is_paused(town.now), matches!(expected, Some(Pause::Holds(_))), "{case:?}");
    }
}
