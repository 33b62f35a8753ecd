//! The form of a product: new and edit are the same page.

use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{EditPrices, EditProducts};
use crate::products::actions;
use crate::products::forms::{LOOK, ProductForm, Typed, UNCHOSEN};
use crate::products::model::{Category, Product, standard_price};
use crate::products::views::{FormFacts, FormPage};
use crate::tax::model::{HsnCode, NotifiedRate, Rates};
use crate::tax::rules::applicable;
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// So many codes are shown of those that fit.
const FOUND: i64 = 12;

/// The codes that words or the first digits find; none while nothing is typed.
fn found(scope: &mut Scope, typed: &str) -> Result<Vec<HsnCode>, AppError> {
    if typed.trim().is_empty() {
        return Ok(Vec::new());
    }
    HsnCode::matching(scope, typed, FOUND)
}

/// What the form shows beside what was typed.
fn facts(
    scope: &mut Scope,
    form: &ProductForm,
    product: Option<&Product>,
) -> Result<FormFacts, AppError> {
    let today = dates::today(scope.now());
    let tree = Category::tree(scope)?;
    let standard = standard_price(scope, product.map(|product| product.id), today)?;
    let mut facts = FormFacts {
        tree,
        price: standard.price.map(|(price, _)| price),
        includes_tax: standard.includes_tax,
        ..FormFacts::default()
    };
    let is_looking = form.op == LOOK;
    let Ok(code) = crate::products::rules::hsn(&form.hsn) else {
        if is_looking {
            facts.found = Some(found(scope, &form.hsn)?);
        }
        return Ok(facts);
    };
    let rates = NotifiedRate::of_codes(scope, &[&code])?;
    facts.choices = applicable(&code, &rates, today)
        .into_iter()
        .cloned()
        .collect();
    let chosen = form.tax_condition.clone();
    let condition = chosen
        .filter(|condition| condition != UNCHOSEN)
        .unwrap_or_default();
    facts.rate = Rates::on(scope, &[(&code, &condition)], today)?.of(&code, &condition);
    if is_looking && facts.rate.is_none() {
        facts.found = Some(found(scope, &code)?);
    }
    if product.is_none() {
        facts.covers = HsnCode::nearest(scope, &code)?.map(|row| row.description);
    }
    Ok(facts)
}

fn form_page(
    actor: &Allowed<EditProducts>,
    (form, facts): (&ProductForm, &FormFacts),
    (product, theirs): (Option<&Product>, Option<&ProductForm>),
) -> FormPage {
    let title = product.map_or_else(
        || actor.lang().t("New product").into_owned(),
        |product| product.name.clone(),
    );
    FormPage::new(
        actor.shell(title),
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<EditPrices>()),
        (form, facts),
        (product, theirs),
    )
}

pub async fn new(actor: Allowed<EditProducts>) -> Answer {
    let form = ProductForm {
        unit: "PCS".to_owned(),
        pack_size: "1".to_owned(),
        status: "active".to_owned(),
        ..ProductForm::default()
    };
    let asked = form.clone();
    let facts = actor.read(move |scope| facts(scope, &asked, None)).await?;
    page::show(
        &actor.ctx,
        &form_page(&actor, (&form, &facts), (None, None)),
    )
}

/// The form of a new product again: with remarks, or after the code was looked up.
async fn new_again(actor: &Allowed<EditProducts>, form: ProductForm) -> Answer {
    let asked = form.clone();
    let facts = actor.read(move |scope| facts(scope, &asked, None)).await?;
    let view = form_page(actor, (&form, &facts), (None, None));
    if form.remarks.is_empty() {
        page::show(&actor.ctx, &view)
    } else {
        page::again(&actor.ctx, &view)
    }
}

/// A remark for a constraint that another product's code or barcode broke.
fn taken(error: &AppError) -> Option<(&'static str, Said)> {
    match error.constraint() {
        Some("products_tenant_id_sku_key") => {
            Some(("sku", Said::new("Another product has this code already.")))
        }
        Some("products_by_barcode") => Some((
            "barcode",
            Said::new("Another product has this barcode already."),
        )),
        _ => None,
    }
}

