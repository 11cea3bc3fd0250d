//! A page that says what went wrong and what to do, and nothing of how the program is made.

use super::finished;
use crate::domain::site::Site;
use crate::render::words::Words;
use askama::Template;

#[derive(Template)]
#[template(path = "page/problem.html")]
struct Problem<'a> {
    site: &'a Site,
    words: &'static Words,
    heading: &'a str,
    advice: &'a str,
}

/// The page for an answer with this HTTP status.
#[must_use]
pub fn problem(site: &Site, status: u16) -> String {
    let words = Words::of(site);
    let (heading, advice) = match status {
        404 | 410 => words.problem.not_found,
        405 => words.problem.wrong_way,
        408 => words.problem.too_slow,
        413 | 414 | 431 => words.problem.too_much,
        400 | 403 | 415 | 422 => words.problem.not_understood,
        429 => words.problem.too_often,
        503 => words.problem.busy,
        _ => words.problem.our_fault,
    };
    finished(&Problem { site, words, heading, advice })
}
