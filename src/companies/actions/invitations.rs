//! The verbs of invitations: invite, send again, revoke, accept.

use super::employees::{add_employee, works_here};
use crate::companies::model::{Company, Employee, Invitation};
use crate::companies::rules;
use crate::companies::views::{InvitationHtml, InvitationText};
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::{InvitationId, UserId};
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::{tokens, users};
use crate::platform::db::schema::invitations;
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::jobs::Enqueue;
use crate::platform::mail::{self, Letter};
use crate::platform::permissions::Role;
use crate::web::page;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub email: Email,
    pub name: String,
    pub role: Role,
    pub language: Lang,
}

/// What a letter needs besides the invitation: where links lead.
#[derive(Clone, Debug)]
pub struct Links {
    /// Address of the installation, without a slash at the end.
    pub base: String,
}

/// Invites somebody who does not work here.
///
/// # Errors
/// The constraint `invitations_one_open` when the address has an open invitation already; `Refused` when the person works here.
pub fn invite(
    scope: &mut Scope,
    new: &NewInvitation,
    links: &Links,
) -> Result<InvitationId, AppError> {
    if Employee::works_here(scope, &new.email)? {
        return Err(AppError::refused(works_here()));
    }
    invite_first(scope, new, links)
}

/// Invites the first person of a company: the row, and the letter with the link. The link is in the letter and nowhere else.
///
/// # Errors
/// The constraint `invitations_one_open` when the address has an open invitation already.
pub fn invite_first(
    scope: &mut Scope,
    new: &NewInvitation,
    links: &Links,
) -> Result<InvitationId, AppError> {
    let (id, now, (token, hash)) = (InvitationId::new(), scope.now(), tokens::new());
    let company = Company::own(scope)?;
    scope.execute(diesel::insert_into(invitations::table).values((
        invitations::id.eq(id),
        invitations::email.eq(new.email.as_str()),
        invitations::name.eq(&new.name),
        invitations::role.eq(new.role.code()),
        invitations::language.eq(new.language.code()),
        invitations::token_hash.eq(hash),
        invitations::sent_at.eq(now),
        invitations::expires_at.eq(now + Duration::days(rules::INVITATION_DAYS)),
        invitations::invited_by.eq(scope.member().user()),
        invitations::created_at.eq(now),
        invitations::updated_at.eq(now),
    )))?;
    write_letter(
        scope,
        &company,
        (new.email.as_str(), &new.name, new.role, new.language),
        links,
        &token,
    )?;
    Ok(id)
}

fn write_letter(
    tx: &mut impl Enqueue,
    company: &Company,
    (email, name, role, lang): (&str, &str, Role, Lang),
    links: &Links,
    token: &str,
) -> Result<(), AppError> {
    let link = format!("{}/invite/{token}", links.base);
    let role = lang.t(role.label());
    mail::write(
        tx,
        &Letter {
            kind: "invitation",
            to: email.to_owned(),
            subject: lang.say(&Said::new("{company} invites you").with("company", &company.name)),
            text: page::print(
                &InvitationText {
                    name,
                    company: &company.name,
                    role: &role,
                    link: &link,
                },
                lang,
            )?,
            html: page::print(
                &InvitationHtml {
                    lang,
                    name,
                    company: &company.name,
                    role: &role,
                    link: &link,
                },
                lang,
            )?,
        },
    )?;
    Ok(())
}

/// Whoever may not give a role may not send its invitation again, or take it back, either.
fn refuse_unless_giver(invitation: &Invitation, by: Role) -> Result<(), AppError> {
    let role = Role::from_code(&invitation.role).unwrap_or(Role::Viewer);
    rules::may_give(by, role).map_err(AppError::refused)
}

fn refuse_unless_open(invitation: &Invitation) -> Result<(), AppError> {
    match invitation.status.as_str() {
        "accepted" => Err(AppError::refused(
            Said::new("{name} has accepted this invitation already.")
                .with("name", &invitation.name),
        )),
        "revoked" => Err(AppError::refused(
            Said::new("This invitation was revoked. Invite {name} again instead.")
                .with("name", &invitation.name),
        )),
        _ => Ok(()),
    }
}

/// Sends an invitation again: a new link for another week; the old one is void.
///
/// # Errors
/// `Refused` when it was accepted or revoked.
pub fn resend(
    scope: &mut Scope,
    id: InvitationId,
    links: &Links,
    by: Role,
) -> Result<Invitation, AppError> {
    let invitation = Invitation::lock(scope, id)?;
    refuse_unless_giver(&invitation, by)?;
    refuse_unless_open(&invitation)?;
    let (now, (token, hash), company) = (scope.now(), tokens::new(), Company::own(scope)?);
    let row = invitations::table.filter(
        invitations::tenant_id
            .eq(scope.tenant())
            .and(invitations::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        invitations::token_hash.eq(hash),
        invitations::sent_count.eq(invitation.sent_count + 1),
        invitations::sent_at.eq(now),
        invitations::expires_at.eq(now + Duration::days(rules::INVITATION_DAYS)),
        invitations::updated_at.eq(now),
    )))?;
    let lang = Lang::from_code(&invitation.language).unwrap_or_default();
    let role = Role::from_code(&invitation.role).unwrap_or(Role::Viewer);
    write_letter(
        scope,
        &company,
        (&invitation.email, &invitation.name, role, lang),
        links,
        &token,
    )?;
    Ok(invitation)
}

