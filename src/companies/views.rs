//! One struct for each template of companies.

use super::forms::{AcceptForm, EmployeeForm, InviteForm, OpenForm, ProfileForm};
use super::model::{Company, Employee, Invitation, PersonRow, Registration, STATES};
use super::rules;
use crate::kernel::language::{Lang, Said};
use crate::kernel::state::State;
use crate::platform::permissions::{self, Role, ShopRole};
use crate::web::components::{
    Chip, Choice, Confirm, Empty, Field, Pager, Pill, SortHead, Summary, Toolbar,
};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub fn company_pill(lang: Lang, status: &str) -> Pill {
    match status {
        "active" => Pill::new(lang.t("Active"), "ok", "full"),
        "suspended" => Pill::new(lang.t("Suspended"), "warn", "plain"),
        "closing" => Pill::new(lang.t("Closing"), "warn", "half"),
        _ => Pill::new(lang.t("Closed"), "", "plain"),
    }
}

pub fn invitation_pill(lang: Lang, state: &str) -> Pill {
    match state {
        "accepted" => Pill::new(lang.t("Accepted"), "ok", "full"),
        "revoked" => Pill::new(lang.t("Revoked"), "", "plain"),
        "expired" => Pill::new(lang.t("Expired"), "", "plain"),
        _ => Pill::new(lang.t("Sent"), "info", ""),
    }
}

fn role_word(lang: Lang, code: &str) -> String {
    Role::from_code(code).map_or_else(|| code.to_owned(), |role| lang.t(role.label()).into_owned())
}

fn state_name(code: &str) -> String {
    State::by_code(code).map_or_else(|| code.to_owned(), |state| state.name().to_owned())
}

/// An invitation in a list.
pub struct InvitationRow {
    pub invitation: Invitation,
    pub company: String,
    pub role: String,
    pub pill: Pill,
    pub is_open: bool,
}

impl InvitationRow {
    pub fn new(lang: Lang, now: DateTime<Utc>, invitation: Invitation, company: String) -> Self {
        let state = rules::invitation_state(&invitation.status, invitation.expires_at, now);
        Self {
            company,
            role: role_word(lang, &invitation.role),
            pill: invitation_pill(lang, state),
            is_open: matches!(state, "sent" | "expired"),
            invitation,
        }
    }
}

#[derive(Template)]
#[template(path = "companies/overview.html")]
pub struct OverviewPage {
    pub shell: Shell,
    pub figures: Vec<(String, i64, String)>,
}

#[derive(Template)]
#[template(path = "companies/index.html")]
pub struct CompaniesPage {
    pub shell: Shell,
    pub toolbar: Toolbar,
    pub heads: Vec<SortHead>,
    pub rows: Vec<(Company, Pill)>,
    pub empty: Empty,
    pub pager: Pager,
    pub export: String,
}

impl CompaniesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<Company>, i64),
    ) -> Self {
        let chosen = query.all("status", &STATES);
        let choices = STATES
            .iter()
            .map(|state| Choice {
                value: (*state).to_owned(),
                label: company_pill(lang, state).text,
                selected: chosen.contains(state),
            })
            .collect();
        let is_filtered = query.search().is_some() || !chosen.is_empty();
        let sort = query.sort(&Company::SORTS, Company::NEWEST);
        let pager = page.pager(query, lang, total);
        Self {
            shell,
            toolbar: Toolbar {
                action: "/admin/companies".to_owned(),
                placeholder: lang.t("Name, short name or PAN").into_owned(),
                search: query.search().unwrap_or_default().to_owned(),
                chips: vec![Chip {
                    name: "status",
                    label: lang.t("Status").into_owned(),
                    choices,
                    clear: query.without("status"),
                }],
                clear: is_filtered.then(|| "/admin/companies".to_owned()),
                keep: query
                    .get("sort")
                    .map(|sort| ("sort".to_owned(), sort.to_owned()))
                    .into_iter()
                    .collect(),
            },
            heads: vec![
                query.head(lang.t("Company").into_owned(), "name", sort, false),
                query.head(lang.t("Opened").into_owned(), "opened", sort, true),
            ],
            rows: page
                .rows
                .into_iter()
                .map(|company| (company_pill(lang, &company.status), company))
                .map(|(pill, company)| (company, pill))
                .collect(),
            empty: Empty {
                icon: "shop",
                heading: if is_filtered {
                    lang.t("No companies match")
                } else {
                    lang.t("No companies yet")
                }
                .into_owned(),
                text: lang
                    .t("A company is a supplier with its own people, stock and books.")
                    .into_owned(),
                action: Some(if is_filtered {
                    (
                        lang.t("Clear filters").into_owned(),
                        "/admin/companies".to_owned(),
                    )
                } else {
                    (
                        lang.t("Open a company").into_owned(),
                        "/admin/companies/new".to_owned(),
                    )
                }),
            },
            pager,
            export: query.at("/admin/companies/export"),
        }
    }
}

