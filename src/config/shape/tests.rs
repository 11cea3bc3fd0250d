//! Whatever stands in a file, what comes out has the right shape, and something is said where it had not.

use super::*;
use crate::config::files::{BoardwatchFile, SourceFile, SubscriptionsFile, schema_of};
use proptest::prelude::*;
use serde::de::DeserializeOwned;

/// Whether a file of type `T` was good as it stood; panics where what comes out is not a `T`.
fn is_good<T: DeserializeOwned + schemars::JsonSchema>(text: &str) -> bool {
    let mut document = Document::new("file.toml".into(), text.to_owned());
    let value = shaped(&mut document, &schema_of::<T>());
    let typed = serde_json::from_value::<T>(value.clone());
    assert!(typed.is_ok(), "{:?} from {value:#}", typed.err());
    document.take_faults().is_empty()
}

/// A value of some kind, as it might stand in a file.
fn any_value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "-1",
        "99999999999999999999",
        "0xff",
        "1.5",
        "nan",
        "true",
        "\"smtp\"",
        "\"\"",
        "'x'",
        "07:30:00",
        "2026-11-21",
        "[]",
        "[1, \"a\", []]",
        "[{}]",
        "[{ address = 1 }]",
        "{}",
        "{ host = 1 }",
        "{ subscriber = [] }",
        "soon",
        "\"",
        "[",
        "{",
    ])
}

/// A key that some file has, or none.
fn any_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "site",
        "poll",
        "mail",
        "mail.smtp",
        "mail.smtp.port",
        "mail.only_to",
        "mail.transport",
        "poll.every",
        "feeds.items_min",
        "council",
        "title",
        "url",
        "topics",
        "platform",
        "select",
        "select.remove",
        "reread",
        "note",
        "subscriber",
        "\"a.b\"",
        "évry",
        "",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_keys_with_any_values_come_out_in_shape(lines in prop::collection::vec((any_key(), any_value()), 0..8)) {
        let text = lines.iter().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join("\n");
        is_good::<BoardwatchFile>(&text);
        is_good::<SourceFile>(&text);
        is_good::<SubscriptionsFile>(&text);
    }

    #[test]
    fn a_file_torn_anywhere_comes_out_in_shape(from in 0usize..4000, length in 0usize..200, insert in "[\\[\\]{}=\"'\n.#a1é]{0,6}") {
        for (text, read) in [
            (include_str!("../../../config/boardwatch.toml"), is_good::<BoardwatchFile> as fn(&str) -> bool),
            (include_str!("../../../config/subscriptions/scrutiny-office.toml"), is_good::<SubscriptionsFile>),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let from = from % chars.len();
            let torn: String = chars[..from].iter().copied().chain(insert.chars()).chain(chars[from..].iter().skip(length).copied()).collect();
            read(&torn);
            prop_assert!(read(text));
        }
    }

    #[test]
    fn any_text_comes_out_in_shape(text in ".{0,200}") {
        is_good::<SubscriptionsFile>(&text);
    }
}

#[test]
fn a_stand_in_is_never_reported_itself() {
    let text = "council = 1\ntitle = \"Updates\"\nurl = true\n";
    let mut document = Document::new("file.toml".into(), text.to_owned());
    shaped(&mut document, &schema_of::<SourceFile>());
    assert!(!document.is_sound("council") && !document.is_sound("url") && document.is_sound("title"));
    document.fault("url", Problem::new("not a web address"));
    let messages: Vec<String> = document.take_faults().into_iter().map(|fault| fault.message).collect();
    assert_eq!(messages, ["`council` must be a text in quotes, not an integer", "`url` must be a text in quotes, not a boolean"]);
}

/// The example file with one of its commented keys given as it stands there, one after another.
#[test]
fn each_key_that_the_example_leaves_out_may_be_given_as_it_shows() {
    let text = include_str!("../../../config/boardwatch.toml");
    let lines: Vec<&str> = text.lines().collect();
    let given = |line: &str| {
        let line = line.strip_prefix("# ")?;
        let (name, value) = line.split_once(" = ")?;
        let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_name && !value.is_empty()).then(|| line.to_owned())
    };
    let mut tried = 0;
    for (at, line) in lines.iter().enumerate() {
        let is_in_a_table =
            lines[..at].iter().rev().take_while(|before| !before.is_empty()).all(|before| !before.starts_with("# ["));
        let Some(line) = given(line).filter(|_| is_in_a_table) else { continue };
        let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        lines[at].clone_from(&line);
        assert!(is_good::<BoardwatchFile>(&lines.join("\n")), "{line}");
        tried += 1;
    }
    assert!(tried > 0);
}
