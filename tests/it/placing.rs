//! Placing orders: what is priced, taxed, reserved and counted, and that two can't have the same goods.

use crate::support::{Tenant, ask, retailer, run, tenant};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use mandi::kernel::ids::{CustomerId, ProductId};
use mandi::kernel::quantity::Quantity;
use mandi::orders::OrderError;
use mandi::orders::actions::{NewLine, Placed, Placing, Source, place};
use mandi::platform::db::{Member, Meter};
use uuid::Uuid;

/// A product with a price before tax and stock in the company's warehouse.
fn product(tenant: &Tenant, sku: &str, price: &str, stock: &str) -> ProductId {
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

fn placing(customer: CustomerId, lines: &[(ProductId, &str)]) -> Placing {
    Placing {
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
    }
}

fn order(tenant: &Tenant, placing: &Placing) -> Result<Placed, OrderError> {
    let member = Member::system(tenant.id, "test");
    let mut outcome = None;
    let done = tenant
        .app
        .state
        .db
        .write(&member, &Meter::default(), |scope| {
            match place(scope, placing) {
                Ok(placed) => Ok(placed),
                Err(error) => {
                    outcome = Some(error);
                    Err(mandi::error::AppError::NotFound)
                }
            }
        });
    done.map_err(|error| outcome.unwrap_or(OrderError::Other(error)))
}

#[test]
fn an_order_is_priced_taxed_reserved_and_numbered() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let soap = product(&tenant, "SOAP", "40.00", "100");

    // when
    let placed = order(&tenant, &placing(shop.customer, &[(soap, "12")])).unwrap();

    // then
    let number = &placed.number;
    assert!(
        number.starts_with("SO-") && number.ends_with("-00001"),
        "{number}"
    );
    let said = ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', status, taxable, cgst, sgst, igst, total, open_amount, place_of_supply) as value from orders where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(said, "to_approve 480.00 12.00 12.00 0.00 504.00 504.00 33");
    let held = ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', on_hand, reserved) as value from stock_levels where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(held, "100.000 12.000");
}

#[test]
fn a_short_line_is_named_and_nothing_is_reserved() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let (soap, oil) = (
        product(&tenant, "SOAP", "40", "100"),
        product(&tenant, "OIL", "90", "5"),
    );

    // when
    let refused = order(&tenant, &placing(shop.customer, &[(soap, "1"), (oil, "6")]));

    // then
    let Err(OrderError::Short(lines)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].product, lines[0].free), (oil, 5.into()));
    let left = ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', sum(reserved), (select count(*) from orders where tenant_id = '{0}')) as value from stock_levels where tenant_id = '{0}'",
            tenant.id
        ),
    );
    assert_eq!(left, "0.000 0");
}

#[test]
fn a_buyer_can_not_change_what_the_company_says_of_it() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    let as_buyer = |sql: &str| {
        let mut pg = tenant.app.owner();
        let wall = format!(
            "begin; select set_config('role','mandi_app',true), set_config('app.tenant_id','{}',true), set_config('app.customer_id','{}',true)",
            tenant.id, shop.customer
        );
        pg.batch_execute(&wall).unwrap();
        let rows = diesel::sql_query(sql).execute(&mut pg);
        pg.batch_execute("rollback").unwrap();
        rows
    };

    // when it reads its own record, then it finds it
    assert_eq!(as_buyer("select 1 from customers").unwrap(), 1);
    // when it raises its own credit, then nothing is changed
    assert_eq!(
        as_buyer("update customers set credit_limit = 9999999"),
        Ok(0)
    );
    assert_eq!(as_buyer("update connections set status = 'active'"), Ok(0));
    assert_eq!(as_buyer("delete from customers"), Ok(0));
    // and an address of its own it may change
    assert_eq!(
        as_buyer("update customer_addresses set label = 'Godown'"),
        Ok(1)
    );
}
