//! The verbs of products: add, save, discontinue, and the standard price that is typed beside them.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CategoryId, ProductId};
use crate::kernel::language::Said;
use crate::kernel::money::{Money, UnitPrice};
use crate::kernel::quantity::Quantity;
use crate::platform::db::Scope;
use crate::platform::db::schema::products;
use crate::products::model::{Category, Product, lock_standard_list, standard_price};
use crate::products::rules::{self, Status};
use crate::tax::model::{HsnCode, NotifiedRate, OwnRate, Rates};
use crate::tax::rules::{applicable, within_mrp};
use crate::web::forms::changed_meanwhile;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;

/// How often a code is made up before somebody must choose one.
const TRIES: usize = 5;

/// What is said of a product.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Code that people say; `None` for one to be made up.
    pub sku: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Hindi.
    pub name_hi: Option<String>,
    /// Brand.
    pub brand: Option<String>,
    /// Category.
    pub category_id: Option<CategoryId>,
    /// What the buyer should know.
    pub description: Option<String>,
    /// Code of goods.
    pub hsn: String,
    /// Which of several rates of the code.
    pub tax_condition: String,
    /// Unit quantity code.
    pub unit: String,
    /// Units in a pack.
    pub pack_size: Quantity,
    /// What a pack is called.
    pub pack_name: Option<String>,
    /// Maximum retail price of a unit.
    pub mrp: Option<Money>,
    /// Barcode of a unit.
    pub barcode: Option<String>,
    /// Weight of a unit in grammes.
    pub weight_g: Option<i32>,
    /// Whether it is sold.
    pub status: Status,
}

/// What becomes of the standard price: the price of everybody, from the first unit on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StandardPrice {
    /// It stays.
    Same,
    /// It is another one from today on.
    Now {
        /// What it is.
        price: UnitPrice,
        /// What stood there when the form was shown.
        was: Option<UnitPrice>,
    },
}

/// The product with a code, locked for a change of it and of its standard price: where that is to be set, no other way of setting it goes on
/// meanwhile.
///
/// # Errors
/// `NotFound`.
pub fn hold(scope: &mut Scope, sku: &str, price: StandardPrice) -> Result<Product, AppError> {
    let product = Product::lock_by_sku(scope, sku)?;
    if price != StandardPrice::Same {
        lock_standard_list(scope)?;
    }
    Ok(product)
}

/// What is wrong with a product's facts that only the database knows, field by field; nothing when it may be saved. `product`: `None` for a
/// new one. `has_condition`: whether a rate was chosen among several.
///
/// # Errors
/// [`changed_meanwhile`] when nothing is wrong but somebody set another standard price since the form was shown.
pub fn check(
    scope: &mut Scope,
    product: Option<&Product>,
    facts: &Facts,
    (price, has_condition): (StandardPrice, bool),
) -> Result<Vec<(&'static str, Said)>, AppError> {
    let today = dates::today(scope.now());
    let mut wrong = Vec::new();
    if let Some(category) = facts.category_id
        && product.and_then(|product| product.category_id) != Some(category)
    {
        match Category::find(scope, category) {
            Ok(_) => {}
            Err(AppError::NotFound) => wrong.push((
                "category",
                Said::new("This category is not there any more. Choose another one."),
            )),
            Err(error) => return Err(error),
        }
    }
    // One that came in a file with a wrong figure is on the goods as it is, so it may stay.
    if let Some(barcode) = &facts.barcode
        && product.and_then(|product| product.barcode.as_ref()) != Some(barcode)
        && let Err(said) = rules::check_digit(barcode)
    {
        wrong.push(("barcode", said));
    }
    let is_known = product.is_some_and(|product| product.hsn == facts.hsn);
    if !is_known
        && HsnCode::nearest(scope, &facts.hsn)?.is_none()
        && !OwnRate::all(scope)?
            .iter()
            .any(|own| facts.hsn.starts_with(&own.hsn_prefix) && own.is_on(today))
    {
        wrong.push((
            "hsn",
            Said::new("HSN {code} is not in the table. Look it up by words, or let somebody add an own rate for it under Settings, Tax rates.")
                .with("code", &facts.hsn),
        ));
        return Ok(wrong);
    }
    let notified = NotifiedRate::of_codes(scope, &[&facts.hsn])?;
    let choices = applicable(&facts.hsn, &notified, today);
    let is_among = choices
        .iter()
        .any(|rate| rate.condition == facts.tax_condition);
    if choices.len() > 1 && !(has_condition && is_among) {
        wrong.push((
            "tax_condition",
            Said::new("HSN {code} has several rates. Choose the one that fits.")
                .with("code", &facts.hsn),
        ));
    }
    let rates = Rates::on(scope, &[(&facts.hsn, &facts.tax_condition)], today)?;
    let standard = standard_price(scope, product.map(|product| product.id), today)?;
    let standing = standard.price.map(|(price, _)| price);
    let typed = match price {
        StandardPrice::Now { price, .. } => Some(price),
        StandardPrice::Same => standing,
    };
    if let (Some(price), Some(rate)) = (typed, rates.of(&facts.hsn, &facts.tax_condition))
        && let Err(said) = within_mrp(price, standard.includes_tax, rate, facts.mrp)
    {
        wrong.push(("price", said));
    }
    if wrong.is_empty()
        && let StandardPrice::Now { price, was } = price
        && standing != was
        && standing != Some(price)
    {
        return Err(changed_meanwhile());
    }
    Ok(wrong)
}

