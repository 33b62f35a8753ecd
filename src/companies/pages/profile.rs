//! A company's profile.

use crate::companies::actions::{self};
use crate::companies::forms::ProfileForm;
use crate::companies::model::{Company, Registration};
use crate::companies::views::ProfilePage;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::permissions::{EditCompany, ReadCompany};
use crate::web::forms::{changed_meanwhile, changed_words};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

pub async fn show(actor: Allowed<ReadCompany>) -> Answer {
    let found = actor
        .read(|scope| Ok((Company::own(scope)?, Registration::all(scope)?)))
        .await?;
    let form = ProfilePage::of(&found.0);
    let view = ProfilePage::new(
        actor.shell(actor.lang().t("Company")),
        actor.lang(),
        found,
        &form,
        (actor.pass.may::<EditCompany>(), false),
    );
    page::show(&actor.ctx, &view)
}

async fn again(actor: &Allowed<EditCompany>, mut form: ProfileForm, conflict: bool) -> Answer {
    let found = actor
        .read(|scope| Ok((Company::own(scope)?, Registration::all(scope)?)))
        .await?;
    if conflict {
        // The next save is made on what is saved now, with both values in sight.
        form.version = found.0.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &ProfilePage::new(
            actor.shell(actor.lang().t("Company")),
            actor.lang(),
            found,
            &form,
            (true, conflict),
        ),
    )
}

pub async fn save(actor: Allowed<EditCompany>, form: Form<ProfileForm>) -> Answer {
    let known = actor.read(Registration::all).await?;
    let (profile, version, form) = match form.0.parse(&known) {
        Ok(parsed) => parsed,
        Err(form) => return again(&actor, *form, false).await,
    };
    let to = format!("{}/settings/company", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if actions::save_profile(scope, &profile, version)? {
                Ok(Next::to(to).saying(Said::new("The company's profile is saved.")))
            } else {
                Err(changed_meanwhile())
            }
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => again(&actor, form, true).await,
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}
