//! Warehouses.

use crate::companies::model::Registration;
use crate::error::AppError;
use crate::inventory::actions;
use crate::inventory::forms::WarehouseForm;
use crate::inventory::model::Warehouse;
use crate::inventory::rules;
use crate::inventory::views::{WarehousePage, WarehousesPage, warehouse_form};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{EditWarehouses, ReadStock};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words, new_key};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Path = web::Path<(String, String)>;

const TAKEN: &str = "warehouses_tenant_id_code_key";

fn taken() -> Said {
    Said::new("Another warehouse has this code. Choose another.")
}

pub async fn index(actor: Allowed<ReadStock>) -> Answer {
    let found = actor
        .read(|scope| Ok((Warehouse::all(scope)?, Registration::all(scope)?)))
        .await?;
    let view = WarehousesPage::new(
        actor.shell(actor.lang().t("Warehouses")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditWarehouses>()),
        found,
    );
    page::show(&actor.ctx, &view)
}

fn new_page(
    actor: &Allowed<EditWarehouses>,
    known: &[Registration],
    form: &WarehouseForm,
) -> WarehousePage {
    WarehousePage::new(
        actor.shell(actor.lang().t("Add a warehouse")),
        actor.lang(),
        (actor.pass.base(), true),
        (None, known),
        (form, false),
    )
}

pub async fn new(actor: Allowed<EditWarehouses>) -> Answer {
    let known = actor.read(Registration::all).await?;
    let form = WarehouseForm::default();
    page::show(&actor.ctx, &new_page(&actor, &known, &form))
}

pub async fn create(actor: Allowed<EditWarehouses>, form: Form<WarehouseForm>) -> Answer {
    let known = actor.read(Registration::all).await?;
    let (new, _, mut form) = match form.0.parse(&known) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &known, &form)),
    };
    let to = format!("{}/warehouses", actor.pass.base());
    let added = actor
        .once(move |scope| {
            actions::add(scope, &new)?;
            Ok(Next::to(to)
                .saying(Said::new("The warehouse {name} is added.").with("name", new.name)))
        })
        .await;
    match added {
        Err(error) if error.constraint() == Some(TAKEN) => {
            form.remarks.add("code", taken());
            page::again(&actor.ctx, &new_page(&actor, &known, &form))
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

fn both(scope: &mut Scope, code: &str) -> Result<(Warehouse, Vec<Registration>), AppError> {
    Ok((Warehouse::by_code(scope, code)?, Registration::all(scope)?))
}

pub async fn show(actor: Allowed<ReadStock>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let (found, known) = actor.read(move |scope| both(scope, &code)).await?;
    let form = warehouse_form(&found, &known);
    let view = WarehousePage::new(
        actor.shell(found.name.clone()),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditWarehouses>()),
        (Some(found), &known),
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

async fn again(
    actor: &Allowed<EditWarehouses>,
    code: String,
    mut form: WarehouseForm,
    conflict: bool,
) -> Answer {
    let (found, known) = actor.read(move |scope| both(scope, &code)).await?;
    if conflict {
        form.version = found.updated_at.to_rfc3339();
    }
    let view = WarehousePage::new(
        actor.shell(found.name.clone()),
        actor.lang(),
        (actor.pass.base(), true),
        (Some(found), &known),
        (&form, conflict),
    );
    page::again(&actor.ctx, &view)
}

pub async fn save(actor: Allowed<EditWarehouses>, path: Path, form: Form<WarehouseForm>) -> Answer {
    let code = path.into_inner().1;
    let asked = code.clone();
    let (found, known) = actor.read(move |scope| both(scope, &asked)).await?;
    let (new, version, mut form) = match form.0.parse(&known) {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, code, *form, false).await,
    };
    let to = format!("{}/warehouses", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if !actions::save(scope, found.id, &new, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", new.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            again(&actor, code, form, true).await
        }
        Err(error) if error.constraint() == Some(TAKEN) => {
            form.remarks.add("code", taken());
            again(&actor, code, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

async fn step(
    actor: Allowed<EditWarehouses>,
    path: Path,
    take: fn(&mut Scope, &str) -> Result<Warehouse, AppError>,
    said: Said,
) -> Answer {
    let (code, to) = (
        path.into_inner().1,
        format!("{}/warehouses", actor.pass.base()),
    );
    let next = actor
        .once(move |scope| {
            let warehouse = take(scope, &code)?;
            Ok(Next::to(to).saying(said.with("name", warehouse.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn make_default(
    actor: Allowed<EditWarehouses>,
    path: Path,
    _form: Form<Nothing>,
) -> Answer {
    let said = Said::new("Customers are served from {name} unless told otherwise.");
    step(actor, path, actions::make_default, said).await
}

pub async fn ask_deactivate(actor: Allowed<EditWarehouses>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let (found, (has_stock, serves)) = actor
        .read(move |scope| {
            let found = Warehouse::by_code(scope, &code)?;
            let used = Warehouse::use_of(scope, found.id)?;
            Ok((found, used))
        })
        .await?;
    rules::may_close(&found.name, found.is_default, has_stock, serves)
        .map_err(AppError::refused)?;
    let (lang, here) = (
        actor.lang(),
        format!("{}/warehouses/{}", actor.pass.base(), found.code),
    );
    let confirm = Confirm {
        question: lang.say(&Said::new("Take {name} out of use?").with("name", found.name)),
        effect: lang
            .t("Nothing new comes in or goes out. Its ledger stays, and it can be used again.")
            .into_owned(),
        action: format!("{here}/deactivate"),
        verb: lang.t("Take out of use").into_owned(),
        back: here,
        keep: lang.t("Keep in use").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn deactivate(
    actor: Allowed<EditWarehouses>,
    path: Path,
    _form: Form<Nothing>,
) -> Answer {
    let said = Said::new("{name} is out of use.");
    step(actor, path, actions::deactivate, said).await
}

pub async fn activate(actor: Allowed<EditWarehouses>, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("{name} is in use again.");
    step(actor, path, actions::activate, said).await
}
