//! A mailbox as a postbox, by IMAP: what a mail server keeps for us is fetched, and put away once that is recorded.
//!
//! A mail is fetched without marking it, and marked, moved or deleted when its record is durable: whoever stops in between
//! reads it again, and knows it. Mails are named by UID, so nothing that others do in the mailbox makes us put away another
//! one. The line is opened when somebody looks, and closed when nothing waits.

mod line;
mod session;

use crate::config::{ImapSettings, Tls};
use crate::edge::tls::{ClientTls, TlsSetupError};
use crate::ports::{Arrived, Fate, Postbox};
use futures::FutureExt;
use futures::future::BoxFuture;
use session::Session;
use std::collections::HashSet;
use std::io;
use tokio::sync::Mutex;

/// Octets of mails that are in memory together, unless one alone has more.
const OCTETS_AT_A_TIME: usize = 4 * 1024 * 1024;

/// A mailbox behind IMAP.
pub struct ImapBox {
    settings: ImapSettings,
    tls: Option<ClientTls>,
    message_bytes_max: u64,
    open: Mutex<Open>,
}

/// The session, where one is open, and what was learnt of mails.
#[derive(Default)]
struct Open {
    session: Option<Session>,
    /// Put away in this session: a server that lists them all the same keeps no marks.
    done: HashSet<u32>,
    /// The line broke while these were fetched: they come last from then on.
    troublesome: HashSet<u32>,
}

impl ImapBox {
    /// That of `settings`. Of a mail longer than `message_bytes_max`, the beginning is read. `extra_roots_pem`: certificates
    /// to trust beside the platform's.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(settings: ImapSettings, message_bytes_max: u64, extra_roots_pem: Option<&[u8]>) -> Result<Self, TlsSetupError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Starttls | Tls::Tls => Some(ClientTls::new(&settings.host, extra_roots_pem)?),
        };
        Ok(Self { settings, tls, message_bytes_max, open: Mutex::default() })
    }

    async fn list(&self, limit: usize) -> io::Result<Vec<Arrived>> {
        let mut open = self.open.lock().await;
        // A line that breaks is dropped, and the next look opens another.
        let mut session = self.session(&mut open).await?;
        let listed = session.waiting().await?;
        let mut waiting: Vec<u32> = listed.iter().copied().filter(|uid| !open.done.contains(uid)).collect();
        if waiting.is_empty() {
            if !listed.is_empty() {
                tracing::warn!(
                    mailbox = self.name(),
                    mails = listed.len(),
                    "the mailbox keeps no marks: its mails are read again"
                );
            }
            session.close().await;
            return Ok(Vec::new());
        }
        waiting.sort_by_key(|uid| (open.troublesome.contains(uid), *uid));
        let mut arrived = Vec::new();
        let mut octets = 0;
        for uid in waiting {
            if arrived.len() >= limit || octets >= OCTETS_AT_A_TIME {
                break;
            }
            let fetched = session.fetch(uid, self.message_bytes_max).await;
            if fetched.is_err() {
                open.troublesome.insert(uid);
                // What was fetched before can be read without the line.
                if !arrived.is_empty() {
                    return Ok(arrived);
                }
            }
            let Some(bytes) = fetched? else { continue };
            octets += bytes.len();
            arrived.push(Arrived { id: format!("{}/{uid}", session.validity), envelope_to: None, bytes });
        }
        open.session = Some(session);
        Ok(arrived)
    }

    async fn dispose(&self, id: &str, fate: Fate) -> io::Result<()> {
        let unknown = || io::Error::other("no mail of this mailbox");
        let (validity, uid) = id.split_once('/').ok_or_else(unknown)?;
        let (validity, uid): (u32, u32) = (validity.parse().map_err(|_| unknown())?, uid.parse().map_err(|_| unknown())?);
        let mut open = self.open.lock().await;
        let mut session = self.session(&mut open).await?;
        // The mailbox was made anew: that mail is gone, or has another number under which it is known when it is read.
        if session.validity == validity {
            session.put_away(uid, fate, &self.settings.disposal).await?;
            open.done.insert(uid);
        }
        open.session = Some(session);
        Ok(())
    }

    /// The session that is open, or a new one. Whoever takes it puts it back when it is still good.
    async fn session(&self, open: &mut Open) -> io::Result<Session> {
        if let Some(session) = open.session.take() {
            return Ok(session);
        }
        open.done.clear();
        Ok(Session::open(&self.settings, self.tls.as_ref(), self.message_bytes_max).await?)
    }
}

impl Postbox for ImapBox {
    fn name(&self) -> String {
        format!("{} of {} at {}", self.settings.mailbox, self.settings.login.username, self.settings.host)
    }

    fn waiting(&self, limit: usize) -> BoxFuture<'_, io::Result<Vec<Arrived>>> {
        self.list(limit).boxed()
    }

    fn put_away(&self, id: String, fate: Fate) -> BoxFuture<'_, io::Result<()>> {
        async move { self.dispose(&id, fate).await }.boxed()
    }
}
