//! The verbs of invitations into the portal: invite, send again, take back, accept.

use super::retailers::{NewShop, sign_up_as};
use crate::customers::model::{
    Customer, Invitation, Invited, Line, connection_of, is_owner_across,
};
use crate::customers::rules;
use crate::customers::views::{JoinHtml, JoinText};
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::{ConnectionId, CustomerId, RetailerId, RetailerInvitationId, UserId};
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::{tokens, users};
use crate::platform::db::schema::{companies, connections, retailer_invitations};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::jobs::Enqueue;
use crate::platform::mail::{self, Letter};
use crate::web::page;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub email: Email,
    pub name: String,
    pub language: Lang,
}

fn company_name(scope: &mut Scope) -> Result<String, AppError> {
    let own = companies::table.filter(companies::id.eq(scope.tenant()));
    Ok(scope.one(own.select(companies::name))?)
}

/// Invites a customer's person: the row, and the letter with the link. The link is in the letter and nowhere else. `base` is the address
/// of the installation, without a slash at the end.
///
/// # Errors
/// `Refused` when the customer is connected; the constraint `retailer_invitations_one_open` when it has an open invitation.
pub fn invite(
    scope: &mut Scope,
    code: &str,
    new: &NewInvitation,
    base: &str,
) -> Result<RetailerInvitationId, AppError> {
    let line = Customer::line(scope, code)?;
    send(scope, &line, new, base)
}

/// Whoever connects at the same moment makes this letter void: it can't be accepted any more.
fn send(
    scope: &mut Scope,
    line: &Line,
    new: &NewInvitation,
    base: &str,
) -> Result<RetailerInvitationId, AppError> {
    rules::may_be_invited(&line.customer.name, line.is_connected()).map_err(AppError::refused)?;
    let (id, now, (token, hash)) = (RetailerInvitationId::new(), scope.now(), tokens::new());
    scope.execute(diesel::insert_into(retailer_invitations::table).values((
        retailer_invitations::id.eq(id),
        retailer_invitations::customer_id.eq(line.customer.id),
        retailer_invitations::email.eq(new.email.as_str()),
        retailer_invitations::name.eq(&new.name),
        retailer_invitations::language.eq(new.language.code()),
        retailer_invitations::token_hash.eq(hash),
        retailer_invitations::sent_at.eq(now),
        retailer_invitations::expires_at.eq(now + Duration::days(rules::INVITATION_DAYS)),
        retailer_invitations::invited_by.eq(scope.member().user()),
        retailer_invitations::created_at.eq(now),
        retailer_invitations::updated_at.eq(now),
    )))?;
    let link = format!("{base}/join/{token}");
    write_letter(
        scope,
        &line.customer.name,
        (new.email.as_str(), &new.name, new.language),
        &link,
    )?;
    Ok(id)
}

/// Invites a customer at the e-mail that the book has of it.
///
/// # Errors
/// `Refused` without an e-mail, when it is connected, and when it has an open invitation.
pub fn invite_by_letter(scope: &mut Scope, code: &str, base: &str) -> Result<(), AppError> {
    let line = Customer::line(scope, code)?;
    let customer = &line.customer;
    let Some(email) = &customer.email else {
        return Err(AppError::refused(
            Said::new("{name} has no e-mail.").with("name", customer.name.as_str()),
        ));
    };
    let new = NewInvitation {
        email: email.parse().map_err(AppError::refused)?,
        name: customer.name.clone(),
        language: Lang::from_code(&customer.language).unwrap_or_default(),
    };
    match scope.attempt(|scope| send(scope, &line, &new, base)) {
        Err(error) if error.constraint() == Some("retailer_invitations_one_open") => {
            Err(AppError::refused(
                Said::new("{name} has an open invitation.").with("name", customer.name.as_str()),
            ))
        }
        invited => invited.map(|_| ()),
    }
}

