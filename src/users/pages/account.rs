//! A person's own profile, password, devices and preferences.

use super::source;
use crate::error::AppError;
use crate::kernel::ids::SessionId;
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::attempts::{self};
use crate::platform::accounts::password::{self, NewPassword};
use crate::platform::accounts::{sessions, users};
use crate::platform::permissions::ManageSelf;
use crate::users::views::{PreferencesPage, ProfilePage, SecurityPage};
use crate::users::{actions, forms};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, session};
use actix_session::Session;
use actix_web::web;

fn profile_page(actor: &Allowed<ManageSelf>, form: &forms::Profile) -> ProfilePage {
    ProfilePage::new(
        actor.shell(actor.lang().t("My account")),
        actor.lang(),
        &actor.pass.email,
        form,
    )
}

pub async fn profile(actor: Allowed<ManageSelf>) -> Answer {
    let id = actor.pass.id;
    let user = actor.platform_read(move |tx| users::find(tx, id)).await?;
    page::show(&actor.ctx, &profile_page(&actor, &ProfilePage::of(&user)))
}

pub async fn save_profile(actor: Allowed<ManageSelf>, form: Form<forms::Profile>) -> Answer {
    let (name, phone, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &profile_page(&actor, &form)),
    };
    let id = actor.pass.id;
    let saved = actor
        .platform_write(move |tx| {
            users::rename(
                tx,
                id,
                &name,
                phone.as_ref().map(|phone| phone.as_str()),
                version,
            )
        })
        .await?;
    if !saved {
        // Somebody (or another window) saved first: both values are shown, and the next save counts.
        let user = actor.platform_read(move |tx| users::find(tx, id)).await?;
        form.version = user.updated_at.to_rfc3339();
        form.theirs = Some((user.name, user.phone.unwrap_or_default()));
        return page::again(&actor.ctx, &profile_page(&actor, &form));
    }
    Ok(page::go(
        &actor.ctx,
        Next::to("/me").saying(Said::new("Your account is saved.")),
    ))
}

async fn security_page(
    actor: &Allowed<ManageSelf>,
    session: &Session,
    form: forms::ChangePassword,
) -> Result<SecurityPage, AppError> {
    let (id, current) = (actor.pass.id, session::current_id(session));
    let rows = actor
        .platform_read(move |tx| {
            let open = sessions::of_user(tx, id)?;
            let open = open
                .into_iter()
                .map(|one| (current == Some(one.id), one))
                .map(|(is_this, one)| (one, is_this))
                .collect();
            Ok((open, attempts::of_user(tx, id)?))
        })
        .await?;
    Ok(SecurityPage::new(
        actor.shell(actor.lang().t("Security")),
        actor.lang(),
        &actor.pass.email,
        &form,
        rows,
    ))
}

pub async fn security(actor: Allowed<ManageSelf>, session: Session) -> Answer {
    let view = security_page(&actor, &session, forms::ChangePassword::default()).await?;
    page::show(&actor.ctx, &view)
}

pub async fn change_password(
    actor: Allowed<ManageSelf>,
    session: Session,
    form: Form<forms::ChangePassword>,
) -> Answer {
    let mut form = form.0;
    let (id, email, keep) = (
        actor.pass.id,
        actor.pass.email.clone(),
        session::current_id(&session),
    );
    let source = source(&actor.ctx, &email);
    // The old password is guessed here as at the door, so it is throttled as there.
    let tried = actor
        .platform_write(move |tx| actions::begin_try(tx, &source))
        .await?;
    let (hash, typed) = (tried.hash.clone(), form.current.clone());
    let is_right = actor
        .blocking(move |_, _| password::matches(hash.as_deref(), &typed))
        .await?;
    if !is_right {
        form.remarks
            .add("current", Said::new("This is not your current password."));
    }
    let new = form
        .remarks
        .take("password", NewPassword::parse(&form.password, &email));
    let hash = match new.filter(|_| form.remarks.is_empty()) {
        Some(new) => Some(actor.blocking(move |_, _| new.hash()).await?),
        None => None,
    };
    if is_right {
        let hash = hash.clone();
        actor
            .platform_write(move |tx| {
                actions::succeed(tx, &tried)?;
                hash.map_or(Ok(()), |hash| users::set_password(tx, id, &hash, keep))
            })
            .await?;
    }
    if hash.is_none() {
        let view = security_page(&actor, &session, form).await?;
        return page::again(&actor.ctx, &view);
    }
    Ok(page::go(
        &actor.ctx,
        Next::to("/me/security").saying(Said::new(
            "The new password is set. Other devices are signed out.",
        )),
    ))
}

pub async fn end_session(actor: Allowed<ManageSelf>, id: web::Path<String>) -> Answer {
    let id: SessionId = id.parse().map_err(|_| AppError::NotFound)?;
    let user = actor.pass.id;
    if !actor
        .platform_write(move |tx| sessions::revoke(tx, user, id))
        .await?
    {
        return Err(AppError::NotFound);
    }
    Ok(page::go(
        &actor.ctx,
        Next::to("/me/security").saying(Said::new("That device is signed out.")),
    ))
}

pub async fn end_other_sessions(actor: Allowed<ManageSelf>, session: Session) -> Answer {
    let (user, keep) = (actor.pass.id, session::current_id(&session));
    let count = actor
        .platform_write(move |tx| sessions::revoke_others(tx, user, keep))
        .await?;
    Ok(page::go(
        &actor.ctx,
        Next::to("/me/security")
            .saying(Said::new("{count} other devices are signed out.").with("count", count)),
    ))
}

pub async fn preferences(actor: Allowed<ManageSelf>) -> Answer {
    page::show(
        &actor.ctx,
        &PreferencesPage::new(
            actor.shell(actor.lang().t("Preferences")),
            actor.lang(),
            &actor.pass,
        ),
    )
}

pub async fn save_preferences(
    actor: Allowed<ManageSelf>,
    form: Form<forms::Preferences>,
) -> Answer {
    let id = actor.pass.id;
    let chosen = users::Preferences {
        language: Lang::from_code(&form.0.language).map(Lang::code),
        theme: match form.0.theme.as_str() {
            "light" => Some("light"),
            "dark" => Some("dark"),
            _ => None,
        },
        has_shortcuts: form.0.shortcuts == "on",
    };
    actor
        .platform_write(move |tx| users::prefer(tx, id, &chosen))
        .await?;
    Ok(page::go(
        &actor.ctx,
        Next::to("/me/preferences").saying(Said::new("Your preferences are saved.")),
    ))
}
