//! The search index: which items hold which words. Files of tantivy's under `data_dir/search`, made from the store and made
//! again where they are lost or do not read; nothing is only here.
//!
//! Words are folded and stemmed (`rules::search`) before they come here, so the index knows nothing of languages. Memory: what the
//! writer is given while there is something to write, and what the system keeps of the files.

mod near;

pub use near::Near;

use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::rules::search::{Query, stemmed_words};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::error::OpenDirectoryError;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as Wanted, TermQuery, TermSetQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term};

/// Memory of the writer, in bytes.
const WRITER_BYTES: usize = 24 << 20;
/// A word of a title counts as much as so many in the text.
const TITLE_WEIGHT: f32 = 4.0;

/// Why the index could not do it.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder.
    #[error("the folder of the search index cannot be used")]
    Folder(#[from] std::io::Error),
    /// tantivy.
    #[error("the search index cannot be used")]
    Engine(#[from] TantivyError),
    /// tantivy, about the folder.
    #[error("the folder of the search index cannot be opened")]
    Open(#[from] OpenDirectoryError),
}

/// An item's words, as they are to be found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Whose.
    pub id: ItemId,
    /// Found where.
    pub source: SourceId,
    /// Names this content: another content has another number.
    pub content: u64,
    /// The title.
    pub title: String,
    /// Everything else.
    pub text: String,
}

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    source: Field,
    title: Field,
    text: Field,
    high: Field,
    low: Field,
    content: Field,
}

/// The index of one installation.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

impl SearchIndex {
    /// The index in `folder`; an empty one where there is none that reads.
    ///
    /// # Errors
    /// Where the folder cannot be made or written.
    pub fn open(folder: &Path) -> Result<Self, IndexError> {
        if let Ok(index) = Self::try_open(folder) {
            return Ok(index);
        }
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        Self::try_open(folder)
    }

    fn try_open(folder: &Path) -> Result<Self, IndexError> {
        fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        // Another schema is an error: an index of an earlier program is made again.
        let index = Index::open_or_create(tantivy::directory::MmapDirectory::open(folder)?, schema)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let opened = Self { index, reader, fields };
        opened.contents()?;
        Ok(opened)
    }

    /// Which content of each item is indexed.
    ///
    /// # Errors
    /// Where the files do not read.
    pub fn contents(&self) -> Result<HashMap<ItemId, u64>, IndexError> {
        let mut contents = HashMap::new();
        for segment in self.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let (high, low, content) = (fast.u64("high")?, fast.u64("low")?, fast.u64("content")?);
            for document in segment.doc_ids_alive() {
                let (Some(high), Some(low)) = (high.first(document), low.first(document)) else { continue };
                if let Some(id) = id_of(high, low) {
                    contents.insert(id, content.first(document).unwrap_or_default());
                }
            }
        }
        Ok(contents)
    }

    /// Makes `entries` findable instead of what was there of the same items, and `gone` not findable; durable when it
    /// returns.
    ///
    /// # Errors
    /// Where the disk says no; then nothing of it counts.
    pub fn change(&self, entries: &[Entry], gone: &[ItemId]) -> Result<(), IndexError> {
        let mut writer: IndexWriter<TantivyDocument> = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        let Fields { id, source, title, text, high, low, content } = self.fields;
        for gone in gone.iter().chain(entries.iter().map(|entry| &entry.id)) {
            writer.delete_term(Term::from_field_text(id, gone.as_str()));
        }
        for entry in entries {
            let (high_half, low_half) = halves(&entry.id);
            let mut document = TantivyDocument::default();
            document.add_text(id, entry.id.as_str());
            document.add_text(source, entry.source.as_str());
            document.add_text(title, stemmed_words(&entry.title));
            document.add_text(text, stemmed_words(&entry.text));
            document.add_u64(high, high_half);
            document.add_u64(low, low_half);
            document.add_u64(content, entry.content);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(())
    }

    /// How many items of `sources` (`None`: of all) hold every term of `query`, and `limit` of them from `offset` on, the
    /// best first.
    ///
    /// # Errors
    /// Where the files do not read.
    pub fn search(
        &self,
        query: &Query,
        sources: Option<&[SourceId]>,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<ItemId>), IndexError> {
        let searcher = self.reader.searcher();
        let mut parts: Vec<(Occur, Box<dyn Wanted>)> =
            query.stems().iter().map(|term| (Occur::Must, self.wanted(term))).collect();
        if let Some(sources) = sources {
            let terms = sources.iter().map(|source| Term::from_field_text(self.fields.source, source.as_str()));
            let among = TermSetQuery::new(terms.collect::<Vec<_>>());
            parts.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(among), 0.0))));
        }
        let query = BooleanQuery::new(parts);
        let count = searcher.search(&query, &Count)?;
        // Room is made for all that is skipped: nobody may ask for more of it than there is.
        if offset >= count {
            return Ok((count, Vec::new()));
        }
        let best = searcher.search(&query, &TopDocs::with_limit(limit.max(1)).and_offset(offset).order_by_score())?;
        Ok((count, Self::ids(&searcher, best)?))
    }

    fn ids(searcher: &Searcher, best: Vec<(f32, DocAddress)>) -> Result<Vec<ItemId>, TantivyError> {
        let mut ids = Vec::with_capacity(best.len());
        for (_, address) in best {
            let fast = searcher.segment_reader(address.segment_ord).fast_fields();
            let half = |column: &str| Ok::<_, TantivyError>(fast.u64(column)?.first(address.doc_id).unwrap_or_default());
            ids.extend(id_of(half("high")?, half("low")?));
        }
        Ok(ids)
    }

    /// A word, or words that follow one another, in the title or in the text.
    fn wanted(&self, term: &[String]) -> Box<dyn Wanted> {
        let in_field = |field: Field| -> Box<dyn Wanted> {
            let terms: Vec<Term> = term.iter().map(|word| Term::from_field_text(field, word)).collect();
            match <[Term; 1]>::try_from(terms) {
                Ok([word]) => Box::new(TermQuery::new(word, IndexRecordOption::WithFreqs)),
                Err(words) => Box::new(PhraseQuery::new(words)),
            }
        };
        let title = Box::new(BoostQuery::new(in_field(self.fields.title), TITLE_WEIGHT));
        Box::new(BooleanQuery::new(vec![(Occur::Should, title), (Occur::Should, in_field(self.fields.text))]))
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        source: builder.add_text_field("source", STRING),
        title: builder.add_text_field("title", words.clone()),
        text: builder.add_text_field("text", words),
        high: builder.add_u64_field("high", FAST),
        low: builder.add_u64_field("low", FAST),
        content: builder.add_u64_field("content", FAST | INDEXED),
    };
    (builder.build(), fields)
}

fn halves(id: &ItemId) -> (u64, u64) {
    let half = |digits: Option<&str>| digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
    (half(id.as_str().get(..16)), half(id.as_str().get(16..)))
}

fn id_of(high: u64, low: u64) -> Option<ItemId> {
    ItemId::parse(&format!("{high:016x}{low:016x}"))
}

#[cfg(test)]
mod tests;
