//! Handlers of a person's own account.

use super::views::{
    CodePage, ForgotPage, HelpPage, PreferencesPage, PrivacyPage, ProfilePage, ResetPage,
    SecurityPage, SignInPage, WorkspacesPage,
};
use super::{actions, forms, rules};
use crate::error::AppError;
use crate::kernel::ids::SessionId;
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::attempts::{self, Source};
use crate::platform::accounts::codes::Purpose;
use crate::platform::accounts::password::{self, NewPassword};
use crate::platform::accounts::{sessions, users};
use crate::platform::permissions::{ManageSelf, ReadHelp, SignIn, SignOut};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Ctx, Form, edge, session};
use actix_session::Session;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, web};

fn source(ctx: &Ctx, email: &str) -> Source {
    Source::new(email, &ctx.address.to_string(), ctx.agent.clone())
}

pub async fn home(actor: Allowed<SignIn>) -> Answer {
    let to = actor.ctx.person().map_or_else(
        || "/sign-in".to_owned(),
        |person| rules::workspace(person.as_ref()),
    );
    Ok(page::go(&actor.ctx, Next::to(to)))
}

/// The form, for whoever is not signed in yet.
fn sign_in_page(actor: &Allowed<SignIn>, form: &forms::SignIn) -> SignInPage {
    SignInPage::new(actor.shell(actor.lang().t("Sign in")), actor.lang(), form)
}

pub async fn sign_in_form(actor: Allowed<SignIn>, next: web::Query<forms::SignIn>) -> Answer {
    if let Some(person) = actor.ctx.person() {
        return Ok(page::go(
            &actor.ctx,
            Next::to(rules::onward(&next.next, person)),
        ));
    }
    page::show(
        &actor.ctx,
        &sign_in_page(
            &actor,
            &forms::SignIn {
                next: next.next.clone(),
                ..forms::SignIn::default()
            },
        ),
    )
}

pub async fn sign_in(
    actor: Allowed<SignIn>,
    request: HttpRequest,
    form: Form<forms::SignIn>,
) -> Answer {
    let typed = form.0.clone();
    let (email, typed_password, next) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &sign_in_page(&actor, &form)),
    };
    let source = source(&actor.ctx, email.as_str());
    let tried = actor
        .platform_write(move |tx| actions::begin_try(tx, &source))
        .await?;
    let hash = tried.hash.clone();
    let is_right = actor
        .blocking(move |_, _| password::matches(hash.as_deref(), &typed_password))
        .await?;
    let Some(user) = tried.user.filter(|_| is_right) else {
        let mut form = forms::SignIn {
            password: String::new(),
            ..typed
        };
        form.remarks.add(
            "email",
            Said::new("E-mail and password don't match. Check both, or ask for a code."),
        );
        return page::again(&actor.ctx, &sign_in_page(&actor, &form));
    };
    actor
        .platform_write(move |tx| actions::succeed(tx, &tried))
        .await?;
    session::sign_in(&request, user)?;
    Ok(page::go(&actor.ctx, Next::to(after_sign_in(&next))))
}

/// Whoever just signed in has no person in this request yet: `/` sends them to their workspace.
fn after_sign_in(next: &str) -> String {
    if rules::is_ours(next) {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

fn code_page(actor: &Allowed<SignIn>, form: &forms::Code, is_sent: bool) -> CodePage {
    CodePage::new(
        actor.shell(actor.lang().t("Sign in by code")),
        actor.lang(),
        form,
        is_sent,
    )
}

pub async fn code_form(actor: Allowed<SignIn>, next: web::Query<forms::Code>) -> Answer {
    page::show(
        &actor.ctx,
        &code_page(
            &actor,
            &forms::Code {
                next: next.next.clone(),
                ..forms::Code::default()
            },
            false,
        ),
    )
}

pub async fn code(actor: Allowed<SignIn>, request: HttpRequest, form: Form<forms::Code>) -> Answer {
    let is_answer = form.0.op == "enter";
    let (email, mut form) = match form.0.parse_email() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &code_page(&actor, &form, false)),
    };
    let (source, secret, lang) = (
        source(&actor.ctx, email.as_str()),
        actor.state().config.secret_key.expose().clone(),
        actor.lang(),
    );
    if !is_answer {
        actor
            .platform_write(move |tx| {
                actions::send_code(tx, &secret, &source, Purpose::SignIn, lang)
            })
            .await?;
        return page::show(&actor.ctx, &code_page(&actor, &form, true));
    }
    let typed = form.code.clone();
    let user = actor
        .platform_write(move |tx| actions::redeem(tx, &secret, &source, &typed))
        .await?;
    let Some(user) = user else {
        form.remarks.add(
            "code",
            Said::new("This code is not right, or it has had its time. Ask for a new one."),
        );
        return page::again(&actor.ctx, &code_page(&actor, &form, true));
    };
    session::sign_in(&request, user)?;
    Ok(page::go(&actor.ctx, Next::to(after_sign_in(&form.next))))
}

