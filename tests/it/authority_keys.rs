//! Keys of the real authority: pinned by the platform out of what the authority publishes, and put out of use.

use crate::support::openssl::{hex, openssl, temporary};
use crate::support::{admin, app, ask, tenant};

/// A certificate of a new key of so many bits, as PEM.
fn certificate(algorithm: &str) -> String {
    let key = tempfile::NamedTempFile::new().unwrap();
    let pem = openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            algorithm,
            "-nodes",
            "-subj",
            "/CN=einvoice.example",
            "-days",
            "30",
            "-keyout",
            key.path().to_str().unwrap(),
        ],
        b"",
    );
    String::from_utf8(pem).unwrap()
}

fn printed(arguments: &[&str], pem: &str) -> String {
    String::from_utf8(openssl(arguments, pem.as_bytes())).unwrap()
}

fn live(purpose: &str, kid: &str) -> String {
    ask(
        app(),
        &format!(
            "select coalesce((select encode(modulus, 'hex') || ' ' || exponent || ' ' || (retired_at is null) from authority_keys
               where environment = 'live' and purpose = '{purpose}' and kid = '{kid}'), '') as value"
        ),
    )
}

#[test]
fn a_certificate_is_pinned_under_its_thumbprint_and_put_out_of_use() {
    // given
    let (admin, pem) = (admin(), certificate("rsa:2048"));
    let thumbprint = printed(&["x509", "-noout", "-fingerprint", "-sha1"], &pem);
    let kid = thumbprint
        .split('=')
        .nth(1)
        .unwrap()
        .trim()
        .replace(':', "");
    let modulus = printed(&["x509", "-noout", "-modulus"], &pem);
    let modulus = modulus.split('=').nth(1).unwrap().trim().to_lowercase();
    let page = admin.open("/admin/authority-keys");
    let form = page
        .is(200)
        .form("#pin")
        .fill("purpose", "encryption")
        .fill("pem", &pem);

    // when
    form.clone()
        .submit()
        .follow()
        .is(200)
        .shows(".toast", &format!("The key {kid} is pinned."))
        .shows("tbody", &kid)
        .shows("tbody", "2,048 bits");

    // then: the key is what openssl reads in the certificate
    assert_eq!(live("encryption", &kid), format!("{modulus} 65537 true"));
    let again = admin
        .open("/admin/authority-keys")
        .form("#pin")
        .fill("purpose", "encryption")
        .fill("pem", &pem)
        .submit();
    again
        .is(422)
        .shows("#pem-e", "This key is pinned already.")
        .shows("#pem", "BEGIN CERTIFICATE");

    // when: out of use, and into use again
    let step = |used: &str| {
        let fields = [("purpose", "encryption"), ("kid", &kid), ("used", used)];
        admin.post("/admin/authority-keys/use", &fields).is(303);
        live("encryption", &kid)
    };
    assert_eq!(step(""), format!("{modulus} 65537 false"));
    assert_eq!(step("on"), format!("{modulus} 65537 true"));

    // and what is none of them is not found
    let fields = [
        ("purpose", "signing"),
        ("kid", kid.as_str()),
        ("used", "on"),
    ];
    admin.post("/admin/authority-keys/use", &fields).is(404);
    // So that no test finds a key for a real authority.
    step("");
}

#[test]
fn a_public_key_needs_a_name_and_what_is_no_such_key_is_refused_with_all_that_was_typed() {
    // given
    let (admin, whole) = (admin(), certificate("rsa:2048"));
    let public = printed(&["x509", "-noout", "-pubkey"], &whole);
    let name = format!("signs-{}", hex(&whole.as_bytes()[100..110]));
    let pin = |pem: &str, kid: &str| {
        admin
            .open("/admin/authority-keys")
            .form("#pin")
            .fill("purpose", "signing")
            .fill("pem", pem)
            .fill("kid", kid)
            .submit()
    };

    // when, then
    pin(&public, "")
        .is(422)
        .shows("#kid-e", "needs the name that signatures give it")
        .shows("#pem", "BEGIN PUBLIC KEY");
    pin("", "x")
        .is(422)
        .shows("#pem-e", "Paste a certificate or a public key in PEM");
    pin(&whole[..200], "x").is(422).shows("#pem-e", "in PEM");
    pin(&certificate("rsa:1024"), "x").is(422).shows(
        "#pem-e",
        "The key has 1,024 bits; 2,048 to 4,096 are taken.",
    );
    let curve = temporary(b"");
    let other = openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=x",
            "-days",
            "3",
            "-keyout",
            curve.path().to_str().unwrap(),
        ],
        b"",
    );
    pin(&String::from_utf8(other).unwrap(), "x")
        .is(422)
        .shows("#pem-e", "in PEM");
    assert_eq!(live("signing", "x"), "");
    pin(&public, &name).is(303);
    assert!(live("signing", &name).ends_with(" 65537 true"));
    let fields = [("purpose", "signing"), ("kid", name.as_str()), ("used", "")];
    admin.post("/admin/authority-keys/use", &fields).is(303);

    // and nobody but the platform sees them
    tenant().owner.get("/admin/authority-keys").is(404);
}

#[test]
fn a_key_that_was_pinned_wrongly_is_put_right_once_it_is_out_of_use() {
    // given: a thumbprint as people copy it, and the wrong key pasted beside it
    let admin = admin();
    let keys = [certificate("rsa:2048"), certificate("rsa:2048")];
    let [wrong, right] = keys.map(|pem| {
        let modulus = printed(&["x509", "-noout", "-modulus"], &pem);
        let modulus = modulus.split('=').nth(1).unwrap().trim().to_lowercase();
        (printed(&["x509", "-noout", "-pubkey"], &pem), modulus)
    });
    let kid = right.1[20..60].to_uppercase();
    let pairs: Vec<String> = kid
        .as_bytes()
        .chunks(2)
        .map(|two| String::from_utf8_lossy(two).to_lowercase())
        .collect();
    let pin = |pem: &str, name: &str| {
        admin
            .open("/admin/authority-keys")
            .form("#pin")
            .fill("purpose", "signing")
            .fill("pem", pem)
            .fill("kid", name)
            .submit()
    };
    let step = |used: &str| {
        let fields = [
            ("purpose", "signing"),
            ("kid", kid.as_str()),
            ("used", used),
        ];
        admin.post("/admin/authority-keys/use", &fields).is(303);
    };

    // when
    pin(&wrong.0, &format!(" {} ", pairs.join(":"))).is(303);

    // then: it stands under the name that signatures give it, and nothing takes the place of a key in use
    assert_eq!(live("signing", &kid), format!("{} 65537 true", wrong.1));
    pin(&right.0, &kid)
        .is(422)
        .shows("#pem-e", "This key is pinned already.");
    assert_eq!(live("signing", &kid), format!("{} 65537 true", wrong.1));

    // when: out of use; the same is still pinned, another takes its place
    step("");
    pin(&wrong.0, &kid).is(422);
    assert_eq!(live("signing", &kid), format!("{} 65537 false", wrong.1));
    pin(&right.0, &kid)
        .follow()
        .shows(".toast", &format!("The key {kid} is pinned."));

    // then
    assert_eq!(live("signing", &kid), format!("{} 65537 true", right.1));
    step("");
}
