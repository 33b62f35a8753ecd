//! Figures for whoever watches the installation, in Prometheus' text format.

use super::db::{Db, Meter, PlatformActor};
use crate::error::AppError;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// Upper bounds in seconds of the buckets of request times.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The recorder of this process; the first call installs it.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .ok()?
                .install_recorder()
                .map_err(|error| tracing::warn!(%error, "no metrics"))
                .ok()
        })
        .as_ref()
}

/// Everything that is counted, as text. Reads the state of the queues from the database.
///
/// # Errors
/// When the database does not answer.
pub fn render(db: &Db) -> Result<String, AppError> {
    use super::db::schema::jobs;
    use diesel::dsl::count_star;
    use diesel::prelude::*;
    let (used, most) = db.connections();
    metrics::gauge!("mandi_db_connections_in_use").set(f64::from(used));
    metrics::gauge!("mandi_db_connections_most").set(f64::from(most));
    metrics::gauge!("mandi_resident_bytes").set(resident_bytes());
    let counts: Vec<(String, i64)> =
        db.platform_read(&PlatformActor::default(), &Meter::default(), |tx| {
            Ok(tx.load(
                jobs::table
                    .filter(jobs::state.eq_any(["queued", "running", "failed"]))
                    .group_by(jobs::state)
                    .select((jobs::state, count_star())),
            )?)
        })?;
    for state in ["queued", "running", "failed"] {
        let count = counts
            .iter()
            .find(|(name, _)| name == state)
            .map_or(0, |(_, count)| *count);
        metrics::gauge!("mandi_jobs", "state" => state)
            .set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
    Ok(recorder().map(PrometheusHandle::render).unwrap_or_default())
}

/// Memory that this process holds, as the kernel tells it; 0 where it tells nothing.
fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u32>().ok());
    f64::from(pages.unwrap_or(0)) * 4096.0
}
