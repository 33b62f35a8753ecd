//! Lines of an order as its shipments see them.

use crate::error::AppError;
use crate::kernel::ids::{OrderId, OrderLineId, ProductId, ShipmentId, ShipmentLineId};
use crate::kernel::money::{Money, UnitPrice};
use crate::orders::actions::SupplyLine;
use crate::platform::db::{Scope, prepared};
use crate::products::packs::Pack;
use crate::tax::rules::{LineTax, Rate};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// A line of an order, with what a shipment takes of it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Line {
    #[diesel(sql_type = SqlUuid)]
    pub order_line: OrderLineId,
    /// The shipment's line, if the shipment has one of it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub shipment_line: Option<ShipmentLineId>,
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub hsn: String,
    /// Units ordered.
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    pub open_qty: Decimal,
    #[diesel(sql_type = Numeric)]
    pub shipped_qty: Decimal,
    #[diesel(sql_type = Numeric)]
    pub cancelled_qty: Decimal,
    #[diesel(sql_type = Numeric)]
    pub picking_qty: Decimal,
    #[diesel(sql_type = Numeric)]
    pub billed_qty: Decimal,
    #[diesel(sql_type = Numeric)]
    pub price: UnitPrice,
    #[diesel(sql_type = Bool)]
    pub includes_tax: bool,
    #[diesel(sql_type = Numeric)]
    pub tax_rate: Decimal,
    #[diesel(sql_type = Numeric)]
    pub cess_rate: Decimal,
    /// Specific cess, rupees for a unit.
    #[diesel(sql_type = Numeric)]
    pub cess_per_unit: Decimal,
    #[diesel(sql_type = Numeric)]
    pub taxable: Money,
    #[diesel(sql_type = Numeric)]
    pub cgst: Money,
    #[diesel(sql_type = Numeric)]
    pub sgst: Money,
    #[diesel(sql_type = Numeric)]
    pub igst: Money,
    #[diesel(sql_type = Numeric)]
    pub cess: Money,
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// Units that the shipment is to pick.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub to_pick: Option<Decimal>,
    /// Units that it has packed.
    #[diesel(sql_type = Nullable<Numeric>)]
    pub packed: Option<Decimal>,
    /// Weight of a unit, in grammes; a unit of weight weighs what it is.
    #[diesel(sql_type = Nullable<Integer>)]
    pub weight_g: Option<i32>,
}

impl Line {
    /// How its product is packed.
    pub fn pack(&self) -> Pack<'_> {
        Pack {
            size: self.pack_size,
            name: self.pack_name.as_deref(),
            unit: &self.unit,
        }
    }

    /// All lines of an order in their order, with what a shipment takes of them. The order is locked already where they are changed.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "an outer join with a condition of its own"
    )]
    pub fn of_order(
        scope: &mut Scope,
        order: OrderId,
        shipment: Option<ShipmentId>,
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select l.id as order_line, s.id as shipment_line, l.product_id, l.position, l.sku, l.name, l.unit, l.pack_size, l.pack_name, l.hsn,
                    l.quantity, l.open_qty, l.shipped_qty, l.cancelled_qty, l.picking_qty, l.billed_qty, l.price, l.includes_tax, l.tax_rate, l.cess_rate, l.cess_per_unit,
                    l.taxable, l.cgst, l.sgst, l.igst, l.cess, l.total, s.quantity as to_pick, s.packed_qty as packed,
                    coalesce(p.weight_g, case l.unit when 'GMS' then 1 when 'KGS' then 1000 when 'QTL' then 100000 when 'MTS' then 1000000 when 'TON' then 1000000 end) as weight_g
               from order_lines l
               join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
               left join shipment_lines s on s.tenant_id = l.tenant_id and s.order_line_id = l.id and s.shipment_id = $3
               where l.tenant_id = $1 and l.order_id = $2 order by l.position, l.id",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(order)
        .bind::<Nullable<SqlUuid>, _>(shipment);
        Ok(scope.load(statement)?)
    }

    /// Units that are neither shipped nor being picked.
    pub fn free_to_pick(&self) -> Decimal {
        self.open_qty - self.picking_qty
    }

    /// What the shipment holds of it: what it packed, else what it is to pick.
    pub fn held(&self) -> Decimal {
        self.packed.or(self.to_pick).unwrap_or_default()
    }

    /// Its rate of tax.
    pub fn rate(&self) -> Rate {
        Rate::taxable(
            self.tax_rate.normalize(),
            self.cess_rate.normalize(),
            self.cess_per_unit.normalize(),
        )
    }

    /// The line as it is now, for its order.
    pub fn as_supply(&self) -> SupplyLine {
        SupplyLine {
            line: self.order_line,
            quantity: self.quantity,
            open: self.open_qty,
            shipped: self.shipped_qty,
            cancelled: self.cancelled_qty,
            picking: self.picking_qty,
            billed: self.billed_qty,
            tax: LineTax {
                taxable: self.taxable,
                cgst: self.cgst,
                sgst: self.sgst,
                igst: self.igst,
                cess: self.cess,
                total: self.total,
            },
            is_changed: false,
        }
    }
}

/// A product of a pick run, for one of its shipments.
#[derive(Clone, Debug, QueryableByName)]
pub struct RunLine {
    #[diesel(sql_type = SqlUuid)]
    pub shipment_id: ShipmentId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Numeric)]
    pub pack_size: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub pack_name: Option<String>,
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
}

impl RunLine {
    /// How its product is packed.
    pub fn pack(&self) -> Pack<'_> {
        Pack {
            size: self.pack_size,
            name: self.pack_name.as_deref(),
            unit: &self.unit,
        }
    }

    /// The lines of some shipments, by product code and then by shipment.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of tables that no key of the query builder ties"
    )]
    pub fn of_shipments(
        scope: &mut Scope,
        shipments: &[ShipmentId],
    ) -> Result<Vec<Self>, AppError> {
        let statement = prepared(
            "select s.shipment_id, l.sku, l.name, l.unit, l.pack_size, l.pack_name, s.quantity
               from shipment_lines s
               join order_lines l on l.tenant_id = s.tenant_id and l.id = s.order_line_id
               join shipments h on h.tenant_id = s.tenant_id and h.id = s.shipment_id
               where s.tenant_id = $1 and s.shipment_id = any ($2) order by l.sku, h.number, s.id limit $3",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(shipments.to_vec())
        .bind::<BigInt, _>(5_000);
        Ok(scope.load(statement)?)
    }
}
