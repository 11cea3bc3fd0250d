//! Every way in which a page's charset can be stated, missing or wrong.

use super::*;
use proptest::prelude::*;

fn check(body: &[u8], content_type: Option<&str>, encoding: &str, text: &str) {
    let decoded = decode(body, content_type);
    assert_eq!(
        (decoded.encoding, decoded.text.as_str()),
        (encoding, text),
        "{content_type:?} {:?}",
        body.escape_ascii().to_string()
    );
}

#[test]
fn a_byte_order_mark_beats_header_and_meta() {
    check(b"\xef\xbb\xbf\xc2\xa35", Some("text/html; charset=windows-1252"), "UTF-8", "£5");
    check(b"\xff\xfe<\0p\0>\0\xa3\0", Some("text/html; charset=utf-8"), "UTF-16LE", "<p>£");
    check(b"\xfe\xff\0<\0p\0>\0\xa3", None, "UTF-16BE", "<p>£");
}

#[test]
fn utf_16_is_seen_without_a_mark() {
    check(b"<\0p\0>\0\x19\x20", None, "UTF-16LE", "<p>’");
    check(b"\0<\0p\0>\x20\x19", Some("text/html"), "UTF-16BE", "<p>’");
}

#[test]
fn the_header_beats_the_meta_element() {
    check(
        b"<meta charset=windows-1251>\xa3",
        Some("text/html; charset=iso-8859-1"),
        "windows-1252",
        "<meta charset=windows-1251>£",
    );
    check(b"\xe3\xb3", Some("text/html;CHARSET=\"KOI8-R\" "), "KOI8-R", "ЦЁ");
}

#[test]
fn latin_1_means_windows_1252() {
    check(b"\x91Signs of Safety\x92 \x96 \xa3", Some("text/html; charset=ISO-8859-1"), "windows-1252", "‘Signs of Safety’ – £");
    check(b"caf\xe9", Some("text/html; charset=us-ascii"), "windows-1252", "café");
}

#[test]
fn a_latin_1_header_over_a_utf_8_page_is_the_servers_default() {
    let page = "<meta charset=utf-8><p>Children’s Services";
    check(page.as_bytes(), Some("text/html;charset=ISO-8859-1"), "UTF-8", page);
    check("Children’s".as_bytes(), Some("text/html;charset=ISO-8859-1"), "UTF-8", "Children’s");
}

#[test]
fn a_utf_8_label_over_windows_1252_bytes_is_wrong() {
    check(b"Children\x92s \xa35m", Some("text/html; charset=utf-8"), "windows-1252", "Children’s £5m");
    check(b"<meta charset=utf-8>\xa3", None, "windows-1252", "<meta charset=utf-8>£");
}

#[test]
fn a_stray_byte_in_utf_8_is_replaced_and_said() {
    let decoded = decode(b"\xe2\x80\x99 and \x92", Some("text/html; charset=utf-8"));
    assert_eq!((decoded.text.as_str(), decoded.replaced), ("’ and \u{fffd}", true));
    let cut = decode(b"Children\xe2\x80\x99s \xe2\x80", None);
    assert_eq!((cut.encoding, cut.text.as_str()), ("UTF-8", "Children’s \u{fffd}"));
}

#[test]
fn the_document_names_its_encoding_in_many_spellings() {
    for declaration in [
        "<meta charset=windows-1251>",
        "<META CHARSET = 'windows-1251' />",
        "<html><head><title>a > b</title><meta content=\"text/html; charset=windows-1251\" http-equiv=Content-Type>",
        "<meta http-equiv='Content-Type' content='text/html;charset=windows-1251'>",
        "<!-- <meta charset=utf-8> --><meta charset=\"windows-1251\">",
        "<meta name=x content='charset=utf-8'><meta charset=cp1251>",
        "<div data-a='<meta charset=utf-8>'><meta charset=cp1251>",
        "<?xml version=\"1.0\" encoding='windows-1251'?><rss>",
        "\n<?xml version='1.0' encoding = \"windows-1251\" standalone=\"yes\"?>",
    ] {
        let body = [declaration.as_bytes(), b"\xcf"].concat();
        assert_eq!(decode(&body, Some("text/html")).encoding, "windows-1251", "{declaration}");
    }
    let late = [b"<!--".as_slice(), &[b' '; 2000], b"--><meta charset=windows-1251>\xcf"].concat();
    assert_eq!(decode(&late, None).encoding, "windows-1251");
}

#[test]
fn a_declaration_of_utf_16_that_can_be_read_as_ascii_is_utf_8() {
    check("<meta charset=utf-16>’".as_bytes(), None, "UTF-8", "<meta charset=utf-16>’");
}

#[test]
fn without_a_label_it_is_utf_8_or_else_windows_1252() {
    check("– £ ’".as_bytes(), None, "UTF-8", "– £ ’");
    check(b"\x96 \xa3 \x92", Some("text/html"), "windows-1252", "– £ ’");
    check(b"plain", Some("text/html; charset=no-such-thing"), "UTF-8", "plain");
    check(b"", None, "UTF-8", "");
}

proptest! {
    #[test]
    fn any_bytes_and_any_label_give_text(body in proptest::collection::vec(any::<u8>(), 0..600), label in ".{0,40}") {
        let _ = decode(&body, Some(&label));
        let _ = decode(&[b"<meta ".as_slice(), &body].concat(), None);
        let _ = decode(&[b"<?xml ".as_slice(), &body].concat(), None);
    }

    #[test]
    fn any_text_survives_utf_8_without_a_label(text in "\\PC{0,200}") {
        prop_assume!(!text.starts_with(['<', '{', '\u{feff}']));
        prop_assert_eq!(decode(text.as_bytes(), None).text, text);
    }
}
