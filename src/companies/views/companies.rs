//! What the platform sees of companies.

use super::profile::{name_fields, typed_names};
use super::{DemoCard, InvitationRow, role_word, state_name};
use crate::companies::forms::{NamesForm, OpenForm};
use crate::companies::model::{Company, Employee, Registration, STATES};
use crate::kernel::language::Lang;
use crate::web::components::{Empty, Field, Pill, SortHead, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

pub fn company_pill(lang: Lang, status: &str) -> Pill {
    match status {
        "active" => Pill::new(lang.t("Active"), "ok", "full"),
        "suspended" => Pill::new(lang.t("Suspended"), "warn", "plain"),
        "closing" => Pill::new(lang.t("Closing"), "warn", "half"),
        _ => Pill::new(lang.t("Closed"), "", "plain"),
    }
}

#[derive(Template)]
#[template(path = "companies/overview.html")]
pub struct OverviewPage {
    pub shell: Shell,
    pub figures: Vec<(String, i64, String)>,
    pub demo: Option<DemoCard>,
}

#[derive(Template)]
#[template(path = "companies/index.html")]
pub struct CompaniesPage {
    pub shell: Shell,
    pub list: Listing,
    pub heads: Vec<SortHead>,
    pub rows: Vec<(Company, Pill)>,
}

impl CompaniesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<Company>, i64),
    ) -> Self {
        let sort = query.sort(&Company::SORTS, Company::NEWEST);
        let first = Empty {
            icon: "shop",
            heading: lang.t("No companies yet").into_owned(),
            text: lang
                .t("A company is a supplier with its own people, stock and books.")
                .into_owned(),
            action: Some((
                lang.t("Open a company").into_owned(),
                "/admin/companies/new".to_owned(),
            )),
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Name, short name, PAN or GSTIN"))
                .filter("status", lang.t("Status"), &STATES, |state| {
                    company_pill(lang, state).text
                })
                .export("/admin/companies/export")
                .finish(&page, total, first, lang.t("No companies match")),
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
#[template(path = "companies/edit.html")]
pub struct EditCompanyPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    pub company: Company,
    pub names: Vec<Field>,
    pub contact: Vec<Field>,
    pub version: String,
    pub key: Uuid,
}

impl EditCompanyPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        company: Company,
        (form, conflict): (&NamesForm, bool),
    ) -> Self {
        let (names, contact) = name_fields(lang, &company, (&form.typed, &form.remarks), conflict);
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            names,
            contact,
            version: form.version.clone(),
            company,
            key: new_key(),
        }
    }

    pub fn of(company: &Company) -> NamesForm {
        NamesForm {
            typed: typed_names(company),
            version: company.updated_at.to_rfc3339(),
            ..NamesForm::default()
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
