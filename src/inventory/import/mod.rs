//! Opening stock out of a file: what lies where on the day a company begins.
//!
//! A product that has moves in a warehouse already has had its opening; what differs from then on is an adjustment. So the same file twice
//! adds nothing the second time.

mod open;

pub use open::{Opening, open};

use crate::error::AppError;
use crate::imports::rules::one_line;
use crate::imports::{FieldSpec, Importer, Kind, Line, Mode, Outcome, Run, Settings};
use crate::kernel::ids::{ProductId, WarehouseId};
use crate::kernel::language::{Said, text};
use crate::platform::db::{Scope, prepared};
use crate::platform::permissions::EditStock;
use crate::products::import::rules::{quantity, sku};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// Reads opening stock in.
pub struct StockImport;

/// Product and warehouse of earlier rows, with the first row.
pub type Memory = HashMap<(ProductId, WarehouseId), u32>;

const FIELDS: &[FieldSpec] = &[
    FieldSpec::new(
        "sku",
        text!("SKU"),
        &[
            "sku",
            "skucode",
            "itemcode",
            "productcode",
            "code",
            "itemno",
            "stockcode",
        ],
    ),
    FieldSpec::new(
        "barcode",
        text!("Barcode"),
        &["barcode", "ean", "ean13", "upc", "gtin"],
    ),
    FieldSpec::new(
        "warehouse",
        text!("Warehouse"),
        &["warehouse", "warehousecode", "location", "godown", "store"],
    )
    .or(""),
    FieldSpec::new(
        "quantity",
        text!("Quantity"),
        &[
            "quantity",
            "qty",
            "openingstock",
            "stock",
            "onhand",
            "stockonhand",
            "availablequantity",
            "balance",
            "balanceqty",
            "closingstock",
            "currentstock",
            "qtyingodown",
            "godownqty",
            "godownstock",
        ],
    )
    .required(),
    FieldSpec::new(
        "reorder_level",
        text!("Reorder level"),
        &["reorderlevel", "reorderpoint", "minstock", "minimumstock"],
    ),
];

/// A row, read.
#[derive(Clone, Debug)]
struct Count {
    line: u32,
    sku: Option<String>,
    barcode: Option<String>,
    warehouse: String,
    quantity: Decimal,
    reorder_level: Option<Decimal>,
}

fn parse(line: &Line, settings: &Settings) -> Result<Count, Said> {
    let cell = |field: &str| Some(line.cell(field)).filter(|cell| !cell.is_empty());
    let code = cell("sku").map(sku).transpose()?;
    let barcode = cell("barcode").map(|cell| one_line(cell).replace(' ', "").to_uppercase());
    if code.is_none() && barcode.is_none() {
        return Err(Said::new("The row has neither an SKU nor a barcode."));
    }
    let amount = cell("quantity").ok_or_else(|| Said::new("The row has no quantity."))?;
    let amount = quantity(text!("Quantity"), amount)?;
    let reorder_level = cell("reorder_level")
        .map(|cell| quantity(text!("Reorder level"), cell))
        .transpose()?;
    if amount.is_zero() && reorder_level.is_none() {
        return Err(Said::new(
            "The quantity is zero: there is nothing to bring in.",
        ));
    }
    Ok(Count {
        line: line.number,
        sku: code,
        barcode,
        warehouse: one_line(line.value(settings, "warehouse")).to_uppercase(),
        quantity: amount,
        reorder_level,
    })
}

#[derive(QueryableByName)]
struct ProductRow {
    #[diesel(sql_type = SqlUuid)]
    id: ProductId,
    #[diesel(sql_type = Text)]
    sku: String,
    #[diesel(sql_type = Nullable<Text>)]
    barcode: Option<String>,
}

#[derive(QueryableByName)]
struct WarehouseRow {
    #[diesel(sql_type = SqlUuid)]
    id: WarehouseId,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Bool)]
    is_default: bool,
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = SqlUuid)]
    product_id: ProductId,
    #[diesel(sql_type = SqlUuid)]
    warehouse_id: WarehouseId,
}

/// What a batch can be about.
struct Known {
    by_sku: HashMap<String, ProductId>,
    by_barcode: HashMap<String, ProductId>,
    warehouses: Vec<WarehouseRow>,
}

