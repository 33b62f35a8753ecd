//! Where the demo's suppliers are to be found, and where they are paid.

use crate::accounting::actions::settings::{Printed, Saved, set_einvoice_from, set_printed};
use crate::accounting::model::Settings;
use crate::accounting::views::settings::version;
use crate::companies::actions::{Names, Profile, save_profile};
use crate::companies::model::Company;
use crate::error::AppError;
use crate::inventory::actions::{NewWarehouse, save};
use crate::inventory::model::Warehouse;
use crate::kernel::language::Lang;
use crate::platform::db::Scope;
use crate::tax::bill::RoundOff;
use chrono::NaiveDate;

/// Where a supplier is paid.
pub struct Till {
    bank: &'static str,
    number: &'static str,
    ifsc: &'static str,
    upi: &'static str,
    terms: &'static str,
}

/// Where Annapurna Foods is paid.
pub const ANNAPURNA: Till = Till {
    bank: "State Bank of India, Koyambedu",
    number: "38241760559",
    ifsc: "SBIN0007106",
    upi: "annapurna.foods@sbi",
    terms: "Goods that are not as they should be are taken back within three days. 18 % a year on what is paid late.",
};
/// Where Vindhya Hardware is paid.
pub const VINDHYA: Till = Till {
    bank: "Bank of Baroda, Siyaganj",
    number: "04580200001873",
    ifsc: "BARB0SIYAGA",
    upi: "vindhya.hardware@barodampay",
    terms: "Sold goods are exchanged within seven days, with this bill.",
};

/// Says on bills where they are paid, and from when on they are registered at the authority.
///
/// # Errors
/// When the database refuses.
pub fn be_paid(scope: &mut Scope, till: &Till, einvoice_from: NaiveDate) -> Result<(), AppError> {
    let printed = Printed {
        round_off: RoundOff::Rupee,
        bank_name: Some(till.bank.to_owned()),
        bank_account: Some(till.number.to_owned()),
        bank_ifsc: Some(till.ifsc.to_owned()),
        upi_id: Some(till.upi.to_owned()),
        terms: Some(till.terms.to_owned()),
        age_buckets: vec![30, 60, 90],
    };
    let first = set_printed(scope, &printed, "")?;
    let kept = version(Settings::own(scope)?.map(|row| row.updated_at));
    let second = set_einvoice_from(scope, Some(einvoice_from), &kept, Lang::En)?;
    for saved in [first, second] {
        if saved != Saved::Done {
            return Err(AppError::internal(format!("bills of the demo: {saved:?}")));
        }
    }
    Ok(())
}

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
