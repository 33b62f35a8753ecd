//! The forms of customers: one template, and what stands in it.

mod address;
mod customer;
mod invite;

pub use address::{address_fields, address_form, address_page};
pub use customer::{edit_form, edit_page, new_page, terms_form, terms_page};
pub use invite::invite_page;

use crate::customers::model::Customer;
use crate::kernel::language::{Lang, Said};
use crate::web::Remarks;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::{new_key, theirs};
use crate::web::layout::Shell;
use askama::Template;
use uuid::Uuid;

/// Fields under a heading of their own.
pub struct Part {
    pub heading: String,
    pub hint: Option<String>,
    pub fields: Vec<Field>,
}

/// A page with one form.
#[derive(Template)]
#[template(path = "customers/form.html")]
pub struct FormPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub conflict: bool,
    /// Where it leads back to: words and address.
    pub back: (String, String),
    /// Id of the form.
    pub id: &'static str,
    pub action: String,
    pub version: Option<String>,
    pub fields: Vec<Field>,
    pub parts: Vec<Part>,
    pub verb: String,
    pub key: Uuid,
}

impl FormPage {
    /// A form with its remarks, and nothing in it yet.
    pub fn new(
        shell: Shell,
        lang: Lang,
        remarks: &Remarks,
        back: (String, String),
        (id, action, verb): (&'static str, String, String),
    ) -> Self {
        Self {
            shell: shell.with_errors(!remarks.is_empty()),
            summary: remarks.summary(lang),
            conflict: false,
            back,
            id,
            action,
            version: None,
            fields: Vec::new(),
            parts: Vec::new(),
            verb,
            key: new_key(),
        }
    }

    /// A form that changes what somebody else may change meanwhile.
    fn of_version(mut self, version: &str, conflict: bool) -> Self {
        self.version = Some(version.to_owned());
        self.conflict = conflict;
        self.shell.has_errors |= conflict;
        self
    }
}

/// What was typed and what is saved of a field.
struct Typed<'a> {
    lang: Lang,
    remarks: &'a Remarks,
    conflict: bool,
}

impl Typed<'_> {
    fn field(
        &self,
        kind: &'static str,
        name: &'static str,
        label: std::borrow::Cow<'_, str>,
        (typed, saved): (&str, Option<&str>),
    ) -> Field {
        Field::new(kind, name, label)
            .value(typed)
            .remarks(self.remarks, self.lang)
            .theirs(theirs(self.conflict, saved, typed))
    }
}

/// Where the forms of a customer lead back to: its page.
fn back_to(lang: Lang, base: &str, customer: &Customer) -> (String, String) {
    let words = Said::new("Customer {code}").with("code", customer.code.as_str());
    (
        lang.say(&words),
        format!("{base}/customers/{}", customer.code),
    )
}
