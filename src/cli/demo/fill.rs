//! Fills the demo's pages and configuration files: `{{name}}` becomes a value.

/// `template` with every `{{name}}` of `values` in place; values are put in as they are.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}