/// Takes an invitation back; its link is void. A second time changes nothing.
///
/// # Errors
/// `Refused` when it was accepted.
pub fn revoke(scope: &mut Scope, id: InvitationId, by: Role) -> Result<Invitation, AppError> {
    let invitation = Invitation::lock(scope, id)?;
    refuse_unless_giver(&invitation, by)?;
    if invitation.status == "revoked" {
        return Ok(invitation);
    }
    refuse_unless_open(&invitation)?;
    let now = scope.now();
    let row = invitations::table.filter(
        invitations::tenant_id
            .eq(scope.tenant())
            .and(invitations::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        invitations::status.eq("revoked"),
        invitations::updated_at.eq(now),
    )))?;
    Ok(invitation)
}

/// What can be done to many invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    Resend,
    Revoke,
}

impl Many {
    /// The step of a button.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "resend" => Some(Self::Resend),
            "revoke" => Some(Self::Revoke),
            _ => None,
        }
    }

    /// Takes the step for one of them; refuses what is settled, revoked ones included, so that the reader learns of it.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when it was accepted or revoked.
    pub fn take(
        self,
        scope: &mut Scope,
        id: InvitationId,
        links: &Links,
        by: Role,
    ) -> Result<(), AppError> {
        scope.attempt(|scope| {
            match self {
                Self::Resend => resend(scope, id, links, by)?,
                Self::Revoke => {
                    refuse_unless_open(&Invitation::lock(scope, id)?)?;
                    revoke(scope, id, by)?
                }
            };
            Ok(())
        })
    }
}

/// Whether a link still lets somebody in.
///
/// # Errors
/// `Gone` in words.
pub fn check_open(invitation: &Invitation, now: DateTime<Utc>) -> Result<(), AppError> {
    match rules::invitation_state(&invitation.status, invitation.expires_at, now) {
        "accepted" => Err(AppError::Gone(Said::new(
            "This invitation was accepted already. Sign in with your e-mail and password.",
        ))),
        "revoked" => Err(AppError::Gone(Said::new(
            "This invitation was taken back. Ask whoever sent it.",
        ))),
        "expired" => Err(AppError::Gone(Said::new(
            "This invitation has had its time. Ask whoever sent it to send it again.",
        ))),
        _ => Ok(()),
    }
}

/// Who accepts an invitation.
pub enum Accepting {
    /// Somebody new, with the hash of their new password.
    New { name: String, password_hash: String },
    /// Somebody with an account, who has proved to be the owner of it.
    Known(UserId),
}

/// Accepts an invitation: the person becomes an employee, the link is used up. Of two at once one wins.
///
/// # Errors
/// `Gone` when the link has had its time.
pub fn accept(tx: &mut PlatformTx, token: &str, accepting: &Accepting) -> Result<UserId, AppError> {
    let invitation = Invitation::lock_across(tx, &tokens::hash(token))?;
    check_open(&invitation, tx.now())?;
    let user = match accepting {
        Accepting::Known(user) => *user,
        Accepting::New {
            name,
            password_hash,
        } => {
            let email: Email = invitation.email.parse().map_err(AppError::refused)?;
            let language = Lang::from_code(&invitation.language)
                .filter(|lang| *lang != Lang::En)
                .map(Lang::code);
            users::create(
                tx,
                &users::NewUser {
                    email: &email,
                    name,
                    password_hash: Some(password_hash),
                    is_platform_admin: false,
                    language,
                },
            )?
        }
    };
    let now = tx.now();
    let role = Role::from_code(&invitation.role).unwrap_or(Role::Viewer);
    let name = match accepting {
        Accepting::New { name, .. } => name.clone(),
        Accepting::Known(_) => invitation.name.clone(),
    };
    // Whoever accepts is who changes the rows, as the audit tells it.
    tx.act_as(user);
    tx.in_company(invitation.tenant_id, |scope| {
        let row = invitations::table.filter(
            invitations::tenant_id
                .eq(scope.tenant())
                .and(invitations::id.eq(invitation.id)),
        );
        scope.execute(diesel::update(row).set((
            invitations::status.eq("accepted"),
            invitations::accepted_by.eq(user),
            invitations::accepted_at.eq(now),
            invitations::updated_at.eq(now),
        )))?;
        add_employee(scope, user, &name, &invitation.email, role)
    })?;
    Ok(user)
}
