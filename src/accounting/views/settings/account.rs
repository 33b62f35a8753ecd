//! How one registration stands, and how it signs in at the authority.

use super::einvoices::pill;
use super::version;
use crate::accounting::forms::settings::{AccountForm, StandingForm};
use crate::accounting::model::{Account, Seated, StoredSession};
use crate::accounting::outside::Environment;
use crate::accounting::rules::errors;
use crate::accounting::rules::settings::{TAXPAYER_TYPES, taxpayer};
use crate::companies::model::Registration;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// What the page stands on.
pub struct AccountGround {
    pub registration: Registration,
    pub account: Option<Account>,
    pub session: Option<StoredSession>,
}

/// What was typed into one of the two forms, and whether somebody else saved meanwhile.
#[derive(Default)]
pub struct Typed {
    pub account: Option<(AccountForm, bool)>,
    pub standing: Option<(StandingForm, bool)>,
    /// What the authority said to a login that did not come about.
    pub tried: Option<Said>,
}

#[derive(Template)]
#[template(path = "accounting/settings/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub base: String,
    pub path: String,
    pub gstin: String,
    pub pill: Pill,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub tried: Option<String>,
    /// Since when it is not used, and why.
    pub refused: Option<String>,
    pub environment: Option<String>,
    pub is_sandbox: bool,
    pub is_stray: bool,
    pub has_account: bool,
    pub fields: Vec<Field>,
    pub version: String,
    pub since: Option<String>,
    pub holds_until: Option<String>,
    pub facts: Vec<Field>,
    pub facts_version: String,
    pub key: Uuid,
}

impl AccountPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, String),
        environment: Option<Environment>,
        ground: AccountGround,
        typed: Typed,
    ) -> Self {
        let registration = ground.registration;
        let (account, conflict) = typed
            .account
            .unwrap_or_else(|| (account_form(ground.account.as_ref()), false));
        let (standing, is_moved) = typed
            .standing
            .unwrap_or_else(|| (standing_form(&registration), false));
        let summary = account
            .remarks
            .summary(lang)
            .or_else(|| standing.remarks.summary(lang));
        let has_errors = summary.is_some() || conflict || is_moved || typed.tried.is_some();
        let saved = ground.account.as_ref();
        let seated = Seated {
            registration: registration.id,
            gstin: registration.gstin.clone(),
            trade_name: registration.trade_name.clone(),
            account: ground.account.clone(),
        };
        let is_stray =
            saved.is_some_and(|row| environment.is_none_or(|at| row.environment != at.as_str()));
        Self {
            shell: shell.with_errors(has_errors),
            path: format!("{base}/settings/e-invoices/{}", registration.gstin),
            base,
            pill: pill(lang, environment, &seated),
            summary,
            conflict: conflict || is_moved,
            // What was said to a try just now is said once.
            refused: saved
                .filter(|_| typed.tried.is_none())
                .and_then(|row| refused(lang, row)),
            tried: typed.tried.map(|said| lang.say(&said)),
            environment: environment.map(|at| lang.t(place(at)).into_owned()),
            is_sandbox: environment == Some(Environment::Sandbox),
            is_stray,
            has_account: saved.is_some(),
            fields: account_fields(lang, (&account, conflict), saved, is_stray),
            version: account.version,
            since: saved.map(|row| since(lang, row)),
            holds_until: ground
                .session
                .and_then(|session| session.expires_at)
                .map(|at| dates::full_date_and_time(at, lang)),
            facts: facts(lang, (&standing, is_moved), &registration),
            facts_version: standing.version,
            gstin: registration.gstin,
            key: new_key(),
        }
    }
}

const fn place(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => text!("Sandbox"),
        Environment::Live => text!("The authority itself"),
    }
}

/// What the authority said to these secrets, if it refused them, and what that means.
fn refused(lang: Lang, account: &Account) -> Option<String> {
    let at = account.login_refused_at?;
    let said = errors::in_words(
        Said::new(
            "The authority did not let it in on {at}: {words} Nothing is sent with these secrets any more, until you save others or a try to sign in holds.",
        ),
        account.login_refused_code.as_deref(),
        account.login_refused_said.as_deref().unwrap_or_default(),
    );
    Some(lang.say(&said.with("at", dates::full_date_and_time(at, lang))))
}

