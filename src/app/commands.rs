//! What the command line does.

use super::checks;
use super::start::{self, Start};
use crate::config::{Config, Flags};
use crate::kernel::email::Email;
use crate::kernel::text::one_line;
use crate::platform::accounts::password::NewPassword;
use crate::platform::db::{Meter, PlatformActor};
use crate::platform::db::{dictionary, migrate};
use crate::platform::jobs::queue;
use crate::platform::verify;
use crate::users;
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

/// What a command ends with; the error is one line for a person.
pub type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// `mandi serve`.
///
/// # Errors
/// One line for a person.
pub fn serve(port: Option<u16>) -> Outcome {
    let config = Config::from_env_with(Flags { port, demo: false })?;
    start::run(config)?;
    Ok(ExitCode::SUCCESS)
}

/// `mandi demo`, and plain `mandi`.
///
/// # Errors
/// One line for a person.
pub fn demo(port: Option<u16>) -> Outcome {
    let config = Config::from_env_with(Flags { port, demo: true })?;
    start::run(config)?;
    Ok(ExitCode::SUCCESS)
}

/// `mandi migrate`.
///
/// # Errors
/// One line for a person.
pub fn migrate() -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    let applied = migrate::migrate(&start.owner_url, &start.app_url)?;
    if applied.is_empty() {
        println!(
            "Nothing to do: all {} migrations are there.",
            migrate::known()
        );
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(ExitCode::SUCCESS)
}

/// `mandi verify`: exit code 1 when a check fails. Of one company alone, where its slug is given.
///
/// # Errors
/// One line for a person.
pub fn verify(company: Option<&str>) -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    let findings = match company {
        None => verify::run(&start.owner_url, &checks::all())?,
        Some(slug) => verify::run_of(&start.owner_url, &checks::all(), slug)?.ok_or_else(|| {
            format!("there is no company {slug}: the word after /c/ in its addresses")
        })?,
    };
    let mut is_clean = true;
    for finding in &findings {
        let mark = if finding.faults.is_empty() {
            "ok"
        } else {
            "WRONG"
        };
        println!(
            "{mark:5}  {:40} {}",
            finding.check.name, finding.check.about
        );
        for fault in &finding.faults {
            let company = fault
                .tenant
                .map(|id| format!(" (company {id})"))
                .unwrap_or_default();
            println!("         {}{company}", fault.what);
            is_clean = false;
        }
    }
    println!(
        "{} checks, {} with faults",
        findings.len(),
        findings
            .iter()
            .filter(|finding| !finding.faults.is_empty())
            .count()
    );
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `mandi db-url`.
///
/// # Errors
/// One line for a person.
pub fn db_url() -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    println!("{}", start.psql_url);
    Ok(ExitCode::SUCCESS)
}

/// `mandi admin create`.
///
/// # Errors
/// One line for a person.
pub fn admin_create(email: &str, name: &str) -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    migrate::migrate(&start.owner_url, &start.app_url)?;
    let (address, name) = (email.parse::<Email>()?, one_line("Name", name, 120)?);
    let hash = NewPassword::parse(&read_password()?, address.as_str())?.hash()?;
    let actor = PlatformActor {
        cause: Some("command"),
        ..PlatformActor::default()
    };
    start
        .state()?
        .db
        .platform_write(&actor, &Meter::default(), |tx| {
            users::actions::make_admin(tx, &address, &name, &hash)
        })?;
    println!("{address} can sign in and runs this installation.");
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> Result<String, std::io::Error> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprint!("Password (at least 10 characters): ");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// `mandi jobs`.
///
/// # Errors
/// One line for a person.
pub fn jobs() -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    let actor = PlatformActor {
        cause: Some("command"),
        ..PlatformActor::default()
    };
    let waiting = start
        .state()?
        .db
        .platform_read(&actor, &Meter::default(), queue::waiting)?;
    for (state, kind, count, error) in &waiting {
        println!(
            "{state:8} {kind:24} {count:6} {}",
            error.as_deref().unwrap_or_default()
        );
    }
    if waiting.is_empty() {
        println!("Nothing waits, runs or failed.");
    }
    Ok(ExitCode::SUCCESS)
}

/// `mandi schema`.
///
/// # Errors
/// One line for a person.
pub fn schema() -> Outcome {
    let start = Start::new(Config::from_env()?)?;
    migrate::migrate(&start.owner_url, &start.app_url)?;
    let path = std::path::Path::new("docs/data-dictionary.md");
    std::fs::write(path, dictionary::write(&start.owner_url)?)?;
    println!("wrote {}", path.display());
    Ok(ExitCode::SUCCESS)
}
