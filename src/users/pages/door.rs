//! The way in and out: password, code, a forgotten password, sign-out.

use super::source;
use crate::kernel::language::Said;
use crate::platform::accounts::codes::Purpose;
use crate::platform::accounts::password::{self};
use crate::platform::permissions::{SignIn, SignOut};
use crate::users::views::{CodePage, ForgotPage, ResetPage, SignInPage};
use crate::users::{actions, forms, rules};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, session};
use actix_session::Session;
use actix_web::{HttpRequest, web};

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
