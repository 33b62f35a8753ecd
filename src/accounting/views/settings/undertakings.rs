//! Letters of undertaking.

use super::{registrations, version};
use crate::accounting::forms::settings::UndertakingForm;
use crate::accounting::model::Undertaking;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A letter of undertaking as a row.
pub struct UndertakingRow {
    pub id: Uuid,
    pub number: String,
    pub gstin: String,
    pub period: String,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "accounting/settings/undertakings.html")]
pub struct UndertakingsPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub rows: Vec<UndertakingRow>,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub key: Uuid,
}

fn row((row, gstin): (Undertaking, String), today: NaiveDate, lang: Lang) -> UndertakingRow {
    let pill = if row.valid_to < today {
        Pill::new(lang.t("Ended"), "", "plain")
    } else if row.valid_from > today {
        Pill::new(lang.t("Later"), "info", "")
    } else {
        Pill::new(lang.t("Holds today"), "ok", "full")
    };
    let (from, to) = (
        dates::date(row.valid_from, lang),
        dates::date(row.valid_to, lang),
    );
    UndertakingRow {
        id: row.id.uuid(),
        period: lang.say(
            &Said::new("{from} to {to}")
                .with("from", from)
                .with("to", to),
        ),
        number: row.number,
        gstin,
        pill,
    }
}

fn undertaking_fields(
    lang: Lang,
    (form, saved): (&UndertakingForm, Option<&UndertakingForm>),
    gstins: &[String],
) -> Vec<Field> {
    let field = |kind, name, label: &'static str, typed: &str, old: Option<&str>| {
        Field::new(kind, name, lang.t(label))
            .value(typed)
            .autocomplete("off")
            .remarks(&form.remarks, lang)
            .theirs(theirs(old.is_some(), old, typed))
    };
    let old = |which: fn(&UndertakingForm) -> &String| saved.map(|saved| which(saved).as_str());
    let word = lang.t("Choose").into_owned();
    vec![
        Field::new("select", "registration", lang.t("GST registration"))
            .choices(registrations(gstins, &form.registration, word))
            .remarks(&form.remarks, lang)
            .theirs(theirs(
                saved.is_some(),
                old(|form| &form.registration),
                &form.registration,
            )),
        field(
            "text",
            "number",
            text!("Number"),
            &form.number,
            old(|form| &form.number),
        )
        .hint(lang.t("The ARN of form GST RFD-11.")),
        field(
            "date",
            "valid_from",
            text!("From"),
            &form.valid_from,
            old(|form| &form.valid_from),
        ),
        field(
            "date",
            "valid_to",
            text!("To"),
            &form.valid_to,
            old(|form| &form.valid_to),
        )
        .hint(lang.t("The 31st of March at the latest.")),
    ]
}

impl UndertakingsPage {
    pub fn new(
        shell: Shell,
        (lang, base, today): (Lang, String, NaiveDate),
        (rows, gstins): (Vec<(Undertaking, String)>, &[String]),
        form: &UndertakingForm,
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            path: format!("{base}/settings/undertakings"),
            base,
            rows: rows
                .into_iter()
                .map(|found| row(found, today, lang))
                .collect(),
            summary: form.remarks.summary(lang),
            fields: undertaking_fields(lang, (form, None), gstins),
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/settings/undertaking.html")]
pub struct UndertakingPage {
    pub shell: Shell,
    pub path: String,
    pub list: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub fields: Vec<Field>,
    pub version: String,
    pub key: Uuid,
}

impl UndertakingPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        (id, gstins): (Uuid, &[String]),
        (form, saved): (&UndertakingForm, Option<&UndertakingForm>),
    ) -> Self {
        let list = format!("{base}/settings/undertakings");
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || saved.is_some()),
            path: format!("{list}/{id}"),
            list,
            summary: form.remarks.summary(lang),
            conflict: saved.is_some(),
            fields: undertaking_fields(lang, (form, saved), gstins),
            version: form.version.clone(),
            key: new_key(),
        }
    }

    /// The form as it is saved.
    pub fn of(saved: &Undertaking, gstin: &str) -> UndertakingForm {
        UndertakingForm {
            registration: gstin.to_owned(),
            number: saved.number.clone(),
            valid_from: saved.valid_from.to_string(),
            valid_to: saved.valid_to.to_string(),
            version: version(Some(saved.updated_at)),
            ..UndertakingForm::default()
        }
    }
}
