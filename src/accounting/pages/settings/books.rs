//! Bank and terms, and turnovers.

use crate::accounting::actions::settings::{self as actions, Saved};
use crate::accounting::forms::settings::{PrintedForm, TurnoverForm};
use crate::accounting::model::{Settings, Turnover};
use crate::accounting::rules::settings::years;
use crate::accounting::views::settings::{PrintedPage, TurnoverPage, TurnoversPage};
use crate::error::AppError;
use crate::kernel::dates::{FinancialYear, today};
use crate::kernel::language::Said;
use crate::platform::permissions::EditAccounting;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

async fn room(
    actor: &Allowed<EditAccounting>,
    typed: Option<(PrintedForm, bool)>,
) -> Result<PrintedPage, AppError> {
    let saved = actor.read(Settings::own).await?;
    let (mut form, conflict) = typed.unwrap_or_else(|| (PrintedPage::of(saved.as_ref()), false));
    if conflict {
        // The next save is made on what is saved now, with both values in sight.
        form.version = PrintedPage::of(saved.as_ref()).version;
    }
    Ok(PrintedPage::new(
        actor.shell(actor.lang().t("Bank and terms")),
        (actor.lang(), actor.pass.base()),
        saved.as_ref(),
        (&form, conflict),
    ))
}

pub async fn printed(actor: Allowed<EditAccounting>) -> Answer {
    page::show(&actor.ctx, &room(&actor, None).await?)
}

pub async fn save_printed(actor: Allowed<EditAccounting>, form: Form<PrintedForm>) -> Answer {
    let (printed, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &room(&actor, Some((*form, false))).await?);
        }
    };
    let to = format!("{}/settings/accounting", actor.pass.base());
    let version = form.version.clone();
    let saved = actor
        .once_unless(move |scope| {
            let saved = actions::set_printed(scope, &printed, &version)?;
            if saved != Saved::Done {
                return Ok(Err(saved));
            }
            Ok(Ok(
                Next::to(to).saying(Said::new("Bank and terms are saved."))
            ))
        })
        .await?;
    match saved {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(_) => page::again(&actor.ctx, &room(&actor, Some((form, true))).await?),
    }
}

pub async fn turnovers(actor: Allowed<EditAccounting>) -> Answer {
    let (years, saved) = actor
        .read(|scope| Ok((years(today(scope.now())), Turnover::all(scope)?)))
        .await?;
    let view = TurnoversPage::new(
        actor.shell(actor.lang().t("Turnover")),
        actor.pass.base(),
        years,
        &saved,
    );
    page::show(&actor.ctx, &view)
}

/// A year that counts, with its turnover; and what was typed.
async fn year_room(
    actor: &Allowed<EditAccounting>,
    code: String,
    typed: Option<(TurnoverForm, bool)>,
) -> Result<(TurnoverPage, FinancialYear), AppError> {
    let (year, saved) = actor
        .read(move |scope| {
            let mut known = years(today(scope.now())).into_iter();
            let year = known.find(|year| year.code() == code);
            let year = year.ok_or(AppError::NotFound)?;
            Ok((year, Turnover::of_year(scope, &code)?))
        })
        .await?;
    let (mut form, conflict) = typed.unwrap_or_else(|| (TurnoverPage::of(saved.as_ref()), false));
    if conflict {
        form.version = TurnoverPage::of(saved.as_ref()).version;
    }
    let lang = actor.lang();
    let title = lang.say(&Said::new("Turnover of {year}").with("year", year.to_string()));
    let view = TurnoverPage::new(
        actor.shell(title),
        (lang, &actor.pass.base()),
        (year, saved.as_ref()),
        (&form, conflict),
    );
    Ok((view, year))
}

pub async fn turnover(actor: Allowed<EditAccounting>, path: web::Path<(String, String)>) -> Answer {
    let (view, _) = year_room(&actor, path.into_inner().1, None).await?;
    page::show(&actor.ctx, &view)
}

pub async fn save_turnover(
    actor: Allowed<EditAccounting>,
    path: web::Path<(String, String)>,
    form: Form<TurnoverForm>,
) -> Answer {
    let code = path.into_inner().1;
    let (amount, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let (view, _) = year_room(&actor, code, Some((*form, false))).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let (to, asked) = (
        format!("{}/settings/turnovers", actor.pass.base()),
        code.clone(),
    );
    let version = form.version.clone();
    let saved = actor
        .once_unless(move |scope| {
            let mut known = years(today(scope.now())).into_iter();
            let year = known.find(|year| year.code() == asked);
            let year = year.ok_or(AppError::NotFound)?;
            let saved = actions::set_turnover(scope, &asked, amount, &version)?;
            if saved != Saved::Done {
                return Ok(Err(saved));
            }
            let said = Said::new("The turnover of {year} is saved.");
            Ok(Ok(Next::to(to).saying(said.with("year", year.to_string()))))
        })
        .await?;
    match saved {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(_) => {
            let (view, _) = year_room(&actor, code, Some((form, true))).await?;
            page::again(&actor.ctx, &view)
        }
    }
}
