//! Forms of payments: a new one, and what one is set against.

use super::entry::Named;
use crate::accounting::forms::{Parts, PaymentForm, SetForm};
use crate::accounting::model::PaymentRow;
use crate::accounting::rules::payment::Method;
use crate::accounting::rules::receipt::BY_HAND;
use crate::customers::model::Customer;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::ledger::model::{Account, OpenBill};
use crate::tax::withholding::in_words;
use crate::tax::withholding::model::InForce;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A bill that a payment may pay.
pub struct BillRow {
    pub id: Uuid,
    pub named: Named,
    pub day: String,
    pub due: String,
    pub is_late: bool,
    pub total: Money,
    pub open: Money,
    pub typed: String,
    pub error: Option<String>,
}

/// Most bills that a form offers.
pub const MOST_BILLS: i64 = 200;

fn bills(
    lang: Lang,
    base: &str,
    (bills, today): (Vec<OpenBill>, NaiveDate),
    parts: &Parts,
) -> Vec<BillRow> {
    let row = |bill: OpenBill| BillRow {
        id: bill.id.uuid(),
        named: Named::office(
            lang,
            base,
            (bill.kind, None),
            (bill.number.as_deref(), bill.url_no.as_deref()),
        ),
        day: dates::brief_date(bill.date, today, lang),
        due: dates::brief_date(bill.due_on, today, lang),
        is_late: bill.due_on < today,
        total: bill.total,
        open: bill.open,
        typed: parts.of(bill.id).to_owned(),
        error: parts.wrong(bill.id).map(|said| lang.say(said)),
    };
    bills.into_iter().map(row).collect()
}

/// The problems of the fields, and those of the bills as one.
fn summary(lang: Lang, fields: Option<Summary>, parts: &Parts) -> Option<Summary> {
    let mut summary = fields.unwrap_or_default();
    if !parts.is_sound() {
        let said = lang.t("Look at the amounts beside the bills.");
        summary
            .problems
            .push(("bills".to_owned(), said.into_owned()));
    }
    (!summary.problems.is_empty()).then_some(summary)
}

#[derive(Template)]
#[template(path = "accounting/payments/new.html")]
pub struct NewPaymentPage {
    pub shell: Shell,
    pub base: String,
    pub customer: String,
    pub code: String,
    pub owed: Money,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub cheque: Vec<Field>,
    pub note: Field,
    pub how: Field,
    pub bills: Vec<BillRow>,
    pub is_cut: bool,
    pub withheld: Vec<Field>,
    pub is_withheld: bool,
    pub key: Uuid,
}

/// What the form of a new payment stands on.
pub struct Ground {
    pub customer: Customer,
    pub account: Account,
    pub bills: Vec<OpenBill>,
    pub rules: Vec<InForce>,
    pub today: NaiveDate,
}

/// What is asked of the tax that the customer deducted; the rules are those of the day of the payment.
fn withheld(lang: Lang, rules: &[InForce], form: &PaymentForm) -> Vec<Field> {
    let mut sections = vec![Choice::new("", lang.t("Choose"), &form.section)];
    sections.extend(
        rules
            .iter()
            .map(|rule| Choice::new(&rule.key(), in_words(lang, rule), &form.section)),
    );
    let mut deducted = Field::text("deducted", lang.t("Tax deducted by the customer"))
        .value(&form.deducted)
        .inputmode("decimal")
        .autocomplete("off")
        .optional()
        .remarks(&form.remarks, lang);
    if let Some(worked) = &form.worked {
        deducted = deducted.hint(lang.say(worked));
    }
    vec![
        deducted,
        Field::new("select", "section", lang.t("Section"))
            .choices(sections)
            .hint(lang.t("Those of the day of the payment."))
            .remarks(&form.remarks, lang),
    ]
}

