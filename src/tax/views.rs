//! The tax tables: codes with their rates, the company's own rates, and the field that looks codes up.

use super::forms::RateForm;
use super::model::{HsnCode, NotifiedRate, OwnRate};
use super::rules::{self, Rate, Treatment};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{Remarks, new_key};
use crate::web::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

/// A rate in words: `5%`, `28% + 12% cess`.
pub fn rate_words(lang: Lang, rate: Decimal, cess: Decimal) -> String {
    let rate = rate.normalize().to_string();
    if cess.is_zero() {
        format!("{rate}%")
    } else {
        lang.say(
            &Said::new("{rate}% + {cess}% cess")
                .with("rate", rate)
                .with("cess", cess.normalize().to_string()),
        )
    }
}

/// A rate of all that is charged on the value, and what each unit bears besides: `28%`, `28% + ₹4.17 a unit`.
pub fn rate_and_unit(lang: Lang, rate: &Rate) -> String {
    let percent = format!("{}%", (rate.gst + rate.cess).normalize());
    and_unit(lang, percent, rate.cess_per_unit)
}

/// Words of a rate, with what each unit bears besides, if it bears anything.
pub fn and_unit(lang: Lang, words: String, cess_per_unit: Decimal) -> String {
    if cess_per_unit.is_zero() {
        return words;
    }
    lang.say(
        &Said::new("{rate} + {cess} a unit")
            .with("rate", words)
            .with("cess", rules::rupees(cess_per_unit)),
    )
}

/// How the law treats goods, in a word.
fn treatment_word(lang: Lang, treatment: Treatment) -> String {
    match treatment {
        Treatment::Taxable => lang.t("Taxable"),
        Treatment::Nil => lang.t("Nil-rated"),
        Treatment::Exempt => lang.t("Exempt"),
        Treatment::NonGst => lang.t("Outside of GST"),
    }
    .into_owned()
}

/// What an own rate comes to: `5%`, `28% + 12% cess + ₹4.17 a unit`, `Exempt`.
fn own_words(lang: Lang, own: &OwnRate) -> String {
    if own.treatment != Treatment::Taxable {
        return treatment_word(lang, own.treatment);
    }
    let words = rate_words(lang, own.rate, own.cess_rate);
    and_unit(lang, words, own.cess_per_unit)
}

/// A rate with its condition: `5%`, `0% (Loose)`.
pub fn rate_with_condition(lang: Lang, rate: &NotifiedRate) -> String {
    let words = rate_words(lang, rate.rate, rate.cess_rate);
    match (&rate.about, rate.condition.as_str()) {
        (Some(about), _) => format!("{words} ({about})"),
        (None, "") => words,
        (None, condition) => format!("{words} ({condition})"),
    }
}

/// From when to when: `since 22 Sep 2025`, `1 Jul 2017 – 21 Sep 2025`.
pub(super) fn period(lang: Lang, from: NaiveDate, to: Option<NaiveDate>) -> String {
    match to {
        None => lang.say(&Said::new("since {day}").with("day", dates::date(from, lang))),
        Some(to) => dates::range(from, to, lang),
    }
}

/// A code with what it bears.
pub struct CodeRow {
    pub code: HsnCode,
    pub today: Vec<String>,
    pub history: Vec<(String, String, String)>,
}

/// An own rate in the list.
pub struct OwnRow {
    pub id: String,
    pub prefix: String,
    pub rate: String,
    pub period: String,
    pub reason: String,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "tax/index.html")]
pub struct TaxPage {
    pub shell: Shell,
    pub base: String,
    pub may_edit: bool,
    pub search: String,
    pub codes: Vec<CodeRow>,
    pub own: Vec<OwnRow>,
}

impl TaxPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        (search, today): (String, NaiveDate),
        (codes, rates, own): (Vec<HsnCode>, &[NotifiedRate], Vec<OwnRate>),
    ) -> Self {
        let codes = codes
            .into_iter()
            .map(|code| CodeRow {
                today: rules::applicable(&code.code, rates, today)
                    .into_iter()
                    .map(|rate| rate_with_condition(lang, rate))
                    .collect(),
                history: rates
                    .iter()
                    .filter(|rate| code.code.starts_with(&rate.hsn_prefix))
                    .map(|rate| {
                        (
                            rate_with_condition(lang, rate),
                            period(lang, rate.valid_from, rate.valid_to),
                            format!("{} · {}", rate.hsn_prefix, rate.notification),
                        )
                    })
                    .collect(),
                code,
            })
            .collect();
        let own = own
            .into_iter()
            .map(|rate| OwnRow {
                id: rate.id.to_string(),
                rate: own_words(lang, &rate),
                period: period(lang, rate.valid_from, rate.valid_to),
                pill: if rate.is_on(today) {
                    Pill::new(lang.t("In force"), "ok", "full")
                } else if rate.valid_from > today {
                    Pill::new(lang.t("Coming"), "info", "")
                } else {
                    Pill::new(lang.t("Ended"), "", "plain")
                },
                prefix: rate.hsn_prefix,
                reason: rate.reason,
            })
            .collect();
        Self {
            shell,
            base,
            may_edit,
            search,
            codes,
            own,
        }
    }
}

