//! The file that an entry leads to. It has no page of its own: what there is to know of it stands in the list.

use crate::domain::item::Document as Attached;
use crate::rules::extract::page::article::attached;
use crate::rules::extract::text::Line;
use crate::rules::facts::documents;
use url::Url;

/// `None` where the entry leads to a page.
pub(super) fn of(title: &str, url: &Url, lines: &[Line<'_>]) -> Option<Attached> {
    let is_file = documents::kind_of_url(url).is_some() || documents::named(title).size.is_some();
    let file = is_file.then(|| documents::document(title, Some(url))).flatten()?;
    // Its size often stands beside the link…
    let beside = attached(lines).into_iter().find(|said| said.url.as_ref() == Some(url));
    let file = match beside {
        Some(said) => Attached { size: file.size.or(said.size), kind: file.kind.or(said.kind), ..file },
        None => file,
    };
    // …or in a column of its own.
    Some(Attached { size: file.size.or_else(|| size_alone(lines)), ..file })
}

/// The only size that lines without links begin with.
fn size_alone(lines: &[Line<'_>]) -> Option<String> {
    let unlinked = lines.iter().filter(|line| line.links.is_empty());
    let mut sizes = unlinked.filter_map(|line| documents::behind(&line.text)?.size);
    let only = sizes.next()?;
    sizes.next().is_none().then(|| only.to_owned())
}
