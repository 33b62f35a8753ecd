//! The rates of tax at source: the law's with their days, and the company's own.

use super::forms::RuleForm;
use super::model::{InForce, OwnRule, Rule};
use super::rules::{Base, Tax, ThresholdOf};
use crate::kernel::language::{Lang, Said};
use crate::tax::views::period;
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A section in words: "Income tax, section 393/194Q".
pub fn section_words(lang: Lang, tax: Tax, section: &str) -> String {
    lang.say(
        &Said::new("{tax}, section {section}")
            .naming("tax", tax.label())
            .with("section", section),
    )
}

/// What a customer may deduct under, as a choice: "Income tax, section 393/194Q: 0.1%".
pub fn in_words(lang: Lang, rule: &InForce) -> String {
    let words = section_words(lang, rule.tax, &rule.section);
    let said = if rule.is_own {
        Said::new("{section}: {rate}, own rate")
    } else {
        Said::new("{section}: {rate}")
    };
    lang.say(
        &said
            .with("section", words)
            .with("rate", rule.rate.to_string()),
    )
}

/// A rule of the law as a row.
pub struct RuleRow {
    pub section: String,
    pub kind: String,
    pub about: String,
    pub source: String,
    pub rate: String,
    pub threshold: String,
    pub period: String,
    pub pill: Pill,
    pub is_certain: bool,
}

/// An own rate as a row.
pub struct OwnRow {
    pub section: String,
    pub customer: String,
    pub rate: String,
    pub period: String,
    pub reason: String,
    pub pill: Pill,
    /// Where it is ended, for whoever may.
    pub end: Option<String>,
}

fn pill(lang: Lang, (from, to): (NaiveDate, Option<NaiveDate>), today: NaiveDate) -> Pill {
    if from > today {
        Pill::new(lang.t("Later"), "info", "")
    } else if to.is_some_and(|last| last < today) {
        Pill::new(lang.t("Ended"), "", "plain")
    } else {
        Pill::new(lang.t("In force"), "ok", "full")
    }
}

fn threshold(lang: Lang, rule: &Rule) -> String {
    let (Some(amount), Some(of)) = (rule.threshold, rule.threshold_of) else {
        return lang.t("None").into_owned();
    };
    let said = match of {
        ThresholdOf::Year => Said::new("What is above {amount} in a financial year"),
        ThresholdOf::Contract => Said::new("Contracts above {amount}, all of them"),
    };
    lang.say(&said.with("amount", amount))
}

fn rule_row(lang: Lang, rule: Rule, today: NaiveDate) -> RuleRow {
    let base = match rule.base {
        Base::Taxable => Said::new("{rate} of the value without GST"),
        Base::Total => Said::new("{rate} of the value with GST"),
    };
    RuleRow {
        section: section_words(lang, rule.tax, &rule.section),
        kind: lang.t(rule.kind.label()).into_owned(),
        rate: lang.say(&base.with("rate", rule.rate.to_string())),
        threshold: threshold(lang, &rule),
        period: period(lang, rule.valid_from, rule.valid_to),
        pill: pill(lang, (rule.valid_from, rule.valid_to), today),
        about: rule.about,
        source: rule.source,
        is_certain: rule.is_certain,
    }
}

#[derive(Template)]
#[template(path = "tax/withholding.html")]
pub struct RulesPage {
    pub shell: Shell,
    pub base: String,
    pub may_edit: bool,
    pub own: Vec<OwnRow>,
    pub rules: Vec<RuleRow>,
}

impl RulesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (rules, own, today): (Vec<Rule>, Vec<OwnRule>, NaiveDate),
    ) -> Self {
        let own_row = |rule: OwnRule| OwnRow {
            section: section_words(lang, rule.tax, &rule.section),
            rate: rule.rate.to_string(),
            period: period(lang, rule.valid_from, rule.valid_to),
            pill: pill(lang, (rule.valid_from, rule.valid_to), today),
            end: (may_edit && rule.valid_to.is_none())
                .then(|| format!("{base}/settings/withholding/{}/end", rule.id)),
            customer: rule
                .customer
                .unwrap_or_else(|| lang.t("All customers").into_owned()),
            reason: rule.reason,
        };
        Self {
            own: own.into_iter().map(own_row).collect(),
            rules: rules
                .into_iter()
                .map(|rule| rule_row(lang, rule, today))
                .collect(),
            shell,
            base,
            may_edit,
        }
    }
}

#[derive(Template)]
#[template(path = "tax/withholding_new.html")]
pub struct NewRulePage {
    pub shell: Shell,
    pub list: String,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub key: Uuid,
}

impl NewRulePage {
    pub fn new(shell: Shell, lang: Lang, list: String, form: &RuleForm) -> Self {
        let remarks = &form.remarks;
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
        let mut taxes = vec![Choice::new("", lang.t("Choose"), &form.tax)];
        taxes.extend(
            Tax::ALL
                .iter()
                .map(|tax| Choice::new(tax.as_str(), lang.t(tax.label()), &form.tax)),
        );
        Self {
            summary: remarks.summary(lang),
            fields: vec![
                Field::new("select", "tax", lang.t("Tax"))
                    .choices(taxes)
                    .remarks(remarks, lang),
                text("section", "Section", &form.section).hint(lang.t(
                    "As in the list below the own rates: this one then comes before it. Or another section.",
                )),
                text("customer", "Customer code", &form.customer)
                    .optional()
                    .hint(lang.t("Empty: for all customers.")),
                text("rate", "Per cent of the value without GST", &form.rate)
                    .inputmode("decimal"),
                date("valid_from", "First day", &form.valid_from),
                date("valid_to", "Last day", &form.valid_to).optional(),
                text("reason", "Reason", &form.reason)
                    .hint(lang.t("E.g. the number of the certificate of a lower rate.")),
            ],
            shell: shell.with_errors(!remarks.is_empty()),
            list,
            key: new_key(),
        }
    }
}
