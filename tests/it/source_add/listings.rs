//! Every listing that we have as a fixture, served by a council with items' pages behind it: the address alone is enough.

use super::{add, ask, words};
use crate::support::app::App;
use crate::support::council::{Answer, Council};
use boardwatch::domain::source::{Platform, Select};
use boardwatch::rules::extract::{Page, extract};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// A listing: its page, where it was, and how many items a person counts on it.
struct Listing {
    name: String,
    page: Vec<u8>,
    url: Url,
    items: usize,
    /// Titles that a person reads off it, where they are noted.
    titles: Vec<String>,
}

/// The listings among `fixtures/pages`: file, path on the site, items.
pub const PAGES: &[(&str, &str, usize)] = &[
    ("page-list-ul", "https://www.anytown.example/news", 3),
    ("page-list-table", "https://www.anytown.example/news", 3),
    ("page-list-cards", "https://www.anytown.example/news", 4),
    ("page-list-wordpress", "https://www.anytown.example/news", 2),
    ("page-list-drupal", "https://www.anytown.example/news", 3),
    ("page-list-govuk", "https://www.anytown.example/news", 2),
    ("page-list-flat", "https://www.anytown.example/news", 3),
    ("page-list-undated", "https://www.anytown.example/news", 3),
    ("cmis/list", "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx", 2),
    ("cmis/list-columns", "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx", 2),
    ("cmis/list-plain", "https://westholme.cmis.example/Westholme/Meetings/tabid/70/Default.aspx", 2),
    ("cmis/documents-found", "https://westholme.cmis.example/Westholme/Search/tabid/9/Default.aspx", 2),
    ("contensis-blog/trafford-2020-listing", "https://www.trafford.gov.uk/plan/Improvement-Plan-updates.aspx", 9),
    ("contensis-blog/trafford-paged-listing", "https://www.trafford.gov.uk/plan/Improvement-Plan-updates.aspx", 5),
    ("contensis-blog/trafford-2020-classes", "https://www.trafford.gov.uk/plan/Improvement-Plan-updates.aspx", 9),
    ("govuk/list-2015", "https://www.gov.uk/government/publications", 2),
    ("govuk/collection-now", "https://www.gov.uk/government/collections/reports", 2),
    ("jadu/news-old", "https://www.northmoor.example/news", 3),
    ("jadu/news-now", "https://www.eastvale.example/news", 2),
    ("jadu/news-plain", "https://westbeck.example/news", 2),
    ("jadu/meetings-old", "https://www.northmoor.example/meetings", 3),
    ("jadu/meetings-small", "https://www.eastvale.example/meetings", 2),
    ("jadu/meetings-titled", "https://www.eastvale.example/meetings", 2),
    ("localgov-drupal/news-localgov", "https://www.fairmoor.example/news", 2),
    ("moderngov-decisions/tallow-table", "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?XXR=0&DS=2", 2),
    ("moderngov-decisions/tallow-list", "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?XXR=0&DS=2", 2),
    ("moderngov-decisions/tallow-divs-cp1252", "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?XXR=0&DS=2", 2),
    ("moderngov-decisions/tallow-flat", "https://democracy.tallow.example.org/mgDelegatedDecisions.aspx?XXR=0&DS=2", 2),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn listings() -> Vec<Listing> {
    PAGES.iter().map(|(name, url, items)| of_page(name, url, *items)).chain(of_gold()).collect()
}

fn of_page(name: &str, url: &str, items: usize) -> Listing {
    let page = std::fs::read(fixtures().join(format!("pages/{name}.html"))).unwrap_or_else(|e| panic!("{name}: {e}"));
    Listing { name: name.to_owned(), page, url: Url::parse(url).unwrap(), items, titles: Vec::new() }
}

/// Serves a listing of `fixtures/pages`, and a page behind each of its items; answers with the listing's address.
pub fn serve_fixture(council: &Council, name: &str, url: &str) -> Url {
    serve(council, &of_page(name, url, 0))
}

/// The pages of the gold set that list something, with the facts that a person has read off them.
fn of_gold() -> Vec<Listing> {
    let mut found = Vec::new();
    let folders = std::fs::read_dir(fixtures().join("gold")).unwrap().map(|entry| entry.unwrap().path());
    for facts in folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()) {
        if facts.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let said: Value = serde_json::from_slice(&std::fs::read(&facts).unwrap()).unwrap();
        let items = said["items"].as_array().cloned().unwrap_or_default();
        let lists = said["read_as"] == "listing" && said["outcome"] == "items" && said["listing"]["shown"].as_u64().is_some();
        let page = ["html", "xml", "feed"].iter().map(|e| facts.with_extension(e)).find(|path| path.exists());
        let (true, Some(page)) = (lists, page) else { continue };
        found.push(Listing {
            name: format!("gold: {}", page.strip_prefix(fixtures().join("gold")).unwrap().display()),
            page: std::fs::read(page).unwrap(),
            url: Url::parse(said["url"].as_str().unwrap()).unwrap(),
            items: items.len().max(usize::try_from(said["listing"]["shown"].as_u64().unwrap()).unwrap()),
            titles: items.iter().filter_map(|item| Some(item["title"].as_str()?.to_owned())).collect(),
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The page with its links to its own site leading to `council`.
fn moved(page: &[u8], from: &Url, council: &Url) -> Vec<u8> {
    let host = from.host_str().unwrap();
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let to = council.as_str().trim_end_matches('/');
    let mut page: Vec<u8> = page.to_vec();
    for origin in
        [format!("https://www.{bare}"), format!("http://www.{bare}"), format!("https://{bare}"), format!("http://{bare}")]
    {
        let mut out = Vec::with_capacity(page.len());
        let mut rest = page.as_slice();
        while let Some(at) = rest.windows(origin.len()).position(|w| w.eq_ignore_ascii_case(origin.as_bytes())) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(to.as_bytes());
            rest = &rest[at + origin.len()..];
        }
        out.extend_from_slice(rest);
        page = out;
    }
    page
}

/// A page of one item, as the platform would make it.
fn own_page(platform: Platform) -> Vec<u8> {
    let name = match platform {
        Platform::Cmis => "cmis/meeting",
        Platform::ContensisBlog => "contensis-blog/trafford-2019-classes",
        Platform::Govuk => "govuk/publication-now",
        Platform::Jadu => "jadu/article-now",
        Platform::LocalgovDrupal => "localgov-drupal/article-localgov",
        Platform::ModerngovDecisions => "moderngov-decision/brackwater-classes",
        Platform::ModerngovMeeting => "moderngov-meeting/ashvale-classes",
        Platform::ModerngovIssue
        | Platform::ModerngovItem
        | Platform::ModerngovDecision
        | Platform::Feed
        | Platform::Page
        | Platform::Auto => "page-article-main",
    };
    std::fs::read(fixtures().join(format!("pages/{name}.html"))).unwrap()
}

/// Serves the listing at its path, and a page behind each of its items; answers with the listing's address.
fn serve(council: &Council, listing: &Listing) -> Url {
    let base = council.url("/");
    let mut page = moved(&listing.page, &listing.url, &base);
    let path = listing.url.path().to_owned() + &listing.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let url = council.url(&path);
    let is_markup = !page.starts_with(b"<?xml") && !page.starts_with(b"{");
    let kind = if is_markup { "text/html" } else { "application/xml" };
    let read =
        |body: &[u8]| extract(&Page { url: &url, status: 200, content_type: None, body }, Platform::Auto, &Select::default());
    // What is on other hosts (a sister site, an archive) is served here as well: no test leaves this machine.
    for _ in 0..20 {
        let elsewhere = read(&page).items.into_iter().map(|item| item.url).find(|item| item.host() != url.host());
        let Some(elsewhere) = elsewhere else { break };
        page = moved(&page, &elsewhere, &base);
    }
    let read = read(&page);
    for item in &read.items {
        let path = item.url.path().to_owned() + &item.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        council.publish(&path, Answer::bytes("text/html", &own_page(read.platform)));
    }
    council.publish(&path, Answer::bytes(kind, &page));
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_listing_is_found_by_its_address_alone_and_the_first_pass_reads_as_many_items() {
    let app = App::set_up().await;
    let mut councils = Vec::new();
    let mut found: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for listing in listings() {
        let council = Council::open().await;
        let url = serve(&council, &listing);
        councils.push(council);
        let answer = add(&app, url.as_str(), &[]);
        let items = answer["found"]["items"].as_array().cloned().unwrap_or_default();
        let names: Vec<&str> = items.iter().filter_map(|item| item["title"].as_str()).collect();
        if answer["written"] != true || items.len() != listing.items {
            wrong.push(format!(
                "{}: {} items, not {}: {names:?}: {}",
                listing.name,
                items.len(),
                listing.items,
                answer["warnings"]
            ));
            continue;
        }
        let own = answer["found"]["own_pages"].as_array().unwrap();
        // What is read from an own page has here another item's title.
        let other = listing.titles.iter().filter(|title| !names.contains(&title.as_str())).count();
        if other > own.len() {
            wrong.push(format!("{}: {other} titles are not those that a person reads: {names:?}", listing.name));
        }
        if own.iter().any(|page| !page["error"].is_null()) {
            wrong.push(format!("{}: own pages: {own:?}", listing.name));
        }
        found.insert(answer["id"].as_str().unwrap().to_owned(), (listing.name, items.len()));
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), councils.len(), wrong.join("\n"));
    let check = ask(&app, &["check"]);
    assert!(check.status.success(), "{}", words(&check.stdout));
    let once = ask(&app, &["once"]);
    assert!(once.status.success(), "{}", words(&once.stderr));
    let list = ask(&app, &["source", "list", "--json"]);
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    assert_eq!(list["sources"].as_array().unwrap().len(), found.len());
    for source in list["sources"].as_array().unwrap() {
        let (name, items) = &found[source["id"].as_str().unwrap()];
        assert_eq!(source["state"]["items"], *items, "{name}: {}", source["state"]);
    }
    println!("{} listings, all found with no selectors given", found.len());
}
