//! The forms of a customer: what the sales people write, and its terms.

use super::{FormPage, Part, Typed, address_fields, back_to};
use crate::customers::forms::{CustomerForm, Known, TermsForm};
use crate::customers::model::Customer;
use crate::customers::rules;
use crate::customers::views::kind_word;
use crate::kernel::language::{Lang, Said};
use crate::web::Remarks;
use crate::web::components::{Choice, Field};
use crate::web::layout::Shell;

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
        .map(|row| lang.t(kind_word(&row.kind)).into_owned());
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
        .hint(lang.t("Needed unless the customer is not registered or abroad: those have none. Fifteen characters; the check digit is verified."))
        .autocomplete("off"),
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
        .hint(lang.t("Empty or 0 means at once."))
        .optional(),
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
