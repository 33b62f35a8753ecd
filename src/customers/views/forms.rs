//! The forms of customers: one template, and what stands in it.

use crate::customers::forms::{
    ABROAD, AddressForm, CustomerForm, InviteForm, Known, TermsForm, TypedAddress,
};
use crate::customers::model::{Address, Customer};
use crate::customers::rules;
use crate::kernel::language::{Lang, Said};
use crate::kernel::state::State;
use crate::web::Remarks;
use crate::web::components::{Choice, Field, Summary};
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

fn profile_fields(
    lang: Lang,
    form: &CustomerForm,
    known: &Known,
    saved: Option<&Customer>,
) -> Vec<Field> {
    let made = Typed {
        lang,
        remarks: &form.remarks,
        conflict: saved.is_some(),
    };
    let of = |pick: fn(&Customer) -> Option<&str>| saved.and_then(pick);
    let kinds = rules::KINDS
        .iter()
        .map(|(code, word)| Choice::new(code, lang.t(word), &form.kind))
        .collect();
    let groups = std::iter::once(Choice::new("", lang.t("No group"), &form.group)).chain(
        known
            .groups
            .iter()
            .map(|row| Choice::new(&row.id.to_string(), row.name.as_str(), &form.group)),
    );
    let usual = Choice::new("", lang.t("The usual warehouse"), &form.warehouse);
    let warehouses =
        std::iter::once(usual).chain(known.warehouses.iter().map(|(id, code, name)| {
            Choice::new(&id.to_string(), format!("{code} · {name}"), &form.warehouse)
        }));
    let kind_theirs = saved
        .filter(|row| row.kind != form.kind)
        .map(|row| lang.t(super::kind_word(&row.kind)).into_owned());
    let languages = Lang::ALL
        .iter()
        .map(|known| Choice::new(known.code(), known.name(), &form.language))
        .collect();
    vec![
        made.field(
            "text",
            "name",
            lang.t("Name"),
            (&form.name, of(|row| Some(&row.name))),
        )
        .autocomplete("off"),
        Field::new("select", "kind", lang.t("GST kind"))
            .choices(kinds)
            .remarks(&form.remarks, lang)
            .theirs(kind_theirs),
        made.field(
            "text",
            "gstin",
            lang.t("GSTIN"),
            (&form.gstin, of(|row| row.gstin.as_deref())),
        )
        .hint(lang.t("Fifteen characters; the check digit is verified."))
        .autocomplete("off")
        .optional(),
        made.field(
            "tel",
            "phone",
            lang.t("Mobile number"),
            (&form.phone, of(|row| row.phone.as_deref())),
        )
        .optional(),
        made.field(
            "email",
            "email",
            lang.t("E-mail"),
            (&form.email, of(|row| row.email.as_deref())),
        )
        .autocomplete("off")
        .optional(),
        Field::new("select", "language", lang.t("Language of letters")).choices(languages),
        Field::new("select", "group", lang.t("Group"))
            .choices(groups.collect())
            .remarks(&form.remarks, lang)
            .optional(),
        Field::new("select", "warehouse", lang.t("Served from"))
            .choices(warehouses.collect())
            .remarks(&form.remarks, lang),
        made.field(
            "textarea",
            "note",
            lang.t("Note"),
            (&form.note, of(|row| row.note.as_deref())),
        )
        .hint(lang.t("For your own people. The customer never sees it."))
        .optional(),
    ]
}

fn terms_fields(
    lang: Lang,
    (days, limit): (&str, &str),
    remarks: &Remarks,
    saved: Option<&Customer>,
) -> Vec<Field> {
    let made = Typed {
        lang,
        remarks,
        conflict: saved.is_some(),
    };
    let saved_days = saved.map(|row| row.terms_days.to_string());
    let saved_limit = saved
        .and_then(|row| row.credit_limit)
        .map(|limit| limit.plain());
    vec![
        made.field(
            "text",
            "terms_days",
            lang.t("Days to pay"),
            (days, saved_days.as_deref()),
        )
        .inputmode("numeric")
        .hint(lang.t("0 means at once.")),
        made.field(
            "text",
            "credit_limit",
            lang.t("Credit limit"),
            (limit, saved_limit.as_deref()),
        )
        .inputmode("decimal")
        .hint(lang.t("In rupees: bills and open orders together. Empty means no limit."))
        .optional(),
    ]
}

/// A country as forms show it: India is left out.
fn abroad(country: &str) -> Option<&str> {
    (country != "IN").then_some(country)
}

