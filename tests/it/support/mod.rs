//! What tests stand on: a server of our own, a database of our own, and people who click.

mod browser;
pub mod postgres;
mod world;

pub use browser::{Browser, FormFiller, Page};
pub use world::{
    PASSWORD, Shop, Tenant, admin, email, gstin, gstin_in, populate, retailer, tenant, unique,
};

use diesel::{Connection, PgConnection};
use mandi::config::Config;
use mandi::platform::db::{Db, migrate};
use mandi::web::State;
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};

/// The application under test: one for the whole run.
pub struct App {
    /// Where it listens, without a slash at the end.
    pub base: String,
    /// What its handlers work with.
    pub state: State,
    /// The owner of the tables, for breaking rows on purpose.
    pub owner_url: String,
}

impl App {
    /// A connection that may do what the owner of the tables may.
    pub fn owner(&self) -> PgConnection {
        connect(&self.owner_url)
    }
}

/// A connection by URL.
pub fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

/// The application under test.
pub fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        let server = postgres::server();
        start(&server.database("it"))
    })
}

/// A second application on a database of its own, for tests of the platform itself.
pub fn start(urls: &postgres::Urls) -> App {
    migrate::migrate(&urls.owner, &urls.app).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let config = config(&urls.app, &base, &[]);
    let state = State {
        db: Db::new(&urls.app, config.db_pool, config.db_wait),
        config: Arc::new(config),
    };
    let served = state.clone();
    std::thread::spawn(move || {
        actix_web::rt::System::new()
            .block_on(async { mandi::app::serve(&served, listener).unwrap().await })
            .unwrap();
    });
    // The workers live as long as the run.
    std::mem::forget(mandi::app::work::start(&state).unwrap());
    App {
        base,
        state,
        owner_url: urls.owner.clone(),
    }
}

/// The settings of an application under test.
pub fn config(app_url: &str, base: &str, more: &[(&str, &str)]) -> Config {
    let files = postgres::server().folder().join("files");
    let mut pairs = vec![
        ("MANDI_PROFILE".to_owned(), "test".to_owned()),
        ("DATABASE_URL".to_owned(), app_url.to_owned()),
        ("MANDI_BASE_URL".to_owned(), base.to_owned()),
        (
            "MANDI_FILES_URL".to_owned(),
            format!("file://{}", files.display()),
        ),
    ];
    pairs.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    Config::from_pairs(pairs).unwrap()
}
