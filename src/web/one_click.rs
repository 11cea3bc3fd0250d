//! The body of a one-click request: `List-Unsubscribe=One-Click`, as a form in either encoding (RFC 8058 §3.2).

const FIELD: &str = "List-Unsubscribe";
const VALUE: &str = "One-Click";

/// Whether the body holds the pair.
pub(super) fn asks_to_end(content_type: &str, body: &[u8]) -> bool {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => {
            url::form_urlencoded::parse(body).any(|(name, value)| name == FIELD && value == VALUE)
        }
        "multipart/form-data" => boundary(parameters).is_some_and(|boundary| holds_part(body, &boundary)),
        _ => false,
    }
}

/// RFC 2046 §5.1.1.
fn boundary(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// RFC 7578 §4.2: a part whose name is the field's and whose content is the value.
fn holds_part(body: &[u8], boundary: &str) -> bool {
    let body = String::from_utf8_lossy(body).replace("\r\n", "\n");
    // The first delimiter has no line end before it.
    let body = format!("\n{body}");
    body.split(&format!("\n--{boundary}")).any(|part| {
        let Some((head, content)) = part.split_once("\n\n") else {
            return false;
        };
        let named = |line: &str| {
            let (header, value) = line.split_once(':').unwrap_or_default();
            header.eq_ignore_ascii_case("content-disposition")
                && value
                    .split(';')
                    .any(|parameter| parameter.trim().strip_prefix("name=").is_some_and(|name| name.trim_matches('"') == FIELD))
        };
        head.lines().any(named) && content.trim() == VALUE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_counts_in_both_encodings_and_nothing_else_does() {
        let check = |content_type: &str, body: &str, expect: bool| {
            assert_eq!(asks_to_end(content_type, body.as_bytes()), expect, "{content_type}: {body:?}");
        };
        let form = "application/x-www-form-urlencoded";
        check(form, "List-Unsubscribe=One-Click", true);
        check("Application/X-WWW-Form-Urlencoded; charset=utf-8", "a=b&List-Unsubscribe=One%2DClick", true);
        check(form, "", false);
        check(form, "List-Unsubscribe=no", false);
        check(form, "list-unsubscribe=One-Click", false);
        check("text/plain", "List-Unsubscribe=One-Click", false);
        check("", "List-Unsubscribe=One-Click", false);

        let part = "Content-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n";
        let multipart = format!("--b7\r\n{part}--b7--\r\n");
        check("multipart/form-data; boundary=b7", &multipart, true);
        check("multipart/form-data; charset=utf-8; boundary=\"b7\"", &format!("preamble\r\n{multipart}"), true);
        check("multipart/form-data; boundary=other", &multipart, false);
        check("multipart/form-data", &multipart, false);
        check("multipart/form-data; boundary=b7", &multipart.replace("One-Click", "Two-Click"), false);
        check("multipart/form-data; boundary=b7", &multipart.replace("name=", "filename="), false);
    }
}
