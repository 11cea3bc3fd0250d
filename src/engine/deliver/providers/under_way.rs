//! Conversations that count among those of their provider until they end.

use super::{Providers, REMEMBERED_MAX};

/// A mail to one of its readers that is under way.
pub(in super::super) struct UnderWay<'a> {
    pub(super) providers: &'a Providers,
    pub(super) provider: u32,
    pub(super) is_slow: bool,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if self.is_slow {
            self.providers.slow.end();
        }
        let mut held = self.providers.held();
        if let Some(at) = held.get_mut(&self.provider) {
            at.under_way = at.under_way.saturating_sub(1);
            let is_quiet = at.hung.is_empty() && !at.is_asked();
            let is_plain = at.refused.is_empty() && is_quiet && at.out.is_none() && at.eased.is_none();
            if at.under_way == 0 && is_plain && held.len() > REMEMBERED_MAX {
                held.remove(&self.provider);
            }
        }
        drop(held);
        self.providers.bell.notify_waiters();
    }
}
