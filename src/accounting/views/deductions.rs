//! Tax that customers deducted: the list, its file, a certificate, and what a payment's page says of it.

use super::settings::version;
use crate::accounting::forms::CertificateForm;
use crate::accounting::model::{CERTIFICATES, DeductionList, DeductionRow};
use crate::accounting::rules::withheld::{is_doubtful, year_and_quarter};
use crate::kernel::dates;
use crate::kernel::ids::PaymentId;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::tax::withholding::rules::Tax;
use crate::tax::withholding::section_words;
use crate::web::components::{Empty, Field, Pill, Summary};
use crate::web::export::Sheet;
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A deduction in the list.
pub struct DeductionLine {
    pub number: String,
    pub customer: String,
    pub code: String,
    pub section: String,
    pub day: String,
    pub quarter: String,
    pub amount: Money,
    pub certificate: Option<String>,
    pub certificate_on: String,
    pub pill: Pill,
    pub is_doubtful: bool,
}

#[derive(Template)]
#[template(path = "accounting/payments/deducted.html")]
pub struct DeductionsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<DeductionLine>,
    pub base: String,
    pub may_record: bool,
}

/// Whether the certificate is here, or nothing has to come any more.
fn pill(lang: Lang, row: &DeductionRow) -> Pill {
    if row.deduction.certificate.is_some() {
        Pill::new(lang.t("Here"), "ok", "full")
    } else if row.stands().is_zero() {
        Pill::new(lang.t("Taken back"), "", "plain")
    } else {
        Pill::new(lang.t("Outstanding"), "warn", "half")
    }
}

fn doubts(row: &DeductionRow) -> bool {
    is_doubtful(row.deduction.rate, row.deduction.taxable, row.stands())
}

impl DeductionsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_record): (String, bool),
        query: &ListQuery,
        (found, today): (DeductionList, NaiveDate),
    ) -> Self {
        let DeductionList { page, count, total } = found;
        let first = Empty {
            icon: "receipt",
            heading: lang.t("No tax was deducted yet").into_owned(),
            text: lang
                .t("What customers deduct from what they pay appears here, until their certificates are.")
                .into_owned(),
            action: may_record.then(|| {
                (
                    lang.t("Record a payment").into_owned(),
                    format!("{base}/payments/new"),
                )
            }),
        };
        let here = |code: &str| {
            let words = if code == "here" {
                text!("Here")
            } else {
                text!("Outstanding")
            };
            lang.t(words).into_owned()
        };
        let tax = |code: &str| {
            let tax = code.parse::<Tax>();
            tax.map(|tax| lang.t(tax.label()).into_owned())
                .unwrap_or_default()
        };
        let words = lang.t("Number, section, certificate or customer");
        let mut list = ListBuilder::new(query, lang, words)
            .filter("certificate", lang.t("Certificate"), &CERTIFICATES, here)
            .filter("tax", lang.t("Tax"), Tax::CODES, tax)
            .field(Field::text("customer", lang.t("Customer code")))
            .field(Field::new("date", "from", lang.t("From")))
            .field(Field::new("date", "to", lang.t("To")))
            .export(&format!("{base}/tax-deducted/export"))
            .finish(&page, count, first, lang.t("No deductions match"));
        if let Some(total) = total {
            let said = Said::new("{pager} · {total} together").with("pager", &list.pager.text);
            list.pager.text = lang.say(&said.with("total", total));
        }
        let rows = page.rows.into_iter().map(|row| DeductionLine {
            section: section_words(lang, row.deduction.tax, &row.deduction.section),
            day: dates::brief_date(row.deduction.deducted_on, today, lang),
            quarter: year_and_quarter(row.deduction.deducted_on),
            amount: row.stands(),
            pill: pill(lang, &row),
            is_doubtful: doubts(&row),
            certificate_on: row
                .deduction
                .certificate_on
                .map(|day| dates::brief_date(day, today, lang))
                .unwrap_or_default(),
            certificate: row.deduction.certificate,
            number: row.number,
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

/// Deductions as a file.
pub fn deductions_sheet(lang: Lang, rows: &[DeductionRow]) -> Sheet {
    let heads = [
        text!("Payment"),
        text!("Date"),
        text!("Year and quarter"),
        text!("Customer code"),
        text!("Customer"),
        text!("Tax"),
        text!("Section"),
        text!("Value without GST"),
        text!("Per cent"),
        text!("Amount"),
        text!("Certificate"),
        text!("Date of the certificate"),
        text!("Came with"),
    ];
    let row = |row: &DeductionRow| {
        let its = &row.deduction;
        vec![
            row.number.clone(),
            its.deducted_on.to_string(),
            year_and_quarter(its.deducted_on),
            row.code.clone(),
            row.customer.clone(),
            lang.t(its.tax.label()).into_owned(),
            its.section.clone(),
            its.taxable.as_decimal().to_string(),
            its.rate.as_decimal().to_string(),
            row.stands().as_decimal().to_string(),
            its.certificate.clone().unwrap_or_default(),
            its.certificate_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            row.money.clone().unwrap_or_default(),
        ]
    };
    Sheet {
        name: "tax-deducted",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

#[derive(Template)]
#[template(path = "accounting/payments/certificate.html")]
pub struct CertificatePage {
    pub shell: Shell,
    pub list: String,
    pub path: String,
    pub payment: String,
    pub about: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub fields: Vec<Field>,
    pub version: String,
    pub key: Uuid,
}

impl CertificatePage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        row: &DeductionRow,
        (form, saved): (&CertificateForm, Option<&CertificateForm>),
    ) -> Self {
        let its = &row.deduction;
        let about = Said::new("{amount} from {name} under {section}, {quarter}")
            .with("amount", row.stands())
            .with("name", row.customer.as_str())
            .with("section", section_words(lang, its.tax, &its.section))
            .with("quarter", year_and_quarter(its.deducted_on));
        let field = |kind, name, label: &'static str, typed: &str, old: Option<&str>| {
            Field::new(kind, name, lang.t(label))
                .value(typed)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
                .theirs(theirs(old.is_some(), old, typed))
        };
        let list = format!("{base}/tax-deducted");
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || saved.is_some()),
            path: format!("{list}/{}", row.number),
            payment: format!("{base}/payments/{}", row.number),
            about: lang.say(&about),
            summary: form.remarks.summary(lang),
            conflict: saved.is_some(),
            fields: vec![
                field(
                    "text",
                    "certificate",
                    text!("Number of the certificate"),
                    &form.certificate,
                    saved.map(|saved| saved.certificate.as_str()),
                )
                .hint(lang.t(its.tax.certificate())),
                field(
                    "date",
                    "certificate_on",
                    text!("Date of the certificate"),
                    &form.certificate_on,
                    saved.map(|saved| saved.certificate_on.as_str()),
                )
                .hint(lang.t("Both empty: it is outstanding.")),
            ],
            version: form.version.clone(),
            list,
            key: new_key(),
        }
    }

    /// The form as it is saved.
    pub fn of(row: &DeductionRow) -> CertificateForm {
        let its = &row.deduction;
        CertificateForm {
            certificate: its.certificate.clone().unwrap_or_default(),
            certificate_on: its
                .certificate_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: version(Some(its.updated_at)),
            ..CertificateForm::default()
        }
    }
}