#[derive(Template)]
#[template(path = "companies/new.html")]
pub struct NewCompanyPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub owner: Vec<Field>,
    pub key: Uuid,
}

impl NewCompanyPage {
    pub fn new(shell: Shell, lang: Lang, form: &OpenForm) -> Self {
        let remarks = &form.remarks;
        let field = |name, label: &'static str, value: &str| {
            Field::text(name, lang.t(label))
                .value(value)
                .remarks(remarks, lang)
        };
        Self {
            shell: shell.with_errors(!remarks.is_empty()),
            summary: remarks.summary(lang),
            fields: vec![
                field("name", "Trade name", &form.name),
                field("legal_name", "Legal name", &form.legal_name),
                field("slug", "Short name", &form.slug)
                    .hint(lang.t("Part of every address: letters, digits and hyphens.")),
                field("gstin", "GSTIN", &form.gstin).hint(lang.t(
                    "Fifteen characters; the check digit is verified. State and PAN come from it.",
                )),
            ],
            owner: vec![
                field("owner_name", "Owner's name", &form.owner_name),
                Field::new("email", "owner_email", lang.t("Owner's e-mail"))
                    .value(&form.owner_email)
                    .inputmode("email")
                    .hint(lang.t("The invitation goes here."))
                    .remarks(remarks, lang),
            ],
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "companies/show.html")]
pub struct CompanyPage {
    pub shell: Shell,
    pub company: Company,
    pub pill: Pill,
    pub registrations: Vec<(Registration, String)>,
    pub people: Vec<(Employee, String)>,
    pub invitations: Vec<InvitationRow>,
    pub key: Uuid,
}

impl CompanyPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        company: Company,
        rest: (Vec<Registration>, Vec<Employee>, Vec<InvitationRow>),
    ) -> Self {
        Self {
            shell,
            pill: company_pill(lang, &company.status),
            company,
            registrations: rest
                .0
                .into_iter()
                .map(|row| (state_name(&row.state_code), row))
                .map(|(state, row)| (row, state))
                .collect(),
            people: rest
                .1
                .into_iter()
                .map(|row| (role_word(lang, &row.role), row))
                .map(|(role, row)| (row, role))
                .collect(),
            invitations: rest.2,
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "companies/confirm.html")]
pub struct ConfirmPage {
    pub shell: Shell,
    pub confirm: Confirm,
}

#[derive(Template)]
#[template(path = "companies/invitations.html")]
pub struct InvitationsPage {
    pub shell: Shell,
    pub rows: Vec<InvitationRow>,
    pub empty: Empty,
    pub base: String,
    pub new: Option<String>,
    pub key: Uuid,
}

#[derive(Template)]
#[template(path = "companies/people_across.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub toolbar: Toolbar,
    pub rows: Vec<PersonRow>,
    pub me: String,
    pub empty: Empty,
    pub pager: Pager,
    pub key: Uuid,
}

