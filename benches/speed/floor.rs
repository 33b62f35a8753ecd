//! The floor under a page: pgbench sends the very statements that the page sent, prepared, over the same socket as the same login, and does
//! nothing else. What a page takes longer is the application's own work.

use crate::load::{self, Page, Run};
use crate::process::Process;
use crate::world::World;
use anyhow::{Context, Result, bail, ensure};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// One of this many transactions has its time written down; all are counted.
const SAMPLE: u32 = 10;

/// The statements of one page, ready to be sent again.
pub struct Floor {
    /// As pgbench reads it.
    pub script: String,
    values: Vec<(String, String)>,
    program: PathBuf,
}

/// What PostgreSQL was sent in one round trip.
#[derive(Clone, Debug, PartialEq)]
struct Statement {
    text: String,
    values: Vec<Option<String>>,
}

impl Floor {
    /// Asks for a page once, and reads from the server's log what it took.
    pub async fn under(page: &Page, world: &World, process: &Process) -> Result<Self> {
        let program = pgbench()?;
        world.record(true)?;
        let deadline = Instant::now() + Duration::from_secs(10);
        // Each connection hears of the new setting on its own, so the first page may be written down in part.
        let statements = loop {
            let answer = load::once(process.address, page).await?;
            let request = answer
                .headers
                .get("x-request-id")
                .context("an answer without a request id")?
                .to_str()?;
            if let Some(statements) = statements_of(&world.log()?, request) {
                break statements;
            }
            ensure!(
                Instant::now() < deadline,
                "the server's log does not show the page's statements"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        world.record(false)?;
        let (script, values) = script(&statements)?;
        Ok(Self {
            script,
            values,
            program,
        })
    }

    /// As fast as `clients` connections can.
    pub fn run(&self, world: &World, clients: usize, length: Duration) -> Result<Run> {
        let script = world.folder.join("floor.sql");
        std::fs::write(&script, &self.script)?;
        let prefix = world.folder.join("floor");
        let threads = clients.min(std::thread::available_parallelism()?.get());
        let mut command = Command::new(&self.program);
        command
            .args(["--no-vacuum", "--protocol=prepared", "--log"])
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={threads}"))
            .arg(format!("--time={}", length.as_secs()))
            .arg(format!("--sampling-rate={}", 1.0 / f64::from(SAMPLE)))
            .arg(format!("--log-prefix={}", prefix.display()))
            .arg(format!("--file={}", script.display()));
        for (name, value) in &self.values {
            command.arg(format!("--define={name}={value}"));
        }
        let done = command.arg(&world.urls.app).output()?;
        let said = String::from_utf8_lossy(&done.stdout);
        if !done.status.success() {
            bail!("pgbench: {}", String::from_utf8_lossy(&done.stderr).trim());
        }
        Ok(Run {
            rate: rate(&said).with_context(|| format!("pgbench said no rate: {said}"))?,
            latencies: latencies(&world.folder)?,
        })
    }
}

/// The newest pgbench of this machine.
pub fn pgbench() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|folders| {
            folders
                .flatten()
                .filter_map(|folder| {
                    let version = folder.file_name().to_str()?.parse().ok()?;
                    Some((version, folder.path().join("bin")))
                })
                .collect()
        })
        .unwrap_or_default();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .map(|bin| bin.join("pgbench"))
        .find(|program| program.exists())
        .context(
            "pgbench is missing; on Debian and Ubuntu it comes with: apt-get install postgresql",
        )
}

/// What one request sent: the opening of its session, and each transaction that carries its id. `None` while the log does not show all of it.
fn statements_of(log: &str, request: &str) -> Option<Vec<Statement>> {
    let logged = logged(log);
    let mark = format!("set_config('app.request_id','{request}'");
    let first = logged
        .iter()
        .position(|(_, statement)| statement.text.contains(&mark))?;
    // A session is opened before the request can name itself. Nobody else asks meanwhile, so the last opening is its own.
    let session = logged
        .iter()
        .take(first)
        .rfind(|(_, statement)| statement.text.contains("session_open("))?;
    let mut found = vec![session.1.clone()];
    for (place, (process, statement)) in logged.iter().enumerate().skip(first) {
        if statement.text.contains(&mark) {
            let own = || logged.iter().skip(place).filter(|one| one.0 == *process);
            let length = own().position(|(_, statement)| statement.text == "COMMIT")?;
            found.extend(
                own()
                    .take(length + 1)
                    .map(|(_, statement)| statement.clone()),
            );
        }
    }
    Some(found)
}

