//! Whether a server's words name us: our address, its mailbox without the tag, or our domain. A server that has checked who
//! writes says so of them, in the words that it says of readers: "no such user bounces@…", "… host not found".

/// Whether the words, in lower case, name one of `us`, and none of `them`: addresses, or domains alone.
///
/// Where one of them has a mailbox under our domain, its name alone says nothing.
#[must_use]
pub fn names_us(words: &str, us: &[&str], them: &[&str]) -> bool {
    let is_named = |name: &str| name.contains('@') && words.contains(name);
    let them: Vec<String> = them.iter().map(|them| them.to_lowercase()).collect();
    if them.iter().any(|them| is_named(them)) {
        return false;
    }
    us.iter().any(|us| {
        let us = us.to_lowercase();
        let (local, domain) = us.rsplit_once('@').unwrap_or(("", us.as_str()));
        let mailbox = format!("{}@{domain}", local.split('+').next().unwrap_or_default());
        let is_theirs = them.iter().filter_map(|them| them.rsplit_once('@')).any(|(_, theirs)| is_within(theirs, domain));
        is_named(&us) || (!local.is_empty() && is_named(&mailbox)) || (!is_theirs && names_host(words, domain))
    })
}

/// Whether `host` is `domain` or lies within it.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether `domain`, or a host within it, stands in the words, and not behind somebody's name or a Message-ID's.
fn names_host(words: &str, domain: &str) -> bool {
    let is_label = |c: char| c.is_alphanumeric() || c == '-';
    domain.contains('.')
        && words.match_indices(domain).any(|(at, _)| {
            let before = words.get(..at).and_then(|before| before.chars().next_back());
            let mut after = words.get(at + domain.len()..).unwrap_or_default().chars();
            let goes_on = match after.next() {
                Some('.') => after.next().is_some_and(is_label),
                next => next.is_some_and(is_label),
            };
            !before.is_some_and(|c| is_label(c) || c == '@') && !goes_on
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_address_with_or_without_its_tag_and_our_domain_name_us() {
        let check = |words: &str, them: &str, expect: bool| {
            assert_eq!(names_us(words, &["bounces+abc@boards.example.org"], &[them]), expect, "{words} {them}");
        };
        let reader = "reader@d1.example.net";
        check("550 no such user bounces@boards.example.org", reader, true);
        check("550 5.1.1 <bounces+abc@boards.example.org>: user unknown", reader, true);
        check("550 cannot resolve boards.example.org: host not found", reader, true);
        check("550 no mx for mail.boards.example.org.", reader, true);
        check("550 boards.example.org.uk not found", reader, false);
        check("550 myboards.example.org not found", reader, false);
        check("550 user unknown", reader, false);
        check("550 user unknown message-id: <1@boards.example.org>", reader, false);
        check("550 <reader@d1.example.net> unknown, said to bounces@boards.example.org", reader, false);
        check("550 no such user at boards.example.org", "clerk@boards.example.org", false);
        check("550 no such user at mail.boards.example.org", "clerk@mail.boards.example.org", false);
        check("550 no such user bounces@boards.example.org", "clerk@boards.example.org", true);
    }
}