/// The fields of an address.
pub fn address_fields(
    lang: Lang,
    typed: &TypedAddress,
    remarks: &Remarks,
    saved: Option<&Address>,
) -> Vec<Field> {
    let made = Typed {
        lang,
        remarks,
        conflict: saved.is_some(),
    };
    let of = |pick: fn(&Address) -> Option<&str>| saved.and_then(pick);
    let from_gstin = Choice::new("", lang.t("As the GSTIN says"), &typed.state);
    let states = std::iter::once(from_gstin)
        .chain(
            State::current()
                .chain(State::by_code(ABROAD))
                .map(|state| Choice::new(state.code(), lang.t(state.name()), &typed.state)),
        )
        .collect();
    let state_theirs = saved
        .filter(|row| row.state_code != typed.state)
        .and_then(|row| State::by_code(&row.state_code))
        .map(|state| lang.t(state.name()).into_owned());
    vec![
        made.field(
            "text",
            "label",
            lang.t("Name of the place"),
            (&typed.label, of(|row| Some(&row.label))),
        ),
        made.field(
            "text",
            "street",
            lang.t("Street and area"),
            (&typed.street, of(|row| Some(&row.street))),
        )
        .autocomplete("off"),
        made.field(
            "text",
            "town",
            lang.t("City"),
            (&typed.town, of(|row| Some(&row.city))),
        )
        .autocomplete("off"),
        made.field(
            "text",
            "pincode",
            lang.t("PIN code"),
            (&typed.pincode, of(|row| Some(&row.pincode))),
        )
        .inputmode("numeric")
        .autocomplete("off"),
        Field::new("select", "state", lang.t("State"))
            .choices(states)
            .remarks(remarks, lang)
            .theirs(state_theirs),
        made.field(
            "text",
            "country",
            lang.t("Country code"),
            (&typed.country, of(|row| abroad(&row.country))),
        )
        .hint(
            lang.t(
                "Only for an address abroad: two letters, like AE. The PIN code is not asked then.",
            ),
        )
        .autocomplete("off")
        .optional(),
        made.field(
            "text",
            "place_gstin",
            lang.t("GSTIN of this place"),
            (&typed.place_gstin, of(|row| row.gstin.as_deref())),
        )
        .hint(lang.t("Only if the place has one of its own."))
        .autocomplete("off")
        .optional(),
        made.field(
            "tel",
            "place_phone",
            lang.t("Phone of this place"),
            (&typed.place_phone, of(|row| row.phone.as_deref())),
        )
        .optional(),
    ]
}

/// The form for a new customer. `code`: the next one that is free.
pub fn new_page(
    shell: Shell,
    lang: Lang,
    (base, may_set_terms): (&str, bool),
    known: &Known,
    (form, code): (&CustomerForm, &str),
) -> FormPage {
    let list = format!("{base}/customers");
    let back = (lang.t("Customers").into_owned(), list.clone());
    let verb = lang.t("Add customer").into_owned();
    let mut page = FormPage::new(
        shell,
        lang,
        &form.remarks,
        back,
        ("customer", format!("{list}/new"), verb),
    );
    page.fields.push(
        Field::text("code", lang.t("Code"))
            .value(&form.code)
            .hint(lang.say(&Said::new("Empty takes the next one: {code}.").with("code", code)))
            .autocomplete("off")
            .remarks(&form.remarks, lang)
            .optional(),
    );
    page.fields.extend(profile_fields(lang, form, known, None));
    if may_set_terms {
        page.parts.push(Part {
            heading: lang.t("Terms").into_owned(),
            hint: None,
            fields: terms_fields(
                lang,
                (&form.terms_days, &form.credit_limit),
                &form.remarks,
                None,
            ),
        });
    }
    page.parts.push(Part {
        heading: lang.t("First address").into_owned(),
        hint: Some(
            lang.t("Bills and goods go there. Leave it empty to add one later.")
                .into_owned(),
        ),
        fields: address_fields(lang, &form.address, &form.remarks, None),
    });
    page
}

/// A customer's form as it is saved.
pub fn edit_form(customer: &Customer) -> CustomerForm {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    CustomerForm {
        name: customer.name.clone(),
        kind: customer.kind.clone(),
        gstin: text(&customer.gstin),
        phone: text(&customer.phone),
        email: text(&customer.email),
        language: customer.language.clone(),
        group: customer
            .group_id
            .map_or_else(String::new, |id| id.to_string()),
        warehouse: customer
            .warehouse_id
            .map_or_else(String::new, |id| id.to_string()),
        note: text(&customer.note),
        version: customer.updated_at.to_rfc3339(),
        ..CustomerForm::default()
    }
}

