//! One product's stock: levels, the ledger, what orders hold.

use crate::error::AppError;
use crate::kernel::ids::{ProductId, WarehouseId};
use crate::platform::db::Scope;
use crate::platform::db::schema::products;
use crate::web::list::{Cursor, ListQuery, Mark, Page};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// A product, as stock knows it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct Item {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: String,
}

/// What lies in a warehouse of a product.
#[derive(Clone, Debug, QueryableByName)]
pub struct ItemLevel {
    #[diesel(sql_type = SqlUuid)]
    pub warehouse_id: WarehouseId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub is_active: bool,
    #[diesel(sql_type = Numeric)]
    pub on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    pub reserved: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub reorder_level: Option<Decimal>,
    /// Units that moved after the page of the ledger that is shown.
    #[diesel(sql_type = Numeric)]
    pub later: Decimal,
}

/// A move of the ledger.
#[derive(Clone, Debug, QueryableByName)]
pub struct Move {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub warehouse_id: WarehouseId,
    #[diesel(sql_type = Text)]
    pub warehouse: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub who: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
}

/// A move with what lay in its warehouse after it.
pub type MoveRow = (Move, Decimal);

/// An order line that holds some of a product.
#[derive(Clone, Debug, QueryableByName)]
pub struct Hold {
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = Text)]
    pub warehouse: String,
    #[diesel(sql_type = Numeric)]
    pub quantity: Decimal,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// Where a page of the ledger begins.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct MoveMark(Uuid);

impl Mark for MoveMark {
    fn is_sound(&self) -> bool {
        true
    }
}

const MOVES: &str = "select m.id, m.warehouse_id, w.code as warehouse, m.kind, m.quantity, m.reason, s.number as shipment, e.name as who, m.at
    from stock_moves m join warehouses w on w.tenant_id = m.tenant_id and w.id = m.warehouse_id
    left join shipment_lines sl on sl.tenant_id = m.tenant_id and sl.id = m.shipment_line_id
    left join shipments s on s.tenant_id = sl.tenant_id and s.id = sl.shipment_id
    left join employees e on e.tenant_id = m.tenant_id and e.user_id = m.user_id
    where m.tenant_id = $1 and m.product_id = $2";

impl Item {
    fn of<'q>(scope: &Scope) -> products::BoxedQuery<'q, diesel::pg::Pg> {
        products::table
            .filter(products::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The product with a code.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_sku(scope: &mut Scope, sku: &str) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(products::sku.eq(sku.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One page of the product's ledger, newest first, with the levels of the warehouses that have or had some of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn ledger(
        &self,
        scope: &mut Scope,
        query: &ListQuery,
    ) -> Result<(Vec<ItemLevel>, Page<MoveRow>), AppError> {
        let cursor = query.cursor::<MoveMark>();
        let moves = self.moves(scope, cursor.as_ref(), query.size() + 1)?;
        let page = Page::new(moves, query.size(), cursor.as_ref(), |row: &MoveRow| {
            MoveMark(row.0.id)
        });
        let newest = page.rows.first().map(|(row, _)| row.id);
        let levels = self.levels(scope, newest)?;
        // Each row's balance is that of the row above it, without what moved there.
        let mut balance: HashMap<WarehouseId, Decimal> = levels
            .iter()
            .map(|level| (level.warehouse_id, level.on_hand - level.later))
            .collect();
        let mut page = page;
        for (row, after) in &mut page.rows {
            let left = balance.entry(row.warehouse_id).or_default();
            *after = *left;
            *left -= row.quantity;
        }
        Ok((levels, page))
    }

    #[expect(clippy::disallowed_methods, reason = "joins by two columns each")]
    fn moves(
        &self,
        scope: &mut Scope,
        cursor: Option<&Cursor<MoveMark>>,
        most: i64,
    ) -> Result<Vec<MoveRow>, AppError> {
        let (sign, way) = match cursor {
            Some(Cursor::Before(_)) => (">", "asc"),
            _ => ("<", "desc"),
        };
        let from = match cursor {
            Some(Cursor::After(MoveMark(id)) | Cursor::Before(MoveMark(id))) => *id,
            None => Uuid::max(),
        };
        let statement = diesel::sql_query(format!(
            "{MOVES} and m.id {sign} $3 order by m.id {way} limit {most}"
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(self.id)
        .bind::<SqlUuid, _>(from);
        let rows: Vec<Move> = scope.load(statement)?;
        Ok(rows.into_iter().map(|row| (row, Decimal::ZERO)).collect())
    }

    #[expect(clippy::disallowed_methods, reason = "a sum beside each row")]
    fn levels(&self, scope: &mut Scope, newest: Option<Uuid>) -> Result<Vec<ItemLevel>, AppError> {
        let statement = diesel::sql_query(
            "select w.id as warehouse_id, w.code, w.name, w.is_active, coalesce(l.on_hand, 0) as on_hand, coalesce(l.reserved, 0) as reserved, l.reorder_level,
                    coalesce((select sum(m.quantity) from stock_moves m where m.tenant_id = $1 and m.product_id = $2 and m.warehouse_id = w.id and m.id > $3), 0) as later
               from warehouses w left join stock_levels l on l.tenant_id = w.tenant_id and l.warehouse_id = w.id and l.product_id = $2
               where w.tenant_id = $1 and (w.is_active or l.id is not null) order by w.is_default desc, w.code limit 200",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(self.id)
        .bind::<SqlUuid, _>(newest.unwrap_or(Uuid::max()));
        Ok(scope.load(statement)?)
    }

    /// The order lines that hold some of the product, oldest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::disallowed_methods, reason = "joins by two columns each")]
    pub fn holds(&self, scope: &mut Scope) -> Result<Vec<Hold>, AppError> {
        let statement = diesel::sql_query(
            "select o.number, c.name as customer, w.code as warehouse, r.quantity, r.created_at
               from reservations r join order_lines ol on ol.tenant_id = r.tenant_id and ol.id = r.id
               join orders o on o.tenant_id = ol.tenant_id and o.id = ol.order_id
               join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
               join warehouses w on w.tenant_id = r.tenant_id and w.id = r.warehouse_id
               where r.tenant_id = $1 and r.product_id = $2 order by r.created_at, o.number limit 100",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(self.id);
        Ok(scope.load(statement)?)
    }
}

impl Move {
    /// The ledger of the company, or of one product, newest first, for an export; at most 100,000. Each with the product's code and name.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::disallowed_methods, reason = "joins by two columns each")]
    pub fn export(
        scope: &mut Scope,
        sku: Option<String>,
    ) -> Result<Vec<(String, String, Self)>, AppError> {
        #[derive(QueryableByName)]
        struct Whole {
            #[diesel(sql_type = Text)]
            sku: String,
            #[diesel(sql_type = Text)]
            name: String,
            #[diesel(embed)]
            row: Move,
        }
        let columns = MOVES
            .replacen("select m.id", "select p.sku, p.name, m.id", 1)
            .replacen(
                "where m.tenant_id = $1 and m.product_id = $2",
                "join products p on p.tenant_id = m.tenant_id and p.id = m.product_id where m.tenant_id = $1 and ($2::text is null or p.sku = $2)",
                1,
            );
        let statement = diesel::sql_query(format!("{columns} order by m.id desc limit 100000"))
            .bind::<SqlUuid, _>(scope.tenant())
            .bind::<Nullable<Text>, _>(sku);
        let rows: Vec<Whole> = scope.load(statement)?;
        Ok(rows
            .into_iter()
            .map(|whole| (whole.sku, whole.name, whole.row))
            .collect())
    }
}
