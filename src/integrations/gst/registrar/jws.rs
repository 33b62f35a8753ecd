//! The two signed texts of a registration: the whole invoice, and the few fields of the QR code.

use super::check::{Document, irn};
use super::crypto::{Broken, Signer, base64url};
use serde_json::{Map, Value, json};

/// Who signs, as the payload says it.
const ISSUER: &str = "NIC Sandbox";

/// When and under which number a document was registered.
pub struct Registration<'a> {
    pub ack_no: i64,
    /// Indian time, `yyyy-MM-dd HH:mm:ss`.
    pub ack_at: &'a str,
}

/// A compact JWS over a text of JSON, which travels as text inside the payload.
///
/// # Errors
/// When the system has no random numbers.
pub fn sign(signer: &Signer, data: &Value) -> Result<String, Broken> {
    let header = json!({"alg": "RS256", "kid": signer.public.kid(), "x5t": signer.public.x5t(), "typ": "JWT"});
    let payload = json!({"data": data.to_string(), "iss": ISSUER});
    let text = format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(payload.to_string().as_bytes())
    );
    let signature = signer.sign(text.as_bytes())?;
    Ok(format!("{text}.{}", base64url(&signature)))
}

/// The invoice as registered: what was sent, with the three fields that registering adds.
pub fn invoice(document: &Document, registration: &Registration) -> Value {
    let mut data = Map::new();
    data.insert("AckNo".into(), registration.ack_no.into());
    data.insert("AckDt".into(), registration.ack_at.into());
    data.insert("Irn".into(), irn(document).into());
    for (name, value) in document.root().as_object().into_iter().flatten() {
        data.insert(name.clone(), value.clone());
    }
    Value::Object(data)
}

/// The ten fields of the QR code.
pub fn qr(document: &Document, registration: &Registration) -> Value {
    json!({
        "SellerGstin": document.seller(),
        "BuyerGstin": document.buyer(),
        "DocNo": document.number(),
        "DocTyp": document.doc_type(),
        "DocDt": document.text("/DocDtls/Dt"),
        "TotInvVal": document.root().pointer("/ValDtls/TotInvVal"),
        "ItemCnt": document.items().len(),
        "MainHsnCode": document.main_hsn(),
        "Irn": irn(document),
        "IrnDt": registration.ack_at,
    })
}
