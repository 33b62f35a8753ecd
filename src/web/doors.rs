//! The doors that a permission may belong to: who gets through each, and what is known of them then.

use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::accounts::{CompanyDoor, Person, RetailerDoor, SupplierDoor};
use crate::platform::permissions::{self as perm, Permission};
use actix_web::HttpRequest;
use std::sync::Arc;

/// How a door is opened.
pub trait Opens: perm::Door + Sized {
    /// What is known once it is open.
    type Pass: Clone + 'static;

    /// Lets the sender in, or says why not.
    ///
    /// # Errors
    /// `SignedOut`, `NotFound` (also for what is somebody else's), `Forbidden`, `Suspended`.
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        request: &HttpRequest,
    ) -> Result<Self::Pass, AppError>;
}

impl Opens for perm::Anyone {
    type Pass = ();
    fn open<P: Permission<Door = Self>>(
        _: Option<&Arc<Person>>,
        _: &HttpRequest,
    ) -> Result<(), AppError> {
        Ok(())
    }
}

impl Opens for perm::Person {
    type Pass = Arc<Person>;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        _: &HttpRequest,
    ) -> Result<Self::Pass, AppError> {
        person.cloned().ok_or(AppError::SignedOut)
    }
}

impl Opens for perm::Platform {
    type Pass = Arc<Person>;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        _: &HttpRequest,
    ) -> Result<Self::Pass, AppError> {
        let person = person.cloned().ok_or(AppError::SignedOut)?;
        // To everybody else the platform's rooms are not there.
        if person.is_platform_admin {
            Ok(person)
        } else {
            Err(AppError::NotFound)
        }
    }
}

/// An employee at a company's door.
#[derive(Clone)]
pub struct Employee {
    /// The person.
    pub person: Arc<Person>,
    /// The company and the role there.
    pub company: CompanyDoor,
}

impl Employee {
    /// The person at the door of the company of an address.
    ///
    /// # Errors
    /// `NotFound` (also for somebody else's), `Suspended`.
    pub(super) fn of(person: &Arc<Person>, slug: &str) -> Result<Self, AppError> {
        let company = person.company(slug).ok_or(AppError::NotFound)?;
        if company.status != "active" {
            return Err(AppError::Suspended {
                company: company.name.clone(),
                reason: company.reason.clone(),
            });
        }
        Ok(Self {
            person: Arc::clone(person),
            company: company.clone(),
        })
    }

    /// Where the company's addresses begin.
    pub fn base(&self) -> String {
        format!("/c/{}", self.company.slug)
    }

    /// Whether this role may do `P`: for buttons, which only show what works.
    pub fn may<P: Permission>(&self) -> bool {
        P::ROLES.contains(&self.company.role)
    }

    /// A right that only the row itself tells (a file's `needs`), checked after it was read.
    ///
    /// # Errors
    /// `Forbidden`, with who can grant it.
    pub fn must_have(&self, permission: &str) -> Result<(), AppError> {
        let Some(entry) = perm::ALL.iter().find(|entry| entry.name == permission) else {
            return Err(AppError::internal(format!("no permission {permission}")));
        };
        if entry.roles.contains(&self.company.role) {
            return Ok(());
        }
        Err(AppError::Forbidden {
            permission: entry.about,
            granted_by: Said::new("An owner of {company} can grant it.")
                .with("company", &self.company.name),
        })
    }
}

/// A retailer's person at the retailer's door.
#[derive(Clone)]
pub struct Shopkeeper {
    /// The person.
    pub person: Arc<Person>,
    /// The retailer and the role there.
    pub retailer: RetailerDoor,
}

/// A retailer's person at a supplier's door.
#[derive(Clone)]
pub struct Buyer {
    /// The person.
    pub person: Arc<Person>,
    /// The retailer and the role there.
    pub retailer: RetailerDoor,
    /// The supplier.
    pub supplier: SupplierDoor,
}

impl Buyer {
    /// The person at the door of the supplier of an address.
    ///
    /// # Errors
    /// `NotFound` (also for somebody else's), `Suspended`.
    pub(super) fn of(
        person: &Arc<Person>,
        retailer: &str,
        supplier: &str,
    ) -> Result<Self, AppError> {
        let retailer = person.retailer(retailer).ok_or(AppError::NotFound)?;
        let supplier = retailer.supplier(supplier).ok_or(AppError::NotFound)?;
        if supplier.status != "active" {
            return Err(AppError::Suspended {
                company: supplier.name.clone(),
                reason: None,
            });
        }
        Ok(Self {
            person: Arc::clone(person),
            retailer: retailer.clone(),
            supplier: supplier.clone(),
        })
    }

    /// Where the addresses of this shop at this supplier begin.
    pub fn base(&self) -> String {
        format!("/r/{}/{}", self.retailer.slug, self.supplier.slug)
    }

    /// Whether this role may do `P`.
    pub fn may<P: Permission>(&self) -> bool {
        P::SHOP_ROLES.contains(&self.retailer.role)
    }
}

impl Opens for perm::Company {
    type Pass = Employee;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        request: &HttpRequest,
    ) -> Result<Employee, AppError> {
        let person = person.ok_or(AppError::SignedOut)?;
        let employee = Employee::of(person, request.match_info().query("company"))?;
        employee.must_have(P::NAME)?;
        Ok(employee)
    }
}

impl Opens for perm::Retailer {
    type Pass = Shopkeeper;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        request: &HttpRequest,
    ) -> Result<Shopkeeper, AppError> {
        let person = person.ok_or(AppError::SignedOut)?;
        let retailer = person
            .retailer(request.match_info().query("retailer"))
            .ok_or(AppError::NotFound)?;
        shop_role_allows::<P>(retailer)?;
        Ok(Shopkeeper {
            person: Arc::clone(person),
            retailer: retailer.clone(),
        })
    }
}

impl Opens for perm::Shop {
    type Pass = Buyer;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        request: &HttpRequest,
    ) -> Result<Buyer, AppError> {
        let person = person.ok_or(AppError::SignedOut)?;
        let path = request.match_info();
        let buyer = Buyer::of(person, path.query("retailer"), path.query("supplier"))?;
        shop_role_allows::<P>(&buyer.retailer)?;
        Ok(buyer)
    }
}

fn shop_role_allows<P: Permission>(retailer: &RetailerDoor) -> Result<(), AppError> {
    if P::SHOP_ROLES.contains(&retailer.role) {
        return Ok(());
    }
    Err(AppError::Forbidden {
        permission: P::ABOUT,
        granted_by: Said::new("An owner of {company} can grant it.")
            .with("company", &retailer.name),
    })
}
