//! The shape of the program: layers, who names which crate, what every file says of itself. Read from the sources, so that
//! a wrong turn fails here and not in a review.

mod documents;
mod packages;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layer of each module: it imports from lower layers, and from itself.
const LAYERS: [(&str, u8); 11] = [
    ("domain", 0),
    ("rules", 1),
    ("render", 2),
    ("ports", 3),
    ("config", 3),
    ("store", 4),
    ("edge", 4),
    ("engine", 5),
    ("web", 5),
    ("app", 6),
    ("cli", 7),
];

/// Roots of crates, which import nothing.
const ROOTS: [&str; 3] = ["lib", "main", "pure"];

/// Modules that are values in, values out.
const PURE: [&str; 3] = ["domain", "rules", "render"];

/// What a pure module cannot need.
const IMPURE: [&str; 10] = [
    "async fn",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "fs::",
    "TcpStream",
    "getrandom",
    "tokio::",
    "tracing::",
];

/// A crate, the files that may name it, and why those.
const KEEPERS: [(&str, &[&str], &str); 9] = [
    ("sled", &["src/store/sled"], "another engine replaces this one without a change above it"),
    ("reqwest", &["src/edge/"], "the engine asks for pages through ports"),
    (
        "lettre",
        // An address that lettre would refuse must not get into a subscription; mails are composed as text, not sent, in
        // render. Transports are in edge alone.
        &["src/edge/", "src/domain/subscriber.rs", "src/render/email/assemble.rs"],
        "the engine sends through ports",
    ),
    ("axum", &["src/web", "src/cli/demo"], "only the web side, and the demo's council, answer requests"),
    ("hyper", &["src/web"], "only the web side answers requests"),
    ("tokio_cron_scheduler", &["src/app/beat"], "the heartbeat is one place: what is due stands in the store"),
    ("tantivy", &["src/edge/index"], "another search replaces this one without a change above it"),
    ("imap_proto", &["src/edge/imap"], "mailboxes are read through ports"),
    ("rss", &["src/render/feed"], "feeds are written in one place"),
];

/// Lines of code, tests not counted, that a file may have.
const LINES_MAX: usize = 400;

/// A source file: its path below the package, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// `store` for `src/store.rs` and `src/store/sled/file.rs`.
    fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or_default();
        below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// The lines that are code, with their numbers, up to the module of tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test_file = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        let lines = self.text.lines().enumerate().take_while(move |(_, line)| !is_test_file && *line != "#[cfg(test)]");
        lines.map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The same with the tests: they keep to the layers too.
    fn code_and_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines.map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

fn sources_in(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    files_below(&root().join(folder), "rs", &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no sources");
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    found.into_iter().map(read).collect()
}

/// What follows each `start` in `line` that is not itself the end of a longer path or word.
fn after_each<'a>(line: &'a str, start: &str) -> Vec<&'a str> {
    let is_free = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    line.match_indices(start).filter(|(at, _)| is_free(*at)).map(|(at, _)| &line[at + start.len()..]).collect()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn names_crate(line: &str, name: &str) -> bool {
    !after_each(line, &format!("{name}::")).is_empty() || line.trim() == format!("use {name};")
}

#[track_caller]
fn none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}

/// The modules that an import of `of` may name.
fn may_import(of: &str, other: &str) -> bool {
    let layers: BTreeMap<&str, u8> = LAYERS.into();
    let (Some(from), Some(to)) = (layers.get(of), layers.get(other)) else { return false };
    of == other || to < from
}

#[test]
fn a_module_imports_from_lower_layers_only() {
    let mut faults = Vec::new();
    let mut imports = 0;
    for source in sources_in("src") {
        if ROOTS.contains(&source.module()) {
            continue;
        }
        let depth = source.path.matches('/').count();
        for (at, line) in source.code_and_tests() {
            for path in after_each(line, "crate::") {
                imports += 1;
                if !may_import(source.module(), first_word(path)) {
                    faults.push(format!("{}:{at}: {}", source.path, line.trim()));
                }
            }
            // A way to the crate's root that the check above would not see.
            if line.starts_with(&format!("use {}", "super::".repeat(depth))) {
                faults.push(format!("{}:{at}: {} (say crate::…)", source.path, line.trim()));
            }
        }
    }
    assert!(imports > 200, "only {imports} imports were seen: this test no longer reads the sources as they are");
    none(&faults, "an import goes upward or sideways");
}

