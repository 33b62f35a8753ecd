//! Goods, orders and shipments for one test each, by the product's own actions where there are any.

use super::{App, Shop, Tenant, ask, retailer, run};
use mandi::accounting::actions::{
    CancelCode, Correcting, Issued, Issuing, Part, What, cancel, credit, debit, issue,
};
use mandi::accounting::model::{Document, DocumentLine};
use mandi::accounting::rules::document::Reason;
use mandi::app::checks;
use mandi::error::AppError;
use mandi::kernel::ids::ProductId;
use mandi::kernel::language::Said;
use mandi::kernel::money::Money;
use mandi::kernel::quantity::Quantity;
use mandi::logistics::actions::{self, Packing, Picker, Sending};
use mandi::logistics::model::Line;
use mandi::logistics::rules::{ChallanReason, Status, Why};
use mandi::orders::actions::{NewLine, Placing, Source, place};
use mandi::platform::db::{Member, Meter};
use mandi::platform::verify;
use std::collections::HashMap;
use uuid::Uuid;

/// A product with a price before tax (5 % GST) and stock in the company's warehouse; a unit weighs 500 g.
pub fn goods(tenant: &Tenant, sku: &str, price: &str, stock: &str) -> ProductId {
    let (company, id) = (tenant.id, Uuid::now_v7());
    run(
        tenant.app,
        &format!(
            "insert into products (tenant_id, id, sku, name, hsn, weight_g) values ('{company}', '{id}', '{sku}', 'Product {sku}', '1006', 500);
             insert into price_items (tenant_id, id, price_list_id, product_id, price)
               select '{company}', gen_random_uuid(), id, '{id}', {price} from price_lists where tenant_id = '{company}' and is_default;
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
               select '{company}', '{id}', id, {stock} from warehouses where tenant_id = '{company}' and is_default;
             insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
               select '{company}', gen_random_uuid(), '{id}', id, 'opening', {stock}, now() from warehouses where tenant_id = '{company}' and is_default"
        ),
    );
    id.into()
}

/// A retailer with an address in the company's own state.
pub fn shop_of(tenant: &Tenant) -> Shop {
    let shop = retailer(tenant);
    give_address(tenant, &shop);
    shop
}

/// Gives a retailer's customer an address in the company's own state.
pub fn give_address(tenant: &Tenant, shop: &Shop) {
    run(
        tenant.app,
        &format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code)
               select '{0}', gen_random_uuid(), '{1}', 'Shop', '4 Usman Road', 'Chennai', '600017', '33'
                 where not exists (select from customer_addresses where customer_id = '{1}')",
            tenant.id, shop.customer
        ),
    );
}

/// A placed order: its number.
pub fn placed(tenant: &Tenant, shop: &Shop, lines: &[(ProductId, &str)]) -> String {
    let placing = Placing {
        customer: shop.customer,
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
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        place(scope, &placing)
            .map(|placed| placed.number)
            .map_err(mandi::error::AppError::from)
    })
    .unwrap()
}

/// A placed and confirmed order: its number.
pub fn confirmed(tenant: &Tenant, shop: &Shop, lines: &[(ProductId, &str)]) -> String {
    let number = placed(tenant, shop, lines);
    run(
        tenant.app,
        &format!(
            "update orders set status = 'confirmed', confirmed_at = now() where tenant_id = '{}' and number = '{number}'",
            tenant.id
        ),
    );
    number
}

/// A vehicle that carries so much and a driver: their ids.
pub fn fleet(tenant: &Tenant, capacity_kg: u32) -> (String, String) {
    let (vehicle, driver) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let plate = &vehicle.replace('-', "").to_uppercase()[20..];
    run(
        tenant.app,
        &format!(
            "insert into vehicles (tenant_id, id, registration_no, name, capacity_kg) values ('{company}', '{vehicle}', '{plate}', 'Big truck', {capacity_kg});
             insert into drivers (tenant_id, id, name) values ('{company}', '{driver}', 'Mani V.')",
            company = tenant.id
        ),
    );
    (vehicle, driver)
}

