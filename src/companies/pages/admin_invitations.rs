//! The platform's room for invitations.

use super::invitations::done_words;
use super::{Nothing, links};
use crate::companies::actions::{self, Many};
use crate::companies::model::Invitation;
use crate::companies::views::{InvitationsPage, invitations_sheet};
use crate::error::AppError;
use crate::kernel::ids::InvitationId;
use crate::kernel::language::Said;
use crate::platform::permissions::{Role, RunPlatform};
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let (lang, asked) = (actor.lang(), query.clone());
    let (found, now) = actor
        .platform_read(move |tx| Ok((Invitation::list_across(tx, &asked)?, tx.now())))
        .await?;
    let shell = actor.shell(lang.t("Invitations"));
    page::show(
        &actor.ctx,
        &InvitationsPage::new(shell, lang, &query, found, (now, None)),
    )
}

pub async fn export(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (rows, now) = actor
        .platform_read(move |tx| Ok((Invitation::export_across(tx, &asked)?, tx.now())))
        .await?;
    invitations_sheet(actor.lang(), now, rows).answer(query.get("format"))
}

pub async fn bulk(actor: Allowed<RunPlatform>, form: Form<BulkForm>) -> Answer {
    let step = Many::from_code(&form.0.action).ok_or(AppError::NotFound)?;
    let (list, links) = (form.0.list("/admin/invitations"), links(actor.state()));
    let next = actor
        .platform_once(move |tx| {
            let ids = if form.0.is_all() {
                Invitation::ids_across(tx, &list)?
            } else {
                form.0.ids()?.into_iter().map(InvitationId::from).collect()
            };
            let mut outcome = Outcome::default();
            for id in ids {
                let company = Invitation::owner_across(tx, id)?;
                let taken = tx.in_company(company, |scope| {
                    Ok(step.take(scope, id, &links, Role::Owner))
                })?;
                outcome.note(id.uuid(), taken)?;
            }
            Ok(outcome.next(&list, done_words(step)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn resend(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id: InvitationId = path.parse().map_err(|_| AppError::NotFound)?;
    let links = links(actor.state());
    let next = actor
        .platform_once(move |tx| {
            let company = Invitation::owner_across(tx, id)?;
            let invitation = tx.in_company(company, |scope| {
                actions::resend(scope, id, &links, Role::Owner)
            })?;
            Ok(Next::to("/admin/invitations").saying(
                Said::new("The invitation was sent to {email} again. The old link is void.")
                    .with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn revoke(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id: InvitationId = path.parse().map_err(|_| AppError::NotFound)?;
    let next = actor
        .platform_once(move |tx| {
            let company = Invitation::owner_across(tx, id)?;
            let invitation =
                tx.in_company(company, |scope| actions::revoke(scope, id, Role::Owner))?;
            Ok(Next::to("/admin/invitations").saying(
                Said::new("The invitation of {email} is revoked.").with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
