//! Price lists: all of them, one of them, whom they are for.

use super::list_id;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, GroupId, PriceListId, ProductId};
use crate::kernel::language::Said;
use crate::platform::permissions::{EditPrices, Permission, ReadPrices};
use crate::pricing::actions;
use crate::pricing::forms::{ListForm, TargetForm, Targeting};
use crate::pricing::model::{Found, PriceItem, PriceList, find_customer};
use crate::pricing::rules;
use crate::pricing::views::{Around, FormPage, IndexPage, ShowPage};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words, new_key};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use std::collections::HashMap;

type ListPath = web::Path<(String, String)>;

pub async fn index(actor: Allowed<ReadPrices>) -> Answer {
    let (lists, counts, targets, now) = actor
        .read(|scope| {
            Ok((
                PriceList::all(scope)?,
                PriceList::counts(scope)?,
                PriceList::targets(scope, None)?,
                scope.now(),
            ))
        })
        .await?;
    let view = IndexPage::new(
        actor.shell(actor.lang().t("Price lists")),
        actor.lang(),
        (
            actor.pass.base(),
            actor.pass.may::<EditPrices>(),
            dates::today(now),
        ),
        lists,
        (&counts, &targets),
    );
    page::show(&actor.ctx, &view)
}

fn form_page(
    actor: &Allowed<EditPrices>,
    form: &ListForm,
    (list, is_conflict): (Option<&PriceList>, bool),
) -> FormPage {
    let title = list.map_or_else(
        || actor.lang().t("New price list").into_owned(),
        |list| list.name.clone(),
    );
    FormPage::new(
        actor.shell(title),
        actor.lang(),
        (&actor.pass.base(), form),
        (list, is_conflict),
    )
}

pub async fn new(actor: Allowed<EditPrices>) -> Answer {
    let now = actor.read(|scope| Ok(scope.now())).await?;
    let form = ListForm {
        valid_from: dates::today(now).to_string(),
        ..ListForm::default()
    };
    page::show(&actor.ctx, &form_page(&actor, &form, (None, false)))
}

fn taken() -> Said {
    Said::new("Another price list has this name already.")
}

