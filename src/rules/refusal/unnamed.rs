//! A server's words with nobody named in them. Most servers quote the address that they refuse; what they say is kept, logged
//! and shown, and no erasure reaches a log.

use super::{Enhanced, table};
use crate::domain::subscriber::Address;

/// Stands where somebody was named.
const SOMEBODY: &str = "***";
/// Letters of a name that was cut at the end of a line, from which on it is known again.
const CUT_MIN: usize = 4;

/// The words without addresses, and without the part before the `@` of the one that they are about. The codes that they
/// begin with stay.
#[must_use]
pub fn unnamed(words: &str, about: Option<&Address>) -> String {
    let (codes, said) = codes_and_words(words);
    let local = about.and_then(|address| address.as_str().rsplit_once('@')).map(|(local, _)| local.trim_matches('"'));
    let said = local.filter(|local| !local.is_empty()).map_or_else(|| said.to_owned(), |local| without_name(said, local));
    let mut out = codes.to_owned();
    let mut rest = said.as_str();
    while !rest.is_empty() {
        let end = rest.find(is_end).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(if word.contains('@') || word.contains("%40") { SOMEBODY } else { word });
        let ends = after.find(|c| !is_end(c)).unwrap_or(after.len());
        let (between, next) = after.split_at(ends);
        out.push_str(between);
        rest = next;
    }
    out
}

/// What no address holds, but where it is quoted.
fn is_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '"' | '…')
}

/// The reply code and the enhanced one, as far as the words begin with them, and what follows.
fn codes_and_words(words: &str) -> (&str, &str) {
    let mut at = 0;
    for word in words.split_inclusive(' ').take(2) {
        let code = word.trim_end();
        let is_reply = at == 0 && code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
        if !is_reply && Enhanced::parse(code).is_none() {
            break;
        }
        at += word.len();
    }
    words.split_at(at)
}

/// The words without `name` where it stands alone, in whatever case, or is cut at their end. A name that is a word of theirs, as
/// "full" is, names somebody only where it is quoted.
fn without_name(words: &str, name: &str) -> String {
    let (name, mut out, mut rest) = (name.to_lowercase(), String::with_capacity(words.len()), words);
    let is_theirs = table::is_of_servers(&name);
    let mut before = None;
    while let Some(next) = rest.chars().next() {
        let stands_alone = |taken: usize| {
            let follows = rest.get(taken..).and_then(|rest| rest.chars().next());
            let is_quoted = before.is_some_and(|c| matches!(c, '"' | '\'' | '<' | '“' | '‘' | '«'));
            !before.is_some_and(char::is_alphanumeric) && !follows.is_some_and(char::is_alphanumeric) && (is_quoted || !is_theirs)
        };
        let taken = length_of(rest, &name).filter(|taken| stands_alone(*taken));
        let taken = taken.or_else(|| cut_off(rest, &name).filter(|taken| stands_alone(*taken)));
        let step = taken.unwrap_or(next.len_utf8());
        let (done, after) = rest.split_at(step);
        out.push_str(if taken.is_some() { SOMEBODY } else { done });
        before = done.chars().next_back();
        rest = after;
    }
    out
}

/// How many octets of `text` are `name`, which is in small letters; `None` where it does not begin with it.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars();
    let mut taken = 0;
    for c in text.chars() {
        if wanted.as_str().is_empty() {
            break;
        }
        if !c.to_lowercase().all(|small| wanted.next() == Some(small)) {
            return None;
        }
        taken += c.len_utf8();
    }
    wanted.as_str().is_empty().then_some(taken)
}

/// How many octets of `text` are the beginning of `name`, where that is all before the mark of a cut.
fn cut_off(text: &str, name: &str) -> Option<usize> {
    let begun = text.strip_suffix('…')?;
    let is_begun = begun.chars().count() >= CUT_MIN && name.starts_with(&begun.to_lowercase());
    is_begun.then_some(begun.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_in_what_a_server_says() {
        let who = Address::parse("rejected.person@privacy.example").unwrap();
        let check = |said: &str, expect: &str| assert_eq!(unnamed(said, Some(&who)), expect, "{said}");
        check(
            "550 5.1.1 <rejected.person@privacy.example>: Recipient address rejected: User Rejected.Person unknown in table",
            "550 5.1.1 <***>: Recipient address rejected: User *** unknown in table",
        );
        check(
            "451 4.2.2 <x@y.example>: mailbox full, contact postmaster@y.example.",
            "451 4.2.2 <***>: mailbox full, contact ***",
        );
        check("550 no such user \"rejected.person\" here", "550 no such user \"***\" here");
        check("250 2.0.0 Ok: queued as 4F2A", "250 2.0.0 Ok: queued as 4F2A");
        check("550 see https://mail.example/why?a=rejected.person%40privacy.example", "550 see https:***");
        check("550 rejected.personal is somebody else", "550 rejected.personal is somebody else");
        check("550 a long answer about rejected.per…", "550 a long answer about ***…");
        check("", "");
    }

    #[test]
    fn the_codes_stay_whatever_somebody_is_called() {
        let check = |address: &str, said: &str, expect: &str| {
            assert_eq!(unnamed(said, Some(&Address::parse(address).unwrap())), expect, "{said}");
        };
        check("1@example.org", "550 5.1.1 user 1 unknown", "550 5.1.1 user *** unknown");
        check("550@example.org", "550 550 unknown", "550 *** unknown");
        check("full@example.org", "552 5.2.2 <full@example.org>: mailbox is full", "552 5.2.2 <***>: mailbox is full");
        check("full@example.org", "550 'full' is no user here", "550 '***' is no user here");
        check("mailbox@example.org", "552 5.2.2 mailbox full", "552 5.2.2 mailbox full");
        check("o'brien@example.org", "5.1.1 'O'Brien' unknown", "5.1.1 '***' unknown");
        assert_eq!(unnamed("421 too many from <a@example.org>", None), "421 too many from <***>");
    }
}
