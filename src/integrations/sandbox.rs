//! Sandboxes of the world outside, in development, in tests and in the demo: one listener on the loopback for both of them.

use super::gst::nic;
use super::gst::registrar::{Registrar, server};
use super::payments::client::Client;
use super::payments::gateway::{self, Gateway, hooks};
use crate::accounting::outside::{Environment, Gateways, KnownGateway, Outside};
use crate::config::Config;
use crate::error::AppError;
use crate::platform::db::Db;
use crate::web::State;
use actix_web::http::KeepAlive;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use std::net::TcpListener;
use std::sync::Arc;
use url::Url;

/// Where the sandboxes of this process answer. They listen as long as the process lives.
#[derive(Clone)]
pub struct Sandboxes {
    /// The authority for e-invoices.
    pub registrar: Url,
    /// The payment gateway.
    pub gateway: Url,
    authority: Arc<Registrar>,
    /// The gateway's own side, for its page.
    pub till: Arc<Gateway>,
}

impl Sandboxes {
    /// Makes the registrar's keys, if it has none yet. They are made when the first taxpayer is enrolled and not at the start, which need not wait a
    /// second for what most processes never use.
    ///
    /// # Errors
    /// When the database is away.
    pub fn get_ready(&self) -> Result<(), AppError> {
        self.authority.keys().map(drop)
    }
}

/// A state that knows its sandboxes, started where this installation may have them, and the real authority where it is told of one: that one is
/// spoken to then, whatever the profile.
///
/// # Errors
/// When they can't be started.
pub fn put_into(state: State) -> Result<State, AppError> {
    let told = state.config.gst_url.clone();
    let live = told.map(|base| (Environment::Live, folder(base)));
    if state.config.is_dev_or_demo() {
        let sandboxes = start(&state.db, &state.config)?;
        let gateway = KnownGateway {
            name: "sandbox",
            client: Arc::new(Client::default()),
            base: sandboxes.gateway.clone(),
            pages: state.config.base_url.clone(),
        };
        let authority = live.unwrap_or_else(|| (Environment::Sandbox, sandboxes.registrar.clone()));
        Ok(state
            .with(Gateways(vec![gateway]))
            .with(sandboxes)
            .with(speaking_to(Some(authority))))
    } else {
        Ok(state.with(speaking_to(live)))
    }
}

/// The same state for what is only rehearsed, such as the past of the demo: it speaks to the sandbox, even beside a real authority.
///
/// # Errors
/// When this installation has no sandboxes.
pub fn rehearse(state: &State) -> Result<State, AppError> {
    let registrar = state.part::<Sandboxes>()?.registrar.clone();
    let outside = speaking_to(Some((Environment::Sandbox, registrar)));
    Ok(state.clone().with(outside))
}

fn speaking_to(authority_at: Option<(Environment, Url)>) -> Outside {
    Outside {
        authority_at,
        authority: Arc::new(nic::Client::default()),
    }
}

/// An address that paths are added to: without a slash at its end, the last part of it would give way to them.
fn folder(mut base: Url) -> Url {
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    base
}

/// Starts them on a free port of the loopback. They live by the clock of this database.
///
/// # Errors
/// When there is no port, or the schema of e-invoices can't be read.
pub fn start(db: &Db, config: &Config) -> Result<Sandboxes, AppError> {
    let registrar = Data::new(Registrar::new(db.clone(), config.gst_lax_numbers)?);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(AppError::internal)?;
    let port = listener.local_addr().map_err(AppError::internal)?.port();
    let base = Url::parse(&format!("http://127.0.0.1:{port}/")).map_err(AppError::internal)?;
    let till = Data::new(Gateway::new(db.clone()));
    let (heard, paid) = (registrar.clone(), till.clone());
    let server = move || {
        let (registrar, till) = (heard, paid);
        HttpServer::new(move || {
            App::new()
                .app_data(registrar.clone())
                .app_data(till.clone())
                .configure(server::routes)
                .configure(gateway::server::routes)
        })
        .workers(1)
        // A call of a minute ago says nothing about the next: each has a connection of its own, so none dies of an old one.
        .keep_alive(KeepAlive::Disabled)
        .disable_signals()
        .listen(listener)
    };
    spawn("sandboxes", move || {
        let served = actix_web::rt::System::new().block_on(async { server()?.run().await });
        if let Err(error) = served {
            tracing::error!(%error, "the sandboxes have ended");
        }
    })?;
    let till = till.into_inner();
    let sender = Arc::clone(&till);
    spawn("webhooks", move || hooks::send_all(&sender))?;
    Ok(Sandboxes {
        till,
        registrar: base.clone(),
        gateway: base,
        authority: registrar.into_inner(),
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), AppError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map(drop)
        .map_err(AppError::internal)
}
