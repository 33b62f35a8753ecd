//! The cases of GST that somebody else worked out: `tests/data/gst-cases.json`.

use mandi::kernel::money::Money;
use mandi::tax::bill::Discount;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::LazyLock;

/// The file.
pub static CASES: LazyLock<Cases> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/gst-cases.json")).unwrap());

/// What of the file is read.
#[derive(Debug, Deserialize)]
pub struct Cases {
    #[serde(rename = "invoice_cases")]
    pub invoices: Vec<Case>,
    #[serde(rename = "apportion_cases")]
    pub shares: Vec<Shares>,
    #[serde(rename = "irn_cases")]
    pub irns: Vec<IrnCase>,
}

/// A document.
#[derive(Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub input: Input,
    pub expected: Expected,
}

/// What goes in.
#[derive(Debug, Deserialize)]
pub struct Input {
    pub supplier: Supplier,
    pub recipient: Recipient,
    pub doc_type: String,
    pub doc_no: String,
    pub doc_date: String,
    pub original: Option<Original>,
    pub price_mode: String,
    pub round_off: String,
    #[serde(default)]
    pub reverse_charge: bool,
    pub zero_rated_payment: Option<String>,
    pub ship_to_state: Option<String>,
    #[serde(default)]
    pub ship_to_third_party: bool,
    pub fx: Option<Fx>,
    pub invoice_discount: Option<InvoiceDiscount>,
    pub other_charges: Option<Decimal>,
    pub lines: Vec<InputLine>,
}

/// Who supplies.
#[derive(Debug, Deserialize)]
pub struct Supplier {
    pub gstin: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub aato_peak: Decimal,
}

/// Who buys.
#[derive(Debug, Deserialize)]
pub struct Recipient {
    pub kind: String,
    pub gstin: String,
    pub state: String,
}

/// What a note corrects.
#[derive(Debug, Deserialize)]
pub struct Original {
    pub doc_no: String,
}

/// A currency.
#[derive(Debug, Deserialize)]
pub struct Fx {
    pub currency: String,
    pub rate: Decimal,
}

/// A discount on the whole.
#[derive(Debug, Deserialize)]
pub struct InvoiceDiscount {
    #[serde(rename = "type")]
    pub kind: String,
    pub value: Decimal,
    pub timing: String,
}

/// A line.
#[derive(Debug, Deserialize)]
pub struct InputLine {
    pub hsn: String,
    pub qty: Decimal,
    #[serde(default)]
    pub free_qty: Decimal,
    pub unit: Option<String>,
    pub unit_price: Decimal,
    pub gst_rate: Decimal,
    #[serde(default)]
    pub cess_rate: Decimal,
    #[serde(default)]
    pub cess_per_unit: Decimal,
    pub discount: Option<LineDiscount>,
    pub treatment: Option<String>,
}

/// A discount on a line.
#[derive(Debug, Deserialize)]
pub struct LineDiscount {
    #[serde(rename = "type")]
    pub kind: String,
    pub value: Decimal,
}

/// What has to come out.
#[derive(Debug, Deserialize)]
pub struct Expected {
    pub place_of_supply: String,
    pub supply_nature: String,
    pub sup_typ: String,
    pub tax_heads: Vec<String>,
    pub fin_year: String,
    pub irn_required: bool,
    pub irn: Option<String>,
    pub lines: Vec<ExpectedLine>,
    pub totals: Totals,
    pub item_cnt: i32,
    pub main_hsn: String,
    pub ewb_consignment_value: Option<Decimal>,
    pub ewb_required: Option<bool>,
}

/// A line that has to come out.
#[derive(Debug, Deserialize)]
pub struct ExpectedLine {
    pub hsn: String,
    pub is_service: String,
    pub qty: Decimal,
    pub free_qty: Decimal,
    pub unit: Option<String>,
    pub unit_price: Decimal,
    pub tot_amt: Decimal,
    pub discount: Decimal,
    pub ass_amt: Decimal,
    pub gst_rt: Decimal,
    pub igst_amt: Decimal,
    pub cgst_amt: Decimal,
    pub sgst_amt: Decimal,
    pub ces_rt: Decimal,
    pub ces_amt: Decimal,
    pub ces_non_advl_amt: Decimal,
    pub tot_item_val: Decimal,
}

/// The foot that has to come out.
#[derive(Debug, Deserialize)]
pub struct Totals {
    pub ass_val: Decimal,
    pub cgst_val: Decimal,
    pub sgst_val: Decimal,
    pub igst_val: Decimal,
    pub ces_val: Decimal,
    pub discount: Decimal,
    pub oth_chrg: Decimal,
    pub rnd_off_amt: Decimal,
    pub tot_inv_val: Decimal,
    pub tot_inv_val_fc: Option<Decimal>,
}

/// An amount shared out.
#[derive(Debug, Deserialize)]
pub struct Shares {
    pub total: Decimal,
    pub weights: Vec<Decimal>,
    pub shares: Vec<Decimal>,
}

/// A key at the authority.
#[derive(Debug, Deserialize)]
pub struct IrnCase {
    pub supplier_gstin: String,
    pub doc_date: String,
    pub doc_type: String,
    pub doc_no: String,
    pub fin_year: String,
    pub irn: String,
}

impl Cases {
    /// The case of an id.
    pub fn case(&self, id: &str) -> &Case {
        self.invoices.iter().find(|case| case.id == id).unwrap()
    }
}

/// A discount as cases write it.
pub fn discount(kind: &str, value: Decimal) -> Discount {
    match kind {
        "amount" => Discount::Amount(Money::rounded(value)),
        "percent" => Discount::Percent(value),
        other => panic!("{other}"),
    }
}
