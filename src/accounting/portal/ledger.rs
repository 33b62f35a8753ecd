//! A retailer's account at one supplier: the supplier's own ledger of it.

use crate::accounting::pages::ledger::{paper, period, period_of_file};
use crate::accounting::pages::papers::{logo, pdf_answer};
use crate::accounting::print;
use crate::accounting::views::{ShopLedgerFound, ShopLedgerPage, statement_sheet, turned};
use crate::customers::model::Customer;
use crate::error::AppError;
use crate::kernel::dates;
use crate::ledger::model::{Account, Ageing, MOST_IN_A_FILE, Statement};
use crate::platform::permissions::{PayBills, SeeBills};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn show(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, period) = actor
        .read(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let period = period(&asked, scope.now());
            let at = (asked.cursor(), asked.size());
            let today = dates::today(scope.now());
            let found = ShopLedgerFound {
                account: Account::find(scope, customer)?,
                statement: Statement::of(scope, customer, period, at)?,
                ageing: Ageing::of(scope, Some(customer), today)?,
            };
            Ok((found, period))
        })
        .await?;
    let names = (
        actor.pass.base(),
        actor.pass.supplier.name.clone(),
        actor.pass.may::<PayBills>(),
    );
    let is_turned = turned(actor.lang(), &query, period).is_some();
    let view = ShopLedgerPage::new(
        actor.shell(actor.lang().t("Ledger")).with_errors(is_turned),
        actor.lang(),
        names,
        (&query, period),
        found,
    );
    if is_turned {
        return page::again(&actor.ctx, &view);
    }
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let (found, period) = actor
        .read(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let period = period_of_file(lang, &asked, scope.now())?;
            let whole = Statement::whole(scope, customer, period, MOST_IN_A_FILE)?;
            Ok((whole, period))
        })
        .await?;
    statement_sheet(actor.lang(), "ledger", period, found).answer(query.get("format"))
}

pub async fn pdf(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
    let lang = actor.lang();
    let paper = actor
        .read(move |scope| {
            let customer = scope.member().customer().ok_or(AppError::NotFound)?;
            let customer = Customer::find(scope, customer)?;
            paper(scope, customer, (lang, &query))
        })
        .await?;
    let supplier = actor.pass.supplier.clone();
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, supplier.tenant, supplier.logo);
            print::rows_pdf(&paper.sheet(lang, logo)).map_err(AppError::internal)
        })
        .await?;
    Ok(pdf_answer("ledger", bytes))
}
