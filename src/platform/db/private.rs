//! A private PostgreSQL server, started and looked after by the application, for machines where nothing is configured.
//!
//! It listens on a Unix socket only, in a folder that only its own user and root may enter; so inside, everybody is trusted, and nobody else
//! gets there. PostgreSQL refuses to run as root: started by root it runs as `postgres` or `nobody`. The server dies with the process that
//! started it. A lock in the data folder says whose server it is: a second process on the same folder joins as a guest, and takes the server
//! over when the first one is gone.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use sha2::{Digest, Sha256};
use std::fs::{File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Oldest PostgreSQL that will do.
const OLDEST: u32 = 15;
/// Longest that a socket's path may be, with `/.s.PGSQL.5432` behind it.
const LONGEST_SOCKET_FOLDER: usize = 107 - 15;

/// Why there is no private server, in a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// No server programs.
    #[error(
        "No PostgreSQL server programs (15 or newer) were found. Run bin/setup, or on Debian and Ubuntu: apt-get install postgresql. Or name a server in DATABASE_URL."
    )]
    NoPrograms,
    /// A folder can't be used.
    #[error("The folder {0} can't be used: {1}. Choose another in MANDI_DATA_DIR.")]
    Folder(String, std::io::Error),
    /// The server does not start.
    #[error("The private PostgreSQL does not start: {0}")]
    Start(String),
    /// A program can't be run.
    #[error("{0} can't be run: {1}")]
    Program(String, std::io::Error),
    /// The first set-up failed.
    #[error("The private PostgreSQL can't be set up: {0}")]
    SetUp(String),
}

/// Where and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The application's data folder (`MANDI_DATA_DIR`).
    pub data_dir: PathBuf,
    /// Whether a crash of the machine must lose nothing; off for tests only.
    pub durable: bool,
    /// Most connections.
    pub max_connections: u32,
}

/// Logins of a private server.
#[derive(Clone, Debug)]
pub struct Urls {
    /// The application's own: may be `mandi_app` and `mandi_platform`, and nothing else.
    pub app: String,
    /// The owner of the tables.
    pub owner: String,
    /// For psql.
    pub superuser: String,
}

/// A server that runs as long as this value lives (or longer, when another process started it).
pub struct PrivateServer {
    place: Place,
    is_over: Arc<AtomicBool>,
    keeper: Option<JoinHandle<()>>,
}

/// Folders and user of a server.
#[derive(Clone, Debug)]
struct Place {
    bin: PathBuf,
    home: PathBuf,
    data: PathBuf,
    sockets: PathBuf,
    user: Option<(u32, u32)>,
    options: Options,
}

impl PrivateServer {
    /// Starts the server of this data folder, or joins the one that runs there.
    ///
    /// # Errors
    /// See [`PrivateError`].
    pub fn open(options: &Options) -> Result<Self, PrivateError> {
        let place = Place::find(options)?;
        let is_over = Arc::new(AtomicBool::new(false));
        let (tell, told) = mpsc::channel();
        let (keep, over) = (place.clone(), Arc::clone(&is_over));
        // The kernel ties the server to the thread that starts it, so that thread lives as long as the server is wanted.
        let keeper = std::thread::spawn(move || keep.keep(&over, &tell));
        let server = Self {
            place,
            is_over,
            keeper: Some(keeper),
        };
        match told.recv_timeout(Duration::from_secs(90)) {
            Ok(Ok(())) => Ok(server),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(PrivateError::Start(
                "it took longer than 90 seconds".to_owned(),
            )),
        }
    }

    /// Logins.
    pub fn urls(&self) -> Urls {
        let url = |user: &str, database: &str| {
            format!(
                "postgres:///{database}?host={}&user={user}",
                encode(&self.place.sockets)
            )
        };
        Urls {
            app: url("mandi_login", "mandi"),
            owner: url("mandi_owner", "mandi"),
            superuser: url("postgres", "mandi"),
        }
    }

    /// Where its log is.
    pub fn log(&self) -> PathBuf {
        self.place.home.join("server.log")
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        if let Some(keeper) = self.keeper.take() {
            drop(keeper.join());
        }
    }
}

