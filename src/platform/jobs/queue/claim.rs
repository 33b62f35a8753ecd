//! Takes jobs off the queue.

use super::system;
use crate::error::AppError;
use crate::kernel::ids::{JobId, TenantId};
use crate::platform::db::schema::job_attempts;
use crate::platform::db::{Db, Meter, PlatformTx};
use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// A claimed job.
#[derive(Clone, Debug, QueryableByName)]
pub struct Claimed {
    /// The job.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The company it works for.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub tenant_id: Option<Uuid>,
    /// Which handler does it.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What the handler needs.
    #[diesel(sql_type = Jsonb)]
    pub payload: serde_json::Value,
    /// Which try this is.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// How many there may be.
    #[diesel(sql_type = Integer)]
    pub max_attempts: i32,
    /// How many were put off, and so don't count.
    #[diesel(sql_type = Integer)]
    pub put_offs: i32,
}

impl Claimed {
    /// The job's id.
    pub fn job(&self) -> JobId {
        JobId::from(self.id)
    }

    /// Which try this is of those that count.
    pub fn counted(&self) -> i32 {
        self.attempts - self.put_offs
    }

    /// Whether it is given up if this try fails.
    pub fn is_last_try(&self) -> bool {
        self.counted() >= self.max_attempts
    }

    /// The company it works for.
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant_id.map(TenantId::from)
    }
}

/// Fair between companies: of those with work that is due, the one with the fewest running jobs is served first; within a company, by priority
/// and age. The companies are found by hops along the index, so a million jobs of one don't slow the next.
const CLAIM: &str = "
    with recursive hops as (
        (select coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') as tenant from jobs where state = 'queued'
            order by coalesce(tenant_id, '00000000-0000-0000-0000-000000000000') limit 1)
        union all
        select (select coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') from jobs j
                where j.state = 'queued' and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') > h.tenant
                order by coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') limit 1)
            from hops h where h.tenant is not null
    ), heads as (
        select n.id, h.tenant, (select count(*) from jobs r where r.state = 'running' and coalesce(r.tenant_id, '00000000-0000-0000-0000-000000000000') = h.tenant) as busy, n.priority, n.run_at
            from hops h cross join lateral (
                select id, priority, run_at from jobs j
                    where j.state = 'queued' and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') = h.tenant and j.run_at <= $1
                    order by priority, run_at, id limit 4) n
            where h.tenant is not null
    ), next as (
        select j.id from jobs j join heads on heads.id = j.id where j.state = 'queued'
            order by heads.busy, heads.priority, heads.run_at limit 1 for update of j skip locked
    )
    update jobs set state = 'running', worker = $2, lease_until = $1 + make_interval(secs => $3), attempts = attempts + 1, started_at = $1
        from next where jobs.id = next.id
        returning jobs.id, jobs.tenant_id, jobs.kind, jobs.payload, jobs.attempts, jobs.max_attempts, jobs.put_offs";

/// Takes the next job that is due, if there is one.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "a recursive query with a locking clause"
)]
pub fn claim(db: &Db, worker: &str, lease: Duration) -> Result<Option<Claimed>, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let statement = diesel::sql_query(CLAIM)
            .bind::<diesel::sql_types::Timestamptz, _>(now)
            .bind::<Text, _>(worker)
            .bind::<diesel::sql_types::Double, _>(f64::from(
                i32::try_from(lease.num_seconds()).unwrap_or(60),
            ));
        begun(tx, statement, worker)
    })
}

fn begun<'q>(
    tx: &mut PlatformTx,
    claim: impl diesel::query_dsl::methods::LoadQuery<'q, PgConnection, Claimed>,
    worker: &str,
) -> Result<Option<Claimed>, AppError> {
    let Some(claimed) = tx.maybe::<Claimed>(claim)? else {
        return Ok(None);
    };
    let now = tx.now();
    tx.execute(diesel::insert_into(job_attempts::table).values((
        job_attempts::job_id.eq(claimed.id),
        job_attempts::number.eq(claimed.attempts),
        job_attempts::worker.eq(worker),
        job_attempts::started_at.eq(now),
    )))?;
    Ok(Some(claimed))
}

/// A job of one company and kind, whenever it is due.
const CLAIM_OF: &str = "
    update jobs set state = 'running', worker = $2, lease_until = $1 + interval '1 hour', attempts = attempts + 1, started_at = $1
        where id = (select j.id from jobs j where j.state = 'queued' and j.tenant_id = $3 and j.kind = $4
            and coalesce(j.unique_key, '') <> all ($5) and j.id <> all ($6) order by j.created_at, j.id limit 1 for update skip locked)
        returning id, tenant_id, kind, payload, attempts, max_attempts, put_offs";

/// Takes a queued job of a company and kind, whenever it is due, that has none of these keys and is none of these; the oldest first.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "an update of what a locking clause finds"
)]
pub fn claim_of(
    db: &Db,
    worker: &str,
    (tenant, kind): (TenantId, &str),
    (but_keys, but): (&[String], &[Uuid]),
) -> Result<Option<Claimed>, AppError> {
    db.platform_write(&system(), &Meter::default(), |tx| {
        let now = tx.now();
        let statement = diesel::sql_query(CLAIM_OF)
            .bind::<diesel::sql_types::Timestamptz, _>(now)
            .bind::<Text, _>(worker)
            .bind::<SqlUuid, _>(tenant)
            .bind::<Text, _>(kind)
            .bind::<Array<Text>, _>(but_keys.to_vec())
            .bind::<Array<SqlUuid>, _>(but.to_vec());
        begun(tx, statement, worker)
    })
}