impl PeoplePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        me: String,
        query: &ListQuery,
        (page, total): (Page<PersonRow>, i64),
    ) -> Self {
        let chosen = query.all("state", &["active", "disabled"]);
        let choices = vec![
            Choice {
                value: "active".to_owned(),
                label: lang.t("Active").into_owned(),
                selected: chosen.contains(&"active"),
            },
            Choice {
                value: "disabled".to_owned(),
                label: lang.t("Disabled").into_owned(),
                selected: chosen.contains(&"disabled"),
            },
        ];
        let is_filtered = query.search().is_some() || !chosen.is_empty();
        let pager = page.pager(query, lang, total);
        Self {
            shell,
            toolbar: Toolbar {
                action: "/admin/people".to_owned(),
                placeholder: lang.t("Name or e-mail").into_owned(),
                search: query.search().unwrap_or_default().to_owned(),
                chips: vec![Chip {
                    name: "state",
                    label: lang.t("State").into_owned(),
                    choices,
                    clear: query.without("state"),
                }],
                clear: is_filtered.then(|| "/admin/people".to_owned()),
                keep: Vec::new(),
            },
            rows: page.rows,
            me,
            empty: Empty {
                icon: "people",
                heading: lang.t("No people match").into_owned(),
                text: lang
                    .t("Change the search or clear the filters.")
                    .into_owned(),
                action: None,
            },
            pager,
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "users/accept.html")]
pub struct AcceptPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub company: String,
    pub email: String,
    pub role: String,
    pub token: String,
    pub name: Option<Field>,
    pub password: Option<Field>,
}

/// How whoever opens an invitation stands to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guest {
    /// The address has no account.
    New,
    /// It has one, and its owner is to prove it.
    Known,
    /// Its owner is signed in.
    Here,
}

impl AcceptPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (invitation, company): (&Invitation, &Company),
        token: &str,
        (guest, form): (Guest, &AcceptForm),
    ) -> Self {
        let password = |label: &'static str, token: &'static str| {
            Field::new("password", "password", lang.t(label))
                .autocomplete(token)
                .remarks(&form.remarks, lang)
        };
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            company: company.name.clone(),
            email: invitation.email.clone(),
            role: role_word(lang, &invitation.role),
            token: token.to_owned(),
            name: (guest == Guest::New).then(|| {
                Field::text("name", lang.t("Name"))
                    .value(&form.name)
                    .autocomplete("name")
                    .remarks(&form.remarks, lang)
            }),
            password: match guest {
                Guest::New => {
                    Some(password("New password", "new-password").hint(
                        lang.t("10 characters or more. Four words are easy to keep in mind."),
                    ))
                }
                Guest::Known => Some(
                    password("Password", "current-password")
                        .hint(lang.t("You have an account with this address already.")),
                ),
                Guest::Here => None,
            },
        }
    }
}

/// The letter that invites, as text.
#[derive(Template)]
#[template(path = "mail/invitation.txt")]
pub struct InvitationText<'a> {
    pub name: &'a str,
    pub company: &'a str,
    pub role: &'a str,
    pub link: &'a str,
}

/// The letter that invites, as HTML.
#[derive(Template)]
#[template(path = "mail/invitation.html")]
pub struct InvitationHtml<'a> {
    pub lang: Lang,
    pub name: &'a str,
    pub company: &'a str,
    pub role: &'a str,
    pub link: &'a str,
}

/// A step of the way in.
pub struct Step {
    pub label: String,
    pub href: String,
    pub is_done: bool,
}

#[derive(Template)]
#[template(path = "companies/dashboard.html")]
pub struct DashboardPage {
    pub shell: Shell,
    pub company: Company,
    pub steps: Vec<Step>,
    pub is_ready: bool,
    pub activity: Vec<String>,
}

/// A link with a line about it.
pub struct About {
    pub href: String,
    pub icon: &'static str,
    pub label: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "companies/settings.html")]
pub struct SettingsPage {
    pub shell: Shell,
    pub links: Vec<About>,
}

#[derive(Template)]
#[template(path = "companies/search.html")]
pub struct SearchPage {
    pub shell: Shell,
    pub query: String,
    pub action: String,
    pub links: Vec<About>,
}

#[derive(Template)]
#[template(path = "companies/profile.html")]
pub struct ProfilePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub company: Company,
    pub registrations: Vec<(Registration, String)>,
    pub names: Vec<Field>,
    pub contact: Vec<Field>,
    pub place: Vec<Field>,
    pub hue: Field,
    pub may_edit: bool,
    pub action: String,
    pub version: String,
    pub key: Uuid,
}

