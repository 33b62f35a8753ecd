//! The list of customers' ledgers.

use crate::accounting::model::{BALANCE_STATES, Balance, Balances};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::web::components::{Empty, SortHead};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{COUNT_CAP, ListQuery};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;

/// A customer in the list.
pub struct BalanceRow {
    pub href: String,
    pub name: String,
    pub about: String,
    pub balance: Money,
    pub overdue: Money,
    pub left: Money,
    /// Where the rows behind what is overdue are, and those behind what is left.
    pub late: String,
    pub money: String,
}

#[derive(Template)]
#[template(path = "accounting/ledger/index.html")]
pub struct LedgersPage {
    pub shell: Shell,
    pub list: Listing,
    pub name: SortHead,
    pub balance: SortHead,
    pub overdue: SortHead,
    pub rows: Vec<BalanceRow>,
}

fn word(lang: Lang, state: &str) -> String {
    match state {
        "owes" => lang.t("Owes"),
        "late" => lang.t("Overdue"),
        _ => lang.t("Money not used up"),
    }
    .into_owned()
}

fn foot(lang: Lang, found: &Balances) -> String {
    // Customers are counted to an end; what they owe is added up to the last of them.
    let said = if found.count > COUNT_CAP {
        Said::new("Together they owe {amount}; {overdue} are overdue, {left} not used up.")
    } else {
        Said::new("{count} customers owe {amount}; {overdue} are overdue, {left} not used up.")
            .with("count", found.count)
    };
    lang.say(
        &said
            .with("amount", found.balance)
            .with("overdue", found.overdue)
            .with("left", found.left),
    )
}

impl LedgersPage {
    pub fn new(shell: Shell, lang: Lang, base: String, query: &ListQuery, found: Balances) -> Self {
        let first = Empty {
            icon: "list",
            heading: lang.t("No customers yet").into_owned(),
            text: lang
                .t("Every customer's account appears here, with what it owes.")
                .into_owned(),
            action: None,
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Name, code, city, phone or GSTIN"))
            .filter("state", lang.t("State"), &BALANCE_STATES, |state| {
                word(lang, state)
            })
            .export(&format!("{base}/ledger/export"))
            .finish(
                &found.page,
                found.count,
                first,
                lang.t("No customers match"),
            );
        list.foot = Some(foot(lang, &found));
        let sort = query.sort(&Balance::SORTS, Balance::BY_NAME);
        let figure = |label: &str, by| {
            let mut head = query.head(lang.t(label).into_owned(), by, sort, true);
            head.numeric = true;
            head
        };
        let row = |customer: &Balance| {
            let bills = format!("{base}/receivables?by=bill&customer={}", customer.code);
            BalanceRow {
                href: format!("{base}/ledger/{}", customer.code),
                name: customer.name.clone(),
                about: match &customer.city {
                    Some(city) => format!("{} · {city}", customer.code),
                    None => customer.code.clone(),
                },
                balance: customer.balance,
                overdue: customer.overdue,
                left: customer.left,
                late: format!("{bills}&bucket=late"),
                money: format!("{bills}&bucket=0"),
            }
        };
        Self {
            name: query.head(lang.t("Customer").into_owned(), "name", sort, false),
            balance: figure("Owed", "balance"),
            overdue: figure("Overdue", "overdue"),
            rows: found.page.rows.iter().map(row).collect(),
            shell,
            list,
        }
    }
}

/// Balances as a file.
pub fn ledgers_sheet(lang: Lang, rows: &[Balance]) -> Sheet {
    let heads = [
        "Customer code",
        "Customer",
        "City",
        "Owed",
        "Overdue",
        "Not used up",
    ];
    let row = |customer: &Balance| {
        vec![
            customer.code.clone(),
            customer.name.clone(),
            customer.city.clone().unwrap_or_default(),
            customer.balance.as_decimal().to_string(),
            customer.overdue.as_decimal().to_string(),
            customer.left.as_decimal().to_string(),
        ]
    };
    Sheet {
        name: "ledgers",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
