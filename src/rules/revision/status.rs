//! How far a matter has come, as its page says in a labelled line: "Decision status: Called in".

/// Labels of such a line, as plain small words.
const LABELS: &[&str] = &["decision status", "status of decision", "call-in status", "meeting status", "statws y penderfyniad"];
/// Labels that stand over other things as well: "Status: amber" of an action.
const BARE: &[&str] = &["current status", "status", "statws"];
/// Words of which one is in what such a line says of a matter.
const STEPS: &[&str] = &[
    "abandoned",
    "adopted",
    "agreed",
    "approved",
    "called",
    "closed",
    "confirmed",
    "deferred",
    "determined",
    "draft",
    "final",
    "implemented",
    "open",
    "pending",
    "published",
    "recommendations",
    "referred",
    "refused",
    "rejected",
    "scheduled",
    "withdrawn",
];

/// What a line, as plain small words, says of how far a matter has come, with its label.
pub(super) fn of(line: &str) -> Option<(&str, &str)> {
    let (label, said) = line.split_once(':')?;
    let (label, said) = (label.trim(), said.trim());
    let names_step = || said.split(|c: char| !c.is_alphanumeric()).any(|word| STEPS.contains(&word));
    let is_one = LABELS.contains(&label) || BARE.contains(&label) && names_step();
    (is_one && !said.is_empty()).then_some((label, said))
}

/// Whether the lines of one side say so, and those of the other say under the same label that it has come elsewhere.
pub(super) fn is_another(gone: &[String], come: &[String]) -> bool {
    let mut before = gone.iter().filter_map(|line| of(line));
    before.any(|(label, was)| come.iter().filter_map(|line| of(line)).any(|(same, is)| same == label && is != was))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_another_under_the_same_label() {
        let check = |was: &str, is: &str, expect: bool| {
            assert_eq!(is_another(&[was.to_owned()], &[is.to_owned()]), expect, "{was} | {is}");
        };
        check("decision status: recommendations approved", "decision status: called in", true);
        check("status: approved", "status: called-in", true);
        check("decision status: approved", "status: called in", false);
        check("status: amber", "status: green", false);
        check("decision status: approved", "decision status: approved", false);
        check("the status is approved", "the status is called in", false);
    }
}
