//! The registrar's own cryptography: logins are RSA (PKCS#1 v1.5) for its key, bodies AES-256 block by block (ECB) with PKCS#7 padding, signatures
//! RS256. Old-fashioned, and what the authority does. The private key never leaves the loopback: a timing weakness of RSA decryption is no concern here.

use aes::Aes256;
use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};
use std::fmt::Write as _;

/// What can go wrong with keys; the caller's own data never ends here.
#[derive(Debug)]
pub struct Broken(pub String);

fn broken(error: impl std::fmt::Display) -> Broken {
    Broken(error.to_string())
}

/// A new RSA key of 2048 bits, as PKCS#8.
///
/// # Errors
/// When the system has no random numbers.
pub fn make_key() -> Result<Vec<u8>, Broken> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).map_err(broken)?;
    Ok(key.to_pkcs8_der().map_err(broken)?.as_bytes().to_vec())
}

/// The public half of a key: what others pin.
#[derive(Clone, Debug)]
pub struct PublicHalf {
    /// Big-endian, without leading zeros.
    pub modulus: Vec<u8>,
    pub exponent: u32,
    /// Thumbprint: SHA-1 over the public key, as the authority takes it over its certificate.
    pub thumbprint: [u8; 20],
}

impl PublicHalf {
    /// Of a private key in PKCS#8.
    ///
    /// # Errors
    /// When that is none.
    pub fn of(pkcs8: &[u8]) -> Result<Self, Broken> {
        let public = RsaPublicKey::from(RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(broken)?);
        let der = public.to_public_key_der().map_err(broken)?;
        let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, der.as_bytes());
        Ok(Self {
            modulus: public.n().to_bytes_be(),
            exponent: u32::try_from(
                public
                    .e()
                    .to_bytes_be()
                    .iter()
                    .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte)),
            )
            .map_err(broken)?,
            thumbprint: digest.as_ref().try_into().map_err(broken)?,
        })
    }

    /// Key id: 40 upper-case hex digits.
    pub fn kid(&self) -> String {
        self.thumbprint
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02X}");
                text
            })
    }

    /// The same thumbprint as `x5t` has it.
    pub fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.thumbprint)
    }
}

/// The key that logins are encrypted for.
pub struct Opener(RsaPrivateKey);

impl Opener {
    /// From PKCS#8.
    ///
    /// # Errors
    /// When that is no RSA key.
    pub fn new(pkcs8: &[u8]) -> Result<Self, Broken> {
        Ok(Self(RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(broken)?))
    }

    /// What was encrypted for this key; `None` when it was for another, or is none.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.0.decrypt(Pkcs1v15Encrypt, sealed).ok()
    }
}

/// The key that documents are signed with.
pub struct Signer {
    pair: RsaKeyPair,
    pub public: PublicHalf,
}

impl Signer {
    /// From PKCS#8.
    ///
    /// # Errors
    /// When that is no RSA key.
    pub fn new(pkcs8: &[u8]) -> Result<Self, Broken> {
        Ok(Self {
            pair: RsaKeyPair::from_pkcs8(pkcs8).map_err(broken)?,
            public: PublicHalf::of(pkcs8)?,
        })
    }

    /// RS256 over these bytes.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Broken> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                bytes,
                &mut signature,
            )
            .map_err(broken)?;
        Ok(signature)
    }
}

/// A key for AES-256.
pub type Key = [u8; 32];

/// Random bytes: keys of sessions, tokens.
///
/// # Errors
/// When the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], Broken> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

const BLOCK: usize = 16;

/// AES-256-ECB with PKCS#7 padding.
pub fn encrypt(key: &Key, clear: &[u8]) -> Vec<u8> {
    let cipher = Aes256::new(GenericArray::from_slice(key));
    let padding = BLOCK - clear.len() % BLOCK;
    let mut bytes = clear.to_vec();
    // Padding is 1 to 16.
    bytes.resize(clear.len() + padding, u8::try_from(padding).unwrap_or(0));
    for block in bytes.chunks_exact_mut(BLOCK) {
        cipher.encrypt_block(GenericArray::from_mut_slice(block));
    }
    bytes
}

/// What `encrypt` gave; `None` when it was another key's, or is none.
pub fn decrypt(key: &Key, sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(BLOCK) {
        return None;
    }
    let cipher = Aes256::new(GenericArray::from_slice(key));
    let mut bytes = sealed.to_vec();
    for block in bytes.chunks_exact_mut(BLOCK) {
        cipher.decrypt_block(GenericArray::from_mut_slice(block));
    }
    let padding = usize::from(*bytes.last()?);
    let length = bytes.len().checked_sub(padding)?;
    let is_padded = (1..=BLOCK).contains(&padding)
        && bytes[length..]
            .iter()
            .all(|byte| usize::from(*byte) == padding);
    is_padded.then(|| {
        bytes.truncate(length);
        bytes
    })
}

/// Base64 as the protocol writes it everywhere but in signatures.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Back from Base64; line breaks and spaces are tolerated.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(compact).ok()
}

/// Base64 as signatures have it.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
