//! The platform's room for people.

use super::Nothing;
use crate::companies::model::PersonRow;
use crate::companies::views::{PeoplePage, PersonPage};
use crate::error::AppError;
use crate::kernel::ids::UserId;
use crate::kernel::language::Said;
use crate::platform::accounts::{attempts, sessions, users};
use crate::platform::permissions::RunPlatform;
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .platform_read(move |tx| PersonRow::list(tx, &asked))
        .await?;
    let view = PeoplePage::new(
        actor.shell(actor.lang().t("People")),
        actor.lang(),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

fn user_id(path: &str) -> Result<UserId, AppError> {
    path.parse().map_err(|_| AppError::NotFound)
}

fn address(id: UserId) -> String {
    format!("/admin/people/{id}")
}

pub async fn show(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let id = user_id(&path)?;
    let (person, places, devices) = actor
        .platform_read(move |tx| {
            Ok((
                PersonRow::find_across(tx, id)?,
                PersonRow::places_across(tx, id)?,
                (sessions::of_user(tx, id)?, attempts::failed(tx, id)?),
            ))
        })
        .await?;
    let is_self = id == actor.pass.id;
    let view = PersonPage::new(
        actor.shell(person.name.clone()),
        actor.lang(),
        (person, is_self),
        places,
        devices,
    );
    page::show(&actor.ctx, &view)
}

/// What an admin may do to another, but not to themselves.
#[derive(Clone, Copy)]
enum Measure {
    Disable,
    SignOut,
}

impl Measure {
    fn refuse_self(self, actor: &Allowed<RunPlatform>, id: UserId) -> Result<(), AppError> {
        if id != actor.pass.id {
            return Ok(());
        }
        Err(AppError::refused(match self {
            Self::Disable => Said::new("Nobody disables their own account. Ask another admin."),
            Self::SignOut => {
                Said::new("End your own sessions under “Security” of your own account.")
            }
        }))
    }

    async fn ask(self, actor: Allowed<RunPlatform>, path: &str) -> Answer {
        let (id, lang) = (user_id(path)?, actor.lang());
        self.refuse_self(&actor, id)?;
        let (user, open) = actor
            .platform_read(move |tx| Ok((users::find(tx, id)?, sessions::of_user(tx, id)?.len())))
            .await?;
        let (question, effect, verb, action) = match self {
            Self::Disable => (
                Said::new("Disable {name}?"),
                Said::new(
                    "{count} sessions end at once, and {email} can't sign in until you let them in again. Roles and records stay.",
                ),
                Said::new("Disable account"),
                "disable",
            ),
            Self::SignOut => (
                Said::new("Sign {name} out everywhere?"),
                Said::new("{count} sessions end at once. {email} may sign in again right away."),
                Said::new("Sign out everywhere"),
                "sign-out",
            ),
        };
        let confirm = Confirm {
            question: lang.say(&question.with("name", &user.name)),
            effect: lang.say(&effect.with("count", open).with("email", &user.email)),
            action: format!("{}/{action}", address(id)),
            verb: lang.say(&verb),
            back: address(id),
            keep: lang.t("Change nothing").into_owned(),
            key: new_key(),
            fields: Vec::new(),
        };
        page::show(
            &actor.ctx,
            &ConfirmPage {
                shell: actor.shell(confirm.question.clone()),
                confirm,
            },
        )
    }
}

pub async fn ask_disable(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    Measure::Disable.ask(actor, &path).await
}

pub async fn disable(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = user_id(&path)?;
    Measure::Disable.refuse_self(&actor, id)?;
    let next = actor
        .platform_once(move |tx| {
            let user = users::find(tx, id)?;
            users::set_disabled(tx, id, true)?;
            let said = Said::new("{name} can't sign in any more, and is signed out everywhere.");
            Ok(Next::to(address(id)).saying(said.with("name", user.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn enable(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = user_id(&path)?;
    let next = actor
        .platform_once(move |tx| {
            let user = users::find(tx, id)?;
            users::set_disabled(tx, id, false)?;
            let said = Said::new("{name} may sign in again.");
            Ok(Next::to(address(id)).saying(said.with("name", user.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn ask_sign_out(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    Measure::SignOut.ask(actor, &path).await
}

pub async fn sign_out(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = user_id(&path)?;
    Measure::SignOut.refuse_self(&actor, id)?;
    let next = actor
        .platform_once(move |tx| {
            let user = users::find(tx, id)?;
            sessions::revoke_others(tx, id, None)?;
            let said = Said::new("{name} is signed out everywhere.");
            Ok(Next::to(address(id)).saying(said.with("name", user.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
