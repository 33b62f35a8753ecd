//! From which day on a company has to e-invoice, and its registrations.

use crate::accounting::actions::settings::{self as actions, Saved};
use crate::accounting::forms::settings::FromForm;
use crate::accounting::model::{Account, Settings, Turnover};
use crate::accounting::outside::{Environment, Outside};
use crate::accounting::views::settings::{EInvoicesGround, EInvoicesPage};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::permissions::EditAccounting;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, State};

/// Which authority this installation speaks to.
pub(super) fn environment(state: &State) -> Option<Environment> {
    let outside = state.part::<Outside>().ok()?;
    outside.authority_at.as_ref().map(|(at, _)| *at)
}

/// The page, with what was typed and whether somebody saved meanwhile; as it is saved without.
async fn room(
    actor: &Allowed<EditAccounting>,
    typed: Option<(FromForm, bool)>,
) -> Result<EInvoicesPage, AppError> {
    let ground = actor
        .read(|scope| {
            Ok(EInvoicesGround {
                settings: Settings::own(scope)?,
                newest: Settings::newest_document(scope)?,
                seated: Account::all(scope)?,
                turnovers: Turnover::all(scope)?,
            })
        })
        .await?;
    let saved = EInvoicesPage::of(ground.settings.as_ref());
    let (form, conflict) = match typed {
        // The next save is made on what is saved now, with both values in sight.
        Some((form, true)) => (
            FromForm {
                version: saved.version,
                ..form
            },
            true,
        ),
        Some((form, false)) => (form, false),
        None => (saved, false),
    };
    Ok(EInvoicesPage::new(
        actor.shell(actor.lang().t("E-invoices")),
        (actor.lang(), actor.pass.base()),
        environment(actor.state()),
        ground,
        (&form, conflict),
    ))
}

pub async fn show(actor: Allowed<EditAccounting>) -> Answer {
    page::show(&actor.ctx, &room(&actor, None).await?)
}

pub async fn save(actor: Allowed<EditAccounting>, form: Form<FromForm>) -> Answer {
    let (from, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &room(&actor, Some((*form, false))).await?);
        }
    };
    let (to, lang) = (
        format!("{}/settings/e-invoices", actor.pass.base()),
        actor.lang(),
    );
    let version = form.version.clone();
    let saved = actor
        .once_unless(move |scope| {
            match actions::set_einvoice_from(scope, from, &version, lang)? {
                Saved::Done => {}
                other => return Ok(Err(other)),
            }
            let said = match from {
                Some(day) => Said::new("The company e-invoices from {day} on.")
                    .with("day", dates::date(day, lang)),
                None => Said::new("The company need not e-invoice."),
            };
            Ok(Ok(Next::to(to).saying(said)))
        })
        .await?;
    let is_conflict = match saved {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(Saved::Wrong(said)) => {
            form.remarks.add("einvoice_from", said);
            false
        }
        Err(Saved::Meanwhile | Saved::Done) => true,
    };
    page::again(&actor.ctx, &room(&actor, Some((form, is_conflict))).await?)
}
