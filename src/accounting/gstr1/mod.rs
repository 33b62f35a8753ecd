//! The file of a month that the authority's offline tool takes for GSTR-1, from what is stored and nothing else: the same rows give the same
//! bytes. Nothing is rounded here.
//!
//! What it names and what it sums up is told apart in `model/register`, where the tax register reads it, too.

mod shape;

use crate::accounting::inv01::Amount;
use crate::accounting::model::{Entry, HsnSum, Named, Numbers, Sums};
use crate::accounting::rules::document::{Family, Kind};
use crate::accounting::rules::gstr1::{Month, Section, invoice_type};
use crate::error::AppError;
use crate::kernel::money::Money;
use crate::tax::rules::{SupplyType, Treatment};
use chrono::NaiveDate;
use shape::{
    Abroad, Amounts, Buyer, Code, Codes, File, Invoice, Issue, Item, Kinds, Note, Noted, Place,
    Range, Small, Untaxed, UntaxedGroup,
};
use std::collections::BTreeMap;
use std::convert::identity;

/// The offline tool's own mark; it changes with the tool.
const VERSION: &str = "GST3.2.4";

/// What a month is made of.
pub struct Rows {
    /// Documents by rate, and the sums of what is named by no document.
    pub entries: Vec<(Entry, Option<Named>)>,
    /// The HSN summary.
    pub codes: Vec<HsnSum>,
    /// The numbers that were used.
    pub numbers: Vec<Numbers>,
}

/// A document with its rates.
type Rates<'r> = (&'r Named, Vec<&'r Entry>);
/// Documents by number and kind.
type Papers<'r> = BTreeMap<(&'r str, &'static str), Rates<'r>>;

/// The file of a registration and a month.
///
/// # Errors
/// When it can't be written, which only a fault of ours makes it be.
pub fn file(gstin: &str, month: Month, rows: &Rows) -> Result<Vec<u8>, AppError> {
    let file = File {
        gstin,
        fp: month.period(),
        version: VERSION,
        hash: "hash",
        b2b: b2b(rows),
        b2cl: b2cl(rows),
        b2cs: b2cs(rows),
        exp: exports(rows),
        cdnr: cdnr(rows),
        cdnur: cdnur(rows),
        nil: untaxed(rows),
        hsn: codes(&rows.codes),
        doc_issue: issue(&rows.numbers),
    };
    serde_json::to_vec(&file).map_err(AppError::internal)
}

fn amount(money: Money) -> Amount {
    Amount(money.as_decimal())
}

fn day(day: NaiveDate) -> String {
    day.format("%d-%m-%Y").to_string()
}

/// Documents of some tables, by what stands above them there.
fn papers<'r>(
    rows: &'r Rows,
    sections: &[Section],
    above: impl Fn(&'r Entry, &'r Named) -> &'r str,
) -> BTreeMap<&'r str, Papers<'r>> {
    let mut found: BTreeMap<&'r str, Papers<'r>> = BTreeMap::new();
    for (entry, named) in &rows.entries {
        let Some(named) = named.as_ref().filter(|_| sections.contains(&entry.section)) else {
            continue;
        };
        let its = found.entry(above(entry, named)).or_default();
        let paper = its
            .entry((named.number.as_str(), named.kind.as_str()))
            .or_insert_with(|| (named, Vec::new()));
        paper.1.push(entry);
    }
    found
}

/// What a rate comes to; a note's amounts are positive, too.
fn amounts(entry: &Entry, turn: fn(Money) -> Money) -> Amounts {
    let Sums {
        taxable,
        igst,
        cgst,
        sgst,
        cess,
        ..
    } = entry.sums;
    let of = |money| amount(turn(money));
    let (inter, intra) = (entry.is_inter_state, !entry.is_inter_state);
    Amounts {
        rt: Amount(entry.rate),
        txval: of(taxable),
        iamt: inter.then(|| of(igst)),
        camt: intra.then(|| of(cgst)),
        samt: intra.then(|| of(sgst)),
        csamt: of(cess),
    }
}

