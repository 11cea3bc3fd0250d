//! What html5gum finds, as the tokens that html5ever's tree builder takes.

use super::gate::{Gate, Verdict};
use super::links::Links;
use super::names::Names;
use super::nesting::is_inline;
use super::piece::{Markup, Piece};
use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use html5gum::{Emitter, Error, State};
use scraper::HtmlTreeSink;

/// More templates within one another are on no page.
const TEMPLATES_MAX: usize = 64;

/// The tag that is being read, and what is read between tags.
pub(super) struct Tokens<'p> {
    markup: &'p Markup,
    builder: &'p TreeBuilder<NodeId, HtmlTreeSink>,
    gate: &'p mut Gate,
    /// Names and values of all attributes, one after the other.
    written: &'p mut String,
    names: Names,
    links: Links,
    /// Whether there has been a drawing or a formula.
    drawn: bool,
    /// Why the page is read no further.
    refused: Option<String>,
    text: Piece,
    /// Whether the text is a script's or style's that nobody reads, a quarter of many pages: all but structured data.
    unread: bool,
    /// Whether a tag was left out and nothing came since.
    parted: bool,
    /// The tag that is being read, and its name.
    tag: Tag,
    name: Vec<u8>,
    attribute_name: Vec<u8>,
    attribute_value: Piece,
    /// Of each template that is open, whether it is what an element shows (HTML §4.12.3, `shadowrootmode`).
    templates: Vec<bool>,
    /// The name of the last start tag: the raw text after it ends with its end tag.
    opened: Vec<u8>,
    doctype: Declared,
}

impl<'p> Tokens<'p> {
    pub(super) fn new(
        markup: &'p Markup,
        builder: &'p TreeBuilder<NodeId, HtmlTreeSink>,
        gate: &'p mut Gate,
        written: &'p mut String,
    ) -> Self {
        Self {
            markup,
            builder,
            gate,
            written,
            names: Names::default(),
            links: Links::default(),
            drawn: false,
            refused: None,
            text: Piece::default(),
            unread: false,
            parted: false,
            tag: bare(TagKind::StartTag, local_name!("")),
            name: Vec::new(),
            attribute_name: Vec::new(),
            attribute_value: Piece::default(),
            templates: Vec::new(),
            opened: Vec::new(),
            doctype: Declared::default(),
        }
    }

    fn give(&self, token: Token) -> TokenSinkResult<NodeId> {
        self.builder.process_token(token, 1)
    }

    fn give_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        if self.unread {
            return self.text.clear();
        }
        self.parted = false;
        let text = self.text.take(self.markup);
        self.links.say(&text);
        let _ = self.give(Token::CharacterTokens(text));
    }

    fn begin_tag(&mut self, kind: TagKind) {
        self.tag = bare(kind, local_name!(""));
        self.links.begin_tag();
        self.name.clear();
        self.attribute_name.clear();
        self.attribute_value.clear();
    }

    /// Of attributes of the same name the first counts (HTML §13.2.5.33).
    fn end_attribute(&mut self) {
        if self.attribute_name.is_empty() {
            return;
        }
        let value = self.attribute_value.take(self.markup);
        let name = QualName::new(None, ns!(), self.names.name(&self.attribute_name));
        self.attribute_name.clear();
        let is_known = || self.tag.attrs.iter().any(|known| known.name == name);
        if !Gate::takes_no_more(self.tag.attrs.len()) && !is_known() {
            self.written.extend([&name.local, "=", &value, "\n"]);
            self.tag.attrs.push(Attribute { name, value });
        }
    }

    /// Whether a template's tag is of one that a browser shows in its place, as the content of the element around it.
    fn is_shown(&mut self, tag: &Tag) -> bool {
        if tag.kind == TagKind::EndTag {
            return self.templates.pop().unwrap_or(false);
        }
        let is_shown = tag.attrs.iter().any(|attribute| &*attribute.name.local == "shadowrootmode");
        if self.templates.len() < TEMPLATES_MAX {
            self.templates.push(is_shown);
        }
        is_shown
    }

    fn is_foreign(&self) -> bool {
        self.drawn && self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// Gives the tag to the tree builder; what is to be read next, where it is not markup.
    fn give_tag(&mut self, tag: Tag) -> Option<State> {
        self.parted = false;
        let is_data = || tag.attrs.iter().any(|attribute| attribute.value.to_ascii_lowercase().contains("json"));
        self.drawn |= matches!(tag.name, local_name!("svg") | local_name!("math"));
        let unread = match tag.name {
            local_name!("script") => !is_data(),
            local_name!("style") => true,
            _ => false,
        };
        match self.give(Token::TagToken(tag)) {
            TokenSinkResult::Continue | TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => None,
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::RawData(RawKind::Rcdata) => Some(State::RcData),
            TokenSinkResult::RawData(kind) => {
                self.unread = unread;
                Some(if kind == RawKind::Rawtext { State::RawText } else { State::ScriptData })
            }
        }
    }

    /// Words that a tag kept apart stay apart.
    fn leave_out(&mut self, name: &LocalName) {
        if std::mem::replace(&mut self.parted, true) {
            return;
        }
        if is_inline(name) {
            let _ = self.give(Token::CharacterTokens(" ".into()));
            return;
        }
        for _ in 0..2 {
            let _ = self.give(Token::TagToken(bare(TagKind::StartTag, local_name!("br"))));
        }
    }
}

