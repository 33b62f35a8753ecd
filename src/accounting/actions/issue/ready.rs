//! What keeps an invoice from being issued, and what whoever issues it should know.

use super::{Draft, DraftLine, Issuing};
use crate::accounting::fault::Fault;
use crate::accounting::model::Setting;
use crate::accounting::rules::currency::{may_be_of, may_pay};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::kind::hsn_digits;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::logistics::model::Line;
use crate::tax::bill::BillSums;
use crate::tax::rules::{BuyerKind, Nature, SupplyType, Treatment, rupees};
use crate::tax::uqc;
use serde_json::Value as Json;

/// From this taxable value on, in rupees, an invoice names the buyer's address and state, GSTIN or not (rule 46(e)).
const NAMED_FROM: i64 = 50_000;

pub(super) fn correct_it() -> Said {
    Said::new("Correct the amount.")
}

fn on_product(position: i32, line: &Line, field: &'static str, said: Said, fix: Said) -> Fault {
    Fault::new(field, said.with("name", &line.name), fix)
        .on_line(position)
        .at(format!("/products/{}", line.sku))
}

/// A code without a rate of tax today.
pub(super) fn no_rate(position: i32, line: &Line) -> Fault {
    let said =
        Said::new("There is no rate of GST for {name} with the code {hsn}.").with("hsn", &line.hsn);
    let fix = Said::new("Correct the HSN code of the product, or add an own rate for it.");
    on_product(position, line, "hsn", said, fix)
}

/// All of a line would be free.
pub(super) fn too_much_free(position: i32, line: &Line) -> Fault {
    let said = Said::new(
        "Of {name} at least one unit has to be paid for, and no more can be free than was packed.",
    )
    .with("name", &line.name);
    let fix = Said::new("Give a discount of 100 % for a line that is free as a whole.");
    Fault::new("free", said, fix).on_line(position)
}

/// A price in the document's currency is missing.
pub(super) fn no_price(position: i32, line: &Line, currency: &str) -> Fault {
    let said = Said::new("The price of {name} in {currency} is missing.")
        .with("name", &line.name)
        .with("currency", currency);
    Fault::new("price", said, Said::new("Type the price of a unit.")).on_line(position)
}

/// What is wrong with a document as a whole and, where the authority has to know of it, with its lines and addresses.
pub(super) fn faults(draft: &Draft, issuing: &Issuing) -> Vec<Fault> {
    let mut faults = as_a_whole(draft, issuing);
    if draft.is_liable() {
        faults.extend(addresses(draft));
        for (position, line) in (1..).zip(&draft.lines) {
            faults.extend(for_the_authority(position, line));
        }
    }
    faults
}

fn as_a_whole(draft: &Draft, issuing: &Issuing) -> Vec<Fault> {
    let setting = &draft.setting;
    let mut faults = Vec::new();
    if draft.is_without_payment() && setting.undertaking_id.is_none() {
        faults.push(
            Fault::new(
                "zero_rated",
                Said::new("No letter of undertaking of {gstin} covers today.")
                    .with("gstin", &setting.supplier_gstin),
                Said::new("Record the letter of undertaking, or bill with payment of tax."),
            )
            .at("/settings/undertakings".to_owned()),
        );
    }
    let may_be_reverse = matches!(
        draft.supply_type,
        SupplyType::B2b | SupplyType::SezWithPayment | SupplyType::SezWithoutPayment
    );
    if issuing.is_reverse_charge && !may_be_reverse {
        faults.push(Fault::new(
            "reverse_charge",
            Said::new("Only a buyer with a GSTIN can pay the tax by reverse charge."),
            Said::new("Take the tick away."),
        ));
    }
    if setting.supplier_type == "composition" && draft.nature == Nature::Inter {
        faults.push(Fault::new(
            "place",
            Said::new("A composition supplier can't supply to another state."),
            Said::new("Deliver within the own state, or bill from another registration."),
        ));
    }
    if setting.buyer_gstin.as_deref() == Some(&setting.supplier_gstin) {
        faults.push(Fault::new(
            "gstin",
            Said::new("The buyer has the GSTIN of the supplier."),
            Said::new("Goods between places of one GSTIN go with a delivery challan."),
        ));
    }
    faults.extend(currency(draft, issuing));
    faults
}

/// What is wrong with the currency of the prices.
fn currency(draft: &Draft, issuing: &Issuing) -> Vec<Fault> {
    let Some(fx) = &issuing.fx else {
        return Vec::new();
    };
    let buyer = may_pay(draft.setting.buyer_kind).err();
    let day = may_be_of(fx.on, draft.day).err();
    let buyer = buyer.map(|said| Fault::new("currency", said, Said::new("Choose rupees.")));
    let day = day.map(|said| Fault::new("fx_on", said, Said::new("Correct the day.")));
    buyer.into_iter().chain(day).collect()
}

