//! robots.txt files remembered in the store, so that a `once` from cron asks each host once a day and not at each run.

use super::{RobotsMemory, RobotsRecord};
use crate::store::Store;
use crate::store::records::RobotsFile;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use futures::future::BoxFuture;

impl RobotsMemory for Store {
    fn get(&self, origin: String) -> BoxFuture<'_, Option<RobotsRecord>> {
        async move {
            let file = match self.robots(&origin).await {
                Ok(file) => file?,
                Err(error) => {
                    tracing::warn!(origin, %error, "the remembered robots.txt could not be read; asking for it again");
                    return None;
                }
            };
            let body = STANDARD.decode(&file.body).ok()?;
            Some(RobotsRecord { fetched_at: file.fetched_at, status: file.status, body })
        }
        .boxed()
    }

    fn put(&self, origin: String, record: RobotsRecord) -> BoxFuture<'_, ()> {
        async move {
            let body = STANDARD.encode(&record.body);
            let file = RobotsFile { fetched_at: record.fetched_at, status: record.status, body };
            if let Err(error) = self.record_robots(&origin, &file).await {
                tracing::warn!(origin, %error, "robots.txt could not be remembered");
            }
        }
        .boxed()
    }
}
