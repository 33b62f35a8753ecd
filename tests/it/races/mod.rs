//! Many people at once, at two programs: nothing is sold or billed twice, nobody is left without an answer.

mod bills;
mod orders;

use crate::support::connect;
use crate::support::postgres::Urls;
use crate::support::process::{self, Process};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use mandi::app::checks;
use mandi::platform::verify;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Transactions that overlap at least, or the race was none.
const OVERLAP: i64 = 50;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Watches a database and remembers how many of its clients were in a transaction at once.
struct Watch {
    most: Arc<AtomicI64>,
    over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Watch {
    fn begin(superuser: &str) -> Self {
        let (most, over) = (
            Arc::new(AtomicI64::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (url, seen, stop) = (superuser.to_owned(), Arc::clone(&most), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            let mut pg = connect(&url);
            while !stop.load(Ordering::Relaxed) {
                let open: Count = diesel::sql_query(
                    "select count(*) as count from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
                       and xact_start is not null and pid <> pg_backend_pid()",
                )
                .get_result(&mut pg)
                .unwrap();
                seen.fetch_max(open.count, Ordering::Relaxed);
            }
        });
        Self { most, over, thread }
    }

    /// Most transactions that were open at once.
    fn end(self) -> i64 {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
        self.most.load(Ordering::Relaxed)
    }
}

fn two(urls: &Urls, pool: &str) -> Vec<Process> {
    let mut settings = process::two_logins(urls);
    settings.push(("MANDI_DB_POOL", pool));
    settings.push(("MANDI_DB_WAIT_MS", "30000"));
    vec![process::serve(&settings), process::serve(&settings)]
}

fn books_are_sound(owner: &str) {
    for finding in verify::run(owner, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

fn nobody_was_in_anybodys_way(processes: &[Process]) {
    for process in processes {
        let log = process.log();
        assert!(!log.contains("deadlock"), "{log}");
    }
}
