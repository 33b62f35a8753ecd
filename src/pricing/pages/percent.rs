//! A change of many prices by a percentage: a preview, then the change.

use super::list_id;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::PriceListId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditPrices;
use crate::pricing::actions;
use crate::pricing::forms::{PercentForm, TypedChange};
use crate::pricing::model::{Change, Preview, PriceList};
use crate::pricing::rules;
use crate::pricing::views::PercentPage;
use crate::products::model::Category;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type ListPath = web::Path<(String, String)>;

/// What is asked of a list.
fn change(scope: &mut Scope, list: &PriceList, typed: &TypedChange) -> Result<Change, AppError> {
    let source = if typed.is_from_standard && !list.is_default {
        let standard = PriceList::standard(scope)?;
        rules::may_take_from(list, &standard).map_err(AppError::refused)?;
        standard.id
    } else {
        list.id
    };
    let tree = Category::tree(scope)?;
    let top = tree
        .iter()
        .find(|category| Some(category.id) == typed.category);
    let categories = match (typed.category, top) {
        (None, _) => Vec::new(),
        (Some(_), Some(top)) => Category::within(&tree, &[&top.slug]),
        // One that is gone holds nothing.
        (Some(gone), None) => vec![gone],
    };
    Ok(Change {
        list: list.id,
        source,
        percent: typed.percent,
        places: typed.places,
        day: typed.day,
        categories,
    })
}

async fn view(
    actor: &Allowed<EditPrices>,
    id: PriceListId,
    (mut form, typed): (PercentForm, Option<TypedChange>),
) -> Result<PercentPage, AppError> {
    let (list, tree, preview, now) = actor
        .read(move |scope| {
            let list = PriceList::find(scope, id)?;
            rules::may_change(&list).map_err(AppError::refused)?;
            let tree = Category::tree(scope)?;
            let preview: Option<Result<Preview, Said>> = match &typed {
                Some(typed) => match change(scope, &list, typed) {
                    Ok(change) => Some(Ok(change.preview(scope)?)),
                    Err(AppError::Refused(said)) => Some(Err(said)),
                    Err(error) => return Err(error),
                },
                None => None,
            };
            Ok((list, tree, preview, scope.now()))
        })
        .await?;
    let preview = match preview {
        Some(Err(said)) => {
            form.remarks.add("source", said);
            None
        }
        Some(Ok(preview)) => Some(preview),
        None => None,
    };
    form.version = list.updated_at.to_rfc3339();
    if form.valid_from.is_empty() {
        form.valid_from = dates::today(now).to_string();
    }
    let title = Said::new("Change the prices of {list}").with("list", &list.name);
    Ok(PercentPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (&actor.pass.base(), &list),
        (form, preview),
        &tree,
    ))
}

pub async fn show(actor: Allowed<EditPrices>, path: ListPath, query: ListQuery) -> Answer {
    let id = list_id(&path.1)?;
    let asked = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let form = PercentForm {
        source: asked("source"),
        percent: asked("percent"),
        places: asked("places"),
        valid_from: asked("valid_from"),
        category: asked("category"),
        ..PercentForm::default()
    };
    if form.percent.is_empty() {
        let view = view(&actor, id, (form, None)).await?;
        return page::show(&actor.ctx, &view);
    }
    match form.parse() {
        Ok((typed, form)) => {
            let view = view(&actor, id, (form, Some(typed))).await?;
            if view.form.remarks.is_empty() {
                page::show(&actor.ctx, &view)
            } else {
                page::again(&actor.ctx, &view)
            }
        }
        Err(form) => {
            let view = view(&actor, id, (*form, None)).await?;
            page::again(&actor.ctx, &view)
        }
    }
}

pub async fn apply(actor: Allowed<EditPrices>, path: ListPath, form: Form<PercentForm>) -> Answer {
    let id = list_id(&path.1)?;
    let (typed, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let view = view(&actor, id, (*form, None)).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let (to, asked) = (
        format!("{}/price-lists/{id}", actor.pass.base()),
        typed.clone(),
    );
    let done =
        actor
            .once(move |scope| {
                let list = PriceList::find(scope, id)?;
                let change = change(scope, &list, &asked)?;
                let written = actions::apply(scope, &change, asked.version)?;
                Ok(Next::to(to)
                    .saying(Said::new("{count} prices are changed.").with("count", written)))
            })
            .await;
    match done {
        Err(AppError::Refused(said)) => {
            form.remarks.add("percent", said);
            let view = view(&actor, id, (form, Some(typed))).await?;
            page::again(&actor.ctx, &view)
        }
        done => Ok(page::go(&actor.ctx, done?)),
    }
}
