//! The PostgreSQL server of the test run: private, fast, and gone afterwards.

use super::connect;
use diesel::connection::SimpleConnection;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A server: that of this run, or one test's own.
pub struct Server {
    folder: PathBuf,
    port: u16,
    /// Its process, and the thread that waits for its end.
    running: Mutex<Option<(i32, JoinHandle<()>)>>,
}

/// A database on it.
#[derive(Clone, Debug)]
pub struct Urls {
    /// The application's own login, which may be `mandi_app` and `mandi_platform` and no more.
    pub app: String,
    /// The owner of the tables.
    pub owner: String,
    /// The superuser.
    pub superuser: String,
}

/// The server of this run, started when first asked for.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    /// Where it lives; files of the test run may lie beside it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A fresh, empty database.
    pub fn database(&self, name: &str) -> Urls {
        let mut pg = connect(&self.url("postgres", "postgres"));
        pg.batch_execute(&format!("create database {name} owner it_owner"))
            .unwrap();
        self.urls(name)
    }

    /// A copy of a database that nobody is connected to.
    pub fn copy(&self, from: &str, name: &str) -> Urls {
        let mut pg = connect(&self.url("postgres", "postgres"));
        pg.batch_execute(&format!(
            "create database {name} template {from} owner it_owner"
        ))
        .unwrap();
        self.urls(name)
    }

    /// How much the server has said so far, in bytes.
    pub fn log_size(&self) -> u64 {
        std::fs::metadata(self.folder.join("server.log"))
            .unwrap()
            .len()
    }

    /// What the server has said since then.
    pub fn log_since(&self, size: u64) -> String {
        let mut file = std::fs::File::open(self.folder.join("server.log")).unwrap();
        let mut said = Vec::new();
        file.seek(SeekFrom::Start(size)).unwrap();
        file.read_to_end(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }

    fn urls(&self, name: &str) -> Urls {
        Urls {
            app: self.url(name, "it_login"),
            owner: self.url(name, "it_owner"),
            superuser: self.url(name, "postgres"),
        }
    }

    /// The address of a database for a login, over the socket in its folder.
    pub fn url(&self, database: &str, user: &str) -> String {
        format!(
            "postgres:///{database}?host={}&port={}&user={user}",
            self.folder.display(),
            self.port
        )
    }

    /// The server of the whole run: with the roles, and with the logins of [`Urls`].
    fn start() -> Self {
        let server = Self::make();
        server.serve(&[]);
        server.add_roles();
        server
    }

    /// A cluster for one test alone, which nobody serves yet; gone with the value.
    pub fn make() -> Self {
        Self::make_for(5432)
    }

    /// The same, to be served on a port that the test chose.
    pub fn make_for(port: u16) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("mandi-it-")
            .tempdir()
            .unwrap()
            .keep();
        if let Some((uid, gid)) = unprivileged() {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let server = Self {
            folder,
            port,
            running: Mutex::new(None),
        };
        let made = server
            .program("initdb")
            .args(["-D"])
            .arg(server.data())
            .args([
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
            ])
            .status()
            .unwrap();
        assert!(made.success());
        server
    }

    /// The roles of the application, and the logins of [`Urls`].
    pub fn add_roles(&self) {
        connect(&self.url("postgres", "postgres"))
            .batch_execute(
                "create role mandi_app nologin; create role mandi_platform nologin;
                 create role it_owner login createrole; create role it_login login noinherit;
                 grant mandi_app, mandi_platform to it_owner, it_login;",
            )
            .unwrap();
    }

    /// Serves the cluster, with settings (`name=value`) beside those of every test, until stopped or the run is over.
    pub fn serve(&self, settings: &[&str]) {
        let mut serve = self.program("postgres");
        serve.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        serve.arg("-p").arg(self.port.to_string());
        let of_every_test = [
            "listen_addresses=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            // As the private server has it: a plan that runs once is not worth compiling.
            "jit=off",
            "max_connections=800",
            "logging_collector=off",
            // The database's name tells whose plan a line is.
            "log_line_prefix=%m [%p] %d ",
        ];
        for setting in of_every_test.iter().chain(settings) {
            serve.args(["-c", setting]);
        }
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("server.log"))
            .unwrap();
        serve.stderr(log);
        let (told, tell) = mpsc::channel();
        // The server is to die with the run, and the kernel ties it to the thread that started it: one that lives as long as the run.
        let thread = std::thread::spawn(move || {
            unsafe {
                serve.pre_exec(|| {
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT);
                    Ok(())
                });
            }
            let mut child = serve.spawn().unwrap();
            told.send(i32::try_from(child.id()).unwrap()).unwrap();
            child.wait().unwrap();
        });
        *self.running.lock().unwrap() = Some((tell.recv().unwrap(), thread));
        self.wait();
    }

    /// Stops it as an administrator would, who does not wait for whoever is connected.
    pub fn stop(&self) {
        if let Some((pid, thread)) = self.running.lock().unwrap().take() {
            unsafe { libc::kill(pid, libc::SIGINT) };
            thread.join().unwrap();
        }
    }

    /// A file in the data folder that only the server's user can read.
    pub fn keep(&self, name: &str, contents: &str) {
        let path = self.data().join(name);
        std::fs::write(&path, contents).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        if let Some((uid, gid)) = unprivileged() {
            std::os::unix::fs::chown(&path, Some(uid), Some(gid)).unwrap();
        }
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command
            .current_dir(&self.folder)
            .env("LC_ALL", "C.UTF-8")
            .stdout(Stdio::null());
        if let Some((uid, gid)) = unprivileged() {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn wait(&self) {
        let data = self.data();
        let deadline = Instant::now() + Duration::from_secs(30);
        let is_ready = || {
            std::fs::read_to_string(data.join("postmaster.pid")).is_ok_and(|text| {
                text.lines()
                    .nth(7)
                    .is_some_and(|line| line.trim() == "ready")
            })
        };
        while !is_ready() {
            assert!(Instant::now() < deadline, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .map(|version| version.path().join("bin"))
                .filter(|bin| bin.join("postgres").exists())
                .collect()
        })
        .unwrap_or_default();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from("/usr/bin"))
}

/// PostgreSQL refuses to run as root: the user that it runs as instead.
fn unprivileged() -> Option<(u32, u32)> {
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = |name: &str| {
        passwd
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))
            .map(str::to_owned)
    };
    let line = line("postgres").or_else(|| line("nobody")).unwrap();
    let mut fields = line.split(':').skip(2);
    Some((
        fields.next().unwrap().parse().unwrap(),
        fields.next().unwrap().parse().unwrap(),
    ))
}
