//! From markup to a tree, once a page: html5gum finds the tags (HTML §13.2.5), the gate keeps out what would nest without
//! end, html5ever's tree builder (§13.2.6) puts the rest where a browser would.
//!
//! html5ever's own tokenizer makes the same tokens at three times the cost, and a scan before it, which would have to bound
//! the nesting, would have to find the same tags again.

mod gate;
mod links;
mod names;
mod nesting;
mod piece;
mod tokens;
#[cfg(test)]
mod tests;

use crate::rules::paced::Paced;
use gate::Gate;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5gum::Tokenizer;
use piece::Markup;
use scraper::{Html, HtmlTreeSink};
use tokens::Tokens;

/// A page as a tree.
pub(super) struct Tree {
    /// Without comments, and without the scripts and styles that nobody reads.
    pub(super) html: Html,
    /// Names and values of all attributes, in lower case.
    pub(super) written: String,
    /// What was left out of it, for an admin.
    pub(super) warnings: Vec<String>,
}

/// Parses a whole page.
///
/// # Errors
/// A sentence that says what no page has that much of.
pub(super) fn parse(markup: &str) -> Result<Tree, String> {
    let markup = Markup::of(StrTendril::from_slice(markup));
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let mut gate = Gate::default();
    let mut written = String::new();
    let tokens = Tokens::new(&markup, &builder, &mut gate, &mut written);
    let refused = Tokenizer::new_with_emitter(Paced::new(markup.as_str().as_bytes()), tokens).find_map(Result::ok);
    if let Some(why) = refused {
        return Err(why);
    }
    written.make_ascii_lowercase();
    Ok(Tree { html: builder.sink.finish(), written, warnings: gate.warnings() })
}
