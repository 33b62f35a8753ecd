//! What tests stand on: a server of our own, a database of our own, and people who click.

pub mod billing;
pub mod books;
mod browser;
pub mod buckets;
mod chrome;
pub mod gateway;
mod goods;
pub mod gst_cases;
pub mod imports;
pub mod openssl;
pub mod ordering;
pub mod pdf;
mod places;
pub mod postgres;
pub mod process;
pub mod registrar;
pub mod settings;
pub mod sheets;
pub mod shops;
pub mod smtp;
pub mod tls;
pub mod trade;
pub mod workbooks;
mod world;

pub use browser::{Browser, FormFiller, Page};
pub use chrome::{Theme, Window};
pub use goods::{Goods, give_address};
pub use places::{Places, Visit, picture};
pub use world::{
    PASSWORD, Shop, Tenant, admin, admin_in, admin_of, ask, ask_on, company_of, email, gstin,
    gstin_in, invitation_link, populate, retailer, retailer_at, run, run_in, stray, tenant,
    tenant_in, unique,
};

use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use mandi::config::Config;
use mandi::integrations::sandbox;
use mandi::platform::db::{Db, migrate};
use mandi::web::{Routes, State};
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

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

/// One value that the database gives, as text.
pub fn word(url: &str, sql: &str) -> String {
    let sql = format!("select coalesce(({sql})::text, '(null)') as word");
    diesel::sql_query(sql)
        .get_result::<Word>(&mut connect(url))
        .unwrap()
        .word
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Waits for something that others bring about.
#[track_caller]
pub fn until(what: &str, is_done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !is_done() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
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
    start_with(urls, mandi::app::routes(), &[])
}

/// A second application on a fresh database, with routes of the test's choice; it lives as long as the run.
pub fn own_app(database: &str, routes: Routes) -> &'static App {
    let urls = postgres::server().database(database);
    Box::leak(Box::new(start_with(&urls, routes, &[])))
}

/// The same on a fresh database, with settings of the test's choice.
pub fn own_app_set(database: &str, settings: &[(&str, &str)]) -> &'static App {
    let urls = postgres::server().database(database);
    Box::leak(Box::new(start_with(&urls, mandi::app::routes(), settings)))
}

/// An application without workers, whose statements would mix with those of the requests that a test watches.
pub fn app_without_workers(urls: &postgres::Urls) -> &'static App {
    app_of_routes(urls, mandi::app::routes())
}

/// The same with routes of the test's choice.
pub fn app_of_routes(urls: &postgres::Urls, routes: Routes) -> &'static App {
    Box::leak(Box::new(listen(urls, routes, &[])))
}

/// An application without workers on a database that another one may have too, with settings of the test's choice.
pub fn another_app(urls: &postgres::Urls, settings: &[(&str, &str)]) -> &'static App {
    Box::leak(Box::new(listen(urls, mandi::app::routes(), settings)))
}

fn start_with(urls: &postgres::Urls, routes: Routes, settings: &[(&str, &str)]) -> App {
    let app = listen(urls, routes, settings);
    // The workers live as long as the run.
    std::mem::forget(mandi::app::work::start(&app.state).unwrap());
    app
}

fn listen(urls: &postgres::Urls, routes: Routes, settings: &[(&str, &str)]) -> App {
    migrate::migrate(&urls.owner, &urls.app).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let base = format!("http://127.0.0.1:{port}");
    let config = config(&urls.app, &base, settings);
    let db = Db::new(&urls.app, config.db_pool, config.db_wait);
    let state = sandbox::put_into(State::new(Arc::new(config), db).unwrap()).unwrap();
    let served = state.clone();
    std::thread::spawn(move || {
        actix_web::rt::System::new()
            .block_on(async { mandi::app::serve(&served, routes, listener).unwrap().await })
            .unwrap();
    });
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
