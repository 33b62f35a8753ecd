//! From the variables of the environment to a [`Config`].

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use lettre::message::Mailbox;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::values::{self, FilesAt, LogFormat, Profile, Smtp};
use super::{Config, ConfigError, Flags, Secret, settings};

/// Everybody can read this key here, so it protects nothing: for dev, test and the demo.
const DEMO_KEY: &[u8] =
    b"mandi demo key, printed in the source and known to everybody: never for real data";

/// The variables of interest, empty ones left out.
pub(super) struct Variables(HashMap<String, String>);

impl Variables {
    pub(super) fn new(
        pairs: impl Iterator<Item = (String, String)>,
    ) -> Result<Variables, ConfigError> {
        let mut known = HashMap::new();
        for (name, value) in pairs {
            if is_ours(&name) {
                known.insert(name, value.trim().to_owned());
            } else if name.starts_with("MANDI_") && !is_others(&name) {
                let nearest = super::settings::nearest(&name).to_owned();
                return Err(ConfigError::Unknown { name, nearest });
            }
        }
        known.retain(|_, value| !value.is_empty());
        Ok(Variables(known))
    }

    pub(super) fn config(&self, flags: Flags) -> Result<Config, ConfigError> {
        let profile = self.parsed("MANDI_PROFILE")?.unwrap_or(Profile::Dev);
        if flags.demo && profile == Profile::Production {
            return Err(self.wrong(
                "MANDI_PROFILE",
                "the demo has known passwords and never runs in production",
            ));
        }
        let deployed = profile.is_deployed();
        let port = self.port(flags)?;
        let data_dir = PathBuf::from(self.get("MANDI_DATA_DIR").unwrap_or("./var"));
        let database_url = self.read("DATABASE_URL", values::database_url)?;
        let database_owner_url = self.read("DATABASE_OWNER_URL", values::database_url)?;
        if database_url.is_none() && database_owner_url.is_some() {
            return Err(missing(
                "DATABASE_URL",
                "DATABASE_OWNER_URL is set, so both must be",
            ));
        }
        let smtp = self.read("MANDI_SMTP_URL", Smtp::from_str)?;
        Ok(Config {
            profile,
            demo: flags.demo,
            port,
            bind: self.bind(deployed)?,
            base_url: self.base_url(profile, port)?,
            database_url,
            database_owner_url,
            db_pool: self.number("MANDI_DB_POOL", 2, 500)?.unwrap_or(16),
            db_wait: Duration::from_millis(
                self.number("MANDI_DB_WAIT_MS", 50, 60_000)?
                    .unwrap_or(2_000),
            ),
            workers: self.number("MANDI_WORKERS", 1, 64)?.unwrap_or(4),
            job_lease: Duration::from_secs(
                self.number("MANDI_JOB_LEASE_SECONDS", 2, 3_600)?
                    .unwrap_or(60),
            ),
            http_threads: self.number("MANDI_HTTP_THREADS", 1, 256)?,
            secret_key: self.secret_key(profile)?,
            trusted_proxies: self
                .read("MANDI_TRUSTED_PROXIES", values::networks)?
                .unwrap_or_default(),
            session_idle: Duration::from_secs(
                60 * self
                    .number("MANDI_SESSION_IDLE_MINUTES", 5, 43_200)?
                    .unwrap_or(720),
            ),
            session_max: Duration::from_secs(
                86_400 * self.number("MANDI_SESSION_MAX_DAYS", 1, 365)?.unwrap_or(30),
            ),
            mail_from: self.mail_from(smtp.is_some())?,
            smtp,
            smtp_ca: self
                .read("MANDI_SMTP_CA", values::certificates)?
                .unwrap_or_default(),
            files: self
                .read("MANDI_FILES_URL", FilesAt::from_str)?
                .unwrap_or_else(|| FilesAt::Folder(data_dir.join("files"))),
            upload_limit: self
                .number("MANDI_UPLOAD_LIMIT_MB", 1, 200)?
                .unwrap_or(10_usize)
                * 1_000_000,
            gst_url: self.read("MANDI_GST_URL", values::outside_url)?,
            gst_lax_numbers: self.lax_numbers(profile)?,
            log: self
                .read("MANDI_LOG", log_filter)?
                .unwrap_or_else(|| "info".into()),
            log_format: self.parsed("MANDI_LOG_FORMAT")?.unwrap_or(if deployed {
                LogFormat::Json
            } else {
                LogFormat::Pretty
            }),
            metrics_token: self.read("MANDI_METRICS_TOKEN", metrics_token)?,
            data_dir,
        })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Reads one variable with `parse`, whose error is the rule it broke.
    fn read<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, values::Rule>,
    ) -> Result<Option<T>, ConfigError> {
        self.get(name)
            .map(|text| parse(text).map_err(|rule| self.wrong(name, &rule)))
            .transpose()
    }

    fn parsed<T: FromStr<Err = values::Rule>>(&self, name: &str) -> Result<Option<T>, ConfigError> {
        self.read(name, T::from_str)
    }

