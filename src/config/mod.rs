//! Typed settings, read once at the start from the environment and, below it, from a file `.env` in the working directory.
//!
//! A value that cannot be used stops the start with one line that names the variable and what is allowed. So does a variable
//! that begins with `MANDI_` and is not a setting: a typing error must not run on a default. Names that begin with `MANDI_TEST_`
//! or `MANDI_BENCH_` belong to the tests and benches, `MANDI_HOST` to the proxy in `deploy/`; they are left alone.

mod secret;
mod settings;
mod values;
mod variables;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;
use rustls::pki_types::CertificateDer;
use url::Url;

use variables::{Variables, is_ours};

pub use secret::Secret;
pub use settings::{Setting, settings};
pub use values::{FilesAt, LogFormat, Profile, Smtp, SmtpTls};

/// Everything that can be set from outside.
#[derive(Clone, Debug)]
pub struct Config {
    pub profile: Profile,
    /// Started by `mandi demo`: known sign-ins, mails stay in the outbox.
    pub demo: bool,
    /// 0 takes a free port.
    pub port: u16,
    pub bind: IpAddr,
    /// Scheme, host and port; its path is `/`.
    pub base_url: Url,
    /// `None`: the private PostgreSQL in `data_dir`.
    pub database_url: Option<Secret<String>>,
    pub database_owner_url: Option<Secret<String>>,
    pub data_dir: PathBuf,
    pub db_pool: u32,
    pub db_wait: Duration,
    pub workers: usize,
    /// How long a silent worker keeps a job before another takes it.
    pub job_lease: Duration,
    /// `None`: one per processor.
    pub http_threads: Option<usize>,
    /// 64 bytes or more.
    pub secret_key: Secret<Vec<u8>>,
    pub trusted_proxies: Vec<IpNet>,
    pub session_idle: Duration,
    pub session_max: Duration,
    /// `None`: mails stay in the outbox.
    pub smtp: Option<Smtp>,
    /// Trusted for the mail server beside what the system trusts.
    pub smtp_ca: Vec<CertificateDer<'static>>,
    pub mail_from: Mailbox,
    pub files: FilesAt,
    /// In bytes.
    pub upload_limit: usize,
    /// Where the real authority for e-invoices answers; `None`: a sandbox or nobody, see `is_dev_or_demo`.
    pub gst_url: Option<Url>,
    /// Whether the authority's sandbox takes GSTINs with a wrong check character.
    pub gst_lax_numbers: bool,
    pub log: String,
    pub log_format: LogFormat,
    pub metrics_token: Option<Secret<String>>,
}

/// What the command line decides before the environment does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flags {
    pub port: Option<u16>,
    pub demo: bool,
}

/// One line for whoever starts the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} is {value:?}: {rule}.")]
    Wrong {
        name: String,
        value: String,
        rule: String,
    },
    /// Like `Wrong`, for a value that must not be printed.
    #[error("{name} cannot be used: {rule}.")]
    WrongSecret { name: String, rule: String },
    #[error("{name} is missing: {rule}.")]
    Missing { name: String, rule: String },
    #[error("{name} is not a setting: did you mean {nearest}?")]
    Unknown { name: String, nearest: String },
    #[error("The file .env cannot be read: {0}.")]
    File(String),
}

impl Config {
    /// The settings of this process.
    pub fn from_env() -> Result<Config, ConfigError> {
        Config::from_env_with(Flags::default())
    }

    /// The settings of this process under the flags of the command line.
    pub fn from_env_with(flags: Flags) -> Result<Config, ConfigError> {
        let mut pairs = dotenv()?;
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => pairs.push((name, value)),
                Err(_) if is_ours(&name) => {
                    return Err(ConfigError::WrongSecret {
                        name,
                        rule: "it must be UTF-8 text".into(),
                    });
                }
                Err(_) => {}
            }
        }
        Config::from_pairs_with(pairs, flags)
    }

    /// The settings that these variables give: no environment, no file. Of a name that comes twice the last counts.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Config, ConfigError> {
        Config::from_pairs_with(pairs, Flags::default())
    }

    /// `from_pairs` under the flags of the command line.
    pub fn from_pairs_with<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
        flags: Flags,
    ) -> Result<Config, ConfigError> {
        Variables::new(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into())),
        )?
        .config(flags)
    }

    /// Whether this may show what only a developer or a visitor of the demo should see, like `/dev/mail`.
    pub const fn is_dev_or_demo(&self) -> bool {
        matches!(self.profile, Profile::Dev | Profile::Test) || self.demo
    }

    pub const fn is_production(&self) -> bool {
        matches!(self.profile, Profile::Production)
    }

    /// Whether browsers reach us over TLS, so that cookies can be `Secure` and `__Host-`.
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}

/// The pairs of `./.env`; none where there is no such file.
fn dotenv() -> Result<Vec<(String, String)>, ConfigError> {
    let broken = |error: dotenvy::Error| ConfigError::File(error.to_string());
    match dotenvy::from_path_iter(".env") {
        Ok(pairs) => pairs.collect::<Result<_, _>>().map_err(broken),
        Err(error) if error.not_found() => Ok(Vec::new()),
        Err(error) => Err(broken(error)),
    }
}
