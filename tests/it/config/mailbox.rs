//! `[mail.returns.imap]`: what a mailbox needs, and where it is said that something is missing.

use super::{Folder, SITE, check};
use boardwatch::config::Disposal;

const IMAP: &str = "[mail]\ntransport = \"smtp\"\n[mail.returns.imap]\nhost = \"imap.example.org\"\n";

#[test]
fn a_mailbox_is_read_with_its_secret_and_none_by_a_copy_that_sends_nothing() {
    let mut folder = Folder::new(&[(
        "boardwatch.toml",
        &format!("{SITE}{IMAP}username = \"bounces\"\npassword_env = \"IMAP\"\nthen = \"move\"\nmove_to = \"Done\"\n"),
    )]);
    folder.env.insert("IMAP".into(), "open sesame".into());
    let imap = folder.config().mail.returns.imap.unwrap();
    assert_eq!((imap.host.as_str(), imap.port, imap.mailbox.as_str()), ("imap.example.org", 993, "INBOX"));
    assert_eq!((imap.login.password.expose(), imap.disposal), ("open sesame", Disposal::MoveTo("Done".into())));
    let without = format!("{SITE}{IMAP}username = \"bounces\"\npassword_env = \"NONE\"\n").replace("\"smtp\"", "\"file\"");
    assert_eq!(Folder::new(&[("boardwatch.toml", &without)]).config().mail.returns.imap, None);
}

#[test]
fn a_mailbox_without_an_owner_and_a_move_to_nowhere_are_faults() {
    check(
        &format!("{SITE}{IMAP}"),
        &["boardwatch.toml:5:1: a mailbox is somebody's\n    `username`, and `password_file` or `password_env`"],
    );
    check(
        &format!("{SITE}{IMAP}username = \"bounces\"\npassword_env = \"NONE\"\nthen = \"move\"\nmailbox = \"Entwürfe\"\n"),
        &[
            "boardwatch.toml:5:1: must not be empty",
            "boardwatch.toml:8:16: the environment holds no `NONE`",
            "boardwatch.toml:10:11: `Entwürfe` is not ASCII\n    in its IMAP form: \"Entw&APw-rfe\" for \"Entwürfe\"",
        ],
    );
}
