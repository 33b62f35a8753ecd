//! One struct for each template of the portal.

use crate::platform::accounts::SupplierDoor;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

/// A supplier to choose.
pub struct SupplierRow {
    pub href: String,
    pub name: String,
    pub initials: String,
    pub is_paused: bool,
}

impl SupplierRow {
    pub fn new(retailer: &str, door: &SupplierDoor) -> Self {
        Self {
            href: format!("/r/{retailer}/{}/", door.slug),
            name: door.name.clone(),
            initials: crate::web::nav::initials(&door.name),
            is_paused: door.connection == "paused",
        }
    }
}

#[derive(Template)]
#[template(path = "portal/suppliers.html")]
pub struct SuppliersPage {
    pub shell: Shell,
    pub suppliers: Vec<SupplierRow>,
}

#[derive(Template)]
#[template(path = "portal/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub shop: String,
    pub role: String,
    pub retailer: String,
    pub many: bool,
}
