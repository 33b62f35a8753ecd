//! The program is killed by an outside script in the middle of its work: nothing is lost, doubled or stuck.
//!
//! Each round starts a process, lets several people work at it, and has `tests/crash/kill.sh` kill it at a random moment. Then the next
//! process gets every request again that had no answer, with the same key and body, as a browser's reload would send it.

use crate::support::postgres::Urls;
use crate::support::process::{self, Process};
use crate::support::shops::{Market, checkout};
use crate::support::{Browser, PASSWORD};
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

fn books_are_sound(urls: &Urls, after: &str) {
    for finding in verify::run(&urls.owner, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{after}: {}", finding.check.name);
    }
}

/// A request that may not have got its answer.
struct Sent {
    browser: usize,
    path: String,
    fields: Vec<(String, String)>,
    /// Where the answer led; nothing when none came.
    answer: Option<String>,
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
    for _ in 0..1 {
        killer.strike(&process, &urls, (300, 301));
    }
    assert_eq!(killer.open(), [0]);
}

#[test]
fn checkouts_survive_the_kill() {
    // given
    let urls = process::database("crash_checkout");
    let mut market = Market::new(
        &urls.owner,
        6,
        &[("SOAP", "40", "100000"), ("RICE", "90", "100000")],
    );
    let killer = Killer::new();
    let mut process = process::serve(&process::two_logins(&urls));
    market = market.signed_in(std::slice::from_ref(&process), PASSWORD);
    let mut placed = 0;
    for round in 1..=rounds() {
        // when six shops order as fast as they can, until the process is gone
        let sent: Vec<Sent> = std::thread::scope(|scope| {
            let shoppers: Vec<_> = (0..market.shops.len())
                .map(|place| {
                    let market = &market;
                    scope.spawn(move || shop_until_it_breaks(market, place))
                })
                .collect();
            killer.strike(&process, &urls, (150, 900));
            shoppers
                .into_iter()
                .flat_map(|shopper| shopper.join().unwrap())
                .collect()
        });
        process = process::serve(&process::two_logins(&urls));
        market.moved_to(&process);

        // then whoever had no answer gets one now, and each order is there once
        for one in &sent {
            let Some(answer) = &one.answer else {
                let (status, to) = send(
                    &market.shops[one.browser].browsers[0],
                    &one.path,
                    &one.fields,
                )
                .unwrap();
                assert!(to.contains("/orders/SO-"), "round {round}: {status} {to}");
                continue;
            };
            let number = answer
                .rsplit('/')
                .next()
                .unwrap()
                .split('?')
                .next()
                .unwrap();
            assert_eq!(
                market.ask(&format!(
                    "select count(*)::text as value from orders where number = '{number}'"
                )),
                "1"
            );
        }
        placed += sent.len();
        assert_eq!(
            market.ask("select count(*)::text as value from orders"),
            placed.to_string(),
            "round {round}"
        );
        books_are_sound(&urls, &format!("checkout {round}"));
    }
    killer.has_hit("checkout");
}

/// Fills the cart and orders, again and again; the last request has no answer.
fn shop_until_it_breaks(market: &Market, place: usize) -> Vec<Sent> {
    let shop = &market.shops[place];
    let path = format!("/r/{}/{}/orders", shop.slug, market.company);
    let mut sent = Vec::new();
    loop {
        let Some(fields) = checkout(market, shop, &[("SOAP", "3"), ("RICE", "2")]) else {
            return sent;
        };
        let answer = send(&shop.browsers[0], &path, &fields);
        let is_lost = answer.is_none();
        sent.push(Sent {
            browser: place,
            path: path.clone(),
            fields,
            answer: answer.map(|(status, to)| {
                assert_eq!(status, 303, "{to}");
                to
            }),
        });
        if is_lost {
            return sent;
        }
    }
}
