//! The way through a list that is longer than a page.

use crate::render::words::Words;
use url::form_urlencoded;

/// Links to the neighbouring pages; nothing where all stands on one.
pub(super) struct Pager {
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    pub(super) here: String,
}

/// `parameters`: what else the list is asked with; those that are empty are left out.
pub(super) fn pager(words: &Words, path: &str, parameters: &[(&str, &str)], page: usize, pages: usize) -> Option<Pager> {
    let link = |page| link(path, parameters, page);
    (pages > 1).then(|| Pager {
        previous: (page > 1).then(|| link(page - 1)),
        next: (page < pages).then(|| link(page + 1)),
        here: (words.layout.page_of)(page, pages),
    })
}

/// The list at `path` that is asked with these `parameters`, from this page on; those that are empty are left out.
pub(super) fn link(path: &str, parameters: &[(&str, &str)], page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
