//! Bytes to text: byte order mark, header, meta or XML declaration, strict UTF-8, then windows-1252 (WHATWG Encoding §4.2,
//! HTML §13.2.3), with two exceptions where the bytes themselves prove the label wrong.
//!
//! Servers send a site-wide default in the header that the page knows nothing of: Idox answers `charset=ISO-8859-1` with
//! UTF-8 pages. Text in windows-1252 that is, by chance, valid UTF-8 beyond ASCII does not occur in English, so valid
//! multi-byte UTF-8 beats a windows-1252 label; and a UTF-8 label over bytes of which not one sequence is UTF-8 means
//! windows-1252. In every other disagreement the standard's order holds.

mod prescan;
#[cfg(test)]
mod tests;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// A body as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The characters, without a byte order mark and zero characters.
    pub text: String,
    /// The WHATWG name of the encoding that was used.
    pub encoding: &'static str,
    /// Some bytes were not in that encoding and became U+FFFD.
    pub replaced: bool,
}

/// Decodes a whole body; answers for any bytes.
#[must_use]
pub fn decode(body: &[u8], content_type: Option<&str>) -> Decoded {
    let encoding = encoding_of(body, content_type);
    let (text, replaced) = encoding.decode_with_bom_removal(body);
    // A parser reports and drops each zero character by itself, which takes minutes for a body of nothing else.
    let text = if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() };
    Decoded { text, encoding: encoding.name(), replaced }
}

fn encoding_of(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding;
    }
    if let Some(encoding) = wide(body) {
        return encoding;
    }
    let label = content_type.and_then(charset).or_else(|| prescan::declared(body).map(in_ascii));
    match (label, utf8(body)) {
        (None, Utf8::Ascii | Utf8::Valid) => UTF_8,
        (None, Utf8::Mixed | Utf8::Not) => WINDOWS_1252,
        (Some(named), Utf8::Valid) if named == WINDOWS_1252 => UTF_8,
        (Some(named), Utf8::Not) if named == UTF_8 => WINDOWS_1252,
        (Some(named), _) => named,
    }
}

/// The `charset` parameter of a `Content-Type`, where it names an encoding that exists.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let (_, parameters) = content_type.split_once(';')?;
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(value.as_bytes())).flatten()
    })
}

/// A declaration that could be read byte by byte is not in UTF-16, whatever it says (HTML §13.2.3.2 step 2.13).
fn in_ascii(declared: &'static Encoding) -> &'static Encoding {
    if declared == UTF_16LE || declared == UTF_16BE {
        UTF_8
    } else if declared == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        declared
    }
}

/// UTF-16 without a byte order mark: markup whose first two characters have a zero byte each.
fn wide(body: &[u8]) -> Option<&'static Encoding> {
    match body {
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// How far bytes are UTF-8.
enum Utf8 {
    /// Nothing beyond ASCII.
    Ascii,
    /// Throughout, except perhaps for a last character that was cut.
    Valid,
    /// Some multi-byte sequences, some stray bytes.
    Mixed,
    /// Not one multi-byte sequence, but bytes beyond ASCII.
    Not,
}

fn utf8(body: &[u8]) -> Utf8 {
    if body.is_ascii() {
        return Utf8::Ascii;
    }
    if std::str::from_utf8(body).is_ok() {
        return Utf8::Valid;
    }
    let (mut beyond_ascii, mut stray) = (false, false);
    let mut chunks = body.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        beyond_ascii |= !chunk.valid().is_ascii();
        let cut_at_the_end =
            chunks.peek().is_none() && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        stray |= !chunk.invalid().is_empty() && !cut_at_the_end;
    }
    match (beyond_ascii, stray) {
        (true, false) => Utf8::Valid,
        (true, true) => Utf8::Mixed,
        (false, _) => Utf8::Not,
    }
}
