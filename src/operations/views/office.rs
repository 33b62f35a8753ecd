//! Downloads, and the progress of a job.

use super::pill;
use crate::kernel::language::{Lang, Said};
use crate::operations::model::office::CompanyJob;
use crate::platform::files::File;
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::uploads;
use askama::Template;
use askama::filters::HtmlSafe;

/// How far a job is: part of its page, and each event of its stream.
#[derive(Template)]
#[template(path = "operations/_progress.html")]
pub struct Progress {
    pub pill: Pill,
    pub done: i32,
    pub of: Option<i32>,
    pub words: String,
    pub problem: Option<String>,
    pub result: Option<String>,
    /// The page that shows what came of it, if there is one.
    pub page: Option<String>,
    pub is_over: bool,
}
impl HtmlSafe for Progress {}

impl Progress {
    pub fn new(lang: Lang, slug: &str, job: CompanyJob) -> Self {
        let file = job
            .result
            .as_ref()
            .and_then(|result| result.get("file"))
            .and_then(|file| file.as_str());
        let words = match (job.state.as_str(), job.progress_of) {
            ("queued", _) => lang.t("It waits for its turn.").into_owned(),
            ("running", Some(of)) => lang.say(
                &Said::new("{done} of {of}")
                    .with("done", job.progress)
                    .with("of", of),
            ),
            ("running", None) => job.note.clone().unwrap_or_default(),
            ("done", _) => lang.t("It is done.").into_owned(),
            _ => lang.t("It was given up after several tries.").into_owned(),
        };
        Self {
            pill: pill(lang, &job.state),
            done: job.progress,
            of: job.progress_of,
            words,
            problem: (job.state != "done")
                .then_some(job.last_error.clone())
                .flatten(),
            page: job
                .result
                .as_ref()
                .and_then(|result| result.get("page"))
                .and_then(|page| page.as_str())
                .map(|page| format!("/c/{slug}{page}")),
            result: file.map(|file| format!("/c/{slug}/files/{file}")),
            is_over: job.is_over(),
        }
    }
}

#[derive(Template)]
#[template(path = "operations/progress.html")]
pub struct JobPage {
    pub shell: Shell,
    pub title: String,
    pub progress: Progress,
    pub base: String,
    pub events: String,
}

impl JobPage {
    pub fn new(mut shell: Shell, lang: Lang, slug: &str, job: CompanyJob) -> Self {
        let base = format!("/c/{slug}");
        shell.sse = !job.is_over();
        shell.refresh_secs = (!job.is_over()).then_some(4);
        Self {
            shell,
            title: job.title.clone(),
            events: format!("{base}/jobs/{}/events", job.id),
            progress: Progress::new(lang, slug, job),
            base,
        }
    }
}

#[derive(Template)]
#[template(path = "operations/downloads.html")]
pub struct DownloadsPage {
    pub shell: Shell,
    pub files: Vec<(File, String)>,
    pub jobs: Vec<(CompanyJob, Pill)>,
    pub empty: Empty,
    pub base: String,
}

impl DownloadsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        slug: &str,
        (files, jobs): (Vec<File>, Vec<CompanyJob>),
    ) -> Self {
        Self {
            shell,
            files: files
                .into_iter()
                .map(|file| {
                    (
                        uploads::size(u64::try_from(file.bytes).unwrap_or_default()),
                        file,
                    )
                })
                .map(|(size, file)| (file, size))
                .collect(),
            jobs: jobs
                .into_iter()
                .map(|job| (pill(lang, &job.state), job))
                .map(|(pill, job)| (job, pill))
                .collect(),
            empty: Empty {
                icon: "export",
                heading: lang.t("No downloads yet").into_owned(),
                text: lang
                    .t("Exports that take a while are kept here for seven days.")
                    .into_owned(),
                action: None,
            },
            base: format!("/c/{slug}"),
        }
    }
}