/// What an e-invoice needs of both sides.
fn addresses(draft: &Draft) -> Vec<Fault> {
    let setting = &draft.setting;
    let mut faults = Vec::new();
    if lacks_address(setting, "seller") {
        faults.push(
            Fault::new(
                "address",
                Said::new("The address of {gstin} is incomplete.")
                    .with("gstin", &setting.supplier_gstin),
                Said::new("Fill in street, town and PIN code of the registration."),
            )
            .at(format!("/settings/e-invoices/{}", setting.supplier_gstin)),
        );
    }
    if lacks_address(setting, "buyer") {
        let said = Said::new("The billing address of the customer is missing.");
        faults.push(on_buyer(setting, said));
    }
    faults
}

fn lacks_address(setting: &Setting, side: &str) -> bool {
    let has = |field: &str| {
        let text = setting.parties.pointer(&format!("/{side}/{field}"));
        text.and_then(Json::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    !["name", "street", "city", "pincode"].into_iter().all(has)
}

fn of_buyer<'s>(setting: &'s Setting, field: &str) -> &'s str {
    let found = setting.parties.pointer(&format!("/buyer/{field}"));
    found.and_then(Json::as_str).unwrap_or_default()
}

fn on_buyer(setting: &Setting, said: Said) -> Fault {
    let fix = Said::new("Add street, town and PIN code to the customer.");
    Fault::new("address", said, fix).at(format!("/customers/{}", of_buyer(setting, "code")))
}

/// A sale to a buyer without a GSTIN that is large enough to name where the buyer is, which nobody has written down.
pub(super) fn unnamed_buyer(draft: &Draft, bill: &BillSums) -> Option<Fault> {
    let setting = &draft.setting;
    if draft.kind != Kind::Invoice || setting.buyer_kind != BuyerKind::Unregistered {
        return None;
    }
    let taxable: Money = draft
        .lines
        .iter()
        .zip(&bill.lines)
        .filter(|(line, _)| line.bill.rate.treatment == Treatment::Taxable)
        .map(|(_, sums)| sums.taxable)
        .sum();
    let limit = Money::from_rupees(NAMED_FROM);
    (taxable >= limit && lacks_address(setting, "buyer")).then(|| {
        let said = Said::new("An invoice of {limit} or more before tax to a buyer without GSTIN shows the buyer's address and state (rule 46(e)). This one is of {amount}, and {name} has no address.")
            .with("limit", limit)
            .with("amount", taxable)
            .with("name", of_buyer(setting, "name"));
        on_buyer(setting, said)
    })
}

/// What of a line the authority would refuse.
fn for_the_authority(position: i32, line: &DraftLine) -> Vec<Fault> {
    let mut faults = Vec::new();
    if line.line.hsn.len() < 6 {
        let said = Said::new("An e-invoice needs six digits of the HSN code, {name} has {hsn}.")
            .with("hsn", &line.line.hsn);
        let fix = Said::new(
            "Write the longer code into the product and order it anew, or correct the order.",
        );
        faults.push(on_product(position, &line.line, "hsn", said, fix));
    }
    if !line.is_service() && !uqc::is_known(&line.line.unit) {
        let said = Said::new("{unit} is not a unit that GST knows, {name} is counted in it.")
            .with("unit", &line.line.unit);
        let fix = Said::new("Choose a unit from GST's list in the product.");
        faults.push(on_product(position, &line.line, "unit", said, fix));
    }
    faults
}

/// What is not wrong and yet worth a look.
pub(super) fn notes(draft: &Draft) -> Vec<Said> {
    let mut notes = Vec::new();
    let digits = hsn_digits(draft.setting.turnover, draft.setting.buyer_kind);
    for line in &draft.lines {
        if line.line.hsn.len() < digits {
            notes.push(
                Said::new("{name} has the HSN code {hsn}; {count} digits are asked for.")
                    .with("name", &line.line.name)
                    .with("hsn", &line.line.hsn)
                    .with("count", digits),
            );
        }
        let rate = line.bill.rate;
        if line.line.tax_rate != rate.gst || line.line.cess_rate != rate.cess {
            notes.push(
                Said::new("GST on {name} is {now} % today; it was {then} % when it was ordered.")
                    .with("name", &line.line.name)
                    .with("now", rate.gst.normalize().to_string())
                    .with("then", line.line.tax_rate.normalize().to_string()),
            );
        }
        if line.line.cess_per_unit != rate.cess_per_unit {
            notes.push(
                Said::new(
                    "The cess on {name} is {now} a unit today; it was {then} when it was ordered.",
                )
                .with("name", &line.line.name)
                .with("now", rupees(rate.cess_per_unit))
                .with("then", rupees(line.line.cess_per_unit)),
            );
        }
    }
    notes.extend(odd_place(draft));
    notes
}

/// A delivery in another state than the buyer's registration, without a third person.
fn odd_place(draft: &Draft) -> Option<Said> {
    let setting = &draft.setting;
    let home = setting.buyer_gstin.as_deref()?.get(..2)?;
    let is_odd = draft.supply_type == SupplyType::B2b
        && draft.place_reason.is_none()
        && draft.place.as_str() != home;
    is_odd.then(|| {
        Said::new("The goods go to {state}, and the buyer's GSTIN is of another state: it may want the bill under its registration there.")
            .naming("state", draft.place.name())
    })
}
