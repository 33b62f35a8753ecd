//! How a retailer pays, and what became of it.

use super::entry::Named;
use super::instalments::asked_words;
use super::recording::MOST_BILLS;
use super::sheet::{Qr, upi_code};
use crate::accounting::forms::PayForm;
use crate::accounting::model::{Allocated, Bank, Payment};
use crate::accounting::rules::gateway::{NOBODY, OTHER_AMOUNT, SILENT, may_go_on};
use crate::accounting::rules::payment::Status;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::ledger::model::{Account, OpenBill};
use crate::ledger::rules::due_now;
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// What a retailer owes, as it is read.
pub struct PayGround {
    pub account: Account,
    pub bills: Vec<OpenBill>,
    /// The retailer's money that nothing was paid with yet.
    pub unused: Money,
    /// The payment of which nobody knows yet what became of it.
    pub under_way: Option<Payment>,
    /// Where the company is paid, where it takes no payments online.
    pub bank: Option<Bank>,
    pub today: NaiveDate,
}

/// How to pay a company that takes no payments online.
pub struct Ways {
    pub amount: Option<Money>,
    pub lines: Vec<String>,
    pub code: Option<Qr>,
}

/// Money of the retailer that nothing was paid with yet.
pub struct Unused {
    pub amount: Money,
    /// What all open bills come to, where there are any, and what is left of that to pay.
    pub left: Option<(Money, Money)>,
}

impl Unused {
    fn new(amount: Money, owed: Money) -> Option<Self> {
        let bills = owed + amount;
        (amount > Money::ZERO).then(|| Self {
            amount,
            left: (bills > Money::ZERO).then(|| (bills, owed.max(Money::ZERO))),
        })
    }
}

/// A bill that can be ticked.
pub struct Tick {
    pub id: Uuid,
    pub named: Named,
    pub day: String,
    pub due: String,
    pub is_late: bool,
    pub open: Money,
    pub total: Money,
    pub is_ticked: bool,
    /// How much of it is paid: what is asked for, until something is typed.
    pub typed: String,
    pub error: Option<String>,
    /// The instalment that is asked for, and where all that is open is asked for instead.
    pub instalment: Option<(String, String)>,
}

