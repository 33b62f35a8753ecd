//! The figures as a page: what stands between the two marks of docs/performance.md.

use crate::books::Books;
use crate::import::{Imported, ROWS};
use crate::load::Run;
use crate::world::Size;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const BEGIN: &str = "<!-- figures: written by bin/bench, not by hand -->";
const END: &str = "<!-- end of figures -->";

/// The same thing measured in each round.
#[derive(Default)]
pub struct Measure {
    rates: Vec<f64>,
    latencies: Vec<Duration>,
}

/// Something beside its floor.
#[derive(Default)]
pub struct Raced {
    /// What it is.
    pub name: String,
    /// Bytes on the wire, compressed; 0 where nothing is compressed.
    pub bytes: usize,
    /// Uncompressed.
    pub plain: Measure,
    /// Compressed as browsers ask for it.
    pub compressed: Measure,
    /// pgbench with the same statements.
    pub floor: Measure,
    /// What pgbench sent.
    pub script: String,
}

/// A page that fifty people look at.
pub struct Paced {
    /// What it is.
    pub name: String,
    /// How long it took.
    pub measure: Measure,
    /// Milliseconds within which 95 of 100 have to come.
    pub budget: u32,
}

/// A page at several sizes.
pub struct Flat {
    /// What it is.
    pub name: String,
    /// The time in the middle at each size, in milliseconds.
    pub times: Vec<f64>,
}

/// What a run of the bench found.
#[derive(Default)]
pub struct Figures {
    /// Where it ran.
    pub machine: String,
    /// The server's version.
    pub postgres: String,
    /// How much there was.
    pub size: Option<Size>,
    /// Pages beside their floors.
    pub raced: Vec<Raced>,
    /// A page without the database.
    pub help: Measure,
    /// No page at all.
    pub health: Measure,
    /// Fifty people.
    pub paced: Vec<Paced>,
    /// A file of products.
    pub import: Option<Imported>,
    /// Documents, payments and ledgers.
    pub books: Books,
    /// Pages at several sizes.
    pub flat: Vec<Flat>,
    /// These sizes.
    pub flat_sizes: Vec<Size>,
    /// Start to first page, each time.
    pub starts: Vec<Duration>,
    /// Resident megabytes: after the first page, under load at most, ever.
    pub resident: (f64, f64, f64),
    /// Bytes of the program.
    pub program_bytes: u64,
}

impl Measure {
    /// Takes one round in.
    pub fn add(&mut self, run: Run) {
        self.rates.push(run.rate);
        self.latencies.extend(run.latencies);
        self.latencies.sort_unstable();
    }

    /// The time within which this share of all answers came, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        let place = (share * self.latencies.len() as f64).ceil() as usize;
        let latency = self.latencies.get(place.saturating_sub(1));
        latency.map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }

    /// This rate as a part of another's, round by round.
    fn of(&self, floor: &Self) -> Vec<f64> {
        let pairs = self.rates.iter().zip(&floor.rates);
        pairs.map(|(rate, floor)| rate / floor).collect()
    }

    fn row(&self, name: &str, floor: Option<&Self>) -> String {
        let share = floor.map_or(String::new(), |floor| spread(&self.of(floor), 2));
        format!(
            "| {name} | {} | {:.2} | {:.2} | {share} |",
            spread(&self.rates, 0),
            self.within(0.5),
            self.within(0.99)
        )
    }
}

/// "median (least to most)".
fn spread(values: &[f64], digits: usize) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.first(), sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(least), Some(median), Some(most)) => {
            format!("**{median:.digits$}** ({least:.digits$} to {most:.digits$})")
        }
        _ => String::new(),
    }
}

impl Figures {
    /// As Markdown.
    pub fn page(&self) -> Result<String> {
        let mut page = String::new();
        writeln!(
            page,
            "Commit `{}`, {}. Command: `{}`.\n{}; {}.\n",
            commit()?,
            chrono::Utc::now().format("%Y-%m-%d"),
            command(),
            self.machine,
            self.postgres,
        )?;
        if let Some(size) = self.size {
            writeln!(
                page,
                "company-1 has {} products and {} orders; there are 49 others.\n",
                size.products, size.orders
            )?;
        }
        self.races(&mut page)?;
        self.people(&mut page)?;
        if let Some(import) = &self.import {
            let (check, write, copy) = (
                import.check.as_secs_f64(),
                import.write.as_secs_f64(),
                import.copy.as_secs_f64(),
            );
            writeln!(
                page,
                "\n| import of {ROWS} products | seconds | of a bare COPY | budget |\n|---|---|---|---|\n\
                 | read and checked, nothing written | {check:.1} | {:.2} | |\n\
                 | read, checked, written, audited | {write:.1} | **{:.2}** | ≤ 4 |\n\
                 | COPY of the same rows into a table indexed alike | {copy:.1} | | |",
                check / copy,
                write / copy
            )?;
        }
        self.books.page(&mut page)?;
        self.sizes(&mut page)?;
        let (idle, loaded, ever) = self.resident;
        let starts: Vec<f64> = self
            .starts
            .iter()
            .map(|start| start.as_secs_f64() * 1000.0)
            .collect();
        writeln!(
            page,
            "\n| the process | | budget |\n|---|---|---|\n\
             | resident after the first page | {idle:.0} MB | |\n\
             | resident under load, at most | **{loaded:.0} MB** | < 150 MB |\n\
             | resident at most ever, 50 sign-ins one after the other included | {ever:.0} MB | |\n\
             | start to first page with PostgreSQL up | {} ms | < 1 s |\n\
             | size of the program | {:.1} MB | |",
            spread(&starts, 0),
            self.program_bytes as f64 / 1e6
        )?;
        for raced in self.raced.iter().filter(|raced| is_shown(&raced.name)) {
            writeln!(
                page,
                "\nWhat the floor sends for: {} (read from the server's log; `:s…` are the request's own values).\n\n```\n{}```",
                raced.name, raced.script
            )?;
        }
        Ok(page)
    }

