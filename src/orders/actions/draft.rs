//! Drafts: orders that staff write for a customer. A draft holds nothing and counts nowhere.

use super::event::event;
use super::place::Quote;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{AddressId, CustomerId, OrderId, OrderLineId, PriceListId, ProductId};
use crate::kernel::language::Said;
use crate::orders::model::{Order, QuoteLine, Terms};
use crate::platform::db::schema::orders;
use crate::platform::db::{Scope, prepared};
use crate::tax::rules::LineTax;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{
    Array, Bool, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use rust_decimal::Decimal;

/// What a draft says besides its lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Where it goes; the customer's usual address when nobody says.
    pub ship_to: Option<AddressId>,
    /// The customer's own number.
    pub po_number: Option<String>,
    /// What the customer wants said.
    pub note: Option<String>,
    /// When the customer wants it.
    pub wanted_on: Option<NaiveDate>,
}

/// Begins an order for a customer, with nothing in it; gives its number. The number is taken last.
///
/// # Errors
/// `NotFound` for the customer; `Refused` when new orders are paused for it.
pub fn start_draft(scope: &mut Scope, customer: CustomerId, who: &str) -> Result<String, AppError> {
    let terms = Terms::of(scope, customer, None)?;
    if terms.status != "active" {
        return Err(crate::orders::OrderError::Paused.into());
    }
    let (id, now) = (OrderId::new(), scope.now());
    let day = dates::today(now);
    let number = sql::<Text>("(select 'SO-' || year || '-' || lpad(number::text, greatest(5, length(number::text)), '0') from take_number('order', null, ")
        .bind::<Date, _>(day)
        .sql("))");
    let insert = diesel::insert_into(orders::table)
        .values((
            orders::id.eq(id),
            orders::number.eq(number),
            orders::customer_id.eq(customer),
            orders::source.eq("staff"),
            orders::placed_by.eq(scope.member().user()),
            orders::placed_by_name.eq(who),
            orders::warehouse_id.eq(terms.warehouse_id),
            orders::registration_id.eq(terms.registration_id),
            orders::ship_to_id.eq(terms.address_id),
            orders::ship_to.eq(terms.address.as_deref().unwrap_or_default()),
            orders::priced_on.eq(day),
            orders::created_at.eq(now),
            orders::updated_at.eq(now),
        ))
        .returning(orders::number);
    let number: String = scope.one(insert)?;
    let begun = Said::new("{name} began this order for {customer}.")
        .with("name", who)
        .with("customer", &terms.name);
    event(scope, (id, customer), who, &[("note", begun, true)])?;
    Ok(number)
}

/// Saves a draft as it stands: the lines that have a price and a rate, priced as of now. Three statements, however many lines, and only
/// lines that changed are written. The draft is locked.
///
/// # Errors
/// When the database refuses.
pub fn save_draft(
    scope: &mut Scope,
    order: &Order,
    header: &Header,
    quote: &Quote,
) -> Result<chrono::DateTime<chrono::Utc>, AppError> {
    let lines: Vec<(&QuoteLine, LineTax)> = quote
        .lines
        .iter()
        .filter_map(|priced| Some((&priced.line, priced.amounts?)))
        .collect();
    remove_others(scope, order.id, &lines)?;
    let ids = lines.iter().map(|_| OrderLineId::new()).collect();
    write_lines(scope, (order.id, order.customer_id), ids, &lines)?;
    let now = scope.now();
    let totals = quote.totals;
    let row = orders::table.filter(
        orders::tenant_id
            .eq(scope.tenant())
            .and(orders::id.eq(order.id)),
    );
    let about = (
        orders::ship_to_id.eq(quote.terms.address_id),
        orders::ship_to.eq(quote.terms.address.as_deref().unwrap_or_default()),
        orders::po_number.eq(&header.po_number),
        orders::note.eq(&header.note),
        orders::wanted_on.eq(header.wanted_on),
        orders::priced_on.eq(quote.day),
        orders::taxable.eq(totals.taxable),
        orders::cgst.eq(totals.cgst),
        orders::sgst.eq(totals.sgst),
        orders::igst.eq(totals.igst),
        orders::cess.eq(totals.cess),
        orders::total.eq(totals.total),
        orders::updated_at.eq(now),
    );
    scope.execute(diesel::update(row).set(about))?;
    Ok(now)
}

