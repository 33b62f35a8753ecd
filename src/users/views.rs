//! One struct for each template of a person's own account.

use super::forms;
use crate::kernel::language::Lang;
use crate::platform::accounts::Person;
use crate::platform::accounts::attempts::Attempt;
use crate::platform::accounts::sessions::Session;
use crate::platform::accounts::users::User;
use crate::web::components::{Choice, Field, Pill, Summary};
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "users/sign_in.html")]
pub struct SignInPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub email: Field,
    pub password: Field,
    pub next: String,
}

impl SignInPage {
    pub fn new(shell: Shell, lang: Lang, form: &forms::SignIn) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            email: email_field(lang, &form.email).remarks(&form.remarks, lang),
            password: Field::new("password", "password", lang.t("Password"))
                .autocomplete("current-password")
                .remarks(&form.remarks, lang),
            next: form.next.clone(),
        }
    }
}

fn email_field(lang: Lang, value: &str) -> Field {
    Field::new("email", "email", lang.t("E-mail"))
        .value(value)
        .autocomplete("username")
        .inputmode("email")
}

fn code_field(lang: Lang) -> Field {
    Field::text("code", lang.t("Code from the letter"))
        .hint(lang.t("Eight digits; good for ten minutes."))
        .autocomplete("one-time-code")
        .inputmode("numeric")
}

#[derive(Template)]
#[template(path = "users/code.html")]
pub struct CodePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub email: Field,
    pub code: Option<Field>,
    pub next: String,
}

impl CodePage {
    pub fn new(shell: Shell, lang: Lang, form: &forms::Code, is_sent: bool) -> Self {
        let email = email_field(lang, &form.email).remarks(&form.remarks, lang);
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            email: if is_sent { email.readonly() } else { email },
            code: is_sent.then(|| code_field(lang).remarks(&form.remarks, lang)),
            next: form.next.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "users/forgot.html")]
pub struct ForgotPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub email: Field,
}

impl ForgotPage {
    pub fn new(shell: Shell, lang: Lang, form: &forms::Code) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            email: email_field(lang, &form.email).remarks(&form.remarks, lang),
        }
    }
}

#[derive(Template)]
#[template(path = "users/reset.html")]
pub struct ResetPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub email: Field,
    pub code: Field,
    pub password: Field,
}

impl ResetPage {
    pub fn new(shell: Shell, lang: Lang, form: &forms::Reset) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            email: email_field(lang, &form.email).remarks(&form.remarks, lang),
            code: code_field(lang)
                .value(&form.code)
                .remarks(&form.remarks, lang),
            password: new_password(lang).remarks(&form.remarks, lang),
        }
    }
}

fn new_password(lang: Lang) -> Field {
    Field::new("password", "password", lang.t("New password"))
        .hint(lang.t("10 characters or more. Four words are easy to keep in mind."))
        .autocomplete("new-password")
}

/// A workspace to choose.
pub struct Workspace {
    pub href: String,
    pub name: String,
    pub initials: String,
    pub role: String,
    pub pill: Option<Pill>,
}

#[derive(Template)]
#[template(path = "users/workspaces.html")]
pub struct WorkspacesPage {
    pub shell: Shell,
    pub workspaces: Vec<Workspace>,
}

impl WorkspacesPage {
    pub fn new(shell: Shell, lang: Lang, person: &Person) -> Self {
        let tile = crate::web::nav::initials;
        let mut workspaces: Vec<Workspace> = person
            .companies
            .iter()
            .map(|door| Workspace {
                href: format!("/c/{}/", door.slug),
                name: door.name.clone(),
                initials: tile(&door.name),
                role: lang.t(door.role.label()).into_owned(),
                pill: (door.status != "active")
                    .then(|| Pill::new(lang.t("Not active"), "warn", "plain")),
            })
            .collect();
        workspaces.extend(person.retailers.iter().map(|door| Workspace {
            href: format!("/r/{}", door.slug),
            name: door.name.clone(),
            initials: tile(&door.name),
            role: lang.t(door.role.label()).into_owned(),
            pill: None,
        }));
        if person.is_platform_admin {
            workspaces.push(Workspace {
                href: "/admin".to_owned(),
                name: lang.t("Platform").into_owned(),
                initials: "M".to_owned(),
                role: lang.t("Platform admin").into_owned(),
                pill: None,
            });
        }
        Self { shell, workspaces }
    }
}

#[derive(Template)]
#[template(path = "users/help.html")]
pub struct HelpPage {
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "users/privacy.html")]
pub struct PrivacyPage {
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "users/profile.html")]
pub struct ProfilePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub email: String,
    pub name: Field,
    pub phone: Field,
    pub version: String,
    pub key: Uuid,
}

