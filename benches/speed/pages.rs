//! Which pages are measured, and who looks at them.

use crate::load::{self, Page};
use crate::world::{COMPANIES, PASSWORD, World};
use anyhow::{Context, Result};
use std::net::SocketAddr;

/// Units of each product that an order asks for, and its lines.
const LINES: usize = 10;

/// Everybody who is signed in.
pub struct Doors {
    /// Owners, by company from 1 on.
    owners: Vec<String>,
    /// People of company-1.
    staff: Vec<String>,
    /// Buyers of shop-1 and so on, who buy from company-1.
    buyers: Vec<String>,
}

impl Doors {
    /// Signs them in.
    pub async fn open(_: &World, address: SocketAddr) -> Result<Self> {
        let mut doors = Self {
            owners: Vec::new(),
            staff: Vec::new(),
            buyers: Vec::new(),
        };
        for number in 1..=COMPANIES {
            let email = format!("person-1@company-{number}.example");
            doors
                .owners
                .push(load::sign_in(address, &email, PASSWORD).await?);
            let email = format!("buyer@shop-{number}.example");
            doors
                .buyers
                .push(load::sign_in(address, &email, PASSWORD).await?);
            if (2..=25).contains(&number) {
                let email = format!("person-{number}@company-1.example");
                doors
                    .staff
                    .push(load::sign_in(address, &email, PASSWORD).await?);
            }
        }
        Ok(doors)
    }

    fn owner(&self) -> &str {
        self.owners.first().map_or("", String::as_str)
    }

    fn buyer(&self) -> &str {
        self.buyers.first().map_or("", String::as_str)
    }
}

/// Requests that are measured together, for one client or for several.
pub struct Visit {
    /// What it is, for the table.
    pub name: String,
    /// For each client.
    pub visits: Vec<Vec<Page>>,
}

impl Visit {
    fn one(name: &str, path: &str, cookie: &str) -> Self {
        Self {
            name: name.to_owned(),
            visits: vec![vec![Page::signed_in(path, cookie)]],
        }
    }

    /// For so many clients: each its own, or all the same.
    pub fn clients(&self, clients: usize) -> Vec<Vec<Page>> {
        self.visits.iter().cycle().take(clients).cloned().collect()
    }
}

/// What can be seen of company-1: a document of each kind.
struct Things {
    sku: String,
    order: String,
    shipment: String,
    customer: String,
    person: String,
}

impl Things {
    fn of(world: &World, company: &str) -> Result<Self> {
        let ask = |what: &str, from: &str| {
            world.ask(&format!("select {what} from {from} t join companies c on c.id = t.tenant_id where c.slug = '{company}' order by t.id desc offset 20 limit 1"))
        };
        Ok(Self {
            sku: world.ask(&format!("select sku from products t join companies c on c.id = t.tenant_id where c.slug = '{company}' and t.status = 'active' order by t.name offset 50 limit 1"))?,
            order: ask("number", "orders")?,
            shipment: ask("number", "shipments")?,
            customer: ask("code", "customers")?,
            person: ask("t.id::text", "employees")?,
        })
    }
}

/// The pages of the office that the budget is about: name, address behind the company's.
fn office(things: &Things) -> Vec<(&'static str, String)> {
    vec![
        ("products", "/products".to_owned()),
        (
            "products, searched",
            "/products?q=turmeric+powder".to_owned(),
        ),
        ("a product", format!("/products/{}", things.sku)),
        ("categories", "/categories".to_owned()),
        ("price lists", "/price-lists".to_owned()),
        ("stock", "/stock".to_owned()),
        ("stock of a product", format!("/stock/{}", things.sku)),
        ("orders", "/orders".to_owned()),
        ("orders, searched", format!("/orders?q={}", things.order)),
        ("an order", format!("/orders/{}", things.order)),
        ("shipments", "/shipments".to_owned()),
        ("a shipment", format!("/shipments/{}", things.shipment)),
        ("customers", "/customers".to_owned()),
        ("customers, searched", "/customers?q=lakshmi".to_owned()),
        ("a customer", format!("/customers/{}", things.customer)),
        ("dashboard", "/".to_owned()),
    ]
}

/// The pages of a shop: name, address behind the supplier's.
fn portal(things: &Things) -> Vec<(&'static str, String)> {
    vec![
        ("catalogue", "/catalogue".to_owned()),
        (
            "catalogue, a category",
            "/catalogue/department-3".to_owned(),
        ),
        (
            "catalogue, searched",
            "/catalogue?q=turmeric+powder".to_owned(),
        ),
        (
            "catalogue, one letter searched",
            "/catalogue?q=s".to_owned(),
        ),
        (
            "catalogue, searched with a typo",
            "/catalogue?q=turmaric+powdr".to_owned(),
        ),
        ("a product for the buyer", format!("/p/{}", things.sku)),
        ("cart", "/cart".to_owned()),
        ("orders of the buyer", "/orders".to_owned()),
    ]
}

