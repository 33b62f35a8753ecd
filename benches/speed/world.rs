//! What is measured against: a PostgreSQL of the run's own, as durable as in production, with fifty companies in it.

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
/// Retailers, each a customer of two companies.
pub const RETAILERS: usize = 500;
/// The password of everybody.
pub const PASSWORD: &str = "a long password for figures";

/// The server, and the folder in which this run keeps everything.
pub struct World {
    /// Logins.
    pub urls: Urls,
    /// For logs and scripts; goes with the run.
    pub folder: PathBuf,
    server: Option<PrivateServer>,
    home: PathBuf,
}

impl World {
    /// Starts the server, migrates, loads the companies.
    pub fn open() -> Result<Self> {
        // In the build folder and not in /tmp, which may be memory: what fsync costs is part of the figures.
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("speed-{}", std::process::id()));
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
        };
        migrate::migrate(&world.urls.owner, &world.urls.app)?;
        world.load()?;
        Ok(world)
    }

    fn load(&self) -> Result<()> {
        let password = NewPassword::parse(PASSWORD, "").map_err(|said| anyhow!("{said:?}"))?;
        let hash = password.hash().map_err(|error| anyhow!("{error}"))?;
        connect(&self.urls.owner)?.batch_execute(&format!(
            "insert into companies (id, slug, name, legal_name, pan, email, phone, address, city, pincode)
               select gen_random_uuid(), 'company-' || c, 'Company ' || c, 'Company ' || c || ' Private Limited',
                      format('AAAC%s%sA', chr(65 + c % 26), lpad(c::text, 4, '0')), 'office@company-' || c || '.example',
                      '+919800000000', c || ' Mount Road', 'Chennai', '600002'
                 from generate_series(1, {COMPANIES}) c;
             insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name, is_primary)
               select id, gen_random_uuid(), '33' || pan || '1Z5', '33', name, true from companies;
             insert into users (id, email, name, password_hash)
               select gen_random_uuid(), format('person-%s@company-%s.example', p, c), format('Person %s of %s', lpad(p::text, 3, '0'), c), '{hash}'
                 from generate_series(1, {COMPANIES}) c, generate_series(1, {PEOPLE}) p;
             insert into employees (tenant_id, id, user_id, name, email, role)
               select c.id, gen_random_uuid(), u.id, u.name, u.email,
                      case when u.email like 'person-1@%' then 'owner'
                           else (array['manager', 'sales', 'warehouse', 'accounts', 'dispatcher', 'driver', 'viewer'])[1 + abs(hashtext(u.email)) % 7] end
                 from companies c join users u on split_part(u.email, '@', 2) = c.slug || '.example';
             insert into retailers (id, slug, name, city)
               select gen_random_uuid(), 'shop-' || r, 'Shop ' || r, 'Madurai' from generate_series(1, {RETAILERS}) r;
             insert into customers (tenant_id, id, code, name, city)
               select c.id, gen_random_uuid(), 'C-' || r, 'Shop ' || r, 'Madurai'
                 from generate_series(1, {RETAILERS}) r, generate_series(0, 1) second
                 join companies c on true where c.slug = 'company-' || (1 + (r + second * 7) % {COMPANIES});
             insert into connections (tenant_id, id, retailer_id, customer_id)
               select k.tenant_id, gen_random_uuid(), r.id, k.id from customers k join retailers r on r.name = k.name;"
        ))?;
        // Neither half-empty statistics nor a background vacuum may colour the figures.
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
        Ok(asked.get_result(&mut connect(&self.urls.owner)?)?)
    }

    fn as_superuser(&self, statement: &str) -> Result<()> {
        Ok(connect(&self.urls.superuser)?.batch_execute(statement)?)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The server first: it writes into its folder until it has ended.
        drop(self.server.take());
        for folder in [&self.home, &self.folder] {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

fn connect(url: &str) -> Result<PgConnection> {
    Ok(PgConnection::establish(url)?)
}
