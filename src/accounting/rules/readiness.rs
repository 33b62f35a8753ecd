//! What the authority would refuse of a document, found before it is sent.

use super::errors::{self, About};
use crate::accounting::fault::Fault;
use crate::accounting::inv01::{Side, Sides};
use crate::accounting::model::{Document, DocumentLine};
use crate::kernel::language::{Said, text};
use crate::kernel::pin;
use crate::kernel::state::State;
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

/// What the authority may refuse, by lists of ours that are shorter than its own: the list of what waits says so, and a person may send it all
/// the same. `strange` are the positions of lines whose HSN code is in no list.
pub fn doubts(
    document: &Document,
    (lines, strange): (&[DocumentLine], &[i32]),
    sides: &Sides,
) -> Vec<Fault> {
    let is_strange = |line: &&DocumentLine| strange.contains(&line.position);
    let mut found = Vec::new();
    for line in lines.iter().filter(is_strange) {
        let said = Said::new("The authority may not know the HSN code {hsn} of {name}.")
            .with("hsn", &line.hsn)
            .with("name", &line.name);
        let place = format!("/products/{}", line.sku);
        let mut fault = Fault::new("hsn", said, in_doubt()).at(place);
        fault.document = Some(document.number.clone());
        fault.line = Some(line.position);
        found.push(fault);
    }
    let is_abroad = document.buyer_kind == BuyerKind::Overseas;
    let places = [
        (Whose::Seller, Some(&sides.seller)),
        (Whose::Buyer, Some(sides.billed_at()).filter(|_| !is_abroad)),
        (Whose::Delivery, sides.ship_to().filter(|_| !is_abroad)),
        (Whose::Dispatch, sides.dispatched_from()),
    ];
    for (whose, side) in places {
        let Some(side) = side.filter(|side| is_pin(&side.pincode)) else {
            continue;
        };
        let state = State::by_code(&side.state);
        if let Some(state) = state.filter(|state| !pin::may_lie_in(&side.pincode, *state)) {
            let said =
                Said::new("The PIN code {pin} of {whose} does not look like one of {state}.")
                    .with("pin", &side.pincode)
                    .naming("whose", whose.label())
                    .naming("state", state.name());
            let place = whose.link(&document.supplier_gstin, &sides.buyer.code);
            let mut fault = Fault::new("pincode", said, in_doubt()).at(place);
            fault.document = Some(document.number.clone());
            found.push(fault);
        }
    }
    found
}

fn in_doubt() -> Said {
    Said::new(
        "If it is wrong, correct it, cancel this document and bill again. If it is right, send it on its own page.",
    )
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
            let mut fault =
                Fault::new(field, said, fix).at(whose.link(about.gstin, about.customer));
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
    if let Some(side) = sides.dispatched_from() {
        look(side, Whose::Dispatch);
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
    Dispatch,
}

impl Whose {
    const fn label(self) -> &'static str {
        match self {
            Self::Seller => text!("the supplier"),
            Self::Buyer => text!("the buyer"),
            Self::Delivery => text!("the delivery address"),
            Self::Dispatch => text!("the warehouse"),
        }
    }

    fn link(self, gstin: &str, customer: &str) -> String {
        match self {
            Self::Seller => format!("/settings/e-invoices/{gstin}"),
            Self::Buyer | Self::Delivery => format!("/customers/{customer}"),
            Self::Dispatch => "/warehouses".to_owned(),
        }
    }
}

fn is_pin(text: &str) -> bool {
    text.len() == 6 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
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
    if !is_elsewhere && !is_pin(&side.pincode) {
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
