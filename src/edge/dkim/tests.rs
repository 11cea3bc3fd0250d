//! Signatures that receivers accept: over the octets that leave, over every header that matters, by keys that are some.

use super::key::Algorithm;
use super::*;
use std::io::Write as _;
use std::process::{Command, Stdio};

const MESSAGE: &[u8] = b"From: Watch <updates@example.org>\r\nTo: r@example.org\r\nSubject: A long subject that goes\r\n on and on\r\nContent-Type: multipart/alternative;\r\n boundary=x\r\n\r\nBody  with   spaces \r\n\r\n\r\n";

fn settings(folder: &tempfile::TempDir, selector: &str, key: &str) -> DkimSettings {
    let private_key_file = folder.path().join(selector);
    std::fs::write(&private_key_file, key).unwrap();
    DkimSettings { selector: selector.to_owned(), domain: "example.org".to_owned(), private_key_file }
}

fn load(keys: &[&str]) -> Result<Dkim, DkimError> {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<_> = keys.iter().enumerate().map(|(n, key)| settings(&folder, &format!("s{}", n + 1), key)).collect();
    Dkim::load(&all)
}

fn ed25519() -> Dkim {
    load(&[&format!("{}\n", STANDARD.encode([7; 32]))]).unwrap()
}

/// The tags of the first signature.
fn tags(signed: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8(signed.to_vec()).unwrap().replace("\r\n ", " ");
    let header = text.lines().next().unwrap().strip_prefix("DKIM-Signature: ").unwrap().to_owned();
    header.split(';').map(|t| t.trim().split_once('=').unwrap()).map(|(n, v)| (n.to_owned(), v.replace(' ', ""))).collect()
}

#[test]
fn a_signed_message_is_the_message_with_one_header_a_key_on_top() {
    let signed = ed25519().sign(MESSAGE);
    assert!(signed.starts_with(b"DKIM-Signature: v=1; a=ed25519-sha256; d=example.org; s=s1;"));
    assert!(signed.ends_with(MESSAGE));
    assert!(signed.split(|b| *b == b'\n').all(|line| line.len() <= 160));
    let (rsa, ed25519) = (Key::generate(Algorithm::Rsa).unwrap(), Key::generate(Algorithm::Ed25519).unwrap());
    let signed = String::from_utf8(load(&[&rsa, &ed25519]).unwrap().sign(MESSAGE)).unwrap();
    let algorithms: Vec<_> = signed.lines().filter_map(|line| line.strip_prefix("DKIM-Signature: v=1; a=")).collect();
    assert_eq!(algorithms, ["rsa-sha256; d=example.org; s=s1;", "ed25519-sha256; d=example.org; s=s2;"]);
}

#[test]
fn the_signature_covers_what_mail_programs_act_on_and_forbids_additions() {
    let tags = tags(&ed25519().sign(MESSAGE));
    let value = |name: &str| tags.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(value("c"), "relaxed/relaxed");
    assert!(!tags.iter().any(|(name, _)| name == "l"));
    let covered = value("h");
    let times = |name: &str| covered.split(':').filter(|h| *h == name).count();
    for name in ["From", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"] {
        assert_eq!(times(name), 2, "{name} in {covered}");
    }
    assert_eq!(times("Content-Type"), 1, "{covered}");
}

#[test]
fn any_change_to_body_or_covered_header_or_an_added_one_breaks_the_signature() {
    for key in [Key::generate(Algorithm::Rsa).unwrap(), Key::generate(Algorithm::Ed25519).unwrap()] {
        let public = Key::parse(&key).unwrap().public();
        let signed = String::from_utf8(load(&[&key]).unwrap().sign(MESSAGE)).unwrap();
        let verify = |text: &str| check::verify(text.as_bytes(), &public);
        assert_eq!(verify(&signed), Ok(()));
        assert_eq!(verify(&signed.replace("Body  with", "Body with")), Ok(()), "what relays may do is forgiven");
        for (what, other) in [
            ("body", signed.replace("Body", "Bode")),
            ("header", signed.replace("boundary=x", "boundary=y")),
            ("second To", signed.replace("\r\n\r\nBody", "\r\nTo: somebody@example.net\r\n\r\nBody")),
            ("added header", signed.replace("\r\n\r\nBody", "\r\nList-Unsubscribe: <https://evil.example>\r\n\r\nBody")),
            ("selector", signed.replace("s=s1", "s=s2")),
        ] {
            assert!(verify(&other).is_err(), "{what}");
        }
        let another = Key::parse(&Key::generate(public.algorithm).unwrap()).unwrap().public();
        assert!(check::verify(signed.as_bytes(), &another).is_err());
    }
}

