//! The signed-in person, with the doors they may open.

use crate::kernel::ids::{CustomerId, FileId, RequestId, RetailerId, TenantId, UserId};
use crate::kernel::language::Lang;
use crate::platform::db::Member;
use crate::platform::permissions::{Role, ShopRole};
use serde::{Deserialize, Deserializer};

/// Who is signed in, and every door that person may open. Read afresh with each request, so a change of role or a suspension counts at once.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub email: String,
    /// Name.
    pub name: String,
    /// Whether they run the installation.
    pub is_platform_admin: bool,
    /// Chosen language, if any.
    #[serde(deserialize_with = "language")]
    pub language: Option<Lang>,
    /// Chosen theme: light, dark, or the system's.
    pub theme: Option<String>,
    /// Whether single-key shortcuts work.
    pub has_shortcuts: bool,
    /// Companies they work for.
    pub companies: Vec<CompanyDoor>,
    /// Retailers they buy for.
    pub retailers: Vec<RetailerDoor>,
}

/// A company that the person works for.
#[derive(Clone, Debug, Deserialize)]
pub struct CompanyDoor {
    /// The company.
    pub tenant: TenantId,
    /// Its part of addresses.
    pub slug: String,
    /// Trade name.
    pub name: String,
    /// The person's role there.
    #[serde(deserialize_with = "role")]
    pub role: Role,
    /// active, suspended, closing or closed.
    pub status: String,
    /// Why it is not active.
    pub reason: Option<String>,
    /// Brand colour, degrees.
    pub hue: i16,
    /// Logo, if there is one.
    pub logo: Option<FileId>,
}

/// A retailer that the person buys for.
#[derive(Clone, Debug, Deserialize)]
pub struct RetailerDoor {
    /// The retailer.
    pub retailer: RetailerId,
    /// Its part of addresses.
    pub slug: String,
    /// Name of the shop.
    pub name: String,
    /// The person's role there.
    #[serde(deserialize_with = "shop_role")]
    pub role: ShopRole,
    /// The suppliers it is connected to.
    pub suppliers: Vec<SupplierDoor>,
}

/// A supplier that a retailer is connected to.
#[derive(Clone, Debug, Deserialize)]
pub struct SupplierDoor {
    /// The company.
    pub tenant: TenantId,
    /// Its part of addresses.
    pub slug: String,
    /// Trade name.
    pub name: String,
    /// active, suspended, closing or closed.
    pub status: String,
    /// Brand colour, degrees.
    pub hue: i16,
    /// Logo, if there is one.
    pub logo: Option<FileId>,
    /// The company's record of this retailer.
    pub customer: CustomerId,
    /// active or paused.
    pub connection: String,
}

impl Person {
    /// The company of an address, if the person works there.
    pub fn company(&self, slug: &str) -> Option<&CompanyDoor> {
        self.companies.iter().find(|door| door.slug == slug)
    }

    /// The retailer of an address, if the person buys for it.
    pub fn retailer(&self, slug: &str) -> Option<&RetailerDoor> {
        self.retailers.iter().find(|door| door.slug == slug)
    }

    /// This person as a member of a company of theirs.
    pub fn member_of(&self, door: &CompanyDoor, request: RequestId) -> Member {
        Member {
            tenant: door.tenant,
            user: Some(self.id),
            customer: None,
            request: Some(request),
            cause: None,
        }
    }

    /// This person as the buyer of a retailer of theirs, at one supplier.
    pub fn buyer_at(&self, supplier: &SupplierDoor, request: RequestId) -> Member {
        Member {
            tenant: supplier.tenant,
            user: Some(self.id),
            customer: Some(supplier.customer),
            request: Some(request),
            cause: None,
        }
    }
}

impl RetailerDoor {
    /// The supplier of an address, if the retailer is connected to it.
    pub fn supplier(&self, slug: &str) -> Option<&SupplierDoor> {
        self.suppliers.iter().find(|door| door.slug == slug)
    }
}

fn language<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Lang>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|code| Lang::from_code(&code)))
}

fn role<'de, D: Deserializer<'de>>(from: D) -> Result<Role, D::Error> {
    let code = String::deserialize(from)?;
    Role::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("no role {code}")))
}

fn shop_role<'de, D: Deserializer<'de>>(from: D) -> Result<ShopRole, D::Error> {
    let code = String::deserialize(from)?;
    ShopRole::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("no role {code}")))
}
