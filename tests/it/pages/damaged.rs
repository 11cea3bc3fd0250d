//! Pages that arrive damaged: cut anywhere, with tags lost or attributes said twice. Each is answered; none is a panic.

use super::*;
use boardwatch::rules::extract::extract_item;
use proptest::prelude::*;

const PLATFORMS: [(&str, Platform); 6] = [
    ("cmis", Platform::Cmis),
    ("contensis-blog", Platform::ContensisBlog),
    ("feed", Platform::Feed),
    ("govuk", Platform::Govuk),
    ("jadu", Platform::Jadu),
    ("localgov-drupal", Platform::LocalgovDrupal),
];

/// The gold pages of these platforms.
fn gold_pages() -> Vec<(Platform, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gold");
    let mut found = Vec::new();
    for (name, platform) in PLATFORMS {
        let mut files: Vec<_> = std::fs::read_dir(root.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending != "json"));
        files.sort();
        found.extend(files.into_iter().map(|path| (platform, std::fs::read(path).unwrap())));
    }
    found
}

/// Every `nth` tag gone, from the one after `from`.
fn without_tags(page: &str, from: usize, nth: usize) -> String {
    let mut out = String::with_capacity(page.len());
    for (at, piece) in page.split_inclusive('>').enumerate() {
        let lost = at >= from && (at - from).is_multiple_of(nth);
        let words = piece.split('<').next().unwrap_or_default();
        out.push_str(if lost { words } else { piece });
    }
    out
}

/// Every attribute of some kinds said twice, the second time otherwise.
fn said_twice(page: &str) -> String {
    page.replace(" class=\"", " class=\"other\" class=\"")
        .replace(" href=\"", " href=\"\" href=\"")
        .replace(" id=", " id='x' id=")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_damaged_page_is_answered(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), from in 0_usize..200, nth in 1_usize..40, how in 0_u8..4) {
        let pages = gold_pages();
        let (platform, page) = &pages[which.index(pages.len())];
        let text = String::from_utf8_lossy(page).into_owned();
        let page = match how {
            0 => page[..cut.index(page.len())].to_vec(),
            1 => page[cut.index(page.len())..].to_vec(),
            2 => without_tags(&text, from, nth).into_bytes(),
            _ => said_twice(&text).into_bytes(),
        };
        let url = Url::parse("https://www.anytown.example/news/article/812/board").unwrap();
        let sent = Page { url: &url, status: 200, content_type: None, body: &page };
        for platform in [*platform, Platform::Auto] {
            let listing = extract(&sent, platform, &Select::default());
            prop_assert_eq!(listing.outcome == Outcome::Items, !listing.items.is_empty());
            if let Some(listed) = listing.items.first() {
                match extract_item(&sent, platform, &Select::default(), listed) {
                    Ok(item) => prop_assert_eq!(&item.key, &listed.key),
                    Err(answer) => prop_assert!(!answer.warnings.is_empty()),
                }
            }
        }
    }
}
