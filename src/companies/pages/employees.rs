//! A company's people.

use super::saved_views;
use crate::companies::actions::{self};
use crate::companies::forms::EmployeeForm;
use crate::companies::model::{Employee, SavedView};
use crate::companies::rules::{keep_an_owner, may_give};
use crate::companies::views::{EmployeePage, EmployeesPage, access_word};
use crate::error::AppError;
use crate::kernel::ids::EmployeeId;
use crate::kernel::language::Said;
use crate::platform::permissions::{ManagePeople, ReadPeople};
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::export::Sheet;
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<ReadPeople>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            Ok((
                Employee::list(scope, &asked)?,
                SavedView::of_list(scope, "people")?,
            ))
        })
        .await?;
    let view = EmployeesPage::new(
        actor.shell(actor.lang().t("People")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<ManagePeople>()),
        &query,
        (found, saved_views::kept(&actor.pass, views)),
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadPeople>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .read(move |scope| Employee::export(scope, &asked))
        .await?;
    let heads = [
        "Name",
        "E-mail",
        "Mobile number",
        "Job title",
        "Role",
        "State",
    ];
    Sheet {
        name: "people",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|row| {
                let role = lang.t(row.role().label()).into_owned();
                let state = access_word(lang, row.is_active);
                vec![
                    row.name,
                    row.email,
                    row.phone.unwrap_or_default(),
                    row.title.unwrap_or_default(),
                    role,
                    state,
                ]
            })
            .collect(),
    }
    .answer(query.get("format"))
}

pub async fn bulk(actor: Allowed<ManagePeople>, form: Form<BulkForm>) -> Answer {
    let (is_active, said) = match form.0.action.as_str() {
        "end" => (false, Said::new("{count} ended.")),
        "give_back" => (true, Said::new("{count} may come in again.")),
        _ => return Err(AppError::NotFound),
    };
    let list = form
        .0
        .list(&format!("{}/settings/people", actor.pass.base()));
    let own_role = actor.pass.company.role;
    let next = actor
        .once(move |scope| {
            let ids = if form.0.is_all() {
                Employee::ids(scope, &list)?
            } else {
                form.0.ids()?.into_iter().map(EmployeeId::from).collect()
            };
            let mut outcome = Outcome::default();
            for id in ids {
                let turned = actions::set_access(scope, id, own_role, is_active);
                outcome.note(id.uuid(), turned)?;
            }
            Ok(outcome.next(&list, said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn employee_id(path: &(String, String)) -> Result<EmployeeId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn show(actor: Allowed<ReadPeople>, path: web::Path<(String, String)>) -> Answer {
    let id = employee_id(&path)?;
    let employee = actor.read(move |scope| Employee::find(scope, id)).await?;
    let form = EmployeePage::of(&employee);
    let view = EmployeePage::new(
        actor.shell(employee.name.clone()),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<ManagePeople>()),
        employee,
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

async fn again(
    actor: &Allowed<ManagePeople>,
    id: EmployeeId,
    mut form: EmployeeForm,
    conflict: bool,
) -> Answer {
    let employee = actor.read(move |scope| Employee::find(scope, id)).await?;
    if conflict {
        form.version = employee.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &EmployeePage::new(
            actor.shell(employee.name.clone()),
            actor.lang(),
            (actor.pass.base(), true),
            employee,
            (&form, conflict),
        ),
    )
}

pub async fn save(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    form: Form<EmployeeForm>,
) -> Answer {
    let id = employee_id(&path)?;
    let (change, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, id, *form, false).await,
    };
    let (to, own_role) = (
        format!("{}/settings/people", actor.pass.base()),
        actor.pass.company.role,
    );
    let saved = actor
        .once(move |scope| {
            let before = Employee::find(scope, id)?;
            may_give(own_role, change.role)
                .and_then(|()| may_give(own_role, before.role()))
                .map_err(AppError::refused)?;
            if !actions::save_employee(scope, id, &change, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", change.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            again(&actor, id, form, true).await
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("role", said);
            again(&actor, id, form, false).await
        }
        Err(error) if error.constraint() == Some("employees_keep_an_owner") => {
            form.remarks.add("role", keep_an_owner());
            again(&actor, id, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}
