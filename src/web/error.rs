//! A failure becomes a page (or, for htmx, a notice), and is logged: here, and nowhere else.

use super::allowed::{Buyer, Employee};
use super::ctx::Ctx;
use super::filters;
use super::layout::Shell;
use super::nav::Shelled;
use super::page;
use crate::error::AppError;
use crate::kernel::language::{Lang, Said, text};
use crate::platform::permissions::{ReadOrders, ReadShipments, SeeShopOrders};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } | Self::Suspended { .. } | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::DatabaseAway(_) | Self::FilesAway(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Repeated { .. } => StatusCode::SEE_OTHER,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A bare answer: the edge replaces it with [`render`], because only there language and request id are known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// A problem page: what happened, what to do now, the ways on.
#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    shell: Shell,
    problem: Problem,
}

/// The same inside a company: its sidebar stays.
#[derive(Template)]
#[template(path = "errors/office.html")]
struct OfficeErrorPage {
    shell: Shell,
    problem: Problem,
}

/// The same inside a shop: its tabs stay.
#[derive(Template)]
#[template(path = "errors/portal.html")]
struct PortalErrorPage {
    shell: Shell,
    problem: Problem,
}

/// The same for htmx, into `#notices`.
#[derive(Template)]
#[template(path = "errors/_notice.html")]
struct ErrorNotice {
    problem: Problem,
    request_id: String,
}

/// What all of them say.
struct Problem {
    heading: String,
    text: String,
    /// Label and address, the first one first.
    ways: Vec<(String, String)>,
}

struct Words {
    heading: &'static str,
    text: Said,
    action: &'static str,
    href: &'static str,
}

/// The answer to a failed request.
pub fn render(error: &AppError, ctx: &Ctx, path_and_query: &str) -> HttpResponse {
    log(error);
    match error {
        AppError::Repeated { location } => return page::go_to(ctx, location),
        AppError::SignedOut => return signed_out(ctx, path_and_query),
        _ => {}
    }
    let lang = ctx.lang();
    let words = words(error);
    let mut answer = HttpResponse::build(error.status_code());
    if let Some(secs) = retry_after(error) {
        answer.insert_header(("Retry-After", secs.to_string()));
    }
    let mut problem = Problem {
        heading: lang.t(words.heading).into_owned(),
        text: lang.say(&words.text),
        ways: Vec::new(),
    };
    let inside = Inside::of(ctx, path_and_query);
    problem.ways = inside.ways(&problem.text, path_and_query, lang);
    let html = if ctx.is_htmx {
        page::print(
            &ErrorNotice {
                problem,
                request_id: ctx.request.to_string(),
            },
            lang,
        )
    } else {
        if problem.ways.is_empty() {
            let start = inside.base().map(|base| format!("{base}/"));
            problem.ways.push((
                lang.t(words.action).into_owned(),
                start.unwrap_or_else(|| words.href.to_owned()),
            ));
        }
        page_of(inside, ctx, problem, path_and_query)
    };
    // The error page itself can't fail on input; if it does, plain words are better than nothing.
    page::html(answer, html.unwrap_or_else(|_| plain(error, lang)))
}

/// Where something went wrong: the room's own frame stays around the page that says so.
enum Inside {
    Company(Employee),
    Shop(Buyer),
    Nothing,
}

impl Inside {
    /// By the address, as far as the person has that door open at all.
    fn of(ctx: &Ctx, path_and_query: &str) -> Self {
        let path = path_and_query.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let Some(person) = ctx.person() else {
            return Self::Nothing;
        };
        match parts.as_slice() {
            ["c", slug, ..] => Employee::of(person, slug).map_or(Self::Nothing, Self::Company),
            ["r", slug, at, ..] => Buyer::of(person, slug, at).map_or(Self::Nothing, Self::Shop),
            _ => Self::Nothing,
        }
    }

    fn base(&self) -> Option<String> {
        match self {
            Self::Company(pass) => Some(pass.base()),
            Self::Shop(pass) => Some(pass.base()),
            Self::Nothing => None,
        }
    }

    /// Which documents this person may open: how their numbers begin, and where they are.
    fn documents(&self) -> Vec<(&'static str, &'static str)> {
        let known = match self {
            Self::Company(pass) => [
                (pass.may::<ReadShipments>(), "SH-", "shipments"),
                (pass.may::<ReadOrders>(), "SO-", "orders"),
            ],
            Self::Shop(pass) => [
                (false, "SH-", "shipments"),
                (pass.may::<SeeShopOrders>(), "SO-", "orders"),
            ],
            Self::Nothing => return Vec::new(),
        };
        known
            .into_iter()
            .filter(|(may, ..)| *may)
            .map(|(_, begins, room)| (begins, room))
            .collect()
    }

    /// The documents that the words speak of, and the one whose address this is.
    fn ways(&self, text: &str, path: &str, lang: Lang) -> Vec<(String, String)> {
        let Some(base) = self.base() else {
            return Vec::new();
        };
        let documents = self.documents();
        let mut ways: Vec<(String, String)> = Vec::new();
        let path = path.split('?').next().unwrap_or_default();
        let is_of_number = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for word in text.split(|c| !is_of_number(c)).chain(path.split('/')) {
            let number = word.trim_matches('-');
            let found = documents.iter().find(|(begins, _)| {
                number.starts_with(begins) && number.ends_with(|c: char| c.is_ascii_digit())
            });
            let Some((_, room)) = found else { continue };
            let href = format!("{base}/{room}/{number}");
            // The page itself is no way on.
            if href != path && ways.iter().all(|(_, known)| *known != href) {
                let words = Said::new("Open {number}").with("number", number);
                ways.push((lang.say(&words), href));
            }
        }
        ways.truncate(3);
        ways
    }
}

