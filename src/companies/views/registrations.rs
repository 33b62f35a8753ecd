//! GST registrations: the list, the form, one of them.

use super::state_name;
use crate::companies::forms::{RegistrationForm, TradeNameForm};
use crate::companies::model::Registration;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::forms::theirs;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

fn pill(lang: Lang, row: &Registration) -> Pill {
    match (row.is_primary, row.ended_on) {
        (_, Some(day)) => Pill::new(
            lang.say(&Said::new("Ended {day}").with("day", dates::date(day, lang))),
            "",
            "plain",
        ),
        (true, None) => Pill::new(lang.t("Primary"), "info", "full"),
        (false, None) => Pill::new(lang.t("Active"), "ok", "full"),
    }
}

/// A registration in the list.
pub struct RegistrationRow {
    pub registration: Registration,
    pub state: String,
    pub pill: Pill,
}

#[derive(Template)]
#[template(path = "companies/registrations.html")]
pub struct RegistrationsPage {
    pub shell: Shell,
    pub rows: Vec<RegistrationRow>,
    pub base: String,
    pub may_edit: bool,
}

impl RegistrationsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_edit): (String, bool),
        rows: Vec<Registration>,
    ) -> Self {
        Self {
            shell,
            rows: rows
                .into_iter()
                .map(|registration| RegistrationRow {
                    state: state_name(&registration.state_code),
                    pill: pill(lang, &registration),
                    registration,
                })
                .collect(),
            base,
            may_edit,
        }
    }
}

#[derive(Template)]
#[template(path = "companies/registration_new.html")]
pub struct NewRegistrationPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub list: String,
    pub key: Uuid,
}

impl NewRegistrationPage {
    pub fn new(shell: Shell, lang: Lang, list: String, form: &RegistrationForm) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            fields: vec![
                Field::text("gstin", lang.t("GSTIN"))
                    .value(&form.gstin)
                    .autocomplete("off")
                    .hint(lang.t("Fifteen characters, with the company's PAN in it. The state comes from it, the check digit is verified."))
                    .remarks(&form.remarks, lang),
                Field::text("trade_name", lang.t("Trade name"))
                    .value(&form.trade_name)
                    .autocomplete("off")
                    .hint(lang.t("As on the certificate."))
                    .remarks(&form.remarks, lang),
            ],
            list,
            key: new_key(),
        }
    }
}

/// Where a registration's page stands, and what its reader may do.
pub struct RegistrationAt {
    pub base: String,
    pub may_edit: bool,
    /// Whether the reader may change what documents under it are made by.
    pub may_bill: bool,
}

#[derive(Template)]
#[template(path = "companies/registration.html")]
pub struct RegistrationPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub registration: Registration,
    pub state: String,
    pub pill: Pill,
    pub trade_name: Field,
    pub list: String,
    pub more: Option<String>,
    pub may_edit: bool,
    pub version: String,
    pub key: Uuid,
}

impl RegistrationPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        at: RegistrationAt,
        registration: Registration,
        (form, conflict): (&TradeNameForm, bool),
    ) -> Self {
        let RegistrationAt {
            base,
            may_edit,
            may_bill,
        } = at;
        let trade_name = Field::text("trade_name", lang.t("Trade name"))
            .value(&form.trade_name)
            .autocomplete("off")
            .hint(lang.t("As on the certificate."))
            .remarks(&form.remarks, lang)
            .theirs(theirs(
                conflict,
                Some(&registration.trade_name),
                &form.trade_name,
            ));
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            state: state_name(&registration.state_code),
            pill: pill(lang, &registration),
            trade_name: if may_edit {
                trade_name
            } else {
                trade_name.readonly()
            },
            more: may_bill.then(|| format!("{base}/settings/e-invoices/{}", registration.gstin)),
            list: format!("{base}/settings/registrations"),
            may_edit,
            version: form.version.clone(),
            registration,
            key: new_key(),
        }
    }

    pub fn of(registration: &Registration) -> TradeNameForm {
        TradeNameForm {
            trade_name: registration.trade_name.clone(),
            version: registration.updated_at.to_rfc3339(),
            ..TradeNameForm::default()
        }
    }
}
