//! Where the demo's suppliers are to be found.

use crate::companies::actions::{Names, Profile, save_profile};
use crate::companies::model::Company;
use crate::error::AppError;
use crate::inventory::actions::{NewWarehouse, save};
use crate::inventory::model::Warehouse;
use crate::platform::db::Scope;

/// Address and contact of the company; its warehouse is at the same place.
///
/// # Errors
/// When the database refuses.
pub fn settle_in(
    scope: &mut Scope,
    (email, phone): (&str, &str),
    (street, city, pincode): (&str, &str, &str),
) -> Result<(), AppError> {
    let own = Company::own(scope)?;
    let profile = Profile {
        names: Names {
            name: own.name,
            legal_name: own.legal_name,
            email: Some(email.to_owned()),
            phone: Some(phone.to_owned()),
            website: None,
        },
        address: Some(street.to_owned()),
        city: Some(city.to_owned()),
        pincode: Some(pincode.to_owned()),
    };
    save_profile(scope, &profile, own.updated_at)?;
    for warehouse in Warehouse::all(scope)? {
        let there = NewWarehouse {
            code: warehouse.code,
            name: warehouse.name,
            registration: warehouse.registration_id,
            street: Some(street.to_owned()),
            city: Some(city.to_owned()),
            pincode: Some(pincode.to_owned()),
        };
        save(scope, warehouse.id, &there, warehouse.updated_at)?;
    }
    Ok(())
}
