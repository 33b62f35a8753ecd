//! The tokens of links in letters: whoever has one may do one thing, once. The letter has the token, the table only its hash.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A token of 256 random bits for a link, and its hash for the table.
pub fn new() -> (String, Vec<u8>) {
    let bytes: [u8; 32] = rand::random();
    let token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&token);
    (token, hash)
}

/// SHA-256 of a token, or of a session's key.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
