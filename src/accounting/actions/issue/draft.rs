//! What an invoice would be: nothing is written.

use super::{Issuing, LineTerms, ready};
use crate::accounting::fault::Fault;
use crate::accounting::model::{ProductWords, Setting};
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::kind::{self, Facts, Liability};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{ProductId, SeriesId};
use crate::kernel::language::Said;
use crate::kernel::quantity::Quantity;
use crate::kernel::state::State;
use crate::logistics::model::Line;
use crate::logistics::rules::Status;
use crate::platform::db::Scope;
use crate::tax::bill::{BillLine, BillSums, Discount, Terms, bill};
use crate::tax::model::Rates;
use crate::tax::rules::{
    BuyerKind, Nature, Parties, Rate, SupplyType, Treatment, ZeroRated, nature, place_of_supply,
    supply_type,
};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// An invoice as it would be issued.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Both sides.
    pub setting: Setting,
    /// All lines of the order.
    pub order_lines: Vec<Line>,
    /// What of them is billed.
    pub lines: Vec<DraftLine>,
    /// Which document it is.
    pub kind: Kind,
    /// What the supply is.
    pub supply_type: SupplyType,
    /// Which heads it bears.
    pub nature: Nature,
    /// Where it is supplied.
    pub place: State,
    /// Whether somebody set that place.
    pub place_reason: Option<String>,
    /// Its date.
    pub day: NaiveDate,
    /// When it has to be paid.
    pub due_on: NaiveDate,
    /// Whether the authority has to know of it.
    pub liability: Liability,
    /// The usual series, if the registration has one.
    pub series: Option<SeriesId>,
    /// What it comes to; nothing where that can't be worked out.
    pub bill: Option<BillSums>,
    /// What keeps it from being issued.
    pub faults: Vec<Fault>,
    /// What whoever issues it should know.
    pub notes: Vec<Said>,
}

/// A line to be billed.
#[derive(Clone, Debug)]
pub struct DraftLine {
    /// The order's line, as the shipment has packed it.
    pub line: Line,
    /// Its name in Hindi.
    pub name_hi: Option<String>,
    /// Units that are paid for.
    pub quantity: Quantity,
    /// Units given free beside them.
    pub free: Decimal,
    /// What the bill is worked out from.
    pub bill: BillLine,
}

impl DraftLine {
    /// Whether it is a service.
    pub fn is_service(&self) -> bool {
        self.line.hsn.starts_with("99")
    }

    /// Unit as the document has it: services have none.
    pub fn unit(&self) -> Option<&str> {
        (!self.is_service()).then_some(self.line.unit.as_str())
    }
}

impl Draft {
    /// Whether it has to be registered at the authority.
    pub fn is_liable(&self) -> bool {
        matches!(self.liability, Liability::Pending { .. })
    }

    /// Whether its supply is zero-rated under an undertaking.
    pub fn is_without_payment(&self) -> bool {
        matches!(
            self.supply_type,
            SupplyType::SezWithoutPayment | SupplyType::ExportWithoutPayment
        )
    }
}

/// What the invoice of a shipment would be now. Three statements.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment can't be billed, or is billed already.
pub fn draft(scope: &mut Scope, issuing: &Issuing) -> Result<Draft, AppError> {
    let day = dates::today(scope.now());
    let setting = Setting::of(scope, &issuing.shipment, day)?;
    may_be_billed(&setting)?;
    let order_lines = Line::of_order(scope, setting.order_id, Some(setting.shipment_id))?;
    let packed: Vec<&Line> = order_lines
        .iter()
        .filter(|line| line.packed.is_some_and(|packed| packed > Decimal::ZERO))
        .collect();
    let products = setting.products()?;
    let words = |line: &Line| products.get(&line.product_id).cloned().unwrap_or_default();
    let conditions: Vec<(String, String)> = packed
        .iter()
        .map(|line| (line.hsn.clone(), words(line).condition))
        .collect();
    let codes: Vec<(&str, &str)> = conditions
        .iter()
        .map(|(hsn, condition)| (hsn.as_str(), condition.as_str()))
        .collect();
    let rates = Rates::on(scope, &codes, day)?;
    let mut faults = Vec::new();
    let lines = lines(&setting, &packed, &products, &rates, issuing, &mut faults);
    work_out(setting, &order_lines, lines, issuing, (day, faults))
}

fn may_be_billed(setting: &Setting) -> Result<(), AppError> {
    let said = match (&setting.invoice_no, setting.shipment_status) {
        (Some(invoice), _) => {
            Said::new("{number} is billed already: {invoice}.").with("invoice", invoice)
        }
        (None, Status::Packed) => return Ok(()),
        (None, Status::Out | Status::Delivered) if setting.papers == "challan" => return Ok(()),
        (None, status) => Said::new("{number}: {status}. Only a packed shipment can be billed.")
            .naming("status", status.label()),
    };
    Err(AppError::refused(said.with("number", &setting.shipment_no)))
}

