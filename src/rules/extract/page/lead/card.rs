//! The only entry of a list of cards that has no other: its heading leads nowhere, and a link that covers it, or that says no
//! more than "Read more", leads to its page.

use super::{PROSE_BYTES_MAX, TEASER_BYTES_MAX, is_entry};
use crate::rules::extract::document::Document;
use crate::rules::extract::key;
use crate::rules::extract::page::entries::{Entry, is_generic, target};
use crate::rules::extract::page::{covers, dated, occasion, story};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// The entry under the page's headline, where no other heading and no other link to a page stand there.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    let below = lines.get(headline + 1..)?;
    let mut headings = below.iter().filter(|line| line.is_heading());
    let (heading, None) = (headings.next()?, headings.next()) else { return None };
    let is_label = dated::is_day(&heading.text) || dated::is_label(&heading.text) || occasion::is_circumstance(&heading.text);
    if !heading.links.is_empty() || is_label || is_generic(&heading.text) || story::is_declared(document) {
        return None;
    }
    let cover = covers::of(document, below).into_iter().map(|(link, _)| link);
    let covers: Vec<ElementRef<'a>> = cover.collect();
    let shown = below.iter().flat_map(|line| line.leaves.iter()).filter_map(|leaf| {
        leaf.ancestors().take(8).filter_map(ElementRef::wrap).find(|e| e.value().name() == "a" && e.attr("href").is_some())
    });
    let own = key::canonical(page);
    let mut leading: Vec<(ElementRef<'a>, Url)> = Vec::new();
    for link in covers.iter().copied().chain(shown) {
        let Some(to) = target(document, link).filter(|to| key::canonical(to) != own) else { continue };
        leading.push((link, to));
    }
    let (link, to) = leading.first()?;
    let keys: HashSet<String> = leading.iter().map(|(_, to)| key::canonical(to)).collect();
    let is_cover = covers.iter().any(|cover| cover.id() == link.id());
    let words = link.text().collect::<String>();
    let leads_on = is_cover || is_generic(&words);
    if keys.len() != 1 || !leads_on || to.host_str() != page.host_str() || documents::is_file(&heading.text, to) {
        return None;
    }
    // The widest part of the page that holds the heading and not the headline.
    let apart: HashSet<_> = lines.get(headline)?.block.ancestors().map(|above| above.id()).collect();
    let around = || link.ancestors().take_while(|above| !apart.contains(&above.id())).filter_map(ElementRef::wrap);
    let folder = format!("{}/", page.path().trim_end_matches('/'));
    let is_beside = is_cover || to.path().starts_with(&folder) || around().any(|element| is_entry(&element));
    let region = around().last().filter(|region| heading.block.ancestors().any(|above| above.id() == region.id()))?;
    let is_within = |line: &&Line<'a>| line.block.ancestors().chain([*line.block]).any(|above| above.id() == region.id());
    let (within, beside): (Vec<&Line<'a>>, Vec<&Line<'a>>) = below.iter().partition(is_within);
    let bytes = |lines: &[&Line<'a>]| lines.iter().map(|line| line.outside().len()).sum::<usize>();
    let says_when = |line: &&Line<'_>| dated::is_date(line.text.trim()) || dated::is_label(&line.text);
    let is_told = bytes(&beside) > PROSE_BYTES_MAX || bytes(&within) > TEASER_BYTES_MAX || beside.iter().any(says_when);
    let entry = Entry::new(*link, vec![region]);
    (is_beside && !is_told && entry.is_dated(document)).then_some(entry)
}