    fn number<T: TryFrom<u64>>(
        &self,
        name: &str,
        least: u64,
        most: u64,
    ) -> Result<Option<T>, ConfigError> {
        self.read(name, |text| {
            let number = text
                .parse::<u64>()
                .ok()
                .filter(|number| (least..=most).contains(number));
            number
                .and_then(|number| T::try_from(number).ok())
                .ok_or_else(|| format!("it must be a whole number from {least} to {most}"))
        })
    }

    fn wrong(&self, name: &str, rule: &str) -> ConfigError {
        let (name, rule) = (name.to_owned(), rule.to_owned());
        match self.get(&name) {
            Some(value)
                if !settings()
                    .iter()
                    .any(|setting| setting.secret && setting.name == name) =>
            {
                ConfigError::Wrong {
                    value: value.chars().take(100).collect(),
                    name,
                    rule,
                }
            }
            _ => ConfigError::WrongSecret { name, rule },
        }
    }

    fn port(&self, flags: Flags) -> Result<u16, ConfigError> {
        // Both are read even where the flag decides: a wrong value is wrong today, not on the day the flag is left out.
        let own = self.number("MANDI_PORT", 0, 65_535)?;
        let platform = self.number("PORT", 0, 65_535)?;
        Ok(flags.port.or(own).or(platform).unwrap_or(8080))
    }

    fn bind(&self, deployed: bool) -> Result<IpAddr, ConfigError> {
        let bind = self.read("MANDI_BIND", |text| {
            text.parse()
                .map_err(|_| "it must be an IP address like 127.0.0.1 or ::".into())
        })?;
        Ok(bind.unwrap_or(IpAddr::V4(if deployed {
            Ipv4Addr::UNSPECIFIED
        } else {
            Ipv4Addr::LOCALHOST
        })))
    }

    fn base_url(&self, profile: Profile, port: u16) -> Result<Url, ConfigError> {
        const NAME: &str = "MANDI_BASE_URL";
        let given = self.read(NAME, values::base_url)?;
        match (given, profile) {
            (Some(url), Profile::Production) if url.scheme() != "https" => {
                Err(self.wrong(NAME, "in production it must begin with https://"))
            }
            (None, Profile::Production) => Err(missing(
                NAME,
                "production needs the public address, like https://orders.example.com",
            )),
            (Some(url), _) => Ok(url),
            (None, _) => values::base_url(&format!("http://localhost:{port}"))
                .map_err(|rule| missing(NAME, &rule)),
        }
    }

    fn secret_key(&self, profile: Profile) -> Result<Secret<Vec<u8>>, ConfigError> {
        const NAME: &str = "MANDI_SECRET_KEY";
        let key = self.read(NAME, values::key)?;
        match key {
            Some(key) if profile.is_deployed() && key.expose() == DEMO_KEY => {
                let rule = format!(
                    "it is the demo's key, which everybody knows, and {} needs one of its own",
                    profile.as_str()
                );
                Err(self.wrong(NAME, &rule))
            }
            Some(key) => Ok(key),
            None if profile.is_deployed() => {
                let rule = format!(
                    "{} needs 64 bytes or more as base64 or hex; openssl rand -base64 64 makes one",
                    profile.as_str()
                );
                Err(missing(NAME, &rule))
            }
            None => Ok(Secret::new(DEMO_KEY.to_vec())),
        }
    }

    fn lax_numbers(&self, profile: Profile) -> Result<bool, ConfigError> {
        const NAME: &str = "MANDI_GST_LAX_NUMBERS";
        let is_lax = self.read(NAME, |text| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err("it must be yes or no".into()),
        })?;
        if is_lax == Some(true) && profile == Profile::Production {
            return Err(self.wrong(NAME, "in production every number is checked"));
        }
        Ok(is_lax.unwrap_or(false))
    }

    fn mail_from(&self, sends: bool) -> Result<Mailbox, ConfigError> {
        const NAME: &str = "MANDI_MAIL_FROM";
        const RULE: &str = "it must look like Mandi <orders@example.com>";
        match self.get(NAME) {
            Some(text) => text.parse().map_err(|_| self.wrong(NAME, RULE)),
            None if sends => Err(missing(
                NAME,
                "MANDI_SMTP_URL is set, and mails need a sender, like Mandi <orders@example.com>",
            )),
            None => "Mandi <no-reply@mandi.example>"
                .parse()
                .map_err(|_| missing(NAME, RULE)),
        }
    }
}

fn missing(name: &str, rule: &str) -> ConfigError {
    ConfigError::Missing {
        name: name.to_owned(),
        rule: rule.to_owned(),
    }
}

fn log_filter(text: &str) -> Result<String, values::Rule> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("it must be a list of filters like info,mandi=debug".into()),
    }
}

fn metrics_token(text: &str) -> Result<Secret<String>, values::Rule> {
    if text.chars().count() < 16 {
        return Err("it must have 16 characters or more".into());
    }
    Ok(Secret::new(text.to_owned()))
}

pub(super) fn is_ours(name: &str) -> bool {
    settings().iter().any(|setting| setting.name == name) || name == "PORT"
}

/// Variables of the tests, of the benches, and of the proxy that shares its environment file with us.
fn is_others(name: &str) -> bool {
    name.starts_with("MANDI_TEST_") || name.starts_with("MANDI_BENCH_") || name == "MANDI_HOST"
}
