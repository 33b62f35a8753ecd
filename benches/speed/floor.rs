//! The floor under a page: pgbench sends the very statements that the page sent, prepared, over the same socket as the same login, and does
//! nothing else. What a page takes longer is the application's own work.

use crate::load::{self, Page, Run};
use crate::process::Process;
use crate::recorded::{Statement, statements_of};
use crate::world::World;
use anyhow::{Context, Result, bail, ensure};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One of this many transactions has its time written down; all are counted.
const SAMPLE: u32 = 10;

/// The statements of a visit (one page, or several requests), ready to be sent again.
pub struct Floor {
    visits: Vec<Script>,
    program: PathBuf,
}

/// As pgbench reads it.
struct Script {
    text: String,
    values: Vec<(String, String)>,
}

impl Floor {
    /// Makes each visit once, and reads from the server's log what it took.
    pub async fn under(visits: &[Vec<Page>], world: &World, process: &Process) -> Result<Self> {
        let program = pgbench()?;
        let first = visits
            .first()
            .and_then(|visit| visit.first())
            .context("no page")?;
        let deadline = listen(first, world, process).await?;
        let mut found = Vec::new();
        for visit in visits {
            let since = chrono::Utc::now().timestamp_millis();
            let mut statements = Vec::new();
            for page in visit {
                statements.extend(recorded(page, world, process, &deadline).await?);
            }
            found.push(script(&statements, since)?);
        }
        world.record(false)?;
        Ok(Self {
            visits: found,
            program,
        })
    }

    /// What the first visit sends, for people to read.
    pub fn text(&self) -> String {
        self.visits
            .first()
            .map(|script| script.text.clone())
            .unwrap_or_default()
    }

    /// As fast as `clients` connections can; several visits have as many connections each.
    pub fn run(&self, world: &World, clients: usize, length: Duration) -> Result<Run> {
        let each = clients / self.visits.len().max(1);
        let threads = each.min(std::thread::available_parallelism()?.get());
        let mut running = Vec::new();
        for (place, visit) in self.visits.iter().enumerate() {
            let script = world.folder.join(format!("floor-{place}.sql"));
            std::fs::write(&script, &visit.text)?;
            let mut command = Command::new(&self.program);
            command
                .args(["--no-vacuum", "--protocol=prepared", "--log"])
                .arg(format!("--client={each}"))
                .arg(format!("--jobs={threads}"))
                .arg(format!("--time={}", length.as_secs()))
                .arg(format!("--sampling-rate={}", 1.0 / f64::from(SAMPLE)))
                .arg(format!(
                    "--log-prefix={}",
                    world.folder.join("floor").display()
                ))
                .arg(format!("--file={}", script.display()));
            for (name, value) in &visit.values {
                command.arg(format!("--define={name}={value}"));
            }
            let started = command
                .arg(&world.urls.app)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()?;
            running.push(started);
        }
        let mut sum = 0.0;
        for process in running {
            let done = process.wait_with_output()?;
            let said = String::from_utf8_lossy(&done.stdout);
            let failed = String::from_utf8_lossy(&done.stderr);
            if !done.status.success() || failed.contains("aborted") {
                bail!("pgbench: {}", failed.trim());
            }
            sum += rate(&said).with_context(|| format!("pgbench said no rate: {said}"))?;
        }
        Ok(Run {
            rate: sum,
            latencies: latencies(&world.folder)?,
        })
    }
}

/// Has the server write every statement to its log, and waits until it does: each connection hears of the new setting on its own, so until a page is
/// written down as a whole, it is asked for again.
pub async fn listen(page: &Page, world: &World, process: &Process) -> Result<Instant> {
    world.record(true)?;
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let request = ask(process, page).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        if statements_of(&world.log()?, &request).is_some() {
            return Ok(deadline);
        }
        ensure!(
            Instant::now() < deadline,
            "the server's log shows no statements"
        );
    }
}

/// Asks for a page; gives the id of the request.
async fn ask(process: &Process, page: &Page) -> Result<String> {
    let answer = load::once(process.address, page).await?;
    let id = answer.headers.get("x-request-id");
    Ok(id
        .context("an answer without a request id")?
        .to_str()?
        .to_owned())
}