pub async fn create(actor: Allowed<EditPrices>, form: Form<ListForm>) -> Answer {
    let (facts, _, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &form_page(&actor, &form, (None, false)));
        }
    };
    let base = actor.pass.base();
    let added = actor
        .once(move |scope| {
            let id = actions::add(scope, &facts)?;
            let said = Said::new(
                "{name} is added as a draft. Set prices and whom it is for, then activate it.",
            );
            Ok(Next::to(format!("{base}/price-lists/{id}")).saying(said.with("name", facts.name)))
        })
        .await;
    match added {
        Err(error) if error.constraint() == Some("price_lists_tenant_id_name_key") => {
            form.remarks.add("name", taken());
            page::again(&actor.ctx, &form_page(&actor, &form, (None, false)))
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

/// The page of a list, with what was typed about whom it is for.
async fn show_page<P: Permission<Door = crate::platform::permissions::Company>>(
    actor: &Allowed<P>,
    id: PriceListId,
    (query, form): (&ListQuery, &TargetForm),
) -> Result<ShowPage, AppError> {
    let pass: &crate::web::allowed::Employee = &actor.pass;
    let (asked, is_editor) = (query.clone(), pass.may::<EditPrices>());
    let (list, found, items, targets, groups, now) = actor
        .read(move |scope| {
            let list = PriceList::find(scope, id)?;
            let found = list.products(scope, &asked)?;
            let ids: Vec<ProductId> = found.0.rows.iter().map(|row| row.id).collect();
            let mut items: HashMap<ProductId, Vec<PriceItem>> = HashMap::new();
            for item in PriceItem::of_products(scope, id, &ids)? {
                items.entry(item.product_id).or_default().push(item);
            }
            let (targets, groups) = if list.is_default {
                (Vec::new(), Vec::new())
            } else {
                PriceList::around(scope, id)?
            };
            Ok((list, found, items, targets, groups, scope.now()))
        })
        .await?;
    Ok(ShowPage::new(
        actor.shell(list.name.clone()),
        actor.lang(),
        (&pass.base(), is_editor, dates::today(now)),
        query,
        (list, found, items),
        Around {
            targets,
            groups: &groups,
            form,
        },
    ))
}

pub async fn show(actor: Allowed<ReadPrices>, path: ListPath, query: ListQuery) -> Answer {
    let id = list_id(&path.1)?;
    let view = show_page(&actor, id, (&query, &TargetForm::default())).await?;
    page::show(&actor.ctx, &view)
}

pub async fn edit(actor: Allowed<EditPrices>, path: ListPath) -> Answer {
    let id = list_id(&path.1)?;
    let list = actor.read(move |scope| PriceList::find(scope, id)).await?;
    rules::may_change(&list).map_err(AppError::refused)?;
    let form = ListForm::of(&list);
    page::show(&actor.ctx, &form_page(&actor, &form, (Some(&list), false)))
}

async fn edit_again(
    actor: &Allowed<EditPrices>,
    id: PriceListId,
    mut form: ListForm,
    is_conflict: bool,
) -> Answer {
    let list = actor.read(move |scope| PriceList::find(scope, id)).await?;
    if is_conflict {
        form.version = list.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &form_page(actor, &form, (Some(&list), is_conflict)),
    )
}

pub async fn update(actor: Allowed<EditPrices>, path: ListPath, form: Form<ListForm>) -> Answer {
    let id = list_id(&path.1)?;
    let (facts, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return edit_again(&actor, id, *form, false).await,
    };
    let base = actor.pass.base();
    let saved = actor
        .once(move |scope| {
            if !actions::save(scope, id, &facts, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(format!("{base}/price-lists/{id}"))
                .saying(Said::new("{name} is saved.").with("name", facts.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            edit_again(&actor, id, form, true).await
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("includes_tax", said);
            edit_again(&actor, id, form, false).await
        }
        Err(error) if error.constraint() == Some("price_lists_tenant_id_name_key") => {
            form.remarks.add("name", taken());
            edit_again(&actor, id, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn activate(actor: Allowed<EditPrices>, path: ListPath, _form: Form<Nothing>) -> Answer {
    let (id, base) = (list_id(&path.1)?, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let name = actions::activate(scope, id)?;
            Ok(Next::to(format!("{base}/price-lists/{id}"))
                .saying(Said::new("{name} is active.").with("name", name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn ask_end(actor: Allowed<EditPrices>, path: ListPath) -> Answer {
    let id = list_id(&path.1)?;
    let list = actor.read(move |scope| PriceList::find(scope, id)).await?;
    rules::may_end(&list).map_err(AppError::refused)?;
    let lang = actor.lang();
    let home = format!("{}/price-lists/{id}", actor.pass.base());
    let confirm = Confirm {
        question: lang.say(&Said::new("End the price list {name}?").with("name", list.name)),
        effect: lang
            .t("Its customers pay what the next list says, from now on. Carts are told. This can't be undone; a new list can be made.")
            .into_owned(),
        action: format!("{home}/end"),
        verb: lang.t("End list").into_owned(),
        back: home,
        keep: lang.t("Keep list").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn end(actor: Allowed<EditPrices>, path: ListPath, _form: Form<Nothing>) -> Answer {
    let (id, base) = (list_id(&path.1)?, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let name = actions::end(scope, id)?;
            Ok(Next::to(format!("{base}/price-lists"))
                .saying(Said::new("{name} has ended.").with("name", name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

async fn targets_again(actor: &Allowed<EditPrices>, id: PriceListId, form: &TargetForm) -> Answer {
    let list = ListQuery::new(&format!("{}/price-lists/{id}", actor.pass.base()), "");
    let view = show_page(actor, id, (&list, form)).await?;
    page::again(&actor.ctx, &view)
}

/// The customer that was typed, or what is to be said about it.
async fn customer(
    actor: &Allowed<EditPrices>,
    typed: String,
) -> Result<Result<CustomerId, Said>, AppError> {
    let found = actor
        .read(move |scope| find_customer(scope, &typed))
        .await?;
    Ok(match found {
        Found::One((id, _)) => Ok(id),
        Found::Nobody => Err(Said::new("No customer has this code or name.")),
        Found::Several(some) => {
            Err(Said::new("Which one? Type the code: {some}.").with("some", some.join(", ")))
        }
    })
}

pub async fn targets(actor: Allowed<EditPrices>, path: ListPath, form: Form<TargetForm>) -> Answer {
    let id = list_id(&path.1)?;
    let (asked, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return targets_again(&actor, id, &form).await,
    };
    let (group, customer_id, removed): (Option<GroupId>, Option<CustomerId>, _) = match asked {
        Targeting::Group(group) => (Some(group), None, None),
        Targeting::Remove(target) => (None, None, Some(target)),
        Targeting::Customer(typed) => match customer(&actor, typed).await? {
            Ok(customer) => (None, Some(customer), None),
            Err(said) => {
                form.remarks.add("customer", said);
                return targets_again(&actor, id, &form).await;
            }
        },
    };
    let to = format!("{}/price-lists/{id}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let said = if let Some(target) = removed {
                actions::remove_target(scope, id, target)?;
                Said::new("The list is for one less.")
            } else {
                actions::add_target(scope, id, (group, customer_id))?;
                Said::new("The list counts for one more now.")
            };
            Ok(Next::to(to).saying(said))
        })
        .await;
    match next {
        Err(error) if error.constraint().is_some() => {
            form.remarks
                .add("group", Said::new("This group is not there any more."));
            targets_again(&actor, id, &form).await
        }
        next => Ok(page::go(&actor.ctx, next?)),
    }
}
