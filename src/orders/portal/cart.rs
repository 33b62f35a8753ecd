//! Handlers of the cart and the checkout.

use super::{is_paused, shop};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::orders::actions::cart::{self as actions, Put};
use crate::orders::actions::{NewLine, Placing, Quote, Source, place as place_order, quote};
use crate::orders::forms::{CartForm, Checkout, Misread};
use crate::orders::model::{Address, CartLine, Good, Order, take_all};
use crate::orders::views::{CartFound, CartPage, GoodRow, RowChanged, cart_sum};
use crate::orders::{OrderError, ShortLine};
use crate::platform::db::Scope;
use crate::platform::permissions::{ManageShop, OrderAsShop};
use crate::web::layout::CartTile;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next, Wants};
use crate::web::{Allowed, Form};

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

fn apply(scope: &mut Scope, form: &CartForm) -> Result<(Put, Vec<Misread>), AppError> {
    let goods = Good::by_skus(scope, &form.skus())?;
    if goods.is_empty() && form.pressed().is_some() {
        return Err(AppError::NotFound);
    }
    let (mut wishes, misread) = form.wishes(&goods);
    wishes.extend(form.dropped());
    let mut put = actions::put(scope, goods, &wishes)?;
    for offer in &mut put.offers {
        let line = put
            .cart
            .iter()
            .find(|line| line.product_id == offer.good.id);
        offer.in_cart = line.map(|line| line.quantity.as_decimal());
    }
    let remarks = misread.iter().map(|one| (one.product, one.said.clone()));
    put.said.splice(0..0, remarks);
    Ok((put, misread))
}

/// Changes quantities: a row of the catalogue, or the whole cart.
pub async fn change(actor: Allowed<OrderAsShop>, wants: Wants, form: Form<CartForm>) -> Answer {
    must_take_orders(&actor)?;
    let form = form.0;
    let asked = form.clone();
    let (put, misread) = actor.write(move |scope| apply(scope, &asked)).await?;
    if form.get("at") == "cart" {
        return changed_in_cart(&actor, &form, put, misread).await;
    }
    let shop = shop(&actor, &form.back(&actor.pass.base()));
    if wants == Wants::Fragment
        && let [offer] = put.offers.as_slice()
    {
        let view = RowChanged {
            row: GoodRow::new(&shop, offer, put.on(offer.good.id)).misread(misread.first()),
            cart: CartTile {
                href: format!("{}/cart", shop.base),
                content: Some(cart_sum(&put.cart)),
                has_bar: true,
            },
        };
        return if misread.is_empty() {
            page::show(&actor.ctx, &view)
        } else {
            page::again(&actor.ctx, &view)
        };
    }
    let to = match form.pressed() {
        Some(sku) => format!("{}#product-{sku}", shop.back),
        None => shop.back,
    };
    let mut next = Next::to(to);
    next.said = put.said.into_iter().next().map(|(_, said)| said);
    Ok(page::go(&actor.ctx, next))
}

/// Back to the cart, with all that was typed into the checkout.
async fn changed_in_cart(
    actor: &Allowed<OrderAsShop>,
    form: &CartForm,
    put: Put,
    misread: Vec<Misread>,
) -> Answer {
    // What was changed of a wish stands on its line, not in a message that goes away.
    if !put.said.is_empty() {
        let gone = gone(&put);
        return again(actor, form.checkout(), (gone, put.said, misread)).await;
    }
    let mut to = format!("{}/cart", actor.pass.base());
    let query = form.checkout().query();
    if !query.is_empty() {
        to = format!("{to}?{query}");
    }
    if let Some(sku) = form.pressed() {
        to = format!("{to}#product-{sku}");
    }
    Ok(page::go(&actor.ctx, Next::to(to)))
}

/// What is said about a product that has no line in the cart any more.
fn gone(put: &Put) -> Option<Said> {
    let is_in = |id: &ProductId| put.cart.iter().any(|line| line.product_id == *id);
    let (id, said) = put.said.iter().find(|(id, _)| !is_in(id))?;
    let offer = put.offers.iter().find(|offer| offer.good.id == *id)?;
    Some(
        Said::new("{name}: {words}")
            .with("name", &offer.good.name)
            .with("words", said),
    )
}

fn quote_of(scope: &mut Scope, lines: &[CartLine], checkout: &Checkout) -> Result<Quote, AppError> {
    let wanted: Vec<NewLine> = lines
        .iter()
        .map(|line| NewLine {
            product: line.product_id,
            quantity: line.quantity,
            price: None,
        })
        .collect();
    quote(
        scope,
        actions::customer(scope)?,
        checkout.address(),
        &wanted,
    )
}

fn find(scope: &mut Scope, checkout: &Checkout) -> Result<CartFound, AppError> {
    let customer = actions::customer(scope)?;
    let cart = CartLine::of_customer(scope, customer)?;
    let quote = quote_of(scope, &cart, checkout)?;
    let ids: Vec<ProductId> = cart.iter().map(|line| line.product_id).collect();
    Ok(CartFound {
        goods: Good::by_ids(scope, &ids)?,
        addresses: Address::of_customer(scope, customer)?,
        today: dates::today(scope.now()),
        quote,
        cart,
    })
}

