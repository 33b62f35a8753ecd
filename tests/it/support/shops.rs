//! A company with goods, and many shops that buy from it: for races and crashes at whole processes.

use super::process::Process;
use super::world::{ask_on, company_of, password_hash, run_in};
use super::{Browser, connect};
use mandi::web::forms::new_key;
use std::sync::Mutex;

/// A company, its goods and its shops, in a database of their own.
pub struct Market {
    /// The company's part of addresses.
    pub company: String,

    /// The shops.
    pub shops: Vec<Buyers>,
    owner_url: String,
}

/// A shop and its buyer's browsers, one for each process.
pub struct Buyers {
    /// Its part of addresses.
    pub slug: String,
    email: String,
    /// Signed in, one for each process.
    pub browsers: Vec<Browser>,
}

impl Market {
    /// A company with so many shops and these products: code, price before tax, units in stock.
    pub fn new(owner_url: &str, shops: usize, products: &[(&str, &str, &str)]) -> Self {
        let (id, company, ..) = company_of(owner_url);
        for (sku, price, stock) in products {
            run_in(
                owner_url,
                &format!(
                    "with p as (insert into products (tenant_id, id, sku, name, hsn) values ('{id}', gen_random_uuid(), '{sku}', 'Product {sku}', '1006') returning id),
                       i as (insert into price_items (tenant_id, id, price_list_id, product_id, price)
                         select '{id}', gen_random_uuid(), l.id, p.id, {price} from price_lists l, p where l.tenant_id = '{id}' and l.is_default),
                       m as (insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, at)
                         select '{id}', gen_random_uuid(), p.id, w.id, 'opening', {stock}, now() from warehouses w, p where w.tenant_id = '{id}')
                     insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
                       select '{id}', p.id, w.id, {stock} from warehouses w, p where w.tenant_id = '{id}'"
                ),
            );
        }
        run_in(
            owner_url,
            &format!(
                "create temp table s as select n, gen_random_uuid() as id from generate_series(1, {shops}) n;
                 insert into users (id, email, name, password_hash) select id, 'buyer' || n || '@race.example', 'Buyer ' || n, '{}' from s;
                 insert into retailers (id, slug, name) select id, 'race-' || n, 'Race ' || n from s;
                 insert into retailer_users (retailer_id, id, user_id, role) select id, id, id, 'owner' from s;
                 insert into customers (tenant_id, id, code, name) select '{id}', id, 'R-' || n, 'Race ' || n from s;
                 insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code, is_billing, is_default)
                   select '{id}', id, id, 'Shop', '4 Usman Road', 'Chennai', '600017', '33', true, true from s;
                 insert into connections (tenant_id, id, retailer_id, customer_id) select '{id}', id, id, id from s;",
                password_hash()
            ),
        );
        Self {
            company,

            shops: (1..=shops)
                .map(|n| Buyers {
                    slug: format!("race-{n}"),
                    email: format!("buyer{n}@race.example"),
                    browsers: Vec::new(),
                })
                .collect(),
            owner_url: owner_url.to_owned(),
        }
    }

    /// Every buyer signs in, once; the session is good at every process, because it lies in the database.
    pub fn signed_in(mut self, processes: &[Process], password: &str) -> Self {
        let waiting = Mutex::new(self.shops.iter_mut().collect::<Vec<_>>());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    loop {
                        let Some(shop) = waiting.lock().unwrap().pop() else {
                            return;
                        };
                        let browser = processes[0].browser();
                        browser.sign_in(&shop.email, password).is(200);
                        shop.browsers = processes
                            .iter()
                            .map(|process| browser.moved_to(&process.base))
                            .collect();
                    }
                });
            }
        });
        drop(waiting);
        self
    }

    /// The same people go on at another process: their sessions lie in the database.
    pub fn moved_to(&mut self, process: &Process) {
        for shop in &mut self.shops {
            shop.browsers = shop
                .browsers
                .iter()
                .map(|browser| browser.moved_to(&process.base))
                .collect();
        }
    }

    /// One value of the database.
    pub fn ask(&self, sql: &str) -> String {
        ask_on(&mut connect(&self.owner_url), sql)
    }
}

/// Fills a shop's cart and opens the checkout: the form as its page offers it, ready to be sent. Nothing when the connection breaks.
pub fn checkout(
    market: &Market,
    shop: &Buyers,
    lines: &[(&str, &str)],
) -> Option<Vec<(String, String)>> {
    let (browser, base) = (
        &shop.browsers[0],
        format!("/r/{}/{}", shop.slug, market.company),
    );
    for (sku, quantity) in lines {
        let answer = browser.try_post(
            &format!("{base}/cart/items"),
            &[
                ("op", &format!("set:{sku}")),
                (&format!("qty.{sku}"), quantity),
            ],
        )?;
        assert!(answer.status < 400, "{} {}", answer.status, answer.html);
    }
    let page = browser.try_get(&format!("{base}/cart"))?;
    page.is(200);
    let of = |name: &str| {
        page.attribute(&format!("#checkout input[name='{name}']"), "value")
            .unwrap_or_default()
    };
    Some(vec![
        ("_key".to_owned(), new_key().to_string()),
        ("at".to_owned(), "cart".to_owned()),
        ("op".to_owned(), "place".to_owned()),
        ("shown".to_owned(), of("shown")),
        ("ship_to".to_owned(), of("ship_to")),
    ])
}
