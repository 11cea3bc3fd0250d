//! The lines of a dump: header, records, trailer.

use super::DumpError;
use super::keys::Keys;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};

/// Raised when an earlier program could not read what is written here.
const FORMAT: u32 = 1;
const ZSTD_LEVEL: i32 = 6;
/// RFC 8878 §3.1.1: how every zstd file begins.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

#[derive(Serialize, Deserialize)]
struct Header {
    boardwatch_dump: u32,
    /// When it was made; absent in older ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<DateTime<Utc>>,
    #[serde(flatten)]
    keys: Keys,
}

/// One record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) schema: u8,
    pub(super) record: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    rows: u64,
    blake3: String,
}

/// Writes a dump line by line.
pub(super) struct Writer<W: Write> {
    out: zstd::Encoder<'static, W>,
    hash: blake3::Hasher,
    rows: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, made: Option<DateTime<Utc>>, keys: &Keys) -> io::Result<Self> {
        let mut out = zstd::Encoder::new(out, ZSTD_LEVEL)?;
        out.include_checksum(true)?;
        let mut writer = Self { out, hash: blake3::Hasher::new(), rows: 0 };
        writer.line(&Header { boardwatch_dump: FORMAT, made, keys: keys.clone() })?;
        Ok(writer)
    }

    pub(super) fn write(&mut self, line: &Line) -> io::Result<()> {
        self.rows += 1;
        self.line(line)
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let trailer = Trailer { rows: self.rows, blake3: self.hash.finalize().to_string() };
        self.line(&trailer)?;
        self.out.finish()
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.hash.update(&text);
        self.out.write_all(&text)
    }
}

/// Reads a dump line by line; says that there are no more only where the trailer agrees with what was read.
pub(super) struct Reader<R: Read> {
    input: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    hash: blake3::Hasher,
    rows: u64,
    pub(super) made: Option<DateTime<Utc>>,
    pub(super) keys: Keys,
}

impl<R: Read> Reader<R> {
    pub(super) fn begin(input: R) -> Result<Self, DumpError> {
        let mut input = BufReader::new(input);
        let start = input.fill_buf().map_err(|source| DumpError::Io { doing: "read", source })?;
        if !start.starts_with(&ZSTD_MAGIC) {
            return Err(DumpError::NotADump);
        }
        let input = zstd::Decoder::with_buffer(input).map_err(|_| DumpError::NotADump)?;
        let (hash, keys) = (blake3::Hasher::new(), Keys::default());
        let mut reader = Self { input: BufReader::new(input), hash, rows: 0, made: None, keys };
        let text = reader.text()?;
        let header: Header = serde_json::from_slice(&text).map_err(|_| DumpError::NotADump)?;
        if header.boardwatch_dump > FORMAT {
            return Err(DumpError::Newer { found: header.boardwatch_dump, known: FORMAT });
        }
        reader.hash.update(&text);
        (reader.made, reader.keys) = (header.made, header.keys);
        Ok(reader)
    }

    pub(super) fn next(&mut self) -> Result<Option<Line>, DumpError> {
        let text = self.text()?;
        if let Ok(line) = serde_json::from_slice::<Line>(&text) {
            self.rows += 1;
            self.hash.update(&text);
            return Ok(Some(line));
        }
        let trailer: Trailer = serde_json::from_slice(&text).map_err(|_| DumpError::Altered)?;
        let is_whole = trailer.rows == self.rows && trailer.blake3 == self.hash.finalize().to_string();
        if is_whole { Ok(None) } else { Err(DumpError::Altered) }
    }

    /// One line with its end; a line without one was cut.
    fn text(&mut self) -> Result<Vec<u8>, DumpError> {
        let mut text = Vec::new();
        // Of what zstd cannot unpack we know only that; of a file that ends too early it says so.
        self.input
            .read_until(b'\n', &mut text)
            .map_err(|why| if why.kind() == io::ErrorKind::UnexpectedEof { DumpError::CutShort } else { DumpError::Altered })?;
        if text.ends_with(b"\n") { Ok(text) } else { Err(DumpError::CutShort) }
    }
}
