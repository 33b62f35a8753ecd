//! Receivables by age: customer by customer, or bill by bill.

use super::age::AgeCard;
use super::entry::Named;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::ledger::model::{Ageing, Debtor, Due, Receivables};
use crate::ledger::rules::Bucket;
use crate::web::components::{Empty, Field};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;

/// Whether it is asked for bill by bill.
pub fn by_bill(query: &ListQuery) -> bool {
    query.get("by") == Some("bill")
}

/// The places that an address asks for: `bucket=3` one of them, `bucket=late` all that is late; else all.
pub fn places(query: &ListQuery) -> (usize, usize) {
    match query.get("bucket") {
        Some("late") => (2, 99),
        Some(one) => one
            .parse()
            .map_or((0, 99), |place: usize| (place.min(99), place.min(99))),
        None => (0, 99),
    }
}

/// A customer in the list.
pub struct DebtorRow {
    pub name: String,
    pub about: String,
    pub href: String,
    pub amounts: Vec<Cell>,
    pub total: Money,
}

/// A figure of the table, and the rows behind it.
pub struct Cell {
    pub label: String,
    pub amount: Money,
    pub href: String,
}

/// A bill in the list.
pub struct DueRow {
    pub named: Named,
    pub customer: String,
    pub code: String,
    pub day: String,
    pub due: String,
    pub late: Option<String>,
    pub bucket: String,
    pub total: Money,
    pub open: Money,
    pub write_off: Option<String>,
}

/// What the rows are.
pub enum Rows {
    Debtors(Vec<DebtorRow>),
    Dues(Vec<DueRow>),
}

#[derive(Template)]
#[template(path = "accounting/ledger/receivables.html")]
pub struct ReceivablesPage {
    pub shell: Shell,
    pub list: Listing,
    pub base: String,
    pub as_of: String,
    /// What a day that has not come shows.
    pub ahead: Option<String>,
    pub tabs: Vec<(String, String, bool)>,
    pub heads: Vec<String>,
    pub rows: Rows,
    pub age: AgeCard,
    /// "38 bills come to ₹4,10,000.00."
    pub foot: String,
}

/// Who looks, as of when.
pub struct Looking {
    pub base: String,
    pub may_write_off: bool,
    pub as_of: NaiveDate,
    pub today: NaiveDate,
}

impl Looking {
    /// What a day that has not come shows.
    fn ahead(&self, lang: Lang) -> Option<String> {
        (self.as_of > self.today).then(|| {
            let said = Said::new("{day} has not come yet. This is what is open today, as it will have aged by then if nothing is paid.");
            lang.say(&said.with("day", dates::date(self.as_of, lang)))
        })
    }
}

fn heads(lang: Lang, ageing: &Ageing) -> Vec<String> {
    (0..Bucket::number(&ageing.ends))
        .rev()
        .map(|place| lang.say(&Bucket::at(place).words(&ageing.ends)))
        .collect()
}

/// The list's own frame: search, day, and what stands when nothing is open.
fn frame<T>(query: &ListQuery, lang: Lang, (base, page, count): (&str, &Page<T>, i64)) -> Listing {
    let nothing = Empty {
        icon: "wallet",
        heading: lang.t("Nothing is open").into_owned(),
        text: lang
            .t("What customers owe on bills appears here, by how long it is due.")
            .into_owned(),
        action: None,
    };
    let mut list = ListBuilder::new(query, lang, lang.t("Customer"))
        .field(Field::new("date", "on", lang.t("As of")))
        .field(Field::text("customer", lang.t("Customer code")))
        .export(&format!("{base}/receivables/export"))
        .finish(page, count, nothing, lang.t("Nothing matches"));
    for name in ["by", "bucket"] {
        if let Some(value) = query.get(name) {
            list.toolbar.keep.push((name.to_owned(), value.to_owned()));
        }
    }
    list
}

fn tabs(query: &ListQuery, lang: Lang) -> Vec<(String, String, bool)> {
    let bills = by_bill(query);
    vec![
        (
            lang.t(text!("By customer")).into_owned(),
            query.with(&[("by", None), ("bucket", None), ("customer", None)]),
            !bills,
        ),
        (
            lang.t(text!("By bill")).into_owned(),
            query.with(&[("by", Some("bill"))]),
            bills,
        ),
    ]
}

/// The sum under the rows, in words.
fn foot(lang: Lang, items: i64, amount: Money) -> String {
    lang.say(
        &Said::new("{count} open items come to {amount}.")
            .with("count", items)
            .with("amount", amount),
    )
}

/// Where the rows behind a figure of a customer's row are.
fn bills_path(base: &str, as_of: NaiveDate) -> String {
    format!("{base}/receivables?by=bill&on={as_of}")
}

/// Where the rows behind a figure of all that is shown are: of the same customer, and of the same search.
fn behind(query: &ListQuery, as_of: NaiveDate) -> String {
    let day = as_of.to_string();
    query.with(&[("by", Some("bill")), ("on", Some(&day)), ("bucket", None)])
}