#[test]
fn every_module_has_a_layer() {
    let modules: Vec<String> = sources_in("src").iter().map(|source| source.module().to_owned()).collect();
    for module in modules.iter().filter(|m| !ROOTS.contains(&m.as_str())) {
        assert!(LAYERS.iter().any(|(name, _)| name == module), "src/{module}.rs has no layer in this test");
    }
}

#[test]
fn decisions_and_words_need_no_world() {
    let mut faults = Vec::new();
    for source in sources_in("src").iter().filter(|source| PURE.contains(&source.module())) {
        for (at, line) in source.code() {
            if let Some(what) = IMPURE.iter().find(|what| !after_each(line, what).is_empty()) {
                faults.push(format!("{}:{at}: {what}", source.path));
            }
        }
    }
    none(&faults, "a pure module reaches for the world");
}

#[test]
fn the_engine_and_the_web_side_are_given_the_time_of_day() {
    let mut faults = Vec::new();
    for source in sources_in("src").iter().filter(|source| ["engine", "web"].contains(&source.module())) {
        for (at, line) in source.code() {
            if ["Utc::now", "Local::now", "SystemTime::now"].iter().any(|now| line.contains(now)) {
                faults.push(format!("{}:{at}", source.path));
            }
        }
    }
    none(&faults, "the clock is asked past ports::Clock");
}

#[test]
fn each_outside_crate_is_named_where_it_is_kept() {
    for (name, places, why) in KEEPERS {
        let mut faults = Vec::new();
        let mut named = 0;
        for source in sources_in("src") {
            for (at, _) in source.code().filter(|(_, line)| names_crate(line, name)) {
                named += 1;
                if !places.iter().any(|place| source.path.starts_with(place)) {
                    faults.push(format!("{}:{at}", source.path));
                }
            }
        }
        assert!(named > 0, "nothing names {name}: this test no longer reads the sources as they are");
        none(&faults, &format!("{name} is named outside {places:?}, though {why}"));
    }
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let mut faults = Vec::new();
    for source in sources_in("src").iter().filter(|source| source.module() != "config") {
        for (at, line) in source.code().filter(|(_, line)| line.contains("env::var")) {
            faults.push(format!("{}:{at}: {}", source.path, line.trim()));
        }
    }
    none(&faults, "the environment is read elsewhere");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let all = sources_in("src").into_iter().chain(sources_in("tests"));
    let faults: Vec<_> = all.filter(silent).map(|source| source.path).collect();
    none(&faults, "a file does not open with //!");
}

#[test]
fn a_file_is_one_idea_long() {
    let mut faults = Vec::new();
    for source in sources_in("src") {
        let lines = source.code().last().map_or(0, |(at, _)| at);
        if lines > LINES_MAX {
            faults.push(format!("{}: {lines}", source.path));
        }
    }
    none(&faults, &format!("over {LINES_MAX} lines of code"));
}

#[test]
fn nothing_is_left_to_be_written() {
    let words = ["todo", "unimplemented"].map(|word| format!("{word}!"));
    let marks = ["TO", "FIX"].map(|half| format!("{half}{}", if half == "TO" { "DO" } else { "ME" }));
    let mut faults = Vec::new();
    for source in sources_in("src").into_iter().chain(sources_in("tests")) {
        for (at, line) in source.text.lines().enumerate() {
            if words.iter().chain(&marks).any(|word| line.contains(word.as_str())) {
                faults.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    none(&faults, "unfinished");
}

#[test]
fn no_template_switches_escaping_off() {
    let mut found = Vec::new();
    for extension in ["html", "txt", "xml"] {
        files_below(&root().join("templates"), extension, &mut found);
    }
    assert!(found.len() > 5);
    for path in found {
        let text: String = fs::read_to_string(&path).unwrap().split_whitespace().collect();
        assert!(!text.contains("|safe") && !text.contains("autoescape"), "{}", path.display());
    }
}