/// A shipment of one product, as far as wanted: its number. It leaves with its invoice.
pub fn shipment(tenant: &Tenant, shop: &Shop, product: ProductId, status: Status) -> String {
    shipment_with(tenant, shop, product, status, None)
}

/// A shipment of one product that left with a challan, on approval: its number.
pub fn on_approval(tenant: &Tenant, shop: &Shop, product: ProductId) -> String {
    let reason = Some(ChallanReason::Approval);
    shipment_with(tenant, shop, product, Status::Out, reason)
}

fn shipment_with(
    tenant: &Tenant,
    shop: &Shop,
    product: ProductId,
    status: Status,
    challan_reason: Option<ChallanReason>,
) -> String {
    let order = confirmed(tenant, shop, &[(product, "12")]);
    let who = Picker {
        user: None,
        name: "Ravi Warehouse".to_owned(),
    };
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    let number = db
        .write(&member, &Meter::default(), |scope| {
            actions::pick(scope, &order, &who)
        })
        .unwrap();
    if status == Status::Picking {
        return number;
    }
    pack_whole(tenant, &number, &who);
    if status == Status::Packed {
        return number;
    }
    if challan_reason.is_none() {
        billed(tenant, &number);
    }
    let (vehicle, driver) = fleet(tenant, 500);
    let sending = Sending {
        vehicle: vehicle.parse().unwrap(),
        driver: driver.parse().unwrap(),
        expected_on: mandi::kernel::dates::today(db.clock().now()),
        is_overload_known: false,
        is_eway_known: true,
        challan: challan_reason.map(|reason| Why {
            reason,
            words: None,
        }),
        unregistered_reason: Some("The authority is away".to_owned()),
    };
    db.write(&member, &Meter::default(), |scope| {
        actions::send(scope, &who.name, &number, &sending)
    })
    .unwrap()
    .unwrap();
    number
}

/// The invoice of a packed shipment, as it was packed.
pub fn billed(tenant: &Tenant, shipment: &str) -> Issued {
    let issuing = Issuing {
        shipment: shipment.to_owned(),
        ..Issuing::default()
    };
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        issue(scope, "Asha Owner", &issuing)
    })
    .unwrap()
    .unwrap()
}

/// An invoice of goods of its own to a retailer.
pub fn an_invoice(tenant: &Tenant, shop: &Shop) -> Issued {
    give_address(tenant, shop);
    let product = goods(tenant, &format!("P{}", super::unique()), "40", "100");
    let order = confirmed(tenant, shop, &[(product, "12")]);
    billed(tenant, &packed(tenant, &order))
}

/// Cancels an invoice whose goods are still in the house.
pub fn taken_back(tenant: &Tenant, bill: &Issued) {
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        cancel(
            scope,
            "Asha Owner",
            bill.id,
            CancelCode::Duplicate,
            "Written twice",
        )
    })
    .unwrap();
}

/// A credit note on the whole of an invoice, or a debit note of a rupee a unit on its first line.
pub fn a_note(tenant: &Tenant, bill: &Issued, is_credit: bool) -> Issued {
    try_note(tenant, bill, is_credit).unwrap().unwrap()
}

/// The same where it may be refused: of what was credited whole, nothing is left.
pub fn try_note(
    tenant: &Tenant,
    bill: &Issued,
    is_credit: bool,
) -> Result<Result<Issued, Said>, AppError> {
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        let document = Document::by_id(scope, bill.id)?;
        let why = (Reason::Price, "Agreed on the telephone.");
        if is_credit {
            return credit(scope, "Asha Owner", &document, &Correcting::Whole, why);
        }
        let lines = DocumentLine::find(scope, bill.id)?;
        let part = Part {
            line: lines[0].id,
            what: What::Price(Money::from_rupees(1)),
        };
        debit(scope, "Asha Owner", &document, &[part], why)
    })
}

/// A packed shipment of everything of a confirmed order: its number.
pub fn packed(tenant: &Tenant, order: &str) -> String {
    let who = Picker {
        user: None,
        name: "Ravi Warehouse".to_owned(),
    };
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    let number = db
        .write(&member, &Meter::default(), |scope| {
            actions::pick(scope, order, &who)
        })
        .unwrap();
    pack_whole(tenant, &number, &who);
    number
}

