//! Addresses that hand a file out without naming its kind: `/download_file/view/71/411`, `/getmedia/0b7c/minutes`,
//! `/file/9903/download`, `GetDoc.ashx?id=12`.

use url::Url;

/// Parts of a path below which there are files alone.
const FOLDERS: &[&str] = &["attachment", "attachments", "download", "download_file", "getattachment", "getmedia"];
/// What is called with the number of a file.
const CALLS: &[&str] = &[
    "downloaddocument",
    "downloadfile",
    "download_file",
    "filedownload",
    "getattachment",
    "getdoc",
    "getdocument",
    "getfile",
    "getmedia",
    "showdocument",
    "viewdocument",
];
/// Folders of things that can be downloaded.
const HOLDERS: &[&str] = &["asset", "assets", "attachment", "attachments", "document", "documents", "file", "files", "media"];

/// Whether an address is of that kind.
pub(super) fn hands_out(url: &Url) -> bool {
    let mut parts = url.path_segments().into_iter().flatten();
    let Some(last) = parts.next_back() else { return false };
    let is = |part: &str, known: &[&str]| known.iter().any(|known| part.eq_ignore_ascii_case(known));
    let (mut before, mut held) = ("", false);
    for part in parts {
        let in_downloads = before.eq_ignore_ascii_case("downloads") && part.eq_ignore_ascii_case("file");
        if in_downloads || is(part, FOLDERS) || is(part, CALLS) {
            return true;
        }
        held |= is(part, HOLDERS);
        before = part;
    }
    let (name, ending) = last.rsplit_once('.').unwrap_or((last, ""));
    let is_program = is(ending, &["", "ashx", "asp", "aspx", "php"]);
    let is_asked = url.query().is_some_and(|query| query.bytes().any(|b| b.is_ascii_digit()));
    let is_numbered = before.bytes().any(|b| b.is_ascii_digit());
    let is_called = is_asked && (is(name, CALLS) || is(name, &["download"]));
    let is_download = name.eq_ignore_ascii_case("download") && held && is_numbered;
    last.eq_ignore_ascii_case("document.ashx") || (is_program && (is_called || is_download))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_hands_a_file_out_is_told_from_a_page() {
        let check = |path: &str, expect: bool| {
            let url = Url::parse("https://www.anytown.example").unwrap().join(path).unwrap();
            assert_eq!(hands_out(&url), expect, "{path}");
        };
        for path in [
            "/download/downloads/id/12/plan",
            "/downloads/file/12/plan",
            "/download_file/view/71/411",
            "/getmedia/0b7c-11/minutes",
            "/GetMedia/0b7c-11/minutes.aspx",
            "/file/9903/download",
            "/documents/d/77/download",
            "/GetDoc.ashx?id=12",
            "/cms/getdoc?ref=12",
            "/Download.aspx?ID=12",
            "/attachment/12/letter",
            "/Document.ashx",
        ] {
            check(path, true);
        }
        for path in ["/download", "/apps/download", "/downloads", "/file/9903", "/news/getdoc", "/documents/plan", "/"] {
            check(path, false);
        }
    }
}
