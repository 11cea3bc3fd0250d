//! What councils do to what they have published: each must be noticed, and named for what it is.

use super::scene::Scene;
use super::*;
use boardwatch::domain::revision::RevisionClass;
use boardwatch::rules::revision::classes;
use std::collections::BTreeMap;

/// What a council does, and as what it is to be named.
pub(super) type Act = (&'static str, fn(&mut Scene), RevisionClass);

pub(super) const ACTS: [Act; 16] = [
    ("title edited", |s| s.title = "Children's Improvement Plan: year two".into(), RevisionClass::Correction),
    ("word corrected", |s| s.words[0] = s.words[0].replace("thanked", "congratulated"), RevisionClass::Correction),
    ("figure changed", |s| s.words[1] = s.words[1].replace("9.9%", "9.8%"), RevisionClass::Correction),
    (
        "sentence added",
        |s| s.words.push("Two posts have been filled since the last meeting of the board.".into()),
        RevisionClass::Correction,
    ),
    ("document added", |s| s.papers.push(paper("Letter from the minister", 90_700, "90 KB")), RevisionClass::PapersAdded),
    ("document removed", |s| s.papers.retain(|paper| paper.title != "Scorecard"), RevisionClass::PapersRemoved),
    ("document replaced", |s| s.papers[0].size = "512 KB", RevisionClass::DocumentReplaced),
    ("document renamed", |s| s.papers[0].title = "Improvement plan second edition", RevisionClass::DocumentReplaced),
    ("to follow fulfilled", |s| s.papers[2] = paper("Appendix B", 90_601, "3 MB"), RevisionClass::PapersAdded),
    ("restricted lifted", |s| s.papers[3] = paper("Costs of placements", 90_602, "77 KB"), RevisionClass::PapersAdded),
    ("minutes published", |s| s.stage = "Agenda and minutes", RevisionClass::StageChanged),
    ("meeting date moved", |s| s.meeting = (29, 10), RevisionClass::DateMoved),
    ("publication date moved", |s| s.published = (26, 11), RevisionClass::DateMoved),
    ("next meeting changed", |s| s.next = (10, "Tuesday"), RevisionClass::DateMoved),
    ("decision added", |s| s.decision = Some("That the improvement plan be agreed."), RevisionClass::DecisionMade),
    ("item renumbered", |s| s.number = 182, RevisionClass::Correction),
];

fn paper(title: &'static str, number: u32, size: &'static str) -> super::scene::Paper {
    super::scene::Paper { title, number: Some(number), size, state: "" }
}

#[test]
fn what_a_council_changes_is_noticed_on_every_platform_and_named_for_what_it_is() {
    let mut wrong = Vec::new();
    let mut pairs: BTreeMap<&str, usize> = BTreeMap::new();
    for platform in PLATFORMS {
        let (url, page) = Scene::before().page(platform);
        let before = read_as(platform, url, page.as_bytes()).items;
        assert!(!before.is_empty(), "{platform:?}");
        for (name, act, class) in ACTS {
            let mut scene = Scene::before();
            act(&mut scene);
            let (_, changed) = scene.page(platform);
            // A meeting that is moved is another block of its issue's page: one gone, one come.
            let is_other_block = platform == Platform::ModerngovIssue && name == "meeting date moved";
            // Of an entry of a feed, only what its words say.
            let is_beyond_words = platform == Platform::Feed
                && !matches!(class, RevisionClass::Correction)
                && name != "publication date moved"
                && before[0].documents.is_empty();
            if changed == page || is_other_block || is_beyond_words {
                continue;
            }
            *pairs.entry(name).or_default() += 1;
            let after = read_as(platform, url, changed.as_bytes()).items;
            let found: Vec<_> = before
                .iter()
                .filter_map(|old| {
                    let new = after.iter().find(|new| new.key == old.key)?;
                    (fingerprint(old) != fingerprint(new)).then(|| classes(old, new))
                })
                .collect();
            let is_right = found.iter().any(|classes| classes.first() == Some(&class));
            if !is_right || before.len() != after.len() {
                wrong.push(format!("{platform:?}: {name}: {found:?} instead of {class:?}"));
            }
        }
    }
    let total: usize = pairs.values().sum();
    println!("real changes: {total} pairs, {} missed or misnamed", wrong.len());
    for (name, count) in &pairs {
        println!("  {name}: on {count} platforms");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(total >= 100 && pairs.len() == ACTS.len(), "{total} pairs of {} kinds", pairs.len());
}
