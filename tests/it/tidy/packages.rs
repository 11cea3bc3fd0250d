//! What the program is built from: where it comes from and under which licence.

use super::{names_crate, none, root, sources_in};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// Licences that a distributor of MIT OR Apache-2.0 programs can satisfy by keeping notices. MPL-2.0 asks only that changes
/// to its own files are published; we make none.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that need a C library of the machine, or a second TLS beside rustls with aws-lc.
const BANNED: [&str; 5] = ["openssl-sys", "native-tls", "ring", "libsqlite3-sys", "libz-sys"];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The packages that this machine builds from, as cargo sees them; they are all here once this test is.
fn packages() -> Vec<Value> {
    let said = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether one of the ways in which an SPDX expression can be satisfied is allowed; older crates write `/` for OR.
fn is_allowed(expression: &str) -> bool {
    let expression = spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX).unwrap();
    expression.evaluate(|asked| asked.license.id().is_some_and(|licence| ALLOWED.contains(&licence.name)))
}

#[test]
fn licence_expressions_are_understood() {
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("Apache-2.0/GPL-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND BSD-3-Clause", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("ISC AND (Apache-2.0 OR GPL-2.0-only)", true),
    ] {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}

#[test]
fn every_package_is_from_the_registry_under_a_licence_that_we_can_keep() {
    let packages = packages();
    assert!(packages.len() > 100, "cargo named {} packages only", packages.len());
    for package in packages.iter().filter(|package| package["name"] != "boardwatch") {
        let name = package["name"].as_str().unwrap();
        assert_eq!(package["source"], REGISTRY, "{name} is from elsewhere");
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence), "{name}: {licence}");
    }
}

#[test]
fn no_second_tls_and_no_library_of_the_machine_is_built_in() {
    // The lock file also names what a feature could ask for; cargo's tree is what is built.
    let said = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let tree = String::from_utf8(said.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"rustls"), "{names:?}");
    for banned in BANNED {
        assert!(!names.contains(&banned), "{banned} is not to be built in");
    }
}

#[test]
fn the_lock_file_names_the_registry_alone() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for source in lock.lines().filter_map(|line| line.strip_prefix("source = ")) {
        assert_eq!(source.trim_matches('"'), REGISTRY);
    }
}

/// What the package in `folder` depends on, by name, as its manifest has it.
fn dependencies(folder: &str) -> toml::Table {
    let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().clone()
}

/// The fuzz crate is not built here, so nothing else would tell that it no longer can be.
#[test]
fn the_fuzz_crate_has_what_the_layers_that_it_builds_name() {
    let [product, fuzz] = ["", "fuzz"].map(dependencies);
    let layers: Vec<_> = sources_in("src").into_iter().filter(|s| ["domain", "rules"].contains(&s.module())).collect();
    let names = |name: &str| layers.iter().any(|source| source.code().any(|(_, line)| names_crate(line, name)));
    let needed: Vec<_> = product.iter().filter(|(name, _)| names(&name.replace('-', "_"))).collect();
    assert!(needed.len() > 10, "only {} crates were seen in those layers", needed.len());
    let lacking = needed.iter().filter(|(name, asked)| fuzz.get(name.as_str()) != Some(asked));
    let faults: Vec<_> = lacking.map(|(name, asked)| format!("{name} = {asked}")).collect();
    none(&faults, "fuzz/Cargo.toml lacks a crate, or asks for another version or other features than Cargo.toml");
}
