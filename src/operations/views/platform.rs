//! The engine room.

use super::{pill, state_word};
use crate::kernel::language::Lang;
use crate::operations::model::platform::{Attempt, Job, STATES, masked};
use crate::platform::mail::Mail;
use crate::web::components::{Empty, Pill};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use askama::filters::HtmlSafe;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "operations/jobs.html")]
pub struct JobsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<(Job, Pill)>,
}

impl JobsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<Job>, i64),
    ) -> Self {
        let first = Empty {
            icon: "layers",
            heading: lang.t("No jobs yet").into_owned(),
            text: lang
                .t("Letters, exports and everything else done in the background is listed here.")
                .into_owned(),
            action: None,
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Kind or title"))
                .filter("state", lang.t("State"), &STATES, |state| {
                    state_word(lang, state)
                })
                .finish(&page, total, first, lang.t("No jobs match")),
            rows: page
                .rows
                .into_iter()
                .map(|job| (pill(lang, &job.state), job))
                .map(|(pill, job)| (job, pill))
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "operations/job.html")]
pub struct JobPage {
    pub shell: Shell,
    pub pill: Pill,
    pub payload: String,
    pub job: Job,
    pub attempts: Vec<Attempt>,
    pub company: Option<String>,
    pub can_retry: bool,
    pub key: Uuid,
}

impl JobPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (job, attempts, company): (Job, Vec<Attempt>, Option<String>),
    ) -> Self {
        Self {
            shell,
            pill: pill(lang, &job.state),
            payload: serde_json::to_string_pretty(&masked(&job.payload)).unwrap_or_default(),
            can_retry: matches!(job.state.as_str(), "failed" | "queued" | "discarded"),
            job,
            attempts,
            company,
            key: crate::web::forms::new_key(),
        }
    }
}

/// The letters in the platform's rooms.
#[derive(Template)]
#[template(path = "operations/messages.html")]
pub struct MessagesPage {
    pub shell: Shell,
    pub list: Letters,
}

/// The letters of an installation without a mail server, to be opened and read.
#[derive(Template)]
#[template(path = "operations/outbox.html")]
pub struct OutboxPage {
    pub shell: Shell,
    pub list: Letters,
}

/// A list of letters; where `links_to` says, each can be opened.
#[derive(Template)]
#[template(path = "operations/_messages.html")]
pub struct Letters {
    pub rows: Vec<(Mail, Pill)>,
    pub empty: Empty,
    pub links_to: Option<&'static str>,
}
impl HtmlSafe for Letters {}

impl Letters {
    pub fn new(lang: Lang, mails: Vec<Mail>, links_to: Option<&'static str>) -> Self {
        let pill = |status: &str| match status {
            "sent" => Pill::new(lang.t("Sent"), "ok", "full"),
            "kept" => Pill::new(lang.t("Kept here"), "info", "full"),
            "failed" => Pill::new(lang.t("Failed"), "bad", "full"),
            _ => Pill::new(lang.t("Waiting"), "warn", "half"),
        };
        Self {
            rows: mails
                .into_iter()
                .map(|mail| (pill(&mail.status), mail))
                .map(|(pill, mail)| (mail, pill))
                .collect(),
            empty: Empty {
                icon: "mail",
                heading: lang.t("No letters yet").into_owned(),
                text: lang
                    .t("Codes, invitations and notices are listed here once they are written.")
                    .into_owned(),
                action: None,
            },
            links_to,
        }
    }
}

#[derive(Template)]
#[template(path = "operations/letter.html")]
pub struct LetterPage {
    pub shell: Shell,
    pub mail: Mail,
    pub pieces: Vec<Piece>,
}

/// A stretch of a letter: words, or an address.
pub struct Piece {
    pub text: String,
    pub is_link: bool,
}

impl Piece {
    /// A letter's text in stretches. Only addresses of this installation become links: `own` is where it answers.
    pub fn all(text: &str, own: &str) -> Vec<Self> {
        let own = format!("{}/", own.trim_end_matches('/'));
        let mut pieces: Vec<Self> = Vec::new();
        for word in text.split_inclusive(char::is_whitespace) {
            let address = word.trim_end().trim_end_matches(['.', ',', ';', ')']);
            let (link, rest) = if address.starts_with(&own) {
                word.split_at(address.len())
            } else {
                ("", word)
            };
            for (text, is_link) in [(link, true), (rest, false)] {
                match pieces.last_mut() {
                    _ if text.is_empty() => {}
                    Some(last) if !last.is_link && !is_link => last.text.push_str(text),
                    _ => pieces.push(Self {
                        text: text.to_owned(),
                        is_link,
                    }),
                }
            }
        }
        pieces
    }
}
