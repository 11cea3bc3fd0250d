//! A day of publication with a weekday that is another day's: one of the two is wrong. The day is taken, since a list is
//! sorted by it; and it is said.

use super::document::Document;
use super::page::says_when;
use crate::domain::item::Item;
use crate::rules::facts::dates;

/// A warning for each such day of the items, in the page's words.
pub(super) fn doubts(document: &Document<'_>, items: &[Item]) -> Vec<String> {
    if items.iter().all(|item| item.published.is_none()) {
        return Vec::new();
    }
    let differs = |line: &str| {
        dates::find(line).iter().any(|date| date.weekday_differs && items.iter().any(|item| item.published == Some(date.day)))
    };
    let doubted = document.all_lines().iter().filter(|line| says_when(&line.text) && differs(&line.text));
    doubted.take(3).map(|line| format!("\"{}\" names another day's weekday", line.text)).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::source::{Platform, Select};
    use crate::rules::extract::{Page, extract};
    use url::Url;

    #[test]
    fn a_weekday_that_is_another_days_is_said() {
        let url = Url::parse("https://council.example.org/news/a").unwrap();
        let warnings = |posted: &str| {
            let body = format!("<main><h1>Board update</h1><p>{posted}</p><p>The board met and agreed the plan.</p></main>");
            let page = Page { url: &url, status: 200, content_type: None, body: body.as_bytes() };
            let read = extract(&page, Platform::Page, &Select::default());
            assert_eq!(read.items[0].published.map(|day| day.to_string()).as_deref(), Some("2020-02-11"));
            read.warnings
        };
        let doubt = "\"Posted: Monday 11th February 2020\" names another day's weekday";
        assert_eq!(warnings("Posted: Monday 11th February 2020"), [doubt]);
        assert!(warnings("Posted: Tuesday 11th February 2020").is_empty());
    }
}
