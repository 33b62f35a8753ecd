//! Documents at the authority: the list by state, one with its calls, and sending it again.

use crate::accounting::actions::CancelCode;
use crate::accounting::actions::einvoices::{self, Judged, Standing};
use crate::accounting::forms::CancelForm;
use crate::accounting::model::{Attempt, Document, EInvoice, EInvoiceRow};
use crate::accounting::outside::{Environment, Outside};
use crate::accounting::rules::cancelling;
use crate::accounting::rules::einvoice::Status;
use crate::accounting::views::einvoices::{EInvoicePage, EInvoicesPage};
use crate::accounting::views::{ReadyFound, ReadyPage, cancel_question};
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{CorrectInvoices, ReadInvoices, SendEInvoices};
use crate::web::bulk::{self, BulkForm, Outcome};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, State};
use actix_web::web;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Calls that a page shows.
const SHOWN: i64 = 100;

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Ok((EInvoiceRow::list(scope, &asked)?, scope.now())))
        .await?;
    let view = EInvoicesPage::new(
        actor.shell(actor.lang().t("E-invoices")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<SendEInvoices>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

type DocumentPath = web::Path<(String, String)>;

/// The number of an address, and its year where it names one.
#[derive(Clone)]
pub(super) struct Named(String, Option<String>);

impl Named {
    pub(super) fn new(path: DocumentPath, query: &ListQuery) -> Self {
        Self(path.into_inner().1, query.get("year").map(str::to_owned))
    }

    pub(super) fn find(&self, scope: &mut Scope) -> Result<Document, AppError> {
        Document::by_number(scope, &self.0, self.1.as_deref())
    }
}

pub async fn show(actor: Allowed<ReadInvoices>, path: DocumentPath, query: ListQuery) -> Answer {
    let named = Named::new(path, &query);
    let (document, goods, attempts) = actor
        .read(move |scope| {
            let document = named.find(scope)?;
            let goods = einvoices::goods_of(scope, &document, false)?;
            let attempts = Attempt::of_document(scope, document.id, SHOWN)?;
            // Asked only where it may be: most documents of a list are long past it.
            let facts = if goods.row.status == Status::Registered {
                Some(goods.row.cancel_facts(scope, &document)?)
            } else {
                None
            };
            Ok((document, goods, (attempts, facts, scope.now())))
        })
        .await?;
    let view = EInvoicePage::new(
        actor.shell(document.number.clone()),
        actor.lang(),
        (
            actor.pass.base(),
            actor.pass.may::<SendEInvoices>(),
            actor.pass.may::<CorrectInvoices>(),
        ),
        (document, goods),
        attempts,
    );
    page::show(&actor.ctx, &view)
}

/// The authority that this installation speaks to.
fn authority(state: &State) -> Option<Environment> {
    let outside = state.part::<Outside>().ok()?;
    outside.authority_at.as_ref().map(|(at, _)| *at)
}

pub async fn ready(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let at = authority(actor.state());
    let ((judged, has_more), now) = actor
        .read(move |scope| Ok((einvoices::judge_all(scope, at)?, scope.now())))
        .await?;
    let view = ReadyPage::new(
        actor.shell(actor.lang().t("Ready to be sent?")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<SendEInvoices>()),
        &query,
        (ReadyFound::new(judged, has_more, &query), now),
    );
    page::show(&actor.ctx, &view)
}

/// Which documents were meant: everything that is ready, everything that the filter shows, or what was ticked.
fn meant(form: &BulkForm, list: &ListQuery, judged: Vec<Judged>) -> Result<Meant, AppError> {
    if form.action == "ready" {
        let ready = judged
            .into_iter()
            .filter(|one| one.standing == Standing::Ready);
        return Ok((ready.collect(), Vec::new()));
    }
    if form.is_all() {
        let matching = ReadyFound::new(judged, false, list).matching;
        bulk::refuse_too_many(matching.len())?;
        return Ok((matching, Vec::new()));
    }
    let ids = form.ids()?;
    if ids.is_empty() {
        let said = Said::new("Tick the documents that you want to send.");
        return Err(AppError::refused(said));
    }
    let (ticked, _): (Vec<Judged>, Vec<Judged>) = judged
        .into_iter()
        .partition(|one| ids.contains(&one.document.id.uuid()));
    let gone = ids
        .into_iter()
        .filter(|id| !ticked.iter().any(|one| one.document.id.uuid() == *id))
        .collect();
    Ok((ticked, gone))
}

/// Documents, and ids of those that wait no more.
type Meant = (Vec<Judged>, Vec<Uuid>);

pub async fn send_many(actor: Allowed<SendEInvoices>, form: Form<BulkForm>) -> Answer {
    let (form, at) = (form.0, authority(actor.state()));
    let path = format!("{}/e-invoices/ready", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let list = form.list(&path);
            let (judged, _) = einvoices::judge_all(scope, at)?;
            let (meant, gone) = meant(&form, &list, judged)?;
            let good = meant.iter().filter(|one| one.standing != Standing::Faulty);
            let good: Vec<DocumentId> = good.map(|one| one.document.id).collect();
            let sent = einvoices::send_many(scope, &good)?;
            let mut outcome = Outcome::default();
            for id in gone {
                let said = Said::new("It was sent meanwhile.");
                outcome.note::<()>(id, Err(AppError::refused(said)))?;
            }
            for one in &meant {
                let refused = match one.faults.first() {
                    Some(fault) if one.standing == Standing::Faulty => Err(AppError::refused(
                        Said::new("{number}: {fault}")
                            .with("number", &one.document.number)
                            .with("fault", fault.said.clone()),
                    )),
                    _ if sent.contains(&one.document.id) => Ok(()),
                    _ => Err(AppError::refused(Said::new("It was sent meanwhile."))),
                };
                outcome.note(one.document.id.uuid(), refused)?;
            }
            let done = Said::new("{count} documents are on their way to the authority.");
            Ok(outcome.next(&list, done))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The document of an address, and until when the authority would cancel it.
async fn to_cancel(
    actor: &Allowed<CorrectInvoices>,
    named: Named,
) -> Result<(Document, DateTime<Utc>), AppError> {
    actor
        .read(move |scope| {
            let document = named.find(scope)?;
            let row = EInvoice::find(scope, document.id)?;
            let facts = row.cancel_facts(scope, &document)?;
            cancelling::may_ask(&facts, scope.now()).map_err(AppError::refused)?;
            let until = cancelling::until(row.ack_at.unwrap_or_default());
            Ok((document, until))
        })
        .await
}

fn question(
    actor: &Allowed<CorrectInvoices>,
    found: (&Document, DateTime<Utc>),
    form: &CancelForm,
    has_errors: bool,
) -> ConfirmPage {
    let confirm = cancel_question(actor.lang(), &actor.pass.base(), found, form);
    ConfirmPage {
        shell: actor
            .shell(confirm.question.clone())
            .with_errors(has_errors),
        confirm,
    }
}

pub async fn ask_cancel(
    actor: Allowed<CorrectInvoices>,
    path: DocumentPath,
    query: ListQuery,
) -> Answer {
    let (document, until) = to_cancel(&actor, Named::new(path, &query)).await?;
    let form = CancelForm {
        code: (CancelCode::Mistake as i16).to_string(),
        ..CancelForm::default()
    };
    page::show(
        &actor.ctx,
        &question(&actor, (&document, until), &form, false),
    )
}

pub async fn cancel(
    actor: Allowed<CorrectInvoices>,
    path: DocumentPath,
    query: ListQuery,
    form: Form<CancelForm>,
) -> Answer {
    let named = Named::new(path, &query);
    let (code, remark) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let (document, until) = to_cancel(&actor, named).await?;
            return page::again(
                &actor.ctx,
                &question(&actor, (&document, until), &form, true),
            );
        }
    };
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let next = actor
        .once(move |scope| {
            let document = named.find(scope)?;
            einvoices::ask_cancel(scope, &who, &document, (code, &remark))?;
            let said = Said::new("The authority is asked to cancel {number}.");
            Ok(back(&base, &document, said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// To the document's page, with what was done to it.
pub(super) fn back(base: &str, document: &Document, said: Said) -> Next {
    let to = format!(
        "{base}/e-invoices/{}?year={}",
        document.url_no, document.year
    );
    Next::to(to).saying(said.with("number", &document.number))
}

/// Has what the authority has cancelled taken back here, too, where that did not work before.
pub async fn follow(
    actor: Allowed<CorrectInvoices>,
    path: DocumentPath,
    query: ListQuery,
    _form: Form<Nothing>,
) -> Answer {
    let (named, base) = (Named::new(path, &query), actor.pass.base());
    let next = actor
        .once(move |scope| {
            let document = named.find(scope)?;
            let row = EInvoice::find(scope, document.id)?;
            if row.status != Status::Cancelled {
                return Err(AppError::refused(
                    Said::new("The authority has not cancelled {number}.")
                        .with("number", &document.number),
                ));
            }
            einvoices::cancel_later(scope, document.id)?;
            let said = Said::new("{number} is being cancelled here, too.");
            Ok(back(&base, &document, said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn send(
    actor: Allowed<SendEInvoices>,
    path: DocumentPath,
    query: ListQuery,
    _form: Form<Nothing>,
) -> Answer {
    let (named, base) = (Named::new(path, &query), actor.pass.base());
    let next = actor
        .once(move |scope| {
            let document = named.find(scope)?;
            einvoices::again(scope, document.id)?;
            let said = Said::new("{number} is on its way to the authority.");
            Ok(back(&base, &document, said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
