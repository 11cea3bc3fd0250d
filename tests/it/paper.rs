//! What a shell and a manual reader are given follows the command line by itself.

use std::process::Command;

fn said(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_boardwatch")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_manual_tells_of_every_command_with_its_options() {
    let manual = said(&["man"]).replace("\\-", "-");
    for page in ["boardwatch", "boardwatch-once", "boardwatch-source", "boardwatch-source-add", "boardwatch-source-test"] {
        assert!(manual.contains(&format!(".TH {page} 1")), "no page {page}");
    }
    for option in ["--dry-run", "--council", "--explain"] {
        assert!(manual.contains(option), "no {option}");
    }
}

#[test]
fn shells_complete_the_commands_of_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&["completions", shell]);
        assert!(script.contains("dry-run") && script.contains("absorb"), "{shell}");
    }
}
