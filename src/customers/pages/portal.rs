//! Handlers of the portal's shell.

use crate::customers::actions;
use crate::customers::forms::AddressForm;
use crate::customers::model::{Address, Customer, Owed, Retailer, Standing};
use crate::customers::views::{
    AccountPage, OwnAddressPage, SupplierCard, SuppliersPage, own_address_page,
};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::gstin::Gstin;
use crate::kernel::language::Said;
use crate::platform::permissions::{ManageShop, SeeShop, SeeSuppliers, shop_role_has};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

pub async fn suppliers(actor: Allowed<SeeSuppliers>) -> Answer {
    let retailer = &actor.pass.retailer;
    // With one supplier there is nothing to choose.
    if let [only] = retailer.suppliers.as_slice() {
        return Ok(page::go(
            &actor.ctx,
            Next::to(format!("/r/{}/{}/", retailer.slug, only.slug)),
        ));
    }
    let id = retailer.retailer;
    let (standings, owed, today) = actor
        .platform_read(move |tx| {
            let today = dates::today(tx.now());
            Ok((
                Standing::across(tx, id)?,
                Owed::across(tx, id, today)?,
                today,
            ))
        })
        .await?;
    let lang = actor.lang();
    let sees_bills = shop_role_has(retailer.role, "shop.bills");
    let sees_orders = shop_role_has(retailer.role, "shop.orders");
    let suppliers = retailer
        .suppliers
        .iter()
        .map(|door| {
            let standing = standings.iter().find(|row| row.supplier == door.tenant);
            let owed = owed
                .iter()
                .find(|row| sees_bills && row.supplier == door.tenant);
            let of_supplier = (standing, owed);
            SupplierCard::new(
                &retailer.slug,
                door,
                of_supplier,
                sees_orders,
                (lang, today),
            )
        })
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
    let customer = actor.member().customer().ok_or(AppError::NotFound)?;
    let addresses = actor
        .read(move |scope| Address::all(scope, customer))
        .await?;
    let id = actor.pass.retailer.retailer;
    let shop = actor
        .platform_read(move |tx| Retailer::with_people_across(tx, id))
        .await?;
    let pass = &actor.pass;
    let view = AccountPage::new(
        actor.shell(actor.lang().t("Account")),
        shop,
        addresses,
        (pass.retailer.role, pass.may::<ManageShop>()),
        (
            &pass.supplier,
            &pass.retailer.slug,
            pass.retailer.suppliers.len() > 1,
        ),
    );
    page::show(&actor.ctx, &view)
}

fn address_view(actor: &Allowed<ManageShop>, form: &AddressForm) -> OwnAddressPage {
    own_address_page(
        actor.shell(actor.lang().t("Add an address")),
        actor.lang(),
        (&actor.pass.base(), &actor.pass.supplier.name),
        form,
    )
}

pub async fn new_address(actor: Allowed<ManageShop>) -> Answer {
    page::show(&actor.ctx, &address_view(&actor, &AddressForm::default()))
}

pub async fn add_address(actor: Allowed<ManageShop>, form: Form<AddressForm>) -> Answer {
    let customer = actor.member().customer().ok_or(AppError::NotFound)?;
    let own = actor
        .read(move |scope| Ok(Customer::find(scope, customer)?.gstin))
        .await?;
    let own = own.and_then(|text| text.parse::<Gstin>().ok());
    let (new, _, mut form) = match form.0.parse(own.as_ref()) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &address_view(&actor, &form)),
    };
    let to = format!("{}/account", actor.pass.base());
    let added = actor
        .once(move |scope| {
            actions::add_own_address(scope, &new)?;
            Ok(Next::to(to)
                .saying(Said::new("The address {label} is added.").with("label", new.label)))
        })
        .await;
    match added {
        Err(AppError::Refused(said)) => {
            form.remarks.add("place_gstin", said);
            page::again(&actor.ctx, &address_view(&actor, &form))
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}
