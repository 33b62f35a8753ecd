//! Employees: the list and one of them.

use super::{role_choices, role_word};
use crate::companies::forms::EmployeeForm;
use crate::companies::model::Employee;
use crate::kernel::language::Lang;
use crate::platform::permissions::Role;
use crate::web::bulk::{BulkBar, BulkButton};
use crate::web::components::{Empty, Field, Pill, SortHead, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::forms::theirs;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "companies/people.html")]
pub struct EmployeesPage {
    pub shell: Shell,
    pub list: Listing,
    pub head: SortHead,
    pub rows: Vec<(Employee, String, Pill)>,
    pub base: String,
    pub may_manage: bool,
    pub bulk: BulkBar,
    pub ticked: Vec<Uuid>,
}

/// Whether an employee may come in.
pub fn access_word(lang: Lang, is_active: bool) -> String {
    if is_active {
        lang.t("Active")
    } else {
        lang.t("Ended")
    }
    .into_owned()
}

impl EmployeesPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_manage): (String, bool),
        query: &ListQuery,
        ((page, total), kept): ((Page<Employee>, i64), Vec<KeptView>),
    ) -> Self {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        let pill = |is_active| {
            let (tone, shape) = if is_active {
                ("ok", "full")
            } else {
                ("", "plain")
            };
            Pill::new(access_word(lang, is_active), tone, shape)
        };
        let sort = query.sort(&Employee::SORTS, Employee::BY_NAME);
        let first = Empty {
            icon: "people",
            heading: lang.t("No people yet").into_owned(),
            text: lang
                .t("People join by a link that we send to their e-mail.")
                .into_owned(),
            action: None,
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Name or e-mail"))
                .filter("role", lang.t("Role"), &roles, |role| role_word(lang, role))
                .filter("state", lang.t("State"), &["active", "ended"], |state| {
                    access_word(lang, state == "active")
                })
                .export(&format!("{base}/settings/people/export"))
                .views(&format!("{base}/settings/views"), "people", kept)
                .finish(&page, total, first, lang.t("No people match")),
            bulk: BulkBar::new(
                query,
                &page,
                total,
                vec![
                    BulkButton {
                        action: "end",
                        label: lang.t("End access").into_owned(),
                        icon: "cross",
                    },
                    BulkButton {
                        action: "give_back",
                        label: lang.t("Give back access").into_owned(),
                        icon: "check",
                    },
                ],
            ),
            ticked: query.ticked(),
            head: query.head(lang.t("Name").into_owned(), "name", sort, false),
            rows: page
                .rows
                .into_iter()
                .map(|row| (role_word(lang, &row.role), pill(row.is_active), row))
                .map(|(role, pill, row)| (row, role, pill))
                .collect(),
            base,
            may_manage,
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