impl ReceivablesPage {
    /// Customer by customer.
    pub fn debtors(
        shell: Shell,
        lang: Lang,
        looking: Looking,
        query: &ListQuery,
        found: Receivables<Debtor>,
    ) -> Self {
        let Receivables { page, ageing } = found;
        let list = frame(query, lang, (&looking.base, &page, ageing.customers));
        let bills = bills_path(&looking.base, looking.as_of);
        let places = Bucket::number(&ageing.ends);
        let row = |debtor: &Debtor| DebtorRow {
            href: format!("{}/ledger/{}", looking.base, debtor.code),
            about: match &debtor.city {
                Some(city) => format!("{} · {city}", debtor.code),
                None => debtor.code.clone(),
            },
            amounts: (0..places)
                .rev()
                .map(|place| Cell {
                    label: lang.say(&Bucket::at(place).words(&ageing.ends)),
                    amount: debtor.of_bucket(Bucket::at(place)),
                    href: format!("{bills}&customer={}&bucket={place}", debtor.code),
                })
                .collect(),
            name: debtor.name.clone(),
            total: debtor.total,
        };
        Self {
            rows: Rows::Debtors(page.rows.iter().map(row).collect()),
            tabs: tabs(query, lang),
            heads: heads(lang, &ageing),
            foot: foot(lang, ageing.between(0, 99).items, ageing.total()),
            age: AgeCard::new(lang, &ageing, Some(&behind(query, looking.as_of))),
            ahead: looking.ahead(lang),
            as_of: dates::date(looking.as_of, lang),
            base: looking.base,
            shell,
            list,
        }
    }

    /// Bill by bill.
    pub fn dues(
        shell: Shell,
        lang: Lang,
        looking: Looking,
        query: &ListQuery,
        found: Receivables<Due>,
    ) -> Self {
        let Receivables { page, ageing } = found;
        let (first, last) = places(query);
        let sum = ageing.between(first, last);
        let list = frame(query, lang, (&looking.base, &page, sum.items));
        let row = |due: &Due| {
            let days = (looking.as_of - due.due_on).num_days();
            let is_late = days > 0 && due.open > Money::ZERO;
            DueRow {
                named: Named::office(
                    lang,
                    &looking.base,
                    (due.kind, None),
                    (due.number.as_deref(), due.url_no.as_deref()),
                ),
                day: dates::brief_date(due.date, looking.as_of, lang),
                due: dates::brief_date(due.due_on, looking.as_of, lang),
                late: is_late
                    .then(|| lang.say(&Said::new("{count} days late").with("count", days))),
                bucket: lang.say(&due.bucket().words(&ageing.ends)),
                total: due.total,
                open: due.open,
                write_off: (looking.may_write_off && due.open > Money::ZERO)
                    .then(|| format!("{}/receivables/{}/write-off", looking.base, due.id)),
                customer: due.name.clone(),
                code: due.code.clone(),
            }
        };
        Self {
            rows: Rows::Dues(page.rows.iter().map(row).collect()),
            tabs: tabs(query, lang),
            heads: Vec::new(),
            foot: foot(lang, sum.items, sum.amount),
            age: AgeCard::new(lang, &ageing, Some(&behind(query, looking.as_of))),
            ahead: looking.ahead(lang),
            as_of: dates::date(looking.as_of, lang),
            base: looking.base,
            shell,
            list,
        }
    }
}

/// Customers by what they owe, as a file.
pub fn debtors_sheet(lang: Lang, found: &Receivables<Debtor>) -> Sheet {
    let ageing = &found.ageing;
    let mut titles = vec![
        lang.t("Customer code").into_owned(),
        lang.t("Customer").into_owned(),
    ];
    titles.extend(heads(lang, ageing));
    titles.push(lang.t("Together").into_owned());
    let row = |debtor: &Debtor| {
        let mut row = vec![debtor.code.clone(), debtor.name.clone()];
        let places = (0..Bucket::number(&ageing.ends)).rev();
        row.extend(
            places.map(|place| debtor.of_bucket(Bucket::at(place)).as_decimal().to_string()),
        );
        row.push(debtor.total.as_decimal().to_string());
        row
    };
    Sheet {
        name: "receivables",
        heads: titles,
        rows: found.page.rows.iter().map(row).collect(),
    }
}

/// Bills by what is open of them, as a file.
pub fn dues_sheet(lang: Lang, found: &Receivables<Due>) -> Sheet {
    let heads = [
        "Number",
        "What",
        "Customer code",
        "Customer",
        "Date",
        "To pay by",
        "Age",
        "Amount",
        "Open",
    ];
    let row = |due: &Due| {
        vec![
            due.number.clone().unwrap_or_default(),
            lang.t(due.kind.label()).into_owned(),
            due.code.clone(),
            due.name.clone(),
            due.date.to_string(),
            due.due_on.to_string(),
            lang.say(&due.bucket().words(&found.ageing.ends)),
            due.total.as_decimal().to_string(),
            due.open.as_decimal().to_string(),
        ]
    };
    Sheet {
        name: "receivables",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: found.page.rows.iter().map(row).collect(),
    }
}
