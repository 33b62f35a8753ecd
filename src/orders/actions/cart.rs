//! The verbs of carts.

use crate::error::AppError;
use crate::kernel::ids::{CartId, CustomerId, ProductId};
use crate::kernel::language::Said;
use crate::kernel::quantity::Quantity;
use crate::orders::model::{CartLine, MOST_LINES, Offer, lock_cart};
use crate::orders::packs::{self, Pack};
use crate::platform::db::Scope;
use crate::platform::db::schema::{cart_lines, carts};
use crate::tax::rules;
use diesel::prelude::*;
use diesel::upsert::excluded;
use rust_decimal::Decimal;
use uuid::Uuid;

/// How many units of a product shall lie in the cart; none takes it out.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The product.
    pub product: ProductId,
    /// Units.
    pub units: Decimal,
}

/// The customer for whom a buyer acts.
///
/// # Errors
/// `NotFound` when the company itself acts.
pub fn customer(scope: &Scope) -> Result<CustomerId, AppError> {
    scope.member().customer().ok_or(AppError::NotFound)
}

/// The customer's cart, made if there is none, locked until the end.
fn open(scope: &mut Scope, customer: CustomerId) -> Result<CartId, AppError> {
    let now = scope.now();
    scope.execute(
        diesel::insert_into(carts::table)
            .values((
                carts::id.eq(CartId::new()),
                carts::customer_id.eq(customer),
                carts::updated_at.eq(now),
            ))
            .on_conflict((carts::tenant_id, carts::customer_id))
            .do_nothing(),
    )?;
    lock_cart(scope, customer)?.ok_or(AppError::NotFound)
}

/// Puts products into the cart at the quantities wished for, in whole packs and no more than there is; the same wish again changes
/// nothing. Gives back what was changed of each wish, in words.
///
/// # Errors
/// `Refused` for what can't be ordered, and for a cart that is full.
pub fn put(
    scope: &mut Scope,
    offers: &[Offer],
    wishes: &[Wish],
) -> Result<Vec<(ProductId, Said)>, AppError> {
    let customer = customer(scope)?;
    let (cart, now) = (open(scope, customer)?, scope.now());
    let (mut said, mut gone, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for wish in wishes {
        let Some(offer) = offers.iter().find(|offer| offer.good.id == wish.product) else {
            continue;
        };
        if wish.units.is_zero() {
            gone.push(wish.product);
            continue;
        }
        let (Some(price), Some(rate), true) =
            (offer.unit_price(), offer.fact.rate, offer.is_orderable())
        else {
            gone.push(wish.product);
            said.push((
                wish.product,
                Said::new("{name} can't be ordered now.").with("name", &offer.good.name),
            ));
            continue;
        };
        let taken = packs::fit(wish.units, Pack::of(&offer.good), offer.fact.free);
        if let Some(words) = taken.said {
            said.push((wish.product, words));
        }
        let Some(quantity) = Quantity::new(taken.units) else {
            gone.push(wish.product);
            continue;
        };
        // For the bar below a list the halves of the tax don't matter, only what it comes to.
        let sum = rules::line(price, offer.includes_tax(), quantity, rate, false).total;
        rows.push((
            cart_lines::id.eq(Uuid::now_v7()),
            cart_lines::cart_id.eq(cart),
            cart_lines::customer_id.eq(customer),
            cart_lines::product_id.eq(wish.product),
            cart_lines::quantity.eq(quantity),
            cart_lines::seen_price.eq(price),
            cart_lines::seen_rate.eq(rate.gst),
            cart_lines::seen_total.eq(sum),
            cart_lines::created_at.eq(now),
            cart_lines::updated_at.eq(now),
        ));
    }
    if !rows.is_empty() {
        scope.execute(
            diesel::insert_into(cart_lines::table)
                .values(rows)
                .on_conflict((
                    cart_lines::tenant_id,
                    cart_lines::cart_id,
                    cart_lines::product_id,
                ))
                .do_update()
                .set((
                    cart_lines::quantity.eq(excluded(cart_lines::quantity)),
                    cart_lines::seen_price.eq(excluded(cart_lines::seen_price)),
                    cart_lines::seen_rate.eq(excluded(cart_lines::seen_rate)),
                    cart_lines::seen_total.eq(excluded(cart_lines::seen_total)),
                    cart_lines::updated_at.eq(excluded(cart_lines::updated_at)),
                )),
        )?;
    }
    if !gone.is_empty() {
        take_out(scope, cart, &gone)?;
    }
    Ok(said)
}

fn take_out(scope: &mut Scope, cart: CartId, products: &[ProductId]) -> Result<(), AppError> {
    let rows = cart_lines::table.filter(
        cart_lines::tenant_id
            .eq(scope.tenant())
            .and(cart_lines::cart_id.eq(cart))
            .and(cart_lines::product_id.eq_any(products)),
    );
    scope.execute(diesel::delete(rows))?;
    Ok(())
}

/// What lies in the cart after a change.
///
/// # Errors
/// `Refused` when it holds more products than an order can.
pub fn contents(scope: &mut Scope) -> Result<Vec<CartLine>, AppError> {
    let customer = customer(scope)?;
    let lines = CartLine::of_customer(scope, customer)?;
    if lines.len() > MOST_LINES {
        return Err(AppError::refused(
            Said::new("A cart holds {most} products. Order these first.")
                .with("most", MOST_LINES),
        ));
    }
    Ok(lines)
}

/// Empties the cart that was ordered; the caller holds its lock.
///
/// # Errors
/// When the database refuses.
pub fn empty(scope: &mut Scope, customer: CustomerId) -> Result<(), AppError> {
    let rows = cart_lines::table.filter(
        cart_lines::tenant_id
            .eq(scope.tenant())
            .and(cart_lines::customer_id.eq(customer)),
    );
    scope.execute(diesel::delete(rows))?;
    Ok(())
}
