//! The `openssl` command, for cryptography that shares nothing with what is tested.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// AES-256-ECB by the `openssl` command; the key in hex.
pub fn encrypt(key: &str, clear: &[u8]) -> Vec<u8> {
    openssl(&["enc", "-aes-256-ecb", "-K", key], clear)
}

/// And back.
pub fn decrypt(key: &str, sealed: &[u8]) -> Vec<u8> {
    openssl(&["enc", "-d", "-aes-256-ecb", "-K", key], sealed)
}

/// Runs the `openssl` command, which has to succeed.
#[track_caller]
pub fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    output.stdout
}

/// A file that lives as long as the value.
pub fn temporary(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// And back.
pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Bytes that are text.
pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// A new RSA key, as PEM.
pub fn rsa_key() -> Vec<u8> {
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ],
        b"",
    )
}

/// The modulus of a key.
pub fn modulus(key: &[u8]) -> Vec<u8> {
    let said = text(openssl(&["rsa", "-noout", "-modulus"], key));
    unhex(&said.trim().strip_prefix("Modulus=").unwrap().to_lowercase())
}

/// A compact JWS over data that travel as text within the payload, as the authority writes them, signed with RSA and SHA-256 whatever the header
/// says.
pub fn signed(key: &[u8], header: &Value, data: &Value) -> String {
    let payload = json!({"data": data.to_string(), "iss": "NIC Sandbox"});
    let whole = format!(
        "{}.{}",
        URL.encode(header.to_string()),
        URL.encode(payload.to_string())
    );
    let file = temporary(key);
    let signature = openssl(
        &["dgst", "-sha256", "-sign", file.path().to_str().unwrap()],
        whole.as_bytes(),
    );
    format!("{whole}.{}", URL.encode(signature))
}
