//! What the settings can be, and how each is read from its text. Every `Err` here is a rule: the end of a sentence that begins with the
//! variable's name, as in "it must be a whole number from 1 to 64".

use std::path::PathBuf;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ipnet::IpNet;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::Secret;

/// Why a value is refused: what it must be instead.
pub(super) type Rule = String;

/// Where the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Test,
    Staging,
    Production,
}

impl Profile {
    pub const fn as_str(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Test => "test",
            Profile::Staging => "staging",
            Profile::Production => "production",
        }
    }

    /// Whether this is a server that other people reach: staging or production.
    pub const fn is_deployed(self) -> bool {
        matches!(self, Profile::Staging | Profile::Production)
    }
}

impl FromStr for Profile {
    type Err = Rule;

    fn from_str(text: &str) -> Result<Profile, Rule> {
        match text {
            "dev" => Ok(Profile::Dev),
            "test" => Ok(Profile::Test),
            "staging" => Ok(Profile::Staging),
            "production" => Ok(Profile::Production),
            _ => Err("it must be dev, test, staging or production".into()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Pretty,
    Json,
}

impl FromStr for LogFormat {
    type Err = Rule;

    fn from_str(text: &str) -> Result<LogFormat, Rule> {
        match text {
            "pretty" => Ok(LogFormat::Pretty),
            "json" => Ok(LogFormat::Json),
            _ => Err("it must be pretty or json".into()),
        }
    }
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS from the first byte (`smtps://`).
    Implicit,
    /// STARTTLS, or the mail waits.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// No TLS: for a relay on the same machine.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    /// User name and password; `None` for a server that asks for neither.
    pub login: Option<(String, Secret<String>)>,
    pub tls: SmtpTls,
}

impl FromStr for Smtp {
    type Err = Rule;

    fn from_str(text: &str) -> Result<Smtp, Rule> {
        let shape = || {
            Rule::from(
                "it must look like smtp://user:password@host:587 or smtps://user:password@host:465",
            )
        };
        let url = Url::parse(text).map_err(|_| shape())?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(shape)?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(shape()),
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => {
                let decoded = |part: &str| percent_decoded(part).ok_or_else(shape);
                Some((decoded(user)?, Secret::new(decoded(password)?)))
            }
            (_, None) => {
                return Err("its user name needs a password: smtp://user:password@host".into());
            }
        };
        let port = url.port().unwrap_or(if implicit { 465 } else { 587 });
        Ok(Smtp {
            host: host.to_owned(),
            port,
            login,
            tls: smtp_tls(&url, implicit)?,
        })
    }
}

fn smtp_tls(url: &Url, implicit: bool) -> Result<SmtpTls, Rule> {
    let rule = || {
        Rule::from("after the question mark it knows tls=required, tls=opportunistic and tls=none")
    };
    let mut tls = if implicit {
        SmtpTls::Implicit
    } else {
        SmtpTls::Required
    };
    for (name, value) in url.query_pairs() {
        if name != "tls" {
            return Err(rule());
        }
        tls = match (&*value, implicit) {
            ("required", _) => tls,
            (_, true) => {
                return Err(
                    "smtps:// has TLS from the start, so its tls can only be required".into(),
                );
            }
            ("opportunistic", false) => SmtpTls::Opportunistic,
            ("none", false) => SmtpTls::None,
            _ => return Err(rule()),
        };
    }
    Ok(tls)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let pair = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The certificates in a PEM file, each fit to be a root of trust.
pub(super) fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, Rule> {
    let rule = || Rule::from("it must be a file with certificates in PEM that can be read");
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(|found| found.collect::<Result<Vec<_>, _>>())
        .map_err(|_| rule())?;
    let (fit, unfit) = RootCertStore::empty().add_parsable_certificates(certificates.clone());
    if fit == 0 || unfit > 0 {
        return Err(rule());
    }
    Ok(certificates)
}

/// Where files are kept. Prefixes have no slash at either end and may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesAt {
    Folder(PathBuf),
    S3 { bucket: String, prefix: String },
    Gcs { bucket: String, prefix: String },
}

impl FromStr for FilesAt {
    type Err = Rule;

    fn from_str(text: &str) -> Result<FilesAt, Rule> {
        let shape =
            || Rule::from("it must be file:///folder, s3://bucket/prefix or gs://bucket/prefix");
        let url = Url::parse(text).map_err(|_| shape())?;
        if url.scheme() == "file" {
            return url
                .to_file_path()
                .map(FilesAt::Folder)
                .map_err(|()| shape());
        }
        let bucket = url
            .host_str()
            .filter(|bucket| !bucket.is_empty())
            .ok_or_else(shape)?
            .to_owned();
        let prefix = url.path().trim_matches('/').to_owned();
        match url.scheme() {
            "s3" => Ok(FilesAt::S3 { bucket, prefix }),
            "gs" => Ok(FilesAt::Gcs { bucket, prefix }),
            _ => Err(shape()),
        }
    }
}

/// A public address: scheme, host and port, nothing after it.
pub(super) fn base_url(text: &str) -> Result<Url, Rule> {
    let shape =
        || Rule::from("it must look like https://orders.example.com, with no path after the host");
    let url = Url::parse(text).map_err(|_| shape())?;
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && is_bare {
        Ok(url)
    } else {
        Err(shape())
    }
}

/// Where somebody outside answers: over TLS, or on this machine. A path after the host is theirs.
pub(super) fn outside_url(text: &str) -> Result<Url, Rule> {
    let shape = || Rule::from("it must look like https://api.example.com, with https");
    let url = Url::parse(text).map_err(|_| shape())?;
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_safe && url.has_host() && is_bare && url.password().is_none() {
        Ok(url)
    } else {
        Err(shape())
    }
}

/// A database address; how it connects is the driver's business.
pub(super) fn database_url(text: &str) -> Result<Secret<String>, Rule> {
    let known = ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    if known {
        Ok(Secret::new(text.to_owned()))
    } else {
        Err("it must look like postgres://user:password@host/database".into())
    }
}

/// Networks with a comma between; a single address is a network of one.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, Rule> {
    let one = |part: &str| {
        part.parse::<IpNet>()
            .or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from))
    };
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            one(part).map_err(|_| {
                "it must be addresses or networks like 10.0.0.0/8, with a comma between".into()
            })
        })
        .collect()
}

/// Fewer bytes than this make no key for the cookies.
pub(super) const KEY_BYTES: usize = 64;

/// A key as hex or as base64 of either alphabet, padded or not.
pub(super) fn key(text: &str) -> Result<Secret<Vec<u8>>, Rule> {
    let rule = || {
        Rule::from(
            "it must be 64 bytes or more as base64 or hex; openssl rand -base64 64 makes one",
        )
    };
    let unpadded = text.trim_end_matches('=');
    // A key in hex would read as base64 too, so hex is tried first.
    let bytes = unhex(text)
        .or_else(|| STANDARD_NO_PAD.decode(unpadded).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(unpadded).ok())
        .ok_or_else(rule)?;
    if bytes.len() < KEY_BYTES {
        return Err(format!(
            "it has {} bytes and must have 64 or more; openssl rand -base64 64 makes one",
            bytes.len()
        ));
    }
    Ok(Secret::new(bytes))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