/// Packs all that there is to pick.
fn pack_whole(tenant: &Tenant, number: &str, who: &Picker) {
    let whole = |lines: &[Line]| {
        let packed = lines
            .iter()
            .filter_map(|line| Some((line.shipment_line?, line.to_pick?)));
        Ok::<_, ()>(Packing {
            packed: packed.collect::<HashMap<_, _>>(),
            packages: 2,
            weight_g: Some(6_000),
        })
    };
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), |scope| {
        actions::pack(scope, &who.name, number, whole)
    })
    .unwrap()
    .unwrap();
}

/// The only line of a shipment.
pub fn line_id(tenant: &Tenant, number: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select l.id::text as value from shipment_lines l join shipments s on s.tenant_id = l.tenant_id and s.id = l.shipment_id
               where s.tenant_id = '{}' and s.number = '{number}'",
            tenant.id
        ),
    )
}

/// What an order's only line says: ordered, open, shipped, cancelled, being picked.
pub fn line_of(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', l.quantity::float, l.open_qty::float, l.shipped_qty::float, l.cancelled_qty::float, l.picking_qty::float) as value
               from order_lines l join orders o on o.tenant_id = l.tenant_id and o.id = l.order_id where o.tenant_id = '{}' and o.number = '{order}'",
            tenant.id
        ),
    )
}

/// What lies of a product, and what of it is reserved.
pub fn stock_of(tenant: &Tenant, product: ProductId) -> String {
    ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', on_hand::float, reserved::float) as value from stock_levels where tenant_id = '{}' and product_id = '{product}'",
            tenant.id
        ),
    )
}

/// Rooms of checks that most tests ask.
pub const BOOKS: [&str; 7] = [
    "stock.",
    "orders.",
    "ledger.",
    "shipments.",
    "documents.",
    "einvoices.",
    "payments.",
];

/// Fails unless the company's books of stock, orders, accounts, shipments, documents and payments agree.
#[track_caller]
pub fn sound(tenant: &Tenant) {
    books_hold(tenant.app, &tenant.slug);
}

/// The same of a company by its slug.
#[track_caller]
pub fn books_hold(app: &App, slug: &str) {
    assert_eq!(faults(app, slug, &BOOKS), Vec::<String>::new());
}

/// Fails unless every check of the product agrees about the company.
#[track_caller]
pub fn wholly_sound(tenant: &Tenant) {
    assert_eq!(
        faults(tenant.app, &tenant.slug, &[""]),
        Vec::<String>::new()
    );
}

/// What the checks of some rooms find wrong in a company.
#[track_caller]
pub fn faults(app: &App, slug: &str, rooms: &[&str]) -> Vec<String> {
    let all = checks::all();
    for room in rooms {
        let has_check = all.iter().any(|check| check.name.starts_with(room));
        assert!(has_check, "no check of {room}");
    }
    let asked: Vec<_> = all
        .into_iter()
        .filter(|check| rooms.iter().any(|room| check.name.starts_with(room)))
        .collect();
    let findings = verify::run_of(&app.owner_url, &asked, slug).unwrap();
    let findings = findings.unwrap_or_else(|| panic!("no company {slug}"));
    let said = |finding: verify::Finding| {
        let name = finding.check.name;
        let faults = finding.faults.into_iter();
        faults.map(move |fault| format!("{name}: {}", fault.what))
    };
    findings.into_iter().flat_map(said).collect()
}

/// A shop with ₹504 of a limit of ₹600 used, and another order of ₹504, by its number, that waits until ₹408 are paid.
pub fn held(tenant: &Tenant, shop: &Shop) -> String {
    let soap = goods(tenant, "SOAP", "40", "1000");
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = 600 where id = '{}'",
            shop.customer
        ),
    );
    placed(tenant, shop, &[(soap, "12")]);
    placed(tenant, shop, &[(soap, "12")])
}
