//! Housekeeping: what has had its time is taken away.

use super::accounts::sessions::{self, Lifetimes};
use super::db::schema::{
    idempotency_keys, job_attempts, jobs, mails, one_time_codes, sign_in_attempts,
};
use super::db::{Db, Meter, PlatformActor};
use super::files::{self, Store};
use super::mail;
use crate::error::AppError;
use chrono::Duration;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

/// Takes away ended sessions, answers older than two days, used codes, tries older than 90 days, jobs done 14 days ago, files that have had their
/// time, and what letters written 30 days ago said. A letter that a job will still send keeps its words.
///
/// # Errors
/// When the database refuses.
pub fn all(db: &Db, files: &Store, lifetimes: Lifetimes) -> Result<usize, AppError> {
    let actor = PlatformActor {
        cause: Some("sweep"),
        ..PlatformActor::default()
    };
    let ended = sessions::sweep(db, lifetimes)?;
    let rest = db.platform_write(&actor, &Meter::default(), |tx| {
        let now = tx.now();
        let old = jobs::table
            .filter(
                jobs::state
                    .eq_any(["done", "discarded"])
                    .and(jobs::finished_at.lt(now - Duration::days(14))),
            )
            .select(jobs::id);
        // Letters that a job will still send keep their words; those whose job was discarded or given up do not.
        let to_be_sent = jobs::table
            .filter(jobs::state.eq_any(["queued", "running"]))
            .filter(jobs::kind.eq(mail::SEND))
            .select(sql::<SqlUuid>("(payload->>'mail')::uuid"));
        Ok(tx
            .execute(diesel::delete(idempotency_keys::table.filter(
                idempotency_keys::created_at.lt(now - Duration::days(2)),
            )))?
            + tx.execute(diesel::delete(
                one_time_codes::table
                    .filter(one_time_codes::expires_at.lt(now - Duration::days(1))),
            ))?
            + tx.execute(diesel::delete(
                sign_in_attempts::table.filter(sign_in_attempts::at.lt(now - Duration::days(90))),
            ))?
            + tx.execute(
                diesel::update(
                    mails::table.filter(
                        mails::created_at
                            .lt(now - Duration::days(30))
                            .and(diesel::dsl::not(mails::id.eq_any(to_be_sent)))
                            .and(mails::text_body.ne("").or(mails::html_body.ne(""))),
                    ),
                )
                .set((mails::text_body.eq(""), mails::html_body.eq(""))),
            )?
            + tx.execute(diesel::delete(
                job_attempts::table.filter(job_attempts::job_id.eq_any(old)),
            ))?
            + tx.execute(diesel::delete(
                jobs::table.filter(
                    jobs::state
                        .eq_any(["done", "discarded"])
                        .and(jobs::finished_at.lt(now - Duration::days(14))),
                ),
            ))?)
    })?;
    // Last, because the store may be away; everything else is swept by then.
    Ok(ended + rest + files::sweep(db, files)?)
}
