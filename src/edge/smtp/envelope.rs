//! A message's envelope as commands, and its octets as they stand behind DATA.

use super::reply::lasting_refusal;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::subscriber::Address;

/// From whom and to whom, as SMTP writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Envelope {
    from: String,
    to: String,
}

impl Envelope {
    /// That of a message.
    ///
    /// # Errors
    /// Where SMTP cannot carry an address.
    pub(super) fn new(from: &Address, to: &Address) -> Result<Self, Refusal> {
        Ok(Self { from: mailbox(from)?, to: mailbox(to)? })
    }

    /// Whether a server must offer SMTPUTF8 (RFC 6531).
    pub(super) fn needs_utf8(&self) -> bool {
        !self.from.is_ascii() || !self.to.is_ascii()
    }

    /// `MAIL FROM`, with the message's size where the server wants to know it (RFC 1870).
    pub(super) fn mail(&self, octets: Option<usize>) -> String {
        let size = octets.map(|octets| format!(" SIZE={octets}")).unwrap_or_default();
        let utf8 = if self.needs_utf8() { " SMTPUTF8" } else { "" };
        format!("MAIL FROM:<{}>{size}{utf8}\r\n", self.from)
    }

    /// `RCPT TO`.
    pub(super) fn rcpt(&self) -> String {
        format!("RCPT TO:<{}>\r\n", self.to)
    }
}

/// An address as the envelope has it, its domain in the ASCII form of IDNA.
fn mailbox(address: &Address) -> Result<String, Refusal> {
    let unusable = || lasting_refusal(RefusalKind::Permanent, "not an address that SMTP can carry");
    let (local, domain) = address.as_str().rsplit_once('@').ok_or_else(unusable)?;
    let domain =
        if domain.is_ascii() { domain.to_owned() } else { url::Host::parse(domain).map_err(|_| unusable())?.to_string() };
    lettre::Address::new(local, domain).map(|address| address.to_string()).map_err(|_| unusable())
}

/// A message with its lone dots doubled and its final dot (RFC 5321 §4.5.2), and the `commands` that are pipelined behind it.
pub(super) fn with_dots(message: &[u8], commands: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(message.len() + commands.len() + 64);
    if message.starts_with(b".") {
        octets.push(b'.');
    }
    let mut begin = 0;
    for at in memchr::memmem::find_iter(message, b"\n.") {
        octets.extend_from_slice(message.get(begin..=at).unwrap_or_default());
        octets.push(b'.');
        begin = at + 1;
    }
    octets.extend_from_slice(message.get(begin..).unwrap_or_default());
    if !octets.ends_with(b"\r\n") {
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b".\r\n");
    octets.extend_from_slice(commands.as_bytes());
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_at_the_beginning_of_lines_and_the_message_ends_once() {
        let check = |message: &str, expect: &str| {
            assert_eq!(String::from_utf8(with_dots(message.as_bytes(), "")).unwrap(), expect);
        };
        check("a\r\n", "a\r\n.\r\n");
        check("a", "a\r\n.\r\n");
        check("", "\r\n.\r\n");
        check(".\r\n", "..\r\n.\r\n");
        check("a\r\n.\r\n..b\r\nc.d\r\n", "a\r\n..\r\n...b\r\nc.d\r\n.\r\n");
    }

    #[test]
    fn an_address_outside_ascii_asks_for_its_extension_and_a_domain_does_not() {
        let envelope =
            |to: &str| Envelope::new(&Address::parse("updates@example.org").unwrap(), &Address::parse(to).unwrap()).unwrap();
        let domain = envelope("reader@bücher.example");
        assert!(!domain.needs_utf8());
        assert_eq!(domain.rcpt(), "RCPT TO:<reader@xn--bcher-kva.example>\r\n");
        let local = envelope("lésér@example.org");
        assert_eq!(local.mail(Some(7)), "MAIL FROM:<updates@example.org> SIZE=7 SMTPUTF8\r\n");
    }
}
