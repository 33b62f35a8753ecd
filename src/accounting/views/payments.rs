//! Payments: the list, and one of them.

use super::deductions::TaxCard;
use super::entry::Named;
use crate::accounting::model::{Allocated, DeductionRow, METHODS, PaymentList, PaymentRow, STATES};
use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::ledger::rules::Cause;
use crate::web::components::{Empty, Field, Pill};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// The pill of a payment's state.
pub(super) fn pill(lang: Lang, row: &PaymentRow) -> Pill {
    if row.payment.direction == Direction::Out && row.payment.status == Status::Received {
        return Pill::new(lang.t("Given back"), "", "plain");
    }
    let (tone, shape) = row.payment.status.pill();
    Pill::new(lang.t(row.payment.status.label()), tone, shape)
}

pub(super) fn number_of(row: &PaymentRow) -> String {
    row.payment.number.clone().unwrap_or_default()
}

/// What came in is shown as it is, what went out below zero.
pub(super) fn signed(row: &PaymentRow) -> Money {
    match row.payment.direction {
        Direction::In => row.payment.amount,
        Direction::Out => -row.payment.amount,
    }
}

/// A payment in the list.
pub struct Line {
    pub number: String,
    pub customer: String,
    pub code: String,
    pub day: String,
    pub method: String,
    pub reference: Option<String>,
    pub amount: Money,
    pub left: Option<Money>,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "accounting/payments/index.html")]
pub struct PaymentsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<Line>,
    pub base: String,
    pub may_record: bool,
}

fn tabs(query: &ListQuery, lang: Lang) -> Vec<(String, String, bool)> {
    let path = query.path();
    let filter = query.filter();
    let tab = |label: &'static str, asked: &str| {
        let href = if asked.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{asked}")
        };
        (lang.t(label).into_owned(), href, filter == asked)
    };
    vec![
        tab(text!("All"), ""),
        tab(text!("Not used up"), "left=1"),
        tab(text!("Returned cheques"), "status=bounced"),
        tab(text!("Refunds"), "direction=out"),
    ]
}

impl PaymentsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_record): (String, bool),
        (query, kept): (&ListQuery, Vec<KeptView>),
        (found, today): (PaymentList, NaiveDate),
    ) -> Self {
        let PaymentList { page, count, total } = found;
        let first = Empty {
            icon: "wallet",
            heading: lang.t("No payments yet").into_owned(),
            text: lang
                .t("What customers pay appears here, with the bills that it pays.")
                .into_owned(),
            action: may_record.then(|| {
                (
                    lang.t("Record a payment").into_owned(),
                    format!("{base}/payments/new"),
                )
            }),
        };
        let state = |code: &str| {
            code.parse::<Status>()
                .map(|status| lang.t(status.label()).into_owned())
                .unwrap_or_default()
        };
        let method = |code: &str| {
            code.parse::<Method>()
                .map(|method| lang.t(method.label()).into_owned())
                .unwrap_or_default()
        };
        let mut list = ListBuilder::new(query, lang, lang.t("Number, reference or customer"))
            .filter("status", lang.t("State"), &STATES, state)
            .filter("method", lang.t("Paid by"), &METHODS, method)
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/payments/export"))
            .views(&format!("{base}/settings/views"), "payments", kept)
            .tabs(tabs(query, lang))
            .finish(&page, count, first, lang.t("No payments match"));
        if let Some(total) = total {
            let said = Said::new("{pager} · {total} together").with("pager", &list.pager.text);
            list.pager.text = lang.say(&said.with("total", total));
        }
        let rows = page.rows.into_iter().map(|row| Line {
            number: number_of(&row),
            pill: pill(lang, &row),
            day: row
                .payment
                .paid_on
                .map(|day| dates::brief_date(day, today, lang))
                .unwrap_or_default(),
            method: lang.t(row.payment.method.label()).into_owned(),
            reference: row.payment.reference.clone(),
            amount: signed(&row),
            left: (!row.open.is_zero()).then_some(row.open),
            customer: row.customer,
            code: row.code,
        });
        Self {
            rows: rows.collect(),
            shell,
            list,
            base,
            may_record,
        }
    }
}

/// What a payment was set against, as a row.
pub struct SetRow {
    pub id: Uuid,
    pub named: Named,
    pub day: String,
    pub why: String,
    pub amount: Money,
    pub may_take_off: bool,
}

fn cause(lang: Lang, row: &Allocated) -> String {
    let said = match row.cause {
        Cause::OldestFirst => Said::new("Oldest first"),
        Cause::ByHand => Said::new("By hand"),
        Cause::Wish => Said::new("As the retailer chose"),
        Cause::Note => Said::new("Its own document"),
        Cause::Cancellation => Said::new("Cancelled"),
        Cause::Bounce => Said::new("Returned by the bank"),
        Cause::Refund => Said::new("Given back"),
        Cause::WriteOff => Said::new("Written off"),
        Cause::Undone => Said::new("Taken off"),
    };
    if row.who.is_empty() {
        lang.say(&said)
    } else {
        format!("{} · {}", lang.say(&said), row.who)
    }
}

/// Money that went back, or is to.
pub struct RefundRow {
    pub number: Option<String>,
    /// When it went, or why it has not.
    pub about: String,
    pub amount: Money,
    pub pill: Option<Pill>,
}

