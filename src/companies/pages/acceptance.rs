//! The invitation's door: whoever has the link and the address may come in, once.

use crate::companies::actions::{self, Accepting};
use crate::companies::forms::AcceptForm;
use crate::companies::model::{Company, Invitation};
use crate::companies::views::{AcceptPage, Guest};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::accounts::attempts::Source;
use crate::platform::accounts::tokens;
use crate::platform::accounts::users::{self, User};
use crate::platform::accounts::{attempts, password};
use crate::platform::permissions::SignIn;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, session};
use actix_web::{HttpRequest, web};

struct Found {
    invitation: Invitation,
    company: Company,
    user: Option<User>,
}

async fn find(actor: &Allowed<SignIn>, token: &str) -> Result<Found, AppError> {
    let hash = tokens::hash(token);
    actor
        .platform_read(move |tx| {
            let (invitation, company) = Invitation::peek_across(tx, &hash)?;
            actions::check_open(&invitation, tx.now())?;
            let user = users::by_email(tx, &invitation.email)?;
            Ok(Found {
                invitation,
                company,
                user,
            })
        })
        .await
}

/// How whoever is here stands to the invitation's address.
fn guest(actor: &Allowed<SignIn>, found: &Found) -> Result<Guest, AppError> {
    match (actor.ctx.person(), &found.user) {
        (Some(person), _) if person.email != found.invitation.email => {
            let said = Said::new(
                "This invitation is for {email}, and you are signed in as {other}. Sign out first, then open the link again.",
            );
            Err(AppError::refused(
                said.with("email", &found.invitation.email)
                    .with("other", &person.email),
            ))
        }
        (Some(_), _) => Ok(Guest::Here),
        (None, Some(user)) if user.password_hash.is_some() => Ok(Guest::Known),
        (None, _) => Ok(Guest::New),
    }
}

fn view(
    actor: &Allowed<SignIn>,
    found: &Found,
    token: &str,
    (guest, form): (Guest, &AcceptForm),
) -> AcceptPage {
    let title = actor
        .lang()
        .say(&Said::new("{company} invites you").with("company", &found.company.name));
    AcceptPage::new(
        actor.shell(title),
        actor.lang(),
        (&found.invitation, &found.company),
        token,
        (guest, form),
    )
}

pub async fn show(actor: Allowed<SignIn>, token: web::Path<String>) -> Answer {
    let found = find(&actor, &token).await?;
    let guest = guest(&actor, &found)?;
    let form = AcceptForm {
        name: found.invitation.name.clone(),
        ..AcceptForm::default()
    };
    page::show(&actor.ctx, &view(&actor, &found, &token, (guest, &form)))
}

pub async fn accept(
    actor: Allowed<SignIn>,
    token: web::Path<String>,
    request: HttpRequest,
    form: Form<AcceptForm>,
) -> Answer {
    let found = find(&actor, &token).await?;
    let guest = guest(&actor, &found)?;
    let accepting = match prove(&actor, &found, guest, form.0).await? {
        Ok(accepting) => accepting,
        Err(form) => return page::again(&actor.ctx, &view(&actor, &found, &token, (guest, &form))),
    };
    let token = token.into_inner();
    let user = actor
        .platform_write(move |tx| actions::accept(tx, &token, &accepting))
        .await?;
    if guest != Guest::Here {
        session::sign_in(&request, user)?;
    }
    let said = Said::new("Welcome to {company}.").with("company", &found.company.name);
    Ok(page::go(
        &actor.ctx,
        Next::to(format!("/c/{}/", found.company.slug)).saying(said),
    ))
}

/// Who accepts; or the form again, with remarks.
async fn prove(
    actor: &Allowed<SignIn>,
    found: &Found,
    guest: Guest,
    form: AcceptForm,
) -> Result<Result<Accepting, Box<AcceptForm>>, AppError> {
    match (guest, &found.user) {
        (Guest::New, None) => match form.parse_new(&found.invitation.email) {
            Ok((name, password, _)) => {
                let password_hash = actor.blocking(move |_, _| password.hash()).await?;
                Ok(Ok(Accepting::New {
                    name,
                    password_hash,
                }))
            }
            Err(form) => Ok(Err(form)),
        },
        (Guest::Here, Some(user)) => Ok(Ok(Accepting::Known(user.id))),
        (_, Some(user)) => known(actor, user, form).await,
        (_, None) => Err(AppError::NotFound),
    }
}

/// Somebody with an account proves it with the password, throttled as at the door.
async fn known(
    actor: &Allowed<SignIn>,
    user: &User,
    mut form: AcceptForm,
) -> Result<Result<Accepting, Box<AcceptForm>>, AppError> {
    let source = Source::new(
        &user.email,
        &actor.ctx.address.to_string(),
        actor.ctx.agent.clone(),
    );
    let id = user.id;
    let attempt = actor
        .platform_write(move |tx| {
            attempts::admit(tx, &source)?;
            attempts::note(tx, &source, Some(id), "wrong")
        })
        .await?;
    let (hash, typed) = (user.password_hash.clone(), form.password.clone());
    if user.disabled_at.is_some()
        || !actor
            .blocking(move |_, _| password::matches(hash.as_deref(), &typed))
            .await?
    {
        form.remarks.add("password", Said::new("This is not the password of your account. Set a new one by “Forgot password?” if need be."));
        return Ok(Err(Box::new(form)));
    }
    actor
        .platform_write(move |tx| attempts::settle(tx, attempt, "signed_in"))
        .await?;
    Ok(Ok(Accepting::Known(user.id)))
}
