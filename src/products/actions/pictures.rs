//! The verbs of pictures: add, put first, remove.

use crate::error::AppError;
use crate::kernel::ids::{FileId, PictureId, ProductId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::{product_pictures, products};
use crate::platform::files;
use crate::products::model::{Picture, Product};
use diesel::prelude::*;

/// Most pictures of a product.
pub const MOST_PICTURES: usize = 8;

fn lead(scope: &mut Scope, product: ProductId, first: Option<PictureId>) -> Result<(), AppError> {
    // The version of the product's form stays: a picture is no field of it.
    let row = products::table.filter(
        products::tenant_id
            .eq(scope.tenant())
            .and(products::id.eq(product)),
    );
    scope.execute(diesel::update(row).set(products::picture_id.eq(first)))?;
    Ok(())
}

/// Adds a picture whose two files wait in the store; the first one leads.
///
/// # Errors
/// `NotFound`; `Refused` when there are enough.
pub fn add_picture(
    scope: &mut Scope,
    product: ProductId,
    (small, large): (FileId, FileId),
) -> Result<(), AppError> {
    let product = Product::lock(scope, product)?;
    let all = Picture::all(scope, product.id)?;
    if all.len() >= MOST_PICTURES {
        return Err(AppError::refused(
            Said::new("A product has {most} pictures at most. Remove one first.")
                .with("most", MOST_PICTURES),
        ));
    }
    let position = all
        .iter()
        .map(|picture| picture.position)
        .max()
        .unwrap_or(-1)
        + 1;
    let (id, now) = (PictureId::new(), scope.now());
    scope.execute(diesel::insert_into(product_pictures::table).values((
        product_pictures::id.eq(id),
        product_pictures::product_id.eq(product.id),
        product_pictures::small_file_id.eq(small),
        product_pictures::large_file_id.eq(large),
        product_pictures::position.eq(position),
        product_pictures::created_at.eq(now),
    )))?;
    files::keep(scope, &[small, large])?;
    if product.picture_id.is_none() {
        lead(scope, product.id, Some(id))?;
    }
    Ok(())
}

/// Makes a picture the product's first one.
///
/// # Errors
/// `NotFound`.
pub fn put_first(scope: &mut Scope, product: ProductId, id: PictureId) -> Result<(), AppError> {
    let product = Product::lock(scope, product)?;
    let picture = Picture::find(scope, product.id, id)?;
    let least = Picture::all(scope, product.id)?
        .iter()
        .map(|picture| picture.position)
        .min()
        .unwrap_or(0);
    let row = product_pictures::table.filter(
        product_pictures::tenant_id
            .eq(scope.tenant())
            .and(product_pictures::id.eq(picture.id)),
    );
    scope.execute(diesel::update(row).set(product_pictures::position.eq(least - 1)))?;
    lead(scope, product.id, Some(picture.id))
}

/// Removes a picture; the next one leads, and housekeeping takes its files.
///
/// # Errors
/// `NotFound`.
pub fn remove_picture(
    scope: &mut Scope,
    product: ProductId,
    id: PictureId,
) -> Result<(), AppError> {
    let product = Product::lock(scope, product)?;
    let picture = Picture::find(scope, product.id, id)?;
    if product.picture_id == Some(id) {
        let next = Picture::all(scope, product.id)?
            .into_iter()
            .find(|other| other.id != id)
            .map(|other| other.id);
        lead(scope, product.id, next)?;
    }
    let row = product_pictures::table.filter(
        product_pictures::tenant_id
            .eq(scope.tenant())
            .and(product_pictures::id.eq(id)),
    );
    scope.execute(diesel::delete(row))?;
    files::let_go(scope, &[picture.small_file_id, picture.large_file_id])
}
