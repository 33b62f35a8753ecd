//! Payments at gateways: what they tell is worked off, what they don't tell is asked after, and money goes back.

use crate::accounting::actions::gateway::{APPLY, OnePayment, REFUND, in_turn};
use crate::accounting::till::Till;
use crate::error::AppError;
use crate::kernel::ids::{PaymentId, TenantId};
use crate::platform::db::prepared;
use crate::platform::jobs::{JobError, JobRun, NewJob, Registry, Schedule, enqueue_all};
use crate::web::State;
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};

/// Kind of the job that looks for payments to ask after.
const POLL: &str = "payments.poll";
/// Kind of the job that asks after one.
const ASK: &str = "payments.ask";
/// Most payments that are asked after in one round.
const MOST: i32 = 200;

/// Says who does which kind of job here, and what runs by the clock.
pub fn register(registry: &mut Registry, state: &State) {
    let till = Till::new(state);
    let hands = till.clone();
    registry.on(APPLY, move |run| hands.work_off(run));
    let hands = till.clone();
    registry.on(ASK, move |run| hands.ask_after(run));
    registry.on(REFUND, move |run| till.give_back(run));
    registry.on(POLL, poll);
    registry.every(Schedule {
        name: "payments",
        cron: "*/2 * * * *",
        kind: POLL,
    });
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    tenant: TenantId,
    #[diesel(sql_type = SqlUuid)]
    payment: PaymentId,
}

/// A job for each payment whose gateway has said nothing for two minutes, in the payment's own company. One that waits already is not doubled.
/// Whatever comes of it, the others have their turn before it is asked after again.
#[expect(
    clippy::disallowed_methods,
    reason = "a set-returning function, which the query builder can't call"
)]
fn poll(run: &JobRun) -> Result<(), JobError> {
    run.finish(|tx| {
        let query = prepared("select tenant, payment from payments_to_ask_after($1, $2)")
            .bind::<Timestamptz, _>(tx.now())
            .bind::<Integer, _>(MOST);
        let mut waiting: Vec<Waiting> = tx.load(query)?;
        waiting.sort_by_key(|one| (one.tenant.uuid(), one.payment.uuid()));
        for of_one in waiting.chunk_by(|one, next| one.tenant == next.tenant) {
            let Some(first) = of_one.first() else {
                continue;
            };
            let them: Vec<PaymentId> = of_one.iter().map(|one| one.payment).collect();
            tx.in_company(first.tenant, |scope| {
                in_turn(scope, &them)?;
                let asking = them.iter().map(asking).collect::<Result<Vec<_>, _>>()?;
                enqueue_all(scope, &asking)
            })?;
        }
        Ok::<_, AppError>(waiting.len())
    })?;
    Ok(())
}

fn asking(payment: &PaymentId) -> Result<NewJob, AppError> {
    let wanted = OnePayment { payment: *payment };
    let mut job = NewJob::new(ASK, "A payment that its gateway is asked after", &wanted)?;
    job.unique_key = Some(payment.to_string());
    Ok(job)
}
