//! The fields of a currency on the form of an invoice.

use crate::accounting::actions::Draft;
use crate::accounting::forms::IssueForm;
use crate::accounting::rules::currency::{CURRENCIES, RUPEES, may_pay};
use crate::kernel::language::{Lang, text};
use crate::web::components::{Choice, Field};

/// Whether the form asks for a currency: where the buyer is abroad, and where somebody has sent one, so that what is wrong with it stands
/// beside it.
pub fn takes_currency(draft: &Draft, form: &IssueForm) -> bool {
    may_pay(draft.setting.buyer_kind).is_ok() || form.has_currency()
}

/// The currency of the prices, its rate, where that is from, and of which day it is.
pub fn currency_fields(lang: Lang, form: &IssueForm) -> Vec<Field> {
    let chosen = form.currency.trim();
    let label = |code: &str, name: &str| format!("{code} · {}", lang.t(name));
    let rupees = label(RUPEES, text!("Indian rupee"));
    let mut choices = vec![Choice::new(RUPEES, rupees, chosen)];
    choices.extend(
        CURRENCIES
            .iter()
            .map(|(code, name)| Choice::new(code, label(code, name), chosen)),
    );
    vec![
        Field::new("select", "currency", lang.t("Currency of the prices"))
            .hint(lang.t("In another currency than rupees, type the price of a unit of every line, as the price of the order is: with tax or without. Discounts and other charges stay in rupees."))
            .choices(choices)
            .remarks(&form.remarks, lang),
        Field::text("fx_rate", lang.t("Rate of exchange"))
            .hint(lang.t("Rupees for one of the currency. Where the customs notify it for a hundred, divide it."))
            .inputmode("decimal")
            .autocomplete("off")
            .value(&form.fx_rate)
            .remarks(&form.remarks, lang)
            .optional(),
        Field::text("fx_source", lang.t("Source of the rate"))
            .hint(lang.t("The notification of the customs, by its number."))
            .autocomplete("off")
            .value(&form.fx_source)
            .remarks(&form.remarks, lang)
            .optional(),
        Field::new("date", "fx_on", lang.t("Day of the rate"))
            .value(&form.fx_on)
            .remarks(&form.remarks, lang)
            .optional(),
    ]
}
