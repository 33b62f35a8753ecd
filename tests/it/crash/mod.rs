//! The program is killed by an outside script in the middle of its work: nothing is lost, doubled or stuck.
//!
//! Each round starts a process, lets several people work at it, and has `tests/crash/kill.sh` kill it at a random moment. Then the next
//! process gets every request again that had no answer, with the same key and body, as a browser's reload would send it.

mod bills;
mod checkout;
mod clerks;
mod control;
mod import;
mod paying;
mod receipts;
mod registering;
mod supply;

use crate::support::postgres::Urls;
use crate::support::process::{self, Process};
use crate::support::{Browser, until, word};
use mandi::app::checks;
use mandi::platform::verify;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Kills of each kind.
fn rounds() -> usize {
    std::env::var("MANDI_CRASH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(5)
}

/// Share of the kills that have to hit an open transaction.
const HITS: f64 = 0.3;

/// The outside script, and what it has written down.
struct Killer {
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Killer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            log: folder.path().join("kills"),
            _folder: folder,
        }
    }

    /// Kills the process between so many milliseconds from now.
    fn strike(&self, process: &Process, urls: &Urls, between: (u32, u32)) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/kill.sh");
        let done = Command::new("bash")
            .arg(script)
            .arg(process.id().to_string())
            .arg(&urls.superuser)
            .arg(&self.log)
            .arg(between.0.to_string())
            .arg(between.1.to_string())
            .status()
            .unwrap();
        assert!(done.success());
    }

    /// For each kill, how many transactions were open.
    fn open(&self) -> Vec<u32> {
        std::fs::read_to_string(&self.log)
            .unwrap_or_default()
            .lines()
            .map(|line| {
                let (_, after) = line.split_once(": ").unwrap();
                after.split(' ').next().unwrap().parse().unwrap()
            })
            .collect()
    }

    /// Enough kills hit something, or the test proves nothing.
    fn has_hit(&self, what: &str) {
        let open = self.open();
        let hits = open.iter().filter(|open| **open > 0).count();
        println!(
            "{what}: {hits} of {} kills hit an open transaction {open:?}",
            open.len()
        );
        assert!(
            hits as f64 >= open.len() as f64 * HITS,
            "{what}: only {hits} of {} kills hit an open transaction",
            open.len()
        );
    }
}

/// What `mandi verify` finds.
fn faults(urls: &Urls) -> Vec<String> {
    verify::run(&urls.owner, &checks::all())
        .unwrap()
        .into_iter()
        .flat_map(|finding| {
            let name = finding.check.name;
            let said = move |fault: verify::Fault| format!("{name}: {}", fault.what);
            finding.faults.into_iter().map(said)
        })
        .collect()
}

#[track_caller]
fn books_are_sound(urls: &Urls, after: &str) {
    assert_eq!(faults(urls), Vec::<String>::new(), "{after}");
}

/// The killed process has left no transaction open and nobody waits for a lock.
#[track_caller]
fn nothing_is_locked(urls: &Urls) {
    let open = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                  and (xact_start < now() - interval '2 seconds' or wait_event_type = 'Lock')";
    until("nothing is locked", || word(&urls.superuser, open) == "0");
}

/// Every job comes to its end, and none is given up.
#[track_caller]
fn every_job_ends(urls: &Urls) {
    let open = "select count(*) from jobs where state in ('queued', 'running') and run_at < now() + interval '1 minute'";
    until("every job ends", || word(&urls.owner, open) == "0");
    let states = "select string_agg(distinct state, ' ') from jobs where run_at < now() + interval '1 minute'";
    assert!(["done", "(null)"].contains(&&*word(&urls.owner, states)));
}

/// Nobody got a letter twice, and there were so many at least.
#[track_caller]
fn letters_go_once(urls: &Urls, least: usize) {
    let letters = "select count(*) from mails";
    let sent: usize = word(&urls.owner, letters).parse().unwrap();
    assert!(sent >= least, "{sent} letters of {least}");
    let twice = "select string_agg(distinct recipient || ': ' || subject, ', ') from (select recipient, subject from mails group by 1, 2 having count(*) > 1) m";
    assert_eq!(word(&urls.owner, twice), "(null)");
}

/// The settings of a process whose jobs are soon taken back from it.
fn short_lease(urls: &Urls) -> Vec<(&str, &str)> {
    let mut settings = process::two_logins(urls);
    settings.push(("MANDI_JOB_LEASE_SECONDS", "3"));
    settings
}

fn send(browser: &Browser, path: &str, fields: &[(String, String)]) -> Option<(u16, String)> {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = browser.try_post(path, &fields)?;
    Some((page.status, page.header("location").to_owned()))
}

#[test]
fn an_idle_process_is_killed_without_an_open_transaction() {
    let urls = process::database("crash_idle");
    let (killer, process) = (Killer::new(), process::serve(&process::two_logins(&urls)));
    // Its own looks for work are over at once, so an idle process has nothing open, most of the time.
    killer.strike(&process, &urls, (300, 301));
    assert_eq!(killer.open(), [0]);
}
