//! The pool that does the work: threads of this process, any number of processes on one database.

use super::clock::Schedule;
use super::queue::{self, Claimed};
use super::run::{JobError, JobRun};
use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::platform::db::Db;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A handler of one kind of job.
pub type Handler = Arc<dyn Fn(&JobRun) -> Result<(), JobError> + Send + Sync>;

/// Everybody's handlers and schedules.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: HashMap<&'static str, Handler>,
    schedules: Vec<Schedule>,
}

impl Registry {
    /// Adds the handler of a kind.
    pub fn on(
        &mut self,
        kind: &'static str,
        handler: impl Fn(&JobRun) -> Result<(), JobError> + Send + Sync + 'static,
    ) {
        self.handlers.insert(kind, Arc::new(handler));
    }

    /// Adds a schedule.
    pub fn every(&mut self, schedule: Schedule) {
        self.schedules.push(schedule);
    }

    /// Does a company's queued jobs of a kind in this thread and by this database's clock, however far off they are, but for those with these
    /// keys; each once. So whoever rehearses a past does its background work in it. Says how many there were.
    ///
    /// # Errors
    /// When the database refuses. How a job ended is written down as workers write it.
    pub fn work_off(
        &self,
        db: &Db,
        (tenant, kind): (TenantId, &str),
        but: &[String],
    ) -> Result<usize, AppError> {
        let worker = format!(
            "{}-{}/rehearsal",
            std::process::id(),
            uuid::Uuid::now_v7().simple()
        );
        let mut done = Vec::new();
        while let Some(job) = queue::claim_of(db, &worker, (tenant, kind), (but, &done))? {
            done.push(job.id);
            run(db, self, &worker, job);
        }
        Ok(done.len())
    }
}

/// The running pool.
pub struct Workers {
    shared: Arc<Shared>,
    /// Do the work.
    workers: Vec<JoinHandle<()>>,
    /// Keep leases and schedules, and listen.
    keepers: Vec<JoinHandle<()>>,
}

struct Shared {
    db: Db,
    registry: Registry,
    process: String,
    lease: chrono::Duration,
    /// Nothing new is taken.
    is_over: AtomicBool,
    /// What was begun has ended too.
    is_quiet: AtomicBool,
    bell: (Mutex<u64>, Condvar),
}

impl Shared {
    fn ring(&self) {
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.bell.1.notify_all();
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    fn is_quiet(&self) -> bool {
        self.is_quiet.load(Ordering::Acquire)
    }
}

impl Workers {
    /// Starts so many threads, one that listens and one that keeps leases and schedules. `lease`: how long a silent worker keeps a job.
    pub fn start(db: &Db, registry: Registry, count: usize, lease: Duration) -> Self {
        let process = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7().simple());
        let lease = chrono::Duration::from_std(lease).unwrap_or(chrono::Duration::seconds(60));
        let shared = Arc::new(Shared {
            db: db.clone(),
            registry,
            process,
            lease,
            is_over: AtomicBool::new(false),
            is_quiet: AtomicBool::new(false),
            bell: (Mutex::new(0), Condvar::new()),
        });
        let workers = (0..count)
            .map(|number| {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    work(&shared, &format!("{}/{number}", shared.process));
                })
            })
            .collect();
        let listening = Arc::clone(&shared);
        let listener = std::thread::spawn(move || {
            listening.db.listen(
                Duration::from_secs(3),
                || listening.is_over(),
                || listening.ring(),
            );
        });
        let keeping = Arc::clone(&shared);
        let keeper = std::thread::spawn(move || keep(&keeping));
        Self {
            shared,
            workers,
            keepers: vec![listener, keeper],
        }
    }

    /// Lets what runs end, takes nothing new, and comes back when all is quiet.
    pub fn stop(self) {
        self.shared.is_over.store(true, Ordering::Release);
        self.shared.ring();
        for thread in self.workers {
            drop(thread.join());
        }
        // Only now: a job that outlasts its lease must keep it to the end, or another process does it too.
        self.shared.is_quiet.store(true, Ordering::Release);
        self.shared.ring();
        for thread in self.keepers {
            drop(thread.join());
        }
    }
}

fn work(shared: &Shared, worker: &str) {
    while !shared.is_over() {
        let heard = *shared.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        match queue::claim(&shared.db, worker, shared.lease) {
            Ok(Some(job)) => run(&shared.db, &shared.registry, worker, job),
            outcome => {
                if let Err(error) = outcome {
                    tracing::warn!(%error, "can't take a job");
                }
                let bell = shared.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
                let quiet = |rung: &mut u64| *rung == heard && !shared.is_over();
                drop(
                    shared
                        .bell
                        .1
                        .wait_timeout_while(bell, Duration::from_secs(5), quiet),
                );
            }
        }
    }
}

fn run(db: &Db, registry: &Registry, worker: &str, job: Claimed) {
    let span = tracing::info_span!("job", id = %job.id, kind = %job.kind, attempt = job.attempts, tenant = job.tenant_id.map(|id| id.to_string()));
    span.in_scope(|| {
        let started = std::time::Instant::now();
        let run = JobRun::new(db, worker, job);
        let outcome = match registry.handlers.get(run.job.kind.as_str()) {
            Some(handler) => std::panic::catch_unwind(AssertUnwindSafe(|| handler(&run)))
                .unwrap_or_else(|_| Err(JobError::Failed("the handler panicked".to_owned()))),
            None => Err(JobError::Failed(format!(
                "nobody here does {}",
                run.job.kind
            ))),
        };
        metrics::histogram!("mandi_job_seconds", "kind" => run.job.kind.clone())
            .record(started.elapsed().as_secs_f64());
        if let Err(error) = run.end(outcome) {
            tracing::error!(%error, "can't write down how the job ended; its lease will run out");
        }
    });
}

/// Keeps leases, gives back what silent workers held, and winds the clockwork.
fn keep(shared: &Shared) {
    let pause = shared.lease.to_std().unwrap_or(Duration::from_secs(60)) / 4;
    while !shared.is_quiet() {
        let kept = queue::heartbeat(&shared.db, &shared.process, shared.lease)
            .and_then(|()| queue::recover(&shared.db));
        match kept {
            Ok(0) => {}
            Ok(lost) => {
                tracing::warn!(lost, "took back jobs of silent workers");
                shared.ring();
            }
            Err(error) => tracing::warn!(%error, "can't keep leases"),
        }
        for schedule in &shared.registry.schedules {
            if let Err(error) = schedule.wind(&shared.db) {
                tracing::warn!(%error, name = schedule.name, "can't wind a schedule");
            }
        }
        let bell = shared.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(
            shared
                .bell
                .1
                .wait_timeout_while(bell, pause.min(Duration::from_secs(15)), |_| {
                    !shared.is_quiet()
                }),
        );
    }
}
