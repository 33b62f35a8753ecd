//! The payload of an e-invoice (form GST INV-01, version 1.1), from what is stored of a document and nothing else: the same document gives the
//! same bytes each time.
//!
//! Amounts go from decimals to text; there is no binary fraction on the way. Telephone numbers and e-mail addresses are left out: the
//! authority does not need them.

mod shape;
mod sides;

pub use shape::Amount;
pub use sides::{Side, Sides};

use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::rules::document::Reason;
use crate::error::AppError;
use crate::kernel::gstin::UNREGISTERED;
use crate::kernel::text::lines_joined;
use crate::tax::rules::{BuyerKind, SupplyType};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use shape::{Export, Item, Paper, Party, Payload, Place, Preceding, References, Sums, Transaction};

/// What exports have for a PIN code.
const ABROAD_PIN: u32 = 999_999;
/// What they have for a state.
const ABROAD: &str = "96";

/// The payload of a document. A note names its original, by number and date.
///
/// # Errors
/// When what is stored of its sides is none, or it is a document that the authority does not know.
pub fn payload(
    document: &Document,
    lines: &[DocumentLine],
    original: Option<&(String, NaiveDate)>,
) -> Result<Vec<u8>, AppError> {
    let sides = Sides::of(document)?;
    let typ = document
        .gst_type
        .as_deref()
        .ok_or_else(|| AppError::internal(format!("{} is no e-invoice", document.number)))?;
    let is_abroad = document.buyer_kind == BuyerKind::Overseas;
    let seller = party(&sides.seller, document.supplier_gstin.clone(), None);
    let buyer = Party {
        lgl_nm: clean(&sides.buyer.name, 100),
        ..party(
            sides.billed_at(),
            document
                .buyer_gstin
                .clone()
                .unwrap_or_else(|| UNREGISTERED.to_owned()),
            Some(document.place_of_supply.as_str().to_owned()),
        )
    };
    let buyer = if is_abroad {
        Party {
            pin: ABROAD_PIN,
            stcd: ABROAD.to_owned(),
            ..buyer
        }
    } else {
        buyer
    };
    let ship_to = sides.ship_to().filter(|_| !is_abroad).map(|side| {
        let gstin = side.gstin.clone();
        party(side, gstin.unwrap_or_else(|| UNREGISTERED.to_owned()), None)
    });
    let whole = Payload {
        version: "1.1",
        tran_dtls: Transaction {
            tax_sch: "GST",
            sup_typ: document.supply_type.as_str(),
            reg_rev: yes_or_no(document.is_reverse_charge),
            igst_on_intra: "N",
        },
        doc_dtls: Paper {
            typ,
            no: &document.number,
            dt: day(document.document_date),
        },
        seller_dtls: seller,
        buyer_dtls: buyer,
        disp_dtls: sides.dispatched_from().map(place),
        ship_dtls: ship_to,
        item_list: lines.iter().map(item).collect(),
        val_dtls: sums(document),
        ref_dtls: original.map(|original| references(document, original)),
        exp_dtls: is_abroad.then(|| export(document, &sides)),
    };
    serde_json::to_vec(&whole).map_err(AppError::internal)
}

fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

const fn yes_or_no(is: bool) -> &'static str {
    if is { "Y" } else { "N" }
}

