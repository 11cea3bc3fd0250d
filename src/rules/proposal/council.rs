//! Whose page it is: a council's name among the names that the page gives its site, or else out of its address.

use super::{Found, Guess};
use crate::domain::source::slug;
use url::{Host, Url};

/// Words that may stand within a council's name without a capital letter.
const JOINING: &[&str] = &["and", "&", "of", "the", "upon", "on", "in", "by", "le", "with", "-"];
/// Words before "Council" that name no place.
const NO_PLACE: &[&str] = &["full", "annual", "your", "my", "our", "the", "this", "youth", "shadow", "special", "extraordinary"];
/// Words that begin a site's name and not a council's.
const OPENING: &[&str] = &[
    "welcome",
    "to",
    "home",
    "homepage",
    "contact",
    "follow",
    "copyright",
    "visit",
    "by",
    "from",
    "return",
    "back",
    "go",
    "logo",
    "for",
    "the",
    "at",
];
/// Labels of host names that name a service and not a place.
const SERVICES: &[&str] = &[
    "www",
    "www2",
    "ww2",
    "democracy",
    "democratic",
    "democraticservices",
    "moderngov",
    "modgov",
    "mg",
    "cmis",
    "committee",
    "committees",
    "committeemeetings",
    "councillor",
    "councillors",
    "councillorsandmeetings",
    "council",
    "councildecisions",
    "councilmeetings",
    "decisions",
    "decisionmaking",
    "meetings",
    "minutes",
    "news",
    "newsroom",
    "media",
    "press",
    "new",
    "web",
    "apps",
    "secure",
    "beta",
    "legacy",
    "old",
    "edemocracy",
    "civica",
    "blog",
];
/// Ends of host names under which councils register, the longest first.
const SUFFIXES: &[&str] = &[
    "moderngov.co.uk",
    "cmis.uk.com",
    "cmis-ms.uk.com",
    "public-minutes.com",
    "gov.uk",
    "gov.wales",
    "gov.scot",
    "llyw.cymru",
    "co.uk",
    "org.uk",
    "ac.uk",
    "uk.com",
    "nhs.uk",
];

/// The council's name, with where it was found.
pub(super) fn guess(found: &Found<'_>) -> Guess {
    let host = found.url.host_str().unwrap_or_default();
    // A council that is watched already is spelled as it is spelled there: two spellings would make two councils of it.
    let same_host = found.sources.iter().find(|source| source.url.host_str() == Some(host) && !is_shared(host));
    if let Some(source) = same_host {
        return Guess::made(source.council.clone(), format!("from sources/{}.toml, which is on the same host", source.id));
    }
    let named = found.imprint.names.iter().find_map(|(text, place)| Some((name_in(text)?, *place)));
    let guess = match named {
        Some((name, place)) => Guess::made(name, format!("from {place}")),
        None => match place_in_host(found.url) {
            Some(place) => Guess::made(format!("{} Council", capitalised(&place)), "from the address"),
            None => Guess::made(host.to_owned(), "from the address, as the page names no council"),
        },
    };
    let known = found.sources.iter().find(|source| slug(&source.council) == slug(&guess.value));
    known.map_or(guess, |source| {
        Guess::made(source.council.clone(), format!("from sources/{}.toml, which spells it so", source.id))
    })
}

/// Whether many councils' pages may be on one host.
fn is_shared(host: &str) -> bool {
    host == "www.gov.uk" || host.parse::<std::net::IpAddr>().is_ok() || host == "localhost"
}

/// A council's name in a longer text: "© 2024 Anytown Borough Council. All rights reserved".
pub(super) fn name_in(text: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(['(', ')', ',', '.', ':', ';', '"', '\'', '|', '©'])).collect();
    before_council(&words).or_else(|| after_borough(&words))
}

/// "Anytown Borough Council", "Brighton & Hove City Council".
fn before_council(words: &[&str]) -> Option<String> {
    let is_council = |word: &&str| word.eq_ignore_ascii_case("council");
    let end = words.iter().position(is_council)?;
    let mut start = end;
    while let Some(before) = start.checked_sub(1).and_then(|at| words.get(at)) {
        if !is_name(before) && !JOINING.contains(&before.to_lowercase().as_str()) {
            break;
        }
        start -= 1;
    }
    while words.get(start).is_some_and(|word| start < end && is_opening(word)) {
        start += 1;
    }
    let name = words.get(start..end)?;
    let place = name.iter().filter(|word| is_name(word)).any(|word| !is_no_place(word));
    let plain = name.first().is_none_or(|word| !is_no_place(word));
    (place && plain && name.len() <= 7).then(|| format!("{} Council", name.join(" ")))
}

/// "London Borough of Newham".
fn after_borough(words: &[&str]) -> Option<String> {
    let of = words.windows(2).position(|pair| matches!(pair, [kind, of] if is_borough(kind) && *of == "of"))?;
    let start = of
        .checked_sub(1)
        .filter(|at| words.get(*at).is_some_and(|word| ["London", "Royal", "Metropolitan"].contains(word)))
        .unwrap_or(of);
    let place =
        words.get(of + 2..)?.iter().take_while(|word| is_name(word) || JOINING.contains(&word.to_lowercase().as_str())).take(5);
    let name: Vec<&str> = words.get(start..of + 2)?.iter().chain(place).copied().collect();
    let name = name.join(" ");
    name.split(" of ").nth(1).is_some_and(|place| !place.is_empty()).then_some(name)
}

fn is_borough(word: &str) -> bool {
    ["Borough", "City", "County"].contains(&word)
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_opening(word: &str) -> bool {
    OPENING.contains(&word.to_lowercase().as_str()) || JOINING.contains(&word.to_lowercase().as_str())
}

fn is_no_place(word: &str) -> bool {
    NO_PLACE.contains(&word.to_lowercase().as_str())
}

/// The place in a host name: "anytown" in `democracy.anytown.gov.uk` and `anytown.moderngov.co.uk`; `None` for an address
/// in numbers or a name without a domain.
pub(super) fn place_in_host(url: &Url) -> Option<String> {
    let Some(Host::Domain(host)) = url.host() else { return None };
    let bare = SUFFIXES.iter().find_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.'));
    let bare = bare.or_else(|| host.rsplit_once('.').map(|(before, _)| before))?;
    let place = bare.rsplit('.').find(|label| !SERVICES.contains(label)).or_else(|| bare.rsplit('.').next())?;
    (!place.is_empty()).then(|| place.to_owned())
}

/// "north-moor" → "North Moor".
fn capitalised(label: &str) -> String {
    let words = label.split('-').filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}
