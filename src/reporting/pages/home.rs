//! A retailer's home at one supplier.

use crate::error::AppError;
use crate::kernel::dates;
use crate::orders::model::Usual;
use crate::platform::permissions::{OrderAsShop, SeeBills, SeeShop, SeeShopOrders};
use crate::reporting::model::{Account, LastOrder, OnTheWay};
use crate::reporting::views::{HomePage, Shop};
use crate::web::Allowed;
use crate::web::page::{self, Answer};

/// So many of the products that a shop buys again and again stand on its home.
const USUAL: i64 = 6;

pub async fn home(actor: Allowed<SeeShop>) -> Answer {
    let (account, on_the_way, last, usual, today) = actor
        .read(|scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let today = dates::today(scope.now());
            Ok((
                Account::of(scope, customer, today)?,
                OnTheWay::to(scope, customer)?,
                LastOrder::of(scope, customer)?,
                Usual::of_customer(scope, customer, USUAL)?,
                today,
            ))
        })
        .await?;
    let shop = Shop {
        name: actor.pass.retailer.name.clone(),
        supplier: actor.pass.supplier.name.clone(),
        base: actor.pass.base(),
        may_order: actor.pass.may::<OrderAsShop>(),
        may_see_orders: actor.pass.may::<SeeShopOrders>(),
        may_see_bills: actor.pass.may::<SeeBills>(),
    };
    let view = HomePage::new(
        actor.shell(actor.lang().t("Home")),
        actor.lang(),
        shop,
        (account, on_the_way, last),
        (usual, today),
    );
    page::show(&actor.ctx, &view)
}
