//! What the authority's protocol does to bytes: RSA for logins, AES for what follows, Base64 around both.

use crate::accounting::outside::RsaKey;
use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecryptMut, BlockEncryptMut, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use rsa::rand_core::OsRng;
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPublicKey};

/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// A fresh key of 256 bits.
pub fn fresh_key() -> Result<[u8; 32], String> {
    let mut key = [0; 32];
    SystemRandom::new()
        .fill(&mut key)
        .map_err(|_| "no random numbers".to_owned())?;
    Ok(key)
}

/// Encrypts for the holder of the private key, with the padding of PKCS #1 version 1.5.
pub fn wrap(key: &RsaKey, plain: &[u8]) -> Result<Vec<u8>, String> {
    let key = RsaPublicKey::new(
        BigUint::from_bytes_be(&key.modulus),
        BigUint::from(key.exponent),
    )
    .map_err(|error| format!("the authority's key is none: {error}"))?;
    key.encrypt(&mut OsRng, Pkcs1v15Encrypt, plain)
        .map_err(|error| format!("the login does not fit the authority's key: {error}"))
}

/// AES-256-ECB with the padding of PKCS #7, in Base64: the protocol asks for it.
pub fn seal(key: &[u8; 32], plain: &[u8]) -> Result<String, String> {
    let mut room = vec![0; plain.len() + BLOCK];
    room[..plain.len()].copy_from_slice(plain);
    let sealed = ecb::Encryptor::<Aes256>::new(key.into())
        .encrypt_padded_mut::<Pkcs7>(&mut room, plain.len())
        .map_err(|_| "no room for the padding".to_owned())?;
    Ok(STANDARD.encode(sealed))
}

/// And back; `None` when it was not this key, or nothing of the kind. Some answers come in one more layer of Base64.
pub fn open(key: &[u8; 32], data: &str) -> Option<Vec<u8>> {
    let once = from_base64(data)?;
    let twice = || from_base64(std::str::from_utf8(&once).ok()?);
    decrypt(key, &once).or_else(|| decrypt(key, &twice()?))
}

/// A key that came encrypted under another.
pub fn open_key(key: &[u8; 32], data: &str) -> Option<[u8; 32]> {
    open(key, data)?.try_into().ok()
}

fn decrypt(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut room = sealed.to_vec();
    let plain = ecb::Decryptor::<Aes256>::new(key.into())
        .decrypt_padded_mut::<Pkcs7>(&mut room)
        .ok()?;
    Some(plain.to_vec())
}

/// Base64 as senders write it, with or without line ends and padding.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut clean: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    while clean.ends_with('=') {
        clean.pop();
    }
    while !clean.len().is_multiple_of(4) {
        clean.push('=');
    }
    STANDARD.decode(clean).ok()
}
