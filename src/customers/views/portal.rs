//! One struct for each template of the portal.

use super::Place;
use super::forms::{FormPage, address_fields};
use crate::customers::forms::AddressForm;
use crate::customers::model::{Address, Owed, Retailer, Standing};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::phone::readable;
use crate::platform::accounts::SupplierDoor;
use crate::platform::permissions::ShopRole;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;
use chrono::NaiveDate;

/// A supplier, with what the shop owes it and what is coming.
pub struct SupplierCard {
    pub href: String,
    pub name: String,
    pub initials: String,
    pub is_paused: bool,
    pub is_closed: bool,
    pub balance: Money,
    pub open_orders: i32,
    pub open_amount: Money,
    /// The day, and where what comes is listed.
    pub next_delivery: Option<(String, String)>,
    /// Where the open orders are, for whoever may see them.
    pub orders: Option<SupplierOrders>,
    /// What is late there and what was paid last, for whoever may see bills.
    pub bills: Option<SupplierBills>,
}

/// Where the orders of a shop at one supplier are: the open ones, and those whose goods are still to come.
pub struct SupplierOrders {
    pub open: String,
    pub to_come: String,
}

/// What a shop has to pay at one supplier, and where its rows are.
pub struct SupplierBills {
    pub ledger: String,
    pub overdue: Money,
    pub late: String,
    /// What was paid last, when, and the day of the ledger on which it stands.
    pub paid: Option<(Money, String, String)>,
}

impl SupplierBills {
    fn new(base: &str, owed: &Owed, (lang, today): (Lang, NaiveDate)) -> Self {
        let paid = owed.paid.zip(owed.paid_on).map(|(amount, day)| {
            let href = format!("{base}ledger?from={day}&to={day}");
            (amount, dates::brief_date(day, today, lang), href)
        });
        Self {
            ledger: format!("{base}ledger"),
            overdue: owed.overdue,
            late: format!("{base}ledger/open?by=bill&bucket=late"),
            paid,
        }
    }
}

impl SupplierCard {
    pub fn new(
        retailer: &str,
        door: &SupplierDoor,
        (standing, owed): (Option<&Standing>, Option<&Owed>),
        sees_orders: bool,
        (lang, today): (Lang, NaiveDate),
    ) -> Self {
        let money = |pick: fn(&Standing) -> Option<Money>| {
            standing.and_then(pick).unwrap_or(Money::from_paise(0))
        };
        let href = format!("/r/{retailer}/{}/", door.slug);
        let is_closed = door.status != "active";
        let owed = owed.filter(|_| !is_closed);
        Self {
            bills: owed.map(|owed| SupplierBills::new(&href, owed, (lang, today))),
            orders: (sees_orders && !is_closed).then(|| SupplierOrders {
                open: format!("{href}orders?status=to_approve&status=confirmed"),
                to_come: format!("{href}orders?status=confirmed"),
            }),
            next_delivery: standing
                .and_then(|row| row.next_delivery)
                .map(|day| (dates::brief_date(day, today, lang), format!("{href}#way"))),
            href,
            name: door.name.clone(),
            initials: crate::web::nav::initials(&door.name),
            is_paused: door.connection == "paused",
            is_closed,
            balance: money(|row| row.balance),
            open_orders: standing.and_then(|row| row.open_orders).unwrap_or_default(),
            open_amount: money(|row| row.to_come),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/suppliers.html")]
pub struct SuppliersPage {
    pub shell: Shell,
    pub suppliers: Vec<SupplierCard>,
}

#[derive(Template)]
#[template(path = "portal/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub shop: Retailer,
    pub phone: Option<String>,
    pub role: &'static str,
    /// Name, e-mail and role.
    pub people: Vec<(String, String, &'static str)>,
    pub places: Vec<Place>,
    pub supplier: String,
    pub retailer: String,
    pub base: String,
    pub may_manage: bool,
    pub is_paused: bool,
    pub many: bool,
}

impl AccountPage {
    pub fn new(
        shell: Shell,
        (shop, people): (Retailer, Vec<(String, String, String)>),
        addresses: Vec<Address>,
        (role, may_manage): (ShopRole, bool),
        (door, retailer, many): (&SupplierDoor, &str, bool),
    ) -> Self {
        Self {
            shell,
            phone: shop.phone.as_deref().map(readable),
            shop,
            role: role.label(),
            people: people
                .into_iter()
                .map(|(name, email, role)| {
                    (
                        name,
                        email,
                        ShopRole::from_code(&role).map_or("", ShopRole::label),
                    )
                })
                .collect(),
            places: addresses
                .into_iter()
                .filter(|address| address.is_active)
                .map(Place::new)
                .collect(),
            supplier: door.name.clone(),
            retailer: retailer.to_owned(),
            base: format!("/r/{retailer}/{}", door.slug),
            may_manage,
            is_paused: door.connection == "paused",
            many,
        }
    }
}

/// A new address of the shop at one supplier.
#[derive(Template)]
#[template(path = "portal/address.html")]
pub struct OwnAddressPage {
    pub shell: Shell,
    pub form: FormPage,
}

/// The form of a new address of the shop at one supplier.
pub fn own_address_page(
    shell: Shell,
    lang: Lang,
    (base, supplier): (&str, &str),
    form: &AddressForm,
) -> OwnAddressPage {
    let to = format!("{base}/account");
    let action = format!("{to}/addresses/new");
    let back = (
        lang.say(&Said::new("Account at {company}").with("company", supplier)),
        to,
    );
    let verb = lang.t("Add address").into_owned();
    let mut page = FormPage::new(shell, lang, &form.remarks, back, ("address", action, verb));
    page.fields = address_fields(lang, &form.typed, &form.remarks, None);
    OwnAddressPage {
        shell: page.shell.clone(),
        form: page,
    }
}
