//! From settings to a serving application, and back down in order.

use crate::config::Config;
use crate::integrations::sandbox;
use crate::platform::db::private::{Options, PrivateServer, Urls};
use crate::platform::db::{Db, migrate};
use crate::web::State;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

type Failure = Box<dyn std::error::Error>;

/// The settings, and the database that they lead to.
pub struct Start {
    /// Settings.
    pub config: Arc<Config>,
    /// The application's own login.
    pub app_url: String,
    /// The owner of the tables.
    pub owner_url: String,
    /// For psql: the superuser's on the private server, else the owner's.
    pub psql_url: String,
    /// The private server, where there is one; it runs as long as this value lives.
    #[expect(dead_code, reason = "held, not used: dropping it stops the server")]
    server: Option<PrivateServer>,
}

impl Start {
    /// Finds the database of these settings; starts the private server where none is named.
    ///
    /// # Errors
    /// One line for a person.
    pub fn new(config: Config) -> Result<Self, Failure> {
        // One provider of cryptography for everything that speaks TLS; an error means that it is installed already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let config = Arc::new(config);
        let Some(app_url) = config.database_url.as_ref().map(|url| url.expose().clone()) else {
            let server = PrivateServer::open(&Options {
                data_dir: config.data_dir.clone(),
                durable: true,
                max_connections: 100,
            })?;
            let Urls {
                app,
                owner,
                superuser,
            } = server.urls();
            return Ok(Self {
                config,
                app_url: app,
                owner_url: owner,
                psql_url: superuser,
                server: Some(server),
            });
        };
        let owner_url = config
            .database_owner_url
            .as_ref()
            .map_or_else(|| app_url.clone(), |url| url.expose().clone());
        Ok(Self {
            config,
            psql_url: owner_url.clone(),
            app_url,
            owner_url,
            server: None,
        })
    }

    /// What handlers work with.
    ///
    /// # Errors
    /// When the file store can't be opened.
    pub fn state(&self) -> Result<State, Failure> {
        let db = Db::new(&self.app_url, self.config.db_pool, self.config.db_wait);
        Ok(State::new(Arc::clone(&self.config), db)?)
    }
}

/// Serves until told to stop, then lets requests and jobs finish.
///
/// # Errors
/// One line for a person.
pub fn run(config: Config) -> Result<(), Failure> {
    give_large_memory_back();
    super::log::start(&config);
    let start = Start::new(config)?;
    migrate::migrate(&start.owner_url, &start.app_url)?;
    let state = sandbox::put_into(start.state()?)?;
    let address = (state.config.bind, state.config.port);
    let listener = TcpListener::bind(address).map_err(|error| {
        format!(
            "Port {} can't be used: {error}. Choose another with --port.",
            address.1
        )
    })?;
    if state.config.demo {
        super::demo::load(&state)?;
        println!(
            "{}",
            super::demo::table(&state.db, state.config.base_url.as_str())?
        );
    }
    // With port 0 only the socket knows where it listens.
    tracing::info!(url = %state.config.base_url, address = %listener.local_addr()?, "serving");
    let workers = super::work::start(&state)?;
    actix_web::rt::System::new().block_on(async {
        let server = super::serve(&state, super::routes(), listener)?;
        let handle = server.handle();
        let closing = state.clone();
        actix_web::rt::spawn(async move {
            let is_graceful = told_to_stop().await;
            closing.close();
            handle.stop(is_graceful).await;
        });
        server.await
    })?;
    // Requests have ended; what the workers have begun may end too.
    workers.stop();
    tracing::info!("stopped");
    Ok(())
}

/// Comes back when the process is told to end; says whether requests may finish (SIGTERM) or somebody waits at the keyboard (Ctrl-C).
async fn told_to_stop() -> bool {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => true,
            _ = tokio::signal::ctrl_c() => false,
        },
        Err(error) => {
            tracing::warn!(%error, "can't listen for SIGTERM");
            drop(tokio::signal::ctrl_c().await);
            false
        }
    }
}

/// Large pieces of memory go back to the system as soon as they are free. Left to itself, glibc raises the limit of what is large with the first
/// password that is hashed (19 MiB), and from then on keeps that much for every thread that ever hashed one.
fn give_large_memory_back() {
    #[cfg(target_env = "gnu")]
    // SAFETY: sets one number of the allocator, while there is only this thread.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 1024 * 1024);
    }
}
