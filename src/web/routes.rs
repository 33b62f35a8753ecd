//! The route table: every address, the method, and the permission that it needs, taken from the handler's own type.
//!
//! A handler whose first argument is not `Allowed<P>` can't be registered, so there is no address without a permission. Tests walk this
//! table: for the walls between tenants, for bad input, and for the list of screens that the browser tests must visit.

use super::Allowed;
use super::allowed::Opens;
use crate::platform::permissions::{Door, DoorKind, Permission};
use actix_web::dev::Handler;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Responder, Route};

/// What a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A screen: a whole page in a browser.
    Page,
    /// Something that is not a screen: a download, a stream, options for a field.
    Part,
    /// A change.
    Change,
    /// A message of another machine: no session, no form, no page of ours behind it.
    Hook,
}

/// All hooks are under this address, and nothing else is: they alone need not come from our own pages.
pub const HOOKS: &str = "/hooks/";

/// The longest message of another machine, in bytes.
const HOOK_BYTES: usize = 1 << 20;

/// A line of the route table.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address with its parameters, e.g. `/c/{company}/settings/people/{id}`.
    pub pattern: String,
    /// The permission, e.g. `people.read`.
    pub permission: &'static str,
    /// The door of the permission.
    pub door: DoorKind,
    /// What it answers.
    pub kind: Kind,
}

/// A handler whose first argument says who may.
pub trait Guarded<P: Permission, Args>: Handler<Args> {}

macro_rules! guarded {
    ($($arg:ident)*) => {
        impl<Func, Fut, P, $($arg),*> Guarded<P, (Allowed<P>, $($arg,)*)> for Func
        where
            P: Permission,
            P::Door: Opens,
            Func: Fn(Allowed<P>, $($arg),*) -> Fut + Clone + 'static,
            Fut: Future,
        {}
    };
}
guarded! {}
guarded! { A }
guarded! { A B }
guarded! { A B C }
guarded! { A B C D }

type Register = Box<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// Collects the routes of every domain.
#[derive(Default)]
pub struct Routes {
    table: Vec<RouteInfo>,
    register: Vec<Register>,
}

impl Routes {
    /// A screen.
    pub fn page<P: Permission, Args, F>(&mut self, pattern: &str, handler: F)
    where
        F: Guarded<P, Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add::<P, Args, F>("GET", Kind::Page, pattern, handler);
    }

    /// A download, a stream, options for a field: asked by GET, but no screen.
    pub fn part<P: Permission, Args, F>(&mut self, pattern: &str, handler: F)
    where
        F: Guarded<P, Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add::<P, Args, F>("GET", Kind::Part, pattern, handler);
    }

    /// A change.
    pub fn change<P: Permission, Args, F>(&mut self, pattern: &str, handler: F)
    where
        F: Guarded<P, Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add::<P, Args, F>("POST", Kind::Change, pattern, handler);
    }

    /// A message of another machine at an address under [`HOOKS`], given without it. Its body is read as it came (`web::Bytes`), and whoever
    /// sent it proves it by a signature over those bytes.
    pub fn hook<P: Permission, Args, F>(&mut self, pattern: &str, handler: F)
    where
        F: Guarded<P, Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let pattern = format!("{HOOKS}{pattern}");
        self.table.push(RouteInfo {
            method: "POST",
            pattern: pattern.clone(),
            permission: P::NAME,
            door: P::Door::KIND,
            kind: Kind::Hook,
        });
        self.register.push(Box::new(move |cfg| {
            cfg.service(
                web::resource(pattern.as_str())
                    .app_data(web::PayloadConfig::new(HOOK_BYTES))
                    .route(web::post().to(handler.clone())),
            );
        }));
    }

    fn add<P: Permission, Args, F>(
        &mut self,
        method: &'static str,
        kind: Kind,
        pattern: &str,
        handler: F,
    ) where
        F: Guarded<P, Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.table.push(RouteInfo {
            method,
            pattern: pattern.to_owned(),
            permission: P::NAME,
            door: P::Door::KIND,
            kind,
        });
        let pattern = pattern.to_owned();
        self.register.push(Box::new(move |cfg| {
            let route: Route = if method == "GET" {
                web::get()
            } else {
                web::post()
            };
            cfg.route(&pattern, route.to(handler.clone()));
        }));
    }

    /// The table, in the order of registration.
    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    /// Hands every route to actix.
    pub fn apply(&self, cfg: &mut ServiceConfig) {
        for register in &self.register {
            register(cfg);
        }
    }
}
