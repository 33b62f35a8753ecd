//! What `mandi demo` loads, once: two suppliers with their people, goods and prices, the shops that buy from them, and sixty days of trade with
//! its bills, registered at the sandbox's authority, and its money.
//!
//! Everything is made by the product's own actions, with the clock set to when it would have happened; `tests/it/tidy.rs` sees to it that no
//! table is named here.

mod goods;
mod office;
mod shops;
mod trade;

use crate::companies::actions::{self, NewCompany};
use crate::customers::model::Group;
use crate::error::AppError;
use crate::integrations::sandbox;
use crate::kernel::dates;
use crate::kernel::email::Email;
use crate::kernel::ids::{DriverId, TenantId, UserId, VehicleId};
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::logistics::actions::{NewDriver, NewVehicle, save_driver, save_vehicle};
use crate::logistics::model::{Driver, Vehicle};
use crate::platform::accounts::password::NewPassword;
use crate::platform::accounts::users::{self, NewUser};
use crate::platform::db::{DEMO, Db, Meter, PlatformActor, PlatformTx, Scope};
use crate::platform::demo::ADMIN;
use crate::platform::permissions::Role;
use crate::pricing::actions::{self as prices, ListFacts, NewPrice};
use crate::pricing::model::Resolved;
use crate::products::model::Product;
use crate::web::State;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::Decimal;
use trade::{Supplier, World};

/// The password of every demo sign-in.
pub const PASSWORD: &str = "mandi-demo";

/// Demo sign-ins: address, name, and what they are.
pub const SIGN_INS: &[(&str, &str, &str)] = &[
    (ADMIN, "Nisha Verma", "platform admin"),
    (
        "owner@annapurna.example",
        "Asha Raman",
        "owner of Annapurna Foods",
    ),
    (
        "sales@annapurna.example",
        "Ravi Kumar",
        "sales at Annapurna Foods",
    ),
    (
        "warehouse@annapurna.example",
        "Selvi Murugan",
        "warehouse at Annapurna Foods",
    ),
    (
        "accounts@annapurna.example",
        "Imran Sheikh",
        "accounts at Annapurna Foods",
    ),
    (
        "driver@annapurna.example",
        "Kannan Velu",
        "driver at Annapurna Foods",
    ),
    (
        "owner@vindhya.example",
        "Kavita Joshi",
        "owner of Vindhya Hardware",
    ),
    (
        "buyer@gupta.example",
        "Mohan Gupta",
        "Gupta Stores, buys from both",
    ),
    (
        "buyer@lakshmi.example",
        "Meena Lakshmi",
        "Lakshmi Stores, buys from Annapurna",
    ),
    (
        "buyer@patel.example",
        "Jignesh Patel",
        "Patel Hardware, buys from Vindhya",
    ),
];

/// Loads the demo where nobody has an account yet; says whether it did. So it comes to a new installation only, and once: when it is removed, its
/// admin stays. While it loads, this database's clock goes through the past, for the sandboxes too: bills are registered on their day, at no real
/// authority.
///
/// # Errors
/// When the database refuses, or this installation has no sandboxes.
pub fn load(state: &State) -> Result<bool, AppError> {
    let is_used = state
        .db
        .platform_read(&actor(), &Meter::default(), users::is_anybody)?;
    if is_used {
        return Ok(false);
    }
    let clock = state.db.clock();
    let loaded = live_through(&sandbox::rehearse(state)?, clock.now());
    // Also when it failed: whoever comes next lives in the present.
    clock.set(None);
    loaded.map(|()| true)
}

fn live_through(state: &State, now: DateTime<Utc>) -> Result<(), AppError> {
    let (db, clock) = (&state.db, state.db.clock());
    let hash = said(NewPassword::parse(PASSWORD, ""))?.hash()?;
    let today = dates::today(now);
    // Everybody was there before the first order.
    clock.set(Some(now - Duration::days(75)));
    let (suppliers, shops) = db.platform_write(&actor(), &Meter::default(), |tx| {
        person(tx, 0, &hash, true)?;
        let annapurna = annapurna(tx, &hash, today)?;
        let vindhya = vindhya(tx, &hash, today)?;
        let slugs = [
            ("annapurna", annapurna.company),
            ("vindhya", vindhya.company),
        ];
        let shops = shops::load(tx, &slugs, &hash)?;
        for (supplier, group) in [(&annapurna, "Supermarket"), (&vindhya, "Contractor")] {
            tx.in_company(supplier.company, |scope| price_for_group(scope, group))?;
        }
        Ok(([annapurna, vindhya], shops))
    })?;
    let registry = super::work::registry(state)?;
    let world = World {
        state,
        registry: &registry,
        now,
    };
    for supplier in &suppliers {
        trade::load(world, supplier, &shops)?;
    }
    Ok(())
}

