//! A bill is paid in instalments: agreed on, replaced, ended.

use crate::accounting::forms::{EndForm, InstalmentsForm, InstalmentsWish};
use crate::accounting::model::{DocNo, Document};
use crate::accounting::rules::document::{Family, Status};
use crate::accounting::views::{InstalmentsFound, InstalmentsPage};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::ledger::actions::{Agreement, agree as write_down, end_instalments};
use crate::ledger::model::{Owed, Plan};
use crate::platform::db::Scope;
use crate::platform::permissions::AllocatePayments;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type OfficePath = web::Path<(String, String)>;

/// A bill that somebody owes. One that was taken back is owed by nobody.
fn bill(scope: &mut Scope, no: &DocNo) -> Result<Document, AppError> {
    let document = Document::find(scope, no)?;
    if document.status == Status::Cancelled {
        let said = Said::new("{number} is cancelled, so nothing is to be paid of it.");
        return Err(AppError::refused(said.with("number", &document.number)));
    }
    Ok(document)
}

async fn look(actor: &Allowed<AllocatePayments>, no: DocNo) -> Result<InstalmentsFound, AppError> {
    actor
        .read(move |scope| {
            let document = bill(scope, &no)?;
            let owed = Owed::of(scope, &[document.id.uuid().into()])?;
            Ok(InstalmentsFound {
                // What comes to nothing has no entry.
                owed: owed.into_iter().next().ok_or(AppError::NotFound)?,
                plans: Plan::of_bill(scope, document.id)?,
                today: dates::today(scope.now()),
                document,
            })
        })
        .await
}

fn view(
    actor: &Allowed<AllocatePayments>,
    found: &InstalmentsFound,
    form: &InstalmentsForm,
) -> InstalmentsPage {
    let title = Said::new("Instalments of {number}").with("number", &found.document.number);
    let has_errors = !form.remarks.is_empty() || form.parts.iter().any(|part| part.wrong.is_some());
    let shell = actor.shell(actor.lang().say(&title));
    InstalmentsPage::new(
        shell.with_errors(has_errors),
        (actor.lang(), &actor.pass.base()),
        found,
        form,
    )
}

pub async fn ask(actor: Allowed<AllocatePayments>, path: OfficePath, query: ListQuery) -> Answer {
    let no = DocNo::asked(Family::Bills, &path.into_inner().1, query.get("year"))?;
    let found = look(&actor, no).await?;
    let form = InstalmentsForm::blank(found.standing().map(|plan| plan.id), &[]);
    page::show(&actor.ctx, &view(&actor, &found, &form))
}

pub async fn agree(
    actor: Allowed<AllocatePayments>,
    path: OfficePath,
    query: ListQuery,
    form: Form<Vec<(String, String)>>,
) -> Answer {
    let no = DocNo::asked(Family::Bills, &path.into_inner().1, query.get("year"))?;
    let mut form = InstalmentsForm::read(form.0);
    if form.wish() == InstalmentsWish::WorkOut {
        let found = look(&actor, no).await?;
        form.work_out(found.owed.open, found.today);
        let page = view(&actor, &found, &form);
        return if form.remarks.is_empty() {
            page::show(&actor.ctx, &page)
        } else {
            page::again(&actor.ctx, &page)
        };
    }
    let (who, base, asked) = (
        actor.pass.person.name.clone(),
        actor.pass.base(),
        no.clone(),
    );
    let done = actor
        .once_unless(move |scope| {
            let bill = bill(scope, &asked)?;
            match write(scope, &who, &bill, form)? {
                Ok(said) => Ok(Ok(Next::to(shown_at(&base, &bill)).saying(said))),
                Err(form) => Ok(Err(form)),
            }
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(form) => {
            let found = look(&actor, no).await?;
            page::again(&actor.ctx, &view(&actor, &found, &form))
        }
    }
}

/// Writes the agreement down, and says so; or gives the form back, with what is wrong.
fn write(
    scope: &mut Scope,
    who: &str,
    bill: &Document,
    form: InstalmentsForm,
) -> Result<Result<Said, Box<InstalmentsForm>>, AppError> {
    let ((parts, reason), known, mut form) = match form.parse(dates::today(scope.now())) {
        Ok(typed) => typed,
        Err(form) => return Ok(Err(form)),
    };
    let wanted = Agreement {
        customer: bill.customer_id,
        bill: bill.id.uuid().into(),
        known,
        parts,
        reason,
    };
    if let Err(said) = write_down(scope, who, &wanted)? {
        form.remarks.add("parts", said);
        return Ok(Err(Box::new(form)));
    }
    let said = Said::new("{count} instalments are agreed on for {number}.")
        .with("count", wanted.parts.len())
        .with("number", &bill.number);
    Ok(Ok(said))
}

/// Where a bill is shown.
fn shown_at(base: &str, bill: &Document) -> String {
    format!("{base}/invoices/{}?year={}", bill.url_no, bill.year)
}

pub async fn end(
    actor: Allowed<AllocatePayments>,
    path: OfficePath,
    query: ListQuery,
    form: Form<EndForm>,
) -> Answer {
    let no = DocNo::asked(Family::Bills, &path.into_inner().1, query.get("year"))?;
    let known = form.0.known().map_err(AppError::refused)?;
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let next = actor
        .once(move |scope| {
            let bill = Document::find(scope, &no)?;
            let entry = bill.id.uuid().into();
            end_instalments(scope, &who, (bill.customer_id, entry), known)?;
            let said = Said::new("{number} is due on its own day again.");
            Ok(Next::to(shown_at(&base, &bill)).saying(said.with("number", &bill.number)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
