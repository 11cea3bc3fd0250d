//! What happened to an item's documents: matched by the identity in their address, else by their name, so that a file that
//! was put in another's place is one replaced document and not one gone and one come.

use crate::domain::item::{Document, Item};
use crate::domain::revision::RevisionClass;
use crate::domain::text::Text;
use crate::rules::extract::key;
use crate::rules::facts::documents::is_to_follow;
use crate::rules::fingerprint::{Said, Stamps, bytes, uncased};

/// What happened to one document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaperChange<'a> {
    /// It was not there.
    Added(&'a Document),
    /// It was named and could not be read: it was to follow, or restricted.
    Opened {
        /// As it was named.
        before: &'a Document,
        /// As it is.
        now: &'a Document,
    },
    /// The same document with another size or kind, the name of another version, or the same name with another file.
    Replaced {
        /// As it was.
        before: &'a Document,
        /// As it is.
        now: &'a Document,
    },
    /// The same file, of the same size, under another name that says of no other version.
    Renamed {
        /// As it was.
        before: &'a Document,
        /// As it is.
        now: &'a Document,
    },
    /// It is named and can no longer be read.
    Closed {
        /// As it was.
        before: &'a Document,
        /// As it is named.
        now: &'a Document,
    },
    /// It is gone.
    Removed(&'a Document),
}

impl PaperChange<'_> {
    /// The class of a revision that does this.
    #[must_use]
    pub fn class(&self) -> RevisionClass {
        match self {
            Self::Added(_) | Self::Opened { .. } => RevisionClass::PapersAdded,
            Self::Replaced { .. } => RevisionClass::DocumentReplaced,
            Self::Renamed { .. } => RevisionClass::Correction,
            Self::Closed { .. } | Self::Removed(_) => RevisionClass::PapersRemoved,
        }
    }

    /// The names that the document had and has.
    pub(super) fn titles(&self) -> impl Iterator<Item = &Text> {
        let (first, second) = match self {
            Self::Added(only) | Self::Removed(only) => (&only.title, None),
            Self::Opened { before, now }
            | Self::Replaced { before, now }
            | Self::Renamed { before, now }
            | Self::Closed { before, now } => (&before.title, Some(&now.title)),
        };
        std::iter::once(first).chain(second)
    }
}

/// What happened to the documents between `before` and `now`, in the order of `now`, those that are gone last.
#[must_use]
pub fn papers<'a>(before: &'a Item, now: &'a Item) -> Vec<PaperChange<'a>> {
    let stamps = Stamps::between(before, now);
    let mut old: Vec<&Document> = before.documents.iter().collect();
    let mut new: Vec<Option<&Document>> = now.documents.iter().map(Some).collect();
    let mut matched: Vec<(usize, &Document, &Document)> = Vec::new();
    // The surest sign first: a document that keeps its address may have taken another's name.
    for is_same in [
        same_and_unchanged,
        same_file,
        same_name,
        same_name_but_for_state,
        same_name_but_for_version,
        another_version_of_file,
        follows_as_announced,
    ] {
        for (place, candidate) in new.iter_mut().enumerate() {
            if let Some(document) = *candidate
                && let Some(at) = old.iter().position(|was| is_same(was, document))
            {
                matched.push((place, old.remove(at), document));
                *candidate = None;
            }
        }
    }
    let mut changes: Vec<(usize, PaperChange<'a>)> =
        matched.into_iter().filter_map(|(place, before, now)| Some((place, change(before, now, &stamps)?))).collect();
    changes.extend(new.into_iter().enumerate().filter_map(|(place, document)| Some((place, PaperChange::Added(document?)))));
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).chain(old.into_iter().map(PaperChange::Removed)).collect()
}

fn change<'a>(before: &'a Document, now: &'a Document, stamps: &Stamps) -> Option<PaperChange<'a>> {
    match (is_open(before), is_open(now)) {
        (false, true) => Some(PaperChange::Opened { before, now }),
        (true, false) => Some(PaperChange::Closed { before, now }),
        _ if same_and_unchanged(before, now) => None,
        _ if same_name(before, now) && stamps.alone_tell(before, now) => None,
        _ if is_only_renamed(before, now) => Some(PaperChange::Renamed { before, now }),
        _ => Some(PaperChange::Replaced { before, now }),
    }
}

fn is_open(document: &Document) -> bool {
    document.url.is_some() && !document.restricted
}

fn address(document: &Document) -> Option<String> {
    document.url.as_ref().map(key::document)
}