    fn races(&self, page: &mut String) -> Result<()> {
        if self.raced.is_empty() {
            return Ok(());
        }
        writeln!(
            page,
            "| full speed, 8 clients | answers a second | p50 ms | p99 ms | of the floor |\n|---|---|---|---|---|"
        )?;
        for raced in &self.raced {
            writeln!(page, "{}", raced.plain.row(&raced.name, Some(&raced.floor)))?;
            if raced.bytes > 0 {
                let name = format!("the same, compressed ({} bytes)", raced.bytes);
                writeln!(page, "{}", raced.compressed.row(&name, Some(&raced.floor)))?;
            }
            writeln!(page, "{}", raced.floor.row("its floor", None))?;
        }
        let help = self.help.row(
            "`/help`, signed out, compressed: a page without database",
            None,
        );
        let health = self
            .health
            .row("`/health`: no page, no session, no log line", None);
        writeln!(page, "{help}\n{health}")?;
        Ok(())
    }

    fn people(&self, page: &mut String) -> Result<()> {
        if self.paced.is_empty() {
            return Ok(());
        }
        writeln!(
            page,
            "\n| 50 users, one page a second each, half of them in company-1 | p50 ms | p95 ms | p99 ms | budget |\n|---|---|---|---|---|"
        )?;
        for Paced {
            name,
            measure,
            budget,
        } in &self.paced
        {
            writeln!(
                page,
                "| {name} | {:.1} | **{:.1}** | {:.1} | p95 ≤ {budget} ms |",
                measure.within(0.5),
                measure.within(0.95),
                measure.within(0.99)
            )?;
        }
        Ok(())
    }

    fn sizes(&self, page: &mut String) -> Result<()> {
        if self.flat.is_empty() {
            return Ok(());
        }
        let mut order: Vec<usize> = (0..self.flat_sizes.len()).collect();
        order.sort_by_key(|place| self.flat_sizes.get(*place).map(|size| size.products));
        let heads: Vec<String> = order
            .iter()
            .filter_map(|place| self.flat_sizes.get(*place))
            .map(|size| format!("{} products, {} orders", size.products, size.orders))
            .collect();
        writeln!(
            page,
            "\n| one user, p50 ms | {} | times (budget ≤ 1.5) |\n|---|{}---|",
            heads.join(" | "),
            "---|".repeat(heads.len())
        )?;
        for flat in &self.flat {
            let times: Vec<f64> = order
                .iter()
                .filter_map(|place| flat.times.get(*place))
                .copied()
                .collect();
            let cells: Vec<String> = times.iter().map(|time| format!("{time:.1}")).collect();
            let grown = times.last().unwrap_or(&0.0) / times.first().unwrap_or(&1.0);
            writeln!(
                page,
                "| {} | {} | **{grown:.2}** |",
                flat.name,
                cells.join(" | ")
            )?;
        }
        Ok(())
    }
}

/// Whether the statements of the floor under this are shown, for people to read.
fn is_shown(name: &str) -> bool {
    name == "catalogue" || name.starts_with("order") || name.starts_with("invoice")
}

/// Puts the figures between the marks, and leaves what people wrote around them.
pub fn write(figures: &str) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).context("no first mark")?;
    let (_, after) = rest.split_once(END).context("no second mark")?;
    std::fs::write(&path, format!("{before}{BEGIN}\n\n{figures}\n{END}{after}"))?;
    Ok(())
}

/// Processors, memory, and how busy the machine already was. Says nothing of whose it is.
pub fn machine() -> Result<String> {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':'])
        });
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: f64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("no MemTotal")?
        .parse()?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    Ok(format!(
        "{} cores ({model}), {:.0} GB of memory; load average before the run {}",
        std::thread::available_parallelism()?,
        kilobytes / 1e6,
        load.split(' ').next().unwrap_or_default()
    ))
}

/// How the bench was called.
fn command() -> String {
    let mut words = vec!["bin/bench".to_owned()];
    words.extend(std::env::args().skip(1).filter(|word| word != "--bench"));
    words.join(" ")
}

/// The commit that was measured; "with changes" when the program's own files differ from it.
fn commit() -> Result<String> {
    let git = |arguments: &[&str]| -> Result<String> {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()?;
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    };
    let name = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--", ".", ":!docs", ":!README.md"])?;
    Ok(if changed.is_empty() {
        name
    } else {
        format!("{name} with changes")
    })
}
