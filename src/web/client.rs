//! Whose request it is: the other end of the connection, or whom a proxy that we trust names.
//!
//! The address is looked at for limits and is neither kept nor logged.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(SocketAddr);

impl Peer {
    pub(super) fn at(address: SocketAddr) -> Self {
        Self(address)
    }

    /// The client: the last address in `X-Forwarded-For` that no trusted proxy wrote of another trusted proxy. What stands
    /// before it anybody may have written.
    pub(super) fn client(self, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
        let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
        let mut client = self.0.ip().to_canonical();
        let named = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
        let named: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
        for name in named.into_iter().rev() {
            if !is_trusted(&client) {
                break;
            }
            let Some(address) = address(name) else { break };
            client = address;
        }
        client
    }
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(name: &str) -> Option<IpAddr> {
    let alone = name.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    alone.or_else(|| name.parse::<SocketAddr>().ok().map(|address| address.ip())).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let check = |peer: &str, forwarded: &[&str], expect: &str| {
            let headers = forwarded.iter().map(|value| ("x-forwarded-for".parse().unwrap(), value.parse().unwrap())).collect();
            let trusted: Vec<IpNet> = ["10.0.0.0/8", "::1/128"].iter().map(|net| net.parse().unwrap()).collect();
            let client = Peer(peer.parse().unwrap()).client(&headers, &trusted);
            assert_eq!(client, expect.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        };
        check("192.0.2.7:4711", &["198.51.100.1"], "192.0.2.7");
        check("10.0.0.1:80", &[], "10.0.0.1");
        check("10.0.0.1:80", &["198.51.100.1"], "198.51.100.1");
        check("[::1]:80", &["198.51.100.1:5555"], "198.51.100.1");
        // The client wrote the first, a proxy the second.
        check("10.0.0.1:80", &["203.0.113.9, 198.51.100.1"], "198.51.100.1");
        check("10.0.0.1:80", &["203.0.113.9", "198.51.100.1, 10.0.0.2"], "198.51.100.1");
        check("10.0.0.1:80", &["nonsense"], "10.0.0.1");
        check("10.0.0.1:80", &["[2001:db8::1]"], "2001:db8::1");
    }
}
