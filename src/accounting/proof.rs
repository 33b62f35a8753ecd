//! Proof that the authority registered this document: its signature over a text that says the same as the document does.
//!
//! Both texts are compact JWS, signed with RS256 and no other algorithm, by a key that is pinned here. What a text says of its own key is
//! believed only as far as it chooses among the pinned ones.

use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::outside::RsaKey;
use crate::kernel::language::Said;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::str::FromStr as _;

/// A signed text, taken apart and not yet believed.
pub struct Signed<'t> {
    /// The key that it says it was signed with.
    pub kid: String,
    /// What is signed, as it stands there.
    message: &'t str,
    signature: Vec<u8>,
    payload: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Deserialize)]
struct Outer {
    data: String,
}

fn no_signed_text() -> Said {
    Said::new("The authority's answer holds no signed text that can be read.")
}

impl<'t> Signed<'t> {
    /// Takes a text apart.
    ///
    /// # Errors
    /// When it is none, or signed by another algorithm.
    pub fn read(text: &'t str) -> Result<Self, Said> {
        let (message, signature) = text.rsplit_once('.').ok_or_else(no_signed_text)?;
        let (header, payload) = message.split_once('.').ok_or_else(no_signed_text)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| no_signed_text());
        let header: Header =
            serde_json::from_slice(&bytes(header)?).map_err(|_| no_signed_text())?;
        if header.alg != "RS256" {
            return Err(Said::new(
                "The authority's text is signed with {alg}, which is not trusted.",
            )
            .with("alg", header.alg));
        }
        Ok(Self {
            kid: header.kid,
            message,
            signature: bytes(signature)?,
            payload: bytes(payload)?,
        })
    }

    /// Whether this key signed it.
    pub fn holds(&self, key: &RsaKey) -> bool {
        let exponent = key.exponent.to_be_bytes();
        let lead = exponent.iter().take_while(|byte| **byte == 0).count();
        RsaPublicKeyComponents {
            n: key.modulus.as_slice(),
            e: &exponent[lead..],
        }
        .verify(
            &RSA_PKCS1_2048_8192_SHA256,
            self.message.as_bytes(),
            &self.signature,
        )
        .is_ok()
    }

    /// The JSON that was signed, which is text within the payload.
    fn data(&self) -> Result<String, Said> {
        let outer: Outer = serde_json::from_slice(&self.payload).map_err(|_| no_signed_text())?;
        Ok(outer.data)
    }
}

/// What the printed code holds.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Code {
    seller_gstin: String,
    buyer_gstin: String,
    doc_no: String,
    doc_typ: String,
    doc_dt: String,
    tot_inv_val: Box<RawValue>,
    item_cnt: Box<RawValue>,
    irn: String,
}

/// What of the signed invoice is compared.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Invoice {
    irn: String,
    doc_dtls: InvoiceDocument,
    val_dtls: InvoiceSums,
    item_list: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InvoiceDocument {
    no: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InvoiceSums {
    ass_val: Box<RawValue>,
    cgst_val: Option<Box<RawValue>>,
    sgst_val: Option<Box<RawValue>>,
    igst_val: Option<Box<RawValue>>,
    tot_inv_val: Box<RawValue>,
}

/// A number of JSON, exact; some write it as text.
fn number(raw: &RawValue) -> Option<Decimal> {
    let text = raw.get().trim_matches('"');
    Decimal::from_str(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

fn differs(what: &'static str) -> Said {
    Said::new("The authority's signed text has another {what} than the document.")
        .naming("what", what)
}

/// Compares the printed code's text with a document.
///
/// # Errors
/// What differs.
pub fn code_agrees(signed: &Signed, document: &Document) -> Result<(), Said> {
    let code: Code = serde_json::from_str(&signed.data()?).map_err(|_| no_signed_text())?;
    let buyer = document.buyer_gstin.as_deref().unwrap_or("URP");
    let items = Decimal::from(document.item_count);
    let checks = [
        ("IRN", Some(code.irn.as_str()) == document.irn.as_deref()),
        ("supplier", code.seller_gstin == document.supplier_gstin),
        ("buyer", code.buyer_gstin == buyer),
        (
            "number",
            code.doc_no.to_uppercase() == document.number.to_uppercase(),
        ),
        (
            "type",
            Some(code.doc_typ.as_str()) == document.gst_type.as_deref(),
        ),
        (
            "date",
            code.doc_dt == document.document_date.format("%d/%m/%Y").to_string(),
        ),
        (
            "total",
            number(&code.tot_inv_val) == Some(document.total.as_decimal()),
        ),
        ("number of lines", number(&code.item_cnt) == Some(items)),
    ];
    agree(&checks)
}

/// Compares the signed invoice with a document.
///
/// # Errors
/// What differs.
pub fn invoice_agrees(
    signed: &Signed,
    document: &Document,
    lines: &[DocumentLine],
) -> Result<(), Said> {
    let invoice: Invoice = serde_json::from_str(&signed.data()?).map_err(|_| no_signed_text())?;
    let is = |raw: Option<&RawValue>, ours: Decimal| {
        raw.map_or(Some(Decimal::ZERO), number) == Some(ours)
    };
    let sums = &invoice.val_dtls;
    let checks = [
        ("IRN", Some(invoice.irn.as_str()) == document.irn.as_deref()),
        (
            "number",
            invoice.doc_dtls.no.to_uppercase() == document.number.to_uppercase(),
        ),
        ("number of lines", invoice.item_list.len() == lines.len()),
        (
            "taxable value",
            is(Some(&sums.ass_val), document.taxable.as_decimal()),
        ),
        (
            "tax",
            is(sums.cgst_val.as_deref(), document.cgst.as_decimal()),
        ),
        (
            "tax",
            is(sums.sgst_val.as_deref(), document.sgst.as_decimal()),
        ),
        (
            "tax",
            is(sums.igst_val.as_deref(), document.igst.as_decimal()),
        ),
        (
            "total",
            is(Some(&sums.tot_inv_val), document.total.as_decimal()),
        ),
    ];
    agree(&checks)
}

fn agree(checks: &[(&'static str, bool)]) -> Result<(), Said> {
    match checks.iter().find(|(_, is_same)| !is_same) {
        Some((what, _)) => Err(differs(what)),
        None => Ok(()),
    }
}
