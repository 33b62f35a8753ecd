//! A company's profile.

use super::{state_name, theirs};
use crate::companies::forms::ProfileForm;
use crate::companies::model::{Company, Registration};
use crate::kernel::language::Lang;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
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
            version: company.updated_at.to_rfc3339(),
            ..ProfileForm::default()
        }
    }
}
