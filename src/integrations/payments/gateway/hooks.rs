//! Webhooks leave here: signed, each at least once, again until it is answered.

use super::signature::sign;
use super::{Gateway, books};
use crate::error::AppError;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The longest sleep: another process may have put something on its way.
const LONGEST: Duration = Duration::from_secs(10);

/// Wakes the sender.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
    wakes: Condvar,
}

impl Bell {
    /// Something is due.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wakes.notify_all();
    }

    fn wait(&self, most: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) = self
            .wakes
            .wait_timeout_while(rung, most, |rung| !*rung)
            .unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

/// Sends what is due, as long as the process lives.
pub fn send_all(gateway: &Arc<Gateway>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .timeout(Duration::from_secs(10))
        .redirect(Policy::none())
        .no_proxy()
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "the sandbox gateway can't tell of payments");
            return;
        }
    };
    loop {
        let pause = match send_due(gateway, &client) {
            Ok(pause) => pause,
            Err(error) => {
                tracing::debug!(%error, "the sandbox gateway's books are away");
                LONGEST
            }
        };
        gateway.bell.wait(pause);
    }
}

/// Sends what is due now, and says how long nothing will be.
fn send_due(gateway: &Gateway, client: &Client) -> Result<Duration, AppError> {
    loop {
        let (next, now) = gateway.transact(|tx| Ok((books::next_due(tx)?, tx.now())))?;
        let Some(next) = next else {
            return Ok(LONGEST);
        };
        if next > now {
            return Ok((next - now).to_std().unwrap_or_default().min(LONGEST));
        }
        for due in gateway.transact(books::due)? {
            if send(client, &due) {
                gateway.transact(|tx| books::sent(tx, &due.id))?;
            }
        }
    }
}

/// Whether it was answered.
fn send(client: &Client, due: &books::Due) -> bool {
    let event = due.id.split('#').next().unwrap_or_default();
    let answer = client
        .post(&due.hook_url)
        .header("content-type", "application/json")
        .header("x-razorpay-event-id", event)
        .header(
            "x-razorpay-signature",
            sign(due.hook_secret.as_bytes(), &due.body),
        )
        .body(due.body.clone())
        .send();
    answer.is_ok_and(|answer| answer.status().is_success())
}
