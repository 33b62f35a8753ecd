//! The prices of one product in one list: quantity breaks and days.

use super::list_id;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::PriceListId;
use crate::kernel::language::Said;
use crate::kernel::money::UnitPrice;
use crate::platform::permissions::{EditPrices, Permission, ReadPrices};
use crate::pricing::actions;
use crate::pricing::forms::PriceForm;
use crate::pricing::model::{PriceItem, PriceList};
use crate::pricing::rules;
use crate::pricing::views::PricesPage;
use crate::products::model::Product;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type PricePath = web::Path<(String, String, String)>;

/// A price as forms carry it: no sign, no commas.
fn bare(price: UnitPrice) -> String {
    price.as_decimal().to_string()
}

/// The page. `form`: what was typed, or nothing to begin with the price that the address names; `there`: what somebody set meanwhile.
async fn view<P: Permission<Door = crate::platform::permissions::Company>>(
    actor: &Allowed<P>,
    (id, sku): (PriceListId, String),
    query: &ListQuery,
    (form, there): (Option<PriceForm>, Option<UnitPrice>),
) -> Result<PricesPage, AppError> {
    let (list, product, items, now) = actor
        .read(move |scope| {
            let list = PriceList::find(scope, id)?;
            let product = Product::by_sku(scope, &sku)?;
            let items = PriceItem::of_products(scope, id, &[product.id])?;
            Ok((list, product, items, scope.now()))
        })
        .await?;
    let today = dates::today(now);
    let form = form.unwrap_or_else(|| {
        let asked = items.iter().find(|item| {
            query.get("qty") == Some(item.min_qty.normalize().to_string().as_str())
                && query.get("day") == Some(item.valid_from.to_string().as_str())
        });
        match asked {
            Some(item) => PriceForm {
                min_qty: item.min_qty.normalize().to_string(),
                valid_from: item.valid_from.to_string(),
                price: bare(item.price),
                was: bare(item.price),
                ..PriceForm::default()
            },
            None => PriceForm {
                valid_from: today.to_string(),
                ..PriceForm::default()
            },
        }
    });
    let title = Said::new("{name} in {list}")
        .with("name", &product.name)
        .with("list", &list.name);
    let pass: &crate::web::allowed::Employee = &actor.pass;
    let may_edit = pass.may::<EditPrices>() && rules::may_change(&list).is_ok();
    Ok(PricesPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (&pass.base(), may_edit, today),
        (list, product, &items),
        (&form, there.map(|price| price.to_string())),
    ))
}

pub async fn show(actor: Allowed<ReadPrices>, path: PricePath, query: ListQuery) -> Answer {
    let (_, id, sku) = path.into_inner();
    let view = view(&actor, (list_id(&id)?, sku), &query, (None, None)).await?;
    page::show(&actor.ctx, &view)
}

/// Another price stands where one was to be written; nobody reads it, the form says more.
fn clash() -> Said {
    Said::new("Somebody set another price here meanwhile.")
}

pub async fn save(actor: Allowed<EditPrices>, path: PricePath, form: Form<PriceForm>) -> Answer {
    let (_, id, sku) = path.into_inner();
    let (id, nowhere) = (list_id(&id)?, ListQuery::default());
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let view = view(&actor, (id, sku), &nowhere, (Some(*form), None)).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let (base, asked, key) = (
        actor.pass.base(),
        sku.clone(),
        (new.min_qty, new.valid_from),
    );
    let saved = actor
        .once(move |scope| {
            let product = Product::by_sku(scope, &asked)?;
            if actions::set_price(scope, id, &product, &new)?.is_some() {
                return Err(AppError::refused(clash()));
            }
            Ok(
                Next::to(format!("{base}/price-lists/{id}/prices/{}", product.sku))
                    .saying(Said::new("The price is set.")),
            )
        })
        .await;
    let said = match saved {
        Err(AppError::Refused(said)) => said,
        saved => return Ok(page::go(&actor.ctx, saved?)),
    };
    let mut there = None;
    if said == clash() {
        let asked = sku.clone();
        let item = actor
            .read(move |scope| {
                let product = Product::by_sku(scope, &asked)?;
                PriceItem::at(scope, (id, product.id), key)
            })
            .await?;
        there = item.map(|item| item.price);
        form.was = there.map(bare).unwrap_or_default();
        form.remarks.add(
            "price",
            Said::new(
                "There is another price from this quantity and day on. Saving again replaces it.",
            ),
        );
    } else {
        form.remarks.add("price", said);
    }
    let view = view(&actor, (id, sku), &nowhere, (Some(form), there)).await?;
    page::again(&actor.ctx, &view)
}

pub async fn remove(actor: Allowed<EditPrices>, path: PricePath, form: Form<PriceForm>) -> Answer {
    let (_, id, sku) = path.into_inner();
    let (id, base) = (list_id(&id)?, actor.pass.base());
    let item = form
        .0
        .item
        .parse()
        .map_err(|_| AppError::refused(Said::new("This price is not there any more.")))?;
    let next = actor
        .once(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            actions::remove_price(scope, id, &product, item)?;
            Ok(
                Next::to(format!("{base}/price-lists/{id}/prices/{}", product.sku))
                    .saying(Said::new("The price is removed.")),
            )
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
