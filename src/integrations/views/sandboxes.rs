//! What the pages about sandboxes show.

use crate::integrations::forms::{KINDS, MoodForm, STATUSES, TaxpayerForm};
use crate::integrations::gst::registrar::books::Heard;
use crate::integrations::gst::registrar::check::Taxpayer;
use crate::integrations::gst::registrar::moods::{Mood, OPERATIONS, Told, Who};
use crate::integrations::payments::gateway::books::{Order, Payment};
use crate::integrations::sandbox::Sandboxes;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::web::components::{Choice, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use uuid::Uuid;

/// The sandboxes: where they are, how they behave, what they were asked.
#[derive(Template)]
#[template(path = "integrations/sandboxes.html")]
pub struct SandboxesPage {
    pub shell: Shell,
    pub base: Option<String>,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub moods: Vec<MoodRow>,
    pub calls: Vec<CallRow>,
    pub nobody: Empty,
    pub key: Uuid,
}

/// What a sandbox was told.
pub struct MoodRow {
    pub who: String,
    pub pill: Pill,
    pub about: String,
    /// What takes it back.
    pub told: Told,
    pub key: Uuid,
}

/// A call that a sandbox was asked.
pub struct CallRow {
    pub at: DateTime<Utc>,
    pub asked: String,
    pub about: String,
    pub pill: Pill,
}

fn who_word(lang: Lang, who: Who) -> Cow<'static, str> {
    match who {
        Who::Registrar => lang.t("Authority"),
        Who::Gateway => lang.t("Payment gateway"),
    }
}

fn mood_word(lang: Lang, mood: Mood) -> Cow<'static, str> {
    match mood {
        Mood::Well => lang.t("Behaves well"),
        Mood::Slow => lang.t("Answers late"),
        Mood::Failing => lang.t("Refuses with a code"),
        Mood::Losing => lang.t("Loses its answer"),
        Mood::Down => lang.t("Is away"),
    }
}

fn operation_word(lang: Lang, operation: &str) -> Cow<'static, str> {
    match operation {
        "sign_in" => lang.t("Signing in"),
        "generate" => lang.t("Registering"),
        "find" => lang.t("Looking up"),
        "cancel" => lang.t("Cancelling"),
        "eway_bill" => lang.t("E-way bills"),
        "taxpayer" => lang.t("Taxpayers"),
        "pay" => lang.t("Payments"),
        _ => lang.t("All calls"),
    }
}

impl SandboxesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        here: Option<Sandboxes>,
        (moods, calls): (Vec<Told>, Vec<Heard>),
        form: &MoodForm,
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            base: here.map(|here| here.registrar.to_string()),
            summary: form.remarks.summary(lang),
            fields: fields(lang, form),
            moods: moods.iter().map(|told| MoodRow::new(lang, told)).collect(),
            calls: calls
                .into_iter()
                .map(|heard| CallRow::new(lang, heard))
                .collect(),
            nobody: Empty {
                icon: "layers",
                heading: lang.t("No sandboxes here").into_owned(),
                text: lang
                    .t("They stand in for the authority and the payment gateway in development and in the demo. This installation speaks to the real ones.")
                    .into_owned(),
                action: None,
            },
            key: new_key(),
        }
    }
}

