//! Products: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{CategoryId, PictureId, ProductId};
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::platform::db::Scope;
use crate::platform::db::schema::{categories, products};
use crate::products::rules::Status;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A product: everything but price, stock and rate of tax, which live elsewhere.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// Code that people say.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Name in Hindi.
    pub name_hi: Option<String>,
    /// Brand.
    pub brand: Option<String>,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// What the buyer should know.
    pub description: Option<String>,
    /// Code of goods.
    pub hsn: String,
    /// Which of several rates of the code.
    pub tax_condition: String,
    /// Unit quantity code that stock and prices count in.
    pub unit: String,
    /// Units in a pack.
    pub pack_size: Quantity,
    /// What a pack is called, or `None` when units are sold singly.
    pub pack_name: Option<String>,
    /// Maximum retail price of a unit with tax.
    pub mrp: Option<Money>,
    /// Barcode of a unit.
    pub barcode: Option<String>,
    /// Weight of a unit in grammes.
    pub weight_g: Option<i32>,
    /// upcoming, active or discontinued.
    pub status: String,
    /// Its first picture.
    pub picture_id: Option<PictureId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

impl Product {
    pub(super) fn of<'q>(scope: &Scope) -> products::BoxedQuery<'q, Pg> {
        products::table
            .filter(products::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The status; an unknown code can't come out of the database, which checks it.
    pub fn status(&self) -> Status {
        Status::from_code(&self.status).unwrap_or(Status::Discontinued)
    }

    /// Everything that is sold, by code, with the size of its pack; at most 10,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn on_sale(scope: &mut Scope) -> Result<Vec<(ProductId, rust_decimal::Decimal)>, AppError> {
        let rows = Self::of(scope)
            .filter(products::status.eq("active"))
            .order(products::sku)
            .limit(10_000)
            .select((products::id, products::pack_size));
        Ok(scope.load(rows)?)
    }

    /// The product with a code, however it is written.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_sku(scope: &mut Scope, sku: &str) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(products::sku.eq(sku.trim().to_uppercase()))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The product with a code, and the path of its category. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn with_category(scope: &mut Scope, sku: &str) -> Result<(Self, Option<String>), AppError> {
        let row = products::table
            .left_join(
                categories::table.on(categories::tenant_id
                    .eq(scope.tenant())
                    .and(categories::id.nullable().eq(products::category_id))),
            )
            .filter(products::tenant_id.eq(scope.tenant()))
            .filter(products::sku.eq(sku.trim().to_uppercase()))
            .select((Self::as_select(), categories::path.nullable()));
        Ok(scope.one(row)?)
    }

    /// The product with a code, if there is one: for what somebody typed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn with_sku(scope: &mut Scope, sku: &str) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(products::sku.eq(sku.trim().to_uppercase()))
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// The product.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: ProductId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(products::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Products by their ids, in the order of their ids; one that is not there is left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_ids(scope: &mut Scope, ids: &[ProductId]) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(products::id.eq_any(ids.to_vec()))
            .order(products::id)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// Products by their codes; one that is not there is left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_skus(scope: &mut Scope, skus: &[String]) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(products::sku.eq_any(skus.to_vec()))
            .order(products::id)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// The product, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: ProductId) -> Result<Self, AppError> {
        let row = products::table
            .filter(
                products::tenant_id
                    .eq(scope.tenant())
                    .and(products::id.eq(id)),
            )
            .for_no_key_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The product with a code, however it is written, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_by_sku(scope: &mut Scope, sku: &str) -> Result<Self, AppError> {
        let row = products::table
            .filter(
                products::tenant_id
                    .eq(scope.tenant())
                    .and(products::sku.eq(sku.trim().to_uppercase())),
            )
            .for_no_key_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// Codes that begin so; at most 1,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn skus_from(scope: &mut Scope, beginning: &str) -> Result<Vec<String>, AppError> {
        // Between the beginning and what sorts right behind it: an index serves that, and not a pattern.
        let rows = Self::of(scope)
            .filter(products::sku.ge(beginning.to_owned()))
            .filter(products::sku.lt(format!("{beginning}~")))
            .order(products::sku)
            .limit(1_000)
            .select(products::sku);
        Ok(scope.load(rows)?)
    }
}
