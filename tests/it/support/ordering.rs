//! Goods, shops with an address, and orders of theirs, made for one test each.

use super::{App, Shop, Tenant, retailer, run};
use mandi::kernel::ids::{CustomerId, ProductId};
use mandi::kernel::quantity::Quantity;
use mandi::orders::OrderError;
use mandi::orders::actions::{self, NewLine, Placing, Source};
use mandi::platform::db::{Member, Meter, Scope};
use uuid::Uuid;

/// A product with a price before tax (GST 5 %) and stock in the company's warehouse.
pub fn goods(tenant: &Tenant, sku: &str, price: &str, stock: &str) -> ProductId {
    let (company, id) = (tenant.id, Uuid::now_v7());
    run(
        tenant.app,
        &format!(
            "insert into products (tenant_id, id, sku, name, hsn) values ('{company}', '{id}', '{sku}', 'Product {sku}', '1006');
             insert into price_items (tenant_id, id, price_list_id, product_id, price)
               select '{company}', gen_random_uuid(), id, '{id}', {price} from price_lists where tenant_id = '{company}' and is_default;
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
               select '{company}', '{id}', id, {stock} from warehouses where tenant_id = '{company}';
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
               select '{company}', gen_random_uuid(), '{id}', id, 'opening', {stock}, now() from warehouses where tenant_id = '{company}'"
        ),
    );
    id.into()
}

/// Gives a customer an address in the company's own state.
pub fn settle(app: &App, tenant: &Tenant, customer: CustomerId) {
    run(
        app,
        &format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_default)
               values ('{}', gen_random_uuid(), '{customer}', 'Shop', '4 Usman Road', 'Chennai', '600017', '33', true) on conflict do nothing",
            tenant.id
        ),
    );
}

/// A retailer with an address in the company's own state.
pub fn settled_shop(tenant: &Tenant) -> Shop {
    let shop = retailer(tenant);
    settle(tenant.app, tenant, shop.customer);
    shop
}

/// Works inside a company as the system.
pub fn inside<T>(
    tenant: &Tenant,
    work: impl FnOnce(&mut Scope) -> Result<T, mandi::error::AppError>,
) -> Result<T, mandi::error::AppError> {
    let member = Member::system(tenant.id, "test");
    tenant.app.state.db.write(&member, &Meter::default(), work)
}

/// An order of a customer, placed by staff: its number.
pub fn order(
    tenant: &Tenant,
    customer: CustomerId,
    lines: &[(ProductId, &str)],
) -> Result<String, OrderError> {
    let placing = Placing {
        customer,
        lines: lines
            .iter()
            .map(|(product, quantity)| NewLine {
                product: *product,
                quantity: quantity.parse::<Quantity>().unwrap(),
                price: None,
            })
            .collect(),
        ship_to: None,
        po_number: None,
        note: None,
        wanted_on: None,
        source: Source::Staff,
        placed_by: "Asha Owner".to_owned(),
        draft: None,
        shown: None,
    };
    Ok(inside(tenant, |scope| Ok(actions::place(scope, &placing)?))?.number)
}

/// A draft for a customer: its number.
pub fn draft(tenant: &Tenant, customer: CustomerId) -> String {
    inside(tenant, |scope| {
        actions::start_draft(scope, customer, "Asha Owner")
    })
    .unwrap()
}
