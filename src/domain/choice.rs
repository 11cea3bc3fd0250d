//! A choice: what somebody wants to hear about, and how often of each.

use super::subscriber::{Cadence, Interests};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody wants, by how often. What is in it wants something: there are no empty interests.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(BTreeMap<Cadence, Interests>);

impl Choice {
    /// Adds interests at `cadence`.
    pub fn add(&mut self, cadence: Cadence, interests: &Interests) {
        if !interests.is_empty() {
            let before = self.0.remove(&cadence).unwrap_or_default();
            self.0.insert(cadence, before.joined(interests));
        }
    }

    /// The union of two.
    #[must_use]
    pub fn joined(mut self, other: &Self) -> Self {
        for (cadence, interests) in other.iter() {
            self.add(cadence, interests);
        }
        self
    }

    /// Whether all of `other` is wanted here as often.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other
            .iter()
            .all(|(cadence, wanted)| self.at(cadence).is_some_and(|here| here.everything || here.clone().joined(wanted) == *here))
    }

    /// The interests at `cadence`, where there are any.
    #[must_use]
    pub fn at(&self, cadence: Cadence) -> Option<&Interests> {
        self.0.get(&cadence)
    }

    /// Each cadence with its interests, the quickest first.
    pub fn iter(&self) -> impl Iterator<Item = (Cadence, &Interests)> {
        self.0.iter().map(|(cadence, interests)| (*cadence, interests))
    }

    /// Whether it wants nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What of `before`, which was wanted at `cadence`, is still wanted and at another cadence now.
    #[must_use]
    pub fn moved_from(&self, cadence: Cadence, before: &Interests) -> Interests {
        let mut elsewhere = Interests::default();
        for (_, interests) in self.iter().filter(|(other, _)| *other != cadence) {
            elsewhere = elsewhere.joined(interests);
        }
        let here = self.at(cadence).cloned().unwrap_or_default();
        before.common(&elsewhere).without(&here)
    }

    /// What it means for who has this if they are given what is `asked` for: each thing has one cadence then.
    #[must_use]
    pub fn amended_by(&self, asked: &Self) -> Amendment {
        let mut amendment = Amendment { changes: Vec::new(), added: asked.clone(), kept: Self::default() };
        for (from, before) in self.iter() {
            let moved = asked.moved_from(from, before);
            amendment.kept.add(from, &before.without(&moved));
            let changes = asked.iter().map(|(to, wanted)| CadenceChange { from, to, interests: moved.common(wanted) });
            amendment.changes.extend(changes.filter(|change| !change.interests.is_empty()));
        }
        for CadenceChange { to, interests, .. } in &amendment.changes {
            amendment.added = amendment.added.without(*to, interests);
        }
        amendment
    }

    /// This but for these at `cadence`.
    fn without(&self, cadence: Cadence, interests: &Interests) -> Self {
        let left = |at, wanted: &Interests| if at == cadence { wanted.without(interests) } else { wanted.clone() };
        self.iter().map(|(at, wanted)| (at, left(at, wanted))).collect()
    }
}

/// What is asked for beside what somebody has.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Amendment {
    /// What of it they have at another cadence.
    pub changes: Vec<CadenceChange>,
    /// The rest of it.
    pub added: Choice,
    /// What stays of what they have.
    pub kept: Choice,
}

/// Things that are to come at another cadence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CadenceChange {
    /// How often they come.
    pub from: Cadence,
    /// How often they are to come.
    pub to: Cadence,
    /// Which.
    pub interests: Interests,
}

impl FromIterator<(Cadence, Interests)> for Choice {
    fn from_iter<I: IntoIterator<Item = (Cadence, Interests)>>(parts: I) -> Self {
        let mut choice = Self::default();
        for (cadence, interests) in parts {
            choice.add(cadence, &interests);
        }
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn councils(names: &[&str]) -> Interests {
        Interests { councils: names.iter().map(|name| (*name).to_owned()).collect(), ..Interests::default() }
    }

    #[test]
    fn a_choice_of_nothing_is_empty() {
        let choice = Choice::from_iter([(Cadence::Daily, Interests::default())]);
        assert!(choice.is_empty() && choice.at(Cadence::Daily).is_none());
    }

    #[test]
    fn what_moves_to_another_cadence_is_told_from_what_is_given_up() {
        let choice = Choice::from_iter([(Cadence::Immediate, councils(&["Bury"])), (Cadence::Weekly, councils(&["Trafford"]))]);
        let moved = choice.moved_from(Cadence::Weekly, &councils(&["Bury", "Trafford", "Torbay"]));
        assert_eq!(moved, councils(&["Bury"]));
        assert!(choice.moved_from(Cadence::Immediate, &councils(&["Bury"])).is_empty());
    }

    #[test]
    fn what_is_asked_for_at_another_cadence_changes_and_the_rest_is_added() {
        let has =
            Choice::from_iter([(Cadence::Immediate, councils(&["Bury", "Torbay"])), (Cadence::Daily, councils(&["Medway"]))]);
        let asked =
            Choice::from_iter([(Cadence::Weekly, councils(&["Bury", "Trafford"])), (Cadence::Daily, councils(&["Medway"]))]);
        let Amendment { changes, added, kept } = has.amended_by(&asked);
        let change = CadenceChange { from: Cadence::Immediate, to: Cadence::Weekly, interests: councils(&["Bury"]) };
        assert_eq!(changes, [change]);
        assert_eq!(
            added,
            Choice::from_iter([(Cadence::Weekly, councils(&["Trafford"])), (Cadence::Daily, councils(&["Medway"]))])
        );
        assert_eq!(
            kept,
            Choice::from_iter([(Cadence::Immediate, councils(&["Torbay"])), (Cadence::Daily, councils(&["Medway"]))])
        );
        // What one of before has at two cadences has one again.
        let twice = Choice::from_iter([(Cadence::Immediate, councils(&["Bury"])), (Cadence::Weekly, councils(&["Bury"]))]);
        let weekly = Choice::from_iter([(Cadence::Weekly, councils(&["Bury"]))]);
        assert_eq!((twice.amended_by(&weekly).kept, twice.amended_by(&weekly).changes.len()), (weekly, 1));
    }

    #[test]
    fn what_is_wanted_as_often_already_is_covered() {
        let has = Choice::from_iter([(Cadence::Daily, councils(&["Bury", "Torbay"]))]);
        let check = |cadence, interests: Interests, expect: bool| {
            assert_eq!(has.covers(&Choice::from_iter([(cadence, interests.clone())])), expect, "{cadence:?} {interests:?}");
        };
        check(Cadence::Daily, councils(&["Torbay"]), true);
        check(Cadence::Weekly, councils(&["Torbay"]), false);
        check(Cadence::Daily, councils(&["Torbay", "Medway"]), false);
        let everything = Interests { everything: true, ..Interests::default() };
        check(Cadence::Daily, everything.clone(), false);
        assert!(Choice::from_iter([(Cadence::Daily, everything)]).covers(&has) && has.covers(&Choice::default()));
    }

    #[test]
    fn it_reads_as_it_was_written() {
        let choice = Choice::from_iter([(Cadence::Weekly, councils(&["Bury"]))]);
        let json = serde_json::to_string(&choice).unwrap();
        assert!(json.starts_with("{\"weekly\":{"), "{json}");
        assert_eq!(serde_json::from_str::<Choice>(&json).unwrap(), choice);
    }
}
