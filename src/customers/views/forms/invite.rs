//! The form of an invitation.

use super::{FormPage, back_to};
use crate::customers::forms::InviteForm;
use crate::customers::model::Customer;
use crate::kernel::language::Lang;
use crate::web::components::{Choice, Field};
use crate::web::layout::Shell;

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
