//! The job that takes a letter to the mail server, or keeps it where there is none.

use super::{PaperOf, SendMail};
use crate::config::{Smtp, SmtpTls};
use crate::error::AppError;
use crate::platform::db::schema::mails;
use crate::platform::db::{Meter, PlatformActor};
use crate::platform::jobs::{JobError, JobRun};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use rustls::pki_types::CertificateDer;
use std::time::Duration;
use uuid::Uuid;

/// A letter in the outbox.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Mail {
    /// The letter.
    pub id: Uuid,
    /// Which letter.
    pub kind: String,
    /// E-mail address.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// HTML.
    pub html_body: String,
    /// waiting, sent, kept or failed.
    pub status: String,
    /// What the mail server said last.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
}

/// A file that goes with a letter.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// What it is, e.g. `application/pdf`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Prints a document that goes with a letter.
type Printer = Box<dyn Fn(&JobRun, PaperOf) -> Result<Attached, JobError> + Send + Sync>;

/// Takes letters to the mail server.
pub struct Sender {
    transport: Option<SmtpTransport>,
    from: Mailbox,
    /// Domain of Message-IDs.
    domain: String,
    printer: Printer,
}

impl Sender {
    /// A sender for these settings; without a server, letters are kept. `trusted` adds to the certificates that the system trusts.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(
        smtp: Option<&Smtp>,
        trusted: &[CertificateDer],
        from: Mailbox,
        domain: &str,
    ) -> Result<Self, AppError> {
        let transport = smtp.map(|smtp| transport(smtp, trusted)).transpose()?;
        Ok(Self {
            transport,
            from,
            domain: domain.to_owned(),
            printer: Box::new(|_, paper| {
                let words = format!("nobody prints {}", paper.document);
                Err(JobError::Failed(words))
            }),
        })
    }

    /// The same with somebody who prints documents: this part of the house knows none.
    #[must_use]
    pub fn printing(
        self,
        printer: impl Fn(&JobRun, PaperOf) -> Result<Attached, JobError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            printer: Box::new(printer),
            ..self
        }
    }

    /// The handler of `mail.send`.
    ///
    /// # Errors
    /// `Failed` with the server's words; the letter stays in the outbox and the job tries again.
    pub fn run(&self, run: &JobRun) -> Result<(), JobError> {
        let SendMail { mail, paper } = serde_json::from_value(run.job.payload.clone())
            .map_err(|error| JobError::Failed(error.to_string()))?;
        let letter: Mail =
            run.db()
                .platform_read(&PlatformActor::default(), &Meter::default(), |tx| {
                    Ok(tx.one(mails::table.find(mail.uuid()).select(Mail::as_select()))?)
                })?;
        let row = mails::table.find(letter.id);
        let Some(transport) = &self.transport else {
            run.finish(|tx| Ok(tx.execute(diesel::update(row).set(mails::status.eq("kept")))?))?;
            return Ok(());
        };
        if letter.status == "sent" {
            return Ok(());
        }
        let attached = paper.map(|paper| (self.printer)(run, paper)).transpose()?;
        match transport.send(&self.message(&letter, attached)?) {
            Ok(_) => {
                run.finish(|tx| {
                    let now = tx.now();
                    // A sent letter may hold a code or a link that lets somebody in: nothing of it stays behind.
                    Ok(tx.execute(diesel::update(row).set((
                        mails::status.eq("sent"),
                        mails::sent_at.eq(now),
                        mails::error.eq(None::<String>),
                        mails::text_body.eq(""),
                        mails::html_body.eq(""),
                    )))?)
                })?;
                Ok(())
            }
            Err(error) => {
                let words = error.to_string();
                // Even after a refusal for good (a wrong password, a full mailbox) the job tries again: until it gives up, the letter waits.
                let status = if run.job.is_last_try() {
                    "failed"
                } else {
                    "waiting"
                };
                run.db()
                    .platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
                        Ok(tx.execute(
                            diesel::update(row)
                                .set((mails::status.eq(status), mails::error.eq(&words))),
                        )?)
                    })?;
                Err(JobError::Failed(words))
            }
        }
    }

    fn message(&self, letter: &Mail, attached: Option<Attached>) -> Result<Message, JobError> {
        let words =
            MultiPart::alternative_plain_html(letter.text_body.clone(), letter.html_body.clone());
        let body = match attached {
            None => words,
            Some(file) => {
                let kind = ContentType::parse(file.media_type)
                    .map_err(|error| JobError::Failed(error.to_string()))?;
                let file = Attachment::new(file.name).body(file.bytes, kind);
                MultiPart::mixed().multipart(words).singlepart(file)
            }
        };
        let to: Mailbox = letter
            .recipient
            .parse()
            .map_err(|error| JobError::Failed(format!("{}: {error}", letter.recipient)))?;
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            // The same at every try: a mail program recognises a second copy.
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            .multipart(body)
            .map_err(|error| JobError::Failed(error.to_string()))
    }
}

fn transport(smtp: &Smtp, trusted: &[CertificateDer]) -> Result<SmtpTransport, AppError> {
    let parameters = || {
        let mut parameters = TlsParameters::builder(smtp.host.clone());
        for certificate in trusted {
            let certificate =
                Certificate::from_der(certificate.to_vec()).map_err(AppError::internal)?;
            parameters = parameters.add_root_certificate(certificate);
        }
        parameters.build().map_err(AppError::internal)
    };
    let tls = match smtp.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters()?),
        SmtpTls::Required => Tls::Required(parameters()?),
        SmtpTls::Opportunistic => Tls::Opportunistic(parameters()?),
        SmtpTls::None => Tls::None,
    };
    let mut builder = SmtpTransport::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(Duration::from_secs(20)));
    if let Some((user, password)) = &smtp.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
    }
    Ok(builder.build())
}

/// The letters of the outbox, newest first; at most 100.
///
/// # Errors
/// When the database refuses.
pub fn latest(tx: &mut crate::platform::db::PlatformTx) -> Result<Vec<Mail>, AppError> {
    Ok(tx.load(
        mails::table
            .order((mails::created_at.desc(), mails::id.desc()))
            .limit(100)
            .select(Mail::as_select()),
    )?)
}

/// A letter of the outbox.
///
/// # Errors
/// `NotFound`.
pub fn find(tx: &mut crate::platform::db::PlatformTx, id: Uuid) -> Result<Mail, AppError> {
    Ok(tx.one(mails::table.find(id).select(Mail::as_select()))?)
}
