//! A shipment begins.

use crate::companies::actions::take_number;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{ShipmentId, ShipmentLineId, UserId};
use crate::kernel::language::Said;
use crate::logistics::model::{Line, Shipment};
use crate::logistics::rules::{self, Status};
use crate::orders::actions::{event, supply};
use crate::orders::model::Order;
use crate::platform::db::Scope;
use crate::platform::db::schema::{shipment_lines, shipments};
use diesel::prelude::*;
use rust_decimal::Decimal;

/// Who picks.
#[derive(Clone, Debug)]
pub struct Picker {
    /// The person; nobody when the system does.
    pub user: Option<UserId>,
    /// The name.
    pub name: String,
}

/// Starts a shipment with everything of an order that is open and not being picked yet. Gives back its number.
///
/// # Errors
/// `NotFound`; `Refused` when the order is not confirmed, or somebody picks all of it already.
pub fn pick(scope: &mut Scope, order: &str, picker: &Picker) -> Result<String, AppError> {
    let order = Order::lock(scope, order)?;
    rules::may_pick(&order.number, order.status.as_str(), order.is_held)
        .map_err(AppError::refused)?;
    let lines = Line::of_order(scope, order.id, None)?;
    let wanted: Vec<&Line> = lines
        .iter()
        .filter(|line| line.free_to_pick() > Decimal::ZERO)
        .collect();
    if wanted.is_empty() {
        return Err(all_taken(scope, &order)?);
    }
    let all: Vec<_> = lines
        .iter()
        .map(|line| {
            let mut supply = line.as_supply();
            supply.is_changed = line.free_to_pick() > Decimal::ZERO;
            supply.picking = line.open_qty;
            supply
        })
        .collect();
    supply(scope, &order, &all)?;
    let said = Said::new("{name} picks {count} lines.")
        .with("name", &picker.name)
        .with("count", wanted.len());
    event(
        scope,
        (order.id, order.customer_id),
        &picker.name,
        &[("picking", said, true)],
    )?;
    begin(scope, &order, &wanted, picker)
}

/// Why there is nothing left to pick, with who picks it.
fn all_taken(scope: &mut Scope, order: &Order) -> Result<AppError, AppError> {
    let others = Shipment::of_order(scope, order.id)?;
    let held = others
        .into_iter()
        .rfind(|other| matches!(other.status, Status::Picking | Status::Packed));
    let said = match held {
        None => Said::new("Nothing is open on {order}.").with("order", &order.number),
        Some(other) if other.status == Status::Picking => {
            Said::new("{name} is picking {order} already, as {number}.")
                .with("name", &other.picker_name)
                .with("order", &order.number)
                .with("number", &other.number)
        }
        Some(other) => Said::new("All that is open on {order} is packed already, as {number}.")
            .with("order", &order.number)
            .with("number", &other.number),
    };
    Ok(AppError::refused(said))
}

fn begin(
    scope: &mut Scope,
    order: &Order,
    wanted: &[&Line],
    picker: &Picker,
) -> Result<String, AppError> {
    let now = scope.now();
    let (id, today) = (ShipmentId::new(), dates::today(now));
    let (year, number) = take_number(scope, "shipment", None, today)?;
    let number = rules::shipment_number(&year, number);
    scope.execute(diesel::insert_into(shipments::table).values((
        shipments::id.eq(id),
        shipments::number.eq(&number),
        shipments::order_id.eq(order.id),
        shipments::customer_id.eq(order.customer_id),
        shipments::warehouse_id.eq(order.warehouse_id),
        shipments::picker_id.eq(picker.user),
        shipments::picker_name.eq(&picker.name),
        shipments::created_at.eq(now),
        shipments::updated_at.eq(now),
    )))?;
    let rows: Vec<_> = wanted
        .iter()
        .map(|line| {
            (
                shipment_lines::id.eq(ShipmentLineId::new()),
                shipment_lines::shipment_id.eq(id),
                shipment_lines::order_line_id.eq(line.order_line),
                shipment_lines::customer_id.eq(order.customer_id),
                shipment_lines::product_id.eq(line.product_id),
                shipment_lines::position.eq(line.position),
                shipment_lines::quantity.eq(line.free_to_pick()),
                shipment_lines::created_at.eq(now),
                shipment_lines::updated_at.eq(now),
            )
        })
        .collect();
    scope.execute(diesel::insert_into(shipment_lines::table).values(rows))?;
    Ok(number)
}
