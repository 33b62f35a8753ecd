//! The retailer's side: catalogue, cart, orders.

mod cart;
mod catalogue;
mod orders;
mod pad;

use super::views::Shop;
use crate::platform::permissions::{OrderAsShop, Permission};
use crate::web::allowed::Buyer;
use crate::web::{Allowed, Routes};

/// Where a shop's addresses at a supplier begin.
const AT: &str = "/r/{retailer}/{supplier}";

/// The portal's catalogue, cart and orders.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("{AT}{rest}");
    r.page(&at("/catalogue"), catalogue::index);
    r.page(&at("/catalogue/{category}"), catalogue::category);
    r.page(&at("/p/{sku}"), catalogue::product);
    r.page(&at("/cart"), cart::show);
    r.change(&at("/cart/items"), cart::change);
    r.page(&at("/order-pad"), pad::show);
    r.change(&at("/order-pad"), pad::fill);
    r.page(&at("/orders"), orders::index);
    r.change(&at("/orders"), cart::place);
    r.page(&at("/orders/{no}"), orders::show);
    r.page(&at("/orders/{no}/again"), orders::ask_again);
    r.change(&at("/orders/{no}/again"), orders::again);
}

/// Who looks, and the page to come back to.
fn shop<P: Permission<Door = crate::platform::permissions::Shop>>(
    actor: &Allowed<P>,
    back: &str,
) -> Shop {
    Shop {
        base: actor.pass.base(),
        lang: actor.lang(),
        may_order: actor.pass.may::<OrderAsShop>() && !is_paused(&actor.pass),
        back: back.to_owned(),
    }
}

/// Whether the supplier takes no orders from this shop for now.
fn is_paused(buyer: &Buyer) -> bool {
    buyer.supplier.connection == "paused"
}
