//! Documents as they are read: on the screen and as PDF, by the company and by the buyer.

use crate::accounting::jobs::print::{PRINT, PrintJob};
use crate::accounting::model::{Around, DocNo, Document, Paper};
use crate::accounting::print;
use crate::accounting::rules::document::Family;
use crate::accounting::views::papers::{BillPage, DocumentPage, Look, folder};
use crate::accounting::views::sheet::{Sheet, Tongues};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, FileId, TenantId};
use crate::kernel::language::{Lang, Said};
use crate::platform::db::Scope;
use crate::platform::jobs::{NewJob, enqueue};
use crate::platform::permissions::{
    AllocatePayments, CorrectInvoices, PayBills, ReadInvoices, SeeBills,
};
use crate::web::bulk::BulkForm;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, State};
use actix_web::{HttpResponse, web};

type OfficePath = web::Path<(String, String)>;
type ShopPath = web::Path<(String, String, String)>;

/// What an address asks for: which document, which copy, in which languages.
struct Asked {
    no: DocNo,
    copies: Vec<usize>,
    tongues: Tongues,
}

impl Asked {
    fn of(family: Family, url_no: String, query: &ListQuery) -> Self {
        let copies = match query.get("copy") {
            Some("all") => vec![1, 2, 3],
            copy => vec![
                copy.and_then(|copy| copy.parse().ok())
                    .filter(|copy| (1..=3).contains(copy))
                    .unwrap_or(1),
            ],
        };
        Self {
            no: DocNo {
                family,
                url_no,
                year: query.get("year").map(str::to_owned),
            },
            copies,
            tongues: tongues(query.get("lang")),
        }
    }
}

/// Documents are in English, with a second language beside it where somebody asked for it.
pub(super) fn tongues(lang: Option<&str>) -> Tongues {
    Tongues {
        first: Lang::En,
        second: lang
            .and_then(Lang::from_code)
            .filter(|lang| *lang != Lang::En),
    }
}

fn load(scope: &mut Scope, no: &DocNo) -> Result<Paper, AppError> {
    let document = Document::find(scope, no)?;
    Paper::of(scope, document)
}

/// A company's logo out of the store. Without it a document is as valid, so a store that is away does not keep anybody from billing.
pub fn logo(state: &State, tenant: TenantId, file: Option<FileId>) -> Option<Vec<u8>> {
    state.files.whole(tenant, file?).ok()
}

/// A PDF under a name, shown by the browser itself.
pub fn pdf_answer(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            "Content-Disposition",
            format!("inline; filename=\"{name}.pdf\""),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(bytes)
}

/// The copies of a document as one PDF, made off the threads that answer.
fn printed(paper: &Paper, asked: &Asked, look: &Look) -> Result<Vec<u8>, AppError> {
    let sheets: Vec<Sheet> = asked
        .copies
        .iter()
        .filter_map(|copy| look.sheet(paper, *copy, asked.tongues))
        .collect();
    print::pdf(&sheets).map_err(AppError::internal)
}

async fn show(
    actor: Allowed<ReadInvoices>,
    family: Family,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    let asked = Asked::of(family, path.into_inner().1, &query);
    let no = asked.no.clone();
    let (paper, around, now) = actor
        .read(move |scope| {
            let paper = load(scope, &no)?;
            let around = Around::of(scope, &paper.document)?;
            Ok((paper, around, scope.now()))
        })
        .await?;
    let look = Look::of_company(&actor.pass.company, &actor.pass.base(), None);
    let shell = actor.shell(paper.document.number.clone());
    let view = DocumentPage::new(
        shell,
        (
            actor.lang(),
            actor.pass.may::<CorrectInvoices>(),
            actor.pass.may::<AllocatePayments>(),
        ),
        &actor.pass.base(),
        (&paper, &look, &around),
        (
            asked.tongues,
            asked.copies.first().copied().unwrap_or(1),
            now,
        ),
    )?;
    page::show(&actor.ctx, &view)
}

async fn pdf(
    actor: Allowed<ReadInvoices>,
    family: Family,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    let asked = Asked::of(family, path.into_inner().1, &query);
    let no = asked.no.clone();
    let paper = actor.read(move |scope| load(scope, &no)).await?;
    let (company, base) = (actor.pass.company.clone(), actor.pass.base());
    let name = paper.document.url_no.clone();
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, company.tenant, company.logo);
            printed(&paper, &asked, &Look::of_company(&company, &base, logo))
        })
        .await?;
    Ok(pdf_answer(&name, bytes))
}

