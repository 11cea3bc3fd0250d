//! Evidence for what a body says: the facts quote the council, so the line that holds the quote is where they come from.

use super::{Place, Trail};
use crate::domain::evidence::{Evidence, Fact};
use crate::domain::item::{Document as Attached, Item};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::decisions;
use std::borrow::Cow;

/// Words of a quote that a line is compared by.
const COMPARED_CHARS: usize = 80;

/// Adds to the document's trail what the bodies of `items` say.
pub(in crate::rules::extract) fn in_text(document: &Document, items: &[Item]) {
    if !document.trail.is_kept() {
        return;
    }
    let lines = document.all_lines();
    for item in items.iter().filter(|item| item.text.is_some()) {
        let found = Quoted { lines, item };
        document.trail.extend(found.all());
    }
}

/// The lines of a page, and the item whose facts are looked for in them.
struct Quoted<'l, 'a> {
    lines: &'l [Line<'a>],
    item: &'l Item,
}

impl<'a> Quoted<'_, 'a> {
    fn all(&self) -> Vec<Evidence> {
        let item = self.item;
        let text = item.text.as_ref().map(Text::as_str).unwrap_or_default();
        let mut found = Vec::new();
        if let Some(first) = text.lines().find(|line| !line.trim().is_empty()) {
            found.push(self.evidence(Fact::Text, "the body begins here".into(), first));
        }
        for decision in &item.decisions {
            found.push(self.evidence(Fact::Decision, decision_rule(text, decision.text.as_str()), decision.text.as_str()));
        }
        for (fact, value) in [(Fact::Reasons, &item.reasons), (Fact::OptionsRejected, &item.options_rejected)] {
            let first = value.as_ref().and_then(|value| value.as_str().lines().next());
            found.extend(first.map(|first| self.evidence(fact, "what stands under its heading".into(), first)));
        }
        if let Some(next) = &item.next_meeting {
            let rule = "a sentence or heading that announces the next meeting with its day";
            found.push(self.evidence(Fact::NextMeeting, rule.into(), next.quote.as_str()));
        }
        for commitment in &item.commitments {
            let rule = "a sentence that looks ahead and names a day, month or year by which";
            found.push(self.evidence(Fact::Commitment, rule.into(), commitment.quote.as_str()));
        }
        found.extend(item.documents.iter().map(|document| self.document(document)));
        found
    }

    fn evidence(&self, fact: Fact, rule: Cow<'static, str>, quote: &str) -> Evidence {
        let element = self.line_with(quote).map(|line| Place::Line(line).element());
        Evidence { key: self.item.key.clone(), fact, rule, element, quote: Text::line(quote) }
    }

    /// A document is where its link is; one without an address, where its name is.
    fn document(&self, document: &Attached) -> Evidence {
        let linked = |line: &Line<'_>| document.url.is_some() && line.links.iter().any(|link| *link.url == document.url);
        let by_link = self.lines.iter().find(|line| linked(line));
        let rule = match (&document.url, document.restricted) {
            (Some(_), _) => "a link to a file",
            (None, true) => "words that name a restricted paper",
            (None, false) => "words that name a paper to follow",
        };
        match by_link {
            Some(line) => Evidence {
                key: self.item.key.clone(),
                fact: Fact::Document,
                rule: rule.into(),
                element: Some(Place::Line(line).element()),
                quote: Text::line(&line.text),
            },
            None => self.evidence(Fact::Document, rule.into(), document.title.as_str()),
        }
    }

    /// The first line, in the content rather than in the site's frame, that begins the quote, holds it or is held by it.
    fn line_with(&self, quote: &str) -> Option<&Line<'a>> {
        let wanted: String = folded(quote.lines().next()?).chars().take(COMPARED_CHARS).collect();
        if wanted.is_empty() {
            return None;
        }
        let holds = |line: &&Line<'a>| {
            let folded = line.folded();
            folded.contains(&wanted) || (folded.len() >= 12 && wanted.starts_with(folded))
        };
        let content = || self.lines.iter().filter(|line| !line.chrome);
        content().find(holds).or_else(|| self.lines.iter().find(holds))
    }
}

/// The words that the decision stands under, or else what it is by itself.
fn decision_rule(text: &str, decision: &str) -> Cow<'static, str> {
    let first = decision.lines().next().unwrap_or_default();
    let before: Vec<&str> = text.lines().take_while(|line| !line.contains(first)).collect();
    let opening = before.iter().rev().find(|line| decisions::opens(line));
    match opening {
        Some(opening) => Cow::Owned(format!("under \"{opening}\"")),
        None if text.lines().any(|line| line.contains(first) && decisions::opens(line)) => "a line that resolves".into(),
        None => "the sentence with which the body closes the item".into(),
    }
}

impl Trail {
    /// Whose evidence it is, where the page is about one item: all that was noted and not yet given away.
    pub(in crate::rules::extract) fn belongs_to_the_only(&self, items: &[Item]) {
        let mut with_text = items.iter().filter(|item| item.text.is_some());
        match (with_text.next(), with_text.next(), items) {
            (Some(only), None, _) | (None, None, [only]) => self.belongs_to(&only.key),
            _ => self.is_of_none(),
        }
    }
}
