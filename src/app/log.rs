//! Where log lines go, and in what shape.

use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; a second call changes nothing.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let base = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    drop(match config.log_format {
        LogFormat::Json => base
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
        LogFormat::Pretty => base.with_target(false).try_init(),
    });
}
