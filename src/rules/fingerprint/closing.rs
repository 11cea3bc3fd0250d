//! Until when a list says that something can be done: what of it is news. Whether a list says it at all, and with its year or without,
//! is its own affair; and where the item's own page has said the new day, its readers know.

use super::Likeness;
use crate::domain::item::Item;
use crate::domain::text::Text;
use crate::rules::facts::dates;

/// How what the list says of it compares.
pub(super) fn likeness(before: &Item, now: &Item) -> Likeness {
    match (&before.closes, &now.closes) {
        _ if is_another(before, now) => Likeness::Other,
        (was, Some(_)) if *was != now.closes => Likeness::Finer,
        _ => Likeness::Same,
    }
}

/// Whether the list says another day than before, and one that is news.
pub(crate) fn is_another(before: &Item, now: &Item) -> bool {
    let days = before.closes.as_ref().zip(now.closes.as_ref());
    days.is_some_and(|(was, is)| !is_same(was, is) && !names(before, is))
}

/// Whether two days are the same as far as both are said.
fn is_same(one: &Text, other: &Text) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    begins(one.as_str(), other.as_str()) || begins(other.as_str(), one.as_str())
}

/// Whether the text of an item names a day.
fn names(item: &Item, day: &Text) -> bool {
    let said =
        |line: &str| dates::find(line).iter().any(|date| is_same(&Text::line(&date.day.format("%-d %B %Y").to_string()), day));
    item.text.as_ref().is_some_and(|text| text.as_str().lines().any(said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn item(closes: Option<&str>, text: &str) -> Item {
        let url = Url::parse("https://council.example.org/consultations/1").unwrap();
        Item {
            closes: closes.map(Text::line),
            text: Some(Text::new(text)),
            ..Item::bare("k".into(), Text::line("Libraries"), url)
        }
    }

    #[test]
    fn another_day_on_the_list_is_news_unless_the_page_has_said_it() {
        let check = |was: Option<&str>, is: Option<&str>, text: &str, expect: Likeness| {
            assert_eq!(likeness(&item(was, text), &item(is, text)), expect, "{was:?} {is:?} {text}");
        };
        let (march, later) = (Some("14 March 2027"), Some("28 March 2027"));
        check(march, later, "Tell us.", Likeness::Other);
        check(Some("1 March"), Some("1 May"), "Tell us.", Likeness::Other);
        check(Some("1 March 2027"), Some("11 March 2027"), "Tell us.", Likeness::Other);
        check(march, later, "Tell us until midnight on 28 March 2027.", Likeness::Finer);
        check(march, later, "Tell us until midnight on 14 March 2027.", Likeness::Other);
        check(march, Some("14 March"), "Tell us.", Likeness::Finer);
        check(None, later, "Tell us.", Likeness::Finer);
        check(march, None, "Tell us.", Likeness::Same);
        check(march, march, "Tell us.", Likeness::Same);
    }
}
