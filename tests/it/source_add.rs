//! `boardwatch source add URL`: an admin gives an address and nothing else. The real program against councils on loopback.

pub mod listings;
mod trouble;

use crate::support::app::App;
use crate::support::council::{Answer, Council};
use serde_json::Value;
use std::process::{Command, Output, Stdio};

/// What the program answers to these words on the command line.
pub fn ask(app: &App, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardwatch"));
    command.arg("-q").arg("--config").arg(app.config_dir()).args(args).env_remove("RUST_LOG").stdin(Stdio::null());
    command.output().unwrap()
}

pub fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What `source add URL --yes --json` answers.
fn add(app: &App, url: &str, more: &[&str]) -> Value {
    let mut args = vec!["source", "add", url, "--yes", "--json"];
    args.extend(more);
    let output = ask(app, &args);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{url}: {e}: {} {}", words(&output.stdout), words(&output.stderr)))
}

fn warnings(answer: &Value) -> String {
    answer["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// A page of news with three entries, `/news/1` to `/news/3`.
const NEWS: &str = "<!DOCTYPE html><html lang=en><head><title>News | Anytown Council</title></head><body><header><a href=/>Anytown Council</a>\
    <nav><a href=/bins>Bins</a> <a href=/tax>Council tax</a></nav></header><main><h1>Improvement board news</h1>\
    <ul class=news><li><h2><a href=/news/3>Board met in June</a></h2><p class=date>20 June 2026</p></li>\
    <li><h2><a href=/news/2>Board met in May</a></h2><p class=date>20 May 2026</p></li>\
    <li><h2><a href=/news/1>Board met in April</a></h2><p class=date>20 April 2026</p></li></ul></main>\
    <footer><p>© 2026 Anytown Borough Council</p></footer></body></html>";

fn article(title: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>{title} | Anytown Council</title></head><body><main><h1>{title}</h1>\
         <p>Published: 20 June 2026</p><p>The board met and heard that no child was at risk. It agreed to meet more often, and that the \
         plan be published each quarter with the figures on which it rests.</p></main></body></html>"
    )
}

/// A council with that page at `/news` and an article behind each entry.
fn publish_news(council: &Council) {
    council.publish("/news", Answer::html(NEWS));
    for n in 1..=3 {
        council.publish(&format!("/news/{n}"), Answer::html(&article(&format!("Board met in {n}"))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_alone_becomes_a_source_that_the_next_pass_reads() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let url = app.council.url("/news");
    let output = ask(&app, &["source", "add", url.as_str(), "--yes"]);
    let said = words(&output.stdout);
    assert!(output.status.success(), "{said} {}", words(&output.stderr));
    for wanted in [
        "status 200",
        "recognised as page",
        "3 items, 3 with a day",
        "2026-06-20  Board met in 3",
        "own pages read: 3 of 3",
        "ANYTOWN COUNCIL",
        "no child was at risk",
        "# A guess from the page's title.",
    ] {
        assert!(said.contains(wanted), "no {wanted:?} in\n{said}");
    }
    assert!(!said.contains("unsubscribe"), "the foot of the mail is left out:\n{said}");
    let file = app.config_dir().join("sources/anytown-improvement-board-news.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{e}: {}", words(&output.stderr)));
    let toml: toml::Table = text.parse().unwrap();
    assert_eq!(toml["council"].as_str(), Some("Anytown Council"));
    assert_eq!(toml["title"].as_str(), Some("Improvement board news"));
    assert_eq!(toml["url"].as_str(), Some(url.as_str()));
    assert_eq!(toml["platform"].as_str(), Some("page"));
    assert_eq!(toml["topics"].as_array().unwrap()[0].as_str(), Some("improvement-board"));
    assert!(ask(&app, &["check"]).status.success());
    assert!(ask(&app, &["once"]).status.success());
    let show = ask(&app, &["source", "show", "anytown-improvement-board-news", "--json"]);
    let show: Value = serde_json::from_slice(&show.stdout).unwrap();
    assert_eq!(show["items"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_for_scripts_has_what_was_found_and_the_files_text() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let url = app.council.url("/news");
    let answer = add(&app, url.as_str(), &["--id", "board", "--council", "Any Town", "--title", "Board"]);
    assert_eq!((&answer["written"], &answer["id"], &answer["council"]), (&true.into(), &"board".into(), &"Any Town".into()));
    assert_eq!(answer["found"]["items"].as_array().unwrap().len(), 3);
    assert_eq!(answer["found"]["own_pages"].as_array().unwrap().len(), 3);
    assert_eq!(std::fs::read_to_string(answer["path"].as_str().unwrap()).unwrap(), answer["file"].as_str().unwrap());
    assert!(!answer["file"].as_str().unwrap().contains("A guess"), "{}", answer["file"]);
    assert!(answer["digest"].as_str().unwrap().contains("[New] Board met in 3"), "{}", answer["digest"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_names_rule_element_and_words_and_what_has_changed() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.watch("news", "/news", "platform = \"page\"\n");
    let first = words(&ask(&app, &["source", "test", "news"]).stdout);
    for wanted in
        ["read as page, as the source file says", "new        2026-06-20  Board met in 3", "at `h1`", "“Published: 20 June 2026”"]
    {
        assert!(first.contains(wanted), "no {wanted:?} in\n{first}");
    }
    assert!(ask(&app, &["once"]).status.success());
    let again = words(&ask(&app, &["source", "test", "news"]).stdout);
    assert!(again.contains("unchanged  2026-06-20  Board met in 3"), "{again}");
    let corrected = article("Board met in 3").replace("no child was at risk", "one child was at risk");
    app.council.publish("/news/3", Answer::html(&corrected));
    let changed = words(&ask(&app, &["source", "test", "news"]).stdout);
    for wanted in ["changed    2026-06-20  Board met in 3", "Before: ", "one child was at risk"] {
        assert!(changed.contains(wanted), "no {wanted:?} in\n{changed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_selector_that_matches_nothing_is_named_with_its_count_the_page_its_status_and_bytes() {
    let app = App::set_up().await;
    publish_news(&app.council);
    app.watch("news", "/news", "platform = \"page\"\n[select]\nitem = \"li.story\"\n");
    let url = app.council.url("/news");
    for command in [&["source", "test", "news"][..], &["once"]] {
        let output = ask(&app, command);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let said = words(&output.stderr);
        assert!(said.contains("select.item \"li.story\" matches 0 elements"), "{command:?}: {said}");
        assert!(said.contains(&format!("status 200, {} bytes", NEWS.len())), "{command:?}: {said}");
        assert!(said.contains(url.as_str()) || said.contains("news: "), "{command:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_writes_nothing_and_without_a_terminal_nobody_is_asked() {
    let app = App::set_up().await;
    publish_news(&app.council);
    let url = app.council.url("/news");
    let dry = ask(&app, &["source", "add", url.as_str(), "--dry-run"]);
    assert!(dry.status.success() && words(&dry.stdout).contains("platform = \"page\""), "{}", words(&dry.stderr));
    assert!(!app.config_dir().join("sources").exists());
    app.council.publish("/other", Answer::html(NEWS));
    let before = app.council.asked().len();
    let mute = ask(&app, &["source", "add", app.council.url("/other").as_str()]);
    assert_eq!(mute.status.code(), Some(2));
    assert!(words(&mute.stderr).contains("--yes"), "{}", words(&mute.stderr));
    assert_eq!(app.council.asked().len(), before, "nobody was asked");
    for wrong in [&["source", "add", "ftp://x.example/", "--yes"][..], &["source", "add", url.as_str(), "--id", "A b", "--yes"]] {
        assert_eq!(ask(&app, wrong).status.code(), Some(2), "{wrong:?}");
    }
}
