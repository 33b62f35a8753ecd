//! How an answer is made: a page, a fragment, a way on.

use super::ctx::Ctx;
use super::filters;
use super::layout::{Shell, Toast};
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use std::future::{Ready, ready};

/// What a handler gives back.
pub type Answer = Result<HttpResponse, AppError>;

/// Name of the cookie that carries a message over a redirect.
const FLASH: &str = "mandi-flash";

/// Whether the asker wants a whole page or only the part that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// A browser, or htmx that picks from a whole page (`hx-select`).
    Document,
    /// htmx, for the fragment itself.
    Fragment,
}

impl FromRequest for Wants {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let partial = request
            .headers()
            .get("HX-Request-Type")
            .is_some_and(|kind| kind == "partial");
        ready(Ok(if partial {
            Self::Fragment
        } else {
            Self::Document
        }))
    }
}

/// Where a change leads, and what is said there.
#[derive(Clone, Debug)]
pub struct Next {
    /// The address of the next page; always one of ours.
    pub to: String,
    /// What happened, in past tense.
    pub said: Option<Said>,
}

impl Next {
    /// On to a page.
    pub fn to(to: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            said: None,
        }
    }

    /// With a message.
    pub fn saying(mut self, said: Said) -> Self {
        self.said = Some(said);
        self
    }
}

/// A template as text, in a language.
///
/// # Errors
/// When the template fails, which only a fault of ours makes it do.
pub fn print(template: &impl Template, lang: Lang) -> Result<String, AppError> {
    template
        .render_with_values(&filters::lang_values(lang))
        .map_err(AppError::internal)
}

/// An answer in HTML.
pub fn html(mut answer: HttpResponseBuilder, body: String) -> HttpResponse {
    answer.content_type("text/html; charset=utf-8").body(body)
}

/// A page.
///
/// # Errors
/// When the template fails.
pub fn show(ctx: &Ctx, template: &impl Template) -> Answer {
    Ok(html(HttpResponse::Ok(), print(template, ctx.lang())?))
}

/// A page that follows a stream: it fetches no other page ahead, so that the stream has the line to itself.
///
/// # Errors
/// When the template fails.
pub fn follow(ctx: &Ctx, template: &impl Template) -> Answer {
    let mut answer = show(ctx, template)?;
    answer.extensions_mut().insert(Follows);
    Ok(answer)
}

/// Marks an answer whose page follows a stream.
pub(super) struct Follows;

/// A form again, with remarks: 422.
///
/// # Errors
/// When the template fails.
pub fn again(ctx: &Ctx, template: &impl Template) -> Answer {
    Ok(html(
        HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY),
        print(template, ctx.lang())?,
    ))
}

/// On to the next page after a change: 303 for a browser, `HX-Redirect` for htmx (which would follow a 303 and swap the wrong page).
pub fn go(ctx: &Ctx, next: Next) -> HttpResponse {
    let mut answer = go_to(ctx, &next.to);
    if let Some(said) = next.said {
        // A flash that can't be set is a lost courtesy, not a lost change.
        drop(answer.add_cookie(&flash(&ctx.lang().say(&said))));
    }
    answer
}

pub(super) fn go_to(ctx: &Ctx, to: &str) -> HttpResponse {
    if ctx.is_htmx {
        HttpResponse::Ok()
            .insert_header(("HX-Redirect", to))
            .finish()
    } else {
        HttpResponse::SeeOther()
            .insert_header(("Location", to))
            .finish()
    }
}

fn flash(text: &str) -> Cookie<'static> {
    Cookie::build(FLASH, BASE64_URL_SAFE_NO_PAD.encode(text))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(60))
        .finish()
}

/// The message that a redirect carried here, and the cookie that takes it away.
pub(super) fn read_flash(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(FLASH)?;
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cookie.value()).ok()?).ok()?;
    Some(text.chars().take(500).collect())
}

pub(super) fn end_flash() -> Cookie<'static> {
    let mut cookie = Cookie::build(FLASH, "")
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    cookie.make_removal();
    cookie
}

/// The shell around a page, before a door adds its own: language, theme, message, request id.
pub fn bare_shell(ctx: &Ctx, title: String) -> Shell {
    let person = ctx.person();
    let mut shell = Shell::new(ctx.lang().code(), title, ctx.request.to_string());
    shell.theme = person
        .and_then(|person| person.theme.as_deref())
        .and_then(|theme| match theme {
            "light" => Some("light"),
            "dark" => Some("dark"),
            _ => None,
        });
    shell.keys_off = person.is_some_and(|person| !person.has_shortcuts);
    shell.toasts = ctx.flash().into_iter().map(Toast::done).collect();
    shell
}
