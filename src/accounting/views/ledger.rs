//! A customer's ledger, as its company reads it.

use super::age::AgeCard;
use super::entry::Named;
use super::period::PeriodCard;
use crate::accounting::rules::payment::Method;
use crate::customers::model::Customer;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::ledger::model::{Account, Ageing, Credit, Line, OpenBill, Period, Statement, Sums};
use crate::ledger::rules::{self, EntryKind};
use crate::web::components::Pill;
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// An entry as a row: when, what, and what is owed after it.
pub struct EntryRow {
    pub day: String,
    pub named: Named,
    pub about: String,
    pub debit: Option<Money>,
    pub credit: Option<Money>,
    pub balance: Money,
}

/// What stands under an entry's name.
pub(super) fn about(lang: Lang, entry: &Line) -> String {
    if let Some(reason) = &entry.reason {
        return reason.clone();
    }
    if let Some(section) = entry.reference.as_ref().filter(|_| is_tax(entry)) {
        let said = Said::new("Tax deducted at source, section {section}");
        return lang.say(&said.with("section", section));
    }
    let mut parts: Vec<String> = Vec::new();
    if let Some(method) = entry
        .method
        .as_deref()
        .and_then(|code| code.parse::<Method>().ok())
        .filter(|_| entry.kind != EntryKind::Bounce)
    {
        parts.push(lang.t(method.label()).into_owned());
    }
    if let Some(reference) = &entry.reference {
        parts.push(reference.clone());
    }
    if let Some(due) = entry.due_on.filter(|due| *due > entry.date) {
        let said = Said::new("To pay by {day}").with("day", dates::date(due, lang));
        parts.push(lang.say(&said));
    }
    parts.join(" · ")
}

/// Whether it is tax that the customer deducted.
fn is_tax(entry: &Line) -> bool {
    entry.method.as_deref() == Some(Method::Tds.as_str())
}

/// An entry as it is called, tax apart from money.
pub(super) fn called(lang: Lang, entry: &Line, named: Named) -> Named {
    if is_tax(entry) {
        named.of_tax(lang, entry.kind, number(entry))
    } else {
        named
    }
}

pub(super) fn number(entry: &Line) -> Option<&str> {
    entry.document.as_deref().or(entry.payment.as_deref())
}

impl EntryRow {
    fn new(lang: Lang, entry: &Line, named: Named) -> Self {
        let is_debit = entry.amount > Money::ZERO;
        Self {
            day: dates::date(entry.date, lang),
            about: about(lang, entry),
            debit: is_debit.then_some(entry.amount),
            credit: (!is_debit).then_some(-entry.amount),
            balance: entry.balance,
            named: called(lang, entry, named),
        }
    }

    /// For the company's own people: it leads to its document or payment.
    fn office(lang: Lang, base: &str, entry: &Line) -> Self {
        let kinds = (entry.kind, entry.document_kind);
        let numbers = (number(entry), entry.url_no.as_deref());
        Self::new(lang, entry, Named::office(lang, base, kinds, numbers))
    }

    /// For the retailer: bills and notes lead to themselves.
    pub(super) fn shop(lang: Lang, base: &str, entry: &Line) -> Self {
        let kinds = (entry.kind, entry.document_kind);
        let numbers = (number(entry), entry.url_no.as_deref());
        Self::new(lang, entry, Named::shop(lang, base, kinds, numbers))
    }
}

/// A bill with what is left of it.
pub struct DueRow {
    pub named: Named,
    pub due: String,
    pub pill: Pill,
    pub total: Money,
    pub open: Money,
    pub write_off: Option<String>,
}

/// Money of a customer that is left.
pub struct CreditRow {
    pub id: Uuid,
    pub named: Named,
    pub day: String,
    pub open: Money,
}

/// What the reader of a ledger may do.
#[derive(Clone, Copy, Debug)]
pub struct LedgerRights {
    pub record: bool,
    pub allocate: bool,
    pub write_off: bool,
    pub customers: bool,
}

/// A customer's ledger as it is read.
pub struct LedgerFound {
    pub customer: Customer,
    pub account: Account,
    pub statement: Statement,
    pub ageing: Ageing,
    pub bills: Vec<OpenBill>,
    pub credits: Vec<Credit>,
    pub today: NaiveDate,
}

/// Most bills that a ledger's page shows beside its entries.
pub const MOST_OPEN: i64 = 50;

