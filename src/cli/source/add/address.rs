//! The address that an admin gave, as it was meant: people leave `https://` out. What cannot be meant is said with what to
//! write instead.

use url::Url;

/// What to give instead of what is no page.
const INSTEAD: &str = "give the address of the page that lists what the council publishes";

/// The address; or what is wrong with it and what to do about it.
pub(super) fn address(raw: &str) -> Result<Url, String> {
    let given = raw.trim();
    let whole = match scheme(given) {
        Some(("http" | "https", rest)) if rest.starts_with("://") => given.to_owned(),
        Some((scheme @ ("http" | "https"), rest)) => {
            let meant = rest.trim_start_matches([':', '/']);
            return Err(format!("`{raw}` is not a web address: did you mean {scheme}://{meant} ?"));
        }
        Some(("feed", rest)) => {
            let meant = rest.trim_start_matches([':', '/']);
            let meant = if meant.starts_with("http") { meant.to_owned() } else { format!("https://{meant}") };
            return Err(format!("`{raw}` is an address for programs that read feeds: did you mean {meant} ?"));
        }
        Some(("mailto", _)) => return Err(format!("`{raw}` is a mail address, not a page: {INSTEAD}")),
        Some((scheme, _)) => return Err(format!("`{raw}` is not an http or https address but a {scheme}: one: {INSTEAD}")),
        None => format!("https://{given}"),
    };
    let mut url = Url::parse(&whole).map_err(|why| format!("`{raw}` is not a web address: {why}; {INSTEAD}"))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{raw}` names no web server: {INSTEAD}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let is_mail = !given.contains("://") && url.password().is_none() && url.path() == "/";
        return Err(if is_mail {
            format!("`{raw}` is a mail address, not a page: {INSTEAD}")
        } else {
            format!("the address of {} must not hold a name or password: leave them out", url.host_str().unwrap_or_default())
        });
    }
    url.set_fragment(None);
    Ok(url)
}

/// The scheme in front of an address, in lower case, and the rest with its colon, which may be forgotten: "http//host". A host
/// with a port has none: "localhost:8080".
fn scheme(given: &str) -> Option<(&'static str, &str)> {
    const KNOWN: &[&str] = &["https", "http", "feed", "mailto", "file", "ftp", "javascript", "tel", "data"];
    KNOWN.iter().find_map(|known| {
        let (head, rest) = given.split_at_checked(known.len())?;
        let is_port = || rest.get(1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
        let is_scheme = rest.starts_with("//") || rest.starts_with(':') && (*known == "tel" || !is_port());
        (head.eq_ignore_ascii_case(known) && is_scheme).then_some((*known, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_written_as_people_say_it() {
        let check = |raw: &str, expect: &str| assert_eq!(address(raw).as_ref().map(Url::as_str), Ok(expect), "{raw}");
        check("www.anytown.gov.uk/news#top", "https://www.anytown.gov.uk/news");
        check(" http://anytown.gov.uk ", "http://anytown.gov.uk/");
        check("HTTPS://anytown.gov.uk/x", "https://anytown.gov.uk/x");
        check("localhost:8080/news", "https://localhost:8080/news");
        check("anytown.gov.uk:8443", "https://anytown.gov.uk:8443/");
        check("https://anytown.gov.uk/@chair/news", "https://anytown.gov.uk/@chair/news");
    }

    #[test]
    fn what_is_no_page_s_address_is_said_with_what_to_write_instead() {
        let check = |raw: &str, says: &str| {
            let why = address(raw).unwrap_err();
            assert!(why.contains(says), "{raw}: {why}");
        };
        check("http:/anytown.gov.uk/x", "did you mean http://anytown.gov.uk/x ?");
        check("https//anytown.gov.uk/x", "did you mean https://anytown.gov.uk/x ?");
        check("https:anytown.gov.uk/x", "did you mean https://anytown.gov.uk/x ?");
        check("feed://anytown.gov.uk/rss", "did you mean https://anytown.gov.uk/rss ?");
        check("feed:http://anytown.gov.uk/rss", "did you mean http://anytown.gov.uk/rss ?");
        check("mailto:clerk@example.org", "is a mail address, not a page: give the address of the page");
        check("clerk@example.org", "is a mail address");
        check("ftp://anytown.gov.uk/", "not an http or https address but a ftp: one");
        check("javascript:void(0)", "javascript: one");
        check("https://me:secret@anytown.gov.uk/", "must not hold a name or password");
        check("https://", "not a web address");
    }
}