fn write_letter(
    scope: &mut Scope,
    shop: &str,
    (email, name, lang): (&str, &str, Lang),
    link: &str,
) -> Result<(), AppError> {
    let company = company_name(scope)?;
    let text = JoinText {
        name,
        company: &company,
        shop,
        link,
    };
    let html = JoinHtml {
        lang,
        name,
        company: &company,
        shop,
        link,
    };
    let letter = Letter {
        kind: "join",
        to: email.to_owned(),
        subject: lang.say(&Said::new("Order from {company} online").with("company", &company)),
        text: page::print(&text, lang)?,
        html: page::print(&html, lang)?,
    };
    enqueue(scope, &letter)
}

fn enqueue(tx: &mut impl Enqueue, letter: &Letter) -> Result<(), AppError> {
    mail::write(tx, letter)?;
    Ok(())
}

fn open_one(scope: &mut Scope, customer: &Customer) -> Result<Invitation, AppError> {
    Invitation::lock_open(scope, customer.id)?.ok_or_else(|| {
        AppError::refused(
            Said::new("{name} has no open invitation.").with("name", customer.name.as_str()),
        )
    })
}

/// Sends a customer's open invitation again: a new link for another week; the old one is void.
///
/// # Errors
/// `Refused` when there is none.
pub fn resend(scope: &mut Scope, code: &str, base: &str) -> Result<Invitation, AppError> {
    let customer = Customer::lock(scope, code)?;
    let invitation = open_one(scope, &customer)?;
    let (now, (token, hash)) = (scope.now(), tokens::new());
    let row = retailer_invitations::table.filter(
        retailer_invitations::tenant_id
            .eq(scope.tenant())
            .and(retailer_invitations::id.eq(invitation.id)),
    );
    scope.execute(diesel::update(row).set((
        retailer_invitations::token_hash.eq(hash),
        retailer_invitations::sent_count.eq(invitation.sent_count + 1),
        retailer_invitations::sent_at.eq(now),
        retailer_invitations::expires_at.eq(now + Duration::days(rules::INVITATION_DAYS)),
        retailer_invitations::updated_at.eq(now),
    )))?;
    let lang = Lang::from_code(&invitation.language).unwrap_or_default();
    let link = format!("{base}/join/{token}");
    write_letter(
        scope,
        &customer.name,
        (&invitation.email, &invitation.name, lang),
        &link,
    )?;
    Ok(invitation)
}

