//! What went wrong with a request, in one plain sentence: the library's chain of causes, flattened, nothing said twice.

use crate::edge::address_guard::Forbidden;
use crate::ports::FetchError;
use std::error::Error;
use std::io;
use std::time::Duration;

/// Causes that say only that there is a cause.
const EMPTY_WORDS: [&str; 7] = [
    "client error (Connect)",
    "client error (SendRequest)",
    "dns error",
    "error reading a body from connection",
    "error resolving DNS",
    "request or response body error",
    "tcp connect error",
];

/// The sentence for `error`; `timeout` is what the request was allowed.
pub(super) fn explain(error: &reqwest::Error, timeout: Duration) -> FetchError {
    let chain: Vec<&(dyn Error + 'static)> = std::iter::successors(error.source(), |&cause| cause.source()).collect();
    if let Some(forbidden) = chain.iter().find_map(|cause| cause.downcast_ref::<Forbidden>()) {
        return FetchError::Refused(forbidden.to_string());
    }
    let causes = flatten(&chain.iter().map(ToString::to_string).collect::<Vec<_>>());
    FetchError::Network(if error.is_timeout() && error.is_connect() {
        "no connection in time: the server does not answer".to_owned()
    } else if error.is_timeout() {
        format!("no complete answer within {} s", timeout.as_secs_f64())
    } else if error.is_dns() {
        format!("the name could not be looked up: {causes}")
    } else if let Some(tls) = chain.iter().find_map(|cause| tls_error(*cause)) {
        format!("no secure connection: {tls}")
    } else if error.is_connect() {
        format!("no connection: {causes}")
    } else if error.is_body() || error.is_decode() {
        format!("the body broke off or is damaged: {causes}")
    } else {
        format!("no proper answer: {causes}")
    })
}

/// rustls's own error, also where it travels inside I/O errors, whose `source` skips it.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = cause.downcast_ref() {
        return Some(tls);
    }
    let inside: &(dyn Error + 'static) = cause.downcast_ref::<io::Error>()?.get_ref()?;
    tls_error(inside)
}

/// The causes as one text, outermost first, without those that another one already says.
fn flatten(causes: &[String]) -> String {
    let mut said: Vec<&str> = Vec::new();
    for cause in causes.iter().filter(|cause| !EMPTY_WORDS.contains(&cause.as_str())) {
        let cause = cause.trim_start_matches("failed to lookup address information: ");
        if said.iter().any(|earlier| earlier.contains(cause)) {
            continue;
        }
        said.retain(|earlier| !cause.contains(earlier));
        said.push(cause);
    }
    if said.is_empty() { causes.last().cloned().unwrap_or_default() } else { said.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_another_one_already_says_is_left_out() {
        let check = |causes: &[&str], expect: &str| {
            let causes: Vec<String> = causes.iter().map(|&cause| cause.to_owned()).collect();
            assert_eq!(flatten(&causes), expect);
        };
        check(
            &["client error (Connect)", "tcp connect error", "Connection refused (os error 111)"],
            "Connection refused (os error 111)",
        );
        check(&["outer: inner", "inner"], "outer: inner");
        check(&["inner", "outer: inner"], "outer: inner");
        check(&["same", "same"], "same");
        check(&["client error (Connect)", "tcp connect error"], "tcp connect error");
        check(&[], "");
    }
}
