//! `subscriber import`: many people from a CSV file. Everything is looked at before anything is written, and every fault is
//! named with its line.

use super::add::{said, unknown};
use super::{People, report};
use crate::config::Config;
use crate::domain::choice::Choice;
use crate::domain::source::Source;
use crate::domain::subscriber::{Address, Cadence, Interests};
use crate::store::noted::Noted;
use anyhow::Context;
use chrono::Utc;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

/// What it takes.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct ImportArgs {
    /// The file, with a first line that names its columns: address, cadence, and any of everything, councils, sources,
    /// topics, keywords (several in one field parted by `;`) and note; `-` reads standard input
    file: PathBuf,
    /// Where and when they said yes, for lines without a note of their own
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Look at everything and write nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// The columns that a file may have; the first two it has to have.
const COLUMNS: [&str; 8] = ["address", "cadence", "everything", "councils", "sources", "topics", "keywords", "note"];

/// A line as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    address: String,
    cadence: String,
    #[serde(default)]
    everything: String,
    #[serde(default)]
    councils: String,
    #[serde(default)]
    sources: String,
    #[serde(default)]
    topics: String,
    #[serde(default)]
    keywords: String,
    #[serde(default)]
    note: String,
}

/// Somebody in the file: all of their lines, joined.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    address: Address,
    choice: Choice,
    note: String,
}

pub(super) async fn run(args: &ImportArgs, people: &People, config: &Config) -> anyhow::Result<ExitCode> {
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
    } else {
        bytes = std::fs::read(&args.file).with_context(|| format!("{}", args.file.display()))?;
    }
    let File { entries, faults, joined } = read(&bytes, &config.sources, args.note.trim());
    for (line, what) in &joined {
        eprintln!("{}:{line}: {what}", args.file.display());
    }
    if !faults.is_empty() {
        for (line, fault) in &faults {
            eprintln!("{}:{line}: {fault}", args.file.display());
        }
        let count = if faults.len() == 1 { "1 fault".to_owned() } else { format!("{} faults", faults.len()) };
        eprintln!("boardwatch: {count}; nobody was subscribed");
        return Ok(ExitCode::FAILURE);
    }
    let mut done = Vec::new();
    for entry in entries.values() {
        let id = people.id(&entry.address);
        let noted = if args.dry_run {
            people.store.left(&id).await?.map_or(Noted::Begins, Noted::LeftAlone)
        } else {
            people.store.record_noted(&id, &entry.address, &entry.choice, false, &entry.note, Utc::now()).await?
        };
        done.push((entry.address.shown(), said(noted)));
    }
    if args.dry_run {
        eprintln!("nothing was written: this is what an import would do");
    }
    report(&done, args.json)?;
    Ok(ExitCode::SUCCESS)
}

/// What a file says.
#[derive(Default)]
struct File {
    /// Who is in it.
    entries: BTreeMap<String, Entry>,
    /// What is wrong with it, line by line.
    faults: Vec<(u64, String)>,
    /// Lines about somebody of whom an earlier one speaks.
    joined: Vec<(u64, String)>,
}

/// Who is in the file, or what is wrong with it.
fn read(bytes: &[u8], sources: &[Source], note: &str) -> File {
    let mut file = File::default();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return File { faults: vec![(1, plain(&error))], ..file },
    };
    file.faults = of_columns(&headers).into_iter().map(|fault| (1, fault)).collect();
    if !file.faults.is_empty() {
        return file;
    }
    for record in reader.records() {
        let (line, entry) = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let read = record.deserialize::<Line>(Some(&headers)).map_err(|error| plain(&error));
                (line, read.and_then(|read| read.entry(sources, note)))
            }
            Err(error) => (error.position().map_or(0, csv::Position::line), Err(plain(&error))),
        };
        match entry {
            Ok(entry) => match file.entries.get_mut(&entry.address.identity()) {
                Some(before) => {
                    let what = format!("{} is named above already: the two lines are joined", entry.address.shown());
                    file.joined.push((line, what));
                    before.choice = before.choice.clone().joined(&entry.choice);
                }
                None => {
                    file.entries.insert(entry.address.identity(), entry);
                }
            },
            Err(fault) => file.faults.push((line, fault)),
        }
    }
    if file.entries.is_empty() && file.faults.is_empty() {
        file.faults.push((1, "nobody is named below the first line".to_owned()));
    }
    file
}

