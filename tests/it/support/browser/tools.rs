//! Outside checkers: axe-core and the Nu HTML checker. `.ci/run` puts both under `target/check-tools`; `BOARDWATCH_AXE` and
//! `BOARDWATCH_VNU` name other places. A test that finds none says so and is skipped, but for where nothing may be skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Says why a test is not made, which fails it where `BOARDWATCH_REQUIRE_CHECKERS` is set, as `.ci/run` does.
pub fn skipped(why: &str) {
    let is_required = std::env::var_os("BOARDWATCH_REQUIRE_CHECKERS").is_some_and(|set| !set.is_empty() && set != "0");
    assert!(!is_required, "{why}");
    eprintln!("skipped: {why}");
}

/// A checker, where it was found.
pub struct Tool {
    pub path: PathBuf,
}

/// The first of these programs that is on the machine.
pub fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()))
}

fn tool(variable: &str, below: &str) -> Option<Tool> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/check-tools/node_modules").join(below));
    if path.is_file() {
        return Some(Tool { path });
    }
    skipped(&format!("{} is not there (.ci/run fetches it; {variable} names another place)", path.display()));
    None
}

/// axe-core's script.
pub fn axe() -> Option<String> {
    tool("BOARDWATCH_AXE", "axe-core/axe.min.js").map(|tool| std::fs::read_to_string(tool.path).unwrap())
}

/// The Nu HTML checker.
pub fn vnu() -> Option<Tool> {
    if program(&["java"]).is_none() {
        skipped("there is no java on this machine (apt-get install default-jre-headless)");
        return None;
    }
    tool("BOARDWATCH_VNU", "vnu-jar/build/dist/vnu.jar")
}

impl Tool {
    /// What the Nu HTML checker calls an error in these files, a line each.
    pub fn errors(&self, folder: &Path) -> Vec<String> {
        let ran = Command::new("java")
            .args(["-Xss1m", "-Xmx512m", "-jar"])
            .arg(&self.path)
            .args(["--errors-only", "--format", "gnu", "--exit-zero-always", "--skip-non-html"])
            .arg(folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned() + &String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{said}");
        said.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }
}
