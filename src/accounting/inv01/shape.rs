//! The payload's shape: names as the form has them.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A number of JSON, exact.
#[derive(Clone, Copy, Debug)]
pub struct Amount(pub Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text = self.0.normalize().to_string();
        RawValue::from_string(text)
            .map_err(S::Error::custom)?
            .serialize(to)
    }
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Payload<'d> {
    pub version: &'static str,
    pub tran_dtls: Transaction,
    pub doc_dtls: Paper<'d>,
    pub seller_dtls: Party,
    pub buyer_dtls: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disp_dtls: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_dtls: Option<Party>,
    pub item_list: Vec<Item>,
    pub val_dtls: Sums,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ref_dtls: Option<References>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp_dtls: Option<Export<'d>>,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transaction {
    pub tax_sch: &'static str,
    pub sup_typ: &'static str,
    pub reg_rev: &'static str,
    pub igst_on_intra: &'static str,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Paper<'d> {
    pub typ: &'d str,
    pub no: &'d str,
    pub dt: String,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Party {
    pub gstin: String,
    pub lgl_nm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos: Option<String>,
    pub addr1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr2: Option<String>,
    pub loc: String,
    pub pin: u32,
    pub stcd: String,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Place {
    pub nm: String,
    pub addr1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr2: Option<String>,
    pub loc: String,
    pub pin: u32,
    pub stcd: String,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Item {
    pub sl_no: String,
    pub prd_desc: String,
    pub is_servc: &'static str,
    pub hsn_cd: String,
    pub qty: Amount,
    pub free_qty: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    pub unit_price: Amount,
    pub tot_amt: Amount,
    pub discount: Amount,
    pub ass_amt: Amount,
    pub gst_rt: Amount,
    pub igst_amt: Amount,
    pub cgst_amt: Amount,
    pub sgst_amt: Amount,
    pub ces_rt: Amount,
    pub ces_amt: Amount,
    pub ces_non_advl_amt: Amount,
    pub oth_chrg: Amount,
    pub tot_item_val: Amount,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sums {
    pub ass_val: Amount,
    pub cgst_val: Amount,
    pub sgst_val: Amount,
    pub igst_val: Amount,
    pub ces_val: Amount,
    pub st_ces_val: Amount,
    pub discount: Amount,
    pub oth_chrg: Amount,
    pub rnd_off_amt: Amount,
    pub tot_inv_val: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tot_inv_val_fc: Option<Amount>,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct References {
    pub inv_rm: String,
    pub prec_doc_dtls: [Preceding; 1],
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Preceding {
    pub inv_no: String,
    pub inv_dt: String,
}

/// Part of the payload.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Export<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_cur: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnt_code: Option<String>,
    pub ref_clm: &'static str,
}
