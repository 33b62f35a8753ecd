//! Stock on hand, and one product's ledger.

use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::error::AppError;
use crate::inventory::actions;
use crate::inventory::forms::ReorderForm;
use crate::inventory::model::{Hold, Item, ItemLevel, Level, Move, MoveRow, Warehouse};
use crate::inventory::views::{ItemPage, StockPage, moves_sheet, stock_sheet};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{EditStock, ReadStock};
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::list::{ListQuery, Page};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadStock>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let warehouses = Warehouse::all(scope)?;
            let found = (Level::list(scope, &asked, &warehouses)?, warehouses);
            Ok((found, SavedView::of_list(scope, "stock")?))
        })
        .await?;
    let view = StockPage::new(
        actor.shell(actor.lang().t("Stock on hand")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditStock>()),
        (&query, saved_views_of(&actor.pass, views)),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadStock>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| {
            let warehouses = Warehouse::all(scope)?;
            Level::export(scope, &asked, &warehouses)
        })
        .await?;
    stock_sheet(actor.lang(), rows).answer(query.get("format"))
}

pub async fn export_moves(actor: Allowed<ReadStock>, query: ListQuery) -> Answer {
    let sku = query.get("sku").map(str::to_owned);
    let rows = actor.read(move |scope| Move::export(scope, sku)).await?;
    moves_sheet(actor.lang(), rows).answer(query.get("format"))
}

type Loaded = (Item, (Vec<ItemLevel>, Page<MoveRow>), Vec<Hold>);

fn load(scope: &mut Scope, sku: &str, query: &ListQuery) -> Result<Loaded, AppError> {
    let item = Item::by_sku(scope, sku)?;
    let ledger = item.ledger(scope, query)?;
    let holds = item.holds(scope)?;
    Ok((item, ledger, holds))
}

pub async fn show(
    actor: Allowed<ReadStock>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let (sku, asked) = (path.into_inner().1, query.clone());
    let loaded = actor.read(move |scope| load(scope, &sku, &asked)).await?;
    let view = ItemPage::new(
        actor.shell(loaded.0.name.clone()),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditStock>()),
        &query,
        loaded,
        &ReorderForm::default(),
    );
    page::show(&actor.ctx, &view)
}

pub async fn set_reorder(
    actor: Allowed<EditStock>,
    path: web::Path<(String, String)>,
    form: Form<ReorderForm>,
) -> Answer {
    let sku = path.into_inner().1;
    let (typed, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return reorder_again(&actor, sku, *form).await,
    };
    let (to, asked) = (format!("{}/stock/{sku}", actor.pass.base()), sku.clone());
    let code = form.warehouse.clone();
    let saved = actor
        .once(move |scope| {
            let item = Item::by_sku(scope, &asked)?;
            let warehouse = Warehouse::by_code(scope, &code)?;
            let place = (item.id, warehouse.id);
            if !actions::set_reorder(scope, place, typed.level, typed.was)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to)
                .saying(Said::new("The reorder level of {name} is saved.").with("name", item.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            reorder_again(&actor, sku, form).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

/// The page again, with what was typed; where nothing is wrong with that, with the level that somebody else set meanwhile.
async fn reorder_again(actor: &Allowed<EditStock>, sku: String, mut form: ReorderForm) -> Answer {
    let query = ListQuery::new(&format!("{}/stock/{sku}", actor.pass.base()), "");
    let asked = query.clone();
    let loaded = actor.read(move |scope| load(scope, &sku, &asked)).await?;
    let (_, (levels, _), _) = &loaded;
    if let Some(there) = levels.iter().find(|there| there.code == form.warehouse)
        && form.remarks.is_empty()
    {
        form.set_meanwhile(there.reorder_level);
    }
    let view = ItemPage::new(
        actor.shell(loaded.0.name.clone()),
        actor.lang(),
        (actor.pass.base(), true),
        &query,
        loaded,
        &form,
    );
    page::again(&actor.ctx, &view)
}
