//! The gold pages as a broken template, a cut connection or a careless editor would leave them: still an answer.

use super::*;
use boardwatch::rules::extract::extract_item;
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::LazyLock;

/// Pages of systems that nobody has described, and those that only look like pages.
static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gold/page");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "html")).collect();
    pages.sort();
    pages.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
});

/// What happens to a page.
#[derive(Clone, Debug)]
enum Harm {
    /// The rest does not arrive.
    Cut(Index),
    /// A tag is missing.
    Drop(Index),
    /// A tag says everything twice, the second time otherwise.
    Repeat(Index),
    /// A tag is where it was, and in another place.
    Copy(Index, Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = any::<Index>;
    prop_oneof![
        1 => place().prop_map(Harm::Cut),
        6 => place().prop_map(Harm::Drop),
        3 => place().prop_map(Harm::Repeat),
        3 => (place(), place()).prop_map(|(from, to)| Harm::Copy(from, to)),
    ]
}

/// From each `<` to the `>` after it.
fn tags(page: &[u8]) -> Vec<std::ops::Range<usize>> {
    let starts = page.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(at, _)| at);
    starts.filter_map(|start| Some(start..start + page[start..].iter().position(|byte| *byte == b'>')? + 1)).collect()
}

fn suffer(mut page: Vec<u8>, harm: &Harm) -> Vec<u8> {
    if page.is_empty() {
        return page;
    }
    let tags = tags(&page);
    if let Harm::Cut(at) = harm {
        page.truncate(at.index(page.len()));
        return page;
    }
    if tags.is_empty() {
        return page;
    }
    match harm {
        Harm::Cut(_) => {}
        Harm::Drop(at) => drop(page.drain(at.get(&tags).clone())),
        Harm::Repeat(at) => {
            let end = at.get(&tags).end - 1;
            drop(page.splice(end..end, *b" class=menu id=main href='/x' datetime='2025-13-45' class=date"));
        }
        Harm::Copy(from, to) => {
            let (tag, at) = (page[from.get(&tags).clone()].to_vec(), to.get(&tags).start);
            drop(page.splice(at..at, tag));
        }
    }
    page
}

fn check(answer: &Extraction) {
    assert_eq!(answer.outcome == Outcome::Items, !answer.items.is_empty());
    let mut keys = std::collections::HashSet::new();
    for item in &answer.items {
        assert!(!item.key.is_empty() && keys.insert(&item.key), "one key, one item: {}", item.key);
        assert!(!item.title.is_empty(), "an item without a title: {}", item.key);
        assert!(matches!(item.url.scheme(), "http" | "https"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_harmed_page_is_answered(page in any::<Index>(), harms in proptest::collection::vec(harm(), 1..12)) {
        let page = harms.iter().fold(page.get(&PAGES).clone(), suffer);
        let url = Url::parse("https://www.example.org/news/list?id=4").unwrap();
        for platform in [Platform::Auto, Platform::Page] {
            check(&read_as(platform, url.as_str(), &page));
            let listed = Item { text: None, ..listed(&url) };
            let page = Page { url: &url, status: 200, content_type: None, body: &page };
            match extract_item(&page, platform, &Select::default(), &listed) {
                Ok(item) => assert!(item.key == listed.key && item.text.is_some()),
                Err(answer) => assert_ne!(answer.outcome, Outcome::Items),
            }
        }
    }
}

fn listed(url: &Url) -> Item {
    let item = serde_json::json!({
        "key": "listed", "title": "Listed", "url": url, "published": null, "meeting": null, "text": null, "html": null,
        "documents": [], "decisions": [], "next_meeting": null,
    });
    serde_json::from_value(item).unwrap()
}