/// What somebody else saved, where it differs from what was typed.
fn theirs(is_conflict: bool, saved: Option<&str>, typed: &str) -> Option<String> {
    let saved = saved.unwrap_or_default();
    (is_conflict && saved != typed).then(|| {
        if saved.is_empty() {
            "–".to_owned()
        } else {
            saved.to_owned()
        }
    })
}

impl ProfilePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (company, registrations): (Company, Vec<Registration>),
        form: &ProfileForm,
        (may_edit, conflict): (bool, bool),
    ) -> Self {
        let field = |kind, name, label: &'static str, typed: &str, saved: Option<&str>| {
            let made = Field::new(kind, name, lang.t(label))
                .value(typed)
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, saved, typed));
            if may_edit { made } else { made.readonly() }
        };
        let hue = company.hue.to_string();
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            names: vec![
                field(
                    "text",
                    "name",
                    "Trade name",
                    &form.name,
                    Some(&company.name),
                ),
                field(
                    "text",
                    "legal_name",
                    "Legal name",
                    &form.legal_name,
                    Some(&company.legal_name),
                ),
            ],
            contact: vec![
                field(
                    "email",
                    "email",
                    "E-mail",
                    &form.email,
                    company.email.as_deref(),
                )
                .optional()
                .autocomplete("email"),
                field(
                    "tel",
                    "phone",
                    "Phone",
                    &form.phone,
                    company.phone.as_deref(),
                )
                .optional()
                .autocomplete("tel"),
                field(
                    "text",
                    "website",
                    "Web site",
                    &form.website,
                    company.website.as_deref(),
                )
                .optional(),
            ],
            place: vec![
                field(
                    "textarea",
                    "address",
                    "Street and area",
                    &form.address,
                    company.address.as_deref(),
                )
                .optional(),
                field("text", "city", "City", &form.city, company.city.as_deref()).optional(),
                field(
                    "text",
                    "pincode",
                    "PIN code",
                    &form.pincode,
                    company.pincode.as_deref(),
                )
                .optional()
                .inputmode("numeric"),
            ],
            hue: field("number", "hue", "Colour", &form.hue, Some(&hue))
                .inputmode("numeric")
                .hint(
                    lang.t("A hue from 0 to 359: 25 red, 75 amber, 150 green, 264 blue, 320 pink."),
                ),
            registrations: registrations
                .into_iter()
                .map(|row| (state_name(&row.state_code), row))
                .map(|(state, row)| (row, state))
                .collect(),
            may_edit,
            action: format!("/c/{}/settings/company", company.slug),
            version: form.version.clone(),
            company,
            key: new_key(),
        }
    }

    pub fn of(company: &Company) -> ProfileForm {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        ProfileForm {
            name: company.name.clone(),
            legal_name: company.legal_name.clone(),
            email: text(&company.email),
            phone: text(&company.phone),
            website: text(&company.website),
            address: text(&company.address),
            city: text(&company.city),
            pincode: text(&company.pincode),
            hue: company.hue.to_string(),
            version: company.updated_at.to_rfc3339(),
            ..ProfileForm::default()
        }
    }
}

#[derive(Template)]
#[template(path = "companies/people.html")]
pub struct EmployeesPage {
    pub shell: Shell,
    pub toolbar: Toolbar,
    pub head: SortHead,
    pub rows: Vec<(Employee, String, Pill)>,
    pub empty: Empty,
    pub pager: Pager,
    pub base: String,
    pub export: String,
    pub may_manage: bool,
}

