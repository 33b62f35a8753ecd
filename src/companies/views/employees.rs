//! Employees: the list and one of them.

use super::{role_choices, role_word, theirs};
use crate::companies::forms::EmployeeForm;
use crate::companies::model::Employee;
use crate::kernel::language::Lang;
use crate::platform::permissions::Role;
use crate::web::components::{Chip, Choice, Empty, Field, Pager, Pill, SortHead, Summary, Toolbar};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use askama::Template;
use uuid::Uuid;

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
