//! The PostgreSQL server of the test run: private, fast, and gone afterwards.

use super::connect;
use diesel::connection::SimpleConnection;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The server of this run.
pub struct Server {
    folder: PathBuf,
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

    fn url(&self, database: &str, user: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user={user}",
            self.folder.display()
        )
    }

    fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("mandi-it-")
            .tempdir()
            .unwrap()
            .keep();
        let bin = programs();
        let owner = unprivileged();
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let data = folder.join("data");
        let run = |program: &str| {
            let mut command = Command::new(bin.join(program));
            command
                .current_dir(&folder)
                .env("LC_ALL", "C.UTF-8")
                .stdout(Stdio::null());
            if let Some((uid, gid)) = owner {
                command.uid(uid).gid(gid);
            }
            command
        };
        let made = run("initdb")
            .args(["-D"])
            .arg(&data)
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
        let mut serve = run("postgres");
        serve.arg("-D").arg(&data).arg("-k").arg(&folder).args([
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "max_connections=200",
            "-c",
            "logging_collector=off",
            // The database's name tells whose plan a line is.
            "-c",
            "log_line_prefix=%m [%p] %d ",
        ]);
        serve.stderr(std::fs::File::create(folder.join("server.log")).unwrap());
        let (told, tell) = std::sync::mpsc::channel();
        // The server is to die with the run, and the kernel ties it to the thread that started it: one that lives as long as the run.
        std::thread::spawn(move || {
            unsafe {
                serve.pre_exec(|| {
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGQUIT);
                    Ok(())
                });
            }
            let mut child = serve.spawn().unwrap();
            told.send(()).unwrap();
            child.wait().unwrap();
        });
        tell.recv().unwrap();
        let server = Self { folder };
        server.wait(&data);
        connect(&server.url("postgres", "postgres"))
            .batch_execute(
                "create role mandi_app nologin; create role mandi_platform nologin;
                 create role it_owner login createrole; create role it_login login noinherit;
                 grant mandi_app, mandi_platform to it_owner, it_login;",
            )
            .unwrap();
        server
    }

    fn wait(&self, data: &Path) {
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
