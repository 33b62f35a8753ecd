//! Letters about money and about documents that change what is owed: queued by the statement that makes it so, written and sent by jobs.

use crate::accounting::model::{Allocated, Document, Payment};
use crate::accounting::rules::document::{Kind, Status as DocumentStatus};
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::accounting::views::money_letters::{MOST, MoneyHtml, MoneyLetter, MoneyText, PaidTold};
use crate::companies::model::{Company, Employee};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, DocumentId, PaymentId};
use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::ledger::model::{Account, OpenItem};
use crate::orders::model::Readers;
use crate::platform::db::{DEMO, Scope};
use crate::platform::mail::{self, Letter, PaperOf};
use crate::platform::permissions::{Permission, RecordPayments};
use crate::web::page;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kind of the job that writes them. The statements that queue it name it.
pub const LETTERS: &str = "money.letters";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A bill or note was cancelled.
    Cancelled,
    /// A credit or debit note was issued.
    Note,
    /// Money came.
    Received,
    /// Money went back.
    GivenBack,
}

/// What that job needs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Happened {
    /// What happened.
    pub what: What,
    /// The document or the payment.
    pub id: Uuid,
}

/// Whether anybody wants letters about what this transaction does: nobody does about the demo's made-up past.
pub fn are_wanted(scope: &Scope) -> bool {
    scope.member().cause() != Some(DEMO)
}

/// Writes the letters into the outbox: to the customer in its language, and about a payment online to the people who record payments. Says how
/// many; who has no address gets none. `base` is the address of the installation.
///
/// # Errors
/// `NotFound` for what happened; when the database refuses.
pub fn write(scope: &mut Scope, happened: Happened, base: &str) -> Result<usize, AppError> {
    match happened.what {
        What::Cancelled => cancelled(scope, happened.id.into(), base),
        What::Note => note(scope, happened.id.into(), base),
        What::Received => received(scope, happened.id.into(), base),
        What::GivenBack => given_back(scope, happened.id.into(), base),
    }
}

fn cancelled(scope: &mut Scope, id: DocumentId, base: &str) -> Result<usize, AppError> {
    let document = Document::by_id(scope, id)?;
    let readers = Readers::of(scope, document.customer_id)?;
    let lang = lang_of(&readers);
    let letter = MoneyLetter::cancelled((&document, &readers), base, lang);
    to_customer(scope, "cancelled", (&readers, &letter), None)
}

/// Of a note that was cancelled meanwhile there is nothing to tell.
fn note(scope: &mut Scope, id: DocumentId, base: &str) -> Result<usize, AppError> {
    let document = Document::by_id(scope, id)?;
    if document.status == DocumentStatus::Cancelled {
        return Ok(0);
    }
    let readers = Readers::of(scope, document.customer_id)?;
    let lang = lang_of(&readers);
    let letter = MoneyLetter::note((&document, &readers), base, lang);
    let kind = match document.kind {
        Kind::DebitNote => "debit-note",
        Kind::Invoice | Kind::BillOfSupply | Kind::CreditNote | Kind::CommercialNote => {
            "credit-note"
        }
    };
    let paper = paper_of(document.id, lang);
    to_customer(scope, kind, (&readers, &letter), Some(paper))
}

/// Of a cheque that the bank returned meanwhile there is nothing to thank for, and tax that the customer deducted is no money that came: what
/// came with it has its own letter.
fn received(scope: &mut Scope, id: PaymentId, base: &str) -> Result<usize, AppError> {
    let payment = Payment::by_id(scope, id)?;
    let is_money = payment.direction == Direction::In && payment.method != Method::Tds;
    if payment.status == Status::Bounced || !is_money {
        return Ok(0);
    }
    let (readers, owed) = beside(scope, payment.customer_id)?;
    let entry = payment.id.uuid().into();
    let bills = Allocated::of(scope, entry, MOST)?;
    let told = PaidTold {
        payment: &payment,
        bills: &bills,
        left: OpenItem::find(scope, entry)?.open,
        owed,
        readers: &readers,
        base,
    };
    let letter = MoneyLetter::received(&told, lang_of(&readers));
    let mut written = to_customer(scope, "receipt", (&readers, &letter), None)?;
    if payment.method == Method::Gateway {
        written += to_accounts(scope, &told)?;
    }
    Ok(written)
}

fn given_back(scope: &mut Scope, id: PaymentId, base: &str) -> Result<usize, AppError> {
    let payment = Payment::by_id(scope, id)?;
    let original = match payment.refund_of {
        Some(original) => Payment::by_id(scope, original)?.number,
        None => None,
    };
    let (readers, owed) = beside(scope, payment.customer_id)?;
    let told = PaidTold {
        payment: &payment,
        bills: &[],
        left: Money::ZERO,
        owed,
        readers: &readers,
        base,
    };
    let letter = MoneyLetter::given_back(&told, original.as_deref(), lang_of(&readers));
    to_customer(scope, "refund", (&readers, &letter), None)
}

/// Who reads about a customer, and what it owes.
fn beside(scope: &mut Scope, customer: CustomerId) -> Result<(Readers, Money), AppError> {
    let owed = Account::find(scope, customer)?.balance;
    Ok((Readers::of(scope, customer)?, owed))
}

fn lang_of(readers: &Readers) -> Lang {
    Lang::from_code(&readers.language).unwrap_or_default()
}

/// How a document goes with a letter: in English, and in its reader's language beside it.
pub(super) fn paper_of(document: DocumentId, lang: Lang) -> PaperOf {
    PaperOf {
        document,
        second: Some(lang).filter(|lang| *lang != Lang::En),
    }
}

fn to_customer(
    scope: &mut Scope,
    kind: &'static str,
    (readers, words): (&Readers, &MoneyLetter),
    paper: Option<PaperOf>,
) -> Result<usize, AppError> {
    let Some(to) = readers.email.clone() else {
        return Ok(0);
    };
    let letter = printed(kind, to, words, lang_of(readers))?;
    mail::write_with(scope, &letter, paper)?;
    Ok(1)
}

/// One letter to each person who may record payments. The back office is in English.
fn to_accounts(scope: &mut Scope, told: &PaidTold) -> Result<usize, AppError> {
    let company = Company::own(scope)?;
    let people = Employee::in_roles(scope, RecordPayments::ROLES)?;
    for (name, to) in &people {
        let words = MoneyLetter::online(told, name, &company.slug);
        let letter = printed("paid-online", to.clone(), &words, Lang::En)?;
        mail::write(scope, &letter)?;
    }
    Ok(people.len())
}

fn printed(
    kind: &'static str,
    to: String,
    words: &MoneyLetter,
    lang: Lang,
) -> Result<Letter, AppError> {
    Ok(Letter {
        kind,
        to,
        subject: words.subject.clone(),
        text: page::print(&MoneyText { letter: words }, lang)?,
        html: page::print(
            &MoneyHtml {
                lang,
                letter: words,
            },
            lang,
        )?,
    })
}
