//! Where somebody goes from the start page, help, privacy, and the language of signed-out pages.

use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::accounts::users;
use crate::platform::permissions::{ManageSelf, ReadHelp, SignIn};
use crate::users::views::{HelpPage, PrivacyPage, WorkspacesPage};
use crate::users::{forms, rules};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, edge};
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

pub async fn home(actor: Allowed<SignIn>) -> Answer {
    let to = actor.ctx.person().map_or_else(
        || "/sign-in".to_owned(),
        |person| rules::workspace(person.as_ref()),
    );
    Ok(page::go(&actor.ctx, Next::to(to)))
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
