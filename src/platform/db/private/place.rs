//! The folders of a server, and what is in them: cluster, roles, database.

use super::system::{is_reachable, make, own_uid, programs, server_user};
use super::{Options, PrivateError, encode};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use sha2::{Digest, Sha256};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Longest that a socket's path may be, with `/.s.PGSQL.5432` behind it.
pub(super) const LONGEST_SOCKET_FOLDER: usize = 107 - 15;

/// Folders and user of a server.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) bin: PathBuf,
    pub(super) home: PathBuf,
    pub(super) data: PathBuf,
    pub(super) sockets: PathBuf,
    pub(super) user: Option<(u32, u32)>,
    pub(super) options: Options,
}

impl Place {
    pub(super) fn find(options: &Options) -> Result<Self, PrivateError> {
        let bin = programs().ok_or(PrivateError::NoPrograms)?;
        let user = server_user();
        let given = std::path::absolute(&options.data_dir)
            .map_err(|error| PrivateError::Folder(options.data_dir.display().to_string(), error))?;
        make(&given, None)?;
        let digest: String = Sha256::digest(given.as_os_str().as_encoded_bytes())
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // As root the server's user has to reach the folder; where the checkout is closed to it, the data lies elsewhere.
        let home = if user.is_none_or(|ids| is_reachable(&given, ids)) {
            given.join("postgres")
        } else {
            PathBuf::from("/var/lib/mandi").join(&digest)
        };
        let sockets = if home.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            home.clone()
        } else {
            std::env::temp_dir().join(format!(
                "mandi-{digest}-{}",
                user.map_or_else(own_uid, |(uid, _)| uid)
            ))
        };
        for folder in [&home, &sockets] {
            make(folder, user)?;
        }
        Ok(Self {
            bin,
            data: home.join("data"),
            home,
            sockets,
            user,
            options: options.clone(),
        })
    }

    pub(super) fn settings(&self) -> Vec<String> {
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            format!("max_connections={}", self.options.max_connections),
            "shared_buffers=128MB".to_owned(),
            "jit=off".to_owned(),
            "random_page_cost=1.1".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            "log_min_messages=warning".to_owned(),
        ];
        if !self.options.durable {
            settings.extend(
                [
                    "fsync=off",
                    "synchronous_commit=off",
                    "full_page_writes=off",
                ]
                .map(str::to_owned),
            );
        }
        settings
            .into_iter()
            .flat_map(|setting| ["-c".to_owned(), setting])
            .collect()
    }

    pub(super) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", "/usr/bin:/bin")
            .current_dir(&self.home)
            .stdin(Stdio::null());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes the cluster on the first start. It is made aside and put in place by one rename, so a half-made one is never used.
    pub(super) fn prepare(&self) -> Result<(), PrivateError> {
        if self.data.join("PG_VERSION").exists() {
            return Ok(());
        }
        let aside = self.home.join("data.new");
        if aside.exists() {
            std::fs::remove_dir_all(&aside)
                .map_err(|error| PrivateError::Folder(aside.display().to_string(), error))?;
        }
        let made = self
            .program("initdb")
            .arg("-D")
            .arg(&aside)
            .args([
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
                "-A",
                "trust",
                "-U",
                "postgres",
            ])
            .output()
            .map_err(|error| PrivateError::Program("initdb".to_owned(), error))?;
        if !made.status.success() {
            return Err(PrivateError::SetUp(
                String::from_utf8_lossy(&made.stderr).trim().to_owned(),
            ));
        }
        std::fs::rename(&aside, &self.data)
            .map_err(|error| PrivateError::Folder(self.data.display().to_string(), error))
    }

    /// Roles and the database, each only where it is missing: a first set-up that was cut short is completed by the next start.
    pub(super) fn furnish(&self) -> Result<(), PrivateError> {
        let mut pg = self.superuser()?;
        let roles = "
            do $$ begin
                if to_regrole('mandi_app') is null then create role mandi_app nologin; end if;
                if to_regrole('mandi_platform') is null then create role mandi_platform nologin; end if;
                if to_regrole('mandi_owner') is null then create role mandi_owner login; end if;
                if to_regrole('mandi_login') is null then create role mandi_login login noinherit; end if;
                grant mandi_app, mandi_platform to mandi_owner, mandi_login;
            end $$";
        pg.batch_execute(roles)
            .map_err(|error| PrivateError::SetUp(error.to_string()))?;
        let is_there: bool = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "exists (select from pg_database where datname = 'mandi')",
        ))
        .get_result(&mut pg)
        .map_err(|error| PrivateError::SetUp(error.to_string()))?;
        if is_there {
            return Ok(());
        }
        pg.batch_execute("create database mandi owner mandi_owner")
            .map_err(|error| PrivateError::SetUp(error.to_string()))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "sets up the server, before there is an application"
    )]
    pub(super) fn superuser(&self) -> Result<PgConnection, PrivateError> {
        let url = format!(
            "postgres:///postgres?host={}&user=postgres&connect_timeout=5",
            encode(&self.sockets)
        );
        PgConnection::establish(&url).map_err(|error| PrivateError::SetUp(error.to_string()))
    }

    /// Whether another's server is there and furnished.
    #[expect(
        clippy::disallowed_methods,
        reason = "a guest's look, before there is an application"
    )]
    pub(super) fn is_answering(&self) -> bool {
        PgConnection::establish(&format!(
            "postgres:///mandi?host={}&user=mandi_login&connect_timeout=2",
            encode(&self.sockets)
        ))
        .is_ok()
    }
}
