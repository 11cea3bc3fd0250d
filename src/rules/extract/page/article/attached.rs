//! The files of an article: those that its lines link to, and those of a list of files that have no link because the public
//! may not read them, or not yet.

use crate::domain::item::Document as Attached;
use crate::rules::extract::document::Link;
use crate::rules::extract::page::rows;
use crate::rules::extract::text::{Kind, Line, collapsed};
use crate::rules::facts::documents::{self, About};
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// Longest line that names a file, in bytes.
const LINE_BYTES_MAX: usize = 160;

/// The files of the lines, each once.
pub(in crate::rules::extract) fn attached(body: &[Line<'_>]) -> Vec<Attached> {
    let mut found: Vec<Attached> = Vec::new();
    let (mut seen, mut unlinked) = (HashSet::new(), HashSet::new());
    let menus = menus(body);
    let is_of_menu = |line: &Line<'_>| line.kind == Kind::Item && line.block.parent().is_some_and(|of| menus.contains(&of.id()));
    let read: Vec<_> = body.iter().map(|line| (line, files(line, !is_of_menu(line)))).collect();
    let lists: HashSet<_> = read.iter().filter(|(_, files)| !files.is_empty()).filter_map(|(line, _)| list(line)).collect();
    let mut lines = read.into_iter().peekable();
    while let Some((line, files)) = lines.next() {
        let cell = lines.peek().map(|(next, _)| *next).filter(|next| in_one_row(line, next));
        if let Some(document) = cell.and_then(|cell| in_row(line, cell, &lists)) {
            lines.next();
            if document.url.is_none() || seen.insert(document.url.clone()) {
                found.push(document);
            }
            continue;
        }
        let alone = files.len() == 1 && line.text.len() <= LINE_BYTES_MAX;
        for (link, url, said) in files {
            let Some(mut document) = documents::document(&link.text, Some(url)) else { continue };
            // Size and kind often stand beside the link.
            if document.size.is_none()
                && alone
                && let Some(said) = documents::document(&line.text, Some(url))
            {
                document.size = said.size;
                document.kind = document.kind.or(said.kind);
            }
            if let Some(said) = said {
                document.size = document.size.or(said.size.map(str::to_owned));
                document.kind = document.kind.or(said.kind.map(str::to_owned));
            }
            if seen.insert(document.url.clone()) {
                found.push(document);
            }
        }
        // A body may hold a line that stands beside it too.
        let mut is_new = || line.leaves.first().is_some_and(|leaf| unlinked.insert(leaf.id()));
        if names_withheld(line) && list(line).is_some_and(|list| lists.contains(&list)) && is_new() {
            found.extend(withheld(line));
        }
    }
    found
}

/// Lists in which links lead to anything else than papers.
fn menus(body: &[Line<'_>]) -> HashSet<NodeId> {
    let is_paper = |link: &Link<'_>| link.url.as_ref().is_some_and(|url| documents::is_file(&link.text, url)) || is_named(link);
    let others = body.iter().filter(|line| line.kind == Kind::Item && line.links.iter().any(|link| !is_paper(link)));
    others.filter_map(|line| Some(line.block.parent()?.id())).collect()
}

/// Whether a link's words are the name of a document and nothing else.
fn is_named(link: &Link<'_>) -> bool {
    link.text.starts_with(|c: char| !c.is_lowercase()) && documents::names_paper(&link.text)
}

/// Whether a line is links to papers and what is said of these: "Agenda | Minutes (PDF)".
fn is_of_papers(line: &Line<'_>) -> bool {
    let mark = line.marker.as_deref().unwrap_or_default();
    let outside = line.outside().trim_start_matches(mark);
    let is_between = |words: &str| {
        let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty() || matches!(bare, "and" | "or") || documents::about(bare).is_some()
    };
    let is_paper = |link: &Link<'_>| link.url.as_ref().is_some_and(|url| is_named(link) || documents::is_file(&link.text, url));
    !line.links.is_empty() && line.links.iter().all(is_paper) && outside.split(['|', '·', '•', ',', '/']).all(is_between)
}

/// The links of a line that lead to files, each with what is said of the file right after it. `by_name`: where the name of a
/// document is enough.
fn files<'l>(line: &'l Line<'_>, by_name: bool) -> Vec<(&'l Link<'l>, &'l Url, Option<About<'l>>)> {
    // A row's name may be that of a paper: "Minutes of 4 May 2027", in the column of an agenda's items.
    let by_name = by_name && is_of_papers(line) && (row(line).is_none() || rows::is_of_papers(line));
    // Links stand in the order of their words, so a line of thousands is gone through once.
    let mut rest = line.text.as_str();
    let file = |link: &'l Link<'l>| {
        let after = rest.split_once(link.text.as_str()).map(|(_, after)| after);
        rest = after.unwrap_or(rest);
        let said = after.and_then(remark);
        let url = link.url.as_ref()?;
        (by_name || said.is_some() || documents::is_file(&link.text, url)).then_some((link, url, said))
    };
    line.links.iter().filter_map(file).collect()
}

/// "(PDF, 210KB)" right after a link, or "210KB Updated 3 May 2027".
fn remark(after: &str) -> Option<About<'_>> {
    let ends = after.char_indices().map(|(at, _)| at).chain([after.len()]);
    let near = || after.get(..ends.take_while(|at| *at <= LINE_BYTES_MAX).last()?);
    in_bracket(after).or_else(|| documents::behind(near()?))
}

