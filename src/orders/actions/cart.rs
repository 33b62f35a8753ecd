//! The verbs of carts.

use crate::error::AppError;
use crate::kernel::ids::{CartId, CustomerId, ProductId};
use crate::kernel::language::Said;
use crate::kernel::quantity::Quantity;
use crate::orders::model::{CartLine, Good, MOST_LINES, Offer, OrderLine, lock_cart};
use crate::orders::packs::{self, Pack};
use crate::platform::db::Scope;
use crate::platform::db::schema::{cart_lines, carts};
use crate::tax::rules;
use diesel::prelude::*;
use diesel::upsert::excluded;
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
fn write(
    scope: &mut Scope,
    (cart, customer): (CartId, CustomerId),
    offers: &[Offer],
) -> Result<(), AppError> {
    let now = scope.now();
    let rows: Vec<_> = offers
        .iter()
        .filter_map(|offer| {
            let quantity = offer.in_cart.and_then(Quantity::new)?;
            let (price, rate) = (offer.unit_price()?, offer.rate()?);
            // For the bar below a list the halves of the tax don't matter, only what it comes to.
            let sum = rules::line(price, offer.includes_tax(), quantity, rate, false).total;
            Some((
                cart_lines::id.eq(Uuid::now_v7()),
                cart_lines::cart_id.eq(cart),
                cart_lines::customer_id.eq(customer),
                cart_lines::product_id.eq(offer.good.id),
                cart_lines::quantity.eq(quantity),
                cart_lines::seen_price.eq(price),
                cart_lines::seen_rate.eq(rate.gst),
                cart_lines::seen_total.eq(sum),
                cart_lines::created_at.eq(now),
                cart_lines::updated_at.eq(now),
            ))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
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
