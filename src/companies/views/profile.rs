//! A company's profile.

use super::state_name;
use crate::companies::forms::{ProfileForm, TypedNames};
use crate::companies::model::{Company, Registration};
use crate::kernel::language::{Lang, text};
use crate::web::Remarks;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::forms::theirs;
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

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
    pub may_edit: bool,
    pub action: String,
    pub version: String,
    pub key: Uuid,
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
        let (names, contact) = name_fields(lang, &company, (&form.names, &form.remarks), conflict);
        let guard = |fields: Vec<Field>| {
            let shown = fields.into_iter();
            shown
                .map(|field| if may_edit { field } else { field.readonly() })
                .collect::<Vec<_>>()
        };
        let (names, contact) = (guard(names), guard(contact));
        Self {
            shell: shell.with_errors(!form.remarks.is_empty() || conflict),
            summary: form.remarks.summary(lang),
            conflict,
            names,
            contact,
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
            names: typed_names(company),
            address: text(&company.address),
            city: text(&company.city),
            pincode: text(&company.pincode),
            version: company.updated_at.to_rfc3339(),
            ..ProfileForm::default()
        }
    }
}

/// A company's names and contact as a form shows them.
pub fn typed_names(company: &Company) -> TypedNames {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    TypedNames {
        name: company.name.clone(),
        legal_name: company.legal_name.clone(),
        email: text(&company.email),
        phone: text(&company.phone),
        website: text(&company.website),
    }
}

/// The fields of a company's names, and those of how to reach it; in a conflict with what was saved meanwhile.
pub fn name_fields(
    lang: Lang,
    company: &Company,
    (typed, remarks): (&TypedNames, &Remarks),
    conflict: bool,
) -> (Vec<Field>, Vec<Field>) {
    let field = |kind, name, label: String, typed: &str, saved: Option<&str>| {
        Field::new(kind, name, label)
            .value(typed)
            .remarks(remarks, lang)
            .theirs(theirs(conflict, saved, typed))
    };
    let word = |label: &'static str| lang.t(label).into_owned();
    let names = vec![
        field(
            "text",
            "name",
            word(text!("Trade name")),
            &typed.name,
            Some(&company.name),
        ),
        field(
            "text",
            "legal_name",
            word(text!("Legal name")),
            &typed.legal_name,
            Some(&company.legal_name),
        ),
    ];
    let contact = vec![
        field(
            "email",
            "email",
            word(text!("E-mail")),
            &typed.email,
            company.email.as_deref(),
        )
        .optional()
        .autocomplete("off"),
        field(
            "tel",
            "phone",
            word(text!("Phone")),
            &typed.phone,
            company.phone.as_deref(),
        )
        .optional()
        .autocomplete("off"),
        field(
            "text",
            "website",
            word(text!("Web site")),
            &typed.website,
            company.website.as_deref(),
        )
        .optional(),
    ];
    (names, contact)
}
