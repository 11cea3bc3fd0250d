//! Names of elements and attributes, each looked up once a page: a page has thousands of them and a few dozen kinds.

use html5ever::LocalName;
use rustc_hash::FxHashMap;

/// More kinds than this are looked up each time: only pages that make names up have them.
const KEPT_MAX: usize = 512;

/// Names that were seen on this page.
#[derive(Default)]
pub(super) struct Names(FxHashMap<Box<[u8]>, LocalName>);

impl Names {
    /// The interned form of a name in lower case.
    pub(super) fn name(&mut self, written: &[u8]) -> LocalName {
        if let Some(known) = self.0.get(written) {
            return known.clone();
        }
        let name = LocalName::from(&*String::from_utf8_lossy(written));
        if self.0.len() < KEPT_MAX {
            self.0.insert(written.into(), name.clone());
        }
        name
    }
}
