//! A private PostgreSQL server, started and looked after by the application, for machines where nothing is configured.
//!
//! It listens on a Unix socket only, in a folder that only its own user and root may enter; so inside, everybody is trusted, and nobody else
//! gets there. PostgreSQL refuses to run as root: started by root it runs as `postgres` or `nobody`. The server dies with the process that
//! started it. A lock in the data folder says whose server it is: a second process on the same folder joins as a guest, and takes the server
//! over when the first one is gone.

mod keeper;
mod place;
mod system;

use place::Place;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

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