pub async fn show(actor: Allowed<OrderAsShop>, query: ListQuery) -> Answer {
    let get = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let checkout = Checkout {
        ship_to: get("ship_to"),
        wanted_on: get("wanted_on"),
        po_number: get("po_number"),
        note: get("note"),
        ..Checkout::default()
    };
    let asked = checkout.clone();
    let found = actor.read(move |scope| find(scope, &asked)).await?;
    let page = view(&actor, &found, &checkout, (None, &[], &[]));
    page::show(&actor.ctx, &page)
}

fn view(
    actor: &Allowed<OrderAsShop>,
    found: &CartFound,
    checkout: &Checkout,
    said: (Option<Said>, &[(ProductId, Said)], &[Misread]),
) -> CartPage {
    let mut shell = actor.shell(actor.lang().t("Cart"));
    if let Some(tile) = &mut shell.cart {
        tile.content = Some(cart_sum(&found.cart));
    }
    let shop = shop(actor, &format!("{}/cart", actor.pass.base()));
    let may_manage = actor.pass.may::<ManageShop>();
    CartPage::new(shell, (&shop, may_manage), found, checkout, said)
}

/// The cart again, with what is wrong.
async fn again(
    actor: &Allowed<OrderAsShop>,
    checkout: Checkout,
    (said, lines, misread): (Option<Said>, Vec<(ProductId, Said)>, Vec<Misread>),
) -> Answer {
    let asked = checkout.clone();
    let found = actor.read(move |scope| find(scope, &asked)).await?;
    let page = view(actor, &found, &checkout, (said, &lines, &misread));
    page::again(&actor.ctx, &page)
}

fn order(
    scope: &mut Scope,
    (base, buyer): (&str, &str),
    form: &CartForm,
) -> Result<Next, AppError> {
    let customer = actions::customer(scope)?;
    let delivery = form
        .checkout()
        .parse(dates::today(scope.now()))
        .map_err(|_| AppError::refused(look_again()))?;
    let lines: Vec<NewLine> = take_all(scope, customer)?
        .into_iter()
        .map(|(product, quantity)| NewLine {
            product,
            quantity,
            price: None,
        })
        .collect();
    if lines.is_empty() {
        let last = Order::last_of(scope, customer)?;
        return Err(AppError::refused(match last {
            Some(number) => {
                Said::new("This cart was ordered already, as {number}.").with("number", number)
            }
            None => Said::new("The cart is empty. Add products first."),
        }));
    }
    let placing = Placing {
        customer,
        lines,
        ship_to: delivery.ship_to,
        po_number: delivery.po_number,
        note: delivery.note,
        wanted_on: delivery.wanted_on,
        source: Source::Portal,
        placed_by: buyer.to_owned(),
        draft: None,
        // A form of ours always says what it showed; one that does not is asked to look.
        shown: Some(form.shown().unwrap_or_default()),
    };
    let placed = place_order(scope, &placing).map_err(|error| match error {
        // How much there is, in packs, stands on the lines.
        OrderError::Short(lines) => AppError::refused(short(&lines)),
        error => error.into(),
    })?;
    Ok(Next::to(format!(
        "{base}/orders/{}?placed=1",
        placed.number
    )))
}

/// Places the order: one cart, one order, however often and from wherever the form comes.
pub async fn place(actor: Allowed<OrderAsShop>, form: Form<CartForm>) -> Answer {
    must_take_orders(&actor)?;
    let form = form.0;
    if form.has_new_quantities() {
        let asked = form.clone();
        let (put, misread) = actor.write(move |scope| apply(scope, &asked)).await?;
        let said = if misread.is_empty() {
            Said::new("Quantities changed. Look at the total, then place the order.")
        } else {
            look_again()
        };
        return again(&actor, form.checkout(), (Some(said), put.said, misread)).await;
    }
    let (base, buyer) = (actor.pass.base(), actor.pass.person.name.clone());
    let checkout = form.checkout();
    let placed = actor
        .once(move |scope| order(scope, (&base, &buyer), &form))
        .await;
    match placed {
        Err(AppError::Refused(said)) => refused(&actor, checkout, said).await,
        placed => Ok(page::go(&actor.ctx, placed?)),
    }
}

fn short(lines: &[ShortLine]) -> Said {
    let name = lines.first().map_or("", |line| &line.name);
    match lines.len() {
        0 | 1 => Said::new("There is not enough of {name}. Its line says what there is."),
        _ => Said::new(
            "There is not enough of {name} and of other products. Their lines say what there is.",
        ),
    }
    .with("name", name)
}

fn look_again() -> Said {
    Said::new("Look at the fields that are marked.")
}

/// What an order was refused for is shown in the cart, line by line; where nothing is in the cart any more, in words.
async fn refused(actor: &Allowed<OrderAsShop>, checkout: Checkout, said: Said) -> Answer {
    let asked = checkout.clone();
    let found = actor.read(move |scope| find(scope, &asked)).await?;
    if found.cart.is_empty() {
        return Err(AppError::Refused(said));
    }
    let (checkout, said) = match checkout.clone().parse(found.today) {
        Err(remarked) => (*remarked, None),
        Ok(_) => (checkout, Some(said)),
    };
    let page = view(actor, &found, &checkout, (said, &[], &[]));
    page::again(&actor.ctx, &page)
}