/// dkimpy, where it is installed, is an outside judge.
#[test]
fn an_outside_verifier_accepts_every_signature() {
    const JUDGE: &str = "import sys, dkim\nkeys = dict(l.split(' ', 1) for l in sys.argv[1].splitlines())\n\
d = dkim.DKIM(sys.stdin.buffer.read())\nn = int(sys.argv[2])\n\
sys.exit(0 if all(d.verify(idx=i, dnsfunc=lambda name, timeout=5: keys[name.decode().rstrip('.')].encode()) for i in range(n)) else 1)";
    if !Command::new("python3").args(["-c", "import dkim, nacl"]).stderr(Stdio::null()).status().is_ok_and(|s| s.success()) {
        println!("dkimpy with PyNaCl is not here: no outside verifier was asked");
        return;
    }
    let keys = [Algorithm::Rsa, Algorithm::Ed25519].map(|algorithm| Key::generate(algorithm).unwrap());
    let records = keys
        .iter()
        .enumerate()
        .map(|(n, key)| format!("s{}._domainkey.example.org {}\n", n + 1, Key::parse(key).unwrap().public().record()));
    let records: String = records.collect();
    let signed = load(&[&keys[0], &keys[1]]).unwrap().sign(MESSAGE);
    let verdict = |message: &[u8]| {
        let mut judge = Command::new("python3").args(["-c", JUDGE, &records, "2"]).stdin(Stdio::piped()).spawn().unwrap();
        judge.stdin.take().unwrap().write_all(message).unwrap();
        judge.wait().unwrap().success()
    };
    assert!(verdict(&signed));
    let altered = String::from_utf8(signed).unwrap().replace("Body", "Bode");
    assert!(!verdict(altered.as_bytes()));
}

#[test]
fn a_key_reads_in_every_form_that_people_have_it_in() {
    // Made by `openssl genrsa -traditional 2048`, and by `openssl pkcs8 -topk8 -nocrypt` and `openssl rsa -pubout` from it.
    let made = Key::generate(Algorithm::Rsa).unwrap();
    let public = Key::parse(&made).unwrap().public();
    let folder = tempfile::tempdir().unwrap();
    let (pkcs8, pkcs1) = (folder.path().join("pkcs8"), folder.path().join("pkcs1"));
    std::fs::write(&pkcs8, &made).unwrap();
    let openssl = Command::new("openssl").arg("rsa").arg("-traditional").arg("-in").arg(&pkcs8).arg("-out").arg(&pkcs1).output();
    if openssl.is_ok_and(|done| done.status.success()) {
        let traditional = std::fs::read_to_string(&pkcs1).unwrap();
        assert!(traditional.starts_with("-----BEGIN RSA PRIVATE KEY-----"));
        assert_eq!(Key::parse(&traditional).unwrap().public(), public);
    } else {
        println!("openssl is not here: PKCS#1 was not tried");
    }
    // RFC 8463, appendix A.2.
    let seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    let key = Key::parse(seed).unwrap().public();
    assert_eq!(key.record(), "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

#[test]
fn a_key_that_is_none_is_refused_at_once() {
    let refused = load(&["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]);
    assert!(matches!(refused, Err(DkimError::Key { .. })));
    assert!(matches!(load(&["not base64!"]), Err(DkimError::Key { .. })));
    let missing = DkimSettings { selector: "s".to_owned(), domain: "d".to_owned(), private_key_file: "/nowhere/key".into() };
    assert!(matches!(Dkim::load([&missing]), Err(DkimError::Read { .. })));
}

#[test]
fn a_record_fits_into_strings_that_dns_can_carry() {
    let public = Key::parse(&Key::generate(Algorithm::Rsa).unwrap()).unwrap().public();
    let line = public.zone_line("boardwatch", "example.org");
    assert!(line.starts_with("boardwatch._domainkey.example.org. IN TXT ( \"v=DKIM1; k=rsa; p=MII"), "{line}");
    let strings: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    assert!(strings.len() > 1 && strings.iter().all(|s| s.len() <= 255), "{line}");
    assert_eq!(strings.concat(), public.record());
}
