//! What the documents name is there.

use super::{files_below, root};
use std::fs;
use std::path::PathBuf;

/// The documents, with their text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut found = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    files_below(&root().join("docs"), "md", &mut found);
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// The words between single backticks, outside blocks of code.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("\n```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut seen = 0;
    for (document, text) in documents() {
        for path in quoted(&text) {
            let is_ours =
                ["src/", "tests/", "docs/", "config/", "schema/", "templates/", ".ci/"].iter().any(|d| path.starts_with(d));
            let is_pattern = path.contains(['*', '<', '…', ' ']);
            if is_ours && !is_pattern {
                seen += 1;
                assert!(root().join(path).exists(), "{} names {path}", document.display());
            }
        }
    }
    assert!(seen > 30, "only {seen} paths were seen");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for (document, text) in documents() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap();
            if !path.is_empty() && !path.contains(':') {
                assert!(document.parent().unwrap().join(path).exists(), "{} links to {target}", document.display());
            }
        }
    }
}

/// The key table of the architecture is the store's, record by record.
#[test]
fn the_key_table_lists_every_record_of_the_store() {
    let table = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let read = |path: String| fs::read_to_string(root().join(path)).unwrap();
    let folder = ["outbox", "people", "returns"].map(|name| format!("src/store/records/{name}.rs"));
    let records = folder.map(read).concat() + &read("src/store/records.rs".to_owned());
    let keys: Vec<&str> =
        records.lines().filter_map(|line| line.strip_prefix("/// `")).filter_map(|rest| rest.split('`').next()).collect();
    assert!(keys.len() > 10, "{keys:?}");
    for key in keys {
        assert!(table.contains(&format!("| `{key}` |")), "docs/architecture.md has no row for `{key}`");
    }
}

/// What an admin can type is in the README.
#[test]
fn the_readme_names_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_boardwatch")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        assert!(readme.contains(&format!("| `{name}")), "README.md has no row for `{name}`");
    }
}
