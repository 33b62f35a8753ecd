//! Letters: written in the transaction of what they tell, sent by a job.

mod send;

pub use send::{Attached, Mail, Sender, find, latest};

use super::db::prepared;
use super::jobs::{self, Enqueue, NewJob};
use crate::error::AppError;
use crate::kernel::ids::{DocumentId, MailId};
use crate::kernel::language::Lang;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};

/// The kind of the job that sends a letter.
pub const SEND: &str = "mail.send";

/// A letter, in the reader's language already.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Which letter, e.g. `invitation`.
    pub kind: &'static str,
    /// E-mail address.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

/// What the sending job needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendMail {
    /// The letter in the outbox.
    pub mail: MailId,
    /// What goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperOf>,
}

/// A document that goes with a letter: printed when the letter is sent, so that the outbox holds nothing large.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PaperOf {
    /// The document.
    pub document: DocumentId,
    /// Its second language, if it has one.
    pub second: Option<Lang>,
}

/// Writes a letter into the outbox and enqueues its sending, in the caller's transaction.
///
/// # Errors
/// When the database refuses.
pub fn write(tx: &mut impl Enqueue, letter: &Letter) -> Result<MailId, AppError> {
    write_with(tx, letter, None)
}

/// The same for a letter with which a document goes.
///
/// # Errors
/// When the database refuses.
#[expect(clippy::disallowed_methods, reason = "a function call without a table")]
pub fn write_with(
    tx: &mut impl Enqueue,
    letter: &Letter,
    paper: Option<PaperOf>,
) -> Result<MailId, AppError> {
    let id = MailId::new();
    let statement = prepared("select write_mail($1, $2, $3, $4, $5, $6)")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(letter.kind)
        .bind::<Text, _>(letter.to.clone())
        .bind::<Text, _>(letter.subject.clone())
        .bind::<Text, _>(letter.text.clone())
        .bind::<Text, _>(letter.html.clone());
    tx.run(statement)?;
    let mut job = NewJob::new(
        SEND,
        format!("Letter: {}", letter.kind),
        &SendMail { mail: id, paper },
    )?;
    job.priority = 50;
    job.max_attempts = 12;
    jobs::enqueue(tx, &job)?;
    Ok(id)
}
