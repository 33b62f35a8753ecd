//! Secrets of companies at rest (passwords of accounts elsewhere, session keys): encrypted under the installation's key.
//!
//! AES-256-GCM. The key comes out of the installation's by HKDF-SHA256, so what opens cookies opens nothing here. The company is part of what is
//! authenticated: a sealed secret that is copied into another company's row does not open there.

use crate::config::Secret;
use crate::error::AppError;
use crate::kernel::ids::TenantId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// The layout of what is sealed: this byte, a nonce, the ciphertext with its tag.
const LAYOUT: u8 = 1;

fn key(installation: &Secret<Vec<u8>>) -> Result<LessSafeKey, AppError> {
    let refused = |_| AppError::internal("the key for secrets can't be made");
    let root = Salt::new(HKDF_SHA256, b"").extract(installation.expose());
    let mut bytes = [0_u8; 32];
    root.expand(&[b"mandi secrets 1"], &AES_256_GCM)
        .and_then(|okm| okm.fill(&mut bytes))
        .map_err(refused)?;
    Ok(LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, &bytes).map_err(refused)?,
    ))
}

/// Encrypts a secret of a company, under a nonce of its own: the same secret looks different each time.
///
/// # Errors
/// When the system gives no random numbers.
pub fn seal(
    installation: &Secret<Vec<u8>>,
    tenant: TenantId,
    plain: &[u8],
) -> Result<Vec<u8>, AppError> {
    let mut nonce = [0_u8; NONCE_LEN];
    SystemRandom::new()
        .fill(&mut nonce)
        .map_err(|_| AppError::internal("no random numbers"))?;
    let mut sealed = plain.to_vec();
    key(installation)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(tenant.uuid().as_bytes()),
            &mut sealed,
        )
        .map_err(|_| AppError::internal("a secret can't be sealed"))?;
    let mut whole = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
    whole.push(LAYOUT);
    whole.extend_from_slice(&nonce);
    whole.append(&mut sealed);
    Ok(whole)
}

/// What [`seal`] encrypted for the same company under the same key.
///
/// # Errors
/// When anything of it is another: the key, the company, a bit.
pub fn open(
    installation: &Secret<Vec<u8>>,
    tenant: TenantId,
    sealed: &[u8],
) -> Result<Secret<Vec<u8>>, AppError> {
    let refused = || AppError::internal("a sealed secret does not open: was the key changed?");
    let rest = sealed.strip_prefix(&[LAYOUT]).ok_or_else(refused)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(refused)?;
    let mut text = text.to_vec();
    let plain = key(installation)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(tenant.uuid().as_bytes()),
            &mut text,
        )
        .map_err(|_| refused())?;
    Ok(Secret::new(plain.to_vec()))
}
