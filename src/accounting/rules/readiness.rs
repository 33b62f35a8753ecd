//! What the authority would refuse of a document, found before it is sent.

use super::errors::{self, About};
use crate::accounting::fault::Fault;
use crate::accounting::inv01::{Side, Sides};
use crate::accounting::model::{Document, DocumentLine};
use crate::kernel::language::{Said, text};
use crate::tax::rules::BuyerKind;
use crate::tax::uqc;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Most lines of a document.
const MOST_LINES: usize = 1_000;
/// Most bytes of a payload.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Everything that keeps a document from being registered, as far as it can be known here.
pub fn faults(document: &Document, lines: &[DocumentLine], sides: &Sides) -> Vec<Fault> {
    let skus: Vec<String> = lines.iter().map(|line| line.sku.clone()).collect();
    let about = About {
        document: &document.number,
        gstin: &document.supplier_gstin,
        customer: &sides.buyer.code,
        skus: &skus,
    };
    let mut found = as_a_whole(document, lines, &about);
    found.extend(of_sides(document, sides, &about));
    for line in lines {
        found.extend(of_line(document, line, lines.len(), &about));
    }
    found
}

/// The authority takes no more than two megabytes of one document; `bytes` is what would be sent.
pub fn too_large(document: &Document, bytes: usize) -> Option<Fault> {
    (bytes > MOST_BYTES).then(|| {
        let said = Said::new("It is larger than the two megabytes that the authority takes.");
        let fix = Said::new("Cancel this document and bill the shipment in parts.");
        let mut fault = Fault::new("lines", said, fix);
        fault.document = Some(document.number.clone());
        fault
    })
}

/// The last day on which it could be reported is over.
pub fn too_late(document: &Document, last_day: NaiveDate) -> Fault {
    let said = Said::new("The last day on which it could be reported was {day}.")
        .with("day", last_day.to_string());
    let fix = Said::new("Ask your tax adviser: without an IRN it is no valid invoice.");
    let mut fault = Fault::new("date", said, fix);
    fault.document = Some(document.number.clone());
    fault
}

/// The same words as the authority would have for it.
fn as_code(code: &str, about: &About) -> Fault {
    let mut fault = errors::fault(code, "", about);
    fault.code = None;
    fault
}

fn as_a_whole(document: &Document, lines: &[DocumentLine], about: &About) -> Vec<Fault> {
    let mut found = Vec::new();
    if lines.is_empty() {
        found.push(as_code("2228", about));
    }
    if lines.len() > MOST_LINES {
        found.push(as_code("2173", about));
    }
    if document.buyer_gstin.as_deref() == Some(&document.supplier_gstin) {
        found.push(as_code("2211", about));
    }
    if document.buyer_kind != BuyerKind::Overseas && document.buyer_gstin.is_none() {
        found.push(as_code("2212", about));
    }
    if document.supplier_type == "sez_unit" {
        found.push(as_code("2231", about));
    }
    found
}

fn of_sides(document: &Document, sides: &Sides, about: &About) -> Vec<Fault> {
    let is_abroad = document.buyer_kind == BuyerKind::Overseas;
    let mut found = Vec::new();
    let mut look = |side: &Side, whose: Whose| {
        for (field, said) in missing(side, whose, is_abroad) {
            let fix = Said::new(text!("Fill it in, cancel this document and bill again."));
            let mut fault = Fault::new(field, said, fix).at(whose.link(about));
            fault.document = Some(about.document.to_owned());
            found.push(fault);
        }
    };
    look(&sides.seller, Whose::Seller);
    let buyer = Side {
        name: sides.buyer.name.clone(),
        ..sides.billed_at().clone()
    };
    look(&buyer, Whose::Buyer);
    if let Some(side) = sides.ship_to().filter(|_| !is_abroad) {
        look(side, Whose::Delivery);
    }
    if !is_abroad
        && document
            .buyer_gstin
            .as_deref()
            .and_then(|gstin| gstin.get(..2))
            .is_some_and(|state| state != buyer.state)
    {
        found.push(as_code("2265", about));
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Seller,
    Buyer,
    Delivery,
}

impl Whose {
    const fn label(self) -> &'static str {
        match self {
            Self::Seller => text!("the supplier"),
            Self::Buyer => text!("the buyer"),
            Self::Delivery => text!("the delivery address"),
        }
    }

    fn link(self, about: &About) -> String {
        match self {
            Self::Seller => format!("/settings/e-invoices/{}", about.gstin),
            Self::Buyer | Self::Delivery => format!("/customers/{}", about.customer),
        }
    }
}

/// What an address lacks: the field, and the words.
fn missing(side: &Side, whose: Whose, is_abroad: bool) -> Vec<(&'static str, Said)> {
    let mut found = Vec::new();
    let mut add = |field: &'static str, said: Said| {
        found.push((field, said.naming("whose", whose.label())));
    };
    if side.name.trim().chars().count() < 3 {
        add(
            "name",
            Said::new("The name of {whose} needs at least 3 letters."),
        );
    }
    if side.street.trim().is_empty() {
        add("street", Said::new("The street of {whose} is missing."));
    }
    if side.city.trim().chars().count() < 3 {
        add(
            "city",
            Said::new("The town of {whose} needs at least 3 letters."),
        );
    }
    let is_elsewhere = is_abroad && whose == Whose::Buyer;
    let is_pin = side.pincode.len() == 6
        && !side.pincode.starts_with('0')
        && side.pincode.bytes().all(|byte| byte.is_ascii_digit());
    if !is_elsewhere && !is_pin {
        add("pincode", Said::new("The PIN code of {whose} is missing."));
    }
    if !is_elsewhere && side.state.len() != 2 {
        add("state", Said::new("The state of {whose} is missing."));
    }
    found
}

fn of_line(document: &Document, line: &DocumentLine, lines: usize, about: &About) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut add = |code: &str, said: Option<Said>| {
        let words = format!("SlNo {}", line.position);
        let mut fault = errors::fault(code, &words, about);
        fault.code = None;
        fault.line = Some(line.position).filter(|_| lines > 0);
        if let Some(said) = said {
            fault.said = said;
        }
        found.push(fault);
    };
    let digits = line.hsn.len();
    if !matches!(digits, 6 | 8) {
        let said = Said::new("An e-invoice needs six digits of the HSN code, {name} has {hsn}.")
            .with("name", &line.name)
            .with("hsn", &line.hsn);
        add("2176", Some(said));
    }
    if !line.is_service {
        match line.unit.as_deref() {
            None => add("2239", None),
            Some(unit) if !uqc::is_known(unit) => {
                let said =
                    Said::new("{unit} is not a unit that GST knows, {name} is counted in it.")
                        .with("name", &line.name)
                        .with("unit", unit);
                add("2177", Some(said));
            }
            Some(_) => {}
        }
        if document.original_id.is_none() && line.quantity <= Decimal::ZERO {
            add("2238", None);
        }
    }
    if line.cgst != line.sgst {
        add("2227", None);
    }
    found
}
