//! One file while it is read: its text, where each value stands, and what has been found wrong so far.

use super::fault::{Fault, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What is wrong with a value, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: escaped(&message.into()), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }
}

/// On one line, whatever the file has in the value that it quotes: what would end or turn the line stands as TOML escapes it.
fn escaped(message: &str) -> String {
    let turns = |char: char| matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut on_one_line = String::with_capacity(message.len());
    for char in message.chars() {
        match char {
            '\n' => on_one_line.push_str("\\n"),
            '\r' => on_one_line.push_str("\\r"),
            '\t' => on_one_line.push_str("\\t"),
            char if char.is_control() || turns(char) => {
                let _ = write!(on_one_line, "\\u{:04X}", u32::from(char));
            }
            char => on_one_line.push(char),
        }
    }
    on_one_line
}

/// One file. Values are named by path: `mail.smtp.port`, `subscriber.0.address`; the empty path is the whole file.
#[derive(Debug)]
pub(super) struct Document {
    file: PathBuf,
    text: String,
    /// Byte offsets of the values that the file holds.
    places: BTreeMap<String, usize>,
    /// Paths that have their fault already: what follows from it is not reported as well.
    faulted: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Document {
    pub(super) fn new(file: PathBuf, text: String) -> Self {
        Self { file, text, places: BTreeMap::new(), faulted: BTreeSet::new(), faults: Vec::new() }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Remembers where the value at `path` begins.
    pub(super) fn found(&mut self, path: &str, offset: usize) {
        self.places.insert(path.to_owned(), offset);
    }

    /// Whether the file itself holds a value at `path`.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }

    /// Line and column of the value at `path`, or of the nearest table around it that the file holds.
    pub(super) fn place(&self, path: &str) -> (usize, usize) {
        let mut path = path;
        loop {
            if let Some(offset) = self.places.get(path) {
                return self.line_and_column(*offset);
            }
            match path.rsplit_once('.') {
                Some((parent, _)) => path = parent,
                None if path.is_empty() => return (1, 1),
                None => path = "",
            }
        }
    }

    /// Line and column, from 1, of a byte offset; columns count characters.
    pub(super) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// Marks what is at `path`, and all below it, as reported.
    pub(super) fn mark(&mut self, path: &str) {
        self.faulted.insert(path.to_owned());
    }

    /// Whether the value at `path` can be relied on.
    pub(super) fn is_sound(&self, path: &str) -> bool {
        let around = path.match_indices('.').filter_map(|(dot, _)| path.get(..dot));
        !["", path].into_iter().chain(around).any(|path| self.faulted.contains(path))
    }

    /// The value, or its fault at `path`.
    pub(super) fn take<T>(&mut self, path: &str, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.fault(path, problem)).ok()
    }

    /// Reports a fault of the value at `path`, unless that has one already.
    pub(super) fn fault(&mut self, path: &str, problem: Problem) {
        if self.is_sound(path) {
            let (line, column) = self.place(path);
            self.report(line, column, problem, Severity::Error);
            self.mark(path);
        }
    }

    /// Reports something about the value at `path` that somebody should look at.
    pub(super) fn warn(&mut self, path: &str, problem: Problem) {
        if self.is_sound(path) {
            let (line, column) = self.place(path);
            self.report(line, column, problem, Severity::Warning);
        }
    }

    /// Reports a fault at a byte offset.
    pub(super) fn fault_at(&mut self, offset: usize, problem: Problem) {
        let (line, column) = self.line_and_column(offset);
        self.report(line, column, problem, Severity::Error);
    }

    fn report(&mut self, line: usize, column: usize, Problem { message, hint }: Problem, severity: Severity) {
        self.faults.push(Fault { file: self.file.clone(), line, column, message, hint, severity });
    }

    /// What has been found wrong so far.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }
}
