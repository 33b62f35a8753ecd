//! Pictures of products: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{FileId, PictureId, ProductId};
use crate::platform::db::Scope;
use crate::platform::db::schema::product_pictures;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// A picture of a product, in two sizes.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = product_pictures)]
pub struct Picture {
    /// The picture.
    pub id: PictureId,
    /// The product.
    pub product_id: ProductId,
    /// 128 pixels.
    pub small_file_id: FileId,
    /// 640 pixels.
    pub large_file_id: FileId,
    /// Order among the product's pictures.
    pub position: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Picture {
    fn of<'q>(scope: &Scope) -> product_pictures::BoxedQuery<'q, Pg> {
        product_pictures::table
            .filter(product_pictures::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// A product's pictures in their order; at most 20, which is all there may be.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope, product: ProductId) -> Result<Vec<Self>, AppError> {
        let rows = Self::of(scope)
            .filter(product_pictures::product_id.eq(product))
            .order((product_pictures::position, product_pictures::id))
            .limit(20)
            .select(Self::as_select());
        Ok(scope.load(rows)?)
    }

    /// A picture of a product.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, product: ProductId, id: PictureId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(product_pictures::product_id.eq(product))
            .filter(product_pictures::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }
}
