//! What `mandi demo` loads, once: two suppliers with their people, and a shop that buys from both. Made by the product's own actions.

use crate::companies::actions::{self, NewCompany};
use crate::customers::actions as shops;
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::{TenantId, UserId};
use crate::kernel::language::Said;
use crate::platform::accounts::password::NewPassword;
use crate::platform::accounts::users::{self, NewUser};
use crate::platform::db::{DEMO, Db, Meter, PlatformActor, PlatformTx};
use crate::platform::demo::ADMIN;
use crate::platform::permissions::Role;

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
        "owner@vindhya.example",
        "Kavita Joshi",
        "owner of Vindhya Hardware",
    ),
    (
        "buyer@gupta.example",
        "Mohan Gupta",
        "Gupta Stores, buys from both",
    ),
];

/// Loads the demo where nobody has an account yet; says whether it did. So it comes to a new installation only, and once: when it is removed, its
/// admin stays.
///
/// # Errors
/// When the database refuses.
pub fn load(db: &Db) -> Result<bool, AppError> {
    let actor = actor();
    let is_used = db.platform_read(&actor, &Meter::default(), users::is_anybody)?;
    if is_used {
        return Ok(false);
    }
    let hash = said(NewPassword::parse(PASSWORD, ""))?.hash()?;
    db.platform_write(&actor, &Meter::default(), |tx| {
        person(tx, 0, &hash, true)?;
        let annapurna = company(
            tx,
            (
                "annapurna",
                "Annapurna Foods",
                "Annapurna Foods Private Limited",
                "33AAACA4821K1Z",
            ),
        )?;
        for (place, role) in [
            (1, Role::Owner),
            (2, Role::Sales),
            (3, Role::Warehouse),
            (4, Role::Accounts),
        ] {
            employee(tx, annapurna, place, role, &hash)?;
        }
        let vindhya = company(
            tx,
            (
                "vindhya",
                "Vindhya Hardware",
                "Vindhya Hardware LLP",
                "23AAGFV7315M1Z",
            ),
        )?;
        employee(tx, vindhya, 5, Role::Owner, &hash)?;
        let buyer = person(tx, 6, &hash, false)?;
        let new = shops::NewRetailer {
            slug: said("gupta".parse())?,
            name: "Gupta Stores".to_owned(),
            city: Some("Nagpur".to_owned()),
            is_demo: true,
        };
        let gupta = shops::sign_up(tx, &new, buyer)?;
        shops::connect(tx, annapurna, gupta, ("C-001", "Gupta Stores"))?;
        shops::connect(tx, vindhya, gupta, ("C-001", "Gupta Stores"))?;
        Ok(true)
    })
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
) -> Result<(), AppError> {
    let user = person(tx, place, hash, false)?;
    let (email, name, _) = SIGN_INS.get(place).copied().ok_or(AppError::NotFound)?;
    tx.in_company(company, |scope| {
        actions::add_employee(scope, user, name, email, role)
    })
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
