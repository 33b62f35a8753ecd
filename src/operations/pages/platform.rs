//! Handlers of the engine room: jobs and letters for platform admins, and the outbox of developers.

use super::id;
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::operations::model::platform as model;
use crate::operations::views::platform::{
    JobPage, JobsPage, LetterPage, Letters, MessagesPage, OutboxPage, Piece,
};
use crate::platform::mail;
use crate::platform::permissions::{ReadHelp, RunPlatform};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, new_key};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::{HttpResponse, web};

pub async fn jobs(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .platform_read(move |tx| model::list(tx, &asked))
        .await?;
    page::show(
        &actor.ctx,
        &JobsPage::new(
            actor.shell(actor.lang().t("Jobs")),
            actor.lang(),
            &query,
            found,
        ),
    )
}

pub async fn job(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let id = id(&path)?;
    let found = actor.platform_read(move |tx| model::find(tx, id)).await?;
    page::show(
        &actor.ctx,
        &JobPage::new(actor.shell(found.0.title.clone()), actor.lang(), found),
    )
}

pub async fn retry(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = id(&path)?;
    let retried = actor
        .platform_once(move |tx| {
            model::retry(tx, id)?;
            Ok(Next::to(format!("/admin/jobs/{id}")).saying(Said::new("The job is queued again.")))
        })
        .await;
    match retried {
        Err(error) if error.constraint() == Some("jobs_once") => Err(AppError::refused(Said::new(
            "The same work is queued already, so this job need not be retried.",
        ))),
        retried => Ok(page::go(&actor.ctx, retried?)),
    }
}

pub async fn ask_discard(actor: Allowed<RunPlatform>, path: web::Path<String>) -> Answer {
    let id = id(&path)?;
    let (job, _, _) = actor.platform_read(move |tx| model::find(tx, id)).await?;
    let lang = actor.lang();
    let confirm = Confirm {
        question: lang.say(&Said::new("Discard the job “{title}”?").with("title", &job.title)),
        effect: lang
            .t("It will not be run. What it was to do stays undone.")
            .into_owned(),
        action: format!("/admin/jobs/{id}/discard"),
        verb: lang.t("Discard job").into_owned(),
        back: format!("/admin/jobs/{id}"),
        keep: lang.t("Keep job").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    page::show(
        &actor.ctx,
        &ConfirmPage {
            shell: actor.shell(confirm.question.clone()),
            confirm,
        },
    )
}

pub async fn discard(
    actor: Allowed<RunPlatform>,
    path: web::Path<String>,
    _form: Form<Nothing>,
) -> Answer {
    let id = id(&path)?;
    let next = actor
        .platform_once(move |tx| {
            model::discard(tx, id)?;
            Ok(Next::to("/admin/jobs").saying(Said::new("The job is discarded.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn messages(actor: Allowed<RunPlatform>) -> Answer {
    let mails = actor.platform_read(mail::latest).await?;
    page::show(
        &actor.ctx,
        &MessagesPage {
            shell: actor.shell(actor.lang().t("Letters")),
            list: Letters::new(actor.lang(), mails, None),
        },
    )
}

/// The outbox of an installation without a mail server: for developers and visitors of the demo, never in production.
fn dev_only(actor: &Allowed<ReadHelp>) -> Result<(), AppError> {
    if actor.state().config.is_dev_or_demo() {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

pub async fn outbox(actor: Allowed<ReadHelp>) -> Answer {
    dev_only(&actor)?;
    let mails = actor.platform_read(mail::latest).await?;
    page::show(
        &actor.ctx,
        &OutboxPage {
            shell: actor.shell(actor.lang().t("Letters")),
            list: Letters::new(actor.lang(), mails, Some("/dev/mail")),
        },
    )
}

pub async fn letter(actor: Allowed<ReadHelp>, path: web::Path<String>) -> Answer {
    dev_only(&actor)?;
    let id = id(&path)?;
    let mail = actor.platform_read(move |tx| mail::find(tx, id)).await?;
    page::show(
        &actor.ctx,
        &LetterPage {
            shell: actor.shell(mail.subject.clone()),
            pieces: Piece::all(&mail.text_body, actor.state().config.base_url.as_str()),
            mail,
        },
    )
}

pub async fn letter_html(actor: Allowed<ReadHelp>, path: web::Path<String>) -> Answer {
    dev_only(&actor)?;
    let id = id(&path)?;
    let mail = actor.platform_read(move |tx| mail::find(tx, id)).await?;
    // A letter carries its own styles, and nothing else of it may act.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation";
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Content-Security-Policy", policy))
        .body(mail.html_body))
}
