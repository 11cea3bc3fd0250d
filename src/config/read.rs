//! Reads the folder: every file through its sieves, then what the files say of each other.

mod across;
mod list;
mod mail;
mod main;
mod returns;
mod source;
mod topics;

use super::document::{Document, Problem};
use super::fault::{Fault, Severity};
use super::files::schema_of;
use super::{Config, shape};
use serde::de::DeserializeOwned;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// The environment, asked by name.
type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the folder `dir`: the configuration with its warnings, or every fault and warning there is, by file and line.
///
/// `env` answers for environment variables (`password_env`).
///
/// # Errors
/// All faults and warnings, where at least one is a fault.
pub fn read(dir: &Path, env: Env<'_>) -> Result<(Config, Vec<Fault>), Vec<Fault>> {
    let (mut main, named_topics, settings) = main::read(open(&dir.join("boardwatch.toml")), dir, env);
    let every = settings.as_ref().map_or(main::EVERY, |settings| settings.poll.every);
    let polite = settings.as_ref().is_none_or(|settings| !settings.poll.allow_private_networks);
    let mut faults = Vec::new();
    let mut sources: Vec<source::Read> =
        opened(&dir.join("sources"), &mut faults).map(|(name, document)| source::read(&name, document, every, polite)).collect();
    let mut lists: Vec<list::Read> =
        opened(&dir.join("subscriptions"), &mut faults).map(|(name, document)| list::read(name, document)).collect();
    across::check(&mut sources, &mut lists);
    topics::check(&mut main, &named_topics, &sources);

    faults.extend(main.take_faults());
    faults.extend(sources.iter_mut().flat_map(|read| read.document.take_faults()));
    faults.extend(lists.iter_mut().flat_map(|read| read.document.take_faults()));
    faults.sort();

    let settings = settings.filter(|_| faults.iter().all(|fault| fault.severity == Severity::Warning));
    let Some(settings) = settings else { return Err(faults) };
    let mut sources: Vec<_> = sources.into_iter().filter_map(|read| read.source).collect();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let lists = lists.into_iter().map(|read| read.list).collect();
    Ok((Config { sources, lists, ..settings }, faults))
}

/// The text of a file. One that cannot be read has that fault, and no other.
fn open(file: &Path) -> Document {
    let unreadable = |text: String, problem: Problem| {
        let end = text.len();
        let mut document = Document::new(file.to_owned(), text);
        document.fault_at(end, problem);
        document.mark("");
        document
    };
    match std::fs::read(file).map(String::from_utf8) {
        Ok(Ok(text)) => Document::new(file.to_owned(), text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Ok(Err(error)) => {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let good = String::from_utf8_lossy(good).into_owned();
            unreadable(good, Problem::new("not UTF-8 from here on").hint("save the file as UTF-8"))
        }
        Err(error) => {
            let problem = Problem::new(format!("cannot be read: {error}"));
            let hint = "--config DIR names the folder that holds boardwatch.toml".to_owned();
            unreadable(String::new(), problem.maybe_hint((error.kind() == io::ErrorKind::NotFound).then_some(hint)))
        }
    }
}

/// The `*.toml` files of a folder with their names, in order; none where there is no folder. Other files, and those whose
/// name begins with a dot, are editors' and people's own business.
fn opened(folder: &Path, faults: &mut Vec<Fault>) -> impl Iterator<Item = (String, Document)> + use<> {
    let mut files: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect(),
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                let message = format!("cannot be read: {error}");
                let fault = Fault { file: folder.to_owned(), line: 1, column: 1, message, hint: None, severity: Severity::Error };
                faults.push(fault);
            }
            Vec::new()
        }
    };
    // A dangling link is kept, so that it is reported and not passed over.
    files.retain(|file| file.extension() == Some(OsStr::new("toml")) && !file.is_dir());
    files.sort();
    files.into_iter().filter_map(|file| {
        let name = file.file_stem()?.to_string_lossy().into_owned();
        (!name.starts_with('.')).then(|| (name, open(&file)))
    })
}

/// The file in the shape of its type, stand-ins where it is faulty.
fn shaped<T: DeserializeOwned + schemars::JsonSchema>(document: &mut Document) -> Option<T> {
    let value = shape::shaped(document, &schema_of::<T>());
    let typed = serde_json::from_value(value).map_err(|error| Problem::new(error.to_string()));
    document.take("", typed)
}
