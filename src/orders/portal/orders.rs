//! Handlers of a retailer's own orders.

use super::cart::must_take_orders;
use super::catalogue::with_cart;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::orders::actions::cart as actions;
use crate::orders::model::{CartLine, MY_STATES, Order, Parcel, QuoteLine, names_of};
use crate::orders::views::{AgainPage, OrderFound, ShopOrderPage, ShopOrdersPage, ShopRights};
use crate::platform::permissions::{OrderAsShop, PayBills, SeeShopOrders};
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type ShopPath = web::Path<(String, String, String)>;

pub async fn index(actor: Allowed<SeeShopOrders>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, parcels) = actor
        .read(move |scope| {
            let customer = actions::customer(scope)?;
            let found = Order::mine(scope, customer, &asked)?;
            let ids: Vec<_> = found.0.rows.iter().map(|order| order.id).collect();
            let parcels = Parcel::of_orders(scope, &ids)?;
            Ok((found, parcels))
        })
        .await?;
    let view = ShopOrdersPage::new(
        actor.shell(actor.lang().t("Orders")),
        (actor.lang(), actor.pass.base()),
        (&query, &MY_STATES),
        found,
        &parcels,
    );
    page::show(&actor.ctx, &view)
}

pub async fn show(actor: Allowed<SeeShopOrders>, path: ShopPath, query: ListQuery) -> Answer {
    let (number, lang) = (path.into_inner().2, actor.lang());
    let found = actor
        .read(move |scope| {
            let customer = actions::customer(scope)?;
            let order = Order::own(scope, customer, &number)?;
            let lines = order.lines(scope)?;
            Ok(OrderFound {
                names: names_of(scope, &lines, lang)?,
                lines,
                events: order.events(scope)?,
                parcels: Parcel::of_orders(scope, &[order.id])?,
                order,
            })
        })
        .await?;
    let is_new = query.get("placed").is_some();
    let may_cancel = actor.pass.may::<OrderAsShop>();
    let rights = ShopRights {
        supplier: &actor.pass.supplier.name,
        may_order: may_cancel && !super::is_paused(&actor.pass),
        may_cancel,
        may_pay: actor.pass.may::<PayBills>(),
    };
    let view = ShopOrderPage::new(
        actor.shell(found.order.number.clone()),
        (actor.lang(), actor.pass.base()),
        found,
        is_new,
        rights,
    );
    page::show(&actor.ctx, &view)
}

/// Fills the cart with an order's products; what is not as it was then is said line by line on the next page.
pub async fn again(actor: Allowed<OrderAsShop>, path: ShopPath, _form: Form<Nothing>) -> Answer {
    must_take_orders(&actor)?;
    let (number, base) = (path.into_inner().2, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let customer = actions::customer(scope)?;
            let order = Order::own(scope, customer, &number)?;
            let lines = order.lines(scope)?;
            let put = actions::fill(scope, &lines)?;
            let is_same = put.said.is_empty()
                && put.offers.len() == lines.len()
                && lines.iter().all(|line| {
                    put.offers.iter().any(|offer| {
                        offer.good.id == line.product_id && offer.unit_price() == Some(line.price)
                    })
                });
            if is_same {
                let said =
                    Said::new("The products of {number} are in the cart.").with("number", number);
                return Ok(Next::to(format!("{base}/cart")).saying(said));
            }
            Ok(Next::to(format!("{base}/orders/{number}/again")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// What of an order is in the cart, line by line, and what is different now.
pub async fn ask_again(actor: Allowed<OrderAsShop>, path: ShopPath) -> Answer {
    let (number, lang) = (path.into_inner().2, actor.lang());
    let (order, lines, now, cart, names) = actor
        .read(move |scope| {
            let customer = actions::customer(scope)?;
            let order = Order::own(scope, customer, &number)?;
            let lines = order.lines(scope)?;
            let cart = CartLine::of_customer(scope, customer)?;
            let asked: Vec<_> = lines
                .iter()
                .map(|line| (line.product_id, line.quantity))
                .collect();
            let day = crate::kernel::dates::today(scope.now());
            let now = QuoteLine::of(scope, customer, &asked, day)?;
            let names = names_of(scope, &lines, lang)?;
            Ok::<_, AppError>((order, lines, now, cart, names))
        })
        .await?;
    let title = actor
        .lang()
        .say(&Said::new("{number} again").with("number", &order.number));
    let view = AgainPage::new(
        with_cart(actor.shell(title), &cart),
        (actor.lang(), actor.pass.base()),
        &order,
        (&lines, &now, &cart),
        &names,
    );
    page::show(&actor.ctx, &view)
}