fn page_of(
    inside: Inside,
    ctx: &Ctx,
    problem: Problem,
    path_and_query: &str,
) -> Result<String, AppError> {
    let lang = ctx.lang();
    let mut shell = page::bare_shell(ctx, problem.heading.clone());
    match inside {
        Inside::Company(pass) => {
            pass.furnish(&mut shell, lang, path_and_query);
            page::print(&OfficeErrorPage { shell, problem }, lang)
        }
        Inside::Shop(pass) => {
            pass.furnish(&mut shell, lang, path_and_query);
            page::print(&PortalErrorPage { shell, problem }, lang)
        }
        Inside::Nothing => {
            if let Some(person) = ctx.person() {
                person.furnish(&mut shell, lang, path_and_query);
            }
            page::print(&ErrorPage { shell, problem }, lang)
        }
    }
}

fn plain(error: &AppError, lang: Lang) -> String {
    lang.say(&words(error).text)
}

fn signed_out(ctx: &Ctx, path_and_query: &str) -> HttpResponse {
    let next: String = url::form_urlencoded::byte_serialize(path_and_query.as_bytes()).collect();
    let to = format!("/sign-in?next={next}");
    if ctx.is_htmx {
        return HttpResponse::Unauthorized()
            .insert_header(("HX-Redirect", to))
            .finish();
    }
    HttpResponse::SeeOther()
        .insert_header(("Location", to))
        .insert_header(("Cache-Control", "no-store"))
        .finish()
}

fn retry_after(error: &AppError) -> Option<u32> {
    match error {
        AppError::TooMany { retry_secs } => Some(*retry_secs),
        AppError::Busy => Some(2),
        AppError::DatabaseAway(_) | AppError::FilesAway(_) => Some(5),
        _ => None,
    }
}

fn words(error: &AppError) -> Words {
    let home = |heading, text| Words {
        heading,
        text,
        action: text!("Go to the start page"),
        href: "/",
    };
    match error {
        AppError::NotFound | AppError::SignedOut | AppError::Repeated { .. } => home(
            text!("Page not found"),
            Said::new(
                "Nothing is at this address, or it belongs to somebody else. Check the address, or go back and try another way.",
            ),
        ),
        AppError::Forbidden {
            permission,
            granted_by,
        } => home(
            text!("Your role does not allow this"),
            Said::new("This page needs the right to: {permission}. {granted_by}")
                .naming("permission", permission)
                .with("granted_by", granted_by.clone()),
        ),
        AppError::Suspended { company, reason } => Words {
            heading: text!("This company is not active"),
            text: match reason {
                Some(reason) => {
                    Said::new("{company} can't be used at the moment. The reason given: {reason}")
                        .with("company", company)
                        .with("reason", reason)
                }
                None => Said::new(
                    "{company} can't be used at the moment. Ask the people who run this portal.",
                )
                .with("company", company),
            },
            action: text!("Choose another workspace"),
            href: "/workspaces",
        },
        AppError::CrossSite => home(
            text!("This did not come from our own page"),
            Said::new("For your safety nothing was changed. Open the page here and send it again."),
        ),
        AppError::Malformed(_) => home(
            text!("This request can't be read"),
            Said::new("Nothing was changed. Go back, reload the page and try again."),
        ),
        AppError::Refused(said) => Words {
            heading: text!("That can't be done now"),
            text: said.clone(),
            action: text!("Go to the start page"),
            href: "/",
        },
        AppError::Gone(said) => Words {
            heading: text!("This link has had its time"),
            text: said.clone(),
            action: text!("Sign in"),
            href: "/sign-in",
        },
        AppError::TooLarge(said) => home(text!("That is too large"), said.clone()),
        AppError::TooMany { retry_secs } => home(
            text!("Too many tries"),
            Said::new("Wait {minutes} min, then try again.")
                .with("minutes", retry_secs.div_ceil(60)),
        ),
        AppError::Busy => home(
            text!("Very busy at the moment"),
            Said::new("Nothing was changed. Try again in a few seconds."),
        ),
        AppError::DatabaseAway(_) => home(
            text!("The database does not answer"),
            Said::new(
                "Nothing was lost. This page works again as soon as the database is back; try again in a minute.",
            ),
        ),
        AppError::FilesAway(_) => home(
            text!("The file store does not answer"),
            Said::new("Nothing was saved. Everything else works; try this again in a minute."),
        ),
        AppError::Internal(_) => home(
            text!("Something went wrong on our side"),
            Said::new(
                "Nothing was changed. Try again; if it happens again, tell us the number below.",
            ),
        ),
    }
}

/// One line for each failure that somebody should know of; a person's own mistakes are not.
fn log(error: &AppError) {
    match error {
        AppError::Internal(cause) => {
            tracing::error!(cause = %chain(cause.as_ref()), "request failed")
        }
        AppError::Busy | AppError::DatabaseAway(_) => {
            tracing::warn!(%error, "database not reachable")
        }
        AppError::FilesAway(_) => tracing::warn!(%error, "file store not reachable"),
        AppError::CrossSite | AppError::Malformed(_) | AppError::TooMany { .. } => {
            tracing::info!(%error, "request refused")
        }
        _ => tracing::debug!(%error, "request not done"),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        next = cause.source();
    }
    words
}
