//! Keys that sign, made: the chance in them is this machine's.

pub use crate::rules::dkim_key::{Algorithm, Key, KeyError, PublicKey};

use crate::rules::dkim_key::pieces;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

impl Key {
    /// A new key, as the PEM file (PKCS#8) that holds it.
    ///
    /// # Errors
    /// Where the machine has no randomness to give.
    pub fn generate(algorithm: Algorithm) -> Result<String, KeyError> {
        let der: Pkcs8V1Der<'static> = match algorithm {
            Algorithm::Rsa => RsaKeyPair::generate(KeySize::Rsa2048).and_then(|key| key.as_der()),
            Algorithm::Ed25519 => Ed25519KeyPair::generate().and_then(|key| key.as_der()),
        }
        .map_err(|_| KeyError::Make)?;
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = pieces(&text, 64).collect();
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
    }
}
