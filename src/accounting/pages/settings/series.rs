//! Series of numbers.

use super::gstins;
use crate::accounting::actions::settings::{self as actions, Saved, SeriesStep};
use crate::accounting::forms::settings::{SeriesForm, StepForm};
use crate::accounting::model::SeriesRow;
use crate::accounting::views::settings::{SeriesListPage, SeriesPage, version};
use crate::error::AppError;
use crate::kernel::dates::{FinancialYear, today};
use crate::kernel::ids::SeriesId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditAccounting;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Company and series.
type Path = web::Path<(String, String)>;

fn this_year(scope: &Scope) -> FinancialYear {
    FinancialYear::of(today(scope.now()))
}

fn list_address(actor: &Allowed<EditAccounting>) -> String {
    format!("{}/settings/series", actor.pass.base())
}

fn id(path: &(String, String)) -> Result<SeriesId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn index(actor: Allowed<EditAccounting>) -> Answer {
    let (year, rows) = actor
        .read(|scope| {
            let year = this_year(scope);
            Ok((year, SeriesRow::all(scope, &year.code())?))
        })
        .await?;
    let view = SeriesListPage::new(
        actor.shell(actor.lang().t("Series of numbers")),
        (actor.lang(), actor.pass.base()),
        year,
        rows,
    );
    page::show(&actor.ctx, &view)
}

async fn ground(actor: &Allowed<EditAccounting>) -> Result<(FinancialYear, Vec<String>), AppError> {
    actor
        .read(|scope| Ok((this_year(scope), gstins(scope)?)))
        .await
}

fn new_page(actor: &Allowed<EditAccounting>, form: &SeriesForm, gstins: &[String]) -> SeriesPage {
    SeriesPage::to_add(
        actor.shell(actor.lang().t("Add a series")),
        (actor.lang(), actor.pass.base()),
        form,
        gstins,
    )
}

pub async fn new(actor: Allowed<EditAccounting>) -> Answer {
    let (_, gstins) = ground(&actor).await?;
    let form = SeriesForm {
        digits: "5".to_owned(),
        preferred: "on".to_owned(),
        ..SeriesForm::default()
    };
    page::show(&actor.ctx, &new_page(&actor, &form, &gstins))
}

pub async fn create(actor: Allowed<EditAccounting>, form: Form<SeriesForm>) -> Answer {
    let (year, gstins) = ground(&actor).await?;
    let (new, mut form) = match form.0.parse_new(year, &gstins) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &form, &gstins)),
    };
    let to = list_address(&actor);
    let saved = actor
        .once_unless(move |scope| {
            let saved = actions::add_series(scope, &new)?;
            if saved != Saved::Done {
                return Ok(Err(saved));
            }
            let said = Said::new("The series {template} is added.").with("template", new.template);
            Ok(Ok(Next::to(to).saying(said)))
        })
        .await?;
    match saved {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(Saved::Wrong(said)) => form.remarks.add("prefix", said),
        Err(Saved::Meanwhile | Saved::Done) => {}
    }
    page::again(&actor.ctx, &new_page(&actor, &form, &gstins))
}

fn show_page(
    actor: &Allowed<EditAccounting>,
    (row, year): (&SeriesRow, FinancialYear),
    (form, conflict): (&SeriesForm, bool),
) -> SeriesPage {
    SeriesPage::of(
        actor.shell(row.template.clone()),
        (actor.lang(), actor.pass.base()),
        (form, conflict),
        (row, year),
    )
}

async fn find(
    actor: &Allowed<EditAccounting>,
    id: SeriesId,
) -> Result<(SeriesRow, FinancialYear), AppError> {
    actor
        .read(move |scope| {
            let year = this_year(scope);
            Ok((SeriesRow::find(scope, id, &year.code())?, year))
        })
        .await
}

pub async fn show(actor: Allowed<EditAccounting>, path: Path) -> Answer {
    let (row, year) = find(&actor, id(&path)?).await?;
    let form = SeriesPage::form(&row);
    page::show(&actor.ctx, &show_page(&actor, (&row, year), (&form, false)))
}

pub async fn save(actor: Allowed<EditAccounting>, path: Path, form: Form<SeriesForm>) -> Answer {
    let id = id(&path)?;
    let (row, year) = find(&actor, id).await?;
    let (template, mut form) = match form.0.parse_change(year) {
        Ok(parsed) => parsed,
        Err(form) => {
            let view = show_page(&actor, (&row, year), (&form, false));
            return page::again(&actor.ctx, &view);
        }
    };
    let (to, version_of) = (list_address(&actor), form.version.clone());
    let saved = actor
        .once_unless(move |scope| {
            let saved = actions::change_series(scope, id, &template, &version_of)?;
            if saved != Saved::Done {
                return Ok(Err(saved));
            }
            let said = Said::new("The series {template} is saved.").with("template", template);
            Ok(Ok(Next::to(to).saying(said)))
        })
        .await?;
    let is_conflict = match saved {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(Saved::Wrong(said)) => {
            form.remarks.add("prefix", said);
            false
        }
        Err(Saved::Meanwhile | Saved::Done) => true,
    };
    let (row, year) = find(&actor, id).await?;
    if is_conflict {
        // The next save is made on what is saved now, with both values in sight.
        form.version = version(Some(row.updated_at));
    }
    page::again(
        &actor.ctx,
        &show_page(&actor, (&row, year), (&form, is_conflict)),
    )
}

pub async fn step(actor: Allowed<EditAccounting>, path: Path, form: Form<StepForm>) -> Answer {
    let (id, step) = (id(&path)?, form.0.parse()?);
    let to = list_address(&actor);
    let next = actor
        .once(move |scope| {
            let row = actions::step_series(scope, id, step)?;
            let said = match step {
                SeriesStep::Prefer => Said::new("New documents take {template} now."),
                SeriesStep::Stop => Said::new("{template} is out of use."),
                SeriesStep::Start => Said::new("{template} can be chosen again."),
            };
            Ok(Next::to(to).saying(said.with("template", row.template)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
