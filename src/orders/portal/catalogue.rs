//! Handlers of the catalogue.

use super::{is_paused, shop};
use crate::error::AppError;
use crate::kernel::dates;
use crate::orders::model::{Break, CartLine, Good, GoodsQuery, Offer, Shelf};
use crate::orders::views::{CataloguePage, GoodRow, ProductPage, Shop, cart_sum};
use crate::platform::db::Scope;
use crate::platform::permissions::SeeShop;
use crate::pricing::model::Step;
use crate::web::Allowed;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::page::{self, Answer};
use actix_web::web;

struct Found {
    shelves: Vec<Shelf>,
    current: Option<Shelf>,
    goods: Page<Offer>,
    cart: Vec<CartLine>,
}

/// What of the cart the page shows: whoever may not order has none.
fn cart_of(scope: &mut Scope, may_order: bool) -> Result<Vec<CartLine>, AppError> {
    if !may_order {
        return Ok(Vec::new());
    }
    crate::orders::actions::cart::contents(scope)
}

fn find(
    scope: &mut Scope,
    category: Option<&str>,
    query: &ListQuery,
    may_order: bool,
) -> Result<Found, AppError> {
    let shelves = Shelf::all(scope)?;
    let current = match category {
        None => None,
        Some(slug) => Some(
            shelves
                .iter()
                .find(|shelf| shelf.slug == slug)
                .cloned()
                .ok_or(AppError::NotFound)?,
        ),
    };
    let wanted = GoodsQuery {
        categories: current.as_ref().map(|shelf| shelf.with_children(&shelves)),
        search: query
            .search()
            .map(|words| words.chars().take(100).collect()),
    };
    let cart = cart_of(scope, may_order)?;
    let goods = Good::page(scope, &wanted, query)?;
    let goods = goods.try_map(|goods| Offer::of(scope, goods, &cart))?;
    Ok(Found {
        shelves,
        current,
        goods,
        cart,
    })
}

async fn list(actor: Allowed<SeeShop>, category: Option<String>, query: ListQuery) -> Answer {
    let back = query.marked();
    let back = if back.is_empty() {
        query.path().to_owned()
    } else {
        format!("{}?{back}", query.path())
    };
    let shop = shop(&actor, &back);
    let (asked, may_order) = (query.clone(), shop.may_order);
    let found = actor
        .read(move |scope| find(scope, category.as_deref(), &asked, may_order))
        .await?;
    let search = query.search();
    let heading = match (&found.current, search) {
        (Some(shelf), _) => shelf.name.clone(),
        (None, Some(_)) => actor.lang().t("Results").into_owned(),
        (None, None) => actor.lang().t("All products").into_owned(),
    };
    let mut shell = actor.shell(actor.lang().t("Catalogue"));
    shell.sought = search.unwrap_or_default().to_owned();
    let (chips, below) = CataloguePage::chips(&shop, &found.shelves, found.current.as_ref());
    let rows: Vec<GoodRow> = found
        .goods
        .rows
        .iter()
        .map(|offer| GoodRow::new(&shop, offer, None))
        .collect();
    let next = found.goods.pager(&query, actor.lang(), 0).next;
    let is_cut = found
        .goods
        .rows
        .first()
        .is_some_and(|offer| offer.good.is_one_of_more());
    let view = CataloguePage {
        end: CataloguePage::end(actor.lang(), next.is_none() && is_cut),
        shell: with_cart(shell, &found.cart),
        chips,
        below,
        heading,
        all_include_tax: !rows.is_empty() && found.goods.rows.iter().all(Offer::includes_tax),
        rows,
        is_paused: is_paused(&actor.pass),
        next,
        empty: CataloguePage::nothing(&shop, search),
    };
    page::show(&actor.ctx, &view)
}

/// The shell with what is in the cart.
pub(super) fn with_cart(mut shell: Shell, cart: &[CartLine]) -> Shell {
    if let Some(tile) = &mut shell.cart {
        tile.content = Some(cart_sum(cart));
        tile.has_bar = true;
    }
    shell
}

pub async fn index(actor: Allowed<SeeShop>, query: ListQuery) -> Answer {
    list(actor, None, query).await
}

pub async fn category(
    actor: Allowed<SeeShop>,
    path: web::Path<(String, String, String)>,
    query: ListQuery,
) -> Answer {
    list(actor, Some(path.into_inner().2), query).await
}

pub async fn product(actor: Allowed<SeeShop>, path: web::Path<(String, String, String)>) -> Answer {
    let sku = path.into_inner().2;
    let back = format!("{}/p/{sku}", actor.pass.base());
    let shop: Shop = shop(&actor, &back);
    let may_order = shop.may_order;
    let (offer, prices, cart) = actor
        .read(move |scope| {
            let good = Good::by_skus(scope, &[sku])?;
            let cart = cart_of(scope, may_order)?;
            let offer = Offer::of(scope, good, &cart)?.pop();
            let offer = offer.ok_or(AppError::NotFound)?;
            let quantity = offer.in_cart.unwrap_or(offer.good.pack_size);
            let breaks = Break::of_product(scope, offer.good.id, quantity)?;
            let day = dates::today(scope.now());
            let steps = Step::of_product(scope, offer.good.id, day)?;
            Ok((offer, (steps, breaks), cart))
        })
        .await?;
    let shell = with_cart(actor.shell(offer.good.called(actor.lang())), &cart);
    let prices = (prices.0.as_slice(), prices.1.as_slice());
    page::show(&actor.ctx, &ProductPage::new(shell, &shop, &offer, prices))
}
