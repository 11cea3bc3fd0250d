//! Which names of DNS somebody can hold as their own, as far as that can be told without asking: not what is said by a single
//! label, nor what a registry gives out names under.

/// Names under which registries give out names: the UK's all, of Nominet and of public bodies; elsewhere those of most people who may
/// run this. Whoever owns a name that looks like one of them is not to be told that it is nobody's.
const REGISTRIES: &[&str] = &[
    "ac.uk",
    "co.uk",
    "gov.uk",
    "ltd.uk",
    "me.uk",
    "mod.uk",
    "net.uk",
    "nhs.uk",
    "org.uk",
    "plc.uk",
    "police.uk",
    "sch.uk",
    "gov.scot",
    "gov.ie",
    "com.au",
    "edu.au",
    "gov.au",
    "id.au",
    "net.au",
    "org.au",
    "ac.nz",
    "co.nz",
    "govt.nz",
    "net.nz",
    "org.nz",
    "school.nz",
    "ac.za",
    "co.za",
    "gov.za",
    "org.za",
    "co.in",
    "gov.in",
    "nic.in",
    "org.in",
    "co.jp",
    "go.jp",
    "ne.jp",
    "or.jp",
    "com.br",
    "gov.br",
    "org.br",
];

/// Why nobody can sign for a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameFault {
    /// It cannot stand in DNS as it is.
    #[error("it is not a name that DNS can hold")]
    Form,
    /// It is everybody's.
    #[error("it is nobody's own: others have names under it, too")]
    Shared,
}

/// The name in lower case, without the dot at its end.
///
/// # Errors
/// Where it is none that somebody can have for themselves.
pub fn own_name(raw: &str) -> Result<String, NameFault> {
    let name = raw.trim().trim_end_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        let is_edge_good = !label.starts_with('-') && !label.ends_with('-');
        is_edge_good && (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    let labels: Vec<&str> = name.split('.').collect();
    if name.len() > 253 || !labels.iter().copied().all(is_label) {
        return Err(NameFault::Form);
    }
    match labels.as_slice() {
        [] | [_] => Err(NameFault::Shared),
        _ if REGISTRIES.contains(&name.as_str()) => Err(NameFault::Shared),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_many_have_names_under_is_nobody_s_own() {
        for (raw, expect) in [
            ("org", Err(NameFault::Shared)),
            ("localhost", Err(NameFault::Shared)),
            ("org.uk", Err(NameFault::Shared)),
            ("GOV.UK.", Err(NameFault::Shared)),
            ("com.au", Err(NameFault::Shared)),
            ("trafford.gov.uk", Ok("trafford.gov.uk")),
            ("Example.org", Ok("example.org")),
            ("example.uk", Ok("example.uk")),
            ("co.example", Ok("co.example")),
            ("mail_1.example.org", Ok("mail_1.example.org")),
            ("", Err(NameFault::Form)),
            ("example..org", Err(NameFault::Form)),
            ("exa mple.org", Err(NameFault::Form)),
            ("-example.org", Err(NameFault::Form)),
            ("münchen.de", Err(NameFault::Form)),
        ] {
            assert_eq!(own_name(raw).as_deref(), expect.as_ref().copied(), "{raw}");
        }
    }
}