fn back_to(lang: Lang, base: &str, customer: &Customer) -> (String, String) {
    let words = Said::new("Customer {code}").with("code", customer.code.as_str());
    (
        lang.say(&words),
        format!("{base}/customers/{}", customer.code),
    )
}

/// The form of what the sales people write.
pub fn edit_page(
    shell: Shell,
    lang: Lang,
    base: &str,
    (customer, known): (&Customer, &Known),
    (form, conflict): (&CustomerForm, bool),
) -> FormPage {
    let back = back_to(lang, base, customer);
    let action = format!("{}/edit", back.1);
    let verb = lang.t("Save").into_owned();
    let mut page = FormPage::new(shell, lang, &form.remarks, back, ("customer", action, verb))
        .of_version(&form.version, conflict);
    page.fields = profile_fields(lang, form, known, conflict.then_some(customer));
    page
}

/// A customer's terms as they are saved.
pub fn terms_form(customer: &Customer) -> TermsForm {
    TermsForm {
        terms_days: customer.terms_days.to_string(),
        credit_limit: customer
            .credit_limit
            .map_or_else(String::new, |limit| limit.plain()),
        version: customer.updated_at.to_rfc3339(),
        ..TermsForm::default()
    }
}

/// The form of a customer's terms.
pub fn terms_page(
    shell: Shell,
    lang: Lang,
    base: &str,
    customer: &Customer,
    (form, conflict): (&TermsForm, bool),
) -> FormPage {
    let back = back_to(lang, base, customer);
    let action = format!("{}/terms", back.1);
    let verb = lang.t("Save").into_owned();
    let mut page = FormPage::new(shell, lang, &form.remarks, back, ("terms", action, verb))
        .of_version(&form.version, conflict);
    page.fields = terms_fields(
        lang,
        (&form.terms_days, &form.credit_limit),
        &form.remarks,
        conflict.then_some(customer),
    );
    page
}

/// An address as it is saved.
pub fn address_form(address: &Address) -> AddressForm {
    AddressForm {
        typed: TypedAddress {
            label: address.label.clone(),
            street: address.street.clone(),
            town: address.city.clone(),
            pincode: address.pincode.clone(),
            state: address.state_code.clone(),
            country: abroad(&address.country).unwrap_or_default().to_owned(),
            place_gstin: address.gstin.clone().unwrap_or_default(),
            place_phone: address.phone.clone().unwrap_or_default(),
        },
        version: address.updated_at.to_rfc3339(),
        ..AddressForm::default()
    }
}

/// The form of an address: a new one, or one of the customer's.
pub fn address_page(
    shell: Shell,
    lang: Lang,
    base: &str,
    (customer, address): (&Customer, Option<&Address>),
    (form, conflict): (&AddressForm, bool),
) -> FormPage {
    let back = back_to(lang, base, customer);
    let rest = address.map_or_else(|| "new".to_owned(), |address| address.id.to_string());
    let action = format!("{}/addresses/{rest}", back.1);
    let verb = if address.is_some() {
        lang.t("Save")
    } else {
        lang.t("Add address")
    };
    let wanted = ("address", action, verb.into_owned());
    let mut page = FormPage::new(shell, lang, &form.remarks, back, wanted);
    if address.is_some() {
        page = page.of_version(&form.version, conflict);
    }
    let saved = address.filter(|_| conflict);
    page.fields = address_fields(lang, &form.typed, &form.remarks, saved);
    page
}

/// The form that invites a customer's person into the portal.
pub fn invite_page(
    shell: Shell,
    lang: Lang,
    base: &str,
    customer: &Customer,
    form: &InviteForm,
) -> FormPage {
    let back = back_to(lang, base, customer);
    let action = format!("{}/invite", back.1);
    let verb = lang.t("Send the invitation").into_owned();
    let mut page = FormPage::new(shell, lang, &form.remarks, back, ("invite", action, verb));
    page.fields =
        vec![
            Field::text("name", lang.t("Name"))
                .value(&form.name)
                .autocomplete("off")
                .hint(lang.t(
                    "The person's, not the shop's: it stands in letters and beside what they do.",
                ))
                .remarks(&form.remarks, lang),
            Field::new("email", "email", lang.t("E-mail"))
                .value(&form.email)
                .inputmode("email")
                .autocomplete("off")
                .hint(lang.t("The letter with the link goes there; nobody else can use it."))
                .remarks(&form.remarks, lang),
            Field::new("select", "language", lang.t("Language of the letter")).choices(
                Lang::ALL
                    .iter()
                    .map(|known| Choice::new(known.code(), known.name(), &form.language))
                    .collect(),
            ),
        ];
    page
}