fn in_bracket(after: &str) -> Option<About<'_>> {
    let inside = after.trim_start().strip_prefix(['(', '['])?;
    let end = inside.char_indices().take(LINE_BYTES_MAX).find(|(_, c)| matches!(c, ')' | ']'))?;
    documents::about(inside.get(..end.0)?)
}

/// The element that holds a line's block, or its row, together with the others of its list.
fn list(line: &Line<'_>) -> Option<NodeId> {
    row(line).map_or_else(|| line.block.parent(), |row| row.parent()).map(|list| list.id())
}

/// The row whose cell a line is.
fn row<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    line.block.parent().and_then(ElementRef::wrap).filter(|parent| parent.value().name() == "tr")
}

fn in_one_row(line: &Line<'_>, next: &Line<'_>) -> bool {
    row(line).is_some_and(|row| line.block.id() != next.block.id() && next.block.parent().is_some_and(|of| of.id() == row.id()))
}

/// A paper whose kind and size, or that it is exempt, stand in the next cell.
fn in_row(line: &Line<'_>, cell: &Line<'_>, lists: &HashSet<NodeId>) -> Option<Attached> {
    match line.links.as_slice() {
        [only] if cell.links.is_empty() => {
            let said = documents::about(&cell.text).or_else(|| documents::behind(&cell.text))?;
            let document = documents::document(&only.text, only.url.as_ref())?;
            let (kind, size) = (said.kind.map(str::to_owned), said.size.map(str::to_owned));
            Some(Attached { kind: document.kind.or(kind), size: document.size.or(size), ..document })
        }
        // "To follow" in a column of papers speaks of these, and not of the cell before.
        [] if list(line).is_some_and(|list| lists.contains(&list)) && says_withheld(cell) && !rows::is_of_papers(cell) => {
            let restricted = documents::is_restricted(&cell.text);
            documents::document(&line.text, None).map(|document| Attached { restricted, ..document })
        }
        _ => None,
    }
}

/// Whether a line without a link says that what it names is not, or not yet, for the public.
fn says_withheld(line: &Line<'_>) -> bool {
    let says = || documents::is_restricted(&line.text) || documents::is_to_follow(&line.text);
    line.links.is_empty() && !line.is_heading() && line.text.len() <= LINE_BYTES_MAX && !line.text.ends_with('.') && says()
}

/// The same of a line that names what it speaks of; a row's first cell does.
pub(super) fn names_withheld(line: &Line<'_>) -> bool {
    let is_later_cell = || row(line).is_some() && line.block.prev_siblings().any(|before| before.value().is_element());
    says_withheld(line) && !is_later_cell()
}

/// "Appendix B: risk ratings", where what follows it in an element of its own says that it is exempt.
fn withheld(line: &Line<'_>) -> Option<Attached> {
    let words: Vec<String> = line.leaves.iter().filter_map(|leaf| Some(collapsed(leaf.value().as_text()?))).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
    if let [named @ .., statement] = words.as_slice()
        && !named.is_empty()
        && documents::is_restricted(statement)
        && !documents::is_restricted(&named.join(" "))
    {
        let document = documents::document(&named.join(" "), None)?;
        return Some(Attached { restricted: true, ..document });
    }
    documents::document(&line.text, None)
}
