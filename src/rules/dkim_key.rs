//! Keys that sign mail: read from PEM, and shown as the record that DNS has to hold (RFC 6376 §3.6.1, RFC 8463 §4).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Google, Yahoo and RFC 8301 §3.2 ask for at least 1024 bits and recommend 2048.
const RSA_OCTETS_MIN: usize = 256;
/// Longest string of a TXT record (RFC 1035 §3.3.14), in octets.
const STRING_OCTETS_MAX: usize = 255;

/// Kinds of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Algorithm {
    /// RSA of 2048 bits: every receiver knows it.
    Rsa,
    /// Ed25519: small and quick; receivers that do not know it need an RSA signature beside it.
    Ed25519,
}

/// Why this is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// None of the forms that we can read.
    #[error(
        "it is damaged, cut short, or neither an RSA key in PEM (PKCS#1 or PKCS#8) nor an Ed25519 key in PEM (PKCS#8) or as 32 octets in base64"
    )]
    Form,
    /// It is there, under a passphrase.
    #[error(
        "the key is encrypted, and a daemon that starts by itself has nobody to ask for the passphrase: write it without one, with `openssl pkey -in OLD -out NEW`, into a file that boardwatch alone may read"
    )]
    Encrypted,
    /// Receivers take a signature of such a key for none.
    #[error("the RSA key has fewer than 2048 bits")]
    Short,
    /// The library could not make one.
    #[error("no key could be made")]
    Make,
}

/// A private key.
#[derive(Debug)]
pub struct Key(Kind);

#[derive(Debug)]
enum Kind {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// The public half, as DNS has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicKey {
    /// Which kind.
    pub algorithm: Algorithm,
    /// `SubjectPublicKeyInfo` of an RSA key, the 32 octets of an Ed25519 one.
    pub octets: Vec<u8>,
}

impl Key {
    /// The key in `text`.
    ///
    /// # Errors
    /// Where there is none, or none that receivers accept.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        // PKCS#8 (RFC 5958 §3), and the PEM of old (RFC 1421 §4.6.1.1).
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        if let Some(der) = pem(text, "RSA PRIVATE KEY") {
            return RsaKeyPair::from_der(&der).map_err(|why| refused(&why)).and_then(Self::rsa);
        }
        if let Some(der) = pem(text, "PRIVATE KEY") {
            match RsaKeyPair::from_pkcs8(&der) {
                Ok(key) => return Self::rsa(key),
                Err(why) if is_small(&why) => return Err(KeyError::Short),
                Err(_) => {}
            }
            // With or without the public half behind it (RFC 5958).
            let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::Form)?;
            return Ok(Self(Kind::Ed25519(key)));
        }
        let seed = STANDARD.decode(text).map_err(|_| KeyError::Form)?;
        Ed25519KeyPair::from_seed_unchecked(&seed).map(|key| Self(Kind::Ed25519(key))).map_err(|_| KeyError::Form)
    }

    fn rsa(key: RsaKeyPair) -> Result<Self, KeyError> {
        if key.public_modulus_len() < RSA_OCTETS_MIN {
            return Err(KeyError::Short);
        }
        Ok(Self(Kind::Rsa(Box::new(key))))
    }

    /// `a=`.
    pub(crate) fn algorithm(&self) -> &'static str {
        match self.0 {
            Kind::Rsa(_) => "rsa-sha256",
            Kind::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// RSA takes a third of a millisecond, Ed25519 a fortieth.
    pub(crate) fn is_slow(&self) -> bool {
        matches!(self.0, Kind::Rsa(_))
    }

    /// The signature of `data`; nothing where the library fails, which the check at loading would have met.
    pub(crate) fn sign(&self, data: &[u8]) -> Vec<u8> {
        match &self.0 {
            Kind::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let done = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature);
                done.map(|()| signature).unwrap_or_default()
            }
            // RFC 8463 §3: the hash is what is signed.
            Kind::Ed25519(key) => key.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec(),
        }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Kind::Rsa(key) => {
                let der: Option<PublicKeyX509Der<'static>> = key.public_key().as_der().ok();
                let octets = der.map(|der| der.as_ref().to_vec()).unwrap_or_default();
                PublicKey { algorithm: Algorithm::Rsa, octets }
            }
            Kind::Ed25519(key) => PublicKey { algorithm: Algorithm::Ed25519, octets: key.public_key().as_ref().to_vec() },
        }
    }
}

impl PublicKey {
    /// The value of the TXT record.
    #[must_use]
    pub fn record(&self) -> String {
        let kind = match self.algorithm {
            Algorithm::Rsa => "rsa",
            Algorithm::Ed25519 => "ed25519",
        };
        format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(&self.octets))
    }

    /// The whole record for a zone file: its value in strings that DNS can carry.
    #[must_use]
    pub fn zone_line(&self, selector: &str, domain: &str) -> String {
        let record = self.record();
        let strings: Vec<String> = pieces(&record, STRING_OCTETS_MAX).map(|piece| format!("\"{piece}\"")).collect();
        format!("{selector}._domainkey.{domain}. IN TXT ( {} )", strings.join(" "))
    }
}

/// Whether the library takes it for an RSA key that is too short; it says so in words alone.
fn is_small(why: &KeyRejected) -> bool {
    why.to_string() == "TooSmall"
}

fn refused(why: &KeyRejected) -> KeyError {
    if is_small(why) { KeyError::Short } else { KeyError::Form }
}

/// The octets between the lines that begin and end a `label`.
fn pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (inside, _) = rest.split_once(&format!("-----END {label}-----"))?;
    STANDARD.decode(inside.split_whitespace().collect::<String>()).ok()
}

/// ASCII `text` in pieces of at most `octets`.
pub(crate) fn pieces(text: &str, octets: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, more) = rest.split_at_checked(octets.min(rest.len()))?;
        rest = more;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_under_a_passphrase_is_told_from_a_damaged_one() {
        let why = |text: &str| Key::parse(text).unwrap_err();
        let pkcs8 = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFJDBW\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIF\n-----END RSA PRIVATE KEY-----";
        for text in [pkcs8, old] {
            assert!(matches!(why(text), KeyError::Encrypted) && why(text).to_string().contains("openssl pkey"));
        }
        assert!(matches!(why(&pkcs8.replace("ENCRYPTED ", "")), KeyError::Form));
    }
}
