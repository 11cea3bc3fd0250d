//! One request over the wire: whole answers, honest headers, limits, and a plain sentence for everything that can go wrong.

use crate::support::council::{Answer, Council, gzip};
use crate::support::raw::{RawSite, Then};
use boardwatch::edge::http::{HttpFetch, HttpLimits, user_agent};
use boardwatch::ports::{Fetch, FetchError, FetchRequest, Fetched};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};
use url::Url;

const BYTES_MAX: u64 = 100_000;

fn limits() -> HttpLimits {
    HttpLimits {
        timeout: Duration::from_secs(30),
        body_bytes_max: BYTES_MAX,
        allow_private_networks: true,
        user_agent: user_agent(&Url::parse("https://watch.example").unwrap(), "admin@example.org"),
        from: None,
    }
}

async fn fetch_with(limits: HttpLimits, url: &Url) -> Result<Fetched, FetchError> {
    let request = FetchRequest { url: url.clone(), etag: None, last_modified: None };
    HttpFetch::new(limits).unwrap().fetch(request).await
}

async fn fetch(url: &Url) -> Result<Fetched, FetchError> {
    fetch_with(limits(), url).await
}

/// What is said of a server that answers with these bytes.
async fn complaint(bytes: impl Into<Vec<u8>>, then: Then) -> String {
    let site = RawSite::saying(bytes, then).await;
    match fetch(&site.url).await {
        Err(FetchError::Network(sentence)) => sentence,
        other => panic!("not a network error: {other:?}"),
    }
}

/// A page with a head of its own.
fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n").as_bytes(), body].concat()
}

#[tokio::test]
async fn a_page_comes_back_byte_for_byte_with_what_was_said_of_it() {
    let council = Council::open().await;
    let latin1 = b"<title>Caf\xe9 \xa35</title>\0\xff\xfe".repeat(20);
    let page = Answer::bytes("text/html; charset=ISO-8859-1", &latin1).with("etag", "W/\"v1\"");
    council.publish("/x?a=1", page.with("last-modified", "Sat, 21 Nov 2026 08:00:00 GMT"));
    let fetched = fetch(&council.url("/x?a=1")).await.unwrap();
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.body, latin1);
    assert_eq!(fetched.content_type.as_deref(), Some("text/html; charset=ISO-8859-1"));
    assert_eq!(fetched.etag.as_deref(), Some("W/\"v1\""));
    assert_eq!(fetched.last_modified.as_deref(), Some("Sat, 21 Nov 2026 08:00:00 GMT"));
    assert_eq!((fetched.location, fetched.retry_after), (None, None));
}

#[tokio::test]
async fn requests_say_who_asks_and_carry_nothing_else_of_us() {
    let council = Council::open().await;
    council.publish("/x", Answer::html("x").with("set-cookie", "a=1; Path=/"));
    let client = HttpFetch::new(HttpLimits { from: Some("admin@example.org".to_owned()), ..limits() }).unwrap();
    for _ in 0..2 {
        client.fetch(FetchRequest { url: council.url("/x"), etag: None, last_modified: None }).await.unwrap();
    }
    for asked in council.asked() {
        assert_eq!(asked.header("user-agent"), Some("boardwatch/0.1 (+https://watch.example; contact admin@example.org)"));
        assert_eq!(asked.header("from"), Some("admin@example.org"));
        assert_eq!(asked.header("accept-encoding"), Some("gzip"));
        assert!(asked.header("accept").unwrap().starts_with("text/html, "));
        for absent in ["cookie", "referer", "if-none-match", "if-modified-since", "authorization"] {
            assert_eq!(asked.header(absent), None, "{absent}");
        }
    }
    assert_eq!(council.asked().len(), 2);
}

