//! What a company sells, made for one test.

use super::{Shop, Tenant, run};
use uuid::Uuid;

/// A product to be: on sale, with a price for everybody and stock in the company's warehouse.
pub struct Goods {
    sku: String,
    price: Option<String>,
    stock: String,
    pack: (String, Option<String>),
    mrp: Option<String>,
    hsn: String,
    status: String,
}

impl Goods {
    /// A product at 40 rupees, sold by the piece, 1,000 in stock, with 5 % GST.
    pub fn new(sku: &str) -> Self {
        Self {
            sku: sku.to_owned(),
            price: Some("40".to_owned()),
            stock: "1000".to_owned(),
            pack: ("1".to_owned(), None),
            mrp: None,
            hsn: "1006".to_owned(),
            status: "active".to_owned(),
        }
    }

    /// At another price.
    pub fn price(mut self, price: &str) -> Self {
        self.price = Some(price.to_owned());
        self
    }

    /// Without a price.
    pub fn unpriced(mut self) -> Self {
        self.price = None;
        self
    }

    /// With so many units in stock.
    pub fn stock(mut self, stock: &str) -> Self {
        self.stock = stock.to_owned();
        self
    }

    /// In packs.
    pub fn pack(mut self, size: &str, name: &str) -> Self {
        self.pack = (size.to_owned(), Some(name.to_owned()));
        self
    }

    /// With a maximum retail price.
    pub fn mrp(mut self, mrp: &str) -> Self {
        self.mrp = Some(mrp.to_owned());
        self
    }

    /// upcoming, active or discontinued.
    pub fn status(mut self, status: &str) -> Self {
        self.status = status.to_owned();
        self
    }

    /// Puts it on the shelves of a company, in the category "Portal".
    pub fn on(self, tenant: &Tenant) -> Uuid {
        let (company, id) = (tenant.id, Uuid::now_v7());
        let quoted = |text: &Option<String>| {
            text.as_ref()
                .map_or("null".to_owned(), |text| format!("'{text}'"))
        };
        let (sku, stock) = (&self.sku, &self.stock);
        run(
            tenant.app,
            &format!(
                "insert into categories (tenant_id, id, name, slug, path) values ('{company}', gen_random_uuid(), 'Portal', 'portal', 'Portal') on conflict do nothing;
                 insert into products (tenant_id, id, sku, name, hsn, pack_size, pack_name, mrp, status, category_id)
                   select '{company}', '{id}', '{sku}', 'Product {sku}', '{}', {}, {}, {}, '{}', id from categories where tenant_id = '{company}' and slug = 'portal';
                 insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
                   select '{company}', gen_random_uuid(), '{id}', id, 'opening', {stock}, now() from warehouses where tenant_id = '{company}' and is_default and {stock} > 0;
                 insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
                   select '{company}', '{id}', id, {stock} from warehouses where tenant_id = '{company}' and is_default",
                self.hsn,
                self.pack.0,
                quoted(&self.pack.1),
                quoted(&self.mrp),
                self.status,
            ),
        );
        if let Some(price) = &self.price {
            run(
                tenant.app,
                &format!(
                    "insert into price_items (tenant_id, id, price_list_id, product_id, price)
                       select '{company}', gen_random_uuid(), id, '{id}', {price} from price_lists where tenant_id = '{company}' and is_default"
                ),
            );
        }
        id
    }
}

/// An address of a shop, in a state; the first one is its usual one.
pub fn give_address(tenant: &Tenant, shop: &Shop, state: &str) {
    run(
        tenant.app,
        &format!(
            "insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_default)
               select '{0}', gen_random_uuid(), '{1}', 'Shop {state}', '4 Usman Road', 'Chennai', '600017', '{state}',
                 not exists (select from customer_addresses where tenant_id = '{0}' and customer_id = '{1}')",
            tenant.id, shop.customer
        ),
    );
}