fn fields(lang: Lang, form: &MoodForm) -> Vec<Field> {
    let who = Who::ALL
        .iter()
        .map(|who| Choice::new(who.as_str(), who_word(lang, *who), &form.who))
        .collect();
    let mood = Mood::ALL
        .iter()
        .map(|mood| Choice::new(mood.as_str(), mood_word(lang, *mood), &form.mood))
        .collect();
    let operation = OPERATIONS
        .iter()
        .map(|kind| Choice::new(kind, operation_word(lang, kind), &form.operation))
        .collect();
    [
        Field::new("select", "who", lang.t("Who")).choices(who),
        Field::new("select", "mood", lang.t("How it behaves")).choices(mood),
        Field::new("select", "operation", lang.t("Which calls")).choices(operation),
        Field::text("gstin", lang.t("Only for"))
            .value(&form.gstin)
            .hint(lang.t("A GSTIN, or an account at the gateway. Empty: everybody."))
            .optional(),
        Field::text("delay_ms", lang.t("Late by, in milliseconds"))
            .value(&form.delay_ms)
            .inputmode("numeric")
            .optional(),
        Field::text("code", lang.t("Code"))
            .value(&form.code)
            .hint(lang.t("What it says when it refuses, like 2146."))
            .optional(),
        Field::text("calls_left", lang.t("For so many calls"))
            .value(&form.calls_left)
            .inputmode("numeric")
            .hint(lang.t("Empty: until told otherwise."))
            .optional(),
    ]
    .map(|field| field.remarks(&form.remarks, lang))
    .into()
}

impl MoodRow {
    fn new(lang: Lang, told: &Told) -> Self {
        let mut about = vec![operation_word(lang, &told.operation).into_owned()];
        if !told.gstin.is_empty() {
            about.push(told.gstin.clone());
        }
        about.extend(told.code.clone());
        if told.delay_ms > 0 {
            about.push(format!("{} ms", told.delay_ms));
        }
        if let Some(calls) = told.calls_left {
            about.push(lang.say(&Said::new("{count} calls left").with("count", calls)));
        }
        Self {
            who: who_word(lang, told.who).into_owned(),
            pill: Pill::new(mood_word(lang, told.mood), "warn", "half"),
            about: about.join(" · "),
            told: told.clone(),
            key: new_key(),
        }
    }
}

impl CallRow {
    fn new(lang: Lang, heard: Heard) -> Self {
        let pill = if heard.was_lost {
            Pill::new(lang.t("Lost"), "warn", "half")
        } else if heard.codes.is_empty() {
            Pill::new(lang.t("Done"), "ok", "full")
        } else {
            Pill::new(heard.codes.join(", "), "bad", "full")
        };
        let about = [heard.gstin, heard.document];
        Self {
            at: heard.at,
            asked: format!("{} {}", heard.method, heard.path),
            about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            pill,
        }
    }
}

/// The taxpayers that the sandbox registrar knows.
#[derive(Template)]
#[template(path = "integrations/taxpayers.html")]
pub struct TaxpayersPage {
    pub shell: Shell,
    pub search: String,
    pub rows: Vec<TaxpayerRow>,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub empty: Empty,
    pub key: Uuid,
}

/// A taxpayer of the sandbox.
pub struct TaxpayerRow {
    pub gstin: String,
    pub name: String,
    pub kind: Cow<'static, str>,
    pub pill: Pill,
    pub is_einvoicing: bool,
}

fn kind_word(lang: Lang, kind: &str) -> Cow<'static, str> {
    match kind {
        "COM" => lang.t("Composition"),
        "SEZ" => lang.t("SEZ unit"),
        "SED" => lang.t("SEZ developer"),
        "ISD" => lang.t("Input service distributor"),
        "CAS" => lang.t("Casual"),
        "TDS" => lang.t("Tax deductor"),
        "TCS" => lang.t("E-commerce operator"),
        "UIN" => lang.t("UN body or embassy"),
        _ => lang.t("Regular"),
    }
}

fn status_word(lang: Lang, status: &str) -> Cow<'static, str> {
    match status {
        "SUS" => lang.t("Suspended"),
        "CNL" => lang.t("Cancelled"),
        _ => lang.t("Active"),
    }
}

