//! Out of the gate.

use crate::error::AppError;
use crate::inventory::actions::{Leaving, Wanted, ship};
use crate::kernel::dates;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::goods_moved;
use crate::logistics::model::{Fleet, Known, Line, Shipment, lock_order};
use crate::logistics::rules::{self, Papers, Status, Why};
use crate::orders::actions::{SupplyLine, event, letters, supply};
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::platform::db::schema::shipments;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// How a shipment leaves.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The vehicle.
    pub vehicle: VehicleId,
    /// The driver.
    pub driver: DriverId,
    /// The day on which it should arrive.
    pub expected_on: NaiveDate,
    /// Whether whoever sends it knows that it is more than the vehicle carries.
    pub is_overload_known: bool,
    /// Whether whoever sends it knows that its e-way bill is in order, though it does not show here.
    pub is_eway_known: bool,
    /// Why it leaves with a challan, if it leaves without an invoice.
    pub challan: Option<Why>,
    /// Why it leaves before the authority has registered its invoice, if it does.
    pub unregistered_reason: Option<String>,
}

/// The paper that a shipment left with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Its invoice or bill of supply, of this number.
    WithInvoice(String),
    /// A delivery challan of this number.
    WithChallan(String),
}

/// Why a shipment does not leave, on a field of the form.
#[derive(Clone, Debug)]
pub struct Unfit {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub said: Said,
}

/// What of a shipment's lines stays or leaves.
pub(super) fn leaving(lines: &[Line]) -> Vec<Leaving> {
    lines
        .iter()
        .filter_map(|line| {
            Some(Leaving {
                held: Wanted {
                    line: line.order_line,
                    product: line.product_id,
                    quantity: line.packed.unwrap_or_default(),
                },
                shipment_line: line.shipment_line?,
            })
        })
        .filter(|line| line.held.quantity > Decimal::ZERO)
        .collect()
}

/// A shipment that may leave.
struct Fit<'f> {
    driver: &'f str,
    papers: Papers,
    /// What of it is not in order, as far as is known here, and leaves all the same.
    despite: Vec<Said>,
}

/// Whether a shipment may leave so.
fn fit<'f>(
    shipment: &Shipment,
    (fleet, known): (&'f Fleet, &Known),
    sending: &Sending,
    now: DateTime<Utc>,
) -> Result<Fit<'f>, Unfit> {
    let unfit = |field| move |said| Unfit { field, said };
    let (Some(vehicle), Some(driver)) = (&fleet.vehicle, fleet.driver.as_deref()) else {
        let said = Said::new("Choose a vehicle and a driver from the list.");
        return Err(unfit("vehicle")(said));
    };
    if let Some(over) = rules::over_capacity(shipment.weight_g, fleet.capacity_kg)
        && !sending.is_overload_known
    {
        let said = Said::new("{vehicle} would carry {over} kg too much. Choose another one, or tick that it goes anyway.")
            .with("vehicle", vehicle)
            .with("over", over.to_string());
        return Err(unfit("overload")(said));
    }
    let invoice = shipment.invoice_no.as_deref();
    let reason = sending.challan.as_ref().map(|why| why.reason);
    let papers =
        rules::papers(&shipment.number, invoice, reason).map_err(unfit("challan_reason"))?;
    let mut despite = Vec::new();
    if let Some(invoice) = invoice {
        let reason = sending.unregistered_reason.as_deref();
        rules::registered(invoice, known.is_registered, reason)
            .map_err(unfit("unregistered_reason"))?;
        if let (Some(reason), false) = (reason, known.is_registered) {
            despite.push(
                Said::new(
                    "{number} left before {invoice} was registered at the authority: {reason}",
                )
                .with("number", &shipment.number)
                .with("invoice", invoice)
                .with("reason", reason),
            );
        }
        let way = known.way.as_ref();
        let in_order = way.map_or(Ok(()), |way| {
            rules::on_the_way(invoice, way, &fleet.plate, now)
        });
        match in_order {
            Err(said) if !sending.is_eway_known => return Err(unfit("eway_known")(said)),
            Err(_) => despite.push(
                Said::new("{number} left with {plate}: its e-way bill was said to be in order.")
                    .with("number", &shipment.number)
                    .with("plate", &fleet.plate),
            ),
            Ok(()) => {}
        }
    }
    Ok(Fit {
        driver,
        papers,
        despite,
    })
}

