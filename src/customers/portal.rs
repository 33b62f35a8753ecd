//! Handlers of the portal's shell.

use super::views::{AccountPage, SupplierRow, SuppliersPage};
use crate::platform::permissions::{SeeShop, SeeSuppliers};
use crate::web::Allowed;
use crate::web::page::{self, Answer, Next};

pub async fn suppliers(actor: Allowed<SeeSuppliers>) -> Answer {
    let retailer = &actor.pass.retailer;
    // With one supplier there is nothing to choose.
    if let [only] = retailer.suppliers.as_slice() {
        return Ok(page::go(
            &actor.ctx,
            Next::to(format!("/r/{}/{}/", retailer.slug, only.slug)),
        ));
    }
    let suppliers = retailer
        .suppliers
        .iter()
        .map(|door| SupplierRow::new(&retailer.slug, door))
        .collect();
    page::show(
        &actor.ctx,
        &SuppliersPage {
            shell: actor.shell(actor.lang().t("My suppliers")),
            suppliers,
        },
    )
}

pub async fn account(actor: Allowed<SeeShop>) -> Answer {
    let pass = &actor.pass;
    let view = AccountPage {
        shell: actor.shell(actor.lang().t("Account")),
        shop: pass.retailer.name.clone(),
        role: actor.lang().t(pass.retailer.role.label()).into_owned(),
        retailer: pass.retailer.slug.clone(),
        many: pass.retailer.suppliers.len() > 1,
    };
    page::show(&actor.ctx, &view)
}
