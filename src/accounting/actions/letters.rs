//! The letter about a bill: enqueued in the transaction of its issue, written and sent by a job.

use super::money_letters::{are_wanted, paper_of};
use crate::accounting::model::{Document, DocumentLine};
use crate::accounting::views::letters::{BillHtml, BillLetter, BillText, Told};
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Lang;
use crate::orders::model::Readers;
use crate::platform::db::Scope;
use crate::platform::jobs::NewJob;
use crate::platform::mail::{self, Letter};
use crate::web::page;
use serde::{Deserialize, Serialize};

/// Kind of the job that writes it.
pub const LETTER: &str = "invoices.letter";

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Billed {
    /// The bill.
    pub document: DocumentId,
}

/// The job that tells the customer of a bill; none about the demo's made-up past, of which nobody wants letters.
///
/// # Errors
/// When the payload can't be written as JSON.
pub fn about(scope: &Scope, document: DocumentId) -> Result<Option<NewJob>, AppError> {
    if !are_wanted(scope) {
        return Ok(None);
    }
    NewJob::new(LETTER, "Letter about a bill", &Billed { document }).map(Some)
}

/// Writes the letter into the outbox, in the customer's language, with the bill itself and the way to it in its portal. Says how many; who
/// has no address gets none, and of a bill that was cancelled meanwhile there is nothing to tell.
///
/// # Errors
/// `NotFound` for the bill; when the database refuses.
pub fn write(scope: &mut Scope, billed: Billed, base: &str) -> Result<usize, AppError> {
    let document = Document::by_id(scope, billed.document)?;
    if document.cancelled_at.is_some() {
        return Ok(0);
    }
    let readers = Readers::of(scope, document.customer_id)?;
    let Some(to) = readers.email.clone() else {
        return Ok(0);
    };
    let lines = DocumentLine::find(scope, document.id)?;
    let lang = Lang::from_code(&readers.language).unwrap_or_default();
    let told = Told {
        document: &document,
        lines: &lines,
        readers: &readers,
        base,
    };
    let words = BillLetter::new(&told, lang);
    let letter = Letter {
        kind: "bill",
        to,
        subject: words.subject.clone(),
        text: page::print(&BillText { letter: &words }, lang)?,
        html: page::print(
            &BillHtml {
                lang,
                letter: &words,
            },
            lang,
        )?,
    };
    mail::write_with(scope, &letter, Some(paper_of(document.id, lang)))?;
    Ok(1)
}
