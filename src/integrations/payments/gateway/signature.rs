//! The gateway's signatures: HMAC-SHA256 as RFC 2104 has it, in small hexadecimal letters. Written out here, so that the client's is tested
//! against another.

use sha2::{Digest, Sha256};

const BLOCK: usize = 64;

/// The signature of these bytes under a secret.
pub fn sign(secret: &[u8], message: &[u8]) -> String {
    let mut key = [0_u8; BLOCK];
    if secret.len() > BLOCK {
        let short = Sha256::digest(secret);
        for (place, byte) in key.iter_mut().zip(short) {
            *place = byte;
        }
    } else {
        for (place, byte) in key.iter_mut().zip(secret) {
            *place = *byte;
        }
    }
    let inner = key.map(|byte| byte ^ 0x36);
    let outer = key.map(|byte| byte ^ 0x5c);
    let inside = Sha256::new()
        .chain_update(inner)
        .chain_update(message)
        .finalize();
    let tag = Sha256::new()
        .chain_update(outer)
        .chain_update(inside)
        .finalize();
    tag.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}
