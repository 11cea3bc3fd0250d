//! What a server says that it can do (RFC 5321 §4.1.1.1).

use super::wire::Reply;

/// What EHLO brought to light.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that a server says or does not")]
pub(super) struct Offers {
    pub(super) starttls: bool,
    pub(super) pipelining: bool,
    pub(super) utf8: bool,
    /// The largest message taken, where the server says.
    pub(super) size: Option<usize>,
    /// `SIZE=` may be said (RFC 1870).
    pub(super) says_size: bool,
    pub(super) plain: bool,
    pub(super) login: bool,
}

impl Offers {
    /// The lines behind the first one (RFC 5321 §4.1.1.1), whatever their case.
    pub(super) fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            // "AUTH=PLAIN" is how some said it before RFC 2554.
            let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
            let mut words = line.split_whitespace();
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("SIZE") => {
                    offers.says_size = true;
                    offers.size = words.next().and_then(|max| max.parse().ok()).filter(|max| *max > 0);
                }
                Some("AUTH") => {
                    for way in words {
                        offers.plain |= way == "PLAIN";
                        offers.login |= way == "LOGIN";
                    }
                }
                Some(_) | None => {}
            }
        }
        offers
    }
}