fn forgot_page(actor: &Allowed<SignIn>, form: &forms::Code) -> ForgotPage {
    ForgotPage::new(
        actor.shell(actor.lang().t("Forgotten password")),
        actor.lang(),
        form,
    )
}

pub async fn forgot_form(actor: Allowed<SignIn>) -> Answer {
    page::show(&actor.ctx, &forgot_page(&actor, &forms::Code::default()))
}

pub async fn forgot(actor: Allowed<SignIn>, form: Form<forms::Code>) -> Answer {
    let (email, _) = match form.0.parse_email() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &forgot_page(&actor, &form)),
    };
    let (source, secret, lang) = (
        source(&actor.ctx, email.as_str()),
        actor.state().config.secret_key.expose().clone(),
        actor.lang(),
    );
    actor
        .platform_write(move |tx| actions::send_code(tx, &secret, &source, Purpose::Reset, lang))
        .await?;
    let form = forms::Reset {
        email: email.as_str().to_owned(),
        ..forms::Reset::default()
    };
    page::show(&actor.ctx, &reset_page(&actor, &form))
}

fn reset_page(actor: &Allowed<SignIn>, form: &forms::Reset) -> ResetPage {
    ResetPage::new(
        actor.shell(actor.lang().t("New password")),
        actor.lang(),
        form,
    )
}

pub async fn reset_form(actor: Allowed<SignIn>) -> Answer {
    page::show(&actor.ctx, &reset_page(&actor, &forms::Reset::default()))
}

pub async fn reset(actor: Allowed<SignIn>, form: Form<forms::Reset>) -> Answer {
    let mut typed = form.0.clone();
    let (email, code, new) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &reset_page(&actor, &form)),
    };
    let (source, secret) = (
        source(&actor.ctx, email.as_str()),
        actor.state().config.secret_key.expose().clone(),
    );
    let hash = actor.blocking(move |_, _| new.hash()).await?;
    if !actor
        .platform_write(move |tx| actions::reset(tx, &secret, &source, &code, &hash))
        .await?
    {
        typed.remarks.add(
            "code",
            Said::new("This code is not right, or it has had its time. Ask for a new one."),
        );
        return page::again(&actor.ctx, &reset_page(&actor, &typed));
    }
    Ok(page::go(
        &actor.ctx,
        Next::to("/sign-in").saying(Said::new("The new password is set. Sign in with it.")),
    ))
}

pub async fn sign_out(actor: Allowed<SignOut>, session: Session) -> Answer {
    session::sign_out(&session);
    let mut answer = page::go(
        &actor.ctx,
        Next::to("/sign-in").saying(Said::new("You are signed out.")),
    );
    answer.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("clear-site-data"),
        actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(answer)
}

pub async fn language(
    actor: Allowed<SignIn>,
    request: HttpRequest,
    form: Form<forms::Language>,
) -> Answer {
    let lang = Lang::from_code(&form.0.language).unwrap_or(actor.lang());
    if let Some(person) = actor.ctx.person().cloned() {
        actor
            .platform_write(move |tx| users::speak(tx, person.id, lang.code()))
            .await?;
    }
    let from = request
        .headers()
        .get("referer")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| url::Url::parse(value).ok());
    let back = from
        .map(|url| url.path().to_owned())
        .filter(|path| rules::is_ours(path))
        .unwrap_or_else(|| "/".to_owned());
    let mut answer = page::go(&actor.ctx, Next::to(back));
    let cookie = Cookie::build(edge::LANGUAGE_COOKIE, lang.code())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    answer.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(answer)
}

pub async fn workspaces(actor: Allowed<ManageSelf>) -> Answer {
    page::show(
        &actor.ctx,
        &WorkspacesPage::new(
            actor.shell(actor.lang().t("Workspaces")),
            actor.lang(),
            &actor.pass,
        ),
    )
}

pub async fn help(actor: Allowed<ReadHelp>) -> Answer {
    page::show(
        &actor.ctx,
        &HelpPage {
            shell: actor.shell(actor.lang().t("Help")),
        },
    )
}

pub async fn privacy(actor: Allowed<ReadHelp>) -> Answer {
    page::show(
        &actor.ctx,
        &PrivacyPage {
            shell: actor.shell(actor.lang().t("Privacy")),
        },
    )
}

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