#[derive(Template)]
#[template(path = "tax/rate.html")]
pub struct RatePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    /// What is changed, if it is a change: the rate as it stands, and where it is ended.
    pub old: Option<(String, String)>,
    pub action: String,
    pub list: String,
    pub key: Uuid,
}

impl RatePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (list, form): (String, &RateForm),
        old: Option<&OwnRate>,
    ) -> Self {
        let remarks = &form.remarks;
        let mut fields = Vec::new();
        if old.is_none() {
            fields.push(
                Field::text("hsn_prefix", lang.t("HSN code, or its first digits"))
                    .value(&form.hsn_prefix)
                    .inputmode("numeric")
                    .autocomplete("off")
                    .hint(lang.t("The longest one that fits a product's code counts."))
                    .remarks(remarks, lang),
            );
        }
        fields.extend([
            Field::text("rate", lang.t("GST, per cent"))
                .value(&form.rate)
                .inputmode("decimal")
                .remarks(remarks, lang),
            Field::text("cess_rate", lang.t("Cess, per cent"))
                .value(&form.cess_rate)
                .inputmode("decimal")
                .optional()
                .remarks(remarks, lang),
            Field::text("cess_per_unit", lang.t("Cess, rupees a unit"))
                .value(&form.cess_per_unit)
                .inputmode("decimal")
                .optional()
                .remarks(remarks, lang),
            Field::new("select", "treatment", lang.t("How GST treats the goods"))
                .choices(
                    Treatment::ALL
                        .iter()
                        .map(|one| {
                            Choice::new(one.as_str(), treatment_word(lang, *one), &form.treatment)
                        })
                        .collect(),
                )
                .remarks(remarks, lang),
            Field::new("date", "valid_from", lang.t("First day"))
                .value(&form.valid_from)
                .remarks(remarks, lang),
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .hint(
                    lang.t(
                        "For example the number of an advance ruling. It stays in the audit log.",
                    ),
                )
                .remarks(remarks, lang),
        ]);
        let old_words = old.map(|old| {
            (
                format!(
                    "{} · {}",
                    own_words(lang, old),
                    period(lang, old.valid_from, old.valid_to)
                ),
                format!("{list}/{}/end", old.id),
            )
        });
        Self {
            shell: shell.with_errors(!remarks.is_empty()),
            summary: remarks.summary(lang),
            fields,
            action: old.map_or_else(|| format!("{list}/new"), |old| format!("{list}/{}", old.id)),
            old: old_words,
            list,
            key: new_key(),
        }
    }
}

/// A field for a code of goods that suggests what the table knows; the server takes what is typed.
#[derive(Clone, Debug, Template)]
#[template(path = "tax/_hsn_field.html")]
pub struct HsnField {
    /// What is in it.
    pub value: String,
    /// Where suggestions come from.
    pub options: String,
    /// What the code covers and bears, when it is known.
    pub known: Option<String>,
    /// What came of looking it up by words.
    pub answer: Option<String>,
    /// The codes that those found.
    pub found: Vec<HsnCode>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What somebody else saved meanwhile.
    pub theirs: Option<String>,
}
impl HtmlSafe for HsnField {}

impl HsnField {
    /// The field `hsn` of a form under a company's `base`.
    pub fn new(base: &str, value: &str, remarks: &Remarks, lang: Lang) -> Self {
        Self {
            value: value.to_owned(),
            options: format!("{base}/hsn/options"),
            known: None,
            answer: None,
            found: Vec::new(),
            error: remarks.on("hsn", lang),
            theirs: None,
        }
    }

    fn described_by(&self) -> String {
        let mut ids = vec!["hsn-h"];
        if self.answer.is_some() {
            ids.push("hsn-a");
        }
        if self.theirs.is_some() {
            ids.push("hsn-t");
        }
        if self.error.is_some() {
            ids.push("hsn-e");
        }
        ids.join(" ")
    }
}

/// Suggestions for a code of goods.
#[derive(Template)]
#[template(path = "tax/_options.html")]
pub struct HsnOptions {
    pub codes: Vec<HsnCode>,
}
