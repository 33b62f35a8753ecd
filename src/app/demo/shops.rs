//! Who buys from the demo's suppliers: their shops, and each supplier's record of them.

use super::{person_of, said};
use crate::customers::actions::{self, NewAddress, NewRetailer, Profile, Terms, connect_to};
use crate::error::AppError;
use crate::kernel::gstin::check_character;
use crate::kernel::ids::{CustomerId, GroupId, TenantId, UserId};
use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::kernel::state::State;
use crate::platform::db::PlatformTx;
use serde::Deserialize;
use std::collections::BTreeMap;

const RETAILERS: &str = include_str!("../../../demo/retailers.csv");

/// A line of the file.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    slug: String,
    name: String,
    owner: String,
    email: String,
    phone: String,
    city: String,
    pincode: String,
    state_code: String,
    address: String,
    gstin_base: String,
    suppliers: String,
    group: String,
    terms_days: i32,
    credit_limit: Option<i64>,
    language: String,
}

/// A shop, as one supplier knows it.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Its part of addresses.
    pub slug: String,
    /// The supplier.
    pub company: TenantId,
    /// Its record of the shop.
    pub customer: CustomerId,
    /// Who orders.
    pub buyer: UserId,
    /// That person's name.
    pub buyer_name: String,
    /// Most that it may owe.
    pub limit: Option<Money>,
    /// Days that it has to pay.
    pub terms_days: i32,
}

/// Signs every shop up and connects it to its suppliers, named by their part of addresses.
///
/// # Errors
/// When the database refuses, or the file is wrong.
pub fn load(
    tx: &mut PlatformTx,
    suppliers: &[(&str, TenantId)],
    password_hash: &str,
) -> Result<Vec<Shop>, AppError> {
    let mut shops = Vec::new();
    let mut groups: BTreeMap<(TenantId, String), GroupId> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(RETAILERS.as_bytes());
    for row in reader.deserialize() {
        let row: Row = row.map_err(AppError::internal)?;
        let language = Lang::from_code(&row.language).unwrap_or_default();
        let buyer = person_of(tx, (&row.email, &row.owner), password_hash, language)?;
        let new = NewRetailer {
            slug: said(row.slug.parse())?,
            name: row.name.clone(),
            city: Some(row.city.clone()),
            is_demo: true,
        };
        let retailer = actions::sign_up(tx, &new, buyer)?;
        for (slug, tenant) in suppliers {
            if !row.suppliers.split(' ').any(|named| named == *slug) {
                continue;
            }
            let customer = tx.in_company(*tenant, |scope| {
                let group = match groups.get(&(*tenant, row.group.clone())) {
                    Some(group) => *group,
                    None => {
                        let group = actions::add_group(scope, &row.group)?;
                        groups.insert((*tenant, row.group.clone()), group);
                        group
                    }
                };
                let (profile, terms, address) = row.record(language, group)?;
                let (customer, _) = actions::open(scope, None, &profile, terms, Some(&address))?;
                connect_to(scope, retailer, customer)?;
                Ok(customer)
            })?;
            shops.push(Shop {
                slug: row.slug.clone(),
                company: *tenant,
                customer,
                buyer,
                buyer_name: row.owner.clone(),
                limit: row.limit(),
                terms_days: row.terms_days,
            });
        }
    }
    Ok(shops)
}

impl Row {
    fn limit(&self) -> Option<Money> {
        self.credit_limit.map(Money::from_rupees)
    }

    /// What a supplier writes of the shop.
    fn record(
        &self,
        language: Lang,
        group: GroupId,
    ) -> Result<(Profile, Terms, NewAddress), AppError> {
        let base = Some(self.gstin_base.as_str()).filter(|base| !base.is_empty());
        let gstin = match base.and_then(check_character) {
            Some(digit) => Some(said(format!("{}{digit}", self.gstin_base).parse())?),
            None => None,
        };
        let state = State::by_code(&self.state_code)
            .ok_or_else(|| AppError::internal(format!("no state {}", self.state_code)))?;
        let profile = Profile {
            name: self.name.clone(),
            kind: if gstin.is_some() {
                "registered"
            } else {
                "unregistered"
            },
            gstin,
            phone: Some(self.phone.clone()),
            email: Some(self.email.clone()),
            language,
            group: Some(group),
            warehouse: None,
            note: None,
        };
        let terms = Terms {
            days: self.terms_days,
            limit: self.limit(),
        };
        let address = NewAddress {
            label: "Shop".to_owned(),
            street: self.address.clone(),
            city: self.city.clone(),
            pincode: self.pincode.clone(),
            state,
            country: "IN".to_owned(),
            gstin: None,
            phone: Some(self.phone.clone()),
        };
        Ok((profile, terms, address))
    }
}
