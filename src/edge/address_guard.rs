//! Which addresses may be fetched: those of the public internet.
//!
//! A page that we read may redirect us, and a name may resolve, to the machine we run on or to its neighbours, whose
//! answers are not for readers of a feed. So every address is judged twice: where a URL names it, and where DNS answers
//! with it. The connection is made to the very addresses that were judged; a second look-up cannot swap them.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// An address that we may not fetch.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Forbidden(pub String);

/// Blocks that are not the public internet (IANA IPv4 special-purpose registry; multicast and class E besides).
const V4_FORBIDDEN: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Blocks inside the global unicast space that are not the public internet (IANA IPv6 special-purpose registry): protocol
/// assignments with Teredo, benchmarking and ORCHID; documentation, old and new.
const V6_FORBIDDEN: [(Ipv6Addr, u32); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether `url` may be asked at all: `http` or `https`, no user or password, and, unless `allow_private_networks`, no
/// address outside the public internet. A name is judged again when it resolves.
///
/// # Errors
/// The reason, as a sentence.
pub fn check_url(url: &Url, allow_private_networks: bool) -> Result<(), Forbidden> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Forbidden(format!("only http and https addresses are fetched, not {}:", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Forbidden("an address with a user name or password in it is not fetched".to_owned()));
    }
    match url.host() {
        None => Err(Forbidden("the address names no host".to_owned())),
        Some(_) if allow_private_networks => Ok(()),
        Some(Host::Ipv4(ip)) => check_ip(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => check_ip(IpAddr::V6(ip)),
        Some(Host::Domain(name)) if is_loopback_name(name) => Err(Forbidden(format!("{name} is this machine itself"))),
        Some(Host::Domain(_)) => Ok(()),
    }
}

/// Whether `ip` belongs to the public internet.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !V4_FORBIDDEN.iter().any(|&(block, bits)| v4_within(ip, block, bits)),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(embedded) = embedded_v4(ip) {
        return is_public(IpAddr::V4(embedded));
    }
    // Only 2000::/3 is global unicast; unique-local, link-local, site-local, multicast, loopback and the rest lie outside.
    v6_within(ip, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
        && !V6_FORBIDDEN.iter().any(|&(block, bits)| v6_within(ip, block, bits))
}

/// The IPv4 address that a translator or a tunnel would reach for `ip`: IPv4-mapped (RFC 4291 §2.5.5.2), NAT64 (RFC 6052)
/// and 6to4 (RFC 3056). Teredo and IPv4-compatible addresses are forbidden as they are.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(join(high, low))
        }
        _ => None,
    }
}

fn v4_within(ip: Ipv4Addr, block: Ipv4Addr, bits: u32) -> bool {
    let mask = u32::MAX << (32 - bits);
    u32::from(ip) & mask == u32::from(block) & mask
}

fn v6_within(ip: Ipv6Addr, block: Ipv6Addr, bits: u32) -> bool {
    let mask = u128::MAX << (128 - bits);
    u128::from(ip) & mask == u128::from(block) & mask
}

/// `localhost` and names under it are loopback whatever DNS says (RFC 6761 §6.3).
fn is_loopback_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn check_ip(ip: IpAddr) -> Result<(), Forbidden> {
    if is_public(ip) { Ok(()) } else { Err(Forbidden(format!("{ip} is not an address of the public internet"))) }
}

/// The system's resolver, with answers outside the public internet left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardedResolver {
    pub(crate) allow_private_networks: bool,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private_networks = self.allow_private_networks;
        Box::pin(async move {
            // Port 0: reqwest puts in the URL's.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let fit = if allow_private_networks { found } else { only_public(name.as_str(), &found)? };
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

fn only_public(name: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Forbidden> {
    let fit: Vec<SocketAddr> = found.iter().copied().filter(|address| is_public(address.ip())).collect();
    match found.first() {
        Some(first) if fit.is_empty() => {
            Err(Forbidden(format!("{name} resolves to {}, which is not an address of the public internet", first.ip())))
        }
        _ => Ok(fit),
    }
}

#[cfg(test)]
mod tests;
