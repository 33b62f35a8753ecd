//! Handlers of the cart.

use super::{is_paused, shop};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::orders::actions::cart::{self as actions, Wish};
use crate::orders::forms::CartForm;
use crate::orders::model::{CartLine, Good, Offer};
use crate::orders::views::{GoodRow, RowChanged, cart_sum};
use crate::platform::db::Scope;
use crate::platform::permissions::OrderAsShop;
use crate::web::layout::CartTile;
use crate::web::page::{self, Answer, Next, Wants};
use crate::web::{Allowed, Form};

/// What became of a change: the products with their new quantities, what was said of each, the whole cart.
struct Changed {
    offers: Vec<Offer>,
    said: Vec<(crate::kernel::ids::ProductId, Said)>,
    cart: Vec<CartLine>,
}

fn apply(scope: &mut Scope, form: &CartForm) -> Result<Changed, AppError> {
    let goods = Good::by_skus(scope, &form.skus())?;
    if goods.is_empty() {
        return Err(AppError::NotFound);
    }
    let (wishes, mut said) = form.wishes(&goods);
    let lines: Vec<CartLine> = Vec::new();
    let offers = Offer::at(scope, goods, &lines, &wishes)?;
    said.extend(actions::put(scope, &offers, &wishes)?);
    let cart = actions::contents(scope)?;
    let offers = offers
        .into_iter()
        .map(|mut offer| {
            offer.in_cart = cart
                .iter()
                .find(|line| line.product_id == offer.good.id)
                .map(|line| line.quantity.as_decimal());
            offer
        })
        .collect();
    Ok(Changed { offers, said, cart })
}

/// A supplier that takes no orders from this shop takes nothing into the cart either.
pub(super) fn must_take_orders(actor: &Allowed<OrderAsShop>) -> Result<(), AppError> {
    if is_paused(&actor.pass) {
        return Err(AppError::refused(
            Said::new("{company} takes no orders from you for now. Ask your salesperson.")
                .with("company", &actor.pass.supplier.name),
        ));
    }
    Ok(())
}

pub async fn change(actor: Allowed<OrderAsShop>, wants: Wants, form: Form<CartForm>) -> Answer {
    must_take_orders(&actor)?;
    let form = form.0;
    let back = form.back(&actor.pass.base());
    let anchor = form.skus();
    let changed = actor.write(move |scope| apply(scope, &form)).await?;
    let shop = shop(&actor, &back);
    let said = changed.said.first().map(|(_, said)| said.clone());
    if wants == Wants::Fragment
        && let [offer] = changed.offers.as_slice()
    {
        let view = RowChanged {
            row: GoodRow::new(&shop, offer, said.as_ref()),
            cart: CartTile {
                href: format!("{}/cart", shop.base),
                content: Some(cart_sum(&changed.cart)),
                has_bar: true,
            },
        };
        return page::show(&actor.ctx, &view);
    }
    let to = match anchor.as_slice() {
        [sku] => format!("{back}#product-{sku}"),
        _ => back,
    };
    let mut next = Next::to(to);
    next.said = said;
    Ok(page::go(&actor.ctx, next))
}
