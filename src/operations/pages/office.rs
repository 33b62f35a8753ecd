//! What a company's people see of long work: how far it is, what it made, and the files themselves.

use super::{id, serve};
use crate::error::AppError;
use crate::kernel::ids::FileId;
use crate::kernel::language::Lang;
use crate::operations::model::office::CompanyJob;
use crate::operations::views::office::{DownloadsPage, JobPage, Progress};
use crate::platform::db::{Db, Member, Meter};
use crate::platform::files::File;
use crate::platform::permissions::{self, ReadDownloads, ReadFiles};
use crate::web::page::{self, Answer};
use crate::web::{Allowed, State};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures_util::stream;
use std::time::Duration;
use uuid::Uuid;

/// Between two looks at a job that somebody watches.
const PAUSE: Duration = Duration::from_millis(500);
/// How many looks a stream takes before the browser has to ask again, which opens the door anew: half a minute, so that a right that was taken
/// away ends soon.
const LOOKS: u32 = 60;

pub async fn downloads(actor: Allowed<ReadDownloads>) -> Answer {
    let readable = permissions::of_role(actor.pass.company.role);
    let (files, jobs) = actor
        .read(move |scope| {
            Ok((
                File::exports(scope, readable)?,
                CompanyJob::unfinished(scope)?,
            ))
        })
        .await?;
    let view = DownloadsPage::new(
        actor.shell(actor.lang().t("Downloads")),
        actor.lang(),
        &actor.pass.company.slug,
        (files, jobs),
    );
    page::show(&actor.ctx, &view)
}

pub async fn job(actor: Allowed<ReadDownloads>, path: web::Path<(String, String)>) -> Answer {
    let id = id(&path.1)?;
    let job = actor.read(move |scope| CompanyJob::own(scope, id)).await?;
    let is_over = job.is_over();
    let view = JobPage::new(
        actor.shell(job.title.clone()),
        actor.lang(),
        &actor.pass.company.slug,
        job,
    );
    if is_over {
        page::show(&actor.ctx, &view)
    } else {
        page::follow(&actor.ctx, &view)
    }
}

/// A stream that tells how far a job is, as server-sent events: each the fragment that the page itself shows.
pub async fn events(actor: Allowed<ReadDownloads>, path: web::Path<(String, String)>) -> Answer {
    let id = id(&path.1)?;
    actor.read(move |scope| CompanyJob::own(scope, id)).await?;
    let watch = Watch {
        state: actor.state().clone(),
        member: actor.member(),
        lang: actor.lang(),
        slug: actor.pass.company.slug.clone(),
        id,
        last: None,
        looks: 0,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("Cache-Control", "no-store"))
        // A proxy or our own compression would hold the events back.
        .insert_header(("Content-Encoding", "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(Some(watch), |watch| async {
            let (event, watch) = watch?.next().await?;
            Some((Ok::<_, AppError>(event), watch))
        })))
}

/// Somebody who watches a job.
struct Watch {
    state: State,
    member: Member,
    lang: Lang,
    slug: String,
    id: Uuid,
    last: Option<CompanyJob>,
    looks: u32,
}

impl Watch {
    /// The next event, once something has changed; nothing when there is nothing more to wait for.
    async fn next(mut self) -> Option<(Bytes, Option<Self>)> {
        loop {
            if self.looks > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            self.looks += 1;
            if self.looks > LOOKS || self.state.is_closing() {
                return None;
            }
            let job = look(self.state.db.clone(), self.member.clone(), self.id).await?;
            if self.last.as_ref() == Some(&job) {
                continue;
            }
            let progress = Progress::new(self.lang, &self.slug, job.clone());
            let html = page::print(&progress, self.lang).ok()?;
            let mut event: String = html.lines().map(|line| format!("data: {line}\n")).collect();
            event.push('\n');
            if job.is_over() {
                event.push_str("event: done\ndata: done\n\n");
                return Some((Bytes::from(event), None));
            }
            self.last = Some(job);
            return Some((Bytes::from(event), Some(self)));
        }
    }
}

/// One look at a job; a database that is away ends the stream, and the browser asks again.
async fn look(db: Db, member: Member, id: Uuid) -> Option<CompanyJob> {
    let looked = tokio::task::spawn_blocking(move || {
        db.read(&member, &Meter::default(), |scope| {
            CompanyJob::own(scope, id)
        })
    });
    looked.await.ok()?.ok()
}

pub async fn file(actor: Allowed<ReadFiles>, path: web::Path<(String, String)>) -> Answer {
    let id = FileId::from(id(&path.1)?);
    let file = actor.read(move |scope| File::find(scope, id)).await?;
    actor.pass.must_have(&file.needs)?;
    serve(actor.state(), actor.pass.company.tenant, file).await
}