impl EmployeesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_manage): (String, bool),
        query: &ListQuery,
        (page, total): (Page<Employee>, i64),
    ) -> Self {
        let codes: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        let roles = query.all("role", &codes);
        let states = query.all("state", &["active", "ended"]);
        let action = format!("{base}/settings/people");
        let is_filtered = query.search().is_some() || !roles.is_empty() || !states.is_empty();
        let role_choices = Role::ALL
            .iter()
            .map(|role| Choice {
                value: role.code().to_owned(),
                label: lang.t(role.label()).into_owned(),
                selected: roles.contains(&role.code()),
            })
            .collect();
        let state_choices = vec![
            Choice {
                value: "active".to_owned(),
                label: lang.t("Active").into_owned(),
                selected: states.contains(&"active"),
            },
            Choice {
                value: "ended".to_owned(),
                label: lang.t("Ended").into_owned(),
                selected: states.contains(&"ended"),
            },
        ];
        let pill = |is_active| {
            if is_active {
                Pill::new(lang.t("Active"), "ok", "full")
            } else {
                Pill::new(lang.t("Ended"), "", "plain")
            }
        };
        let sort = query.sort(
            &["name"],
            crate::web::list::Sort {
                by: "name",
                is_descending: false,
            },
        );
        let pager = page.pager(query, lang, total);
        Self {
            shell,
            toolbar: Toolbar {
                action: action.clone(),
                placeholder: lang.t("Name or e-mail").into_owned(),
                search: query.search().unwrap_or_default().to_owned(),
                chips: vec![
                    Chip {
                        name: "role",
                        label: lang.t("Role").into_owned(),
                        choices: role_choices,
                        clear: query.without("role"),
                    },
                    Chip {
                        name: "state",
                        label: lang.t("State").into_owned(),
                        choices: state_choices,
                        clear: query.without("state"),
                    },
                ],
                clear: is_filtered.then(|| action.clone()),
                keep: query
                    .get("sort")
                    .map(|sort| ("sort".to_owned(), sort.to_owned()))
                    .into_iter()
                    .collect(),
            },
            head: query.head(lang.t("Name").into_owned(), "name", sort, false),
            rows: page
                .rows
                .into_iter()
                .map(|row| (role_word(lang, &row.role), pill(row.is_active), row))
                .map(|(role, pill, row)| (row, role, pill))
                .collect(),
            empty: Empty {
                icon: "people",
                heading: lang.t("No people match").into_owned(),
                text: lang
                    .t("Change the search or clear the filters.")
                    .into_owned(),
                action: Some((lang.t("Clear filters").into_owned(), action)),
            },
            pager,
            export: query.at(&format!("{base}/settings/people/export")),
            base,
            may_manage,
        }
    }
}

#[derive(Template)]
#[template(path = "companies/invite.html")]
pub struct InvitePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub fields: Vec<Field>,
    pub base: String,
    pub key: Uuid,
}

fn role_choices(lang: Lang, current: &str) -> Vec<Choice> {
    Role::ALL
        .iter()
        .rev()
        .map(|role| {
            Choice::new(
                role.code(),
                format!("{} – {}", lang.t(role.label()), lang.t(role.about())),
                current,
            )
        })
        .collect()
}

impl InvitePage {
    pub fn new(shell: Shell, lang: Lang, base: String, form: &InviteForm) -> Self {
        Self {
            shell: shell.with_errors(!form.remarks.is_empty()),
            summary: form.remarks.summary(lang),
            fields: vec![
                Field::text("name", lang.t("Name"))
                    .value(&form.name)
                    .autocomplete("off")
                    .remarks(&form.remarks, lang),
                Field::new("email", "email", lang.t("E-mail"))
                    .value(&form.email)
                    .inputmode("email")
                    .autocomplete("off")
                    .remarks(&form.remarks, lang),
                Field::new("select", "role", lang.t("Role"))
                    .choices(role_choices(lang, &form.role))
                    .remarks(&form.remarks, lang),
                Field::new("select", "language", lang.t("Language of the letter")).choices(
                    Lang::ALL
                        .iter()
                        .map(|known| Choice::new(known.code(), known.name(), &form.language))
                        .collect(),
                ),
            ],
            base,
            key: new_key(),
        }
    }
}

#[derive(Template)]
#[template(path = "companies/employee.html")]
pub struct EmployeePage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub employee: Employee,
    pub fields: Vec<Field>,
    pub active: Field,
    pub may_manage: bool,
    pub base: String,
    pub version: String,
    pub key: Uuid,
}

