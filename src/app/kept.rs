//! A value that many ask for and that costs something to make. Where it has become old, one of those who ask makes it anew; the
//! others get meanwhile what is there, and wait only where nothing is.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The value, and since when it is so; `T` is cheap to clone.
#[derive(Debug)]
pub(super) struct Kept<T> {
    value: RwLock<Option<(Instant, T)>>,
    /// Held by who makes it.
    making: Mutex<()>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { value: RwLock::default(), making: Mutex::default() }
    }
}

impl<T: Clone> Kept<T> {
    /// The value, made by `make` where the one that is there is as old as `fresh` and nobody makes another at this moment.
    pub(super) async fn get<E>(&self, fresh: Duration, make: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let is_fresh = |made: Instant| made.elapsed() < fresh;
        if let Some(value) = self.value_if(is_fresh) {
            return Ok(value);
        }
        let making = match self.making.try_lock() {
            Ok(making) => making,
            Err(_) => match self.value_if(|_| true) {
                Some(value) => return Ok(value),
                None => self.making.lock().await,
            },
        };
        // Whoever held it before may have made it.
        if let Some(value) = self.value_if(is_fresh) {
            return Ok(value);
        }
        let done = self.make(make).await;
        drop(making);
        done
    }

    /// The value as it is made by `make` now.
    pub(super) async fn anew<E>(&self, make: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let _making = self.making.lock().await;
        self.make(make).await
    }

    async fn make<E>(&self, make: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        // It is as old as the moment at which its making began.
        let began = Instant::now();
        let value = make.await?;
        *self.value.write().unwrap_or_else(PoisonError::into_inner) = Some((began, value.clone()));
        Ok(value)
    }

    fn value_if(&self, is_right: impl Fn(Instant) -> bool) -> Option<T> {
        let kept = self.value.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(made, _)| is_right(*made)).map(|(_, value)| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::Arc;
    use tokio::sync::oneshot;

    const LONG: Duration = Duration::from_secs(3_600);

    fn made(value: u32) -> std::future::Ready<Result<u32, Infallible>> {
        std::future::ready(Ok(value))
    }

    #[tokio::test]
    async fn what_is_fresh_is_not_made_again() {
        let kept = Kept::default();
        assert_eq!(kept.get(LONG, made(1)).await, Ok(1));
        assert_eq!(kept.get(LONG, made(2)).await, Ok(1));
        assert_eq!(kept.get(Duration::ZERO, made(3)).await, Ok(3));
        assert_eq!(kept.anew(made(4)).await, Ok(4));
        assert_eq!(kept.get(LONG, made(5)).await, Ok(4));
    }

    #[tokio::test]
    async fn while_one_makes_it_the_others_get_what_is_there() {
        let kept = Arc::new(Kept::default());
        kept.get(LONG, made(1)).await.unwrap();
        let (done, is_done) = oneshot::channel();
        let maker = tokio::spawn({
            let kept = kept.clone();
            async move { kept.get(Duration::ZERO, async { Ok::<_, Infallible>(is_done.await.unwrap()) }).await }
        });
        tokio::task::yield_now().await;
        assert_eq!(kept.get(Duration::ZERO, made(9)).await, Ok(1));
        done.send(2).unwrap();
        assert_eq!(maker.await.unwrap(), Ok(2));
        assert_eq!(kept.get(LONG, made(9)).await, Ok(2));
    }

    #[tokio::test]
    async fn where_nothing_is_there_it_is_made_once_for_all_who_wait() {
        let kept = Arc::new(Kept::default());
        let (done, is_done) = oneshot::channel();
        let maker = tokio::spawn({
            let kept = kept.clone();
            async move { kept.get(LONG, async { Ok::<_, Infallible>(is_done.await.unwrap()) }).await }
        });
        tokio::task::yield_now().await;
        let waits = tokio::spawn({
            let kept = kept.clone();
            async move { kept.get(LONG, made(9)).await }
        });
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        done.send(2).unwrap();
        assert_eq!((maker.await.unwrap(), waits.await.unwrap()), (Ok(2), Ok(2)));
    }

    #[tokio::test]
    async fn who_gives_up_making_it_keeps_nobody_else_from_it() {
        let kept = Arc::new(Kept::default());
        let gives_up = tokio::spawn({
            let kept = kept.clone();
            async move { kept.get(LONG, std::future::pending::<Result<u32, Infallible>>()).await }
        });
        tokio::task::yield_now().await;
        gives_up.abort();
        assert!(gives_up.await.unwrap_err().is_cancelled());
        assert_eq!(kept.get(LONG, made(3)).await, Ok(3));
    }
}
