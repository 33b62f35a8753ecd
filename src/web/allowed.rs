//! The only way from a request to data: `Allowed<P>`.

use super::ctx::Ctx;
use super::page::Next;
use super::state::State;
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::{CompanyDoor, Person, RetailerDoor, SupplierDoor};
use crate::platform::db::{Member, PlatformActor, PlatformTx, Scope};
use crate::platform::idempotency;
use crate::platform::permissions::{self as perm, Permission};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

/// Proof that the sender of this request may do `P` here. A handler that names no permission has nothing to query with.
pub struct Allowed<P: Permission>
where
    P::Door: Opens,
{
    /// What the door told of the sender.
    pub pass: <P::Door as Opens>::Pass,
    /// The request.
    pub ctx: Arc<Ctx>,
    state: web::Data<State>,
    permission: PhantomData<P>,
}

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

impl Opens for perm::Company {
    type Pass = Employee;
    fn open<P: Permission<Door = Self>>(
        person: Option<&Arc<Person>>,
        request: &HttpRequest,
    ) -> Result<Employee, AppError> {
        let person = person.ok_or(AppError::SignedOut)?;
        let company = person
            .company(request.match_info().query("company"))
            .ok_or(AppError::NotFound)?;
        if company.status != "active" {
            return Err(AppError::Suspended {
                company: company.name.clone(),
                reason: company.reason.clone(),
            });
        }
        let employee = Employee {
            person: Arc::clone(person),
            company: company.clone(),
        };
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
        let retailer = person
            .retailer(request.match_info().query("retailer"))
            .ok_or(AppError::NotFound)?;
        let supplier = retailer
            .supplier(request.match_info().query("supplier"))
            .ok_or(AppError::NotFound)?;
        if supplier.status != "active" {
            return Err(AppError::Suspended {
                company: supplier.name.clone(),
                reason: None,
            });
        }
        shop_role_allows::<P>(retailer)?;
        Ok(Buyer {
            person: Arc::clone(person),
            retailer: retailer.clone(),
            supplier: supplier.clone(),
        })
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

impl<P: Permission> FromRequest for Allowed<P>
where
    P::Door: Opens,
{
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(allow(request))
    }
}

fn allow<P: Permission>(request: &HttpRequest) -> Result<Allowed<P>, AppError>
where
    P::Door: Opens,
{
    let ctx = Ctx::current().ok_or_else(|| AppError::internal("a handler outside of a request"))?;
    let state = request
        .app_data::<web::Data<State>>()
        .cloned()
        .ok_or_else(|| AppError::internal("no state"))?;
    let pass = <P::Door as Opens>::open::<P>(ctx.person(), request)?;
    Ok(Allowed {
        pass,
        ctx,
        state,
        permission: PhantomData,
    })
}

impl<P: Permission> Allowed<P>
where
    P::Door: Opens,
{
    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.ctx.lang()
    }

    /// Settings and the rest of the application.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Slow work off the async threads (hashing, decoding).
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&State, &Ctx) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (state, ctx) = (self.state.clone(), Arc::clone(&self.ctx));
        block(move || work(&state, &ctx)).await
    }

    fn platform_actor(&self) -> PlatformActor {
        PlatformActor {
            user: self.ctx.person().map(|person| person.id),
            request: Some(self.ctx.request),
            cause: None,
        }
    }
}

/// Runs work on the blocking pool, inside the request's log span.
///
/// # Errors
/// Whatever `work` fails with; `Internal` when it panicked.
#[expect(
    clippy::disallowed_methods,
    reason = "the one door to the blocking pool"
)]
pub(super) async fn block<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let span = tracing::Span::current();
    match web::block(move || span.in_scope(work)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(AppError::internal("the work for this request panicked")),
    }
}

/// A pass that leads into one company.
pub trait TenantPass: Clone {
    /// Who acts, in which company.
    fn member(&self, ctx: &Ctx) -> Member;
}