impl Tick {
    fn new((lang, base): (Lang, &str), bill: &OpenBill, today: NaiveDate, form: &PayForm) -> Self {
        let parts = bill.parts();
        let due = due_now(&parts, today).map(|due| due.amount);
        let (is_ticked, words) = (
            form.has(bill.id),
            asked_words(lang, (&parts, bill.open), today),
        );
        let is_whole = is_ticked && form.is_whole;
        let asked = due.filter(|_| !is_whole).unwrap_or(bill.open);
        let typed = form.typed(bill.id).map(str::to_owned);
        Self {
            id: bill.id.uuid(),
            named: Named::plain(lang, (bill.kind, None), bill.number.as_deref()),
            day: dates::brief_date(bill.date, today, lang),
            due: dates::brief_date(bill.due_on, today, lang),
            is_late: bill.due_on < today,
            open: bill.open,
            total: bill.total,
            is_ticked,
            typed: typed.unwrap_or_else(|| asked.as_decimal().to_string()),
            error: form.parts.wrong(bill.id).map(|said| lang.say(said)),
            instalment: words.map(|words| (words, format!("{base}/pay?bill={}&of=whole", bill.id))),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/pay.html")]
pub struct PayPage {
    pub shell: Shell,
    pub base: String,
    pub supplier: String,
    /// How to pay where no payment page is.
    pub ways: Option<Ways>,
    pub owed: Money,
    /// What was asked for on a payment page that has told nothing yet, and where that is looked at.
    pub under_way: Option<(Money, String)>,
    /// Money that nothing was paid with yet, where there is some, and what it leaves to pay.
    pub unused: Option<Unused>,
    pub bills: Vec<Tick>,
    pub is_cut: bool,
    pub amount: Field,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl PayPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        (supplier, shop): (String, &str),
        ground: PayGround,
        form: &PayForm,
    ) -> Self {
        let today = ground.today;
        let owed = ground.account.balance;
        let ways = ground.bank.map(|bank| {
            let amount = form.payable().unwrap_or(owed);
            Ways {
                lines: bank.lines(),
                code: upi_code(&bank, (&supplier, amount, shop), lang),
                amount: Some(amount).filter(|amount| *amount > Money::ZERO),
            }
        });
        let tick = |bill: &OpenBill| Tick::new((lang, &base), bill, today, form);
        let bills: Vec<Tick> = ground.bills.iter().map(tick).collect();
        let mut summary = form.remarks.summary(lang).unwrap_or_default();
        for bill in &bills {
            let place = format!("a-{}", bill.id);
            summary
                .problems
                .extend(bill.error.clone().map(|error| (place, error)));
        }
        Self {
            owed,
            under_way: ground
                .under_way
                .map(|payment| (payment.amount, format!("{base}/pay/{}", payment.id))),
            unused: Unused::new(ground.unused, owed),
            bills,
            is_cut: ground.bills.len() >= usize::try_from(MOST_BILLS).unwrap_or(usize::MAX),
            amount: Field::text("amount", lang.t("Another amount"))
                .value(&form.amount)
                .inputmode("decimal")
                .autocomplete("off")
                .optional()
                .hint(lang.t(
                    "Instead of ticks. It pays what was due first; the rest stays as an advance.",
                ))
                .remarks(&form.remarks, lang),
            summary: (!summary.problems.is_empty()).then_some(summary),
            shell,
            base,
            supplier,
            ways,
            key: new_key(),
        }
    }
}

/// A payment as its payer reads it.
pub struct PaidFound {
    pub payment: Payment,
    pub set: Vec<Allocated>,
    pub now: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "portal/paid.html")]
pub struct PaidPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub amount: Money,
    pub pill: Pill,
    pub number: Option<String>,
    /// What there is to say of it, with the notice's tone.
    pub words: (&'static str, String),
    pub facts: Vec<(String, String)>,
    pub set: Vec<(String, Money)>,
    pub left: Money,
    pub may_go_on: bool,
    pub is_waiting: bool,
    pub key: Uuid,
}

fn words(lang: Lang, payment: &Payment) -> (&'static str, String) {
    match payment.status {
        Status::Pending => (
            "info",
            lang.t("The payment page has not told us yet. If you paid, it appears here by itself in a few minutes; you need not pay again.")
                .into_owned(),
        ),
        Status::Failed => {
            let why = match payment.failed_because.as_deref() {
                // Nobody knows that nothing was paid.
                Some(OTHER_AMOUNT) => return ("warn", lang.t(OTHER_AMOUNT).into_owned()),
                Some(SILENT) => return ("warn", lang.t(SILENT).into_owned()),
                Some(NOBODY) => lang.t(NOBODY).into_owned(),
                // The gateway's own words.
                why => why.unwrap_or_default().to_owned(),
            };
            let said = Said::new("Nothing was paid: {reason}").with("reason", why);
            ("warn", lang.say(&said))
        }
        Status::Received => {
            let number = payment.number.clone().unwrap_or_default();
            let said = Said::new("Paid. {number} is the number of the receipt.");
            ("ok", lang.say(&said.with("number", number)))
        }
        Status::Bounced | Status::Refunded => (
            "info",
            lang.t("This payment was given back.").into_owned(),
        ),
    }
}

impl PaidPage {
    pub fn new(shell: Shell, (lang, base): (Lang, String), found: PaidFound) -> Self {
        let PaidFound { payment, set, now } = found;
        let (tone, shape) = payment.status.pill();
        let taken: Money = set.iter().map(|one| one.amount).sum();
        let mut facts = vec![(
            lang.t("Begun").into_owned(),
            dates::full_date_and_time(payment.created_at, lang),
        )];
        let mut fact = |label: &str, value: Option<String>| {
            facts.extend(value.map(|value| (lang.t(label).into_owned(), value)));
        };
        fact(
            crate::text!("By"),
            Some(payment.made_by_name.clone()).filter(|who| !who.is_empty()),
        );
        fact(
            crate::text!("Date"),
            payment.paid_on.map(|day| dates::date(day, lang)),
        );
        fact(crate::text!("Reference"), payment.reference.clone());
        let row = |one: &Allocated| {
            let named = Named::plain(lang, (one.kind, None), one.number.as_deref());
            (named.words, one.amount)
        };
        Self {
            path: format!("{base}/pay/{}", payment.id),
            pill: Pill::new(lang.t(payment.status.label()), tone, shape),
            words: words(lang, &payment),
            set: set.iter().map(row).collect(),
            left: payment.amount - taken,
            may_go_on: may_go_on(payment.status, payment.expires_at, now).is_ok(),
            is_waiting: payment.status == Status::Pending,
            amount: payment.amount,
            number: payment.number,
            facts,
            shell,
            base,
            key: new_key(),
        }
    }
}
