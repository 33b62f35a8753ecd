//! What is measured against: a PostgreSQL of the run's own, as durable as in production, with fifty companies in it, one of them large.

use anyhow::{Context, Result, anyhow};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};
use mandi::platform::accounts::password::NewPassword;
use mandi::platform::db::migrate;
use mandi::platform::db::private::{Options, PrivateServer, Urls};
use std::path::{Path, PathBuf};

/// Companies, each with an owner who looks at its pages.
pub const COMPANIES: usize = 50;
/// People of each company: more than a page of the list shows.
pub const PEOPLE: usize = 40;
/// Retailers, each a customer of two companies; the first fifty buy from company-1 too.
pub const RETAILERS: usize = 500;
/// The password of everybody.
pub const PASSWORD: &str = "a long password for figures";

/// How much there is of company-1.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Products.
    pub products: usize,
    /// Orders.
    pub orders: usize,
    /// Whether each row has its entry in the audit.
    pub has_audit: bool,
}

impl Size {
    /// Its customers, beside connected retailers.
    fn customers(self) -> usize {
        (self.orders / 50).clamp(100, 20_000)
    }
}

/// The server, and the folder in which this run keeps everything.
pub struct World {
    /// Logins.
    pub urls: Urls,
    /// For logs and scripts; goes with the run.
    pub folder: PathBuf,
    server: Option<PrivateServer>,
    home: PathBuf,
    is_kept: bool,
}

impl World {
    /// Starts a server of this run's own, migrates, loads.
    pub fn open(size: Size) -> Result<Self> {
        // In the build folder and not in /tmp, which may be memory: what fsync costs is part of the figures.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "speed-{}-{}",
            std::process::id(),
            size.products
        ));
        Self::make(folder, size, false)
    }

    /// The same in a data folder that stays: `MANDI_DATA_DIR=… mandi serve` shows it.
    pub fn keep(folder: PathBuf, size: Size) -> Result<Self> {
        Self::make(folder, size, true)
    }

    fn make(folder: PathBuf, size: Size, is_kept: bool) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let server = PrivateServer::open(&Options {
            data_dir: folder.clone(),
            durable: true,
            max_connections: 100,
        })?;
        let home = server.log().parent().map(Path::to_path_buf);
        let world = Self {
            urls: server.urls(),
            home: home.context("the server has no home")?,
            folder,
            server: Some(server),
            is_kept,
        };
        migrate::migrate(&world.urls.owner, &world.urls.app)?;
        world.load(size)?;
        Ok(world)
    }

    fn load(&self, size: Size) -> Result<()> {
        let password = NewPassword::parse(PASSWORD, "").map_err(|said| anyhow!("{said:?}"))?;
        let hash = password.hash().map_err(|error| anyhow!("{error}"))?;
        let companies = include_str!("companies.sql")
            .replace("{companies}", &COMPANIES.to_string())
            .replace("{people}", &PEOPLE.to_string())
            .replace("{retailers}", &RETAILERS.to_string())
            .replace("{hash}", &hash);
        connect(&self.urls.owner)?.batch_execute(&companies)?;
        let data = include_str!("data.sql")
            .replace("{large_products}", &size.products.to_string())
            .replace("{large_orders}", &size.orders.to_string())
            .replace("{large_customers}", &size.customers().to_string())
            .replace("{products}", "200")
            .replace("{orders}", "100")
            .replace("{customers}", "20")
            .replace("{audit}", &size.has_audit.to_string());
        self.as_superuser(&data)?;
        // Neither half-empty statistics nor a background vacuum may colour the figures.
        self.as_superuser("vacuum analyze")?;
        self.as_superuser("checkpoint")
    }

    /// Loads what the books are measured with: so many shipments that wait for their invoice among it.
    pub fn load_books(&self, shipments: usize) -> Result<()> {
        let data = include_str!("books.sql").replace("{bills}", &shipments.to_string());
        self.as_superuser(&data)?;
        self.as_superuser("vacuum analyze")?;
        self.as_superuser("checkpoint")
    }

    /// Writes every statement to the server's log, or no longer.
    pub fn record(&self, is_on: bool) -> Result<()> {
        let value = if is_on { "'all'" } else { "default" };
        self.as_superuser(&format!("alter system set log_statement = {value}"))?;
        self.as_superuser("alter system set log_line_prefix = '%p '")?;
        self.as_superuser("select pg_reload_conf()")
    }

    /// The server's log as it is now.
    pub fn log(&self) -> Result<String> {
        let path = self.server.as_ref().context("no server")?.log();
        Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
    }

    /// One text that the owner of the tables asks for.
    pub fn ask(&self, question: &str) -> Result<String> {
        let asked = diesel::select(sql::<Text>(&format!("({question})")));
        Ok(asked.get_result(&mut connect(&self.urls.superuser)?)?)
    }

    /// Something that only the administrator of the server may do.
    pub fn as_superuser(&self, statement: &str) -> Result<()> {
        Ok(connect(&self.urls.superuser)?.batch_execute(statement)?)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The server first: it writes into its folder until it has ended.
        drop(self.server.take());
        if self.is_kept {
            return;
        }
        for folder in [&self.home, &self.folder] {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

fn connect(url: &str) -> Result<PgConnection> {
    Ok(PgConnection::establish(url)?)
}