/// A doctype that is being read.
#[derive(Default)]
struct Declared {
    name: Option<Vec<u8>>,
    public_id: Option<Vec<u8>>,
    system_id: Option<Vec<u8>>,
    force_quirks: bool,
}

impl Declared {
    fn finished(self) -> Doctype {
        let words = |bytes: Vec<u8>| StrTendril::from_slice(&String::from_utf8_lossy(&bytes));
        Doctype {
            name: self.name.map(words),
            public_id: self.public_id.map(words),
            system_id: self.system_id.map(words),
            force_quirks: self.force_quirks,
        }
    }
}

fn bare(kind: TagKind, name: LocalName) -> Tag {
    Tag { kind, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false }
}

impl Emitter for Tokens<'_> {
    type Token = String;

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        self.give_text();
        self.unread = false;
        let mut tag = Tag {
            name: self.names.name(&self.name),
            ..std::mem::replace(&mut self.tag, bare(TagKind::StartTag, local_name!("")))
        };
        if tag.name == local_name!("template") && self.is_shown(&tag) {
            tag.name = local_name!("div");
        }
        if tag.kind == TagKind::StartTag {
            self.opened.clone_from(&self.name);
        }
        let is_foreign = self.is_foreign();
        if !is_foreign && self.links.end_before(&tag, self.markup.as_str()) {
            let _ = self.give(Token::TagToken(bare(TagKind::EndTag, local_name!("a"))));
        }
        let verdict = self.gate.admit(&tag, is_foreign);
        for name in self.gate.worn_out() {
            let _ = self.give(Token::TagToken(bare(TagKind::EndTag, name)));
        }
        match verdict {
            Ok(Verdict::Passes) => return self.give_tag(tag),
            Ok(Verdict::LeftOut) => self.leave_out(&tag.name),
            Err(why) => self.refused = Some(why),
        }
        None
    }

    fn pop_token(&mut self) -> Option<String> {
        self.refused.take()
    }

    fn emit_eof(&mut self) {
        self.give_text();
        let _ = self.give(Token::EOFToken);
        self.builder.end();
    }

    fn emit_string(&mut self, bytes: &[u8]) {
        // A zero character is an error that stands for nothing (HTML §13.2.6.4.7).
        if bytes != b"\0" {
            self.text.push(self.markup, bytes);
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(TagKind::StartTag);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(TagKind::EndTag);
    }

    fn push_tag_name(&mut self, bytes: &[u8]) {
        self.name.extend(bytes);
    }

    fn set_self_closing(&mut self) {
        self.tag.self_closing = self.tag.kind == TagKind::StartTag;
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
    }

    fn push_attribute_name(&mut self, bytes: &[u8]) {
        self.attribute_name.extend(bytes);
    }

    fn push_attribute_value(&mut self, bytes: &[u8]) {
        if self.name == b"a"
            && let Some(place) = self.markup.place(bytes)
        {
            self.links.end_value(place.end);
        }
        self.attribute_value.push(self.markup, bytes);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.kind == TagKind::EndTag && !self.opened.is_empty() && self.opened == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.is_foreign()
    }

    fn init_doctype(&mut self) {
        self.give_text();
        self.doctype = Declared::default();
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    fn push_doctype_name(&mut self, bytes: &[u8]) {
        self.doctype.name.get_or_insert_default().extend(bytes);
    }

    fn set_doctype_public_identifier(&mut self, bytes: &[u8]) {
        self.doctype.public_id = Some(bytes.to_vec());
    }

    fn push_doctype_public_identifier(&mut self, bytes: &[u8]) {
        self.doctype.public_id.get_or_insert_default().extend(bytes);
    }

    fn set_doctype_system_identifier(&mut self, bytes: &[u8]) {
        self.doctype.system_id = Some(bytes.to_vec());
    }

    fn push_doctype_system_identifier(&mut self, bytes: &[u8]) {
        self.doctype.system_id.get_or_insert_default().extend(bytes);
    }

    fn emit_current_doctype(&mut self) {
        let doctype = std::mem::take(&mut self.doctype).finished();
        let _ = self.give(Token::DoctypeToken(doctype));
    }

    // Nobody reads comments, nor errors, which every page has.
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn emit_current_comment(&mut self) {}
    fn emit_error(&mut self, _: Error) {}
    fn should_emit_errors(&mut self) -> bool {
        false
    }
    // Only for fragments.
    fn set_last_start_tag(&mut self, _: Option<&[u8]>) {}
}
