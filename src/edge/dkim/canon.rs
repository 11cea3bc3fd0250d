//! The octets that are signed: relaxed headers and body (RFC 6376 §3.4.2, §3.4.4).

use aws_lc_rs::digest::{SHA256, digest};
use std::borrow::Cow;

/// A message in its parts.
pub(super) struct Parsed<'a> {
    /// Name, and everything behind the colon without the last line end, folds and all.
    pub(super) fields: Vec<(&'a str, &'a [u8])>,
    pub(super) body: &'a [u8],
}

impl<'a> Parsed<'a> {
    /// `None` where the octets are no message.
    pub(super) fn read(message: &'a [u8]) -> Option<Self> {
        let end = memchr::memmem::find(message, b"\r\n\r\n")?;
        let (head, body) = (message.get(..end + 2)?, message.get(end + 4..)?);
        let mut fields = Vec::with_capacity(24);
        let mut start = 0;
        for line_end in memchr::memchr_iter(b'\n', head) {
            if matches!(head.get(line_end + 1), Some(b' ' | b'\t')) {
                continue;
            }
            let field = head.get(start..line_end + 1)?;
            start = line_end + 1;
            let colon = memchr::memchr(b':', field)?;
            let (name, value) = field.split_at_checked(colon)?;
            let value = value.get(1..)?;
            fields.push((std::str::from_utf8(name).ok()?.trim_end(), value.strip_suffix(b"\r\n").unwrap_or(value)));
        }
        Some(Self { fields, body })
    }

    /// The fields of `names` as they are signed; of several of one name, the last that was not taken yet (§5.4.2). What is
    /// absent adds nothing.
    pub(super) fn relaxed_headers(&self, names: &[&str]) -> Vec<u8> {
        let mut relaxed = Vec::with_capacity(2_048);
        let mut taken = vec![false; self.fields.len()];
        for name in names {
            let fields = self.fields.iter().zip(&mut taken).rev();
            let found = fields.filter(|(_, taken)| !**taken).find(|((field, _), _)| field.eq_ignore_ascii_case(name));
            if let Some(((field, value), taken)) = found {
                *taken = true;
                relaxed_field(&mut relaxed, field, value);
                relaxed.extend_from_slice(b"\r\n");
            }
        }
        relaxed
    }

    /// SHA-256 of the relaxed body.
    pub(super) fn body_hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.iter_mut().zip(digest(&SHA256, &relaxed_body(self.body)).as_ref()).for_each(|(to, from)| *to = *from);
        hash
    }
}

/// The body as it is signed (§3.4.4): runs of space and tab are one space, none stands before a line's end, and no empty
/// line at the end. What is relaxed already is not copied.
fn relaxed_body(body: &[u8]) -> Cow<'_, [u8]> {
    let mut relaxed = Vec::new();
    // Up to where `body` has been looked after.
    let mut done = 0;
    for at in memchr::memchr2_iter(b' ', b'\t', body) {
        let rest = body.get(at..).unwrap_or_default();
        if at < done || rest.first() == Some(&b' ') && rest.get(1).is_some_and(|next| !matches!(next, b' ' | b'\t' | b'\r')) {
            continue;
        }
        let spaces = rest.iter().position(|octet| !is_space(*octet)).unwrap_or(rest.len());
        let behind = rest.get(spaces..).unwrap_or_default();
        relaxed.reserve(if relaxed.capacity() == 0 { body.len() + 2 } else { 0 });
        relaxed.extend_from_slice(body.get(done..at).unwrap_or_default());
        if !behind.is_empty() && !behind.starts_with(b"\r\n") {
            relaxed.push(b' ');
        }
        done = at + spaces;
    }
    let mut whole = Cow::Borrowed(body);
    if done > 0 {
        relaxed.extend_from_slice(body.get(done..).unwrap_or_default());
        whole = Cow::Owned(relaxed);
    }
    if !whole.is_empty() && !whole.ends_with(b"\r\n") {
        whole.to_mut().extend_from_slice(b"\r\n");
    }
    let mut octets = whole.len();
    while whole.get(..octets).is_some_and(|lines| lines == b"\r\n" || lines.ends_with(b"\r\n\r\n")) {
        octets -= 2;
    }
    match whole {
        Cow::Borrowed(body) => Cow::Borrowed(body.get(..octets).unwrap_or_default()),
        Cow::Owned(mut relaxed) => {
            relaxed.truncate(octets);
            Cow::Owned(relaxed)
        }
    }
}

/// `name: value` as it is signed, without its line end.
pub(super) fn relaxed_field(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend(name.bytes().map(|b| b.to_ascii_lowercase()));
    out.push(b':');
    let begin = out.len();
    let start = value.iter().position(|b| !is_space(*b) && !matches!(b, b'\r' | b'\n')).unwrap_or(value.len());
    squeeze(out, value.get(start..).unwrap_or_default());
    while out.len() > begin && out.last() == Some(&b' ') {
        out.pop();
    }
}

/// Line ends within are taken out, runs of space and tab become one space.
fn squeeze(out: &mut Vec<u8>, text: &[u8]) {
    let mut was_space = false;
    for octet in text {
        match octet {
            b'\r' | b'\n' => {}
            b' ' | b'\t' => was_space = true,
            octet => {
                if std::mem::take(&mut was_space) {
                    out.push(b' ');
                }
                out.push(*octet);
            }
        }
    }
    if was_space {
        out.push(b' ');
    }
}

fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The relaxed body, word for word as RFC 6376 §3.4.4 has it.
    fn relaxed(body: &str) -> String {
        let mut lines: Vec<String> = body
            .split("\r\n")
            .map(|line| {
                let mut line = line.replace('\t', " ");
                while line.contains("  ") {
                    line = line.replace("  ", " ");
                }
                line.trim_end_matches(' ').to_owned()
            })
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect()
    }

    fn hash(body: &str) -> [u8; 32] {
        Parsed { fields: vec![], body: body.as_bytes() }.body_hash()
    }

    #[test]
    fn the_hash_of_an_empty_body_is_the_standards_own() {
        // RFC 6376 §3.4.4.
        use base64::Engine as _;
        assert_eq!(base64::engine::general_purpose::STANDARD.encode(hash("")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(hash("\r\n \r\n"), hash(""));
    }

    #[test]
    fn headers_are_relaxed_as_the_standard_shows() {
        // RFC 6376 §3.4.5.
        let parsed = Parsed::read(b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n").unwrap();
        assert_eq!(parsed.relaxed_headers(&["A", "B", "b", "absent"]), b"a:X\r\nb:Y Z\r\n");
        assert_eq!(parsed.body_hash(), hash(" C\r\nD E\r\n"));
    }

    #[test]
    fn of_several_headers_of_one_name_the_last_is_signed_first() {
        let parsed = Parsed::read(b"To: a\r\nTo: b\r\n\r\n").unwrap();
        assert_eq!(parsed.relaxed_headers(&["To"]), b"to:b\r\n");
        assert_eq!(parsed.relaxed_headers(&["To", "to", "To"]), b"to:b\r\nto:a\r\n");
    }

    proptest! {
        #[test]
        fn the_body_that_is_hashed_is_the_relaxed_one(lines in prop::collection::vec("[ \\ta.]{0,6}", 0..12), is_whole: bool) {
            let mut body = lines.join("\r\n");
            if is_whole {
                body.push_str("\r\n");
            }
            let expected = digest(&SHA256, relaxed(&body).as_bytes());
            prop_assert_eq!(&hash(&body)[..], expected.as_ref(), "{:?}", body);
        }
    }
}
