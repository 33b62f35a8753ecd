//! The only way from a request to data: `Allowed<P>`.

use super::ctx::Ctx;
pub use super::doors::{Buyer, Employee, Opens, Shopkeeper};
use super::page::Next;
use super::state::State;
use crate::error::AppError;
use crate::kernel::language::Lang;
use crate::platform::accounts::Person;
use crate::platform::db::{Member, PlatformActor, PlatformTx, Scope};
use crate::platform::idempotency;
use crate::platform::permissions::Permission;
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

/// The work of a form with a one-time key is done once; a form without one is just done.
fn once<X: idempotency::Keeps>(
    tx: &mut X,
    ctx: &Ctx,
    work: impl FnOnce(&mut X) -> Result<Next, AppError>,
) -> Result<Next, AppError> {
    let Some(key) = ctx.key() else {
        return work(tx);
    };
    let asked = idempotency::Once {
        key: key.key,
        route: &ctx.route,
        body_hash: &key.body_hash,
    };
    idempotency::once(tx, &asked, work, |next| &next.to)
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
        block(move || db.write(&member, &ctx.meter, |scope| once(scope, &ctx, work))).await
    }

    /// As [`Self::once`], for work that may find the form wrong: then nothing is written, and what is wrong comes back for the form.
    ///
    /// # Errors
    /// As [`Self::once`].
    pub async fn once_unless<W: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Scope) -> Result<Result<Next, W>, AppError> + Send + 'static,
    ) -> Result<Result<Next, W>, AppError> {
        let (db, ctx, member) = (self.state.db.clone(), Arc::clone(&self.ctx), self.member());
        block(move || {
            let mut wrong = None;
            let done = db.write(&member, &ctx.meter, |scope| {
                once(scope, &ctx, |scope| {
                    work(scope)?.map_err(|found| {
                        wrong = Some(found);
                        // Ends the transaction, and is dropped below.
                        AppError::NotFound
                    })
                })
            });
            match wrong {
                Some(wrong) => Ok(Err(wrong)),
                None => done.map(Ok),
            }
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
        block(move || db.platform_write(&actor, &ctx.meter, |tx| once(tx, &ctx, work))).await
    }
}
