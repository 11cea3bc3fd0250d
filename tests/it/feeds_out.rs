//! Feeds as a reader fetches them.

use super::support::site::{Served, header, known, source};
use std::io::Read;

const TYPES: [(&str, &str); 5] = [
    ("all.xml", "application/rss+xml; charset=utf-8"),
    ("council/bury-council.atom", "application/atom+xml; charset=utf-8"),
    ("topic/childrens-services.json", "application/feed+json; charset=utf-8"),
    ("opml.xml", "text/x-opml; charset=utf-8"),
    ("meetings.ics", "text/calendar; charset=utf-8"),
];

async fn published() -> Served {
    let served = Served::start().await;
    let sources = [
        source("trafford", "Trafford Council", "Improvement plan updates"),
        source("bury", "Bury Council", "Children's services <improvement> & more"),
    ];
    let items = [
        known(&sources[0], "a", "Improvement board, July", Some("2026-07-04")),
        known(&sources[1], "b", "]]> & <script>alert(1)</script>", None),
    ];
    served.publish(&sources, &items);
    served
}

#[tokio::test]
async fn every_feed_is_served_as_the_file_that_was_published() {
    let served = published().await;
    for (path, content_type) in TYPES {
        let answer = served.get(&format!("/feeds/{path}"), &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), content_type);
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(answer.bytes().await.unwrap(), std::fs::read(served.feeds.path().join(path)).unwrap());
    }
}

#[tokio::test]
async fn the_three_formats_say_the_same() {
    let served = published().await;
    let mut titles = Vec::new();
    for ending in ["xml", "atom", "json"] {
        let bytes = served.get(&format!("/feeds/all.{ending}"), &[]).await.bytes().await.unwrap();
        let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
        titles.push(feed.entries.into_iter().map(|e| (e.id, e.title.unwrap().content, e.published)).collect::<Vec<_>>());
    }
    assert_eq!(titles[0].len(), 2);
    assert_eq!(titles[0][1].1, "]]> & <script>alert(1)</script>");
    assert_eq!(titles[0], titles[1]);
    assert_eq!(titles[0], titles[2]);
}

#[tokio::test]
async fn a_reader_that_has_the_feed_is_told_so() {
    let served = published().await;
    let first = served.get("/feeds/all.xml", &[]).await;
    let (tag, modified) = (header(&first, "etag"), header(&first, "last-modified"));
    assert!(tag.starts_with('"') && tag.len() > 40, "{tag}");
    for (name, value) in [("if-none-match", tag), ("if-modified-since", modified)] {
        let again = served.get("/feeds/all.xml", &[(name, value)]).await;
        assert_eq!(again.status(), 304, "{name}: {value}");
        for kept in ["etag", "last-modified", "vary", "cache-control"] {
            assert_eq!(header(&again, kept), header(&first, kept), "{kept}");
        }
        assert_eq!(again.bytes().await.unwrap().len(), 0);
    }
    let stale = served.get("/feeds/all.xml", &[("if-none-match", "\"other\""), ("if-modified-since", modified)]).await;
    assert_eq!(stale.status(), 200);
}

#[tokio::test]
async fn a_compressed_feed_is_the_same_feed_under_a_tag_of_its_own() {
    let served = published().await;
    let plain = served.get("/feeds/all.xml", &[]).await;
    let packed = served.get("/feeds/all.xml", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert_eq!((header(&plain, "vary"), header(&packed, "vary")), ("accept-encoding", "accept-encoding"));
    let tag = header(&packed, "etag").to_owned();
    assert_ne!(header(&plain, "etag"), tag);
    let again = served.get("/feeds/all.xml", &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
    assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, tag.as_str()));
    let packed = packed.bytes().await.unwrap();
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    assert!(packed.len() < unpacked.len());
    assert_eq!(plain.bytes().await.unwrap(), unpacked);
}

#[tokio::test]
async fn head_says_what_get_would() {
    let served = published().await;
    for headers in [&[][..], &[("accept-encoding", "gzip")][..]] {
        let get = served.get("/feeds/all.xml", headers).await;
        let head = served.ask(reqwest::Method::HEAD, "/feeds/all.xml", headers, "").await;
        assert_eq!(head.status(), 200);
        for same in ["etag", "last-modified", "content-type", "content-length", "content-encoding", "vary"] {
            assert_eq!(header(&head, same), header(&get, same), "{same}");
        }
        assert_eq!(head.bytes().await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn a_path_leads_to_feeds_only() {
    let served = published().await;
    std::fs::write(served.feeds.path().join("secret.txt"), "secret").unwrap();
    for path in [
        "/feeds/nobody.xml",
        "/feeds/secret.txt",
        "/feeds/",
        "/feeds",
        "/feeds/..%2f..%2fetc%2fpasswd",
        "/feeds/%2e%2e/secret.txt",
        "/feeds/%00.xml",
        "/feeds/council%2fbury-council.xml%00",
    ] {
        let answer = served.get(path, &[]).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.text().await.unwrap().contains("secret"));
    }
}