fn annapurna(tx: &mut PlatformTx, hash: &str, today: NaiveDate) -> Result<Supplier, AppError> {
    let company = company(
        tx,
        (
            "annapurna",
            "Annapurna Foods",
            "Annapurna Foods Private Limited",
            "33AAACA4821K1Z",
        ),
    )?;
    let mut staff = Vec::new();
    for (place, role) in [
        (1, Role::Owner),
        (2, Role::Sales),
        (3, Role::Warehouse),
        (4, Role::Accounts),
        (5, Role::Driver),
    ] {
        staff.push(employee(tx, company, place, role, hash)?);
    }
    let fleet = tx.in_company(company, |scope| {
        office::settle_in(
            scope,
            ("office@annapurna.example", "+914424641870"),
            ("14, Koyambedu Market Road", "Chennai", "600107"),
        )?;
        // Long enough ago that the first day to be late for the authority has passed.
        office::be_paid(scope, &office::ANNAPURNA, today - Duration::days(40))?;
        goods::load(scope, goods::ANNAPURNA)?;
        fleet(
            scope,
            &[
                ("TN09AX4127", "Tata 407", 2_500, "Kannan Velu"),
                ("TN22CD8810", "Bolero pickup", 1_200, "Suresh Pandian"),
            ],
        )
    })?;
    Ok(Supplier {
        company,
        sales: (staff[1], "Ravi Kumar"),
        warehouse: (staff[2], "Selvi Murugan"),
        accounts: (staff[3], "Imran Sheikh"),
        orders: (1, 4),
        fleet,
        is_main: true,
    })
}

fn vindhya(tx: &mut PlatformTx, hash: &str, today: NaiveDate) -> Result<Supplier, AppError> {
    let company = company(
        tx,
        (
            "vindhya",
            "Vindhya Hardware",
            "Vindhya Hardware LLP",
            "23AAGFV7315M1Z",
        ),
    )?;
    let owner = employee(tx, company, 6, Role::Owner, hash)?;
    let fleet = tx.in_company(company, |scope| {
        office::settle_in(
            scope,
            ("office@vindhya.example", "+917312548890"),
            ("7, Siyaganj", "Indore", "452007"),
        )?;
        office::be_paid(scope, &office::VINDHYA, today - Duration::days(20))?;
        goods::load(scope, goods::VINDHYA)?;
        fleet(
            scope,
            &[("MP09GH3345", "Eicher Pro", 5_000, "Ramesh Yadav")],
        )
    })?;
    Ok(Supplier {
        company,
        sales: (owner, "Kavita Joshi"),
        warehouse: (owner, "Kavita Joshi"),
        accounts: (owner, "Kavita Joshi"),
        orders: (0, 3),
        fleet,
        is_main: false,
    })
}

/// Vehicles with their drivers: number plate, name, kilograms, who drives.
fn fleet(
    scope: &mut Scope,
    vehicles: &[(&str, &str, i32, &str)],
) -> Result<Vec<(VehicleId, DriverId)>, AppError> {
    for (plate, name, capacity, driver) in vehicles {
        let vehicle = NewVehicle {
            registration_no: (*plate).to_owned(),
            name: (*name).to_owned(),
            capacity_kg: Some(*capacity),
            is_active: true,
        };
        save_vehicle(scope, None, &vehicle)?;
        let driver = NewDriver {
            name: (*driver).to_owned(),
            phone: None,
            licence_no: None,
            is_active: true,
        };
        save_driver(scope, None, &driver)?;
    }
    let vehicles = Vehicle::choices(scope)?.into_iter().map(|row| row.id);
    let drivers = Driver::choices(scope)?.into_iter().map(|row| row.id);
    Ok(vehicles.zip(drivers).collect())
}

