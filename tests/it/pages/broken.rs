//! ModernGov's pages as transfers and templates break them: cut off anywhere, tags lost, attributes given twice.

use super::probes::check;
use super::*;
use proptest::prelude::*;
use proptest::sample::Index;

const READERS: [(&str, Platform); 5] = [
    ("moderngov-issue", Platform::ModerngovIssue),
    ("moderngov-item", Platform::ModerngovItem),
    ("moderngov-meeting", Platform::ModerngovMeeting),
    ("moderngov-decision", Platform::ModerngovDecision),
    ("moderngov-decisions", Platform::ModerngovDecisions),
];

/// The pages of the gold set that ModernGov wrote, each with its address.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (family, _) in READERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gold").join(family);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "html") {
                let facts: serde_json::Value =
                    serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
                found.push((facts["url"].as_str().unwrap().to_owned(), std::fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Where the tags of a page begin and end.
fn tags(page: &[u8]) -> Vec<(usize, usize)> {
    let ends = |start: usize| page[start..].iter().position(|b| *b == b'>').map(|length| (start, start + length + 1));
    page.iter().enumerate().filter(|(_, b)| **b == b'<').filter_map(|(start, _)| ends(start)).collect()
}

fn without_tags(page: &[u8], chosen: &[Index]) -> Vec<u8> {
    let mut page = page.to_vec();
    for index in chosen {
        let tags = tags(&page);
        if !tags.is_empty() {
            let (from, to) = *index.get(&tags);
            page.drain(from..to);
        }
    }
    page
}

/// Gives tags the attributes of another element as well: the first of two decides.
fn with_attributes_twice(page: &[u8], chosen: &[Index]) -> Vec<u8> {
    let mut page = page.to_vec();
    for index in chosen {
        let tags = tags(&page);
        if !tags.is_empty() {
            let (from, to) = *index.get(&tags);
            let name = page[from + 1..to].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            let twice = b" class=\"mgSubTitleTxt\" id=AI1 class='mgAiTitleTxt' href=documents/s1/x.pdf name=AI2 ";
            page.splice(from + 1 + name..from + 1 + name, twice.iter().copied());
        }
    }
    page
}

/// What two fetches of one page differ in, though nothing has happened.
fn fetched_again(page: &[u8]) -> Vec<u8> {
    // Every byte is a character and back, whatever the page's encoding.
    let page: String = page.iter().copied().map(char::from).collect();
    let noisy = page
        .replace("2026-11-20", "2026-11-21")
        .replace("</p>", " </p>\r\n\t")
        .replace("</P>", " </P>\r\n\t")
        .replace("<table", "<!-- 7f3a --><input type=hidden name=_csrf value=7f3a><table")
        .replace("jquery-3.5.1", "jquery-3.7.0")
        .replace("Latest news", "Latest news (3)")
        .replace("</body>", "<script src=\"/bnith__7f3a\"></script><a hidden href=\"/-x9=.html\">x</a></body>");
    noisy.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

#[test]
fn what_differs_between_two_fetches_of_a_page_changes_no_item() {
    use boardwatch::rules::fingerprint::fingerprint;
    for (url, page) in pages() {
        let prints = |page: &[u8]| -> Vec<_> {
            let items = read_as(Platform::Auto, &url, page).items;
            items.into_iter().map(|item| (item.key.clone(), fingerprint(&item), item.title, item.text)).collect()
        };
        let again = fetched_again(&page);
        assert_ne!(again, page, "{url}");
        assert_eq!(prints(&again), prints(&page), "{url}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_broken_page_is_answered_by_every_reader(
        which in any::<Index>(),
        cut in any::<Index>(),
        lost in proptest::collection::vec(any::<Index>(), 1..24),
        twice in proptest::collection::vec(any::<Index>(), 1..12),
    ) {
        let pages = pages();
        let (url, page) = which.get(&pages);
        let cut_off = &page[..cut.index(page.len())];
        for broken in [cut_off.to_vec(), without_tags(page, &lost), with_attributes_twice(page, &twice), without_tags(cut_off, &lost)] {
            for (_, platform) in READERS {
                check(&read_as(platform, url, &broken));
            }
            check(&read_as(Platform::Auto, url, &broken));
        }
    }
}