/// "Set on 20 Nov 2026, 11:40 am by Asha Owner": all that is ever said of secrets.
fn since(lang: Lang, account: &Account) -> String {
    let at = dates::full_date_and_time(account.secrets_set_at, lang);
    let said = if account.secrets_set_by_name.is_empty() {
        Said::new("Set on {at} by the sandbox.")
    } else {
        Said::new("Set on {at} by {who}.").with("who", account.secrets_set_by_name.as_str())
    };
    lang.say(&said.with("at", at))
}

/// The form as it is saved. Secrets stay where they are.
fn account_form(account: Option<&Account>) -> AccountForm {
    match account {
        None => AccountForm {
            active: "on".to_owned(),
            ..AccountForm::default()
        },
        Some(account) => AccountForm {
            client_id: account.client_id.clone(),
            user_name: account.user_name.clone(),
            active: if account.is_active { "on" } else { "" }.to_owned(),
            version: version(Some(account.updated_at)),
            ..AccountForm::default()
        },
    }
}

fn standing_form(registration: &Registration) -> StandingForm {
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    StandingForm {
        taxpayer_type: registration.taxpayer_type.clone(),
        address: word(&registration.address),
        city: word(&registration.city),
        pincode: word(&registration.pincode),
        version: version(Some(registration.updated_at)),
        ..StandingForm::default()
    }
}

fn account_fields(
    lang: Lang,
    (form, conflict): (&AccountForm, bool),
    saved: Option<&Account>,
    is_stray: bool,
) -> Vec<Field> {
    let field = |kind, name, label: &'static str, typed: &str, old: Option<&str>| {
        Field::new(kind, name, lang.t(label))
            .value(typed)
            .autocomplete("off")
            .remarks(&form.remarks, lang)
            .theirs(theirs(conflict, old, typed))
    };
    let secret = |name, label: &'static str| {
        let made = Field::new("password", name, lang.t(label))
            .autocomplete("new-password")
            .remarks(&form.remarks, lang);
        if saved.is_some() && !is_stray {
            made.optional()
                .hint(lang.t("Empty: it stays as it is. Kept encrypted and never shown again."))
        } else {
            made.hint(lang.t("Kept encrypted and never shown again."))
        }
    };
    vec![
        field(
            "text",
            "client_id",
            text!("Client id"),
            &form.client_id,
            saved.map(|row| row.client_id.as_str()),
        ),
        secret("client_secret", text!("Client secret")),
        field(
            "text",
            "user_name",
            text!("User name"),
            &form.user_name,
            saved.map(|row| row.user_name.as_str()),
        ),
        secret("password", text!("Password")),
        Field::new(
            "checkbox",
            "active",
            lang.t("Send documents with this account"),
        )
        .checked(form.active == "on"),
    ]
}

fn facts(lang: Lang, (form, conflict): (&StandingForm, bool), saved: &Registration) -> Vec<Field> {
    let field = |kind, name, label: &'static str, typed: &str, old: &Option<String>| {
        Field::new(kind, name, lang.t(label))
            .value(typed)
            .optional()
            .remarks(&form.remarks, lang)
            .theirs(theirs(conflict, old.as_deref(), typed))
    };
    let types = TAXPAYER_TYPES
        .iter()
        .map(|(code, label)| Choice::new(code, lang.t(label), &form.taxpayer_type));
    let kind = lang.t(taxpayer(&saved.taxpayer_type));
    let is_other = conflict && saved.taxpayer_type != form.taxpayer_type;
    vec![
        Field::new("select", "taxpayer_type", lang.t("Type of taxpayer"))
            .choices(types.collect())
            .hint(lang.t("Composition suppliers and units in a special economic zone don't e-invoice."))
            .remarks(&form.remarks, lang)
            .theirs(is_other.then(|| kind.into_owned())),
        field(
            "textarea",
            "address",
            text!("Street and area"),
            &form.address,
            &saved.address,
        )
        .hint(lang.t("Where this registration does business, as documents print it. Empty: the company's address.")),
        field("text", "city", text!("City"), &form.city, &saved.city),
        field(
            "text",
            "pincode",
            text!("PIN code"),
            &form.pincode,
            &saved.pincode,
        )
        .inputmode("numeric"),
    ]
}
