//! Series of numbers: the list, and one of them.

use super::{registrations, version};
use crate::accounting::forms::settings::SeriesForm;
use crate::accounting::model::SeriesRow;
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::numbers;
use crate::kernel::dates::FinancialYear;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// A series as a row.
pub struct Row {
    pub id: Uuid,
    pub template: String,
    pub kind: String,
    pub gstin: String,
    pub next: String,
    pub is_default: bool,
    pub is_active: bool,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "accounting/settings/series_list.html")]
pub struct SeriesListPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub about: String,
    pub begins: String,
    pub rows: Vec<Row>,
    pub key: Uuid,
}

fn pill(lang: Lang, row: &SeriesRow) -> Pill {
    match (row.is_default, row.is_active) {
        (true, _) => Pill::new(lang.t("For new documents"), "ok", "full"),
        (false, true) => Pill::new(lang.t("Can be chosen"), "info", "half"),
        (false, false) => Pill::new(lang.t("Out of use"), "", "plain"),
    }
}

impl SeriesListPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        year: FinancialYear,
        rows: Vec<SeriesRow>,
    ) -> Self {
        let row = |row: SeriesRow| Row {
            id: row.id.uuid(),
            kind: lang.t(row.kind.label()).into_owned(),
            next: numbers::number(&row.template, year, row.last + 1),
            pill: pill(lang, &row),
            is_default: row.is_default,
            is_active: row.is_active,
            template: row.template,
            gstin: row.gstin,
        };
        let usual = numbers::template(Kind::Invoice, None);
        Self {
            shell,
            path: format!("{base}/settings/series"),
            base,
            about: lang.say(
                &Said::new("Next numbers of {year}. Each series begins with 1 on 1 April, and has no gaps: so no number can be set.")
                    .with("year", year.to_string()),
            ),
            begins: lang.say(
                &Said::new("Where a registration has no series of a kind, its first document begins one, like {number}.")
                    .with("number", numbers::number(&usual, year, 1)),
            ),
            rows: rows.into_iter().map(row).collect(),
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/settings/series.html")]
pub struct SeriesPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub list: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub about: Option<(String, String, String)>,
    pub is_used: bool,
    pub fields: Vec<Field>,
    pub version: String,
    pub key: Uuid,
}

/// How many digits can be chosen.
const DIGITS: std::ops::RangeInclusive<usize> = 1..=9;

impl SeriesPage {
    /// The form of a new series.
    pub fn to_add(
        shell: Shell,
        (lang, base): (Lang, String),
        form: &SeriesForm,
        gstins: &[String],
    ) -> Self {
        let word = lang.t("Choose").into_owned();
        let mut kinds = vec![Choice::new("", word.as_str(), &form.kind)];
        kinds.extend(
            Kind::ALL
                .iter()
                .map(|kind| Choice::new(kind.as_str(), lang.t(kind.label()), &form.kind)),
        );
        let mut fields = vec![
            Field::new("select", "registration", lang.t("GST registration"))
                .choices(registrations(gstins, &form.registration, word))
                .remarks(&form.remarks, lang),
            Field::new("select", "kind", lang.t("What it numbers"))
                .choices(kinds)
                .remarks(&form.remarks, lang),
        ];
        fields.extend(looks(lang, form, None));
        fields.push(
            Field::new("checkbox", "preferred", lang.t("New documents take it"))
                .checked(form.preferred == "on"),
        );
        let path = format!("{base}/settings/series/new");
        Self::made(shell, (lang, base, path), form, (fields, false))
    }

    /// One that is there.
    pub fn of(
        shell: Shell,
        (lang, base): (Lang, String),
        (form, conflict): (&SeriesForm, bool),
        (row, year): (&SeriesRow, FinancialYear),
    ) -> Self {
        let fields = looks(lang, form, conflict.then_some(row));
        let path = format!("{base}/settings/series/{}", row.id);
        let mut page = Self::made(shell, (lang, base, path), form, (fields, conflict));
        page.about = Some((
            row.gstin.clone(),
            lang.t(row.kind.label()).into_owned(),
            numbers::number(&row.template, year, row.last + 1),
        ));
        page.is_used = row.is_used;
        page
    }

    fn made(
        shell: Shell,
        (lang, base, path): (Lang, String, String),
        form: &SeriesForm,
        (fields, conflict): (Vec<Field>, bool),
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            list: format!("{base}/settings/series"),
            base,
            path,
            summary: form.remarks.summary(lang),
            conflict,
            about: None,
            is_used: false,
            fields,
            version: form.version.clone(),
            key: new_key(),
        }
    }

    /// The form as it is saved.
    pub fn form(row: &SeriesRow) -> SeriesForm {
        let (prefix, digits) = numbers::parts(&row.template);
        SeriesForm {
            prefix: prefix.to_owned(),
            digits: digits.to_string(),
            version: version(Some(row.updated_at)),
            ..SeriesForm::default()
        }
    }
}

fn looks(lang: Lang, form: &SeriesForm, saved: Option<&SeriesRow>) -> Vec<Field> {
    let (prefix, digits) = saved.map_or(("", 0), |row| numbers::parts(&row.template));
    let hint = Said::new("Letters, digits, - and /. {fy} becomes 26-27 and {fy4} becomes 2627. With the digits 16 characters at most (rule 46).")
        .with("fy", "{FY}")
        .with("fy4", "{FY4}");
    let choices = DIGITS.map(|count| {
        let count = count.to_string();
        Choice::new(&count, count.as_str(), &form.digits)
    });
    vec![
        Field::text("prefix", lang.t("Numbers begin with"))
            .value(&form.prefix)
            .autocomplete("off")
            .hint(lang.say(&hint))
            .remarks(&form.remarks, lang)
            .theirs(theirs(saved.is_some(), Some(prefix), &form.prefix)),
        Field::new("select", "digits", lang.t("Digits, with zeros before them"))
            .choices(choices.collect())
            .remarks(&form.remarks, lang)
            .theirs(theirs(
                saved.is_some(),
                Some(&digits.to_string()),
                &form.digits,
            )),
    ]
}
