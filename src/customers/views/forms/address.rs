//! The form of an address.

use super::{FormPage, Typed, back_to};
use crate::customers::forms::{ABROAD, AddressForm, TypedAddress};
use crate::customers::model::{Address, Customer};
use crate::customers::rules;
use crate::kernel::language::Lang;
use crate::kernel::state::State;
use crate::web::Remarks;
use crate::web::components::{Choice, Field};
use crate::web::layout::Shell;

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

/// The tick for somebody else's place.
fn third_person(lang: Lang, typed: &TypedAddress) -> Field {
    let words = lang.t("Somebody else's place: goods go there, bills to the customer");
    Field::new("checkbox", "third_person", words)
        .hint(
            lang.t("Give their GSTIN as that of this place, or leave it empty if they have none."),
        )
        .checked(typed.third_person == "on")
}

/// An address as it is saved.
pub fn address_form(customer: &Customer, address: &Address) -> AddressForm {
    let (own, there) = (customer.gstin.as_deref(), address.registration());
    let third_person = if rules::is_third_person(own, there) {
        "on"
    } else {
        ""
    };
    AddressForm {
        typed: TypedAddress {
            label: address.label.clone(),
            street: address.street.clone(),
            town: address.city.clone(),
            pincode: address.pincode.clone(),
            state: address.state_code.clone(),
            country: abroad(&address.country).unwrap_or_default().to_owned(),
            place_gstin: address.gstin.clone().unwrap_or_default(),
            third_person: third_person.to_owned(),
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
    page.fields.push(third_person(lang, &form.typed));
    page
}
