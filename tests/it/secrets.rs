//! Secrets at rest open for their own company and under their own key, and nowhere else.

use mandi::config::Secret;
use mandi::kernel::ids::TenantId;
use mandi::platform::secrets::{open, seal};

fn key(of: u8) -> Secret<Vec<u8>> {
    Secret::new(vec![of; 64])
}

#[test]
fn what_was_sealed_opens_again() {
    let tenant = TenantId::new();
    for plain in [
        &b""[..],
        b"x",
        b"a password of thirty-two letters",
        &[7; 1000],
    ] {
        let sealed = seal(&key(1), tenant, plain).unwrap();
        assert_eq!(open(&key(1), tenant, &sealed).unwrap().expose(), plain);
        // The layout's byte, the nonce, the text and its tag.
        assert_eq!(sealed.len(), 1 + 12 + plain.len() + 16);
    }
}

#[test]
fn the_same_secret_looks_different_each_time() {
    let tenant = TenantId::new();
    let (one, other) = (
        seal(&key(1), tenant, b"secret").unwrap(),
        seal(&key(1), tenant, b"secret").unwrap(),
    );
    assert_ne!(one, other);
    assert!(!one.windows(6).any(|six| six == b"secret"));
}

#[test]
fn nobody_else_opens_it() {
    let (tenant, rival) = (TenantId::new(), TenantId::new());
    let sealed = seal(&key(1), tenant, b"secret").unwrap();

    // Another company, another key, and what is too short to be anything.
    assert!(open(&key(1), rival, &sealed).is_err());
    assert!(open(&key(2), tenant, &sealed).is_err());
    assert!(open(&key(1), tenant, b"").is_err());
    assert!(open(&key(1), tenant, &sealed[..12]).is_err());

    // Any bit of it.
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(open(&key(1), tenant, &changed).is_err(), "byte {place}");
    }
    assert!(open(&key(1), tenant, &sealed).is_ok());
}
