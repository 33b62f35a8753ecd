//! A customer's ledger.

use crate::accounting::actions::payments as actions;
use crate::accounting::pages::papers::{logo, pdf_answer};
use crate::accounting::print;
use crate::accounting::views::StatementPaper;
use crate::accounting::views::{
    LedgerFound, LedgerPage, LedgerRights, MOST_OPEN, statement_sheet, turned,
};
use crate::companies::model::{Company, Registration};
use crate::customers::model::Customer;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::EntryId;
use crate::kernel::language::{Lang, Said};
use crate::ledger::model::{
    Account, Ageing, MOST_IN_A_FILE, MOST_ON_PAPER, OpenBill, Period, Statement,
};
use crate::platform::db::Scope;
use crate::platform::permissions::{
    AllocatePayments, ReadCustomers, ReadLedger, RecordPayments, WriteOff,
};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Company and a customer's code.
type Code = web::Path<(String, String)>;

/// The period that an address asks for.
pub fn period(query: &ListQuery, now: DateTime<Utc>) -> Period {
    Period::asked(query.get("from"), query.get("to"), dates::today(now))
}

/// The same for a file, which has no place to say what is wrong with the days.
///
/// # Errors
/// `Refused` for a period that begins after it ends.
pub fn period_of_file(
    lang: Lang,
    query: &ListQuery,
    now: DateTime<Utc>,
) -> Result<Period, AppError> {
    let period = period(query, now);
    turned(lang, query, period).map_or(Ok(period), |said| Err(AppError::refused(said)))
}

pub async fn show(actor: Allowed<ReadLedger>, path: Code, query: ListQuery) -> Answer {
    let (code, asked) = (path.into_inner().1.to_uppercase(), query.clone());
    let (found, period) = actor
        .read(move |scope| {
            let line = Customer::line(scope, &code)?;
            let (id, today) = (line.customer.id, dates::today(scope.now()));
            let period = period(&asked, scope.now());
            let at = (asked.cursor(), asked.size());
            let (bills, credits) = OpenBill::and_credits(scope, id, MOST_OPEN)?;
            let found = LedgerFound {
                account: Account::from(&line),
                statement: Statement::of(scope, id, period, at)?,
                ageing: Ageing::of(scope, Some(id), today)?,
                bills,
                credits,
                customer: line.customer,
                today,
            };
            Ok((found, period))
        })
        .await?;
    let rights = LedgerRights {
        record: actor.pass.may::<RecordPayments>(),
        allocate: actor.pass.may::<AllocatePayments>(),
        write_off: actor.pass.may::<WriteOff>(),
        customers: actor.pass.may::<ReadCustomers>(),
    };
    let title = Said::new("Ledger of {name}").with("name", &found.customer.name);
    let is_turned = turned(actor.lang(), &query, period).is_some();
    let view = LedgerPage::new(
        actor.shell(actor.lang().say(&title)).with_errors(is_turned),
        actor.lang(),
        (actor.pass.base(), rights),
        (&query, period),
        found,
    );
    if is_turned {
        return page::again(&actor.ctx, &view);
    }
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadLedger>, path: Code, query: ListQuery) -> Answer {
    let (code, asked) = (path.into_inner().1.to_uppercase(), query.clone());
    let lang = actor.lang();
    let (found, period) = actor
        .read(move |scope| {
            let customer = Customer::by_code(scope, &code)?;
            let period = period_of_file(lang, &asked, scope.now())?;
            let whole = Statement::whole(scope, customer.id, period, MOST_IN_A_FILE)?;
            Ok((whole, period))
        })
        .await?;
    statement_sheet(actor.lang(), "ledger", period, found).answer(query.get("format"))
}

/// What a statement on paper is made of.
///
/// # Errors
/// `Refused` for more entries than paper holds, and for a period that begins after it ends.
pub fn paper(
    scope: &mut Scope,
    customer: Customer,
    (lang, query): (Lang, &ListQuery),
) -> Result<StatementPaper, AppError> {
    let period = period_of_file(lang, query, scope.now())?;
    let (entries, sums) = Statement::whole(scope, customer.id, period, MOST_ON_PAPER)?;
    Ok(StatementPaper {
        company: Company::own(scope)?,
        gstin: Registration::primary_gstin(scope)?,
        customer,
        period,
        entries,
        sums,
        made_at: scope.now(),
    })
}

pub async fn pdf(actor: Allowed<ReadLedger>, path: Code, query: ListQuery) -> Answer {
    let (code, lang) = (path.into_inner().1.to_uppercase(), actor.lang());
    let paper = actor
        .read(move |scope| {
            let customer = Customer::by_code(scope, &code)?;
            paper(scope, customer, (lang, &query))
        })
        .await?;
    let company = actor.pass.company.clone();
    let name = format!("ledger-{}", paper.customer.code);
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, company.tenant, company.logo);
            print::rows_pdf(&paper.sheet(lang, logo)).map_err(AppError::internal)
        })
        .await?;
    Ok(pdf_answer(&name, bytes))
}

/// Which money of a customer is set against its bills.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CreditForm {
    credit: String,
}

/// Sets what is left of a note or a payment against the customer's bills, the oldest first.
pub async fn settle(
    actor: Allowed<AllocatePayments>,
    path: Code,
    form: Form<CreditForm>,
) -> Answer {
    let code = path.into_inner().1.to_uppercase();
    let credit: EntryId = form.0.credit.parse().map_err(|_| AppError::NotFound)?;
    let who = actor.pass.person.name.clone();
    let to = format!("{}/ledger/{code}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let customer = Customer::by_code(scope, &code)?;
            let set = actions::settle(scope, &who, (customer.id, credit))?;
            let said = Said::new("{amount} are set against bills.").with("amount", set);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