impl NewPaymentPage {
    pub fn new(shell: Shell, lang: Lang, base: String, ground: Ground, form: &PaymentForm) -> Self {
        let Ground {
            customer,
            account,
            bills: open,
            rules,
            today,
        } = ground;
        let remarks = &form.remarks;
        let mut methods = vec![Choice::new("", lang.t("Choose"), &form.method)];
        methods.extend(
            BY_HAND
                .iter()
                .map(|method| Choice::new(method.as_str(), lang.t(method.label()), &form.method)),
        );
        let text = |name, label: &str, value: &str| {
            Field::text(name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(remarks, lang)
        };
        let date = |name, label: &str, value: &str| {
            Field::new("date", name, lang.t(label))
                .value(value)
                .remarks(remarks, lang)
        };
        let mut how = vec![
            Choice::new("oldest", lang.t("The oldest bills first"), &form.how),
            Choice::new("account", lang.t("No bill yet: an advance"), &form.how),
        ];
        if !open.is_empty() {
            let by_hand = lang.t("What I say beside each bill");
            how.insert(1, Choice::new("hand", by_hand, &form.how));
        }
        let is_cut = open.len() >= usize::try_from(MOST_BILLS).unwrap_or(usize::MAX);
        Self {
            summary: summary(lang, remarks.summary(lang), &form.parts),
            fields: vec![
                text("amount", "Amount", &form.amount).inputmode("decimal"),
                date("paid_on", "Date", &form.paid_on),
                Field::new("select", "method", lang.t("Paid by"))
                    .choices(methods)
                    .remarks(remarks, lang),
                text("reference", "Reference", &form.reference).hint(
                    lang.t("The bank's number of the transfer, or the number of the cheque."),
                ),
            ],
            cheque: vec![
                date("cheque_date", "Date on the cheque", &form.cheque_date),
                text("bank", "Bank of the cheque", &form.bank).optional(),
            ],
            note: text("note", "Note", &form.note).optional(),
            how: Field::new("radio", "how", lang.t("What it pays"))
                .choices(how)
                .remarks(remarks, lang),
            bills: bills(lang, &base, (open, today), &form.parts),
            is_cut,
            withheld: withheld(lang, &rules, form),
            is_withheld: form.speaks_of_tax(),
            owed: account.balance,
            customer: customer.name,
            code: customer.code,
            shell,
            base,
            key: new_key(),
        }
    }

    /// The form before anything is typed.
    pub fn blank(today: NaiveDate) -> PaymentForm {
        PaymentForm {
            paid_on: today.to_string(),
            how: "oldest".to_owned(),
            ..PaymentForm::default()
        }
    }
}

/// A customer that a payment may come from.
pub struct Payer {
    pub name: String,
    pub about: String,
    pub owed: Money,
    pub href: String,
}

#[derive(Template)]
#[template(path = "accounting/payments/whose.html")]
pub struct WhosePage {
    pub shell: Shell,
    pub base: String,
    pub find: Field,
    pub has_asked: bool,
    pub payers: Vec<Payer>,
}

impl WhosePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        words: &str,
        found: Vec<crate::accounting::model::Payer>,
    ) -> Self {
        let payer = |one: crate::accounting::model::Payer| Payer {
            href: format!("{base}/payments/new?customer={}", one.code),
            about: match one.city {
                Some(city) => format!("{} · {city}", one.code),
                None => one.code,
            },
            name: one.name,
            owed: one.balance,
        };
        Self {
            payers: found.into_iter().map(payer).collect(),
            find: Field::new("search", "q", lang.t("Customer"))
                .value(words)
                .hint(lang.t("Name, code, GSTIN or telephone number")),
            has_asked: !words.is_empty(),
            shell,
            base,
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/payments/allocate.html")]
pub struct AllocatePage {
    pub shell: Shell,
    pub path: String,
    pub number: String,
    pub about: String,
    pub left: Money,
    pub summary: Option<Summary>,
    pub error: Option<String>,
    pub bills: Vec<BillRow>,
    pub is_cut: bool,
    pub key: Uuid,
}

impl AllocatePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        base: String,
        (row, open, today): (PaymentRow, Vec<OpenBill>, NaiveDate),
        form: &SetForm,
    ) -> Self {
        let number = row.payment.number.clone().unwrap_or_default();
        let method: Method = row.payment.method;
        let about = lang.say(
            &Said::new("{method} of {amount} from {name}")
                .naming("method", method.label())
                .with("amount", row.payment.amount)
                .with("name", &row.customer),
        );
        Self {
            path: format!("{base}/payments/{number}"),
            is_cut: open.len() >= usize::try_from(MOST_BILLS).unwrap_or(usize::MAX),
            summary: summary(lang, None, &form.parts),
            error: form.remarks.on("parts", lang),
            bills: bills(lang, &base, (open, today), &form.parts),
            left: row.open,
            number,
            about,
            shell,
            key: new_key(),
        }
    }
}
