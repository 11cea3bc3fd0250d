//! Time that passes only while nothing moves between us and a mail server: what is waited for in vain is waited for as long on a
//! machine that is busy as on one that is not, and what is answered is never late.

use super::smtp::SmtpServer;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use tokio::task::{AbortHandle, spawn_blocking};

/// It moves on by so much…
const TICK: Duration = Duration::from_millis(10);
/// …where so many looks, one after the other, found that nothing had moved.
const LOOKS: u32 = 3;
/// Between two looks everybody else has a chance: we have none ourselves on a busy machine, and then time stands still.
const BETWEEN: Duration = Duration::from_millis(1);

/// While it is held, tokio's time is such a time. The test's runtime has one thread.
pub struct QuietTime {
    ticking: AbortHandle,
    /// Lets tokio's time stand still where nothing is to be done.
    _stands: mpsc::Sender<()>,
}

impl QuietTime {
    /// The time of whoever talks to these servers.
    pub fn with<'a>(servers: impl IntoIterator<Item = &'a SmtpServer>) -> Self {
        let moves: Vec<Arc<AtomicUsize>> = servers.into_iter().map(SmtpServer::moves).collect();
        tokio::time::pause();
        let (stands, ends) = mpsc::channel();
        // Paused time leaps to the next timer where the runtime is idle, though something may be on its way over a line; not while a
        // blocking task is under way.
        spawn_blocking(move || ends.recv());
        let ticking = tokio::spawn(async move {
            let (mut seen, mut quiet) = (0, 0);
            loop {
                spawn_blocking(|| std::thread::sleep(BETWEEN)).await.unwrap();
                let counted = moves.iter().map(|count| count.load(Ordering::Relaxed)).sum();
                quiet = if counted == seen { quiet + 1 } else { 0 };
                seen = counted;
                if quiet >= LOOKS {
                    quiet = 0;
                    tokio::time::advance(TICK).await;
                }
            }
        });
        Self { ticking: ticking.abort_handle(), _stands: stands }
    }
}

impl Drop for QuietTime {
    fn drop(&mut self) {
        self.ticking.abort();
        tokio::time::resume();
    }
}
