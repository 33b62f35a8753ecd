//! From which day on a company has to e-invoice, and how each of its registrations signs in.

use super::version;
use crate::accounting::forms::settings::FromForm;
use crate::accounting::model::{Seated, Settings, Turnover};
use crate::accounting::outside::Environment;
use crate::accounting::rules::settings::obliges;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

/// A registration as a row.
pub struct Row {
    pub gstin: String,
    pub trade_name: String,
    pub user: String,
    pub pill: Pill,
}

/// What the page stands on.
pub struct EInvoicesGround {
    pub settings: Option<Settings>,
    pub newest: Option<NaiveDate>,
    pub seated: Vec<Seated>,
    pub turnovers: Vec<Turnover>,
}

#[derive(Template)]
#[template(path = "accounting/settings/einvoices.html")]
pub struct EInvoicesPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub from: Field,
    pub version: String,
    pub has_to: Option<String>,
    pub rows: Vec<Row>,
    pub is_sandbox: bool,
    pub has_authority: bool,
    pub key: Uuid,
}

/// How an account stands.
pub(super) fn pill(lang: Lang, environment: Option<Environment>, seated: &Seated) -> Pill {
    match (&seated.account, environment) {
        (None, _) => Pill::new(lang.t("No account"), "", "plain"),
        (Some(account), _) if !account.is_active => {
            Pill::new(lang.t("Out of use"), "warn", "plain")
        }
        (Some(account), Some(at))
            if account.environment == at.as_str() && account.login_refused_at.is_some() =>
        {
            Pill::new(lang.t("Not let in"), "bad", "full")
        }
        (Some(account), Some(at)) if account.environment == at.as_str() => {
            Pill::new(lang.t("In use"), "ok", "full")
        }
        (Some(_), _) => Pill::new(lang.t("For another authority"), "warn", "plain"),
    }
}

impl EInvoicesPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        environment: Option<Environment>,
        ground: EInvoicesGround,
        (form, conflict): (&FromForm, bool),
    ) -> Self {
        let saved = ground.settings.as_ref().and_then(|row| row.einvoice_from);
        let saved_word = saved.map(|day| day.to_string());
        let hint = match ground.newest {
            Some(day) => lang.say(
                &Said::new("Empty: the company need not. The newest document is of {day}; a day that is set now comes after it.")
                    .with("day", dates::date(day, lang)),
            ),
            None => lang.t("Empty: the company need not.").into_owned(),
        };
        let mut liable = ground.turnovers.iter().rev();
        let has_to = liable
            .find(|row| saved.is_none() && obliges(row.amount))
            .map(|row| {
                lang.say(
                    &Said::new("The turnover of {year} was above ₹5 crore, so the company has to e-invoice.")
                        .with("year", row.year.as_str()),
                )
            });
        let row = |seated: Seated| Row {
            pill: pill(lang, environment, &seated),
            user: seated
                .account
                .map_or_else(|| "–".to_owned(), |account| account.user_name),
            gstin: seated.gstin,
            trade_name: seated.trade_name,
        };
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            path: format!("{base}/settings/e-invoices"),
            base,
            summary: form.remarks.summary(lang),
            conflict,
            from: Field::new(
                "date",
                "einvoice_from",
                lang.t("The company has to e-invoice from"),
            )
            .value(&form.einvoice_from)
            .hint(hint)
            .optional()
            .remarks(&form.remarks, lang)
            .theirs(theirs(conflict, saved_word.as_deref(), &form.einvoice_from)),
            version: form.version.clone(),
            has_to,
            rows: ground.seated.into_iter().map(row).collect(),
            is_sandbox: environment == Some(Environment::Sandbox),
            has_authority: environment.is_some(),
            key: new_key(),
        }
    }

    /// The form as it is saved.
    pub fn of(settings: Option<&Settings>) -> FromForm {
        FromForm {
            einvoice_from: settings
                .and_then(|row| row.einvoice_from)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: version(settings.map(|row| row.updated_at)),
            ..FromForm::default()
        }
    }
}