fn items(rates: &[&Entry], turn: fn(Money) -> Money) -> Vec<Item> {
    let item = |(num, entry): (usize, &&Entry)| Item {
        num,
        itm_det: amounts(entry, turn),
    };
    (1..).zip(rates).map(item).collect()
}

/// The place of supply of a document.
fn place<'r>(rates: &[&'r Entry]) -> Option<&'r str> {
    rates.first()?.place_of_supply.as_deref()
}

fn yes(flag: bool) -> &'static str {
    if flag { "Y" } else { "N" }
}

fn invoice<I>(named: &Named, itms: Vec<I>) -> Invoice<'_, I> {
    Invoice {
        inum: &named.number,
        idt: day(named.day),
        val: amount(named.total),
        pos: None,
        rchrg: None,
        inv_typ: None,
        itms,
    }
}

/// An invoice to a registered buyer.
fn registered((named, rates): Rates<'_>) -> Invoice<'_, Item> {
    Invoice {
        pos: place(&rates),
        rchrg: Some(yes(named.is_reverse_charge)),
        inv_typ: Some(invoice_type(named.supply_type)),
        ..invoice(named, items(&rates, identity))
    }
}

/// A large invoice to a buyer without a GSTIN.
fn large((named, rates): Rates<'_>) -> Invoice<'_, Item> {
    invoice(named, items(&rates, identity))
}

/// An export.
fn export((named, rates): Rates<'_>) -> Invoice<'_, Amounts> {
    let rates = rates.iter().map(|entry| amounts(entry, identity));
    invoice(named, rates.collect())
}

/// A note to a buyer without a GSTIN.
fn unregistered(rates: Rates<'_>) -> Note<'_> {
    let supply = rates.0.supply_type;
    let note = note(rates);
    Note {
        typ: Some(invoice_type(supply)),
        // What went abroad has no place here.
        pos: note.pos.filter(|_| supply == SupplyType::B2c),
        rchrg: None,
        inv_typ: None,
        ..note
    }
}

fn b2b(rows: &Rows) -> Vec<Buyer<'_>> {
    let sections = [
        Section::B2b,
        Section::Reverse,
        Section::Sez,
        Section::Deemed,
    ];
    papers(rows, &sections, |_, named| &named.buyer_gstin)
        .into_iter()
        .map(|(ctin, its)| Buyer {
            ctin,
            inv: its.into_values().map(registered).collect(),
        })
        .collect()
}

fn b2cl(rows: &Rows) -> Vec<Place<'_>> {
    papers(rows, &[Section::B2cl], |entry, _| {
        entry.place_of_supply.as_deref().unwrap_or_default()
    })
    .into_iter()
    .map(|(pos, its)| Place {
        pos,
        inv: its.into_values().map(large).collect(),
    })
    .collect()
}

fn exports(rows: &Rows) -> Vec<Abroad<'_>> {
    papers(rows, &[Section::Exports], |_, named| {
        if named.supply_type == SupplyType::ExportWithPayment {
            "WPAY"
        } else {
            "WOPAY"
        }
    })
    .into_iter()
    .map(|(exp_typ, its)| Abroad {
        exp_typ,
        inv: its.into_values().map(export).collect(),
    })
    .collect()
}

fn note((named, rates): Rates<'_>) -> Note<'_> {
    Note {
        typ: None,
        ntty: if named.kind == Kind::DebitNote {
            "D"
        } else {
            "C"
        },
        nt_num: &named.number,
        nt_dt: day(named.day),
        val: amount(named.total),
        pos: place(&rates),
        rchrg: Some(yes(named.is_reverse_charge)),
        inv_typ: Some(invoice_type(named.supply_type)),
        itms: items(&rates, Money::abs),
    }
}

fn cdnr(rows: &Rows) -> Vec<Noted<'_>> {
    papers(rows, &[Section::Cdnr], |_, named| &named.buyer_gstin)
        .into_iter()
        .map(|(ctin, its)| Noted {
            ctin,
            nt: its.into_values().map(note).collect(),
        })
        .collect()
}

fn cdnur(rows: &Rows) -> Vec<Note<'_>> {
    papers(rows, &[Section::Cdnur], |_, _| "")
        .into_values()
        .flat_map(BTreeMap::into_values)
        .map(unregistered)
        .collect()
}