impl EmployeePage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_manage): (String, bool),
        employee: Employee,
        (form, conflict): (&EmployeeForm, bool),
    ) -> Self {
        let field = |kind, name, label: &'static str, typed: &str, saved: Option<&str>| {
            let made = Field::new(kind, name, lang.t(label))
                .value(typed)
                .remarks(&form.remarks, lang)
                .theirs(theirs(conflict, saved, typed));
            if may_manage { made } else { made.readonly() }
        };
        let role_theirs =
            theirs(conflict, Some(&employee.role), &form.role).map(|code| role_word(lang, &code));
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            fields: vec![
                field("text", "name", "Name", &form.name, Some(&employee.name)),
                field(
                    "text",
                    "title",
                    "Job title",
                    &form.title,
                    employee.title.as_deref(),
                )
                .optional(),
                field(
                    "tel",
                    "phone",
                    "Mobile number",
                    &form.phone,
                    employee.phone.as_deref(),
                )
                .optional(),
                Field::new("select", "role", lang.t("Role"))
                    .choices(role_choices(lang, &form.role))
                    .remarks(&form.remarks, lang)
                    .theirs(role_theirs),
            ],
            active: Field::new("checkbox", "active", lang.t("May come in"))
                .hint(
                    lang.t(
                        "Without this the person keeps the account but can't open this company.",
                    ),
                )
                .checked(form.active == "on")
                .remarks(&form.remarks, lang),
            may_manage,
            base,
            version: form.version.clone(),
            employee,
            key: new_key(),
        }
    }

    pub fn of(employee: &Employee) -> EmployeeForm {
        EmployeeForm {
            name: employee.name.clone(),
            title: employee.title.clone().unwrap_or_default(),
            phone: employee.phone.clone().unwrap_or_default(),
            role: employee.role.clone(),
            active: if employee.is_active {
                "on".to_owned()
            } else {
                String::new()
            },
            version: employee.updated_at.to_rfc3339(),
            ..EmployeeForm::default()
        }
    }
}

/// A permission and who has it, in the order of the roles.
pub struct RightRow {
    pub about: String,
    pub has: Vec<bool>,
}

#[derive(Template)]
#[template(path = "companies/roles.html")]
pub struct RolesPage {
    pub shell: Shell,
    pub roles: Vec<(String, String)>,
    pub rights: Vec<RightRow>,
    pub shop_roles: Vec<(String, String)>,
    pub shop_rights: Vec<RightRow>,
}

impl RolesPage {
    pub fn new(shell: Shell, lang: Lang) -> Self {
        let word = |label, about| (lang.t(label).into_owned(), lang.t(about).into_owned());
        let rights = permissions::ALL
            .iter()
            .filter(|entry| !entry.roles.is_empty());
        let shop_rights = permissions::ALL
            .iter()
            .filter(|entry| !entry.shop_roles.is_empty());
        Self {
            shell,
            roles: Role::ALL
                .iter()
                .map(|role| word(role.label(), role.about()))
                .collect(),
            rights: rights
                .map(|entry| RightRow {
                    about: lang.t(entry.about).into_owned(),
                    has: Role::ALL
                        .iter()
                        .map(|role| entry.roles.contains(role))
                        .collect(),
                })
                .collect(),
            shop_roles: ShopRole::ALL
                .iter()
                .map(|role| word(role.label(), role.about()))
                .collect(),
            shop_rights: shop_rights
                .map(|entry| RightRow {
                    about: lang.t(entry.about).into_owned(),
                    has: ShopRole::ALL
                        .iter()
                        .map(|role| entry.shop_roles.contains(role))
                        .collect(),
                })
                .collect(),
        }
    }
}

/// An audit entry as people read it.
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: String,
    pub row: String,
    pub request: String,
    pub changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "companies/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub toolbar: Toolbar,
    pub from: Field,
    pub to: Field,
    pub rows: Vec<AuditRow>,
    pub empty: Empty,
    pub pager: Pager,
    pub export: String,
}

/// "Employee added", "Company changed".
pub fn audit_words(lang: Lang, table: &str, action: &str) -> String {
    let record = match table {
        "companies" => Said::new("Company"),
        "gst_registrations" => Said::new("GST registration"),
        "employees" => Said::new("Employee"),
        "invitations" => Said::new("Invitation"),
        "customers" => Said::new("Customer"),
        "connections" => Said::new("Connection"),
        "files" => Said::new("File"),
        _ => return format!("{table} {action}"),
    };
    let said = match action {
        "insert" => Said::new("{record} added"),
        "delete" => Said::new("{record} removed"),
        "" => Said::new("{record}"),
        _ => Said::new("{record} changed"),
    };
    lang.say(&said.with("record", record))
}
