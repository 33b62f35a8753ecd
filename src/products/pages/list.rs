//! The list of products, and one of them.

use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::ProductId;
use crate::kernel::language::Said;
use crate::platform::permissions::{EditProducts, ReadPrices, ReadProducts};
use crate::products::actions;
use crate::products::model::{Category, ListFacts, Picture, PriceLine, Product, StockLine};
use crate::products::rules::Status;
use crate::products::views::{ListPage, ShowPage, sheet};
use crate::tax::model::Rates;
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use crate::web::{Allowed, Form};
use actix_web::web;

fn ids(products: &[Product]) -> Vec<ProductId> {
    products.iter().map(|product| product.id).collect()
}

pub async fn index(actor: Allowed<ReadProducts>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, tree, facts, views) = actor
        .read(move |scope| {
            let tree = Category::tree(scope)?;
            let found = Product::list(scope, &asked, &tree)?;
            let today = dates::today(scope.now());
            let facts = ListFacts::of(scope, &ids(&found.0.rows), today)?;
            let views = SavedView::of_list(scope, "products")?;
            Ok((found, tree, facts, views))
        })
        .await?;
    let view = ListPage::new(
        actor.shell(actor.lang().t("Products")),
        actor.lang(),
        (
            actor.pass.base(),
            actor.pass.may::<EditProducts>(),
            actor.pass.may::<ReadPrices>(),
        ),
        (&query, saved_views_of(&actor.pass, views)),
        found,
        (&tree, &facts),
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadProducts>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (rows, tree, facts) = actor
        .read(move |scope| {
            let tree = Category::tree(scope)?;
            let rows = Product::export(scope, &asked, &tree)?;
            let today = dates::today(scope.now());
            let facts = ListFacts::of(scope, &ids(&rows), today)?;
            Ok((rows, tree, facts))
        })
        .await?;
    let may_see_prices = actor.pass.may::<ReadPrices>();
    sheet(actor.lang(), rows, (&tree, &facts), may_see_prices).answer(query.get("format"))
}

pub async fn bulk(actor: Allowed<EditProducts>, form: Form<BulkForm>) -> Answer {
    let (status, said) = match form.0.action.as_str() {
        "active" => (Status::Active, Said::new("{count} made active.")),
        "discontinued" => (Status::Discontinued, Said::new("{count} discontinued.")),
        _ => return Err(AppError::NotFound),
    };
    let list = form.0.list(&format!("{}/products", actor.pass.base()));
    let next = actor
        .once(move |scope| {
            let ids = if form.0.is_all() {
                let tree = Category::tree(scope)?;
                Product::ids(scope, &list, &tree)?
            } else {
                form.0.ids()?.into_iter().map(ProductId::from).collect()
            };
            let mut outcome = Outcome::default();
            for id in ids {
                let done = actions::set_status(scope, id, status);
                outcome.note(id.uuid(), done)?;
            }
            Ok(outcome.next(&list, said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn show(actor: Allowed<ReadProducts>, path: web::Path<(String, String)>) -> Answer {
    let sku = path.into_inner().1;
    let may_see_prices = actor.pass.may::<ReadPrices>();
    let (product, about, today) = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            let (product, category) = Product::with_category(scope, &sku)?;
            let rates = Rates::on(scope, &[(&product.hsn, &product.tax_condition)], today)?;
            let rate = rates.of(&product.hsn, &product.tax_condition);
            let prices = if may_see_prices {
                Some(PriceLine::of(scope, product.id, today)?)
            } else {
                None
            };
            let stock = StockLine::of(scope, product.id)?;
            let pictures = Picture::all(scope, product.id)?;
            Ok(((product, category, rate), (prices, stock, pictures), today))
        })
        .await?;
    let view = ShowPage::new(
        actor.shell(product.0.name.clone()),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditProducts>(), today),
        product,
        about,
    );
    page::show(&actor.ctx, &view)
}