pub async fn invoice(actor: Allowed<ReadInvoices>, path: OfficePath, query: ListQuery) -> Answer {
    show(actor, Family::Bills, path, query).await
}

pub async fn invoice_pdf(
    actor: Allowed<ReadInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    pdf(actor, Family::Bills, path, query).await
}

pub async fn credit_note(
    actor: Allowed<ReadInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    show(actor, Family::CreditNotes, path, query).await
}

pub async fn credit_note_pdf(
    actor: Allowed<ReadInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    pdf(actor, Family::CreditNotes, path, query).await
}

pub async fn debit_note(
    actor: Allowed<ReadInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    show(actor, Family::DebitNotes, path, query).await
}

pub async fn debit_note_pdf(
    actor: Allowed<ReadInvoices>,
    path: OfficePath,
    query: ListQuery,
) -> Answer {
    pdf(actor, Family::DebitNotes, path, query).await
}

/// The ticked documents as one PDF, by a job.
pub async fn pdfs(actor: Allowed<ReadInvoices>, query: ListQuery, form: Form<BulkForm>) -> Answer {
    let family = match query.get("of") {
        Some("credit-notes") => Family::CreditNotes,
        Some("debit-notes") => Family::DebitNotes,
        _ => Family::Bills,
    };
    let base = actor.pass.base();
    let list = form.0.list(&format!("{base}/{}", folder(family)));
    let (second, lang) = (tongues(query.get("lang")).second, actor.lang());
    let asked_by = Some(actor.pass.person.id);
    let next = actor
        .once(move |scope| {
            let ids = if form.0.is_all() {
                Document::ids(scope, family, &list)?
            } else {
                form.0.ids()?.into_iter().map(DocumentId::from).collect()
            };
            if ids.is_empty() {
                let said = Said::new("Tick the invoices that you want to print.");
                return Err(AppError::refused(said));
            }
            if Document::count(scope, &ids)? != ids.len() {
                return Err(AppError::NotFound);
            }
            let said = Said::new("{count} documents as PDF").with("count", ids.len());
            let title = lang.say(&said);
            let wanted = PrintJob {
                ids,
                second,
                lang,
                asked_by,
            };
            let job = NewJob::new(PRINT, title, &wanted)?;
            enqueue(scope, &job)?;
            Ok(Next::to(format!("{base}/jobs/{}", job.id)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The family that a buyer means: its page has one address for all, and the kind in the query.
fn bought(query: &ListQuery) -> Family {
    match query.get("kind") {
        Some("credit-note") => Family::CreditNotes,
        Some("debit-note") => Family::DebitNotes,
        _ => Family::Bills,
    }
}

pub async fn bill(actor: Allowed<SeeBills>, path: ShopPath, query: ListQuery) -> Answer {
    let asked = Asked::of(bought(&query), path.into_inner().2, &query);
    let no = asked.no.clone();
    let (paper, today) = actor
        .read(move |scope| Ok((load(scope, &no)?, dates::today(scope.now()))))
        .await?;
    let look = Look::of_supplier(&actor.pass.supplier, &actor.pass.base(), None);
    let shell = actor.shell(paper.document.number.clone());
    // A shop that reads Hindi gets Hindi beside the English, without asking.
    let tongues = match actor.lang() {
        Lang::En => asked.tongues,
        lang => tongues(Some(lang.code())),
    };
    let view = BillPage::new(
        shell,
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<PayBills>()),
        (&paper, &look),
        (tongues, today),
    );
    page::show(&actor.ctx, &view)
}

pub async fn bill_pdf(actor: Allowed<SeeBills>, path: ShopPath, query: ListQuery) -> Answer {
    let asked = Asked::of(bought(&query), path.into_inner().2, &query);
    let no = asked.no.clone();
    let paper = actor.read(move |scope| load(scope, &no)).await?;
    let (supplier, base) = (actor.pass.supplier.clone(), actor.pass.base());
    let name = paper.document.url_no.clone();
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, supplier.tenant, supplier.logo);
            printed(&paper, &asked, &Look::of_supplier(&supplier, &base, logo))
        })
        .await?;
    Ok(pdf_answer(&name, bytes))
}
