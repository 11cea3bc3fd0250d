//! Words of a header that a mail program would take for encoded ones, encoded so that they show as they are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// An encoded word is at most 75 characters with its marks (RFC 2047 §2): so many octets of text, in whole thirds.
const OCTETS_MAX: usize = 45;

/// The words as encoded ones, a line each, where they hold what opens an encoded word; `None` where they may stand.
pub(super) fn of(words: &str) -> Option<String> {
    if !words.contains("=?") {
        return None;
    }
    let mut chunks: Vec<String> = Vec::new();
    for c in words.chars() {
        match chunks.last_mut().filter(|chunk| chunk.len() + c.len_utf8() <= OCTETS_MAX) {
            Some(chunk) => chunk.push(c),
            None => chunks.push(c.to_string()),
        }
    }
    let encoded: Vec<String> = chunks.iter().map(|chunk| format!("=?utf-8?b?{}?=", STANDARD.encode(chunk))).collect();
    Some(encoded.join("\r\n "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_encoded_are_shown_as_they_are() {
        assert_eq!(of("Board update = ready?"), None);
        assert_eq!(of("Council: =?utf-8?q?x?=").as_deref(), Some("=?utf-8?b?Q291bmNpbDogPT91dGYtOD9xP3g/PQ==?="));
        let long = of(&"=?ä".repeat(40)).unwrap();
        assert!(long.lines().all(|line| line.trim_start().len() <= 75), "{long}");
        let parts =
            long.split("\r\n ").map(|word| word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")).unwrap());
        let decoded: String = parts.map(|part| String::from_utf8(STANDARD.decode(part).unwrap()).unwrap()).collect();
        assert_eq!(decoded, "=?ä".repeat(40));
    }
}
