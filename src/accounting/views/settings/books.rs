//! Bank, terms and turnovers.

use super::version;
use crate::accounting::forms::settings::{PrintedForm, TurnoverForm};
use crate::accounting::model::{Settings, Turnover};
use crate::accounting::rules::settings::obliges;
use crate::kernel::dates::FinancialYear;
use crate::kernel::language::{Lang, text};
use crate::tax::bill::RoundOff;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "accounting/settings/printed.html")]
pub struct PrintedPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub bank: Vec<Field>,
    pub paper: Vec<Field>,
    pub version: String,
    pub key: Uuid,
}

const fn rounding(round_off: RoundOff) -> &'static str {
    match round_off {
        RoundOff::Rupee => text!("To the nearest rupee"),
        RoundOff::Exact => text!("They stay"),
    }
}

impl PrintedPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        saved: Option<&Settings>,
        (form, conflict): (&PrintedForm, bool),
    ) -> Self {
        let was = Self::of(saved);
        let field = |kind, name, label: &'static str, typed: &str, old: &str| {
            Field::new(kind, name, lang.t(label))
                .value(typed)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, Some(old), typed))
        };
        let account = text!("Account number");
        let bank = vec![
            field(
                "text",
                "bank_name",
                text!("Bank and branch"),
                &form.bank_name,
                &was.bank_name,
            )
            .optional(),
            field(
                "text",
                "bank_account",
                account,
                &form.bank_account,
                &was.bank_account,
            )
            .optional(),
            field(
                "text",
                "bank_ifsc",
                text!("IFSC"),
                &form.bank_ifsc,
                &was.bank_ifsc,
            )
            .optional()
            .hint(lang.t("Eleven characters, on every cheque.")),
            field("text", "upi_id", text!("UPI id"), &form.upi_id, &was.upi_id)
                .optional()
                .hint(lang.t("Invoices carry a code with the amount that any UPI app reads.")),
        ];
        let choices = RoundOff::ALL.iter().map(|round_off| {
            Choice::new(
                round_off.as_str(),
                lang.t(rounding(*round_off)),
                &form.round_off,
            )
        });
        let is_other = conflict && was.round_off != form.round_off;
        let saved_rounding = was.round_off.parse().map_or("", rounding);
        let paper = vec![
            field("textarea", "terms", text!("Terms"), &form.terms, &was.terms)
                .optional()
                .hint(lang.t("Small print at the foot of invoices, 1,000 characters at most.")),
            Field::new("select", "round_off", lang.t("Paise of totals"))
                .choices(choices.collect())
                .remarks(&form.remarks, lang)
                .theirs(is_other.then(|| lang.t(saved_rounding).into_owned())),
            field(
                "text",
                "age_buckets",
                text!("Receivables by age end at"),
                &form.age_buckets,
                &was.age_buckets,
            )
            .hint(lang.t("Days past due, rising, like 30, 60, 90.")),
        ];
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            path: format!("{base}/settings/accounting"),
            base,
            summary: form.remarks.summary(lang),
            conflict,
            bank,
            paper,
            version: form.version.clone(),
            key: new_key(),
        }
    }

    /// The form as it is saved, or as it counts while nobody has said anything.
    pub fn of(saved: Option<&Settings>) -> PrintedForm {
        let Some(saved) = saved else {
            return PrintedForm {
                round_off: RoundOff::Rupee.as_str().to_owned(),
                age_buckets: "30, 60, 90".to_owned(),
                ..PrintedForm::default()
            };
        };
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        let days: Vec<String> = saved.age_buckets.iter().map(i32::to_string).collect();
        PrintedForm {
            bank_name: word(&saved.bank_name),
            bank_account: word(&saved.bank_account),
            bank_ifsc: word(&saved.bank_ifsc),
            upi_id: word(&saved.upi_id),
            terms: word(&saved.terms),
            round_off: saved.round_off.as_str().to_owned(),
            age_buckets: days.join(", "),
            version: version(Some(saved.updated_at)),
            ..PrintedForm::default()
        }
    }
}

/// A year as a row: its code, how it is written, and its turnover.
pub struct YearRow {
    pub code: String,
    pub year: String,
    pub amount: Option<String>,
    pub is_above: bool,
}

#[derive(Template)]
#[template(path = "accounting/settings/turnovers.html")]
pub struct TurnoversPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub rows: Vec<YearRow>,
}

impl TurnoversPage {
    pub fn new(shell: Shell, base: String, years: Vec<FinancialYear>, saved: &[Turnover]) -> Self {
        let row = |year: FinancialYear| {
            let code = year.code();
            let its = saved.iter().find(|row| row.year == code);
            YearRow {
                year: year.to_string(),
                amount: its.map(|row| row.amount.to_string()),
                is_above: its.is_some_and(|row| obliges(row.amount)),
                code,
            }
        };
        Self {
            shell,
            path: format!("{base}/settings/turnovers"),
            base,
            rows: years.into_iter().map(row).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/settings/turnover.html")]
pub struct TurnoverPage {
    pub shell: Shell,
    pub path: String,
    pub list: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub amount: Field,
    pub version: String,
    pub key: Uuid,
}

impl TurnoverPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        (year, saved): (FinancialYear, Option<&Turnover>),
        (form, conflict): (&TurnoverForm, bool),
    ) -> Self {
        let was = Self::of(saved).amount;
        let list = format!("{base}/settings/turnovers");
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            path: format!("{list}/{}", year.code()),
            list,
            summary: form.remarks.summary(lang),
            conflict,
            amount: Field::text("amount", lang.t("Turnover in rupees"))
                .value(&form.amount)
                .optional()
                .inputmode("decimal")
                .autocomplete("off")
                .hint(
                    lang.t(
                        "Of all registrations of the PAN together, without tax. Empty: not known.",
                    ),
                )
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, Some(&was), &form.amount)),
            version: form.version.clone(),
            key: new_key(),
        }
    }

    /// The form as it is saved.
    pub fn of(saved: Option<&Turnover>) -> TurnoverForm {
        TurnoverForm {
            amount: saved
                .map(|row| row.amount.as_decimal().to_string())
                .unwrap_or_default(),
            version: version(saved.map(|row| row.updated_at)),
            ..TurnoverForm::default()
        }
    }
}