impl TaxpayersPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        search: String,
        found: Vec<Taxpayer>,
        form: &TaxpayerForm,
    ) -> Self {
        let among = |known: &[&str], word: fn(Lang, &str) -> Cow<'static, str>, now: &str| {
            known
                .iter()
                .map(|code| Choice::new(code, word(lang, code), now))
                .collect::<Vec<_>>()
        };
        let fields = [
            Field::text("gstin", lang.t("GSTIN")).value(&form.gstin),
            Field::text("name", lang.t("Name")).value(&form.name),
            Field::new("select", "taxpayer_type", lang.t("Kind")).choices(among(
                &KINDS,
                kind_word,
                &form.taxpayer_type,
            )),
            Field::new("select", "status", lang.t("Status")).choices(among(
                &STATUSES,
                status_word,
                &form.status,
            )),
            Field::text("turnover", lang.t("Turnover in rupees"))
                .value(&form.turnover)
                .inputmode("decimal")
                .hint(lang.t("From ten crore on, documents are reported within 30 days."))
                .optional(),
            Field::new("checkbox", "is_einvoicing", lang.t("Sends e-invoices"))
                .hint(lang.t("Gets a new client and user, shown once."))
                .checked(form.is_einvoicing.is_some()),
        ];
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            search,
            rows: found
                .into_iter()
                .map(|taxpayer| TaxpayerRow {
                    kind: kind_word(lang, &taxpayer.taxpayer_type),
                    pill: match taxpayer.status.as_str() {
                        "ACT" => Pill::new(status_word(lang, "ACT"), "ok", "full"),
                        other => Pill::new(status_word(lang, other), "bad", "plain"),
                    },
                    gstin: taxpayer.gstin,
                    name: taxpayer.name,
                    is_einvoicing: taxpayer.is_einvoicing,
                })
                .collect(),
            summary: form.remarks.summary(lang),
            fields: fields
                .map(|field| field.remarks(&form.remarks, lang))
                .into(),
            empty: Empty {
                icon: "people",
                heading: lang.t("No taxpayers").into_owned(),
                text: lang
                    .t("Whoever sends e-invoices to the sandbox is enrolled here first.")
                    .into_owned(),
                action: None,
            },
            key: new_key(),
        }
    }
}

/// The sandbox gateway's page for payers.
#[derive(Template)]
#[template(path = "integrations/pay.html")]
pub struct GatewayPage {
    pub shell: Shell,
    pub path: String,
    pub merchant: String,
    pub amount: Money,
    pub fields: Vec<Field>,
    /// Tries of this payer, and what became of them.
    pub tries: Vec<(String, Pill)>,
    pub is_paid: bool,
    pub back: String,
    pub key: Uuid,
}

impl GatewayPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (merchant, order): (&str, &Order),
        payments: &[Payment],
    ) -> Self {
        let choice = |value: &str, label: &str, current: &str| {
            Choice::new(value, lang.t(label).into_owned(), current)
        };
        let pill = |payment: &Payment| {
            let (words, tone) = if payment.status == "captured" {
                (lang.t("Paid"), "ok")
            } else {
                (lang.t("Declined"), "bad")
            };
            (payment.id.clone(), Pill::new(words, tone, ""))
        };
        Self {
            path: format!("/sandbox/pay/{}", order.id),
            merchant: merchant.to_owned(),
            amount: Money::from_paise(order.amount),
            fields: vec![
                Field::new("radio", "how", lang.t("What happens")).choices(vec![
                    choice("upi", crate::text!("Paid by UPI"), "upi"),
                    choice("card", crate::text!("The bank declines the card"), "upi"),
                ]),
                Field::new("radio", "hook", lang.t("The shop is told")).choices(vec![
                    choice("first", crate::text!("Before I am back"), "first"),
                    choice("last", crate::text!("After I am back"), "first"),
                    choice("never", crate::text!("Never"), "first"),
                    choice("twice", crate::text!("Twice"), "first"),
                ]),
                Field::new(
                    "checkbox",
                    "stay",
                    lang.t("I close the page and don't go back"),
                ),
            ],
            tries: payments.iter().map(pill).collect(),
            is_paid: order.status == "paid",
            back: order.return_url.clone(),
            shell,
            key: new_key(),
        }
    }
}