fn encode(path: &Path) -> String {
    url::form_urlencoded::byte_serialize(path.as_os_str().as_encoded_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

impl Place {
    fn find(options: &Options) -> Result<Self, PrivateError> {
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

    /// Keeps the server running until it is over: as its owner while the lock is ours, as a guest while it is another's.
    fn keep(&self, is_over: &AtomicBool, tell: &mpsc::Sender<Result<(), PrivateError>>) {
        let mut is_told = false;
        let mut say = |outcome: Result<(), PrivateError>| {
            if !is_told {
                is_told = true;
                drop(tell.send(outcome));
            }
        };
        while !is_over.load(Ordering::Acquire) {
            match self.lock() {
                Ok(Some(lock)) => {
                    if let Err(error) = self.own(is_over, &mut say) {
                        tracing::error!(%error, "private PostgreSQL");
                        say(Err(error));
                        std::thread::sleep(Duration::from_secs(2));
                    }
                    drop(lock);
                }
                Ok(None) => {
                    if self.is_answering() {
                        say(Ok(()));
                    }
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(error) => {
                    say(Err(error));
                    return;
                }
            }
        }
    }

    fn lock(&self) -> Result<Option<File>, PrivateError> {
        let path = self.home.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| PrivateError::Folder(path.display().to_string(), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(PrivateError::Folder(path.display().to_string(), error))
            }
        }
    }

    /// Starts the server and stays until it ends by itself (then the caller starts it again) or is to end.
    fn own(
        &self,
        is_over: &AtomicBool,
        say: &mut impl FnMut(Result<(), PrivateError>),
    ) -> Result<(), PrivateError> {
        self.end_orphans();
        self.prepare()?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.home.join("server.log"))
            .map_err(|error| PrivateError::Folder(self.home.display().to_string(), error))?;
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.sockets)
            .args(self.settings())
            .stderr(
                log.try_clone()
                    .map_err(|error| PrivateError::Start(error.to_string()))?,
            )
            .stdout(log);
        command.process_group(0);
        // SAFETY: prctl is async-signal-safe and touches no memory of ours.
        unsafe {
            command.pre_exec(|| {
                // Fast shutdown when this process dies: the server ends sessions and closes its files.
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT);
                Ok(())
            });
        }
        let mut child = command
            .spawn()
            .map_err(|error| PrivateError::Program("postgres".to_owned(), error))?;
        let ready = self.wait_ready(&mut child).and_then(|()| self.furnish());
        if let Err(error) = ready {
            signal(child.id(), libc::SIGQUIT);
            drop(child.wait());
            return Err(error);
        }
        say(Ok(()));
        tracing::info!(folder = %self.home.display(), "private PostgreSQL runs");
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    tracing::warn!(%status, "private PostgreSQL ended by itself; starting it again");
                    return Ok(());
                }
                _ if is_over.load(Ordering::Acquire) => {
                    signal(child.id(), libc::SIGINT);
                    drop(child.wait());
                    return Ok(());
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn settings(&self) -> Vec<String> {
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

    fn program(&self, name: &str) -> Command {
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
    fn prepare(&self) -> Result<(), PrivateError> {
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

    fn wait_ready(&self, child: &mut std::process::Child) -> Result<(), PrivateError> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let pid = std::fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
            let mut lines = pid.lines();
            let is_own = lines
                .next()
                .is_some_and(|line| line.trim() == child.id().to_string());
            if is_own && lines.nth(6).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Err(PrivateError::Start(format!(
                    "it ended with {status}; see {}",
                    self.home.join("server.log").display()
                )));
            }
            if Instant::now() > deadline {
                return Err(PrivateError::Start(format!(
                    "it is not ready after a minute; see {}",
                    self.home.join("server.log").display()
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Roles and the database, each only where it is missing: a first set-up that was cut short is completed by the next start.
    fn furnish(&self) -> Result<(), PrivateError> {
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
    fn superuser(&self) -> Result<PgConnection, PrivateError> {
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
    fn is_answering(&self) -> bool {
        PgConnection::establish(&format!(
            "postgres:///mandi?host={}&user=mandi_login&connect_timeout=2",
            encode(&self.sockets)
        ))
        .is_ok()
    }

    /// After a crash, processes of an old server may still hold the data: those that work in the folder are found and ended. The pid file may lie.
    fn end_orphans(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut force = libc::SIGINT;
        loop {
            let left = processes_in(&self.data);
            if left.is_empty() {
                break;
            }
            for pid in &left {
                signal(*pid, force);
            }
            if Instant::now() > deadline {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
            if deadline - Instant::now() < Duration::from_secs(17) {
                force = libc::SIGKILL;
            }
        }
        // Nobody works here, and the lock is ours: a pid file that is left tells of a server that died.
        drop(std::fs::remove_file(self.data.join("postmaster.pid")));
    }
}

/// Processes whose working folder this is.
fn processes_in(folder: &Path) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder))
        .collect()
}

fn signal(pid: u32, signal: i32) {
    if let Ok(pid) = i32::try_from(pid) {
        // SAFETY: kill touches no memory.
        unsafe { libc::kill(pid, signal) };
    }
}

fn own_uid() -> u32 {
    // SAFETY: geteuid can't fail.
    unsafe { libc::geteuid() }
}

/// The newest server programs of this machine.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .filter_map(|version| {
                    Some((
                        version.file_name().to_str()?.parse().ok()?,
                        version.path().join("bin"),
                    ))
                })
                .collect()
        })
        .unwrap_or_default();
    if let Some(path) = std::env::var_os("PATH") {
        found.extend(std::env::split_paths(&path).map(|folder| (0, folder)));
    }
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found
        .into_iter()
        .find(|(version, bin)| {
            bin.join("initdb").exists()
                && bin.join("postgres").exists()
                && (*version == 0 || *version >= OLDEST)
        })
        .map(|(_, bin)| bin)
}

/// As root: the user that the server runs as instead.
fn server_user() -> Option<(u32, u32)> {
    if own_uid() != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres")
        .or_else(|| ids("nobody"))
        .or(Some((65_534, 65_534)))
}

/// Whether a user may walk into a folder: every folder on the way lets others (or them) through.
fn is_reachable(folder: &Path, (uid, gid): (u32, u32)) -> bool {
    folder.ancestors().all(|step| {
        std::fs::metadata(step).is_ok_and(|about| {
            let mode = about.permissions().mode();
            mode & 0o001 != 0
                || (about.uid() == uid && mode & 0o100 != 0)
                || (about.gid() == gid && mode & 0o010 != 0)
        })
    })
}

/// A folder that is there; with a user, it is theirs alone.
fn make(folder: &Path, user: Option<(u32, u32)>) -> Result<(), PrivateError> {
    let fail = |error| PrivateError::Folder(folder.display().to_string(), error);
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    if !folder.exists() {
        let mode = if folder
            .file_name()
            .is_some_and(|name| name == "postgres" || name.to_string_lossy().starts_with("mandi-"))
            || user.is_some()
        {
            0o700
        } else {
            0o755
        };
        std::fs::DirBuilder::new()
            .mode(mode)
            .create(folder)
            .map_err(fail)?;
    }
    if let Some((uid, gid)) = user {
        std::os::unix::fs::chown(folder, Some(uid), Some(gid)).map_err(fail)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(fail)?;
    }
    Ok(())
}