/// What is wrong with the first line, which names the columns.
fn of_columns(headers: &csv::StringRecord) -> Vec<String> {
    if headers.iter().all(str::is_empty) {
        return vec!["the file is empty: its first line names the columns, `address` and `cadence` among them".to_owned()];
    }
    let is_there = |column: &&&str| headers.iter().any(|header| header == **column);
    let missing =
        COLUMNS.iter().take(2).filter(|column| !is_there(column)).map(|column| format!("there is no column `{column}`"));
    let unknown = headers.iter().filter(|header| !COLUMNS.contains(header));
    let unknown = unknown.map(|header| format!("`{header}` is no column; there are {}", COLUMNS.join(", ")));
    missing.chain(unknown).collect()
}

/// The fault without the place, which is said before it.
fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the first line names {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        csv::ErrorKind::Io(_) | csv::ErrorKind::Seek | csv::ErrorKind::Serialize(_) | _ => error.to_string(),
    }
}

impl Line {
    fn entry(self, sources: &[Source], note: &str) -> Result<Entry, String> {
        let address = Address::parse(&self.address)?;
        let cadence = Cadence::ALL.into_iter().find(|cadence| cadence.as_str() == self.cadence);
        let cadence = cadence.ok_or_else(|| format!("`{}` is not immediate, daily or weekly", self.cadence))?;
        let everything = match self.everything.as_str() {
            "" | "no" | "false" => false,
            "yes" | "true" | "*" => true,
            other => return Err(format!("`{other}` is not yes or no")),
        };
        let interests = Interests {
            everything,
            sources: parts(&self.sources),
            councils: parts(&self.councils),
            topics: parts(&self.topics),
            keywords: parts(&self.keywords),
        };
        if let Some(fault) = unknown(&interests, sources) {
            return Err(fault);
        }
        if interests.is_empty() {
            return Err("nothing is chosen".to_owned());
        }
        let note = if self.note.is_empty() { note } else { &self.note };
        if note.is_empty() {
            return Err("a note must say where and when they said yes (a column `note`, or --note)".to_owned());
        }
        Ok(Entry { address, choice: Choice::from_iter([(cadence, interests)]), note: note.to_owned() })
    }
}

fn parts(raw: &str) -> Vec<String> {
    raw.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_with_all_of_their_lines() {
        let csv = "address,cadence,everything,keywords,note\n\
                   a@example.org,daily,yes,,\n\
                   b@Example.org,weekly,,\"ofsted; school places\",form of 3 March\n\
                   A@example.org,weekly,,budget,\n";
        let File { entries, faults, joined } = read(csv.as_bytes(), &[], "agreed by phone");
        assert_eq!(faults, []);
        assert_eq!(joined, [(4, "A@example.org is named above already: the two lines are joined".to_owned())]);
        assert_eq!(entries.len(), 2);
        let a = &entries["a@example.org"];
        assert_eq!(a.note, "agreed by phone");
        assert!(a.choice.at(Cadence::Daily).unwrap().everything);
        assert_eq!(a.choice.at(Cadence::Weekly).unwrap().keywords, ["budget"]);
        let b = &entries["b@example.org"];
        assert_eq!((b.note.as_str(), b.choice.at(Cadence::Weekly).unwrap().keywords.len()), ("form of 3 March", 2));
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let csv = "address,cadence,everything,councils,note\n\
                   nobody,daily,yes,,x\n\
                   a@example.org,hourly,yes,,x\n\
                   b@example.org,daily,,Nowhere Council,x\n\
                   c@example.org,daily,,,x\n\
                   d@example.org,daily,yes,,\n\
                   e@example.org,daily\n";
        let faults = read(csv.as_bytes(), &[], "").faults;
        let lines: Vec<u64> = faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7], "{faults:?}");
    }

    #[test]
    fn a_first_line_that_is_no_heading_and_a_file_without_people_are_faults_of_the_first_line() {
        let check = |csv: &str, expect: &[&str]| {
            let faults = read(csv.as_bytes(), &[], "x").faults;
            assert!(faults.iter().all(|(line, _)| *line == 1) && faults.len() == expect.len(), "{csv:?}: {faults:?}");
            for (fault, expect) in faults.iter().zip(expect) {
                assert!(fault.1.contains(expect), "{csv:?}: {faults:?}");
            }
        };
        check("address,how often\na@example.org,daily\n", &["no column `cadence`", "`how often` is no column"]);
        check("", &["the file is empty"]);
        check("address,cadence\n", &["nobody is named"]);
    }
}