#[derive(Template)]
#[template(path = "accounting/ledger/show.html")]
pub struct LedgerPage {
    pub shell: Shell,
    pub base: String,
    pub name: String,
    pub code: String,
    pub path: String,
    pub period: PeriodCard,
    pub balance: Money,
    pub exposure: Money,
    pub unbilled: Money,
    pub open_amount: Money,
    pub limit: Option<Money>,
    pub age: AgeCard,
    pub bills: Vec<DueRow>,
    pub all_bills: String,
    pub credits: Vec<CreditRow>,
    pub may_set: bool,
    pub rights: LedgerRights,
    pub key: Uuid,
}

fn due_row(
    lang: Lang,
    base: &str,
    bill: &OpenBill,
    (today, may_write_off): (NaiveDate, bool),
) -> DueRow {
    let standing = rules::standing(bill.total, bill.open, bill.due_on, today);
    let (tone, shape) = standing.pill();
    DueRow {
        named: Named::office(
            lang,
            base,
            (bill.kind, None),
            (bill.number.as_deref(), bill.url_no.as_deref()),
        ),
        due: dates::brief_date(bill.due_on, today, lang),
        pill: Pill::new(lang.t(standing.label()), tone, shape),
        total: bill.total,
        open: bill.open,
        write_off: may_write_off.then(|| format!("{base}/receivables/{}/write-off", bill.id)),
    }
}

impl LedgerPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, rights): (String, LedgerRights),
        (query, period): (&ListQuery, Period),
        found: LedgerFound,
    ) -> Self {
        let LedgerFound {
            customer,
            account,
            statement,
            ageing,
            bills,
            credits,
            today,
        } = found;
        let path = format!("{base}/ledger/{}", customer.code);
        let here = format!("{base}/receivables?by=bill&customer={}", customer.code);
        let row = |entry: &Line| EntryRow::office(lang, &base, entry);
        let credit = |one: &Credit| CreditRow {
            id: one.id.uuid(),
            named: Named::office(
                lang,
                &base,
                (one.kind, None),
                (one.number.as_deref(), one.url_no.as_deref()),
            ),
            day: dates::brief_date(one.date, today, lang),
            open: one.open,
        };
        Self {
            period: PeriodCard::new(lang, path.clone(), (query, period), &statement, row),
            balance: account.balance,
            exposure: account.exposure(),
            open_amount: account.open_amount,
            unbilled: account.unbilled,
            limit: customer.credit_limit,
            age: AgeCard::new(lang, &ageing, Some(&here)),
            may_set: rights.allocate && !bills.is_empty(),
            bills: bills
                .iter()
                .map(|bill| due_row(lang, &base, bill, (today, rights.write_off)))
                .collect(),
            all_bills: here,
            credits: credits.iter().map(credit).collect(),
            name: customer.name,
            code: customer.code,
            path,
            rights,
            shell,
            base,
            key: new_key(),
        }
    }
}

/// A customer's ledger as a file: opening balance, entries, closing balance.
pub fn statement_sheet(
    lang: Lang,
    name: &'static str,
    period: Period,
    (entries, sums): (Vec<Line>, Sums),
) -> Sheet {
    let heads = [
        text!("Date"),
        text!("What"),
        text!("Number"),
        text!("About"),
        text!("To pay by"),
        text!("Debit"),
        text!("Credit"),
        text!("Balance"),
    ];
    let plain = |amount: Money| amount.as_decimal().to_string();
    let edge = |day: NaiveDate, label: &str, amount: Money| {
        let nothing = || std::iter::repeat_n(String::new(), 5);
        [day.to_string(), lang.t(label).into_owned()]
            .into_iter()
            .chain(nothing())
            .chain([plain(amount)])
            .collect::<Vec<_>>()
    };
    let mut rows = vec![edge(period.from, text!("Opening balance"), sums.opening)];
    rows.extend(entries.iter().map(|entry| {
        let named = Named::plain(lang, (entry.kind, entry.document_kind), number(entry));
        let named = called(lang, entry, named);
        let is_debit = entry.amount > Money::ZERO;
        let side = |wanted: bool| {
            if is_debit == wanted {
                plain(entry.amount.abs())
            } else {
                String::new()
            }
        };
        vec![
            entry.date.to_string(),
            named.kind,
            number(entry).unwrap_or_default().to_owned(),
            about(lang, entry),
            entry.due_on.map(|day| day.to_string()).unwrap_or_default(),
            side(true),
            side(false),
            plain(entry.balance),
        ]
    }));
    rows.push(edge(period.to, text!("Closing balance"), sums.closing()));
    Sheet {
        name,
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows,
    }
}