/// Every page, by one person of company-1.
pub async fn each(world: &World, doors: &Doors) -> Result<Vec<Visit>> {
    let things = Things::of(world, "company-1")?;
    let mut found = Vec::new();
    for (name, path) in portal(&things) {
        found.push(Visit::one(
            name,
            &format!("/r/shop-1/company-1{path}"),
            doors.buyer(),
        ));
    }
    for (name, path) in office(&things) {
        found.push(Visit::one(
            name,
            &format!("/c/company-1{path}"),
            doors.owner(),
        ));
    }
    Ok(found)
}

/// What is raced with its floor.
pub async fn raced(world: &World, doors: &Doors, address: SocketAddr) -> Result<Vec<Visit>> {
    let things = Things::of(world, "company-1")?;
    let orders = orders(world, doors, address, 8).await?;
    let mut found = Vec::new();
    for (name, path) in portal(&things) {
        if !name.contains("letter") {
            found.push(Visit::one(
                name,
                &format!("/r/shop-1/company-1{path}"),
                doors.buyer(),
            ));
        }
    }
    found.push(Visit::one(
        "a person (one statement)",
        &format!("/c/company-1/settings/people/{}", things.person),
        doors.owner(),
    ));
    found.push(orders);
    Ok(found)
}

/// Fifty people, half of them in the large company, each other one in a company of their own.
pub async fn paced(world: &World, doors: &Doors, address: SocketAddr) -> Result<Vec<Visit>> {
    let mut found: Vec<Visit> = Vec::new();
    let mut all = Vec::new();
    for number in 1..=COMPANIES {
        all.push(Things::of(world, &format!("company-{number}"))?);
    }
    let first = all.first().context("no company")?;
    for (place, (name, _)) in office(first).into_iter().enumerate() {
        let mut visits = Vec::new();
        for (number, things) in (1..=COMPANIES).zip(&all) {
            let (company, things, cookie) = match doors.staff.get(number - 1) {
                Some(cookie) => (1, first, cookie),
                None => (number, things, &doors.owners[number - 1]),
            };
            let path = &office(things)[place].1;
            visits.push(vec![Page::signed_in(
                &format!("/c/company-{company}{path}"),
                cookie,
            )]);
        }
        found.push(Visit {
            name: name.to_owned(),
            visits,
        });
    }
    for (place, (name, _)) in portal(first).into_iter().enumerate() {
        let mut visits = Vec::new();
        for (number, cookie) in (1..=COMPANIES).zip(&doors.buyers) {
            let company = if number % 2 == 1 {
                1
            } else {
                1 + number % COMPANIES
            };
            let path = &portal(&all[company - 1])[place].1;
            visits.push(vec![Page::signed_in(
                &format!("/r/shop-{number}/company-{company}{path}"),
                cookie,
            )]);
        }
        found.push(Visit {
            name: name.to_owned(),
            visits,
        });
    }
    let mut orders = orders(world, doors, address, COMPANIES).await?;
    "checkout of 10 lines".clone_into(&mut orders.name);
    found.push(orders);
    Ok(found)
}

/// A cart of ten lines filled, and ordered: two requests, for each of so many buyers of company-1. No two buy the same product.
async fn orders(world: &World, doors: &Doors, address: SocketAddr, buyers: usize) -> Result<Visit> {
    let skus = world.ask(&format!(
        "select string_agg(sku, ' ') from (select p.sku from products p join companies c on c.id = p.tenant_id join stock_levels l on l.tenant_id = p.tenant_id and l.product_id = p.id
           where c.slug = 'company-1' and p.status = 'active' and l.on_hand - l.reserved > 100000 order by p.sku limit {}) s",
        buyers * LINES
    ))?;
    let skus: Vec<&str> = skus.split(' ').collect();
    let mut visits = Vec::new();
    for ((number, cookie), skus) in (1..=buyers).zip(&doors.buyers).zip(skus.chunks(LINES)) {
        let base = format!("/r/shop-{number}/company-1");
        let wished: String = skus.iter().map(|sku| format!("&qty.{sku}=1")).collect();
        let fill = Page::form(
            &format!("{base}/cart/items"),
            cookie,
            format!("_key={{key}}{wished}"),
        );
        load::once(address, &fill).await?;
        // The total that the cart shows is part of the order: the same cart comes to the same.
        let cart = load::once(address, &Page::signed_in(&format!("{base}/cart"), cookie)).await?;
        let page = String::from_utf8_lossy(&cart.body).into_owned();
        let shown = page
            .split_once("name=\"shown\" value=\"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .context("the cart shows no total")?
            .0;
        let place = Page::form(
            &format!("{base}/orders"),
            cookie,
            format!("_key={{key}}&at=cart&shown={shown}"),
        );
        visits.push(vec![fill, place]);
    }
    Ok(Visit {
        name: "order of 10 lines: the cart filled, and ordered (two requests)".to_owned(),
        visits,
    })
}