/// Text as the authority takes it: in one line, without quotes and backslashes, and no longer than that.
fn clean(text: &str, most: usize) -> String {
    let plain: String = text
        .chars()
        .map(|letter| match letter {
            '"' => '\'',
            '\\' => '/',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(most).collect();
    short.trim_end().to_owned()
}

/// A street in one line, or in two of at most a hundred letters.
fn street(text: &str) -> (String, Option<String>) {
    let whole = clean(&lines_joined(text), 200);
    if whole.chars().count() <= 100 {
        return (whole, None);
    }
    let hundred: String = whole.chars().take(100).collect();
    let first = hundred
        .rsplit_once(' ')
        .map_or(hundred.as_str(), |(before, _)| before)
        .to_owned();
    let second = clean(&whole[first.len()..], 100);
    (first, (second.chars().count() >= 3).then_some(second))
}

fn party(side: &Side, gstin: String, pos: Option<String>) -> Party {
    let (addr1, addr2) = street(&side.street);
    Party {
        gstin,
        lgl_nm: clean(&side.name, 100),
        pos,
        addr1,
        addr2,
        loc: clean(&side.city, 50),
        pin: side.pincode.parse().unwrap_or_default(),
        stcd: side.state.clone(),
    }
}

fn place(side: &Side) -> Place {
    let (addr1, addr2) = street(&side.street);
    Place {
        nm: clean(&side.name, 100),
        addr1,
        addr2,
        loc: clean(&side.city, 50),
        pin: side.pincode.parse().unwrap_or_default(),
        stcd: side.state.clone(),
    }
}

fn item(line: &DocumentLine) -> Item {
    let name = clean(&line.name, 300);
    Item {
        sl_no: line.position.to_string(),
        // Three letters at least: a shorter name has its code beside it.
        prd_desc: if name.chars().count() < 3 {
            clean(&format!("{name} ({})", line.sku), 300)
        } else {
            name
        },
        is_servc: yes_or_no(line.is_service),
        hsn_cd: line.hsn.clone(),
        qty: Amount(line.quantity),
        free_qty: Amount(line.free_quantity),
        unit: line.unit.clone(),
        unit_price: Amount(line.net_price),
        tot_amt: Amount(line.gross.as_decimal()),
        discount: Amount(line.discount.as_decimal()),
        ass_amt: Amount(line.taxable.as_decimal()),
        gst_rt: Amount(line.tax_rate),
        igst_amt: Amount(line.igst.as_decimal()),
        cgst_amt: Amount(line.cgst.as_decimal()),
        sgst_amt: Amount(line.sgst.as_decimal()),
        ces_rt: Amount(line.cess_rate),
        ces_amt: Amount(line.cess.as_decimal()),
        ces_non_advl_amt: Amount(line.cess_fixed.as_decimal()),
        oth_chrg: Amount(Decimal::ZERO),
        tot_item_val: Amount(line.total.as_decimal()),
    }
}

fn sums(document: &Document) -> Sums {
    Sums {
        ass_val: Amount(document.taxable.as_decimal()),
        cgst_val: Amount(document.cgst.as_decimal()),
        sgst_val: Amount(document.sgst.as_decimal()),
        igst_val: Amount(document.igst.as_decimal()),
        ces_val: Amount(document.cess.as_decimal()),
        st_ces_val: Amount(Decimal::ZERO),
        discount: Amount(document.late_discount.as_decimal()),
        oth_chrg: Amount(document.other_charges.as_decimal()),
        rnd_off_amt: Amount(document.round_off.as_decimal()),
        tot_inv_val: Amount(document.total.as_decimal()),
        tot_inv_val_fc: document.total_fc.map(Amount),
    }
}

fn references(document: &Document, (number, date): &(String, NaiveDate)) -> References {
    let why = match document.reason {
        Some(Reason::Return) => "Goods returned",
        Some(Reason::Price) => "Price corrected",
        Some(Reason::Deficiency) => "Deficiency in goods",
        Some(Reason::Discount) => "Discount after the sale",
        Some(Reason::Other) | None => "Correction",
    };
    References {
        inv_rm: why.to_owned(),
        prec_doc_dtls: [Preceding {
            inv_no: number.clone(),
            inv_dt: day(*date),
        }],
    }
}

fn export<'d>(document: &'d Document, sides: &Sides) -> Export<'d> {
    debug_assert!(matches!(
        document.supply_type,
        SupplyType::ExportWithPayment | SupplyType::ExportWithoutPayment
    ));
    let country = &sides.buyer.country;
    Export {
        for_cur: document.currency.as_deref(),
        cnt_code: (country.len() == 2 && country != "IN").then(|| country.clone()),
        ref_clm: "N",
    }
}
