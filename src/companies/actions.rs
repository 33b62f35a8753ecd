//! The verbs: open, suspend, invite, resend, revoke, accept, change an employee.

use super::model::{Company, Employee, Invitation};
use super::rules;
use super::views::{InvitationHtml, InvitationText};
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::{EmployeeId, InvitationId, RegistrationId, TenantId, UserId};
use crate::kernel::language::{Lang, Said};
use crate::kernel::slug::Slug;
use crate::platform::accounts::users;
use crate::platform::db::schema::{companies, employees, gst_registrations, invitations};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::jobs::Enqueue;
use crate::platform::mail::{self, Letter};
use crate::platform::permissions::Role;
use crate::web::page;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// A company to be opened.
#[derive(Clone, Debug)]
pub struct NewCompany {
    pub name: String,
    pub legal_name: String,
    pub slug: Slug,
    pub gstin: Gstin,
    pub is_demo: bool,
}

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

/// Opens a company with its first registration. State and PAN come from the GSTIN.
///
/// # Errors
/// The constraint `companies_slug_key` when the short name is taken.
pub fn open(tx: &mut PlatformTx, new: &NewCompany) -> Result<TenantId, AppError> {
    let (id, now) = (TenantId::new(), tx.now());
    tx.execute(diesel::insert_into(companies::table).values((
        companies::id.eq(id),
        companies::slug.eq(new.slug.as_str()),
        companies::name.eq(&new.name),
        companies::legal_name.eq(&new.legal_name),
        companies::pan.eq(new.gstin.pan().as_str()),
        companies::is_demo.eq(new.is_demo),
        companies::created_at.eq(now),
        companies::updated_at.eq(now),
    )))?;
    tx.in_company(id, |scope| {
        scope.execute(diesel::insert_into(gst_registrations::table).values((
            gst_registrations::id.eq(RegistrationId::new()),
            gst_registrations::gstin.eq(new.gstin.as_str()),
            gst_registrations::state_code.eq(&new.gstin.as_str()[..2]),
            gst_registrations::trade_name.eq(&new.name),
            gst_registrations::is_primary.eq(true),
        )))?;
        Ok(())
    })?;
    Ok(id)
}

/// Brings a company into another state, if its present one allows it.
///
/// # Errors
/// `Refused` with the state in words.
pub fn become_state(
    tx: &mut PlatformTx,
    id: TenantId,
    to: &'static str,
    reason: Option<&str>,
) -> Result<Company, AppError> {
    let company = Company::lock_across(tx, id)?;
    rules::may_become(&company.name, &company.status, to).map_err(AppError::refused)?;
    let now = tx.now();
    tx.execute(diesel::update(companies::table.find(id)).set((
        companies::status.eq(to),
        companies::status_reason.eq(reason),
        companies::updated_at.eq(now),
    )))?;
    Ok(company)
}

/// Adds an employee; the membership follows by trigger.
///
/// # Errors
/// The constraint `employees_tenant_id_user_id_key` when the person works here already.
pub fn add_employee(
    scope: &mut Scope,
    user: UserId,
    name: &str,
    email: &str,
    role: Role,
) -> Result<EmployeeId, AppError> {
    let (id, now) = (EmployeeId::new(), scope.now());
    scope.execute(diesel::insert_into(employees::table).values((
        employees::id.eq(id),
        employees::user_id.eq(user),
        employees::name.eq(name),
        employees::email.eq(email),
        employees::role.eq(role.code()),
        employees::created_at.eq(now),
        employees::updated_at.eq(now),
    )))?;
    Ok(id)
}

fn new_token() -> (String, Vec<u8>) {
    let bytes: [u8; 32] = rand::random();
    let token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&token);
    (token, hash)
}

/// Hash of an invitation's token, which is all that the table knows.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Invites somebody: the row, and the letter with the link. The link is in the letter and nowhere else.
///
/// # Errors
/// The constraint `invitations_one_open` when the address has an open invitation already.
pub fn invite(
    scope: &mut Scope,
    new: &NewInvitation,
    links: &Links,
) -> Result<InvitationId, AppError> {
    let (id, now, (token, hash)) = (InvitationId::new(), scope.now(), new_token());
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
pub fn resend(scope: &mut Scope, id: InvitationId, links: &Links) -> Result<Invitation, AppError> {
    let invitation = Invitation::lock(scope, id)?;
    refuse_unless_open(&invitation)?;
    let (now, (token, hash), company) = (scope.now(), new_token(), Company::own(scope)?);
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
pub fn revoke(scope: &mut Scope, id: InvitationId) -> Result<Invitation, AppError> {
    let invitation = Invitation::lock(scope, id)?;
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
pub fn accept(
    tx: &mut PlatformTx,
    token: &str,
    accepting: &Accepting,
) -> Result<(UserId, Company), AppError> {
    let (invitation, company) = Invitation::across_by_token(tx, &hash(token))?;
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
    tx.in_company(company.id, |scope| {
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
        let already = employees::table.filter(
            employees::tenant_id
                .eq(scope.tenant())
                .and(employees::user_id.eq(user)),
        );
        // Somebody who worked here before comes back to their own row.
        let rows = scope.execute(diesel::update(already).set((
            employees::is_active.eq(true),
            employees::role.eq(role.code()),
            employees::updated_at.eq(now),
        )))?;
        if rows == 0 {
            add_employee(scope, user, &name, &invitation.email, role)?;
        }
        Ok(())
    })?;
    Ok((user, company))
}

/// The company's profile as it is to be.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub legal_name: String,
    pub email: Option<Email>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
    pub hue: i16,
}

/// Saves the profile, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// When the database refuses.
pub fn save_profile(
    scope: &mut Scope,
    profile: &Profile,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = companies::table.filter(
        companies::id
            .eq(scope.tenant())
            .and(companies::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        companies::name.eq(&profile.name),
        companies::legal_name.eq(&profile.legal_name),
        companies::email.eq(profile.email.as_ref().map(Email::as_str)),
        companies::phone.eq(&profile.phone),
        companies::website.eq(&profile.website),
        companies::address.eq(&profile.address),
        companies::city.eq(&profile.city),
        companies::pincode.eq(&profile.pincode),
        companies::hue.eq(profile.hue),
        companies::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

/// An employee's record as it is to be.
#[derive(Clone, Debug)]
pub struct EmployeeChange {
    pub name: String,
    pub title: Option<String>,
    pub phone: Option<String>,
    pub role: Role,
    pub is_active: bool,
}

/// Saves an employee, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// `Refused` for one's own role; the constraint `employees_keep_an_owner` for the last owner.
pub fn save_employee(
    scope: &mut Scope,
    id: EmployeeId,
    change: &EmployeeChange,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let (now, employee) = (scope.now(), Employee::find(scope, id)?);
    let is_self = scope.member().user() == Some(employee.user_id);
    if is_self && (employee.role() != change.role || !change.is_active) {
        return Err(AppError::refused(Said::new(
            "Nobody changes their own role or ends their own access. Ask another owner or manager.",
        )));
    }
    let row = employees::table.filter(
        employees::tenant_id
            .eq(scope.tenant())
            .and(employees::id.eq(id))
            .and(employees::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        employees::name.eq(&change.name),
        employees::title.eq(&change.title),
        employees::phone.eq(&change.phone),
        employees::role.eq(change.role.code()),
        employees::is_active.eq(change.is_active),
        employees::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}
