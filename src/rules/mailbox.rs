//! Which addresses are one mailbox, and whose it is, as far as that can be guessed: only ever for saying how much is too much.
//! Whom we write to is the address as it was typed; two spellings of one mailbox stay two people.

use crate::domain::subscriber::Address;

/// Who gives mailboxes to anybody: how many people there are with them says nothing of any one of them.
const PROVIDERS: &[&str] = &[
    "aol.com",
    "blueyonder.co.uk",
    "btinternet.com",
    "btopenworld.com",
    "fastmail.com",
    "gmail.com",
    "gmx.co.uk",
    "gmx.com",
    "hotmail.co.uk",
    "hotmail.com",
    "icloud.com",
    "live.co.uk",
    "live.com",
    "mac.com",
    "mail.com",
    "me.com",
    "msn.com",
    "nhs.net",
    "ntlworld.com",
    "o2.co.uk",
    "outlook.com",
    "plus.com",
    "proton.me",
    "protonmail.com",
    "sky.com",
    "talktalk.net",
    "tiscali.co.uk",
    "virginmedia.com",
    "yahoo.co.uk",
    "yahoo.com",
    "ymail.com",
    "zoho.com",
];

/// The mailbox behind an address: what follows a plus names no other one anywhere we know of, and Gmail reads no dots and has
/// two names.
#[must_use]
pub fn mailbox(address: &Address) -> String {
    let identity = address.identity();
    let (local, domain) = identity.rsplit_once('@').unwrap_or((&identity, ""));
    let name = local.split_once('+').map(|(name, _)| name).filter(|name| !name.is_empty()).unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", name.replace('.', "")),
        _ => format!("{name}@{domain}"),
    }
}

/// Whose mailbox it is: its domain without what an organisation may put before its own name as it likes.
#[must_use]
pub fn organisation(address: &Address) -> String {
    let identity = address.identity();
    let domain = identity.rsplit_once('@').map_or("", |(_, domain)| domain);
    // Under the domains of countries, names mostly begin at the third label: "trafford.gov.uk".
    let is_of_country = domain.rsplit_once('.').is_some_and(|(_, top)| top.len() == 2);
    let labels = if is_of_country { 3 } else { 2 };
    let from = domain.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    domain.get(from..).unwrap_or(domain).to_owned()
}

/// Whether an organisation gives mailboxes to anybody.
#[must_use]
pub fn is_provider(organisation: &str) -> bool {
    PROVIDERS.contains(&organisation) || organisation == "googlemail.com"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(raw: &str) -> Address {
        Address::parse(raw).unwrap()
    }

    #[test]
    fn other_spellings_are_one_mailbox() {
        let check = |raw: &str, expect: &str| assert_eq!(mailbox(&address(raw)), expect, "{raw}");
        for raw in ["Vic.Tim@gmail.com", "victim+news@GMAIL.com", "v.i.c.t.i.m+1@googlemail.com"] {
            check(raw, "victim@gmail.com");
        }
        check("vic.tim+a+b@example.org", "vic.tim@example.org");
        check("+44@example.org", "+44@example.org");
        check("o'brien@example.org", "o'brien@example.org");
    }

    #[test]
    fn an_organisation_is_one_however_many_names_it_puts_before_its_own() {
        let check = |raw: &str, expect: &str| assert_eq!(organisation(&address(raw)), expect, "{raw}");
        check("a@example.org", "example.org");
        check("a@x.y.example.org", "example.org");
        check("a@trafford.gov.uk", "trafford.gov.uk");
        check("a@mail.trafford.gov.uk", "trafford.gov.uk");
        check("a@example.de", "example.de");
        assert!(is_provider(&organisation(&address("a@gmail.com"))) && !is_provider("example.org"));
    }
}