/// What one request sent, read from the log once it is there as a whole.
pub async fn recorded(
    page: &Page,
    world: &World,
    process: &Process,
    deadline: &Instant,
) -> Result<Vec<Statement>> {
    let request = ask(process, page).await?;
    loop {
        if let Some(statements) = statements_of(&world.log()?, &request) {
            return Ok(statements);
        }
        ensure!(
            Instant::now() < *deadline + Duration::from_secs(60),
            "the log does not show a request's statements"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
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

/// The statements as pgbench takes them: a round trip of several statements as a pipeline, each value as a variable, so that it is sent as a
/// parameter of the prepared statement. Ids that the request made itself (uuids of version 7, not older than `since`) are made anew each time, by a
/// statement of their own.
fn script(statements: &[Statement], since: i64) -> Result<Script> {
    let mut script = String::new();
    let mut variables = Vec::new();
    let mut made = Made::default();
    for (place, statement) in statements.iter().enumerate() {
        let mut text = statement.text.clone();
        // From the last: `$1` is the beginning of `$10`.
        for (number, value) in statement.values.iter().enumerate().rev() {
            let name = format!("s{place}_{}", number + 1);
            let mark = format!("${}", number + 1);
            match value {
                // pgbench defines nothing that is empty.
                Some(value) if value.is_empty() => text = text.replace(&mark, "''"),
                Some(value) if made.holds(&name, value, since, &mut variables) => {
                    text = text.replace(&mark, &format!(":{name}"));
                }
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
    Ok(Script {
        text: made.statement()? + &script,
        values: variables,
    })
}

/// What a request made anew.
#[derive(Default)]
struct Made {
    ids: Vec<String>,
    /// A variable, and the text that gives its value from the ids.
    texts: Vec<(String, String)>,
}

impl Made {
    /// Takes a value in if it holds new ids.
    fn holds(
        &mut self,
        name: &str,
        value: &str,
        since: i64,
        variables: &mut Vec<(String, String)>,
    ) -> bool {
        let mut parts = Vec::new();
        let mut rest = 0;
        let mut at = 0;
        while at + 36 <= value.len() {
            let Some(id) = value.get(at..at + 36).filter(|id| is_new(id, since)) else {
                at += 1;
                continue;
            };
            let place = self
                .ids
                .iter()
                .position(|known| known == id)
                .unwrap_or_else(|| {
                    self.ids.push(id.to_owned());
                    self.ids.len() - 1
                });
            if rest < at {
                let piece = format!("{name}_{}", parts.len());
                parts.push(format!(":{piece}::text"));
                variables.push((piece, value[rest..at].to_owned()));
            }
            parts.push(format!("f{place}"));
            at += 36;
            rest = at;
        }
        if parts.is_empty() {
            return false;
        }
        if rest < value.len() {
            let piece = format!("{name}_{}", parts.len());
            parts.push(format!(":{piece}::text"));
            variables.push((piece, value[rest..].to_owned()));
        }
        self.texts.push((name.to_owned(), parts.join(" || ")));
        true
    }

    /// The statement that makes the ids.
    fn statement(&self) -> Result<String> {
        let mut text = String::new();
        if self.ids.is_empty() {
            return Ok(text);
        }
        let texts: Vec<String> = self
            .texts
            .iter()
            .map(|(name, made)| format!("{made} as {name}"))
            .collect();
        let ids: Vec<String> = (0..self.ids.len())
            .map(|place| format!("t || substr(gen_random_uuid()::text, 16) as f{place}"))
            .collect();
        writeln!(
            text,
            "select {} from (select {} from (select left(h, 8) || '-' || right(h, 4) || '-7' as t from (select lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') as h) n) m) f \\gset",
            texts.join(", "),
            ids.join(", ")
        )?;
        Ok(text)
    }
}

/// Whether this is a uuid of version 7 that is no older.
pub fn is_new(text: &str, since: i64) -> bool {
    let Ok(id) = uuid::Uuid::parse_str(text) else {
        return false;
    };
    let millis = i64::try_from(id.as_u128() >> 80).unwrap_or_default();
    id.get_version_num() == 7 && millis >= since && millis < since + 600_000
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
            .is_some_and(|name| name.starts_with("floor."));
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
