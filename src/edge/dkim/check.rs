//! The self-check: whether a signature verifies, read from the signed message as a receiver reads it (RFC 6376 §6.1.3).

use super::canon::{Parsed, relaxed_field};
use super::key::{Algorithm, PublicKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Verifies the first signature of `message` with `key`.
///
/// # Errors
/// What does not hold.
pub(super) fn verify(message: &[u8], key: &PublicKey) -> Result<(), String> {
    let parsed = Parsed::read(message).ok_or("it is no message")?;
    let (name, value) = parsed.fields.first().ok_or("it has no header")?;
    let value = std::str::from_utf8(value).map_err(|_| "the signature's header is not ASCII")?;
    let tag = |wanted: &str| {
        let tags = value.split(';').filter_map(|tag| tag.split_once('='));
        let found = tags.map(|(name, value)| (name.trim(), value)).find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.split_whitespace().collect::<String>()).ok_or_else(|| format!("no {wanted}="))
    };
    let octets = |wanted: &str| tag(wanted).and_then(|value| STANDARD.decode(value).map_err(|error| error.to_string()));
    if octets("bh")? != parsed.body_hash() {
        return Err("the body's hash is another one".to_owned());
    }
    let names = tag("h")?;
    let names: Vec<&str> = names.split(':').collect();
    let rest = Parsed { fields: parsed.fields.iter().skip(1).copied().collect(), body: parsed.body };
    let mut data = rest.relaxed_headers(&names);
    // The signature stands last and is signed as if it were empty (§3.7).
    let (before, _) = value.rsplit_once("b=").ok_or("no b=")?;
    relaxed_field(&mut data, name, format!("{before}b=").as_bytes());
    let signature = octets("b")?;
    let verified = match key.algorithm {
        Algorithm::Rsa => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key.octets).verify(&data, &signature),
        Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &key.octets).verify(digest(&SHA256, &data).as_ref(), &signature),
    };
    verified.map_err(|_| "the public key does not fit".to_owned())
}
