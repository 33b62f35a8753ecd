//! Letters of undertaking.

use super::gstins;
use crate::accounting::actions::settings::{self as actions, Saved};
use crate::accounting::forms::settings::UndertakingForm;
use crate::accounting::model::Undertaking;
use crate::accounting::views::settings::{UndertakingPage, UndertakingsPage};
use crate::companies::model::Registration;
use crate::error::AppError;
use crate::kernel::dates::today;
use crate::kernel::ids::UndertakingId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditAccounting;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Company and undertaking.
type Path = web::Path<(String, String)>;

fn list_address(actor: &Allowed<EditAccounting>) -> String {
    format!("{}/settings/undertakings", actor.pass.base())
}

async fn room(
    actor: &Allowed<EditAccounting>,
    form: &UndertakingForm,
) -> Result<UndertakingsPage, AppError> {
    let (rows, gstins, now) = actor
        .read(|scope| Ok((Undertaking::all(scope)?, gstins(scope)?, scope.now())))
        .await?;
    Ok(UndertakingsPage::new(
        actor.shell(actor.lang().t("Letters of undertaking")),
        (actor.lang(), actor.pass.base(), today(now)),
        (rows, &gstins),
        form,
    ))
}

pub async fn index(actor: Allowed<EditAccounting>) -> Answer {
    let form = UndertakingForm::default();
    page::show(&actor.ctx, &room(&actor, &form).await?)
}

/// A number that the registration has already is a remark on the form, whatever else is wrong is not.
fn known(error: AppError, form: &mut UndertakingForm) -> Result<(), AppError> {
    if error.constraint() != Some("undertakings_tenant_id_registration_id_number_key") {
        return Err(error);
    }
    let said = Said::new("This number is recorded already.");
    form.remarks.add("number", said);
    Ok(())
}

pub async fn create(actor: Allowed<EditAccounting>, form: Form<UndertakingForm>) -> Answer {
    let gstins = actor.read(gstins).await?;
    let (new, mut form) = match form.0.parse(&gstins, actor.lang()) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &room(&actor, &form).await?),
    };
    let to = list_address(&actor);
    let added = actor
        .once(move |scope| {
            actions::add_undertaking(scope, &new)?;
            let said = Said::new("The letter of undertaking {number} is recorded.");
            Ok(Next::to(to).saying(said.with("number", new.number)))
        })
        .await;
    match added {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(error) => {
            known(error, &mut form)?;
            page::again(&actor.ctx, &room(&actor, &form).await?)
        }
    }
}

/// An undertaking as a form, and the registrations that can have one: those in force, and its own.
fn ground(
    scope: &mut Scope,
    id: UndertakingId,
) -> Result<(UndertakingForm, Vec<String>), AppError> {
    let saved = Undertaking::find(scope, id)?;
    let all = Registration::all(scope)?;
    let own = all
        .iter()
        .find(|row| row.id == saved.registration_id)
        .map_or("", |row| row.gstin.as_str());
    let form = UndertakingPage::of(&saved, own);
    let is_choice = |row: &&Registration| row.ended_on.is_none() || row.gstin == own;
    let gstins = all.iter().filter(is_choice).map(|row| row.gstin.clone());
    Ok((form, gstins.collect()))
}

fn view(
    actor: &Allowed<EditAccounting>,
    (id, gstins): (UndertakingId, &[String]),
    (form, saved): (&UndertakingForm, Option<&UndertakingForm>),
) -> UndertakingPage {
    UndertakingPage::new(
        actor.shell(actor.lang().t("Letter of undertaking")),
        (actor.lang(), &actor.pass.base()),
        (id.uuid(), gstins),
        (form, saved),
    )
}

fn id(path: &(String, String)) -> Result<UndertakingId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn show(actor: Allowed<EditAccounting>, path: Path) -> Answer {
    let id = id(&path)?;
    let (form, gstins) = actor.read(move |scope| ground(scope, id)).await?;
    page::show(&actor.ctx, &view(&actor, (id, &gstins), (&form, None)))
}

pub async fn save(
    actor: Allowed<EditAccounting>,
    path: Path,
    form: Form<UndertakingForm>,
) -> Answer {
    let id = id(&path)?;
    let (saved, gstins) = actor.read(move |scope| ground(scope, id)).await?;
    let (new, mut form) = match form.0.parse(&gstins, actor.lang()) {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &view(&actor, (id, &gstins), (&form, None)));
        }
    };
    let (to, version) = (list_address(&actor), form.version.clone());
    let done = actor
        .once_unless(move |scope| {
            let came = actions::change_undertaking(scope, id, &new, &version)?;
            if came != Saved::Done {
                return Ok(Err(came));
            }
            let said = Said::new("The letter of undertaking {number} is saved.");
            Ok(Ok(Next::to(to).saying(said.with("number", new.number))))
        })
        .await;
    match done {
        Ok(Ok(next)) => Ok(page::go(&actor.ctx, next)),
        Ok(Err(_)) => {
            // The next save is made on what is saved now, with both values in sight.
            form.version.clone_from(&saved.version);
            let both = (&form, Some(&saved));
            page::again(&actor.ctx, &view(&actor, (id, &gstins), both))
        }
        Err(error) => {
            known(error, &mut form)?;
            page::again(&actor.ctx, &view(&actor, (id, &gstins), (&form, None)))
        }
    }
}