/// The statements in a log, each with the number of the process that ran it.
fn logged(log: &str) -> Vec<(String, Statement)> {
    let mut found: Vec<(String, Statement)> = Vec::new();
    for line in log.lines() {
        // The further lines of a long statement begin with a tab.
        if let Some(more) = line.strip_prefix('\t') {
            if let Some((_, last)) = found.last_mut() {
                last.text.push('\n');
                last.text.push_str(more);
            }
            continue;
        }
        let Some((process, said)) = line.split_once(' ') else {
            continue;
        };
        let text = match said.strip_prefix("LOG:  ") {
            Some(said) if said.starts_with("statement: ") => said.strip_prefix("statement: "),
            Some(said) if said.starts_with("execute ") => {
                said.split_once(": ").map(|(_, text)| text)
            }
            _ => None,
        };
        if let Some(text) = text {
            let statement = Statement {
                text: text.to_owned(),
                values: Vec::new(),
            };
            found.push((process.to_owned(), statement));
        } else if let Some((_, given)) = said
            .strip_prefix("DETAIL:  ")
            .and_then(|said| said.split_once("arameters: "))
            && let Some((_, last)) = found.iter_mut().rfind(|one| one.0 == process)
        {
            last.values = values(given);
        }
    }
    found
}

/// `$1 = 'it''s', $2 = NULL` as values.
fn values(given: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = given;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            found.push(None);
            rest = after;
            continue;
        };
        let mut value = String::new();
        let mut letters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((place, letter)) = letters.next() {
            if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
                end = place + 1;
                break;
            }
            value.push(letter);
        }
        found.push(Some(value));
        rest = quoted.get(end..).unwrap_or_default();
    }
    found
}

/// The statements as pgbench takes them: a round trip of several statements as a pipeline, each value as a variable, so that it is sent as a
/// parameter of the prepared statement.
fn script(statements: &[Statement]) -> Result<(String, Vec<(String, String)>)> {
    let mut script = String::new();
    let mut variables = Vec::new();
    for (place, statement) in statements.iter().enumerate() {
        let mut text = statement.text.clone();
        // From the last: `$1` is the beginning of `$10`.
        for (number, value) in statement.values.iter().enumerate().rev() {
            let name = format!("s{place}_{}", number + 1);
            let mark = format!("${}", number + 1);
            match value {
                Some(value) => {
                    text = text.replace(&mark, &format!(":{name}"));
                    variables.push((name, value.clone()));
                }
                None => text = text.replace(&mark, "NULL"),
            }
        }
        let parts: Vec<&str> = text.split("; ").collect();
        match parts.as_slice() {
            [one] => writeln!(script, "{one};")?,
            several => {
                writeln!(script, "\\startpipeline")?;
                for part in several {
                    writeln!(script, "{part};")?;
                }
                writeln!(script, "\\endpipeline")?;
            }
        }
    }
    Ok((script, variables))
}

/// `tps = 1234.5 (without initial connection time)`.
fn rate(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

/// The times that pgbench wrote down, which are taken away here: client, transaction, microseconds, …
fn latencies(folder: &Path) -> Result<Vec<Duration>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_log = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("floor.") && name != "floor.sql");
        if !is_log {
            continue;
        }
        for line in std::fs::read_to_string(&path)?.lines() {
            let micros = line.split(' ').nth(2).context("an odd line of pgbench")?;
            found.push(Duration::from_micros(micros.parse()?));
        }
        std::fs::remove_file(path)?;
    }
    Ok(found)
}