fn same_and_unchanged(a: &Document, b: &Document) -> bool {
    let kind = |d: &Document| d.kind.clone().filter(|_| d.url.is_none());
    let facts = |d: &Document| (Said::of(d.title.as_str()).words, kind(d), d.restricted, address(d));
    // A page that no longer shows the sizes of its files, or has come to, has replaced none.
    let same_size = a.size.as_ref().zip(b.size.as_ref()).is_none_or(|(a, b)| bytes::are_same(a, b));
    facts(a) == facts(b) && same_size
}

fn same_file(a: &Document, b: &Document) -> bool {
    address(a).is_some_and(|address_of_a| address(b) == Some(address_of_a))
}

/// Whether a page shows the same file, of a size that it gave before, under a name that tells of no other version: its name was
/// put right. Where no size is shown nobody can tell.
fn is_only_renamed(before: &Document, now: &Document) -> bool {
    let same_size = before.size.as_ref().zip(now.size.as_ref()).is_some_and(|(was, is)| bytes::are_same(was, is));
    same_size && same_file(before, now) && before.kind == now.kind && version(before) == version(now)
}

/// What of a name tells one version of a document from another.
fn version(document: &Document) -> Vec<String> {
    parted(document).0
}

/// The words of a name that tell its version, and the others.
fn parted(document: &Document) -> (Vec<String>, Vec<String>) {
    const WORDS: [&str; 13] = [
        "amended",
        "amendment",
        "corrected",
        "draft",
        "edition",
        "final",
        "issue",
        "redacted",
        "revised",
        "revision",
        "update",
        "updated",
        "version",
    ];
    let has_number = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let is_one = |word: &String| has_number(word) || WORDS.contains(&word.as_str());
    let words = uncased(document.title.as_str());
    let words = words.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty());
    words.map(str::to_owned).partition(is_one)
}

/// "Plan" and "Plan (final)", where the files of both are called "plan.pdf", wherever they lie.
fn another_version_of_file(a: &Document, b: &Document) -> bool {
    let file = |d: &Document| d.url.as_ref()?.path_segments()?.next_back().filter(|name| name.contains('.')).map(uncased);
    let ((was, name), (is, other)) = (parted(a), parted(b));
    was != is && !name.is_empty() && name == other && file(a).is_some_and(|file_of_a| file(b) == Some(file_of_a))
}

fn same_name(a: &Document, b: &Document) -> bool {
    uncased(a.title.as_str()) == uncased(b.title.as_str())
}

/// "Appendix 1 to follow" and "Appendix 1"; "Restricted enclosure: Report" and "Report".
fn same_name_but_for_state(a: &Document, b: &Document) -> bool {
    let (a_name, b_name) = (name_without_state(a), name_without_state(b));
    is_open(a) != is_open(b) && !a_name.is_empty() && a_name == b_name
}

/// "Improvement plan, version 3" and "Improvement plan, version 4".
fn same_name_but_for_version(a: &Document, b: &Document) -> bool {
    let (a_name, b_name) = (name_without_version(a), name_without_version(b));
    a_name.is_some() && a_name == b_name
}

/// What it is called, in lower case, without its version; `None` where it names none, or nothing else.
fn name_without_version(document: &Document) -> Option<String> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let words = uncased(document.title.as_str());
    let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty()).peekable();
    let (mut rest, mut versioned) = (Vec::new(), false);
    while let Some(word) = words.next() {
        let numbered = matches!(word, "version" | "v") && words.next_if(|next| is_number(next)).is_some();
        if numbered || word.strip_prefix('v').is_some_and(is_number) {
            versioned = true;
        } else {
            rest.push(word);
        }
    }
    (versioned && !rest.is_empty()).then(|| rest.join(" "))
}

/// "Appendix 2 to follow" and "Appendix 2 - Action log": it was announced by its number alone.
fn follows_as_announced(before: &Document, now: &Document) -> bool {
    let announced = name_without_state(before);
    let is_number = |word: &str| word.len() == 1 || word.bytes().all(|b| b.is_ascii_digit());
    let numbered = announced.rsplit_once(' ').is_some_and(|(_, last)| is_number(last));
    let goes_on = name_without_state(now).strip_prefix(&announced).is_some_and(|rest| rest.starts_with(' '));
    numbered && goes_on && is_to_follow(before.title.as_str()) && !is_open(before) && is_open(now)
}

/// What it is called, in lower case, without the words that say whether it can be read.
fn name_without_state(document: &Document) -> String {
    let words = uncased(document.title.as_str());
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.filter(|word| !STATE_WORDS.contains(word)).collect::<Vec<_>>().join(" ")
}

/// Words by which a page says that a document cannot be read yet, or not by everybody.
const STATE_WORDS: [&str; 10] =
    ["to", "follow", "restricted", "exempt", "confidential", "enclosure", "attached", "available", "not", "be"];
