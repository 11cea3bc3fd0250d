//! A signature that receivers accept: over the octets that leave, over every header that matters, by a key that is one.

use super::*;
use base64::Engine as _;

const MESSAGE: &[u8] = b"From: Watch <updates@example.org>\r\nTo: r@example.org\r\nSubject: A long subject that goes\r\n on and on\r\nContent-Type: multipart/alternative;\r\n boundary=x\r\n\r\nBody  with   spaces \r\n\r\n\r\n";

fn load(key: &str) -> Result<Dkim, DkimError> {
    let folder = tempfile::tempdir().unwrap();
    let private_key_file = folder.path().join("key");
    std::fs::write(&private_key_file, key).unwrap();
    Dkim::load(&DkimSettings { selector: "s1".to_owned(), domain: "example.org".to_owned(), private_key_file })
}

fn ed25519() -> Dkim {
    load(&format!("{}\n", base64::engine::general_purpose::STANDARD.encode([7; 32]))).unwrap()
}

/// The signature's tags.
fn tags(signed: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8(signed.to_vec()).unwrap().replace("\r\n ", " ");
    let header = text.lines().next().unwrap().strip_prefix("DKIM-Signature: ").unwrap().to_owned();
    header.split(';').map(|t| t.trim().split_once('=').unwrap()).map(|(n, v)| (n.to_owned(), v.replace(' ', ""))).collect()
}

#[test]
fn a_signed_message_is_the_message_with_one_header_on_top() {
    let signed = ed25519().sign(MESSAGE);
    assert!(signed.starts_with(b"DKIM-Signature: v=1; a=ed25519-sha256; d=example.org; s=s1;"));
    assert!(signed.ends_with(MESSAGE));
    assert!(signed.split(|b| *b == b'\n').all(|line| line.len() <= 998));
}

#[test]
fn the_signature_covers_what_mail_programs_act_on_and_forbids_additions() {
    let tags = tags(&ed25519().sign(MESSAGE));
    let value = |name: &str| tags.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(value("c"), "relaxed/relaxed");
    assert!(!tags.iter().any(|(name, _)| name == "l"));
    let covered = value("h");
    let times = |name: &str| covered.split(':').filter(|h| *h == name).count();
    for name in ["from", "to", "subject", "date", "list-unsubscribe", "list-unsubscribe-post"] {
        assert_eq!(times(name), 2, "{name} in {covered}");
    }
    assert_eq!(times("content-type"), 1, "{covered}");
}

#[test]
fn any_change_to_body_or_covered_header_changes_what_is_signed() {
    let dkim = ed25519();
    let signature =
        |message: &[u8]| tags(&dkim.sign(message)).into_iter().filter(|(n, _)| n == "b" || n == "bh").collect::<Vec<_>>();
    let text = std::str::from_utf8(MESSAGE).unwrap();
    assert_ne!(signature(MESSAGE), signature(text.replace("Body", "Bode").as_bytes()));
    assert_ne!(signature(MESSAGE), signature(text.replace("boundary=x", "boundary=y").as_bytes()));
}

#[test]
fn a_key_that_is_none_is_refused_at_once_with_the_way_to_mend_it() {
    let refused = load("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap_err();
    assert!(refused.to_string().contains("openssl rsa -traditional"), "{refused}");
    assert!(matches!(load("not base64!"), Err(DkimError::Key { .. })));
    let missing = DkimSettings { selector: "s".to_owned(), domain: "d".to_owned(), private_key_file: "/nowhere/key".into() };
    assert!(matches!(Dkim::load(&missing), Err(DkimError::Read { .. })));
}
