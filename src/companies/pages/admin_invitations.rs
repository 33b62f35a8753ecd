//! The platform's room for invitations.

use super::{Nothing, links};
use crate::companies::actions::{self};
use crate::companies::model::Invitation;
use crate::companies::views::{InvitationRow, InvitationsPage};
use crate::error::AppError;
use crate::kernel::ids::InvitationId;
use crate::kernel::language::Said;
use crate::platform::permissions::RunPlatform;
use crate::web::components::Empty;
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

pub async fn index(actor: Allowed<RunPlatform>) -> Answer {
    let lang = actor.lang();
    let rows = actor
        .platform_read(move |tx| {
            let now = tx.now();
            Ok(Invitation::across(tx, None)?
                .into_iter()
                .map(|(row, name)| InvitationRow::new(lang, now, row, name))
                .collect::<Vec<_>>())
        })
        .await?;
    let empty = Empty {
        icon: "mail",
        heading: lang.t("No invitations yet").into_owned(),
        text: lang.t("Opening a company invites its owner.").into_owned(),
        action: Some((
            lang.t("Open a company").into_owned(),
            "/admin/companies/new".to_owned(),
        )),
    };
    let view = InvitationsPage {
        shell: actor.shell(lang.t("Invitations")),
        rows,
        empty,
        base: "/admin/invitations".to_owned(),
        new: None,
        key: new_key(),
    };
    page::show(&actor.ctx, &view)
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
            let invitation = tx.in_company(company, |scope| actions::resend(scope, id, &links))?;
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
            let invitation = tx.in_company(company, |scope| actions::revoke(scope, id))?;
            Ok(Next::to("/admin/invitations").saying(
                Said::new("The invitation of {email} is revoked.").with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