pub async fn create(actor: Allowed<EditProducts>, form: Form<ProductForm>) -> Answer {
    let mut form = form.0;
    if form.looks_up() {
        return new_again(&actor, form).await;
    }
    let Some(typed) = form.parse(actor.pass.may::<EditPrices>()) else {
        return new_again(&actor, form).await;
    };
    let Typed {
        facts,
        price,
        has_condition,
        ..
    } = typed;
    let base = actor.pass.base();
    let added = actor
        .once_unless(move |scope| {
            let wrong = actions::check(scope, None, &facts, (price, has_condition))?;
            if !wrong.is_empty() {
                return Ok(Err(wrong));
            }
            let (_, sku) = actions::add(scope, &facts, price)?;
            Ok(Ok(Next::to(format!("{base}/products/{sku}")).saying(
                Said::new("{name} is added.").with("name", facts.name),
            )))
        })
        .await;
    let wrong = match added {
        Ok(Ok(next)) => return Ok(page::go(&actor.ctx, next)),
        Ok(Err(wrong)) => wrong,
        Err(error) => vec![taken(&error).ok_or(error)?],
    };
    for (field, said) in wrong {
        form.remarks.add(field, said);
    }
    new_again(&actor, form).await
}

pub async fn edit(actor: Allowed<EditProducts>, path: web::Path<(String, String)>) -> Answer {
    let sku = path.into_inner().1;
    let (product, form, facts) = actor
        .read(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            let bare = ProductForm::of(&product, None);
            let facts = facts(scope, &bare, Some(&product))?;
            let form = ProductForm::of(&product, facts.price);
            Ok((product, form, facts))
        })
        .await?;
    let view = form_page(&actor, (&form, &facts), (Some(&product), None));
    page::show(&actor.ctx, &view)
}

/// The form of a product again. With a conflict, what somebody else saved stands beside each field, and saving again keeps what was typed.
async fn edit_again(
    actor: &Allowed<EditProducts>,
    sku: String,
    mut form: ProductForm,
    is_conflict: bool,
) -> Answer {
    let asked = form.clone();
    let (product, facts) = actor
        .read(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            let facts = facts(scope, &asked, Some(&product))?;
            Ok((product, facts))
        })
        .await?;
    let now = ProductForm::of(&product, facts.price);
    form.follow_price(&now);
    let theirs = is_conflict.then(|| form.beside(now));
    let view = form_page(actor, (&form, &facts), (Some(&product), theirs.as_ref()));
    if form.remarks.is_empty() && !is_conflict {
        page::show(&actor.ctx, &view)
    } else {
        page::again(&actor.ctx, &view)
    }
}

pub async fn update(
    actor: Allowed<EditProducts>,
    path: web::Path<(String, String)>,
    form: Form<ProductForm>,
) -> Answer {
    let (sku, mut form) = (path.into_inner().1, form.0);
    if form.looks_up() {
        return edit_again(&actor, sku, form, false).await;
    }
    let Some(typed) = form.parse(actor.pass.may::<EditPrices>()) else {
        return edit_again(&actor, sku, form, false).await;
    };
    let Typed {
        facts,
        price,
        has_condition,
        version,
    } = typed;
    let (base, asked) = (actor.pass.base(), sku.clone());
    let saved = actor
        .once_unless(move |scope| {
            let before = actions::hold(scope, &asked, price)?;
            let wrong = actions::check(scope, Some(&before), &facts, (price, has_condition))?;
            if !wrong.is_empty() {
                return Ok(Err(wrong));
            }
            if !actions::save(scope, &before, &facts, (price, version))? {
                return Err(changed_meanwhile());
            }
            let sku = facts.sku.unwrap_or(before.sku);
            Ok(Ok(Next::to(format!("{base}/products/{sku}")).saying(
                Said::new("{name} is saved.").with("name", facts.name),
            )))
        })
        .await;
    let wrong = match saved {
        Ok(Ok(next)) => return Ok(page::go(&actor.ctx, next)),
        Ok(Err(wrong)) => wrong,
        Err(AppError::Refused(said)) if said == changed_words() => {
            return edit_again(&actor, sku, form, true).await;
        }
        Err(error) => vec![taken(&error).ok_or(error)?],
    };
    for (field, said) in wrong {
        form.remarks.add(field, said);
    }
    edit_again(&actor, sku, form, false).await
}