#[expect(
    clippy::disallowed_methods,
    reason = "one delete of what is not among many products"
)]
fn remove_others(
    scope: &mut Scope,
    order: OrderId,
    lines: &[(&QuoteLine, LineTax)],
) -> Result<(), AppError> {
    let kept: Vec<ProductId> = lines.iter().map(|(line, _)| line.product_id).collect();
    let statement = prepared(
        "delete from order_lines where tenant_id = $1 and order_id = $2 and product_id <> all ($3)",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(order)
    .bind::<Array<SqlUuid>, _>(kept);
    scope.execute(statement)?;
    Ok(())
}

/// All lines in one statement; those that stand there already as they are to be are left alone, so that the audit stays short.
const WRITE: &str = "
    insert into order_lines as l (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, pack_size, pack_name, hsn, quantity, open_qty,
                                  price, includes_tax, price_list_id, mrp, tax_rate, cess_rate, cess_per_unit, taxable, cgst, sgst, igst, cess, total, created_at, updated_at)
        select $1, u.id, $2, $3, u.position, u.product, u.sku, u.name, u.unit, u.pack_size, u.pack_name, u.hsn, u.quantity, u.quantity,
               u.price, u.includes_tax, u.list, u.mrp, u.rate, u.cess_rate, u.cess_per_unit, u.taxable, u.cgst, u.sgst, u.igst, u.cess,
               u.taxable + u.cgst + u.sgst + u.igst + u.cess, $4, $4
          from unnest($5::uuid[], $6::integer[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::numeric[], $12::text[], $13::text[], $14::numeric[], $15::numeric[], $16::boolean[], $17::uuid[], $18::numeric[], $19::numeric[], $20::numeric[], $21::numeric[], $22::numeric[], $23::numeric[], $24::numeric[], $25::numeric[], $26::numeric[])
               u(id, position, product, sku, name, unit, pack_size, pack_name, hsn, quantity, price, includes_tax, list, mrp, rate, cess_rate, cess_per_unit, taxable, cgst, sgst, igst, cess)
    on conflict (tenant_id, order_id, product_id) do update
        set position = excluded.position, sku = excluded.sku, name = excluded.name, unit = excluded.unit, pack_size = excluded.pack_size,
            pack_name = excluded.pack_name, hsn = excluded.hsn, quantity = excluded.quantity, open_qty = excluded.open_qty, price = excluded.price,
            includes_tax = excluded.includes_tax, price_list_id = excluded.price_list_id, mrp = excluded.mrp, tax_rate = excluded.tax_rate,
            cess_rate = excluded.cess_rate, cess_per_unit = excluded.cess_per_unit, taxable = excluded.taxable, cgst = excluded.cgst, sgst = excluded.sgst, igst = excluded.igst,
            cess = excluded.cess, total = excluded.total, updated_at = excluded.updated_at
        where (l.position, l.sku, l.name, l.quantity, l.price, l.includes_tax, l.price_list_id, l.mrp, l.tax_rate, l.cess_rate, l.cess_per_unit, l.total, l.igst, l.hsn, l.pack_size, l.pack_name)
            is distinct from (excluded.position, excluded.sku, excluded.name, excluded.quantity, excluded.price, excluded.includes_tax, excluded.price_list_id, excluded.mrp,
                              excluded.tax_rate, excluded.cess_rate, excluded.cess_per_unit, excluded.total, excluded.igst, excluded.hsn, excluded.pack_size, excluded.pack_name)";

#[expect(
    clippy::disallowed_methods,
    reason = "one insert-or-update of many rows by arrays"
)]
pub(super) fn write_lines(
    scope: &mut Scope,
    (order, customer): (OrderId, CustomerId),
    ids: Vec<OrderLineId>,
    lines: &[(&QuoteLine, LineTax)],
) -> Result<(), AppError> {
    if lines.is_empty() {
        return Ok(());
    }
    let now = scope.now();
    let positions: Vec<i32> = (1..).take(lines.len()).collect();
    let products: Vec<ProductId> = lines.iter().map(|(line, _)| line.product_id).collect();
    let text = |value: fn(&QuoteLine) -> &str| -> Vec<String> {
        let values = lines.iter().map(|(line, _)| value(line).to_owned());
        values.collect()
    };
    let number = |value: fn(&QuoteLine) -> Decimal| -> Vec<Decimal> {
        lines.iter().map(|(line, _)| value(line)).collect()
    };
    let tax = |value: fn(&LineTax) -> Decimal| -> Vec<Decimal> {
        lines.iter().map(|(_, amounts)| value(amounts)).collect()
    };
    let packs: Vec<Option<String>> = lines
        .iter()
        .map(|(line, _)| line.pack_name.clone())
        .collect();
    let lists: Vec<Option<PriceListId>> =
        lines.iter().map(|(line, _)| line.price_list_id).collect();
    let mrps: Vec<Option<Decimal>> = lines
        .iter()
        .map(|(line, _)| line.mrp.map(|mrp| mrp.as_decimal()))
        .collect();
    let inclusive: Vec<bool> = lines
        .iter()
        .map(|(line, _)| line.includes_tax.unwrap_or_default())
        .collect();
    let statement = prepared(WRITE)
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(order)
        .bind::<SqlUuid, _>(customer)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Integer>, _>(positions)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Text>, _>(text(|line| &line.sku))
        .bind::<Array<Text>, _>(text(|line| &line.name))
        .bind::<Array<Text>, _>(text(|line| &line.unit))
        .bind::<Array<Numeric>, _>(number(|line| line.pack_size))
        .bind::<Array<Nullable<Text>>, _>(packs)
        .bind::<Array<Text>, _>(text(|line| &line.hsn))
        .bind::<Array<Numeric>, _>(number(|line| line.quantity))
        .bind::<Array<Numeric>, _>(number(|line| {
            line.price
                .map(|price| price.as_decimal())
                .unwrap_or_default()
        }))
        .bind::<Array<Bool>, _>(inclusive)
        .bind::<Array<Nullable<SqlUuid>>, _>(lists)
        .bind::<Array<Nullable<Numeric>>, _>(mrps)
        .bind::<Array<Numeric>, _>(number(|line| line.rate.unwrap_or_default()))
        .bind::<Array<Numeric>, _>(number(|line| line.cess_rate.unwrap_or_default()))
        .bind::<Array<Numeric>, _>(number(|line| line.cess_per_unit.unwrap_or_default()))
        .bind::<Array<Numeric>, _>(tax(|amounts| amounts.taxable.as_decimal()))
        .bind::<Array<Numeric>, _>(tax(|amounts| amounts.cgst.as_decimal()))
        .bind::<Array<Numeric>, _>(tax(|amounts| amounts.sgst.as_decimal()))
        .bind::<Array<Numeric>, _>(tax(|amounts| amounts.igst.as_decimal()))
        .bind::<Array<Numeric>, _>(tax(|amounts| amounts.cess.as_decimal()));
    scope.execute(statement)?;
    Ok(())
}
