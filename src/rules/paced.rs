//! A reader of markup that has html5gum come up for breath.
//!
//! html5gum goes from one attribute of a tag to the next without returning, a call within a call: a tag with some thousand
//! attributes ends the process by the depth of its stack. This reader interrupts it within a value now and then, where
//! nothing has been consumed and the state to go on in is noted.

use html5gum::{Readable, Reader, StringReader};
use std::convert::Infallible;

/// So many pieces of values are read at one go.
const VALUES_AT_ONCE: u32 = 64;

/// Markup that is read so. Whoever asks a tokenizer over it for a token goes on asking after a [`Pause`].
pub(crate) struct Paced<'m> {
    inner: StringReader<'m>,
    values: u32,
}

/// Nothing is wrong: ask again.
#[derive(Debug, thiserror::Error)]
#[error("reading goes on")]
pub(crate) struct Pause;

impl<'m> Paced<'m> {
    pub(crate) fn new(markup: &'m [u8]) -> Self {
        Self { inner: markup.to_reader(), values: 0 }
    }
}

#[inline]
fn read<T>(done: Result<T, Infallible>) -> Result<T, Pause> {
    done.map_err(|never| match never {})
}

// html5gum works out at compile time how to find what it looks for: where a call of these is no part of its caller, it is
// worked out anew for each piece of the page, a tenth of all that reading costs.
#[expect(clippy::inline_always, reason = "what is looked for is a constant only within the caller")]
impl Reader for Paced<'_> {
    type Error = Pause;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Pause> {
        read(self.inner.read_byte())
    }

    #[inline(always)]
    fn try_read_string(&mut self, s: &[u8], case_sensitive: bool) -> Result<bool, Pause> {
        read(self.inner.try_read_string(s, case_sensitive))
    }

    #[inline(always)]
    fn read_until<'b>(&'b mut self, needle: &[u8], char_buf: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Pause> {
        // A value in double quotes: it ends at one, or has a reference in it.
        if needle.starts_with(b"\"&") {
            self.values = self.values.wrapping_add(1);
            if self.values.is_multiple_of(VALUES_AT_ONCE) {
                return Err(Pause);
            }
        }
        read(self.inner.read_until(needle, char_buf))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use html5gum::{DefaultEmitter, Token, Tokenizer};

    fn tokens<R: Reader>(tokenizer: Tokenizer<R, DefaultEmitter>) -> Vec<Token> {
        tokenizer.filter_map(Result::ok).collect()
    }

    fn paced(markup: &str) -> Vec<Token> {
        tokens(Tokenizer::new(Paced::new(markup.as_bytes())))
    }

    #[test]
    fn what_is_read_with_pauses_is_what_is_read_without() {
        let value = ["", "1", "a &amp; b", "\r\n", "\0", ">", "é"];
        let one = |quote: &str, n: usize| [" a", &n.to_string(), " = ", quote, value[n % value.len()], quote].concat();
        let many = |quote: &str| (0..500).map(|n| one(quote, n)).collect::<String>();
        let markup = format!("<!doctype html><p{}>x<b{} c=d e>y</b><i{}/>z", many("\""), many("'"), many("\""));
        assert_eq!(paced(&markup), tokens(Tokenizer::new(markup.as_str())));
    }

    #[test]
    fn a_tag_with_any_number_of_attributes_is_read_on_a_small_stack() {
        let attributes = (0..200_000).map(|n| [" a", &n.to_string(), "=\"1\""].concat()).collect::<String>();
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let read = small.spawn(move || paced(&format!("<p{attributes}>x</p>")).len()).unwrap();
        assert_eq!(read.join().unwrap(), 3);
    }
}
