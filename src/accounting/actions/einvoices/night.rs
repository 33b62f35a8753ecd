//! The nightly look at documents that are not registered: what keeps each from it is told before anybody sends them.

use super::many::{Judged, Standing, judge_after};
use crate::accounting::fault::Fault;
use crate::accounting::model::{After, Look};
use crate::accounting::outside::Environment;
use crate::accounting::views::{Unsound, UnsoundHtml, UnsoundLetter, UnsoundText};
use crate::companies::model::{Company, Employee};
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Lang;
use crate::platform::db::Scope;
use crate::platform::jobs::{self, NewJob};
use crate::platform::mail::{self, Letter};
use crate::platform::permissions::{Permission as _, SendEInvoices};
use crate::web::page;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;

/// Kind of the job that looks through the documents of one company.
pub const LOOK: &str = "einvoices.look";
/// Documents and lines that are held at once.
const PAGE: (i64, i64) = (500, 10_000);
/// Documents of a letter; the others are counted.
const SHOWN: usize = 10;

/// Has the documents of a company looked through, once the transaction has committed.
///
/// # Errors
/// When the database refuses.
pub fn look_later(scope: &mut Scope) -> Result<(), AppError> {
    let mut job = NewJob::new(LOOK, "Look through unsent e-invoices", &())?;
    job.unique_key = Some("look".to_owned());
    jobs::enqueue(scope, &job)
}

/// What a look has found.
#[derive(Default)]
struct Found {
    documents: usize,
    marks: Vec<String>,
    /// The first documents with something that is not told yet, and of the others.
    fresh: Vec<Judged>,
    known: Vec<Judged>,
    fresh_documents: usize,
}

/// Looks through all documents of a company that are not registered and may be sent, and writes one letter to the people who send them, if
/// something is wrong that no letter has told yet. How many documents have something wrong, and how many of them something new.
///
/// # Errors
/// Whatever the database refuses.
pub fn look(
    scope: &mut Scope,
    at: Option<Environment>,
    base: &str,
) -> Result<(usize, usize), AppError> {
    let last = Look::lock(scope)?;
    let told: HashSet<&str> = last.told.iter().map(String::as_str).collect();
    let mut found = Found::default();
    let mut after = After::default();
    loop {
        let (judged, has_more) = judge_after(scope, at, PAGE, after)?;
        if let Some(one) = judged.last() {
            after = (one.row.document_date, one.row.id.uuid());
        }
        for one in judged {
            found.take(one, &told)?;
        }
        if !has_more {
            break;
        }
    }
    let counts = (found.documents, found.fresh_documents);
    if found.fresh_documents > 0 {
        tell(scope, &found, base)?;
    }
    let now = Look {
        looked_at: scope.now(),
        documents: i32::try_from(found.documents).unwrap_or(i32::MAX),
        told: found.marks,
    };
    now.keep(scope)?;
    Ok(counts)
}

impl Found {
    fn take(&mut self, mut one: Judged, told: &HashSet<&str>) -> Result<(), AppError> {
        if one.standing == Standing::Ready {
            return Ok(());
        }
        // What is wrong with an account is wrong once, and not with each document that waits for it.
        one.faults.retain(|fault| fault.field != "account");
        if one.faults.is_empty() {
            return Ok(());
        }
        let id = one.document.id;
        let marks = one.faults.iter().map(|fault| mark(id, fault));
        let marks = marks.collect::<Result<Vec<_>, _>>()?;
        let is_fresh = marks.iter().any(|mark| !told.contains(mark.as_str()));
        self.documents += 1;
        self.marks.extend(marks);
        self.fresh_documents += usize::from(is_fresh);
        let shown = if is_fresh {
            &mut self.fresh
        } else {
            &mut self.known
        };
        if shown.len() < SHOWN {
            shown.push(one);
        }
        Ok(())
    }
}

/// What tells something wrong from everything else that is: the same on every night that it stays.
fn mark(document: DocumentId, fault: &Fault) -> Result<String, AppError> {
    let what = (document, &fault.code, fault.line, &fault.field, &fault.said);
    let words = serde_json::to_vec(&what).map_err(AppError::internal)?;
    let digest = Sha256::digest(words);
    Ok(digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// One letter to everybody who may send e-invoices, what is new first.
fn tell(scope: &mut Scope, found: &Found, base: &str) -> Result<(), AppError> {
    let company = Company::own(scope)?;
    let shown: Vec<&Judged> = found.fresh.iter().chain(&found.known).take(SHOWN).collect();
    let unsound = Unsound {
        shown: &shown,
        documents: found.documents,
        fresh: found.fresh_documents,
    };
    let office = format!("{base}/c/{}", company.slug);
    // The back office is in English.
    let lang = Lang::En;
    for (name, to) in Employee::in_roles(scope, SendEInvoices::ROLES)? {
        let words = UnsoundLetter::new(lang, (name, &company.name), &unsound, &office);
        let letter = Letter {
            kind: "einvoices-unsound",
            to,
            subject: words.subject.clone(),
            text: page::print(&UnsoundText { letter: &words }, lang)?,
            html: page::print(
                &UnsoundHtml {
                    lang,
                    letter: &words,
                },
                lang,
            )?,
        };
        mail::write(scope, &letter)?;
    }
    Ok(())
}
