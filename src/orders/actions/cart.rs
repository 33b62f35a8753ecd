//! The verbs of carts.

use crate::error::AppError;
use crate::kernel::ids::{CartId, CustomerId, ProductId};
use crate::kernel::language::Said;
use crate::kernel::quantity::Quantity;
use crate::orders::model::{CartLine, Good, MOST_LINES, Offer, OrderLine, lock_cart};
use crate::orders::packs::{self, Pack};
use crate::platform::db::schema::{cart_lines, carts};
use crate::platform::db::{Scope, prepared};
use crate::tax::rules;
use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Timestamptz, Uuid as SqlUuid};
use rust_decimal::Decimal;
use std::collections::HashMap;
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

/// What became of wishes: the products as they are in the cart now, and what was changed of a wish, in words.
#[derive(Clone, Debug, Default)]
pub struct Put {
    /// The products, priced at what is in the cart.
    pub offers: Vec<Offer>,
    /// The product, and what is to be said about it.
    pub said: Vec<(ProductId, Said)>,
    /// The whole cart.
    pub cart: Vec<CartLine>,
}

impl Put {
    /// What is said about a product.
    pub fn on(&self, product: ProductId) -> Option<&Said> {
        self.said
            .iter()
            .find(|(id, _)| *id == product)
            .map(|(_, said)| said)
    }
}

/// Puts products into the cart at the quantities wished for, in whole packs and no more than there is; the same wish again changes
/// nothing. Nine statements, however many products.
///
/// # Errors
/// `Refused` for a cart that is full.
pub fn put(scope: &mut Scope, goods: Vec<Good>, wishes: &[Wish]) -> Result<Put, AppError> {
    let customer = customer(scope)?;
    let cart = open(scope, customer)?;
    let mut put = Put::default();
    // The stock decides the quantity, and the quantity the price: so it is asked twice.
    let first = Offer::at(scope, goods.clone(), &HashMap::new())?;
    let (mut gone, mut kept) = (Vec::new(), HashMap::new());
    for wish in wishes {
        let Some(offer) = first.iter().find(|offer| offer.good.id == wish.product) else {
            // What is not sold any more is no good that a buyer finds, and leaves the cart all the same.
            if wish.units.is_zero() {
                gone.push(wish.product);
            }
            continue;
        };
        match fit(offer, wish) {
            Ok((quantity, said)) => {
                put.said.extend(said.map(|said| (wish.product, said)));
                kept.insert(wish.product, quantity.as_decimal());
            }
            Err(said) => {
                put.said.extend(said.map(|said| (wish.product, said)));
                gone.push(wish.product);
            }
        }
    }
    put.offers = Offer::at(scope, goods, &kept)?;
    write(scope, (cart, customer), &put.offers)?;
    if !gone.is_empty() {
        take_out(scope, cart, &gone)?;
    }
    put.cart = contents(scope)?;
    Ok(put)
}

/// The quantity that can be had, or that there is none, each with what is to be said.
fn fit(offer: &Offer, wish: &Wish) -> Result<(Quantity, Option<Said>), Option<Said>> {
    let Some(units) = Quantity::new(wish.units) else {
        return Err(None);
    };
    if !offer.is_orderable() {
        let said = Said::new("{name} can't be ordered now.").with("name", &offer.good.name);
        return Err(Some(said));
    }
    let taken = packs::fit(units, Pack::of(&offer.good), offer.free());
    taken
        .units
        .map(|units| (units, taken.said.clone()))
        .ok_or(taken.said)
}

/// Writes the lines as they were shown.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert-or-update of many rows by arrays, kept prepared"
)]
fn write(
    scope: &mut Scope,
    (cart, customer): (CartId, CustomerId),
    offers: &[Offer],
) -> Result<(), AppError> {
    let now = scope.now();
    let (mut ids, mut products, mut quantities) = (Vec::new(), Vec::new(), Vec::new());
    let (mut prices, mut rates, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    for offer in offers {
        let shown = (
            offer.in_cart.and_then(Quantity::new),
            offer.unit_price(),
            offer.rate(),
        );
        let (Some(quantity), Some(price), Some(rate)) = shown else {
            continue;
        };
        ids.push(Uuid::now_v7());
        products.push(offer.good.id);
        quantities.push(quantity.as_decimal());
        prices.push(price.as_decimal());
        rates.push(rate.gst);
        // For the bar below a list the halves of the tax don't matter, only what it comes to.
        let sum = rules::line(price, offer.includes_tax(), quantity, rate, false).total;
        totals.push(sum.as_decimal());
    }
    if ids.is_empty() {
        return Ok(());
    }
    let statement = prepared(
        "insert into cart_lines (id, cart_id, customer_id, product_id, quantity, seen_price, seen_rate, seen_total, created_at, updated_at)
           select u.id, $1, $2, u.product, u.quantity, u.price, u.rate, u.total, $3, $3
             from unnest($4::uuid[], $5::uuid[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[]) u(id, product, quantity, price, rate, total)
           on conflict (tenant_id, cart_id, product_id) do update
             set quantity = excluded.quantity, seen_price = excluded.seen_price, seen_rate = excluded.seen_rate, seen_total = excluded.seen_total,
                 updated_at = excluded.updated_at",
    )
    .bind::<SqlUuid, _>(cart)
    .bind::<SqlUuid, _>(customer)
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(products)
    .bind::<Array<Numeric>, _>(quantities)
    .bind::<Array<Numeric>, _>(prices)
    .bind::<Array<Numeric>, _>(rates)
    .bind::<Array<Numeric>, _>(totals);
    scope.execute(statement)?;
    Ok(())
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
            Said::new("A cart holds {most} products. Order these first.").with("most", MOST_LINES),
        ));
    }
    Ok(lines)
}

/// Puts the products of an order into the cart again, as many units of each as were ordered, or as many as there are.
///
/// # Errors
/// `Refused` for a cart that is full.
pub fn fill(scope: &mut Scope, lines: &[OrderLine]) -> Result<Put, AppError> {
    let ids: Vec<ProductId> = lines.iter().map(|line| line.product_id).collect();
    let goods = Good::by_ids(scope, &ids)?;
    let wishes: Vec<Wish> = lines
        .iter()
        .map(|line| Wish {
            product: line.product_id,
            units: line.quantity,
        })
        .collect();
    put(scope, goods, &wishes)
}
