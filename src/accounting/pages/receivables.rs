//! Receivables by age.

use crate::accounting::views::{
    Looking, ReceivablesPage, by_bill, debtors_sheet, dues_sheet, places,
};
use crate::customers::model::Customer;
use crate::error::AppError;
use crate::kernel::dates::{self, parse_day};
use crate::ledger::model::{Asked, Debtor, Due};
use crate::platform::db::Scope;
use crate::platform::permissions::{ReadLedger, WriteOff};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

/// Rows of a file.
const ALL: i64 = 100_000;

fn asked(scope: &mut Scope, query: &ListQuery) -> Result<Asked, AppError> {
    let customer = match query.get("customer") {
        Some(code) => Some(Customer::by_code(scope, &code.to_uppercase())?.id),
        None => None,
    };
    let today = dates::today(scope.now());
    Ok(Asked {
        as_of: query.get("on").and_then(parse_day).unwrap_or(today),
        customer,
        words: query.search().map(str::to_owned),
        places: places(query),
    })
}

pub async fn index(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let (shell, lang) = (actor.shell(actor.lang().t("Receivables")), actor.lang());
    let looking = |(as_of, today)| Looking {
        base: actor.pass.base(),
        may_write_off: actor.pass.may::<WriteOff>(),
        as_of,
        today,
    };
    let wanted = query.clone();
    if by_bill(&query) {
        let (days, found) = actor
            .read(move |scope| {
                let asked = asked(scope, &wanted)?;
                let at = (wanted.cursor(), wanted.size());
                let days = (asked.as_of, dates::today(scope.now()));
                Ok((days, Due::list(scope, &asked, at)?))
            })
            .await?;
        let view = ReceivablesPage::dues(shell, lang, looking(days), &query, found);
        return page::show(&actor.ctx, &view);
    }
    let (days, found) = actor
        .read(move |scope| {
            let asked = asked(scope, &wanted)?;
            let at = (wanted.cursor(), wanted.size());
            let days = (asked.as_of, dates::today(scope.now()));
            Ok((days, Debtor::list(scope, &asked, at)?))
        })
        .await?;
    let view = ReceivablesPage::debtors(shell, lang, looking(days), &query, found);
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let (lang, wanted) = (actor.lang(), query.clone());
    let sheet = actor
        .read(move |scope| {
            let asked = asked(scope, &wanted)?;
            Ok(if by_bill(&wanted) {
                dues_sheet(lang, &Due::list(scope, &asked, (None, ALL))?)
            } else {
                debtors_sheet(lang, &Debtor::list(scope, &asked, (None, ALL))?)
            })
        })
        .await?;
    sheet.answer(query.get("format"))
}
