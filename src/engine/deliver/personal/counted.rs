//! What a letter repeats of what was asked for.

use crate::domain::choice::Choice;
use crate::domain::subscriber::Interests;
use crate::render::wants::WORDS_OF_YOUR_OWN;

/// The choice as a question may say it: words that a stranger may have typed into the form are only counted.
pub(super) fn without_words(choice: &Choice) -> Choice {
    choice.iter().map(|(cadence, interests)| (cadence, counted(interests))).collect()
}

pub(super) fn counted(interests: &Interests) -> Interests {
    Interests {
        keywords: (!interests.keywords.is_empty()).then(|| WORDS_OF_YOUR_OWN.to_owned()).into_iter().collect(),
        ..interests.clone()
    }
}