impl TenantPass for Employee {
    fn member(&self, ctx: &Ctx) -> Member {
        self.person.member_of(&self.company, ctx.request)
    }
}

impl TenantPass for Buyer {
    fn member(&self, ctx: &Ctx) -> Member {
        self.person.buyer_at(&self.supplier, ctx.request)
    }
}

impl<P: Permission> Allowed<P>
where
    P::Door: Opens,
    <P::Door as Opens>::Pass: TenantPass,
{
    /// Who acts, in which company.
    pub fn member(&self) -> Member {
        self.pass.member(&self.ctx)
    }

    /// A look into the company: can't write.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, ctx, member) = (self.state.db.clone(), Arc::clone(&self.ctx), self.member());
        block(move || db.read(&member, &ctx.meter, work)).await
    }

    /// A change in the company that leads on to another page. A second arrival of the same form gets the first answer.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`, `Repeated`.
    pub async fn once(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<Next, AppError> + Send + 'static,
    ) -> Result<Next, AppError> {
        let (db, ctx, member) = (self.state.db.clone(), Arc::clone(&self.ctx), self.member());
        block(move || {
            db.write(&member, &ctx.meter, |scope| {
                let Some(key) = ctx.key() else {
                    return work(scope);
                };
                let once = idempotency::Once {
                    key: key.key,
                    route: &ctx.route,
                    body_hash: &key.body_hash,
                };
                idempotency::claim(|query| scope.load(query), &once)?;
                let next = work(scope)?;
                idempotency::keep(|query| scope.execute(query), &once, &next.to)?;
                Ok(next)
            })
        })
        .await
    }

    /// A small change in place that gives back what the page shows next. Has to be safe to repeat by its own nature.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, ctx, member) = (self.state.db.clone(), Arc::clone(&self.ctx), self.member());
        block(move || db.write(&member, &ctx.meter, work)).await
    }
}

/// A pass that leads to global tables, in the rooms that may use them.
pub trait GlobalPass {}
impl GlobalPass for () {}
impl GlobalPass for Arc<Person> {}
impl GlobalPass for Shopkeeper {}
impl GlobalPass for Buyer {}

impl<P: Permission> Allowed<P>
where
    P::Door: Opens,
    <P::Door as Opens>::Pass: GlobalPass,
{
    /// A look at global tables: can't write.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`.
    pub async fn platform_read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, ctx, actor) = (
            self.state.db.clone(),
            Arc::clone(&self.ctx),
            self.platform_actor(),
        );
        block(move || db.platform_read(&actor, &ctx.meter, work)).await
    }

    /// A change of global tables. Has to be safe to repeat by its own nature.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`.
    pub async fn platform_write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, ctx, actor) = (
            self.state.db.clone(),
            Arc::clone(&self.ctx),
            self.platform_actor(),
        );
        block(move || db.platform_write(&actor, &ctx.meter, work)).await
    }

    /// A change of global tables that leads on to another page. A second arrival of the same form gets the first answer.
    ///
    /// # Errors
    /// Whatever `work` fails with, `Busy`, `DatabaseAway`, `Repeated`.
    pub async fn platform_once(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<Next, AppError> + Send + 'static,
    ) -> Result<Next, AppError> {
        let (db, ctx, actor) = (
            self.state.db.clone(),
            Arc::clone(&self.ctx),
            self.platform_actor(),
        );
        block(move || {
            db.platform_write(&actor, &ctx.meter, |tx| {
                let Some(key) = ctx.key() else {
                    return work(tx);
                };
                let once = idempotency::Once {
                    key: key.key,
                    route: &ctx.route,
                    body_hash: &key.body_hash,
                };
                idempotency::claim(|query| tx.load(query), &once)?;
                let next = work(tx)?;
                idempotency::keep(|query| tx.execute(query), &once, &next.to)?;
                Ok(next)
            })
        })
        .await
    }
}
