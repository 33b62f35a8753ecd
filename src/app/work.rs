//! Everybody's background work, put together.

use crate::accounting;
use crate::companies::jobs;
use crate::customers;
use crate::error::AppError;
use crate::orders;
use crate::platform::demo;
use crate::platform::jobs::{Registry, Schedule, Workers};
use crate::platform::mail::{self, Sender};
use crate::platform::sweep;
use crate::web::State;

/// Who does which kind of job, and what runs by the clock.
///
/// # Errors
/// When the mail settings can't be used.
pub fn registry(state: &State) -> Result<Registry, AppError> {
    let mut registry = Registry::default();
    let config = &state.config;
    let domain = config.base_url.host_str().unwrap_or("localhost");
    let sender = Sender::new(
        config.smtp.as_ref(),
        &config.smtp_ca,
        config.mail_from.clone(),
        domain,
    )?;
    let files = state.files.clone();
    let sender =
        sender.printing(move |run, paper| accounting::jobs::letters::paper(run, &files, paper));
    registry.on(mail::SEND, move |run| sender.run(run));
    let (lifetimes, files) = (state.lifetimes(), state.files.clone());
    registry.on("platform.sweep", move |run| {
        let swept = sweep::all(run.db(), &files, lifetimes)?;
        tracing::info!(swept, "swept");
        Ok(())
    });
    let files = state.files.clone();
    registry.on(demo::REMOVE, move |run| demo::remove(run, &files));
    let files = state.files.clone();
    registry.on(jobs::AUDIT_EXPORT, move |run| {
        jobs::export_audit(run, &files)
    });
    super::imports::jobs(&mut registry, &state.files);
    let base = config.base_url.as_str().trim_end_matches('/').to_owned();
    registry.on(orders::jobs::LETTERS, move |run| {
        orders::jobs::write_letters(run, &base)
    });
    registry.on(customers::actions::TERMS_CHANGED, orders::jobs::recheck);
    registry.on(orders::actions::RECHECK, orders::jobs::recheck);
    accounting::jobs::register(&mut registry, state);
    registry.every(Schedule {
        name: "sweep",
        cron: "17 3 * * *",
        kind: "platform.sweep",
    });
    Ok(registry)
}

/// Starts the workers of this process.
///
/// # Errors
/// When the mail settings can't be used.
pub fn start(state: &State) -> Result<Workers, AppError> {
    Ok(Workers::start(
        &state.db,
        registry(state)?,
        state.config.workers,
        state.config.job_lease,
    ))
}
