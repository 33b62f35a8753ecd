//! A retailer's account at one supplier, and what of it is open.

use super::age::AgeCard;
use super::entry::Named;
use super::ledger::EntryRow;
use super::period::PeriodCard;
use super::receivables::places;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::ledger::model::{Account, Ageing, Due, Line, Period, Receivables, Statement};
use crate::web::components::Empty;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;

/// A retailer's account at one supplier as it is read.
pub struct ShopLedgerFound {
    pub account: Account,
    pub statement: Statement,
    pub ageing: Ageing,
}

#[derive(Template)]
#[template(path = "portal/ledger.html")]
pub struct ShopLedgerPage {
    pub shell: Shell,
    pub supplier: String,
    pub path: String,
    pub period: PeriodCard,
    pub balance: Money,
    pub age: AgeCard,
    /// Where its bills are paid, for whoever may.
    pub pay: Option<String>,
}

impl ShopLedgerPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, supplier, may_pay): (String, String, bool),
        (query, period): (&ListQuery, Period),
        found: ShopLedgerFound,
    ) -> Self {
        let path = format!("{base}/ledger");
        let ShopLedgerFound {
            account,
            statement,
            ageing,
        } = found;
        let row = |entry: &Line| EntryRow::shop(lang, &base, entry);
        Self {
            period: PeriodCard::new(lang, path.clone(), (query, period), &statement, row),
            balance: account.balance,
            age: AgeCard::new(lang, &ageing, Some(&format!("{path}/open?by=bill"))),
            pay: may_pay.then(|| format!("{base}/pay")),
            supplier,
            path,
            shell,
        }
    }
}

/// Something that is open, as the retailer reads it.
pub struct OpenRow {
    pub named: Named,
    pub day: String,
    pub due: String,
    pub late: Option<String>,
    pub bucket: String,
    pub total: Money,
    pub open: Money,
}

#[derive(Template)]
#[template(path = "portal/open.html")]
pub struct ShopOpenPage {
    pub shell: Shell,
    pub list: Listing,
    pub ledger: String,
    pub pay: Option<String>,
    pub rows: Vec<OpenRow>,
    pub foot: String,
}

impl ShopOpenPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_pay): (&str, bool),
        (query, today): (&ListQuery, NaiveDate),
        found: Receivables<Due>,
    ) -> Self {
        let Receivables { page, ageing } = found;
        let (first, last) = places(query);
        let sum = ageing.between(first, last);
        let nothing = Empty {
            icon: "wallet",
            heading: lang.t("Nothing is open").into_owned(),
            text: lang.t("What is to be paid appears here.").into_owned(),
            action: None,
        };
        let row = |due: &Due| {
            let days = (today - due.due_on).num_days();
            let numbers = (due.number.as_deref(), due.url_no.as_deref());
            OpenRow {
                named: Named::shop(lang, base, (due.kind, None), numbers),
                day: dates::brief_date(due.date, today, lang),
                due: dates::brief_date(due.due_on, today, lang),
                late: (days > 0 && due.open > Money::ZERO)
                    .then(|| lang.say(&Said::new("{count} days late").with("count", days))),
                bucket: lang.say(&due.bucket().words(&ageing.ends)),
                total: due.total,
                open: due.open,
            }
        };
        let foot = Said::new("{count} open items come to {amount}.")
            .with("count", sum.items)
            .with("amount", sum.amount);
        Self {
            rows: page.rows.iter().map(row).collect(),
            list: ListBuilder::new(query, lang, "").finish(
                &page,
                sum.items,
                nothing,
                lang.t("Nothing matches"),
            ),
            foot: lang.say(&foot),
            ledger: format!("{base}/ledger"),
            pay: may_pay.then(|| format!("{base}/pay")),
            shell,
        }
    }
}
