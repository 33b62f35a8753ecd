//! Packed shipments as rows, for what is about their bills alone.

use super::{App, company_of, run};
use mandi::kernel::ids::TenantId;
use uuid::Uuid;

/// A company without a server: only its books are wanted.
pub struct Company {
    /// Where its rows are.
    pub app: &'static App,
    /// The company.
    pub id: TenantId,
}

/// A line to be packed.
pub struct Packed<'a> {
    pub hsn: &'a str,
    pub unit: &'a str,
    pub quantity: &'a str,
    pub price: &'a str,
    pub includes_tax: bool,
}

impl Company {
    /// A fresh company with a GSTIN, an address and an own rate of 5 % for 1006.
    pub fn new(app: &'static App, gstin: Option<&str>) -> Self {
        let (id, ..) = company_of(&app.owner_url);
        Self::of(app, id, gstin)
    }

    /// The same of a company that is there: its registration gets the GSTIN.
    pub fn of(app: &'static App, id: TenantId, gstin: Option<&str>) -> Self {
        let company = Self { app, id };
        if let Some(gstin) = gstin {
            company.run(&format!(
                "update companies set pan = '{pan}' where id = '{id}';
                 update gst_registrations set gstin = '{gstin}', state_code = '{state}' where tenant_id = '{id}'",
                pan = &gstin[2..12],
                state = &gstin[..2],
            ));
        }
        company.run(&format!(
            "update gst_registrations set address = 'Plot 14, MIDC Road 3', city = 'Pune', pincode = '411019' where tenant_id = '{id}';
             insert into warehouses (tenant_id, id, code, name, registration_id, is_default)
               select tenant_id, gen_random_uuid(), 'BOOKS', 'Books', id, false from gst_registrations where tenant_id = '{id}'"
        ));
        company
    }

    /// Runs a statement as the owner of the tables.
    pub fn run(&self, sql: &str) {
        run(self.app, sql);
    }

    /// A rate of its own for a code, from the beginning.
    pub fn rate(&self, hsn: &str, gst: &str, cess: &str, by_unit: &str, treatment: &str) {
        self.run(&format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, cess_rate, cess_per_unit, treatment, valid_from, reason)
               select '{0}', gen_random_uuid(), '{hsn}', {gst}, {cess}, {by_unit}, '{treatment}', '2017-07-01', 'as the case says'
               where not exists (select from own_tax_rates where tenant_id = '{0}' and hsn_prefix = '{hsn}')",
            self.id
        ));
    }

    /// A customer with one address: its id.
    pub fn customer(&self, kind: &str, gstin: Option<&str>, state: &str) -> Uuid {
        let id = Uuid::now_v7();
        let gstin = gstin.map_or("null".to_owned(), |gstin| format!("'{gstin}'"));
        let (country, pincode) = if state == "96" {
            ("US", "999999")
        } else {
            ("IN", "560025")
        };
        self.run(&format!(
            "insert into customers (tenant_id, id, code, name, gstin, kind, terms_days)
               values ('{company}', '{id}', 'B{code}', 'Example Retail Stores Private Limited', {gstin}, '{kind}', 30);
             insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, country, is_billing, is_default)
               values ('{company}', gen_random_uuid(), '{id}', 'Main', '221 Residency Road', 'Bengaluru', '{pincode}', '{state}', '{country}', true, true)",
            company = self.id,
            code = super::unique(),
        ));
        id
    }

    /// A packed shipment of a confirmed order: its number. Goods go to an address of the customer, its first one unless said.
    pub fn shipment(&self, customer: Uuid, ship_to: Option<Uuid>, lines: &[Packed]) -> String {
        let (order, shipment, number) = (Uuid::now_v7(), Uuid::now_v7(), super::unique());
        let company = self.id;
        let ship_to = ship_to.map_or_else(
            || format!("(select id from customer_addresses where customer_id = '{customer}' order by id limit 1)"),
            |id| format!("'{id}'"),
        );
        let mut sql = format!(
            "insert into orders (tenant_id, id, number, customer_id, status, source, placed_at, confirmed_at, warehouse_id, registration_id, ship_to_id, ship_to, place_of_supply, priced_on)
               select '{company}', '{order}', 'SO-99-{number:05}', '{customer}', 'confirmed', 'staff', '2020-01-01', '2020-01-01', w.id, w.registration_id, {ship_to}, 'There', '27', '2020-01-01'
                 from warehouses w where w.tenant_id = '{company}' and w.code = 'BOOKS';
             insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id, status, packages, packed_at)
               select '{company}', '{shipment}', 'SH-99-{number:05}', '{order}', '{customer}', w.id, 'packed', 1, '2020-01-01'
                 from warehouses w where w.tenant_id = '{company}' and w.code = 'BOOKS';"
        );
        for (position, line) in (1..).zip(lines) {
            let Packed {
                hsn,
                unit,
                quantity,
                price,
                includes_tax,
            } = line;
            sql.push_str(&format!(
                "with p as (insert into products (tenant_id, id, sku, name, hsn, unit)
                     values ('{company}', gen_random_uuid(), 'P-{number}-{position}', 'Goods {position}', '{hsn}', '{unit}') returning id),
                 l as (insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, hsn, quantity, open_qty, picking_qty,
                         price, includes_tax, tax_rate, taxable, total)
                     select '{company}', gen_random_uuid(), '{order}', '{customer}', {position}, p.id, 'P-{number}-{position}', 'Goods {position}', '{unit}', '{hsn}',
                         {quantity}, {quantity}, {quantity}, {price}, {includes_tax}, 0, round({quantity} * {price}, 2), round({quantity} * {price}, 2) from p returning id, product_id)
                 insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity, packed_qty)
                     select '{company}', gen_random_uuid(), '{shipment}', l.id, '{customer}', l.product_id, {position}, {quantity}, {quantity} from l;"
            ));
        }
        sql.push_str(&format!(
            "update orders o set total = s.total, taxable = s.total, open_amount = s.total
               from (select sum(total) as total from order_lines where order_id = '{order}') s where o.id = '{order}';
             insert into customer_accounts (tenant_id, id, open_orders, open_amount)
               select tenant_id, customer_id, 1, open_amount from orders where id = '{order}'
               on conflict (tenant_id, id) do update set open_orders = customer_accounts.open_orders + 1, open_amount = customer_accounts.open_amount + excluded.open_amount"
        ));
        self.run(&sql);
        format!("SH-99-{number:05}")
    }
}
