//! The shape of a file against the schema of its type: unknown keys, missing keys, wrong types, bad choices, numbers out
//! of range, all of them at once and each with its place.
//!
//! What comes out is always of the right shape: a value that is not gets a stand-in, and its path is marked, so that the
//! values around it can still be looked at and the stand-in itself is never reported.

use super::document::{Document, Problem};
use super::suggest;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads the file's text as `schema` wants it.
pub(super) fn shaped(document: &mut Document, schema: &Value) -> Value {
    let text = document.text().to_owned();
    let (tree, errors) = DeTable::parse_recoverable(&text);
    let mut broken = BTreeSet::new();
    for error in errors {
        let offset = error.span().map_or(text.len(), |span| span.start);
        // One broken line makes the parser stumble more than once.
        if broken.insert(document.line_and_column(offset).0) && document.is_sound("") {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            document.fault_at(offset, Problem::new(format!("not TOML: {message}")));
        }
    }
    let mut walk = Walk { document, broken };
    walk.table("", schema, tree.span().start, tree.get_ref())
}

/// A walk down the file and its schema, side by side.
struct Walk<'a> {
    document: &'a mut Document,
    /// Lines that are not TOML: what the parser made of them is not reported again, nor is a key called missing.
    broken: BTreeSet<usize>,
}

impl Walk<'_> {
    fn value(&mut self, path: &str, schema: &Value, found: &Spanned<DeValue<'_>>) -> Value {
        let offset = found.span().start;
        self.document.found(path, offset);
        let choices = choices(schema);
        let kind = kind(schema).unwrap_or("string");
        match (kind, found.get_ref()) {
            ("object", DeValue::Table(table)) => return self.table(path, schema, offset, table),
            ("array", DeValue::Array(values)) => {
                let element = schema.get("items").unwrap_or(&Value::Null);
                return values.iter().enumerate().map(|(n, value)| self.value(&below(path, &n), element, value)).collect();
            }
            ("boolean", DeValue::Boolean(value)) => return json!(value),
            ("integer", DeValue::Integer(number)) => match in_range(schema, number) {
                Ok(number) => return json!(number),
                Err(problem) => self.fault(path, offset, problem),
            },
            (_, DeValue::String(text)) if kind == "string" && choices.is_empty() => return json!(text),
            (_, DeValue::String(text)) if !choices.is_empty() => {
                if choices.contains(&text.as_ref()) {
                    return json!(text);
                }
                let hint = suggest::hint(text, choices);
                self.fault(path, offset, Problem::new(format!("{} cannot be `{text}`", key(path))).maybe_hint(hint));
            }
            (_, other) => {
                let expected = match kind {
                    "object" => "a table",
                    "array" => "a list",
                    "boolean" => "true or false",
                    "integer" => "a whole number",
                    _ => "a text in quotes",
                };
                let problem = Problem::new(format!("{} must be {expected}, not {}", key(path), article(other.type_str())));
                self.fault(path, offset, problem.maybe_hint(rewritten(kind, other)));
            }
        }
        stand_in(schema)
    }

    fn table(&mut self, path: &str, schema: &Value, offset: usize, table: &DeTable<'_>) -> Value {
        self.document.found(path, offset);
        let nothing = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
        let mut shaped = Map::new();
        for (name, value) in table {
            let name_offset = name.span().start;
            let name = name.get_ref().as_ref();
            if let Some(property) = properties.get(name) {
                shaped.insert(name.to_owned(), self.value(&below(path, &name), property, value));
            } else {
                let place = if path.is_empty() { String::new() } else { format!(" in `{}`", named(path)) };
                let known = properties.keys().map(String::as_str).filter(|known| !table.contains_key(*known));
                let problem = Problem::new(format!("unknown key `{name}`{place}")).maybe_hint(suggest::hint(name, known));
                self.fault(&below(path, &name), name_offset, problem);
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| !table.contains_key(*name)) {
            if self.broken.is_empty() {
                let problem = Problem::new(format!("the key `{name}` is missing"));
                let description = properties.get(name).and_then(|property| property.get("description")).and_then(Value::as_str);
                self.fault(&below(path, &name), offset, problem.maybe_hint(description.map(str::to_owned)));
            }
            self.document.mark(&below(path, &name));
            shaped.insert(name.to_owned(), properties.get(name).map_or(Value::Null, stand_in));
        }
        Value::Object(shaped)
    }

    fn fault(&mut self, path: &str, offset: usize, problem: Problem) {
        if self.document.is_sound(path) && !self.broken.contains(&self.document.line_and_column(offset).0) {
            self.document.fault_at(offset, problem);
        }
        self.document.mark(path);
    }
}

/// What stands there: of a key that may be left out, what it is where it is given.
fn kind(schema: &Value) -> Option<&str> {
    let kind = schema.get("type")?;
    match kind.as_array() {
        Some(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        None => kind.as_str(),
    }
}

/// The texts that an enumeration takes; empty for anything else.
fn choices(schema: &Value) -> Vec<&str> {
    let plain = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let described = described.flat_map(|one| one.get("const").into_iter().chain(one.get("enum").and_then(|all| all.get(0))));
    plain.chain(described).filter_map(Value::as_str).collect()
}

fn in_range(schema: &Value, number: &toml::de::DeInteger<'_>) -> Result<i64, Problem> {
    let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
    let (least, most) = (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ if most == i64::MAX => {
            Err(Problem::new(format!("{number} is too small or too large")).hint(format!("at least {least}")))
        }
        _ => Err(Problem::new(format!("{number} is too small or too large")).hint(format!("from {least} to {most}"))),
    }
}

/// The same value as it should have been written, where that is plain.
fn rewritten(kind: &str, found: &DeValue<'_>) -> Option<String> {
    match (kind, found) {
        ("string", DeValue::Integer(number)) => Some(format!("write \"{number}\"")),
        ("string", DeValue::Boolean(value)) => Some(format!("write \"{value}\"")),
        ("string", DeValue::Datetime(value)) => Some(format!("write \"{value}\"")),
        ("array", DeValue::String(text)) => Some(format!("write [\"{text}\"]")),
        ("integer", DeValue::String(text)) if text.parse::<i64>().is_ok() => Some(format!("write {text}, without quotes")),
        ("boolean", DeValue::String(text)) if matches!(text.as_ref(), "true" | "false") => {
            Some(format!("write {text}, without quotes"))
        }
        _ => None,
    }
}

/// Something of the right shape.
fn stand_in(schema: &Value) -> Value {
    if let Some(default) = schema.get("default") {
        return default.clone();
    }
    if let Some(first) = choices(schema).first() {
        return json!(first);
    }
    match kind(schema) {
        Some("object") => {
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let property = |name| schema.get("properties").and_then(|all| all.get(name)).map_or(Value::Null, stand_in);
            Value::Object(required.map(|name| (name.to_owned(), property(name))).collect())
        }
        Some("array") => json!([]),
        Some("boolean") => json!(false),
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(0)),
        _ => json!(""),
    }
}

fn below(path: &str, name: &impl std::fmt::Display) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

/// The path as an admin knows it: without the numbers of list entries.
fn named(path: &str) -> String {
    path.split('.').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join(".")
}

/// The last key of the path, quoted.
fn key(path: &str) -> String {
    let name = named(path);
    let last = name.rsplit('.').next().unwrap_or_default();
    let entry = path.rsplit('.').next().is_some_and(|part| part.parse::<usize>().is_ok());
    if entry { format!("an entry of `{last}`") } else { format!("`{last}`") }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

#[cfg(test)]
mod tests;
