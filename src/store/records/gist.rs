//! What the rows of a source's items come to for a poll that finds the listing as it was.

use super::{Gist, ItemState};

impl Gist {
    /// That of these `items`, all that are known of a source; `None` where one of them wants to be looked at itself.
    #[must_use]
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemState>) -> Option<Self> {
        let mut gist = Self { own_page_read: None };
        for item in items.into_iter().filter(|item| item.withdrawn.is_none()) {
            let has_own_page = item.validators.is_some() || item.read.is_some() || !item.has_text;
            if item.misses > 0 || has_own_page && item.read.is_none() {
                return None;
            }
            gist.own_page_read = gist.own_page_read.into_iter().chain(item.read).min();
        }
        Some(gist)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::records::Validators;
    use chrono::{DateTime, Utc};
    use serde_json::json;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn item(read: Option<i64>) -> ItemState {
        let state = json!({
            "id": "a", "key": "a", "fingerprint": "1", "recipe": 1, "revision": 1, "published": null, "first_seen": at(0),
            "revised": at(0), "has_text": true,
        });
        ItemState { read: read.map(at), ..serde_json::from_value(state).unwrap() }
    }

    #[test]
    fn the_own_page_that_has_waited_longest_counts() {
        let read = |items: &[ItemState]| Gist::of(items).unwrap().own_page_read;
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[item(None)]), None, "it stands on the listing itself");
        assert_eq!(read(&[item(Some(9)), item(None), item(Some(3)), item(Some(5))]), Some(at(3)));
        let withdrawn = ItemState { withdrawn: Some(at(9)), misses: 2, ..item(Some(1)) };
        assert_eq!(read(&[withdrawn, item(Some(3))]), Some(at(3)), "nobody reads the page of what is withdrawn");
    }

    #[test]
    fn an_item_that_wants_to_be_looked_at_itself_leaves_no_gist() {
        let missed = ItemState { misses: 1, ..item(Some(1)) };
        assert_eq!(Gist::of(&[item(Some(1)), missed]), None);
        let validators = Some(Validators { etag: Some("\"a\"".into()), last_modified: None, looks: None, recipe: 1 });
        assert_eq!(Gist::of(&[ItemState { validators, ..item(None) }]), None, "its page is due at once");
        assert_eq!(Gist::of(&[ItemState { has_text: false, ..item(None) }]), None, "its words may come any day");
    }
}