fn lines(
    setting: &Setting,
    packed: &[&Line],
    products: &HashMap<ProductId, ProductWords>,
    rates: &Rates,
    issuing: &Issuing,
    faults: &mut Vec<Fault>,
) -> Vec<DraftLine> {
    let mut found = Vec::with_capacity(packed.len());
    for (position, line) in (1..).zip(packed) {
        let words = products.get(&line.product_id).cloned().unwrap_or_default();
        let terms = issuing
            .lines
            .iter()
            .find(|terms| Some(terms.shipment_line) == line.shipment_line);
        let rate = if setting.supplier_type == "composition" {
            // A composition supplier may not collect tax.
            Some(Rate::on_value(Decimal::ZERO, Decimal::ZERO))
        } else {
            rates.of(&line.hsn, &words.condition)
        };
        let Some(rate) = rate else {
            faults.push(ready::no_rate(position, line));
            continue;
        };
        let free = terms.map_or(Decimal::ZERO, |terms| terms.free);
        let paid = line.packed.and_then(|packed| Quantity::new(packed - free));
        let (quantity, free) = match paid {
            Some(paid) if free >= Decimal::ZERO => (paid, free),
            _ => {
                faults.push(ready::too_much_free(position, line));
                // It can't be issued so; it is shown as it was packed, so that it can be put right.
                match line.packed.and_then(Quantity::new) {
                    Some(packed) => (packed, Decimal::ZERO),
                    None => continue,
                }
            }
        };
        let price = match (&issuing.fx, terms.and_then(|terms| terms.price)) {
            (Some(_), Some(price)) => price,
            (Some(fx), None) => {
                faults.push(ready::no_price(position, line, &fx.currency));
                continue;
            }
            (None, _) => line.price,
        };
        found.push(DraftLine {
            name_hi: words.name_hi,
            quantity,
            free,
            bill: BillLine {
                quantity,
                price,
                includes_tax: line.includes_tax,
                discount: terms.map_or(Discount::None, |terms: &LineTerms| terms.discount),
                rate,
            },
            line: (*line).clone(),
        });
    }
    found
}

/// The place of supply by the rules: state of the delivery, unless the law says another.
fn place(setting: &Setting) -> Result<State, AppError> {
    let supplier = setting.supplier_gstin.get(..2).unwrap_or_default();
    let code = place_of_supply(&Parties {
        supplier,
        kind: setting.buyer_kind,
        gstin: setting.buyer_gstin.as_deref(),
        billing: setting.billing_state.map(|state| state.as_str()),
        delivery: setting
            .delivery_state
            .or(setting.billing_state)
            .map_or(supplier, |state| state.as_str()),
        delivery_gstin: setting.delivery_gstin.as_deref(),
    });
    State::by_code(code).ok_or_else(|| AppError::internal(format!("there is no state {code}")))
}

fn work_out(
    setting: Setting,
    order_lines: &[Line],
    lines: Vec<DraftLine>,
    issuing: &Issuing,
    (day, mut faults): (NaiveDate, Vec<Fault>),
) -> Result<Draft, AppError> {
    let (place, place_reason) = match &issuing.place {
        Some((place, reason)) => (*place, Some(reason.clone())),
        None => (place(&setting)?, None),
    };
    let supplier = setting.supplier_gstin.get(..2).unwrap_or_default();
    let nature = nature(
        supplier,
        &setting.supplier_type,
        setting.buyer_kind,
        place.as_str(),
    );
    let zero_rated = issuing.zero_rated.unwrap_or(match setting.undertaking_id {
        Some(_) => ZeroRated::Without,
        None => ZeroRated::With,
    });
    let supply_type = supply_type(setting.buyer_kind, zero_rated);
    let treatments = || lines.iter().map(|line| line.bill.rate.treatment);
    let kind = kind::kind(&setting.supplier_type, treatments());
    let liability = kind::liability(&Facts {
        kind,
        day,
        from: setting.einvoice_from,
        supplier_type: &setting.supplier_type,
        supply_type,
        turnover: setting.turnover,
        is_taxable: treatments().any(|treatment| treatment == Treatment::Taxable),
    });
    let series = match kind {
        Kind::BillOfSupply => setting.bill_series,
        _ => setting.invoice_series,
    };
    let due_in = u64::try_from(setting.terms_days).unwrap_or_default();
    let mut draft = Draft {
        due_on: day.checked_add_days(Days::new(due_in)).unwrap_or(day),
        order_lines: order_lines.to_vec(),
        notes: Vec::new(),
        bill: None,
        faults: Vec::new(),
        setting,
        lines,
        kind,
        supply_type,
        nature,
        place,
        place_reason,
        day,
        liability,
        series,
    };
    let terms = Terms {
        nature,
        is_without_payment: draft.is_without_payment(),
        is_reverse_charge: issuing.is_reverse_charge,
        fx: issuing.fx.as_ref().map(|fx| fx.rate),
        whole: issuing.whole,
        other_charges: issuing.other_charges,
        round_off: draft.setting.round_off,
    };
    let bills: Vec<BillLine> = draft.lines.iter().map(|line| line.bill).collect();
    faults.extend(ready::faults(&draft, issuing));
    match bill(&bills, &terms) {
        Ok(bill) if !bills.is_empty() => {
            faults.extend(ready::unnamed_buyer(&draft, &bill));
            draft.bill = Some(bill);
        }
        Ok(_) => {}
        Err(said) => faults.push(Fault::new("discount", said, ready::correct_it())),
    }
    draft.faults = faults;
    draft.notes = ready::notes(&draft);
    Ok(draft)
}

/// Whether such a buyer is supplied with or without payment of tax, so that the form has to ask.
pub const fn is_zero_rated(buyer: BuyerKind) -> bool {
    matches!(buyer, BuyerKind::Sez | BuyerKind::Overseas)
}