/// The sums of a table that names no documents; what came to nothing is left out.
fn summed(rows: &Rows, section: Section) -> impl Iterator<Item = &Entry> {
    rows.entries
        .iter()
        .map(|(entry, _)| entry)
        .filter(move |entry| entry.section == section && !entry.sums.is_zero())
}

fn b2cs(rows: &Rows) -> Vec<Small<'_>> {
    summed(rows, Section::B2cs)
        .map(|entry| Small {
            sply_ty: if entry.is_inter_state {
                "INTER"
            } else {
                "INTRA"
            },
            pos: entry.place_of_supply.as_deref().unwrap_or_default(),
            typ: "OE",
            amounts: amounts(entry, identity),
        })
        .collect()
}

fn untaxed(rows: &Rows) -> Option<Untaxed> {
    let groups = [
        ("INTRB2B", true, true),
        ("INTRAB2B", false, true),
        ("INTRB2C", true, false),
        ("INTRAB2C", false, false),
    ];
    let group = |(sply_ty, is_inter, has_gstin): (&'static str, bool, bool)| {
        let its: Vec<&Entry> = summed(rows, Section::Nil)
            .filter(|entry| entry.is_inter_state == is_inter && entry.has_gstin == has_gstin)
            .collect();
        let of = |treatment| -> Amount {
            let same = its
                .iter()
                .filter(|entry| entry.treatment == Some(treatment));
            amount(same.map(|entry| entry.sums.taxable).sum())
        };
        (!its.is_empty()).then(|| UntaxedGroup {
            sply_ty,
            expt_amt: of(Treatment::Exempt),
            nil_amt: of(Treatment::Nil),
            ngsup_amt: of(Treatment::NonGst),
        })
    };
    let inv: Vec<UntaxedGroup> = groups.into_iter().filter_map(group).collect();
    (!inv.is_empty()).then_some(Untaxed { inv })
}

/// A row of the HSN summary, with its place.
fn code((num, row): (usize, &HsnSum)) -> Code<'_> {
    Code {
        num,
        hsn_sc: &row.hsn,
        uqc: &row.unit,
        qty: Amount(row.quantity),
        rt: Amount(row.rate),
        txval: amount(row.sums.taxable),
        iamt: amount(row.sums.igst),
        camt: amount(row.sums.cgst),
        samt: amount(row.sums.sgst),
        csamt: amount(row.sums.cess),
    }
}

fn codes(rows: &[HsnSum]) -> Option<Codes<'_>> {
    let of = |buyers: &str| {
        let its = rows.iter().filter(|row| row.buyers == buyers);
        (1..).zip(its).map(code).collect()
    };
    (!rows.is_empty()).then(|| Codes {
        data: of("all"),
        hsn_b2b: of("b2b"),
        hsn_b2c: of("b2c"),
    })
}

/// The numbers of a series, with their place.
fn range((num, its): (usize, &Numbers)) -> Range<'_> {
    Range {
        num,
        from: &its.first_number,
        to: &its.last_number,
        totnum: its.issued,
        cancel: its.cancelled,
        net_issue: its.issued - its.cancelled,
    }
}

fn issue(numbers: &[Numbers]) -> Option<Issue<'_>> {
    let kinds: [(u8, &'static str, &[Kind]); 3] = [
        (1, "Invoices for outward supply", Family::Bills.kinds()),
        (4, "Debit Note", &[Kind::DebitNote]),
        (5, "Credit Note", &[Kind::CreditNote]),
    ];
    let mut doc_det = Vec::new();
    for (doc_num, doc_typ, kinds) in kinds {
        let mut its: Vec<&Numbers> = numbers.iter().filter(|n| kinds.contains(&n.kind)).collect();
        its.sort_by(|one, other| one.first_number.cmp(&other.first_number));
        let docs: Vec<Range<'_>> = (1..).zip(its).map(range).collect();
        if !docs.is_empty() {
            doc_det.push(Kinds {
                doc_num,
                doc_typ,
                docs,
            });
        }
    }
    (!doc_det.is_empty()).then_some(Issue { doc_det })
}