/// A packed shipment leaves with a vehicle, a driver and its invoice, or with a challan that takes its number now: its goods go out of the
/// stock ledger, and an order of which nothing is open any more is closed. Locks order, levels, account, number.
///
/// # Errors
/// `NotFound`; `Refused` when the shipment is not packed. A vehicle or driver that can't be chosen, more weight than the vehicle carries
/// without whoever sends it knowing, neither an invoice nor a reason for a challan, an invoice that is still to be registered without a
/// reason, and an e-way bill that is not in order without whoever sends it knowing come back as `Unfit`.
pub fn send(
    scope: &mut Scope,
    who: &str,
    number: &str,
    sending: &Sending,
) -> Result<Result<Left, Unfit>, AppError> {
    let order = lock_order(scope, number)?;
    let (shipment, fleet, known) =
        Shipment::find_with_fleet(scope, number, sending.vehicle, sending.driver)?;
    rules::step(&shipment.number, shipment.status, Status::Out).map_err(AppError::refused)?;
    let fit = match fit(&shipment, (&fleet, &known), sending, scope.now()) {
        Ok(fit) => fit,
        Err(unfit) => return Ok(Err(unfit)),
    };
    let lines = Line::of_order(scope, order.id, Some(shipment.id))?;
    ship(scope, shipment.warehouse_id, &leaving(&lines))?;
    let gone = |line: &Line| -> SupplyLine {
        let mut after = line.as_supply();
        if line.shipment_line.is_some() {
            let packed = line.packed.unwrap_or_default();
            after.open -= packed;
            after.shipped += packed;
            after.picking -= packed;
            if fit.papers == Papers::Invoice {
                after.billed -= packed;
            }
            after.is_changed = true;
        }
        after
    };
    let all: Vec<SupplyLine> = lines.iter().map(gone).collect();
    let supplied = supply(scope, &order, &all)?;
    goods_moved(
        scope,
        order.customer_id,
        -i32::from(supplied.is_closed),
        supplied.open,
        Some(sending.expected_on),
    )?;
    let happened = on_the_road(&shipment, fit);
    event(scope, (order.id, order.customer_id), who, &happened)?;
    let number = Some(shipment.number.clone());
    letters::tell(
        scope,
        (order.id, &order.number),
        letters::Kind::Sent,
        number,
    )?;
    leave(
        scope,
        &order,
        (&shipment, -supplied.open),
        sending,
        fleet.challan_series,
    )
}

/// What happened to the order, as its events tell it. What was not in order is for the company's own eyes.
fn on_the_road(shipment: &Shipment, fit: Fit<'_>) -> Vec<(&'static str, Said, bool)> {
    let said = Said::new("{number} is on the road with {driver}.")
        .with("number", &shipment.number)
        .with("driver", fit.driver);
    let mut happened = vec![("out", said, false)];
    happened.extend(fit.despite.into_iter().map(|said| ("note", said, true)));
    happened
}

/// Writes that it left, and what of its order went with it. The challan's number is taken in this last statement: whoever takes one holds the
/// series until the transaction ends.
fn leave(
    scope: &mut Scope,
    order: &Order,
    (shipment, amount): (&Shipment, Money),
    sending: &Sending,
    series: Option<String>,
) -> Result<Result<Left, Unfit>, AppError> {
    let now = scope.now();
    let row = shipments::table.filter(
        shipments::tenant_id
            .eq(scope.tenant())
            .and(shipments::id.eq(shipment.id)),
    );
    let sent = (
        shipments::status.eq(Status::Out),
        shipments::vehicle_id.eq(sending.vehicle),
        shipments::driver_id.eq(sending.driver),
        shipments::expected_on.eq(sending.expected_on),
        shipments::out_at.eq(now),
        shipments::updated_at.eq(now),
    );
    if let Some(invoice) = &shipment.invoice_no {
        scope
            .execute(diesel::update(row).set(sent))
            .map_err(|error| refusal(error.into(), invoice))?;
        return Ok(Ok(Left::WithInvoice(invoice.clone())));
    }
    let series = rules::challan_series(series.as_deref());
    let challan = sql::<Nullable<Text>>("(select ")
        .bind::<Text, _>(series)
        .sql(" || '/' || t.year || '-' || lpad(((t.year::integer + 1) % 100)::text, 2, '0') || '/' || lpad(t.number::text, greatest(4, length(t.number::text)), '0') from take_number('challan', ")
        .bind::<SqlUuid, _>(order.registration_id)
        .sql(", ")
        .bind::<Date, _>(dates::today(now))
        .sql(") t)");
    let why = sending.challan.as_ref();
    let is_to_be_billed = why.is_some_and(|why| why.reason.is_to_be_billed());
    let with_challan = (
        sent,
        shipments::papers.eq(Papers::Challan),
        shipments::challan_reason.eq(why.map(|why| why.reason)),
        shipments::challan_words.eq(why.and_then(|why| why.words.as_deref())),
        shipments::challan_no.eq(challan),
        shipments::left_unbilled.eq(if is_to_be_billed { amount } else { Money::ZERO }),
    );
    let update = diesel::update(row).set(with_challan);
    let taken: Option<String> = scope.one(update.returning(shipments::challan_no))?;
    Ok(Ok(Left::WithChallan(taken.unwrap_or_default())))
}

/// What the database refuses, in words: goods stay while the authority is asked to cancel their bill.
fn refusal(error: AppError, invoice: &str) -> AppError {
    if error.constraint() == Some("shipments_bill_is_being_cancelled") {
        let said = Said::new("The authority is asked to cancel {number}: wait for its answer.");
        return AppError::refused(said.with("number", invoice));
    }
    error
}
