//! Who runs the mail of an address, where one operator has several domains: what it says of the one, it says of all of them.
//!
//! Domains that are sold as addresses by the operator itself, and no others: of a firm's own domain nobody knows who runs its mail without
//! asking DNS. Sources: the operators' own pages on which addresses there are: Microsoft's "Outlook.com, Hotmail, Live and MSN" with the
//! national domains of its sign-up pages; Google's help on `googlemail.com`; Yahoo's sender hub, which names its brands (AOL, AIM,
//! Rocketmail, Sky, Verizon, AT&T); Apple's page on `icloud.com`, `me.com` and `mac.com`; 1&1's GMX, WEB.DE and mail.com; Proton's
//! domains; Virgin Media's, BT's and Talk Talk's lists of the names that they took over.

/// Each operator under one of its domains, which stands first.
const OPERATORS: &[&[&str]] = &[
    &[
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "windowslive.com",
        "hotmail.co.uk",
        "live.co.uk",
        "hotmail.fr",
        "live.fr",
        "outlook.fr",
        "hotmail.de",
        "live.de",
        "outlook.de",
        "hotmail.it",
        "live.it",
        "outlook.it",
        "hotmail.es",
        "live.es",
        "outlook.es",
        "hotmail.nl",
        "live.nl",
        "hotmail.be",
        "live.be",
        "live.ie",
        "outlook.ie",
        "live.ca",
        "hotmail.ca",
        "live.com.au",
        "hotmail.com.au",
        "outlook.com.au",
        "live.com.pt",
        "outlook.pt",
        "outlook.in",
        "live.in",
    ],
    &["gmail.com", "googlemail.com"],
    &[
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.ie",
        "yahoo.fr",
        "yahoo.de",
        "yahoo.it",
        "yahoo.es",
        "yahoo.ca",
        "yahoo.co.in",
        "yahoo.in",
        "yahoo.com.au",
        "ymail.com",
        "rocketmail.com",
        "myyahoo.com",
        "aol.com",
        "aol.co.uk",
        "aim.com",
        "sky.com",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "bellsouth.net",
    ],
    &["icloud.com", "me.com", "mac.com"],
    &["gmx.net", "gmx.com", "gmx.co.uk", "gmx.de", "gmx.at", "gmx.ch", "web.de", "mail.com"],
    &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    &["virginmedia.com", "virgin.net", "ntlworld.com", "blueyonder.co.uk"],
    &["btinternet.com", "btopenworld.com", "talk21.com"],
    &["talktalk.net", "tiscali.co.uk", "lineone.net"],
];

/// One name for all domains of an operator; the domain itself, in lower case, where it is not known for others.
#[must_use]
pub fn operator(domain: &str) -> String {
    let domain = domain.to_lowercase();
    let known = OPERATORS.iter().find(|domains| domains.contains(&domain.as_str())).and_then(|domains| domains.first());
    known.map_or(domain, |first| (*first).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn several_domains_of_one_operator_have_one_name_and_others_their_own() {
        for (domain, expect) in [
            ("Hotmail.com", "outlook.com"),
            ("live.co.uk", "outlook.com"),
            ("googlemail.com", "gmail.com"),
            ("sky.com", "yahoo.com"),
            ("aol.com", "yahoo.com"),
            ("live.example.org", "live.example.org"),
            ("Council.gov.uk", "council.gov.uk"),
        ] {
            assert_eq!(operator(domain), expect);
        }
        let all: Vec<&str> = OPERATORS.iter().flat_map(|domains| domains.iter().copied()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "none is two operators'");
    }
}