/// Takes a customer's open invitation back; its link is void.
///
/// # Errors
/// `Refused` when there is none.
pub fn revoke(scope: &mut Scope, code: &str) -> Result<Invitation, AppError> {
    let customer = Customer::lock(scope, code)?;
    let invitation = open_one(scope, &customer)?;
    let now = scope.now();
    let row = retailer_invitations::table.filter(
        retailer_invitations::tenant_id
            .eq(scope.tenant())
            .and(retailer_invitations::id.eq(invitation.id)),
    );
    scope.execute(diesel::update(row).set((
        retailer_invitations::status.eq("revoked"),
        retailer_invitations::updated_at.eq(now),
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

/// Who accepts an invitation, and for which shop.
#[derive(Clone, Debug)]
pub enum Joining {
    /// Somebody new, with the hash of their new password, who opens a shop.
    New {
        name: String,
        shop: String,
        password_hash: String,
        /// In which they read the page.
        language: Lang,
    },
    /// Somebody with an account, who opens a further shop.
    Open { user: UserId, shop: String },
    /// Somebody with an account, for a shop of theirs.
    Own {
        user: UserId,
        retailer: RetailerId,
        slug: String,
    },
}

/// Accepts an invitation: the shop is connected, the link is used up. Of two at once one wins. Gives the person and the shop's part of
/// addresses.
///
/// # Errors
/// `Gone` when the link has had its time; `NotFound` for a shop of others; `Refused` when shop or customer is connected already.
pub fn accept(
    tx: &mut PlatformTx,
    token: &str,
    invited: &Invited,
    joining: &Joining,
) -> Result<(UserId, String), AppError> {
    let invitation = Invitation::lock_across(tx, &tokens::hash(token))?;
    check_open(&invitation, tx.now())?;
    let open = |shop: &str| NewShop {
        name: shop.to_owned(),
        gstin: invited.gstin.clone(),
        phone: invited.phone.clone(),
        city: invited.city.clone(),
    };
    let is_new = !matches!(joining, Joining::Own { .. });
    let (user, retailer, slug) = match joining {
        Joining::New {
            name,
            shop,
            password_hash,
            language,
        } => {
            let user = create_user(tx, &invitation, (name, *language), password_hash)?;
            let (retailer, slug) = sign_up_as(tx, &open(shop), user)?;
            (user, retailer, slug)
        }
        Joining::Open { user, shop } => {
            let (retailer, slug) = sign_up_as(tx, &open(shop), *user)?;
            (*user, retailer, slug)
        }
        Joining::Own {
            user,
            retailer,
            slug,
        } => {
            if !is_owner_across(tx, *user, *retailer)? {
                return Err(AppError::NotFound);
            }
            (*user, *retailer, slug.clone())
        }
    };
    // Whoever accepts is who changes the rows, as the audit tells it.
    tx.act_as(user);
    tx.in_company(invitation.tenant_id, |scope| {
        let known = if is_new {
            // A shop of this moment has no connections; the customer's own is refused by its key.
            Vec::new()
        } else {
            connection_of(scope, retailer, invitation.customer_id)?
        };
        tie(scope, invited, retailer, &known)?;
        let now = scope.now();
        let row = retailer_invitations::table.filter(
            retailer_invitations::tenant_id
                .eq(scope.tenant())
                .and(retailer_invitations::id.eq(invitation.id)),
        );
        scope.execute(diesel::update(row).set((
            retailer_invitations::status.eq("accepted"),
            retailer_invitations::accepted_by.eq(user),
            retailer_invitations::accepted_at.eq(now),
            retailer_invitations::updated_at.eq(now),
        )))?;
        Ok(())
    })?;
    Ok((user, slug))
}

fn create_user(
    tx: &mut PlatformTx,
    invitation: &Invitation,
    (name, language): (&str, Lang),
    password_hash: &str,
) -> Result<UserId, AppError> {
    let email: Email = invitation.email.parse().map_err(AppError::refused)?;
    // English against an English letter says nothing: then the browser goes on to say it.
    let is_chosen = language != Lang::En || Lang::from_code(&invitation.language) != Some(Lang::En);
    let language = is_chosen.then(|| language.code());
    users::create(
        tx,
        &users::NewUser {
            email: &email,
            name,
            password_hash: Some(password_hash),
            is_platform_admin: false,
            language,
        },
    )
}

/// Ties a retailer to the customer of an invitation. A connection that ended between the same two is taken up again.
fn tie(
    scope: &mut Scope,
    invited: &Invited,
    retailer: RetailerId,
    known: &[(RetailerId, CustomerId, String)],
) -> Result<(), AppError> {
    let customer = invited.invitation.customer_id;
    let sides: Vec<(bool, bool, &str)> = known
        .iter()
        .map(|(of, to, status)| (*of == retailer, *to == customer, status.as_str()))
        .collect();
    rules::may_connect(&invited.company, &sides).map_err(AppError::refused)?;
    let now = scope.now();
    if known.is_empty() {
        scope.execute(diesel::insert_into(connections::table).values((
            connections::id.eq(ConnectionId::new()),
            connections::retailer_id.eq(retailer),
            connections::customer_id.eq(customer),
            connections::status.eq(&invited.status),
            connections::created_at.eq(now),
            connections::updated_at.eq(now),
        )))?;
        return Ok(());
    }
    let row = connections::table.filter(
        connections::tenant_id
            .eq(scope.tenant())
            .and(connections::customer_id.eq(customer))
            .and(connections::retailer_id.eq(retailer)),
    );
    scope.execute(diesel::update(row).set((
        connections::status.eq(&invited.status),
        connections::updated_at.eq(now),
    )))?;
    Ok(())
}
