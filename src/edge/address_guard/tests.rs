//! Which addresses are public, and that no spelling of a private one gets through.

use super::*;

fn refused(raw: &str) -> bool {
    let url = Url::parse(raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
    check_url(&url, false).is_err()
}

#[test]
fn public_addresses_pass() {
    for ip in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4009:81f::200e",
        "2001:200::1",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ] {
        assert!(is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[test]
fn addresses_outside_the_public_internet_do_not_pass() {
    for ip in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::192.168.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[test]
fn no_spelling_of_a_private_host_gets_through() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0177.0.0.01/",
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://0/",
        "http://0.0.0.0:8080/",
        "http://%31%32%37.0.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/meta-data/",
        "http://0xA9FEA9FE/",
        "http://192.168.0.1:443/",
        "http://localhost/",
        "http://LOCALHOST:9200/",
        "http://localhost./",
        "http://council.localhost/",
        "http:\\\\127.0.0.1\\",
    ] {
        assert!(refused(url), "{url}");
    }
}

#[test]
fn other_schemes_and_credentials_are_refused_even_on_private_networks() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://:secret@example.org/",
        "http://example.org@127.0.0.1/",
    ] {
        assert!(check_url(&Url::parse(url).unwrap(), true).is_err(), "{url}");
        assert!(refused(url), "{url}");
    }
}

#[test]
fn councils_pass_and_private_hosts_pass_where_they_are_allowed() {
    for url in ["https://www.trafford.gov.uk/x", "http://councillors.herefordshire.gov.uk./", "http://8.8.8.8:8080/"] {
        assert!(!refused(url), "{url}");
    }
    for url in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"] {
        assert_eq!(check_url(&Url::parse(url).unwrap(), true), Ok(()), "{url}");
    }
}

#[test]
fn a_name_keeps_its_public_answers_and_is_refused_without_any() {
    let answers = |ips: &[&str]| -> Vec<SocketAddr> { ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect() };
    assert_eq!(only_public("a.example", &answers(&["10.0.0.1", "8.8.8.8"])), Ok(answers(&["8.8.8.8"])));
    let error = only_public("a.example", &answers(&["::1", "127.0.0.1"])).unwrap_err();
    assert_eq!(error.to_string(), "a.example resolves to ::1, which is not an address of the public internet");
}

#[tokio::test]
async fn the_resolver_refuses_a_name_of_this_machine() {
    let name = || "localhost".parse::<Name>().unwrap();
    let error = GuardedResolver { allow_private_networks: false }.resolve(name()).await.map(|_| ()).unwrap_err();
    assert!(error.is::<Forbidden>(), "{error}");
    assert!(GuardedResolver { allow_private_networks: true }.resolve(name()).await.unwrap().count() > 0);
}