/// Adds a product; a code that was left out is made from the name. Gives back the product's code.
///
/// # Errors
/// The constraints `products_tenant_id_sku_key` and `products_by_barcode` when another product has the code or barcode already.
pub fn add(
    scope: &mut Scope,
    facts: &Facts,
    price: StandardPrice,
) -> Result<(ProductId, String), AppError> {
    let id = ProductId::new();
    let sku = match &facts.sku {
        Some(sku) => {
            insert(scope, id, sku, facts)?;
            sku.clone()
        }
        None => insert_with_made_up_code(scope, id, facts)?,
    };
    if let StandardPrice::Now { price, .. } = price {
        set_standard_prices(scope, &[(id, price.as_decimal())])?;
    }
    Ok((id, sku))
}

fn insert_with_made_up_code(
    scope: &mut Scope,
    id: ProductId,
    facts: &Facts,
) -> Result<String, AppError> {
    let base = rules::suggested_sku(&facts.name);
    let mut tried = 0;
    loop {
        let taken = Product::skus_from(scope, &base)?;
        let sku = std::iter::once(base.clone())
            .chain((2..).map(|number| format!("{base}-{number}")))
            .find(|sku| !taken.contains(sku))
            .unwrap_or_else(|| base.clone());
        tried += 1;
        // Somebody may take the same code at the same moment: that insert alone is undone and the next free code tried.
        match scope.attempt(|scope| insert(scope, id, &sku, facts)) {
            Err(error)
                if tried < TRIES && error.constraint() == Some("products_tenant_id_sku_key") => {}
            inserted => return inserted.map(|()| sku),
        }
    }
}

fn insert(scope: &mut Scope, id: ProductId, sku: &str, facts: &Facts) -> Result<(), AppError> {
    let now = scope.now();
    scope.execute(diesel::insert_into(products::table).values((
        products::id.eq(id),
        products::sku.eq(sku),
        products::name.eq(&facts.name),
        products::name_hi.eq(&facts.name_hi),
        products::brand.eq(&facts.brand),
        products::category_id.eq(facts.category_id),
        products::description.eq(&facts.description),
        products::hsn.eq(&facts.hsn),
        products::tax_condition.eq(&facts.tax_condition),
        products::unit.eq(&facts.unit),
        products::pack_size.eq(facts.pack_size),
        products::pack_name.eq(&facts.pack_name),
        products::mrp.eq(facts.mrp),
        products::barcode.eq(&facts.barcode),
        products::weight_g.eq(facts.weight_g),
        products::status.eq(facts.status.code()),
        products::created_at.eq(now),
        products::updated_at.eq(now),
    )))?;
    Ok(())
}