/// What the page of a payment says of the tax that was deducted: of the tax itself, and beside the money that came with it.
pub struct TaxCard {
    pub facts: Vec<(String, String)>,
    /// The other payment of the two: its number.
    pub other: Option<String>,
    /// Whether the page is that of the tax.
    pub is_tax: bool,
    /// Where the certificate is written down.
    pub certificate: String,
    pub pill: Pill,
    pub is_doubtful: bool,
    /// The money came back, and the tax did not.
    pub is_left: bool,
}

impl TaxCard {
    pub fn new(
        lang: Lang,
        base: &str,
        (payment, is_bounced): (PaymentId, bool),
        row: &DeductionRow,
    ) -> Self {
        let its = &row.deduction;
        let is_tax = its.id == payment;
        let fact = |label: &str, value: String| (lang.t(label).into_owned(), value);
        let mut facts = vec![
            fact("Tax deducted", row.stands().to_string()),
            fact("Section", section_words(lang, its.tax, &its.section)),
            fact("Rate", its.rate.to_string()),
            fact("Value without GST", its.taxable.to_string()),
            fact("Year and quarter", year_and_quarter(its.deducted_on)),
        ];
        if let (Some(number), Some(day)) = (&its.certificate, its.certificate_on) {
            let words = format!("{number} · {}", dates::date(day, lang));
            facts.push(fact(its.tax.certificate(), words));
        }
        Self {
            facts,
            other: if is_tax {
                row.money.clone()
            } else {
                Some(row.number.clone())
            },
            is_tax,
            certificate: format!("{base}/tax-deducted/{}", row.number),
            pill: pill(lang, row),
            is_doubtful: doubts(row),
            is_left: is_bounced && !is_tax && !row.stands().is_zero(),
        }
    }
}