#[tokio::test]
async fn validators_are_sent_as_they_were_given_and_304_is_an_answer() {
    let council = Council::open().await;
    council.publish("/tag", Answer::html("x").with("etag", "W/\"v1\""));
    council.publish("/date", Answer::html("x").with("last-modified", "yesterday"));
    let client = HttpFetch::new(limits()).unwrap();
    let ask = async |path: &str, etag: Option<&str>, last_modified: Option<&str>| {
        let (etag, last_modified) = (etag.map(str::to_owned), last_modified.map(str::to_owned));
        client.fetch(FetchRequest { url: council.url(path), etag, last_modified }).await.unwrap()
    };
    let unchanged = ask("/tag", Some("W/\"v1\""), Some("whenever")).await;
    assert_eq!((unchanged.status, unchanged.etag.as_deref(), unchanged.body.len()), (304, Some("W/\"v1\""), 0));
    assert_eq!(ask("/tag", Some("\"v0\""), None).await.status, 200);
    assert_eq!(ask("/date", None, Some("yesterday")).await.status, 304);
    assert_eq!(ask("/date", Some("cannot be\r\nsent"), None).await.status, 200, "it costs a full answer, no more");
    assert_eq!(council.asked()[0].header("if-modified-since"), Some("whenever"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let council = Council::open().await;
    council.publish("/old", Answer::redirect("/new?a=\u{fc}")).publish("/new", Answer::html("new"));
    let fetched = fetch(&council.url("/old")).await.unwrap();
    assert_eq!((fetched.status, fetched.location.as_deref()), (302, Some("/new?a=\u{fc}")));
    assert_eq!(council.asked_paths(), ["/old"]);
}

#[tokio::test]
async fn compressed_pages_are_undone_and_count_by_their_full_size() {
    let council = Council::open().await;
    let full = usize::try_from(BYTES_MAX).unwrap();
    council.publish("/fits", Answer::bytes("text/html", &vec![b' '; full]));
    council.publish("/bomb", Answer::bytes("text/html", &vec![b' '; 30 * full]));
    assert_eq!(fetch(&council.url("/fits")).await.unwrap().body.len(), full);
    assert_eq!(fetch(&council.url("/bomb")).await, Err(FetchError::TooLarge { bytes_max: BYTES_MAX }));
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large_whether_or_not_its_length_is_given() {
    let too_large = Err(FetchError::TooLarge { bytes_max: BYTES_MAX });
    // Neither server ever ends its answer: what came so far decides.
    let announced = RawSite::saying(answer(&format!("Content-Length: {}\r\n", BYTES_MAX + 1), b""), Then::Hold).await;
    assert_eq!(fetch(&announced.url).await, too_large);
    let full = usize::try_from(BYTES_MAX).unwrap();
    let endless = RawSite::saying(answer("", &vec![b'x'; full + 1]), Then::Hold).await;
    assert_eq!(fetch(&endless.url).await, too_large);
    let exact = RawSite::saying(answer(&format!("Content-Length: {BYTES_MAX}\r\n"), &vec![b'x'; full]), Then::Hold).await;
    assert_eq!(fetch(&exact.url).await.unwrap().body.len(), full);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_and_never_a_short_page() {
    let broken = "the body broke off or is damaged: ";
    for (head, body, then) in [
        ("Content-Length: 500\r\n", b"<p>short".as_slice(), Then::Close),
        ("Content-Length: 500\r\n", b"", Then::Close),
        ("Content-Length: 500\r\n", b"<p>short", Then::Reset),
        ("Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n", Then::Close),
        ("Transfer-Encoding: chunked\r\n", b"5\r\nhel", Then::Close),
        ("Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\nzz\r\nxx\r\n", Then::Close),
    ] {
        let sentence = complaint(answer(head, body), then).await;
        assert!(sentence.starts_with(broken) || sentence.starts_with("no proper answer: "), "{head}{sentence}");
        assert!(sentence.len() > broken.len() + 5, "it says what: {sentence}");
    }
    let council = Council::open().await;
    council.publish("/cut", Answer::html(&"<p>a notice</p>".repeat(2000)).breaking_off());
    assert!(matches!(fetch(&council.url("/cut")).await, Err(FetchError::Network(_))));
}

#[tokio::test]
async fn damaged_gzip_is_an_error() {
    let whole = gzip(&b"<p>a notice".repeat(50));
    let (data, trailer) = whole.split_at(whole.len() - 8);
    for (what, bytes) in [
        ("cut in its middle", &data[..data.len() / 2]),
        ("cut before its check", data),
        ("with a wrong check", &[data, &[0; 4], &trailer[4..]].concat()),
        ("no gzip at all", b"<!DOCTYPE html><title>plain</title>"),
    ] {
        let head = format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n", bytes.len());
        let sentence = complaint(answer(&head, bytes), Then::Close).await;
        assert!(sentence.starts_with("the body broke off or is damaged: "), "{what}: {sentence}");
    }
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_an_error() {
    let sentence = complaint(answer("Content-Encoding: br\r\nContent-Length: 5\r\n", b"\x0b\x02\x80hi"), Then::Close).await;
    assert_eq!(sentence, "the body is in an encoding that was not asked for (br)");
    let plain = RawSite::saying(answer("Content-Encoding: identity\r\nContent-Length: 5\r\n", b"hello"), Then::Close).await;
    assert_eq!(fetch(&plain.url).await.unwrap().body, b"hello");
}

#[tokio::test]
async fn an_answer_that_does_not_end_in_time_is_no_answer() {
    let expect = Err(FetchError::Network("no complete answer within 1 s".to_owned()));
    let brief = async |url: &Url| fetch_with(HttpLimits { timeout: Duration::from_secs(1), ..limits() }, url).await;
    let servers = [
        ("silence", Vec::new(), Then::Hold),
        ("half a head", b"HTTP/1.1 200 OK\r\nX-Slow: a".to_vec(), Then::Hold),
        ("a dripping head", b"HTTP/1.1 200 OK\r\nX-Slow: a".to_vec(), Then::Drip),
        ("a stalled body", answer("Content-Length: 50000\r\n", b"<p>"), Then::Hold),
        ("a dripping body", answer("Content-Length: 50000\r\n", b"<p>"), Then::Drip),
    ];
    let visits = servers.map(async |(what, bytes, then)| (what, brief(&RawSite::saying(bytes, then).await.url).await));
    for (what, said) in futures::future::join_all(visits).await {
        assert_eq!(said, expect, "{what}");
    }
    let council = Council::open().await;
    council.publish("/stall", Answer::html("<p>").stalling());
    assert_eq!(brief(&council.url("/stall")).await, expect);
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_no_answer() {
    let many = "X-More: v\r\n".repeat(5000);
    assert!(complaint(answer(&many, b""), Then::Close).await.starts_with("no proper answer: "));
    let long = format!("X-Long: {}\r\nContent-Length: 0\r\n", "a".repeat(70_000));
    let sentence = complaint(answer(&long, b""), Then::Close).await;
    assert_eq!(sentence, "the answer's headers are larger than 65536 bytes");
    let huge = format!("X-Huge: {}\r\nContent-Length: 0\r\n", "a".repeat(1_000_000));
    assert!(complaint(answer(&huge, b""), Then::Close).await.starts_with("no proper answer: "));
}

#[tokio::test]
async fn what_is_not_http_is_no_answer() {
    for bytes in ["", "SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 xx\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"] {
        let sentence = complaint(bytes, Then::Close).await;
        assert!(sentence.starts_with("no proper answer: "), "{bytes:?}: {sentence}");
    }
}

#[tokio::test]
async fn old_and_chatty_servers_are_understood() {
    let old = RawSite::saying("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nhello", Then::Close).await;
    assert_eq!(fetch(&old.url).await.unwrap().body, b"hello");
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let chatty = RawSite::saying(hints, Then::Close).await;
    assert_eq!(fetch(&chatty.url).await.unwrap().body, b"hello");
}

#[tokio::test]
async fn a_refusal_counts_even_where_its_body_is_broken() {
    let head = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\nx";
    let site = RawSite::saying(head, Then::Hold).await;
    let fetched = fetch(&site.url).await.unwrap();
    assert_eq!((fetched.status, fetched.retry_after.as_deref()), (429, Some("7")));
}

#[tokio::test]
async fn a_closed_port_is_said_plainly_and_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let sentence = fetch(&url).await.unwrap_err().to_string();
    assert_eq!(sentence, "no connection: Connection refused (os error 111)");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_said_plainly() {
    // A label of more than 63 letters is refused by the resolver without asking anybody.
    let url = Url::parse(&format!("http://{}.example/", "a".repeat(64))).unwrap();
    let sentence = fetch(&url).await.unwrap_err().to_string();
    assert!(sentence.starts_with("the name could not be looked up: "), "{sentence}");
    assert!(!sentence.contains("error"), "{sentence}");
}

#[tokio::test]
async fn a_server_without_tls_is_said_plainly() {
    let site = RawSite::saying("HTTP/1.1 400 Bad Request\r\n\r\n", Then::Hold).await;
    let mut url = site.url.clone();
    url.set_scheme("https").unwrap();
    let sentence = fetch(&url).await.unwrap_err().to_string();
    assert!(sentence.starts_with("no secure connection: "), "{sentence}");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_said_plainly() {
    let url = tls_site_with_its_own_certificate().await;
    let sentence = fetch(&url).await.unwrap_err().to_string();
    assert_eq!(sentence, "no secure connection: invalid peer certificate: UnknownIssuer");
}

/// A server on loopback that greets in TLS as `localhost`, on its own word.
async fn tls_site_with_its_own_certificate() -> Url {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://localhost:{}/", listener.local_addr().unwrap().port())).unwrap();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            // The visitor hangs up on such a greeting.
            let _ = acceptor.accept(stream).await;
        }
    });
    url
}

#[tokio::test]
async fn private_addresses_are_refused_before_anything_is_sent() {
    let site = RawSite::saying(answer("Content-Length: 0\r\n", b""), Then::Close).await;
    let port = site.url.port().unwrap();
    for host in ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let guarded = HttpLimits { allow_private_networks: false, ..limits() };
        assert!(matches!(fetch_with(guarded, &url).await, Err(FetchError::Refused(_))), "{host}");
    }
    assert_eq!(site.connections(), 0);
    for url in ["file:///etc/passwd", "http://user:secret@example.org/"] {
        assert!(matches!(fetch(&Url::parse(url).unwrap()).await, Err(FetchError::Refused(_))), "{url}");
    }
}
