//! Which document a supply needs, and whether the authority has to know of it.

use super::document::Kind;
use crate::kernel::language::text;
use crate::kernel::money::Money;
use crate::tax::rules::{BuyerKind, SupplyType, Treatment};
use chrono::{Days, NaiveDate};

/// Rupees: from ten crore on a document has to be reported within thirty days.
const WINDOW_FROM: i64 = 100_000_000;
/// Rupees: above five crore every code has six digits.
const SIX_DIGITS_ABOVE: i64 = 50_000_000;
/// The day of the document is the first of thirty.
const WINDOW: Days = Days::new(29);

/// The document for a supply: without anything to tax, or from a composition supplier, a bill of supply.
pub fn kind(supplier_type: &str, mut treatments: impl Iterator<Item = Treatment>) -> Kind {
    let is_untaxed = treatments.all(|treatment| treatment != Treatment::Taxable);
    if is_untaxed || supplier_type == "composition" {
        Kind::BillOfSupply
    } else {
        Kind::Invoice
    }
}

/// What decides whether a document is an e-invoice.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Which document it is.
    pub kind: Kind,
    /// Its date.
    pub day: NaiveDate,
    /// First day on which the company has to; none is never.
    pub from: Option<NaiveDate>,
    /// How the supplier stands under GST.
    pub supplier_type: &'a str,
    /// What the supply is.
    pub supply_type: SupplyType,
    /// Turnover of the year before, if it is recorded.
    pub turnover: Option<Money>,
    /// Whether any line is taxable.
    pub is_taxable: bool,
}

/// Whether a document has to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Liability {
    /// It has not, and this is why.
    NotRequired(&'static str),
    /// It has, until a day if there is a window.
    Pending {
        /// The last day on which it may be reported.
        last_day: Option<NaiveDate>,
    },
}

/// Whether a document has to be registered at the authority (rule 48(4) and the notifications under it). Where the turnover is not recorded
/// the stricter rule counts.
pub fn liability(facts: &Facts) -> Liability {
    let none = Liability::NotRequired;
    match facts.kind {
        Kind::BillOfSupply => return none(text!("A bill of supply is not an e-invoice.")),
        Kind::CommercialNote => {
            return none(text!(
                "A note that leaves the tax as it was is not an e-invoice."
            ));
        }
        Kind::Invoice | Kind::CreditNote | Kind::DebitNote => {}
    }
    if facts.from.is_none_or(|from| facts.day < from) {
        return none(text!("The company did not have to e-invoice on this day."));
    }
    match facts.supplier_type {
        "composition" => return none(text!("A composition supplier does not e-invoice.")),
        "sez_unit" => {
            return none(text!(
                "A unit in a special economic zone does not e-invoice."
            ));
        }
        _ => {}
    }
    if facts.supply_type == SupplyType::B2c {
        return none(text!("The buyer has no GSTIN."));
    }
    if !facts.is_taxable {
        return none(text!("Nothing on it is taxable."));
    }
    let has_window = facts
        .turnover
        .is_none_or(|turnover| turnover >= Money::from_rupees(WINDOW_FROM));
    Liability::Pending {
        last_day: has_window.then(|| facts.day + WINDOW),
    }
}

/// How many digits a code has to have (Notification 78/2020): six above five crore, and where the turnover is not recorded; none are asked
/// for on invoices to buyers without a GSTIN below that.
pub fn hsn_digits(turnover: Option<Money>, buyer: BuyerKind) -> usize {
    if buyer == BuyerKind::Overseas {
        8
    } else if turnover.is_none_or(|turnover| turnover > Money::from_rupees(SIX_DIGITS_ABOVE)) {
        6
    } else {
        4
    }
}
