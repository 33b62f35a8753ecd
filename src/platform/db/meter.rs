//! Counts what a request asks of the database.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Statements and database time of one request or job; clones count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    statements: AtomicU32,
    nanos: AtomicU64,
    log: Option<Mutex<Vec<String>>>,
}

impl Meter {
    /// A meter that also keeps the text of each statement, for benches and plan tests.
    pub fn logging() -> Self {
        Self(Arc::new(Counts {
            log: Some(Mutex::default()),
            ..Counts::default()
        }))
    }

    /// Statements sent so far, BEGIN and COMMIT included.
    pub fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Time spent waiting for the database so far.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.0.nanos.load(Ordering::Relaxed))
    }

    /// The statements so far, when this meter keeps them.
    pub fn log(&self) -> Vec<String> {
        self.0
            .log
            .as_ref()
            .map(|log| log.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }
}

/// The ear that a connection carries while it works for a meter.
pub(super) struct Ear {
    meter: Meter,
    started: Option<Instant>,
}

impl Ear {
    pub(super) fn new(meter: Meter) -> Self {
        Self {
            meter,
            started: None,
        }
    }
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                self.started = Some(Instant::now());
                self.meter.0.statements.fetch_add(1, Ordering::Relaxed);
                if let Some(log) = &self.meter.0.log {
                    log.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(query.to_string());
                }
            }
            InstrumentationEvent::FinishQuery { .. } => {
                if let Some(started) = self.started.take() {
                    let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
                    self.meter.0.nanos.fetch_add(nanos, Ordering::Relaxed);
                }
            }
            _ => {}
        }
    }
}
