//! A company's GST registrations.

use super::Nothing;
use crate::companies::actions;
use crate::companies::forms::{EndForm, RegistrationForm, TradeNameForm};
use crate::companies::model::Registration;
use crate::companies::views::{
    NewRegistrationPage, RegistrationAt, RegistrationPage, RegistrationsPage,
};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::platform::permissions::{EditAccounting, EditCompany, ReadCompany};
use crate::web::components::{Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

fn list_address(slug: &str) -> String {
    format!("/c/{slug}/settings/registrations")
}

pub async fn index(actor: Allowed<ReadCompany>) -> Answer {
    let rows = actor.read(Registration::all).await?;
    let view = RegistrationsPage::new(
        actor.shell(actor.lang().t("GST registrations")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditCompany>()),
        rows,
    );
    page::show(&actor.ctx, &view)
}

fn new_page(actor: &Allowed<EditCompany>, form: &RegistrationForm) -> NewRegistrationPage {
    NewRegistrationPage::new(
        actor.shell(actor.lang().t("Add a GST registration")),
        actor.lang(),
        list_address(&actor.pass.company.slug),
        form,
    )
}

pub async fn new(actor: Allowed<EditCompany>) -> Answer {
    page::show(&actor.ctx, &new_page(&actor, &RegistrationForm::default()))
}

pub async fn create(actor: Allowed<EditCompany>, form: Form<RegistrationForm>) -> Answer {
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_page(&actor, &form)),
    };
    let to = list_address(&actor.pass.company.slug);
    let added = actor
        .once(move |scope| {
            actions::register(scope, &new)?;
            let said = Said::new("{gstin} is added, for {state}.")
                .with("gstin", new.gstin.as_str())
                .with("state", new.gstin.state().name());
            Ok(Next::to(to).saying(said))
        })
        .await;
    let said = match added {
        Err(AppError::Refused(said)) => said,
        Err(error) if error.constraint() == Some("gst_registrations_tenant_id_gstin_key") => {
            Said::new("This GSTIN is in the list already.")
        }
        added => return Ok(page::go(&actor.ctx, added?)),
    };
    form.remarks.add("gstin", said);
    page::again(&actor.ctx, &new_page(&actor, &form))
}

pub async fn show(actor: Allowed<ReadCompany>, path: web::Path<(String, String)>) -> Answer {
    let gstin = path.into_inner().1;
    let found = actor
        .read(move |scope| Registration::by_gstin(scope, &gstin))
        .await?;
    let form = RegistrationPage::of(&found);
    let view = RegistrationPage::new(
        actor.shell(found.gstin.clone()),
        actor.lang(),
        RegistrationAt {
            base: actor.pass.base(),
            may_edit: actor.pass.may::<EditCompany>(),
            may_bill: actor.pass.may::<EditAccounting>(),
        },
        found,
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

async fn again(
    actor: &Allowed<EditCompany>,
    gstin: String,
    mut form: TradeNameForm,
    conflict: bool,
) -> Answer {
    let found = actor
        .read(move |scope| Registration::by_gstin(scope, &gstin))
        .await?;
    if conflict {
        form.version = found.updated_at.to_rfc3339();
    }
    let view = RegistrationPage::new(
        actor.shell(found.gstin.clone()),
        actor.lang(),
        RegistrationAt {
            base: actor.pass.base(),
            may_edit: true,
            may_bill: actor.pass.may::<EditAccounting>(),
        },
        found,
        (&form, conflict),
    );
    page::again(&actor.ctx, &view)
}

pub async fn save(
    actor: Allowed<EditCompany>,
    path: web::Path<(String, String)>,
    form: Form<TradeNameForm>,
) -> Answer {
    let gstin = path.into_inner().1;
    let (trade_name, version, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, gstin, *form, false).await,
    };
    let (to, saving) = (list_address(&actor.pass.company.slug), gstin.clone());
    let saved = actor
        .once(move |scope| {
            if !actions::rename(scope, &saving, &trade_name, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{gstin} is saved.").with("gstin", saving)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            again(&actor, gstin, form, true).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn make_primary(
    actor: Allowed<EditCompany>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (gstin, to) = (path.into_inner().1, list_address(&actor.pass.company.slug));
    let next = actor
        .once(move |scope| {
            actions::make_primary(scope, &gstin)?;
            Ok(Next::to(to)
                .saying(Said::new("{gstin} is the primary registration.").with("gstin", gstin)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn end_page(lang: Lang, list: &str, gstin: &str, form: &EndForm) -> Confirm {
    Confirm {
        question: lang.say(&Said::new("End the registration {gstin}?").with("gstin", gstin)),
        effect: lang
            .t("New documents can't be made under it. It stays in the list, and so do its documents. This can't be undone.")
            .into_owned(),
        action: format!("{list}/{gstin}/end"),
        verb: lang.t("End registration").into_owned(),
        back: format!("{list}/{gstin}"),
        keep: lang.t("Keep registration").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("date", "ended_on", lang.t("Last day"))
                .value(&form.ended_on)
                .remarks(&form.remarks, lang),
        ],
    }
}

pub async fn ask_end(actor: Allowed<EditCompany>, path: web::Path<(String, String)>) -> Answer {
    let gstin = path.into_inner().1;
    let (found, now) = actor
        .read(move |scope| Ok((Registration::by_gstin(scope, &gstin)?, scope.now())))
        .await?;
    crate::companies::rules::may_end(&found.gstin, found.is_primary, found.ended_on)
        .map_err(AppError::refused)?;
    let form = EndForm {
        ended_on: dates::today(now).to_string(),
        ..EndForm::default()
    };
    let list = list_address(&actor.pass.company.slug);
    let confirm = end_page(actor.lang(), &list, &found.gstin, &form);
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn end(
    actor: Allowed<EditCompany>,
    path: web::Path<(String, String)>,
    form: Form<EndForm>,
) -> Answer {
    let (gstin, list) = (path.into_inner().1, list_address(&actor.pass.company.slug));
    let asked = gstin.clone();
    let (found, now) = actor
        .read(move |scope| Ok((Registration::by_gstin(scope, &asked)?, scope.now())))
        .await?;
    let last_day = match form.0.parse(dates::today(now)) {
        Ok(last_day) => last_day,
        Err(form) => {
            let confirm = end_page(actor.lang(), &list, &found.gstin, &form);
            let shell = actor.shell(confirm.question.clone()).with_errors(true);
            return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
        }
    };
    let next = actor
        .once(move |scope| {
            actions::end(scope, &gstin, last_day)?;
            Ok(Next::to(list)
                .saying(Said::new("The registration {gstin} has ended.").with("gstin", gstin)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
