//! Handlers of the order pad.

use super::cart::must_take_orders;
use super::catalogue::with_cart;
use super::shop;
use crate::error::AppError;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::orders::actions::cart::{self as actions, Wish};
use crate::orders::forms::{PadForm, PadLine, pad_lines};
use crate::orders::model::{CartLine, Good, Offer, Usual};
use crate::orders::packs::{self, Bare, Pack};
use crate::orders::views::{PadPage, Pasted};
use crate::platform::db::Scope;
use crate::platform::permissions::OrderAsShop;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use std::collections::HashMap;

/// So many products are ready to be ordered again.
const USUAL: i64 = 60;

/// The usual products with their last quantities, and the cart.
struct Found {
    usual: Vec<Usual>,
    offers: Vec<Offer>,
    cart: Vec<CartLine>,
}

fn find(scope: &mut Scope) -> Result<Found, AppError> {
    let customer = actions::customer(scope)?;
    let usual = Usual::of_customer(scope, customer, USUAL)?;
    let ids: Vec<ProductId> = usual.iter().map(|one| one.product_id).collect();
    let cart = CartLine::of_customer(scope, customer)?;
    let goods = Good::by_ids(scope, &ids)?;
    Ok(Found {
        offers: Offer::of(scope, goods, &cart)?,
        usual,
        cart,
    })
}

pub async fn show(actor: Allowed<OrderAsShop>) -> Answer {
    let found = actor.read(find).await?;
    page::show(&actor.ctx, &view(&actor, &found, Pasted::default()))
}

fn view(actor: &Allowed<OrderAsShop>, found: &Found, pasted: Pasted) -> PadPage {
    let shell = with_cart(actor.shell(actor.lang().t("Order pad")), &found.cart);
    let shop = shop(actor, &format!("{}/order-pad", actor.pass.base()));
    PadPage::new(shell, &shop, (&found.usual, &found.offers), pasted)
}

/// What the lines name, each once however often it stands there, and where among that each line's is.
fn looked_for(lines: &[PadLine]) -> (Vec<String>, Vec<usize>) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut words: Vec<String> = Vec::new();
    let mut places = Vec::with_capacity(lines.len());
    for line in lines {
        let place = *known.entry(line.what.as_str()).or_insert_with(|| {
            words.push(line.what.clone());
            words.len() - 1
        });
        places.push(place);
    }
    (words, places)
}

/// What became of the pasted lines: wishes for what is clear, the rest with what is wrong.
fn read_list(
    scope: &mut Scope,
    lines: Vec<PadLine>,
    known: &mut Vec<Good>,
) -> Result<(Vec<Wish>, Pasted), AppError> {
    let (mut wishes, mut pasted): (Vec<Wish>, Pasted) = Default::default();
    let (words, places) = looked_for(&lines);
    let meant = if words.is_empty() {
        Vec::new()
    } else {
        Good::meant(scope, &words)?
    };
    let ids: Vec<ProductId> = meant.iter().map(|one| one.1).collect();
    if !ids.is_empty() {
        let more = Good::by_ids(scope, &ids)?;
        known.extend(more);
        known.sort_by_key(|good| good.id);
        known.dedup_by_key(|good| good.id);
    }
    for (place, line) in places.into_iter().zip(lines) {
        let choices: Vec<&Good> = meant
            .iter()
            .filter(|one| one.0 == place)
            .filter_map(|one| known.iter().find(|good| good.id == one.1))
            .collect();
        match choices.as_slice() {
            [] => pasted.unknown(line, Said::new("No product fits this.")),
            [good] => match packs::parse(&line.quantity, Pack::of(good), Bare::Units) {
                Ok(units) if units.is_zero() => {
                    pasted.unknown(line, Said::new("Write a quantity behind the code."));
                }
                Ok(units) => add(&mut wishes, good.id, units),
                Err(said) => pasted.unknown(line, said),
            },
            several => pasted.ambiguous(line, several),
        }
    }
    Ok((wishes, pasted))
}

/// The same product twice in a list is wanted twice.
fn add(wishes: &mut Vec<Wish>, product: ProductId, units: rust_decimal::Decimal) {
    match wishes.iter_mut().find(|wish| wish.product == product) {
        Some(wish) => wish.units += units,
        None => wishes.push(Wish { product, units }),
    }
}

fn apply(scope: &mut Scope, form: &PadForm) -> Result<Pasted, AppError> {
    let rows = form.rows();
    let mut goods = Good::by_skus(scope, &rows.skus())?;
    let (wishes, misread) = rows.wishes(&goods);
    let picked = rows.picks();
    let (mut lines, rest) = pad_lines(form.list());
    lines.extend(picked);
    let (listed, mut pasted) = read_list(scope, lines, &mut goods)?;
    pasted.rest = rest;
    // What is pasted counts before what stands in a row.
    let mut all = listed.clone();
    all.extend(
        wishes
            .into_iter()
            .filter(|wish| !listed.iter().any(|one| one.product == wish.product)),
    );
    let put = actions::put(scope, goods, &all)?;
    pasted.added = listed
        .iter()
        .filter(|wish| put.cart.iter().any(|line| line.product_id == wish.product))
        .count();
    pasted.misread = misread;
    for (id, said) in put.said {
        let name = put
            .offers
            .iter()
            .find(|offer| offer.good.id == id)
            .map(|offer| offer.good.name.clone());
        pasted.said(name.unwrap_or_default(), id, said);
    }
    Ok(pasted)
}

/// Puts the rows and the pasted list into the cart. What could not be read comes back, line by line.
pub async fn fill(actor: Allowed<OrderAsShop>, form: Form<PadForm>) -> Answer {
    must_take_orders(&actor)?;
    let form = form.0;
    let pasted = actor.write(move |scope| apply(scope, &form)).await?;
    if pasted.is_clear() {
        return Ok(page::go(
            &actor.ctx,
            Next::to(format!("{}/cart", actor.pass.base())),
        ));
    }
    let found = actor.read(find).await?;
    page::again(&actor.ctx, &view(&actor, &found, pasted))
}