/// The first fifty goods cost one group less, and still less by the half dozen packs.
fn price_for_group(scope: &mut Scope, group: &str) -> Result<(), AppError> {
    let today = dates::today(scope.now());
    let list = prices::add(
        scope,
        &ListFacts {
            name: group.to_owned(),
            includes_tax: false,
            valid_from: today,
            valid_to: None,
        },
    )?;
    let goods: Vec<_> = Product::on_sale(scope)?.into_iter().take(50).collect();
    let wanted: Vec<_> = goods.iter().map(|(id, _)| (*id, Decimal::ONE)).collect();
    let standard = Resolved::of(scope, &wanted, None, today)?;
    let ids: Vec<_> = goods.iter().map(|(id, _)| *id).collect();
    for product in Product::by_ids(scope, &ids)? {
        let Some(price) = standard
            .iter()
            .find(|row| row.product_id == product.id)
            .and_then(|row| row.price)
        else {
            continue;
        };
        for (packs, per_cent) in [(0, 97), (6, 94)] {
            let price = Money::rounded(price.as_decimal() * Decimal::new(per_cent, 2));
            let new = NewPrice {
                min_qty: Decimal::from(packs) * product.pack_size.as_decimal(),
                valid_from: today,
                price: said(price.plain().parse())?,
                was: None,
            };
            prices::set_price(scope, list, &product, &new)?;
        }
    }
    let id = Group::all(scope)?
        .into_iter()
        .find(|row| row.name == group)
        .map(|row| row.id);
    prices::add_target(scope, list, (id, None))?;
    prices::activate(scope, list)?;
    Ok(())
}

fn actor() -> PlatformActor {
    PlatformActor {
        cause: Some(DEMO),
        ..PlatformActor::default()
    }
}

fn said<T>(parsed: Result<T, Said>) -> Result<T, AppError> {
    parsed.map_err(|said| AppError::internal(said.to_string()))
}

fn person(
    tx: &mut PlatformTx,
    place: usize,
    hash: &str,
    is_platform_admin: bool,
) -> Result<UserId, AppError> {
    let (email, name, _) = SIGN_INS.get(place).copied().ok_or(AppError::NotFound)?;
    let email: Email = said(email.parse())?;
    users::create(
        tx,
        &NewUser {
            email: &email,
            name,
            password_hash: Some(hash),
            is_platform_admin,
            language: None,
        },
    )
}

/// Somebody with an account, in a language.
fn person_of(
    tx: &mut PlatformTx,
    (email, name): (&str, &str),
    hash: &str,
    language: Lang,
) -> Result<UserId, AppError> {
    let email: Email = said(email.parse())?;
    users::create(
        tx,
        &NewUser {
            email: &email,
            name,
            password_hash: Some(hash),
            is_platform_admin: false,
            language: (language != Lang::default()).then(|| language.code()),
        },
    )
}

/// `gstin` without its check digit, which is worked out.
fn company(
    tx: &mut PlatformTx,
    (slug, name, legal_name, gstin): (&str, &str, &str, &str),
) -> Result<TenantId, AppError> {
    let digit = crate::kernel::gstin::check_character(gstin).ok_or(AppError::NotFound)?;
    let new = NewCompany {
        name: name.to_owned(),
        legal_name: legal_name.to_owned(),
        slug: said(slug.parse())?,
        gstin: said(format!("{gstin}{digit}").parse())?,
        is_demo: true,
    };
    actions::open(tx, &new)
}

fn employee(
    tx: &mut PlatformTx,
    company: TenantId,
    place: usize,
    role: Role,
    hash: &str,
) -> Result<UserId, AppError> {
    let user = person(tx, place, hash, false)?;
    let (email, name, _) = SIGN_INS.get(place).copied().ok_or(AppError::NotFound)?;
    tx.in_company(company, |scope| {
        actions::add_employee(scope, user, name, email, role)
    })?;
    Ok(user)
}

/// The sign-ins that there are, as a table for the terminal.
///
/// # Errors
/// When the database refuses.
pub fn table(db: &Db, url: &str) -> Result<String, AppError> {
    let addresses: Vec<&str> = SIGN_INS.iter().map(|(email, _, _)| *email).collect();
    let known = db.platform_read(&actor(), &Meter::default(), |tx| {
        users::known(tx, &addresses)
    })?;
    let mut text = format!(
        "\n  Mandi is at {url}\n\n  {:32} {:12} who\n",
        "e-mail", "password"
    );
    for (email, name, what) in SIGN_INS {
        // Whoever left with the demo can't sign in.
        if !known.iter().any(|address| address == email) {
            continue;
        }
        text.push_str(&format!("  {email:32} {PASSWORD:12} {name}, {what}\n"));
    }
    text.push_str("\n  Letters that would be mailed: /dev/mail. Stop with Ctrl+C.\n");
    Ok(text)
}