impl ProfilePage {
    pub fn new(shell: Shell, lang: Lang, email: &str, form: &forms::Profile) -> Self {
        let theirs = form.theirs.clone();
        let name_theirs = theirs
            .as_ref()
            .map(|(name, _)| name.clone())
            .filter(|name| *name != form.name);
        let phone_theirs = theirs
            .as_ref()
            .map(|(_, phone)| phone.clone())
            .filter(|phone| *phone != form.phone);
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || theirs.is_some()),
            summary: form.remarks.summary(lang),
            conflict: theirs.is_some(),
            email: email.to_owned(),
            name: Field::text("name", lang.t("Name"))
                .value(&form.name)
                .autocomplete("name")
                .remarks(&form.remarks, lang)
                .theirs(name_theirs),
            phone: Field::new("tel", "phone", lang.t("Mobile number"))
                .value(&form.phone)
                .optional()
                .autocomplete("tel")
                .inputmode("tel")
                .remarks(&form.remarks, lang)
                .theirs(phone_theirs),
            version: form.version.clone(),
            key: crate::web::forms::new_key(),
        }
    }

    pub fn of(user: &User) -> forms::Profile {
        forms::Profile {
            name: user.name.clone(),
            phone: user.phone.clone().unwrap_or_default(),
            version: user.updated_at.to_rfc3339(),
            ..forms::Profile::default()
        }
    }
}

#[derive(Template)]
#[template(path = "users/security.html")]
pub struct SecurityPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub email: String,
    pub current: Field,
    pub password: Field,
    pub sessions: Vec<(Session, bool)>,
    pub attempts: Vec<(Attempt, Pill)>,
    pub key: Uuid,
}

impl SecurityPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        email: &str,
        form: &forms::ChangePassword,
        rows: (Vec<(Session, bool)>, Vec<Attempt>),
    ) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            email: email.to_owned(),
            current: Field::new("password", "current", lang.t("Current password"))
                .autocomplete("current-password")
                .remarks(&form.remarks, lang),
            password: new_password(lang).remarks(&form.remarks, lang),
            sessions: rows.0,
            attempts: rows
                .1
                .into_iter()
                .map(|attempt| (outcome(lang, &attempt.outcome), attempt))
                .map(|(pill, attempt)| (attempt, pill))
                .collect(),
            key: crate::web::forms::new_key(),
        }
    }
}

fn outcome(lang: Lang, outcome: &str) -> Pill {
    match outcome {
        "signed_in" => Pill::new(lang.t("Signed in"), "ok", "full"),
        "code_sent" => Pill::new(lang.t("Code sent"), "info", "half"),
        "reset" => Pill::new(lang.t("New password set"), "ok", "full"),
        "throttled" => Pill::new(lang.t("Had to wait"), "warn", "plain"),
        _ => Pill::new(lang.t("Wrong password or code"), "warn", ""),
    }
}

#[derive(Template)]
#[template(path = "users/preferences.html")]
pub struct PreferencesPage {
    pub shell: Shell,
    pub language: Field,
    pub theme: Field,
    pub shortcuts: Field,
    pub key: Uuid,
}

impl PreferencesPage {
    pub fn new(shell: Shell, lang: Lang, person: &Person) -> Self {
        let language = person.language.map_or("", Lang::code);
        let theme = person.theme.as_deref().unwrap_or_default();
        let mut languages = vec![Choice::new("", lang.t("As the browser asks"), language)];
        languages.extend(
            Lang::ALL
                .iter()
                .map(|known| Choice::new(known.code(), known.name(), language)),
        );
        let themes = vec![
            Choice::new("", lang.t("As the system"), theme),
            Choice::new("light", lang.t("Light"), theme),
            Choice::new("dark", lang.t("Dark"), theme),
        ];
        Self {
            shell,
            language: Field::new("radio", "language", lang.t("Language")).choices(languages),
            theme: Field::new("radio", "theme", lang.t("Appearance")).choices(themes),
            shortcuts: Field::new("checkbox", "shortcuts", lang.t("Single-key shortcuts"))
                .hint(lang.t("Press ? on any page to see them."))
                .checked(person.has_shortcuts),
            key: crate::web::forms::new_key(),
        }
    }
}

/// The letter with a one-time code, as text.
#[derive(Template)]
#[template(path = "mail/code.txt")]
pub struct CodeText<'a> {
    pub name: &'a str,
    pub code: &'a str,
    pub is_reset: bool,
}

/// The letter with a one-time code, as HTML.
#[derive(Template)]
#[template(path = "mail/code.html")]
pub struct CodeHtml<'a> {
    pub lang: Lang,
    pub name: &'a str,
    pub code: &'a str,
    pub is_reset: bool,
}