impl RefundRow {
    fn new(lang: Lang, refund: &PaymentRow) -> Self {
        let payment = &refund.payment;
        let day = payment.paid_on.map(|day| dates::date(day, lang));
        let (about, pill) = match payment.status {
            Status::Pending => (
                lang.t("The payment gateway was asked.").into_owned(),
                Some(Pill::new(lang.t("On its way"), "info", "")),
            ),
            Status::Failed => (
                payment.failed_because.clone().unwrap_or_default(),
                Some(Pill::new(lang.t("Refused"), "bad", "")),
            ),
            Status::Received | Status::Bounced | Status::Refunded => {
                (day.unwrap_or_default(), None)
            }
        };
        Self {
            number: payment.number.clone(),
            about,
            amount: payment.amount,
            pill,
        }
    }
}

/// What the reader of a payment may do.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRights {
    pub allocate: bool,
    pub record: bool,
}

/// A payment as it is read.
pub struct PaymentFound {
    pub row: PaymentRow,
    pub set: Vec<Allocated>,
    pub refunds: Vec<PaymentRow>,
    pub deduction: Option<DeductionRow>,
}

/// Most bills of a payment that its page shows.
pub const MOST_SET: i64 = 200;

#[derive(Template)]
#[template(path = "accounting/payments/show.html")]
pub struct PaymentPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub number: String,
    pub pill: Pill,
    pub customer: String,
    pub code: String,
    pub amount: Money,
    pub facts: Vec<(String, String)>,
    pub note: Option<String>,
    pub bounced: Option<String>,
    pub gives_back: Option<String>,
    pub set: Vec<SetRow>,
    pub is_cut: bool,
    pub set_sum: Money,
    pub left: Money,
    pub refunds: Vec<RefundRow>,
    pub may_set: bool,
    pub may_take_off: bool,
    pub may_bounce: bool,
    pub may_refund: bool,
    pub tax: Option<TaxCard>,
    pub is_tax: bool,
    pub may_record: bool,
    pub key: Uuid,
}

fn facts(lang: Lang, row: &PaymentRow) -> Vec<(String, String)> {
    let payment = &row.payment;
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            facts.push((lang.t(label).into_owned(), value));
        }
    };
    let day = |day: NaiveDate| dates::date(day, lang);
    fact("Date", payment.paid_on.map(day));
    fact("Paid by", Some(lang.t(payment.method.label()).into_owned()));
    let reference = if payment.method == Method::Cheque {
        "Number of the cheque"
    } else if payment.method == Method::Tds {
        "Section"
    } else {
        "Reference"
    };
    fact(reference, payment.reference.clone());
    fact("Date on the cheque", payment.cheque_date.map(day));
    fact("Bank of the cheque", payment.bank.clone());
    let who = Some(payment.made_by_name.clone()).filter(|who| !who.is_empty());
    fact("Written down by", who);
    fact(
        "Written down",
        payment
            .received_at
            .map(|at| dates::full_date_and_time(at, lang)),
    );
    facts
}

impl PaymentPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        found: PaymentFound,
        rights: PaymentRights,
    ) -> Self {
        let PaymentFound {
            row,
            set,
            refunds,
            deduction,
        } = found;
        let its = (row.payment.id, row.payment.bounced_on.is_some());
        let tax = deduction.map(|deduction| TaxCard::new(lang, &base, its, &deduction));
        let number = number_of(&row);
        let is_in = row.payment.direction == Direction::In;
        let stands = is_in && row.payment.status == Status::Received;
        let bounced = row.payment.bounced_on.map(|day| {
            lang.say(
                &Said::new("The bank returned the cheque on {day}: {reason}")
                    .with("day", dates::date(day, lang))
                    .with(
                        "reason",
                        row.payment.bounce_reason.clone().unwrap_or_default(),
                    ),
            )
        });
        let rows: Vec<SetRow> = set
            .iter()
            .map(|one| SetRow {
                id: one.id.uuid(),
                named: Named::office(
                    lang,
                    &base,
                    (one.kind, None),
                    (one.number.as_deref(), one.url_no.as_deref()),
                ),
                day: dates::date(one.date, lang),
                why: cause(lang, one),
                amount: one.amount,
                may_take_off: rights.allocate && stands && one.cause.may_be_undone(),
            })
            .collect();
        Self {
            path: format!("{base}/payments/{number}"),
            pill: pill(lang, &row),
            facts: facts(lang, &row),
            note: row.payment.note.clone(),
            bounced,
            gives_back: row.gives_back.clone(),
            is_cut: set.len() >= usize::try_from(MOST_SET).unwrap_or(usize::MAX),
            set_sum: row.payment.amount - row.open,
            left: row.open,
            refunds: refunds
                .iter()
                .map(|refund| RefundRow::new(lang, refund))
                .collect(),
            may_set: rights.allocate && stands && !row.open.is_zero(),
            may_take_off: rows.iter().any(|row| row.may_take_off),
            may_bounce: rights.allocate && row.may_bounce(),
            may_refund: rights.allocate && stands && !row.open.is_zero(),
            amount: row.payment.amount,
            is_tax: row.payment.method == Method::Tds,
            may_record: rights.record,
            tax,
            customer: row.customer,
            code: row.code,
            set: rows,
            number,
            shell,
            base,
            key: new_key(),
        }
    }
}
