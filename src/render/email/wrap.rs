//! Lines for the plain text part: at most 76 columns (RFC 5322 §2.1.1 asks for 78), addresses never broken.

/// Widest line, in characters.
const COLUMNS: usize = 76;

/// Wraps every line at spaces, under its own indent; after "- " the text hangs under itself. An address stays whole, for
/// a broken one cannot be followed; any other overlong word is cut.
pub(super) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut blank_lines = 1;
    for line in text.lines() {
        let line = line.trim_end();
        // Optional blocks of a template leave several blank lines behind each other.
        blank_lines = if line.is_empty() { blank_lines + 1 } else { 0 };
        if blank_lines <= 1 {
            wrap_line(line, &mut out);
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn wrap_line(line: &str, out: &mut String) {
    let body = line.trim_start();
    let first = line.len() - body.len();
    let hanging = first + if body.starts_with("- ") { 2 } else { 0 };
    let mut column = 0;
    for word in body.split(' ').filter(|w| !w.is_empty()).flat_map(pieces) {
        let width = word.chars().count();
        if column == 0 {
            out.push_str(&" ".repeat(first));
            column = first;
        } else if column + 1 + width > COLUMNS {
            out.push('\n');
            out.push_str(&" ".repeat(hanging));
            column = hanging;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(&word);
        column += width;
    }
    out.push('\n');
}

/// A word, cut where it could not stand on a line of its own.
fn pieces(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    if chars.len() <= COLUMNS - 10 || word.contains("://") {
        return vec![word.to_owned()];
    }
    chars.chunks(COLUMNS - 10).map(|c| c.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_a_terminal_and_no_word_is_lost() {
        let text = format!("- {}\n  {}\n\n\n\nend", "seven words of text that go on ".repeat(9), "x".repeat(300));
        let wrapped = wrap(&text);
        assert!(wrapped.lines().all(|l| l.chars().count() <= COLUMNS), "{wrapped}");
        assert!(wrapped.lines().nth(1).is_some_and(|l| l.starts_with("  ") && !l.starts_with("   ")), "{wrapped}");
        let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(letters(&wrapped), letters(&text));
        assert!(!wrapped.contains("\n\n\n"), "{wrapped}");
    }

    #[test]
    fn an_address_is_never_broken() {
        let url = format!("https://www.example.org/{}", "a/".repeat(60));
        assert!(wrap(&format!("  see {url} now")).contains(&url));
    }
}
