//! The files that stand beside an article and are its own: in an aside, a side column or a box of its content, under "Related
//! documents" or "See also", and those that the page shows within itself. Links to other pages there are not.

use crate::domain::item::Document as Attached;
use crate::rules::extract::document::Document;
use crate::rules::extract::page::frame;
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::documents;
use ego_tree::NodeId;
use rustc_hash::FxHashMap;
use scraper::ElementRef;
use url::Url;

/// Words of a heading over what the whole site has to offer.
const OF_THE_SITE: &[&str] = &[
    "articles",
    "blog",
    "cylchlythyr",
    "digwyddiadau",
    "dilynwch",
    "diweddaraf",
    "erthyglau",
    "events",
    "follow",
    "latest",
    "most",
    "news",
    "newsletter",
    "newyddion",
    "poblogaidd",
    "popular",
    "posts",
    "recent",
    "stories",
    "straeon",
    "trending",
];

/// The lines of the content's boxes and columns that link to files. `texts`: the elements that are known to hold the text, where
/// nothing says what the content is.
pub(in crate::rules::extract) fn lines<'a>(document: &Document<'a>, texts: &[ElementRef<'a>]) -> Vec<Line<'a>> {
    let root = document.content();
    let is_page = |element: &ElementRef<'_>| matches!(element.value().name(), "html" | "body");
    let roots: Vec<ElementRef<'a>> = texts.iter().copied().chain([root]).filter(|root| !is_page(root)).collect();
    if roots.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut of_the_site, mut content) = (None, Content::of(&roots));
    for line in document.all_lines() {
        if line.is_heading() || related::opens(line, About::Anything) {
            let names_site = line.folded().split(|c: char| !c.is_alphanumeric()).any(|word| OF_THE_SITE.contains(&word))
                || related::opens(line, About::Anything) && !related::may_hold_papers(line);
            of_the_site = line.block.parent().filter(|_| names_site).map(|parent| parent.id());
        } else if leads_to_file(line)
            // A heading holds for what stands in its own box.
            && of_the_site.is_none_or(|parent| line.block.ancestors().chain([*line.block]).all(|above| above.id() != parent))
            && content.holds(line.block)
        {
            found.push(line.clone());
        }
    }
    found
}

/// By its address alone: what a link beside an article is called may be anything.
fn leads_to_file(line: &Line<'_>) -> bool {
    line.links.iter().filter_map(|link| link.url.as_ref()).any(|url| documents::is_file("", url))
}

/// What stands within the content, in nothing that is the site's. Remembers what it has judged: thousands of files share
/// their ancestors.
struct Content {
    judged: FxHashMap<NodeId, bool>,
}

impl Content {
    fn of(roots: &[ElementRef<'_>]) -> Self {
        Self { judged: roots.iter().map(|root| (root.id(), true)).collect() }
    }

    fn holds(&mut self, element: ElementRef<'_>) -> bool {
        let mut path = Vec::new();
        let mut node = Some(element);
        let mut holds = false;
        while let Some(element) = node {
            if let Some(known) = self.judged.get(&element.id()) {
                holds = *known;
                break;
            }
            path.push(element.id());
            node = if frame::may_hold_files(element) { element.parent().and_then(ElementRef::wrap) } else { None };
        }
        self.judged.extend(path.into_iter().map(|id| (id, holds)));
        holds
    }
}

/// The files that the page shows in a frame of their own.
pub(super) fn shown(document: &Document<'_>) -> Vec<Attached> {
    let mut content = Content::of(&[document.content()]);
    let frames = ["iframe[src]", "embed[src]", "object[data]"].into_iter().flat_map(|kind| document.all(kind));
    let file = |element: ElementRef<'_>| {
        let raw = element.attr("src").or_else(|| element.attr("data"))?;
        let url = file_of(document.base, document.base.join(raw.trim()).ok()?)?;
        let name = || url.path().rsplit('/').next().unwrap_or_default().replace("%20", " ");
        let title = element.attr("title").map(collapsed).filter(|title| !title.is_empty() && !is_a_kind_of_frame(title));
        documents::document(&title.unwrap_or_else(name), Some(&url))
    };
    frames.into_iter().filter(|element| content.holds(*element)).filter_map(file).collect()
}

/// The file at an address, or the one that a viewer at that address is given.
fn file_of(base: &Url, shown: Url) -> Option<Url> {
    let is_file = |url: &Url| matches!(url.scheme(), "http" | "https") && documents::kind_of_url(url).is_some();
    if is_file(&shown) {
        return Some(shown);
    }
    let given = shown.query_pairs().filter(|(name, _)| matches!(name.as_ref(), "file" | "url" | "src"));
    given.filter_map(|(_, value)| base.join(&value).ok()).find(is_file)
}

/// "PDF viewer"
fn is_a_kind_of_frame(title: &str) -> bool {
    const WORDS: &[&str] = &["document", "embed", "embedded", "file", "frame", "iframe", "pdf", "viewer"];
    folded(title).split(' ').all(|word| WORDS.contains(&word))
}
