//! The tree of categories.

use crate::error::AppError;
use crate::kernel::ids::CategoryId;
use crate::kernel::language::Said;
use crate::platform::permissions::{EditProducts, ReadProducts};
use crate::products::actions;
use crate::products::forms::CategoryForm;
use crate::products::model::Category;
use crate::products::views::{CategoriesPage, CategoryPage};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words, new_key};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

fn category_id(path: &(String, String)) -> Result<CategoryId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn index(actor: Allowed<ReadProducts>) -> Answer {
    let (tree, counts) = actor
        .read(|scope| Ok((Category::tree(scope)?, Category::counts(scope)?)))
        .await?;
    let view = CategoriesPage::new(
        actor.shell(actor.lang().t("Categories")),
        (actor.pass.base(), actor.pass.may::<EditProducts>()),
        tree,
        &counts,
    );
    page::show(&actor.ctx, &view)
}

fn new_page(actor: &Allowed<EditProducts>, form: &CategoryForm, tree: &[Category]) -> CategoryPage {
    CategoryPage::new(
        actor.shell(actor.lang().t("New category")),
        actor.lang(),
        (&actor.pass.base(), form),
        tree,
        (None, false),
    )
}

pub async fn new(actor: Allowed<EditProducts>, query: ListQuery) -> Answer {
    let tree = actor.read(Category::tree).await?;
    let form = CategoryForm {
        parent: query.get("in").unwrap_or_default().to_owned(),
        ..CategoryForm::default()
    };
    page::show(&actor.ctx, &new_page(&actor, &form, &tree))
}

async fn new_again(actor: &Allowed<EditProducts>, form: &CategoryForm) -> Answer {
    let tree = actor.read(Category::tree).await?;
    page::again(&actor.ctx, &new_page(actor, form, &tree))
}

pub async fn create(actor: Allowed<EditProducts>, form: Form<CategoryForm>) -> Answer {
    let (new, _, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return new_again(&actor, &form).await,
    };
    let to = format!("{}/categories", actor.pass.base());
    let added = actor
        .once(move |scope| {
            actions::add_category(scope, &new)?;
            Ok(Next::to(to).saying(Said::new("{name} is added.").with("name", new.name)))
        })
        .await;
    match added {
        Err(AppError::Refused(said)) => {
            form.remarks.add("name", said);
            new_again(&actor, &form).await
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

fn show_page(
    actor: &Allowed<EditProducts>,
    form: &CategoryForm,
    tree: &[Category],
    (category, is_conflict): (&Category, bool),
) -> CategoryPage {
    CategoryPage::new(
        actor.shell(category.name.clone()),
        actor.lang(),
        (&actor.pass.base(), form),
        tree,
        (Some(category), is_conflict),
    )
}

pub async fn show(actor: Allowed<EditProducts>, path: web::Path<(String, String)>) -> Answer {
    let id = category_id(&path)?;
    let (category, tree) = actor
        .read(move |scope| Ok((Category::find(scope, id)?, Category::tree(scope)?)))
        .await?;
    let form = CategoryPage::of(&category);
    let view = show_page(&actor, &form, &tree, (&category, false));
    page::show(&actor.ctx, &view)
}

async fn show_again(
    actor: &Allowed<EditProducts>,
    id: CategoryId,
    mut form: CategoryForm,
    is_conflict: bool,
) -> Answer {
    let (category, tree) = actor
        .read(move |scope| Ok((Category::find(scope, id)?, Category::tree(scope)?)))
        .await?;
    if is_conflict {
        form.version = category.updated_at.to_rfc3339();
    }
    let view = show_page(actor, &form, &tree, (&category, is_conflict));
    page::again(&actor.ctx, &view)
}

pub async fn save(
    actor: Allowed<EditProducts>,
    path: web::Path<(String, String)>,
    form: Form<CategoryForm>,
) -> Answer {
    let id = category_id(&path)?;
    let (change, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return show_again(&actor, id, *form, false).await,
    };
    let to = format!("{}/categories", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if !actions::save_category(scope, id, &change, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", change.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            show_again(&actor, id, form, true).await
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("name", said);
            show_again(&actor, id, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn ask_delete(actor: Allowed<EditProducts>, path: web::Path<(String, String)>) -> Answer {
    let id = category_id(&path)?;
    let category = actor.read(move |scope| Category::find(scope, id)).await?;
    let (lang, list) = (actor.lang(), format!("{}/categories", actor.pass.base()));
    let confirm = Confirm {
        question: lang.say(&Said::new("Delete the category {name}?").with("name", category.name)),
        effect: lang
            .t("Only an empty one can go: no products, no other categories in it.")
            .into_owned(),
        action: format!("{list}/{id}/delete"),
        verb: lang.t("Delete category").into_owned(),
        back: list,
        keep: lang.t("Keep category").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn delete(
    actor: Allowed<EditProducts>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let id = category_id(&path)?;
    let to = format!("{}/categories", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let name = actions::delete_category(scope, id)?;
            Ok(Next::to(to).saying(Said::new("{name} is deleted.").with("name", name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
