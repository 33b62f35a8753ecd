//! The books: a payment against thousands of bills, a ledger of a hundred thousand entries, and documents as PDF.

use crate::load::{self, Page};
use crate::process::Process;
use crate::report::Measure;
use crate::world::{PASSWORD, World};
use anyhow::{Context, Result, anyhow, ensure};
use chrono::{Days, FixedOffset, NaiveDate, Utc};
use mandi::accounting::print;
use std::fmt::Write;
use std::time::{Duration, Instant};

#[path = "../../tests/it/support/sheets.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the tests' own sheet, of which they use more"
)]
mod sheets;

/// What one payment is set against: the letter of the customers who owe that, how many bills each of them owes, and the seconds it may take.
const DEBTS: [(&str, usize, &str); 2] = [("A", 5_000, "≤ 1"), ("E", 200, "≤ 0.3")];
/// Payments that are timed for each of these, each of another customer.
const PAYMENTS: usize = 5;
/// Documents.
const DOCUMENTS: usize = 100;
/// Lines of each.
const LINES: usize = 10;
/// How long each page is asked for.
const LENGTH: Duration = Duration::from_secs(4);

/// What was found.
#[derive(Default)]
pub struct Books {
    /// A hundred documents, one after the other: by the clock, and of the processor's time.
    pub documents: Option<(Duration, Duration)>,
    /// Each payment, in the order of [`DEBTS`].
    pub payments: Vec<Vec<Duration>>,
    /// Each page of a ledger.
    pub pages: Vec<(&'static str, Measure)>,
}

/// Makes the documents, each a PDF of its own, on this thread alone.
pub fn documents() -> Result<(Duration, Duration)> {
    let sheets: Vec<_> = (1..=DOCUMENTS)
        .map(|number| {
            let mut sheet = sheets::invoice(LINES, None);
            sheet.number = format!("MH/26-27/{number:05}");
            sheet
        })
        .collect();
    let (began, worked_before) = (Instant::now(), worked()?);
    for sheet in &sheets {
        let bytes = print::pdf(std::slice::from_ref(sheet))?;
        ensure!(bytes.len() > 10_000, "a PDF of {} bytes", bytes.len());
    }
    Ok((began.elapsed(), worked()? - worked_before))
}

/// The processor's time of this thread.
fn worked() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = stat.split(' ').next().context("no schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// The day it is in India.
fn today() -> Result<NaiveDate> {
    let india = FixedOffset::east_opt(19_800).context("no such offset")?;
    Ok(Utc::now().with_timezone(&india).date_naive())
}

/// Records one payment after the other, each of a customer who owes thousands of bills, or hundreds; the last bill is paid by half.
pub async fn payments(world: &World, process: &Process) -> Result<Vec<Vec<Duration>>> {
    let cookie = accountant(process, 3).await?;
    let mut found = Vec::new();
    for (letter, bills, _) in DEBTS {
        found.push(paid(world, process, &cookie, (letter, bills)).await?);
    }
    Ok(found)
}

async fn paid(
    world: &World,
    process: &Process,
    cookie: &str,
    (letter, bills): (&str, usize),
) -> Result<Vec<Duration>> {
    let mut found = Vec::new();
    for customer in 1..=PAYMENTS + 1 {
        let form = format!(
            "_key={{key}}&customer={letter}-{customer}&method=cash&amount={}&paid_on={}&how=oldest",
            bills * 100 - 50,
            today()?
        );
        let page = Page::form("/c/company-3/payments/new", cookie, form);
        let asked = Instant::now();
        load::once(process.address, &page).await?;
        found.push(asked.elapsed());
    }
    let set = world.ask(&format!("select count(*)::text from allocations a join customers k on k.tenant_id = a.tenant_id and k.id = a.customer_id where k.code like '{letter}-%'"))?;
    ensure!(
        set == ((PAYMENTS + 1) * bills).to_string(),
        "{set} bills were paid"
    );
    // The first one warmed up.
    found.remove(0);
    Ok(found)
}

/// The pages of a ledger, by one person alone.
pub async fn pages(process: &Process) -> Result<Vec<(&'static str, Measure)>> {
    let office = accountant(process, 2).await?;
    let shop = load::sign_in(process.address, "buyer@shop-1.example", PASSWORD)
        .await
        .context("the buyer")?;
    let today = today()?;
    let ago = |days| {
        let day = today.checked_sub_days(Days::new(days));
        day.ok_or_else(|| anyhow!("no such day"))
    };
    let (ledger, receivables) = ("/c/company-2/ledger/C-1", "/c/company-2/receivables");
    let pages = [
        (
            "ledger: statement of the year and ages",
            ledger.to_owned(),
            &office,
        ),
        (
            "statement of a quarter, two years ago",
            format!("{ledger}?from={}&to={}", ago(820)?, ago(730)?),
            &office,
        ),
        (
            "statement of everything",
            format!("{ledger}?from={}&to={today}", ago(1_001)?),
            &office,
        ),
        ("receivables by age, today", receivables.to_owned(), &office),
        (
            "its receivables by age",
            format!("{receivables}?customer=C-1"),
            &office,
        ),
        (
            "receivables by age, as of a year ago",
            format!("{receivables}?on={}", ago(365)?),
            &office,
        ),
        (
            "its open bills, by age",
            format!("{receivables}?by=bill&customer=C-1"),
            &office,
        ),
        (
            "the ledger as the retailer sees it",
            "/r/shop-1/company-2/ledger".to_owned(),
            &shop,
        ),
    ];
    let mut found = Vec::new();
    for (name, path, cookie) in pages {
        let visit = [vec![Page::signed_in(&path, cookie).compressed()]];
        load::full_speed(process.address, &visit, Duration::from_millis(500)).await?;
        let mut measure = Measure::default();
        measure.add(load::full_speed(process.address, &visit, LENGTH).await?);
        found.push((name, measure));
    }
    Ok(found)
}

/// Somebody of a company who may see and do all of it.
async fn accountant(process: &Process, company: usize) -> Result<String> {
    let email = format!("person-1@company-{company}.example");
    load::sign_in(process.address, &email, PASSWORD).await
}

impl Books {
    /// As Markdown; nothing where nothing was measured.
    pub fn page(&self, page: &mut String) -> Result<()> {
        let seconds = Duration::as_secs_f64;
        if let Some((clock, work)) = &self.documents {
            writeln!(
                page,
                "\n| {DOCUMENTS} invoices of {LINES} lines with both codes, a PDF each, one thread | | budget |\n|---|---|---|\n\
                 | seconds by the clock | **{:.2}** | < 10 |\n| seconds of the processor | {:.2} | |",
                seconds(clock),
                seconds(work)
            )?;
        }
        for ((_, bills, budget), payments) in DEBTS.iter().zip(&self.payments) {
            let mut payments = payments.clone();
            payments.sort_unstable();
            if let (Some(middle), Some(worst)) = (payments.get(payments.len() / 2), payments.last())
            {
                writeln!(
                    page,
                    "\n| one payment recorded and set against {bills} bills, the whole request | seconds | budget |\n|---|---|---|\n\
                     | in the middle of {} | {:.2} | |\n| the slowest | **{:.2}** | {budget} |",
                    payments.len(),
                    seconds(middle),
                    seconds(worst)
                )?;
            }
        }
        if !self.pages.is_empty() {
            writeln!(
                page,
                "\n| a customer with 100000 entries, one user | p50 ms | p95 ms | budget |\n|---|---|---|---|"
            )?;
        }
        for (name, measure) in &self.pages {
            writeln!(
                page,
                "| {name} | {:.1} | **{:.1}** | p95 ≤ 50 ms |",
                measure.within(0.5),
                measure.within(0.95)
            )?;
        }
        Ok(())
    }
}
