//! The tax register of a month, the documents behind its sums, and the file of GSTR-1.

use crate::accounting::gstr1::{self, Rows};
use crate::accounting::model::{Entry, Filing, HsnSum, Mismatch, Numbers, Part, Total, Turnover};
use crate::accounting::rules::gstr1::Month;
use crate::accounting::rules::kind::hsn_digits;
use crate::accounting::views::{
    PartsPage, RegisterFound, RegisterPage, RegisterPlace, RegisterTab, parts_sheet, register_sheet,
};
use crate::companies::model::Registration;
use crate::error::AppError;
use crate::kernel::dates::{self, FinancialYear};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::ReadInvoices;
use crate::tax::rules::BuyerKind;
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::HttpResponse;

/// The registration and the month that an address asks for: unless it says so, the company's first, and the month of today. A GSTIN that the
/// company does not have is none of its pages.
fn place(scope: &mut Scope, query: &ListQuery) -> Result<RegisterPlace, AppError> {
    let registrations = Registration::all(scope)?;
    let asked = query.get("registration");
    let chosen = match asked {
        Some(gstin) => registrations.iter().find(|one| one.gstin == gstin),
        None => registrations.first(),
    };
    let chosen = chosen.cloned();
    if chosen.is_none() && asked.is_some() {
        return Err(AppError::NotFound);
    }
    let month = query.get("month").and_then(Month::parse);
    Ok(RegisterPlace {
        month: month.unwrap_or_else(|| Month::of(dates::today(scope.now()))),
        registrations,
        chosen,
    })
}

/// What a tab shows. Without a registration there is nothing.
fn found(
    scope: &mut Scope,
    place: &RegisterPlace,
    tab: RegisterTab,
) -> Result<RegisterFound, AppError> {
    let Some(filing) = place.filing() else {
        return Ok(RegisterFound::Nothing);
    };
    Ok(match tab {
        RegisterTab::Tables => {
            RegisterFound::Tables(Total::all(scope, filing)?, Numbers::all(scope, filing)?)
        }
        RegisterTab::Hsn => RegisterFound::Hsn(HsnSum::all(scope, filing)?),
        RegisterTab::Gstr1 => RegisterFound::Gstr1(mismatches(scope, filing)?),
    })
}

fn mismatches(scope: &mut Scope, filing: Filing) -> Result<Vec<Mismatch>, AppError> {
    // Digits go by the turnover of the year before.
    let before = FinancialYear::of(filing.month.first())
        .first_day()
        .pred_opt();
    let turnover = match before {
        Some(day) => Turnover::of_year(scope, &FinancialYear::of(day).code())?,
        None => None,
    };
    let turnover = turnover.map(|turnover| turnover.amount);
    let digits = |buyer| hsn_digits(turnover, buyer);
    let digits = (digits(BuyerKind::Registered), digits(BuyerKind::Overseas));
    Mismatch::all(scope, filing, digits)
}

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let (asked, tab) = (query.clone(), RegisterTab::asked(&query));
    let (place, found) = actor
        .read(move |scope| {
            let place = place(scope, &asked)?;
            let found = found(scope, &place, tab)?;
            Ok((place, found))
        })
        .await?;
    let view = RegisterPage::new(
        actor.shell(actor.lang().t("Tax register")),
        actor.lang(),
        &actor.pass.base(),
        (&query, place),
        (tab, found),
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let (asked, tab) = (query.clone(), RegisterTab::asked(&query));
    let found = actor
        .read(move |scope| {
            let place = place(scope, &asked)?;
            found(scope, &place, tab)
        })
        .await?;
    register_sheet(actor.lang(), &found).answer(query.get("format"))
}

pub async fn documents(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (place, found) = actor
        .read(move |scope| {
            let place = place(scope, &asked)?;
            let filing = place.filing().ok_or(AppError::NotFound)?;
            let found = Part::list(scope, filing, &asked)?;
            Ok((place, found))
        })
        .await?;
    let view = PartsPage::new(
        actor.shell(actor.lang().t("Documents of the tax register")),
        actor.lang(),
        &actor.pass.base(),
        (&query, &place),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export_documents(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| {
            let place = place(scope, &asked)?;
            let filing = place.filing().ok_or(AppError::NotFound)?;
            Part::export(scope, filing, &asked)
        })
        .await?;
    parts_sheet(actor.lang(), &rows).answer(query.get("format"))
}

/// The file for the offline tool.
pub async fn file(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let (bytes, name) = actor
        .read(move |scope| {
            let place = place(scope, &query)?;
            let filing = place.filing().ok_or(AppError::NotFound)?;
            let chosen = place.chosen.as_ref().ok_or(AppError::NotFound)?;
            if chosen.taxpayer_type == "composition" {
                let said = Said::new("{gstin} is under composition, which files CMP-08 and GSTR-4, not GSTR-1. What it is stands under All settings, E-invoices.");
                return Err(AppError::refused(said.with("gstin", chosen.gstin.clone())));
            }
            let rows = Rows {
                entries: Entry::all(scope, filing)?,
                codes: HsnSum::all(scope, filing)?,
                numbers: Numbers::all(scope, filing)?,
            };
            let bytes = gstr1::file(&chosen.gstin, filing.month, &rows)?;
            let name = format!("GSTR1_{}_{}.json", chosen.gstin, filing.month.period());
            Ok((bytes, name))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(bytes))
}
