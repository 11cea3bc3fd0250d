//! The name that a server is greeted with.

use crate::config::SmtpSettings;

/// Who we say we are: as configured, else this machine's full name, else the address that we come from (RFC 5321 §4.1.4).
pub(super) fn hello(settings: &SmtpSettings, stream: &tokio::net::TcpStream) -> String {
    let is_full = |name: &String| {
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        name.contains('.') && name.split('.').all(is_label)
    };
    let machine = || hostname::get().ok().and_then(|name| name.into_string().ok()).filter(is_full);
    let literal = || match stream.local_addr().map(|address| address.ip()) {
        Ok(std::net::IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Ok(std::net::IpAddr::V4(address)) => format!("[{address}]"),
        Err(_) => "[127.0.0.1]".to_owned(),
    };
    settings.hello.clone().or_else(machine).unwrap_or_else(literal)
}