/// Saves a product, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// As [`add`].
pub fn save(
    scope: &mut Scope,
    product: &Product,
    facts: &Facts,
    (price, version): (StandardPrice, DateTime<Utc>),
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = products::table.filter(
        products::tenant_id
            .eq(scope.tenant())
            .and(products::id.eq(product.id))
            .and(products::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        products::sku.eq(facts.sku.as_ref().unwrap_or(&product.sku)),
        products::name.eq(&facts.name),
        products::name_hi.eq(&facts.name_hi),
        products::brand.eq(&facts.brand),
        products::category_id.eq(facts.category_id),
        products::description.eq(&facts.description),
        products::hsn.eq(&facts.hsn),
        products::tax_condition.eq(&facts.tax_condition),
        products::unit.eq(&facts.unit),
        products::pack_size.eq(facts.pack_size),
        products::pack_name.eq(&facts.pack_name),
        products::mrp.eq(facts.mrp),
        products::barcode.eq(&facts.barcode),
        products::weight_g.eq(facts.weight_g),
        products::status.eq(facts.status.code()),
        products::updated_at.eq(now),
    )))?;
    if rows == 1
        && let StandardPrice::Now { price, .. } = price
    {
        set_standard_prices(scope, &[(product.id, price.as_decimal())])?;
    }
    Ok(rows == 1)
}

/// Sets what everybody pays for products, in rupees for a unit, from the first unit on: from today, or from the beginning for one that had no price. The same
/// price again writes nothing. One statement. These rows of the price lists are written here, because they are typed on the product's own
/// form and stand in the catalogue's file; all else about lists is done by `pricing`.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays, where they differ"
)]
pub fn set_standard_prices(
    scope: &mut Scope,
    prices: &[(ProductId, Decimal)],
) -> Result<(), AppError> {
    if prices.is_empty() {
        return Ok(());
    }
    let (products, amounts): (Vec<ProductId>, Vec<Decimal>) = prices.iter().copied().unzip();
    let (now, tenant) = (scope.now(), scope.tenant());
    scope.execute(
        diesel::sql_query(
            "insert into price_items (id, price_list_id, product_id, min_qty, valid_from, price, created_at, updated_at)
               select gen_random_uuid(), l.id, u.product_id, 0, case when was.price is null then date '2017-07-01' else $4 end, u.price, $5, $5
                 from unnest($2, $3) u(product_id, price)
                 join price_lists l on l.tenant_id = $1 and l.is_default
                 left join lateral (
                     select i.price from price_items i
                       where i.tenant_id = $1 and i.price_list_id = l.id and i.product_id = u.product_id and i.min_qty = 0 and i.valid_from <= $4
                       order by i.valid_from desc limit 1
                 ) was on true
                 where was.price is distinct from u.price
               on conflict (tenant_id, price_list_id, product_id, min_qty, valid_from) do update set price = excluded.price, updated_at = excluded.updated_at",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Numeric>, _>(amounts)
        .bind::<Date, _>(dates::today(now))
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// Sets whether a product is sold.
///
/// # Errors
/// `NotFound`; `Refused` when it has this status already.
pub fn set_status(scope: &mut Scope, id: ProductId, status: Status) -> Result<(), AppError> {
    let product = Product::lock(scope, id)?;
    if product.status() == status {
        let said = match status {
            Status::Active => Said::new("{sku} is active already."),
            Status::Upcoming => Said::new("{sku} is upcoming already."),
            Status::Discontinued => Said::new("{sku} is discontinued already."),
        };
        return Err(AppError::refused(said.with("sku", product.sku)));
    }
    let now = scope.now();
    let row = products::table.filter(
        products::tenant_id
            .eq(scope.tenant())
            .and(products::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        products::status.eq(status.code()),
        products::updated_at.eq(now),
    )))?;
    Ok(())
}
