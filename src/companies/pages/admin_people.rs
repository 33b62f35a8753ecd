//! The platform's room for people.

use super::Nothing;
use crate::companies::model::PersonRow;
use crate::companies::views::PeoplePage;
use crate::error::AppError;
use crate::kernel::ids::UserId;
use crate::kernel::language::Said;
use crate::platform::accounts::users;
use crate::platform::permissions::RunPlatform;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .platform_read(move |tx| PersonRow::across(tx, &asked))
        .await?;
    let view = PeoplePage::new(
        actor.shell(actor.lang().t("People")),
        actor.lang(),
        actor.pass.id.to_string(),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

async fn set_disabled(actor: Allowed<RunPlatform>, path: &str, is_disabled: bool) -> Answer {
    let id: UserId = path.parse().map_err(|_| AppError::NotFound)?;
    if id == actor.pass.id {
        return Err(AppError::refused(Said::new(
            "Nobody disables their own account. Ask another admin.",
        )));
    }
    let next = actor
        .platform_once(move |tx| {
            let user = users::find(tx, id)?;
            users::set_disabled(tx, id, is_disabled)?;
            let said = if is_disabled {
                Said::new("{name} can't sign in any more, and is signed out everywhere.")
            } else {
                Said::new("{name} may sign in again.")
            };
            Ok(Next::to("/admin/people").saying(said.with("name", user.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn disable(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    set_disabled(actor, &path, true).await
}

pub async fn enable(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    set_disabled(actor, &path, false).await
}
