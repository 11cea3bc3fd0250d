//! The keys of links of one installation, as they lie beside its store and as a dump of it carries them: all of both, so that a dump
//! of before a change of keys takes no link from anybody who was mailed since, and one of after it none from who was mailed before.
//!
//! The key that was made last signs.

use super::{KeyEntry, KeysFile, invalid, parse};
use std::cmp::Reverse;
use std::io;
use std::path::Path;

/// What the file at `path`, which says `here`, is to say once the keys of `dump` are in it. `None`: it says all of it. `is_ours`: it is
/// known to be this installation's; else that is seen from a key that both have.
///
/// # Errors
/// Where either does not say what it should, or the file is another installation's.
pub(in crate::store) fn joined(path: &Path, here: &[u8], dump: &[u8], is_ours: bool) -> io::Result<Option<Vec<u8>>> {
    let (here, dump) = (parse(path, here)?, parse(path, dump)?);
    let is_in_dump = |entry: &KeyEntry| dump.keys.iter().any(|other| other.key == entry.key);
    if !is_ours && !here.keys.iter().any(is_in_dump) {
        return Err(invalid(path, "holds no key of the dump's"));
    }
    let before = here.keys.len();
    let mut keys = here.keys;
    let mut has_changed = false;
    for entry in dump.keys {
        match keys.iter_mut().find(|known| known.key == entry.key) {
            // It was taken out of use as soon as either says.
            Some(known) => {
                let retired = known.retired.into_iter().chain(entry.retired).min();
                has_changed |= known.retired != retired;
                known.retired = retired;
            }
            None => keys.push(entry),
        }
    }
    if keys.len() == before && !has_changed {
        return Ok(None);
    }
    keys.sort_by_key(|KeyEntry { id, made, retired, .. }| (Reverse(retired.is_some()), *made, *id));
    Ok(Some(serde_json::to_vec_pretty(&KeysFile { keys })?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(keys: &[(u8, &str, Option<u32>)]) -> Vec<u8> {
        let entry = |(id, key, retired): &(u8, &str, Option<u32>)| KeyEntry {
            id: *id,
            made: format!("2026-11-{:02}T10:00:00Z", 10 + id).parse().unwrap(),
            retired: retired.map(|day| format!("2026-11-{day}T10:00:00Z").parse().unwrap()),
            key: (*key).to_owned(),
        };
        serde_json::to_vec(&KeysFile { keys: keys.iter().map(entry).collect() }).unwrap()
    }

    fn check(here: &[(u8, &str, Option<u32>)], dump: &[(u8, &str, Option<u32>)], expect: Option<&[(u8, &str, Option<u32>)]>) {
        let joined = joined(Path::new("link-keys.json"), &file(here), &file(dump), true).unwrap();
        let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap();
        assert_eq!(joined.as_deref().map(read), expect.map(|keys| read(&file(keys))));
    }

    #[test]
    fn all_keys_of_both_are_there_and_the_one_made_last_signs() {
        // A dump of before a change, and one of after it.
        check(&[(1, "one", Some(12)), (2, "two", None)], &[(1, "one", None)], None);
        let both: &[(u8, &str, Option<u32>)] = &[(1, "one", Some(12)), (2, "two", None)];
        check(&[(1, "one", None)], both, Some(both));
        // What was forgotten here comes back, and signs nothing.
        check(&[(3, "three", None)], both, Some(&[(1, "one", Some(12)), (2, "two", None), (3, "three", None)]));
        // Each was changed after the same dump.
        let of_one_number = [(2, "other", None), (2, "two", None)];
        check(&of_one_number[..1], &of_one_number[1..], Some(&of_one_number));
        // Where it is not known whose they are, one that both have says so.
        let (path, one, others) = (Path::new("link-keys.json"), file(&both[..1]), file(&of_one_number[..1]));
        assert!(joined(path, &one, &file(both), false).unwrap().is_some());
        assert!(joined(path, &others, &file(both), false).is_err());
    }
}
