//! What is found, what is no longer found, and an index that is lost.

use super::*;

fn entry(source: &str, key: &str, title: &str, text: &str) -> Entry {
    let source = SourceId::parse(source).unwrap();
    Entry { id: ItemId::of(&source, key), source, content: 1, title: title.to_owned(), text: text.to_owned() }
}

fn found(index: &SearchIndex, query: &str, sources: Option<&[SourceId]>) -> Vec<ItemId> {
    let (count, ids) = index.search(&Query::parse(query), sources, 0, 10).unwrap();
    assert_eq!(count, ids.len());
    ids
}

#[test]
fn items_are_found_by_words_and_phrases_in_title_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    let one = entry("bury", "1", "Improvement Board Update", "Ofsted’s letter to the Children’s service of Môn.");
    let two = entry("trafford", "2", "Cabinet", "The board saw an improvement. Board papers follow. Update to come.");
    index.change(&[one.clone(), two.clone()], &[]).unwrap();
    let check = |query: &str, sources: Option<&[SourceId]>, expect: &[&Entry]| {
        assert_eq!(found(&index, query, sources), expect.iter().map(|e| e.id.clone()).collect::<Vec<_>>(), "{query}");
    };
    check("board update", None, &[&one, &two]);
    check("\"board update\"", None, &[&one]);
    check("OFSTED mon children", None, &[&one]);
    check("ofsted cabinet", None, &[]);
    check("board", Some(std::slice::from_ref(&two.source)), &[&two]);
    check("boar", None, &[]);
    check("\"letters to the children\"", None, &[&one]);
    check("boards improvements papers", None, &[&two]);
}

#[test]
fn a_mistyped_word_is_near_to_the_commonest_of_the_nearest_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    let entries = [
        entry("bury", "1", "Staffing", "Caseloads fell to 18 in 2026."),
        entry("bury", "2", "Caseloads", "They fell again."),
        entry("bury", "3", "Castles", "Of the borough; the caselaod of a clerk."),
    ];
    index.change(&entries, &[]).unwrap();
    let check = |query: &str, expect: &[(&str, &str)]| {
        let near = index.near(&Query::parse(query)).unwrap();
        let near: Vec<_> = near.iter().map(|near| (near.word.as_str(), near.stem.as_str())).collect();
        assert_eq!(near, expect, "{query}");
    };
    check("casleoads", &[("casleoads", "caseload")]);
    check("casleoads fell \"staffing borugh\"", &[("casleoads", "caseload"), ("borugh", "borough")]);
    check("caseloads", &[]);
    check("2025 fel zebra", &[]);
    check("", &[]);
    check("aaaa bbbb cccc dddd borugh", &[]);
    let near = index.near(&Query::parse("casleoads")).unwrap();
    assert!(entries[..2].iter().any(|entry| entry.id == near[0].item));
}

#[test]
fn a_page_beyond_the_last_is_empty_and_makes_no_room_for_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    index.change(&[entry("bury", "1", "One", "words"), entry("bury", "2", "Two", "words")], &[]).unwrap();
    for (offset, found) in [(0, 2), (1, 1), (2, 0), (100_000_000, 0), (usize::MAX, 0)] {
        let (count, ids) = index.search(&Query::parse("words"), None, offset, 25).unwrap();
        assert_eq!((count, ids.len()), (2, found), "{offset}");
    }
}

#[test]
fn what_is_indexed_again_is_found_by_its_new_words_alone_and_what_is_gone_by_none() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    let (one, two) = (entry("bury", "1", "One", "old words"), entry("bury", "2", "Two", "old words"));
    index.change(&[one.clone(), two.clone()], &[]).unwrap();
    let newer = Entry { content: 2, text: "new words".to_owned(), ..one.clone() };
    index.change(std::slice::from_ref(&newer), std::slice::from_ref(&two.id)).unwrap();
    assert!(found(&index, "old", None).is_empty());
    assert_eq!(found(&index, "new", None), std::slice::from_ref(&one.id));
    drop(index);
    let again = SearchIndex::open(folder.path()).unwrap();
    assert_eq!(again.contents().unwrap(), HashMap::from([(one.id, 2)]));
}

#[test]
fn an_index_that_does_not_read_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    index.change(&[entry("bury", "1", "One", "words")], &[]).unwrap();
    drop(index);
    for spoil in ["meta.json", ""] {
        for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
            if file.to_string_lossy().ends_with(spoil) {
                fs::write(file, b"not what was written").unwrap();
            }
        }
        let index = SearchIndex::open(folder.path()).unwrap();
        assert!(index.contents().unwrap().is_empty());
        index.change(&[entry("bury", "1", "One", "words")], &[]).unwrap();
        assert_eq!(found(&index, "words", None).len(), 1);
    }
}