#[expect(clippy::disallowed_methods, reason = "two indexes at once, by arrays")]
fn known(scope: &mut Scope, counts: &[Result<Count, Said>]) -> Result<Known, AppError> {
    let counts = || counts.iter().filter_map(|count| count.as_ref().ok());
    let codes: Vec<String> = counts().filter_map(|count| count.sku.clone()).collect();
    let barcodes: Vec<String> = counts().filter_map(|count| count.barcode.clone()).collect();
    let tenant = scope.tenant();
    let products: Vec<ProductRow> = scope.load(
        prepared(
            "select id, sku, barcode from products where tenant_id = $1 and (sku = any ($2) or barcode = any ($3))",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<Text>, _>(codes)
        .bind::<Array<Text>, _>(barcodes),
    )?;
    let warehouses = scope.load(
        prepared("select id, code, is_default from warehouses where tenant_id = $1 and is_active")
            .bind::<SqlUuid, _>(tenant),
    )?;
    let by_barcode = products
        .iter()
        .filter_map(|product| Some((product.barcode.clone()?, product.id)))
        .collect();
    Ok(Known {
        by_barcode,
        by_sku: products
            .into_iter()
            .map(|product| (product.sku, product.id))
            .collect(),
        warehouses,
    })
}

impl Known {
    fn place(&self, count: &Count) -> Result<(ProductId, WarehouseId), Said> {
        let by_sku = count.sku.as_ref().map(|sku| self.by_sku.get(sku));
        let by_barcode = || self.by_barcode.get(count.barcode.as_ref()?);
        let product = by_sku.flatten().or_else(by_barcode).ok_or_else(|| {
            let code = count.sku.as_ref().or(count.barcode.as_ref());
            Said::new("There is no product {code} in the catalogue.")
                .with("code", code.cloned().unwrap_or_default())
        })?;
        let warehouse = self
            .warehouses
            .iter()
            .find(|warehouse| {
                if count.warehouse.is_empty() {
                    warehouse.is_default
                } else {
                    warehouse.code == count.warehouse
                }
            })
            .ok_or_else(|| {
                Said::new("There is no warehouse {code}.").with("code", count.warehouse.clone())
            })?;
        Ok((*product, warehouse.id))
    }
}

/// Locks the levels of these places, made where they are missing, and says which have moves. In this order: whoever comes second sees what the
/// first has moved.
#[expect(clippy::disallowed_methods, reason = "arrays of places")]
fn moved(
    scope: &mut Scope,
    places: &[(ProductId, WarehouseId)],
    mode: Mode,
) -> Result<HashSet<(ProductId, WarehouseId)>, AppError> {
    let (products, warehouses): (Vec<ProductId>, Vec<WarehouseId>) = places.iter().copied().unzip();
    let (tenant, now) = (scope.tenant(), scope.now());
    if mode == Mode::Write {
        scope.execute(
            prepared(
                "insert into stock_levels (product_id, warehouse_id, updated_at) select distinct u.product_id, u.warehouse_id, $3
                   from unnest($1, $2) u(product_id, warehouse_id) order by 1, 2 on conflict do nothing",
            )
            .bind::<Array<SqlUuid>, _>(products.clone())
            .bind::<Array<SqlUuid>, _>(warehouses.clone())
            .bind::<Timestamptz, _>(now),
        )?;
        scope.execute(
            prepared(
                "select 1 from stock_levels l where l.tenant_id = $1 and (l.product_id, l.warehouse_id) in (select * from unnest($2, $3))
                   order by l.product_id, l.warehouse_id for update",
            )
            .bind::<SqlUuid, _>(tenant)
            .bind::<Array<SqlUuid>, _>(products.clone())
            .bind::<Array<SqlUuid>, _>(warehouses),
        )?;
    }
    let found: Vec<Moved> = scope.load(
        prepared(
            "select distinct m.product_id, m.warehouse_id from stock_moves m where m.tenant_id = $1 and m.product_id = any ($2)",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(products),
    )?;
    Ok(found
        .into_iter()
        .map(|row| (row.product_id, row.warehouse_id))
        .collect())
}

impl Importer for StockImport {
    type Permission = EditStock;
    type Memory = Memory;

    const KIND: Kind = Kind {
        code: "stock",
        path: "/stock/import",
        list: "/stock",
        needs: "stock.edit",
        check: "imports.check_stock",
        apply: "imports.stock",
        title: text!("Import opening stock"),
        about: text!(
            "What lies in each warehouse on the day you begin, a row for each product. What has moved since is changed by an adjustment."
        ),
        list_label: text!("Stock"),
        next: None,
    };

    fn fields() -> &'static [FieldSpec] {
        FIELDS
    }

    fn preview(line: &Line, settings: &Settings) -> Result<Vec<(&'static str, String)>, Said> {
        let count = parse(line, settings)?;
        let level = count.reorder_level.map(|level| level.to_string());
        Ok(vec![
            ("sku", count.sku.unwrap_or_default()),
            ("barcode", count.barcode.unwrap_or_default()),
            ("warehouse", count.warehouse),
            ("quantity", count.quantity.to_string()),
            ("reorder_level", level.unwrap_or_default()),
        ])
    }

    fn batch(
        scope: &mut Scope,
        run: &Run,
        lines: &[Line],
        memory: &mut Memory,
    ) -> Result<Vec<Outcome>, AppError> {
        let counts: Vec<_> = lines.iter().map(|line| parse(line, run.settings)).collect();
        let known = known(scope, &counts)?;
        let placed: Vec<_> = counts
            .into_iter()
            .map(|count| count.and_then(|count| Ok((known.place(&count)?, count))))
            .collect();
        let places: Vec<_> = placed
            .iter()
            .filter_map(|row| row.as_ref().ok().map(|(place, _)| *place))
            .collect();
        let moved = moved(scope, &places, run.mode)?;
        let mut stock = Vec::new();
        let mut outcomes = Vec::with_capacity(placed.len());
        for row in placed {
            let (place, count) = match row {
                Ok(row) => row,
                Err(said) => {
                    outcomes.push(Outcome::Refused(said));
                    continue;
                }
            };
            let first = *memory.entry(place).or_insert(count.line);
            outcomes.push(if first < count.line {
                Outcome::Refused(
                    Said::new("The same product and warehouse as row {line}.")
                        .with("line", first.to_string()),
                )
            } else if moved.contains(&place) {
                Outcome::Refused(Said::new(
                    "This product has moved in this warehouse already; use an adjustment.",
                ))
            } else {
                stock.push(Opening {
                    product: place.0,
                    warehouse: Some(place.1),
                    quantity: Some(count.quantity),
                    reorder_level: count.reorder_level,
                });
                Outcome::Created
            });
        }
        if run.mode == Mode::Write && !stock.is_empty() {
            open(scope, run.import, &stock)?;
        }
        Ok(outcomes)
    }

    /// Nothing: a row that was written has moves.
    fn recall(_: &Run, _: &[Line], _: &mut Memory) {}
}
