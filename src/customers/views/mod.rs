//! One struct for each template of customers.

mod customers;
mod detail;
mod forms;
mod groups;
mod join;
mod portal;

pub use customers::{CustomersPage, customers_sheet};
pub use detail::{CustomerPage, Loaded, Place, Rights};
pub use forms::{
    FormPage, address_form, address_page, edit_form, edit_page, invite_page, new_page, terms_form,
    terms_page,
};
pub use groups::{GroupsPage, group_form, group_page};
pub use join::{Guest, JoinHtml, JoinPage, JoinText};
pub use portal::{AccountPage, OwnAddressPage, SupplierCard, SuppliersPage, own_address_page};

use crate::customers::model::Line;
use crate::customers::rules;
use crate::kernel::language::{Lang, text};
use crate::web::components::Pill;

/// Whether a customer may order.
pub fn status_pill(lang: Lang, status: &str) -> Pill {
    if status == "paused" {
        Pill::new(lang.t("Paused"), "warn", "half")
    } else {
        Pill::new(lang.t("Active"), "ok", "full")
    }
}

/// The word for how a customer stands to the portal.
pub fn portal_word(state: &str) -> &'static str {
    match state {
        "connected" => text!("Connected"),
        "invited" => text!("Invited"),
        _ => text!("Not invited"),
    }
}

/// How a customer stands to the portal.
pub fn portal_state(line: &Line) -> &'static str {
    if line.is_connected() {
        "connected"
    } else if line.is_invited {
        "invited"
    } else {
        "none"
    }
}

/// The words for a GST kind.
pub fn kind_word(kind: &str) -> &'static str {
    rules::KINDS
        .iter()
        .find(|(code, _)| *code == kind)
        .map_or("", |(_, word)| *word)
}
