//! Handlers of the portal's shell.

use super::views::{AccountPage, HomePage, SupplierRow, SuppliersPage};
use crate::error::AppError;
use crate::platform::db::Scope;
use crate::platform::db::schema::customers;
use crate::platform::permissions::{SeeShop, SeeSuppliers};
use crate::web::Allowed;
use crate::web::page::{self, Answer, Next};
use diesel::prelude::*;

/// The code that the supplier keeps of this shop. Row security shows a buyer no other, but it is no condition for an index: the key is.
fn own_code_of(scope: &mut Scope) -> Result<String, AppError> {
    let customer = scope.member().customer().ok_or(AppError::NotFound)?;
    let query = customers::table
        .filter(customers::tenant_id.eq(scope.tenant()))
        .filter(customers::id.eq(customer))
        .select(customers::code);
    Ok(scope.one(query)?)
}

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

pub async fn home(actor: Allowed<SeeShop>) -> Answer {
    let code = actor.read(own_code_of).await?;
    let (shop, supplier) = (
        actor.pass.retailer.name.clone(),
        actor.pass.supplier.name.clone(),
    );
    page::show(
        &actor.ctx,
        &HomePage {
            shell: actor.shell(actor.lang().t("Home")),
            shop,
            supplier,
            code,
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
