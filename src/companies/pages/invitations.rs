//! A company's invitations.

use super::saved_views;
use super::{Nothing, links};
use crate::companies::actions::{self, Many};
use crate::companies::forms::InviteForm;
use crate::companies::model::{Invitation, SavedView};
use crate::companies::rules::may_give;
use crate::companies::views::{InvitationsPage, InvitePage, OwnList, invitations_sheet};
use crate::error::AppError;
use crate::kernel::ids::InvitationId;
use crate::kernel::language::Said;
use crate::platform::permissions::ManagePeople;
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

fn invite_page(actor: &Allowed<ManagePeople>, form: &InviteForm) -> InvitePage {
    InvitePage::new(
        actor.shell(actor.lang().t("Invite somebody")),
        actor.lang(),
        actor.pass.base(),
        form,
    )
}

pub async fn new(actor: Allowed<ManagePeople>) -> Answer {
    page::show(
        &actor.ctx,
        &invite_page(
            &actor,
            &InviteForm {
                role: "viewer".to_owned(),
                ..InviteForm::default()
            },
        ),
    )
}

pub async fn create(actor: Allowed<ManagePeople>, form: Form<InviteForm>) -> Answer {
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &invite_page(&actor, &form)),
    };
    if let Err(said) = may_give(actor.pass.company.role, new.role) {
        form.remarks.add("role", said);
        return page::again(&actor.ctx, &invite_page(&actor, &form));
    }
    let (links, to) = (
        links(actor.state()),
        format!("{}/settings/invitations", actor.pass.base()),
    );
    let invited = actor
        .once(move |scope| {
            actions::invite(scope, &new, &links)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation is on its way to {email}.")
                    .with("email", new.email.as_str()),
            ))
        })
        .await;
    match invited {
        Err(error) if error.constraint() == Some("invitations_one_open") => {
            form.remarks.add(
                "email",
                Said::new(
                    "This address has an open invitation. Send it again, or take it back first.",
                ),
            );
            page::again(&actor.ctx, &invite_page(&actor, &form))
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("email", said);
            page::again(&actor.ctx, &invite_page(&actor, &form))
        }
        invited => Ok(page::go(&actor.ctx, invited?)),
    }
}

pub async fn index(actor: Allowed<ManagePeople>, query: ListQuery) -> Answer {
    let (lang, asked) = (actor.lang(), query.clone());
    let (found, now, views) = actor
        .read(move |scope| {
            let found = Invitation::list(scope, &asked)?;
            let views = SavedView::of_list(scope, "invitations")?;
            Ok((found, scope.now(), views))
        })
        .await?;
    let own = OwnList {
        base: actor.pass.base(),
        kept: saved_views::kept(&actor.pass, views),
    };
    let shell = actor.shell(lang.t("Invitations"));
    page::show(
        &actor.ctx,
        &InvitationsPage::new(shell, lang, &query, found, (now, Some(own))),
    )
}

pub async fn export(actor: Allowed<ManagePeople>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (rows, now) = actor
        .read(move |scope| Ok((Invitation::export(scope, &asked)?, scope.now())))
        .await?;
    invitations_sheet(actor.lang(), now, rows).answer(query.get("format"))
}

/// What a step did, in words.
pub fn done_words(step: Many) -> Said {
    match step {
        Many::Resend => Said::new("{count} sent again."),
        Many::Revoke => Said::new("{count} revoked."),
    }
}

pub async fn bulk(actor: Allowed<ManagePeople>, form: Form<BulkForm>) -> Answer {
    let step = Many::from_code(&form.0.action).ok_or(AppError::NotFound)?;
    let path = format!("{}/settings/invitations", actor.pass.base());
    let (list, links, by) = (
        form.0.list(&path),
        links(actor.state()),
        actor.pass.company.role,
    );
    let next = actor
        .once(move |scope| {
            let ids = if form.0.is_all() {
                Invitation::ids(scope, &list)?
            } else {
                form.0.ids()?.into_iter().map(InvitationId::from).collect()
            };
            let mut outcome = Outcome::default();
            for id in ids {
                outcome.note(id.uuid(), step.take(scope, id, &links, by))?;
            }
            Ok(outcome.next(&list, done_words(step)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn invitation_id(path: &(String, String)) -> Result<InvitationId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn resend(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (id, links, to) = (
        invitation_id(&path)?,
        links(actor.state()),
        format!("{}/settings/invitations", actor.pass.base()),
    );
    let by = actor.pass.company.role;
    let next = actor
        .once(move |scope| {
            let invitation = actions::resend(scope, id, &links, by)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation was sent to {email} again. The old link is void.")
                    .with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn revoke(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (id, to) = (
        invitation_id(&path)?,
        format!("{}/settings/invitations", actor.pass.base()),
    );
    let by = actor.pass.company.role;
    let next = actor
        .once(move |scope| {
            let invitation = actions::revoke(scope, id, by)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation of {email} is revoked.").with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
