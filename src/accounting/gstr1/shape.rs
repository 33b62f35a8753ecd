//! The file's shape: names as the offline tool has them.

use crate::accounting::inv01::Amount;
use serde::Serialize;

/// The whole file. What a month has nothing of is left out.
#[derive(Serialize)]
pub struct File<'r> {
    pub gstin: &'r str,
    pub fp: String,
    pub version: &'static str,
    pub hash: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub b2b: Vec<Buyer<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub b2cl: Vec<Place<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub b2cs: Vec<Small<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exp: Vec<Abroad<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cdnr: Vec<Noted<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cdnur: Vec<Note<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nil: Option<Untaxed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hsn: Option<Codes<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_issue: Option<Issue<'r>>,
}

/// Invoices to a registered buyer.
#[derive(Serialize)]
pub struct Buyer<'r> {
    pub ctin: &'r str,
    pub inv: Vec<Invoice<'r, Item>>,
}

/// Large invoices to a state.
#[derive(Serialize)]
pub struct Place<'r> {
    pub pos: &'r str,
    pub inv: Vec<Invoice<'r, Item>>,
}

/// Exports with or without payment.
#[derive(Serialize)]
pub struct Abroad<'r> {
    pub exp_typ: &'r str,
    pub inv: Vec<Invoice<'r, Amounts>>,
}

/// An invoice.
#[derive(Serialize)]
pub struct Invoice<'r, I> {
    pub inum: &'r str,
    pub idt: String,
    pub val: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rchrg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inv_typ: Option<&'static str>,
    pub itms: Vec<I>,
}

/// Notes to a registered buyer.
#[derive(Serialize)]
pub struct Noted<'r> {
    pub ctin: &'r str,
    pub nt: Vec<Note<'r>>,
}

/// A note. Its amounts are never below zero; `ntty` says which way they count.
#[derive(Serialize)]
pub struct Note<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<&'static str>,
    pub ntty: &'static str,
    pub nt_num: &'r str,
    pub nt_dt: String,
    pub val: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rchrg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inv_typ: Option<&'static str>,
    pub itms: Vec<Item>,
}

/// A rate of a document.
#[derive(Serialize)]
pub struct Item {
    pub num: usize,
    pub itm_det: Amounts,
}

/// What a rate comes to: with integrated tax, or with both halves.
#[derive(Serialize)]
pub struct Amounts {
    pub rt: Amount,
    pub txval: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iamt: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camt: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samt: Option<Amount>,
    pub csamt: Amount,
}

/// Small supplies to a state at a rate.
#[derive(Serialize)]
pub struct Small<'r> {
    pub sply_ty: &'static str,
    pub pos: &'r str,
    pub typ: &'static str,
    #[serde(flatten)]
    pub amounts: Amounts,
}

/// What bears no tax.
#[derive(Serialize)]
pub struct Untaxed {
    pub inv: Vec<UntaxedGroup>,
}

/// What bears no tax, to a group of buyers.
#[derive(Serialize)]
pub struct UntaxedGroup {
    pub sply_ty: &'static str,
    pub expt_amt: Amount,
    pub nil_amt: Amount,
    pub ngsup_amt: Amount,
}

/// The HSN summary.
#[derive(Serialize)]
pub struct Codes<'r> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Code<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hsn_b2b: Vec<Code<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hsn_b2c: Vec<Code<'r>>,
}

/// A row of it.
#[derive(Serialize)]
pub struct Code<'r> {
    pub num: usize,
    pub hsn_sc: &'r str,
    pub uqc: &'r str,
    pub qty: Amount,
    pub rt: Amount,
    pub txval: Amount,
    pub iamt: Amount,
    pub camt: Amount,
    pub samt: Amount,
    pub csamt: Amount,
}

/// Documents issued.
#[derive(Serialize)]
pub struct Issue<'r> {
    pub doc_det: Vec<Kinds<'r>>,
}

/// Documents of one kind.
#[derive(Serialize)]
pub struct Kinds<'r> {
    pub doc_num: u8,
    pub doc_typ: &'static str,
    pub docs: Vec<Range<'r>>,
}

/// Numbers of a series.
#[derive(Serialize)]
pub struct Range<'r> {
    pub num: usize,
    pub from: &'r str,
    pub to: &'r str,
    pub totnum: i64,
    pub cancel: i64,
    pub net_issue: i64,
}
