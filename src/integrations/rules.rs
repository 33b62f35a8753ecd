//! Decisions about what the world outside hands over.

use crate::kernel::language::Said;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use x509_cert::Certificate;
use x509_cert::der::{DecodePem, Encode};

/// Smallest and largest keys that are taken, in bits.
const BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// The public half of an RSA key, as somebody handed it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Big-endian, without leading zeros.
    pub modulus: Vec<u8>,
    pub exponent: i32,
    /// Thumbprint of the certificate that it came in: SHA-1 in capital hex digits, as the authority names its keys (gst.md 4.9).
    pub thumbprint: Option<String>,
}

impl PublicKey {
    /// Out of a certificate or a public key in PEM.
    ///
    /// # Errors
    /// The remark in words.
    pub fn from_pem(typed: &str) -> Result<Self, Said> {
        let text = typed.trim();
        let unreadable = || {
            Said::new(
                "Paste a certificate or a public key in PEM: it begins with -----BEGIN CERTIFICATE----- or -----BEGIN PUBLIC KEY-----.",
            )
        };
        let (key, thumbprint) = if text.contains("BEGIN CERTIFICATE") {
            let certificate = Certificate::from_pem(text).map_err(|_| unreadable())?;
            let whole = certificate.to_der().map_err(|_| unreadable())?;
            let public = certificate.tbs_certificate.subject_public_key_info.to_der();
            let key = RsaPublicKey::from_public_key_der(&public.map_err(|_| unreadable())?);
            (key, Some(thumbprint(&whole)))
        } else {
            (RsaPublicKey::from_public_key_pem(text), None)
        };
        let key = key.map_err(|_| unreadable())?;
        let exponent = i32::try_from(
            key.e()
                .to_bytes_be()
                .iter()
                .fold(0_u64, |all, byte| (all << 8) | u64::from(*byte)),
        )
        .ok()
        .filter(|exponent| *exponent > 2);
        let (bits, Some(exponent)) = (key.n().bits(), exponent) else {
            return Err(unreadable());
        };
        if !BITS.contains(&bits) {
            return Err(
                Said::new("The key has {bits} bits; {least} to {most} are taken.")
                    .with("bits", bits)
                    .with("least", BITS.start())
                    .with("most", BITS.end()),
            );
        }
        Ok(Self {
            modulus: key.n().to_bytes_be(),
            exponent,
            thumbprint,
        })
    }
}

fn thumbprint(certificate: &[u8]) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}
