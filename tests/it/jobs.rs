//! Work in the background: claimed once, fairly, again after a fault, and given up in the open.

use crate::support::postgres::{self, Urls};
use crate::support::{admin, app, connect, populate, run, tenant, until};
use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use mandi::kernel::ids::TenantId;
use mandi::platform::db::{Db, Member, Meter, PlatformActor, migrate};
use mandi::platform::jobs::{self, JobError, NewJob, Registry, Workers, clock, queue};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration as Span;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A database without workers, so that a test decides who takes what.
fn quiet(name: &str) -> (Db, Urls) {
    let urls = postgres::server().database(name);
    migrate::migrate(&urls.owner, &urls.app).unwrap();
    populate(&urls);
    (Db::new(&urls.app, 8, Span::from_secs(2)), urls)
}

fn job(kind: &'static str) -> NewJob {
    NewJob::new(kind, kind, &serde_json::json!({})).unwrap()
}

fn enqueue(db: &Db, job: &NewJob) {
    db.platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
        jobs::enqueue(tx, job)
    })
    .unwrap();
}

fn run_sql(urls: &Urls, sql: &str) {
    connect(&urls.owner).batch_execute(sql).unwrap();
}

fn word(urls: &Urls, sql: &str) -> String {
    crate::support::word(&urls.owner, sql)
}

fn count(urls: &Urls, from: &str) -> i64 {
    diesel::sql_query(format!("select count(*) as count from {from}"))
        .get_result::<Count>(&mut connect(&urls.owner))
        .unwrap()
        .count
}

#[test]
fn a_key_is_queued_once_and_a_rollback_enqueues_nothing() {
    let (db, urls) = quiet("jobs_keys");
    let mut keyed = job("test.keyed");
    keyed.unique_key = Some("one".to_owned());
    enqueue(&db, &keyed);
    enqueue(
        &db,
        &NewJob {
            id: mandi::kernel::ids::JobId::new(),
            ..keyed
        },
    );
    assert_eq!(count(&urls, "jobs where kind = 'test.keyed'"), 1);
    let undone: Result<(), _> =
        db.platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
            jobs::enqueue(tx, &job("test.undone"))?;
            Err(mandi::error::AppError::NotFound)
        });
    assert!(undone.is_err());
    assert_eq!(count(&urls, "jobs where kind = 'test.undone'"), 0);
}

#[test]
fn priority_goes_first_and_companies_take_turns() {
    // given: one company with fifty jobs, then another with two, and an urgent one of the first
    let (db, urls) = quiet("jobs_fair");
    let other = TenantId::new();
    connect(&urls.owner).batch_execute(&format!("insert into companies (id, slug, name, legal_name, pan) values ('{other}', 'other', 'Other', 'Other', 'BBBBB2222B')")).unwrap();
    let first: TenantId = "00000000-0000-7000-8000-00000000000c".parse().unwrap();
    let add = |tenant: TenantId, job: &NewJob| {
        db.write(
            &Member::system(tenant, "test"),
            &Meter::default(),
            |scope| jobs::enqueue(scope, job),
        )
        .unwrap()
    };
    for _ in 0..50 {
        add(first, &job("test.many"));
    }
    add(
        first,
        &NewJob {
            priority: 1,
            ..job("test.urgent")
        },
    );
    add(other, &job("test.few"));
    add(other, &job("test.few"));

    // when
    let taken: Vec<String> = (0..5)
        .map(|number| {
            queue::claim(&db, &format!("w{number}"), Duration::seconds(60))
                .unwrap()
                .unwrap()
                .kind
        })
        .collect();

    // then: the urgent one first, and the small company waits for none of the fifty
    assert_eq!(taken[0], "test.urgent");
    assert_eq!(
        taken.iter().filter(|kind| *kind == "test.few").count(),
        2,
        "{taken:?}"
    );
}

#[test]
fn a_job_of_a_silent_worker_runs_again_and_counts_once() {
    // given: a worker that took a job and fell silent
    let (db, urls) = quiet("jobs_lost");
    enqueue(&db, &job("test.lost"));
    let stale = queue::claim(&db, "silent", Duration::seconds(60))
        .unwrap()
        .unwrap();
    connect(&urls.owner)
        .batch_execute("update jobs set lease_until = now() - interval '1 second'")
        .unwrap();

    // when: others notice, and one of them does it
    assert_eq!(queue::recover(&db).unwrap(), 1);
    let fresh = queue::claim(&db, "awake", Duration::seconds(60))
        .unwrap()
        .unwrap();
    assert_eq!((fresh.job(), fresh.attempts), (stale.job(), 2));
    let finish = |job: &queue::Claimed, worker: &str| {
        db.platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
            jobs::enqueue(tx, &self::job("test.effect"))?;
            queue::finish(tx, job, worker, None)
        })
    };
    finish(&fresh, "awake").unwrap();

    // then: the silent one wakes up, and what it did is undone
    assert!(finish(&stale, "silent").is_err());
    assert_eq!(count(&urls, "jobs where kind = 'test.effect'"), 1);
    assert_eq!(
        word(
            &urls,
            "select string_agg(outcome, ',' order by number) from job_attempts"
        ),
        "lost,done"
    );
}

#[test]
fn failures_come_back_later_and_are_given_up_in_the_open() {
    let (db, urls) = quiet("jobs_fail");
    enqueue(
        &db,
        &NewJob {
            max_attempts: 2,
            ..job("test.fails")
        },
    );
    let fail = |claimed: &queue::Claimed| {
        db.platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
            queue::fail(tx, claimed, "w", "the printer is out of paper")
        })
        .unwrap()
    };
    fail(
        &queue::claim(&db, "w", Duration::seconds(60))
            .unwrap()
            .unwrap(),
    );
    assert_eq!(word(&urls, "select state from jobs"), "queued");
    assert_eq!(
        word(
            &urls,
            "select (run_at - now()) between interval '3 seconds' and interval '7 seconds' from jobs"
        ),
        "true"
    );
    assert!(
        queue::claim(&db, "w", Duration::seconds(60))
            .unwrap()
            .is_none(),
        "not before its time"
    );
    connect(&urls.owner)
        .batch_execute("update jobs set run_at = now()")
        .unwrap();
    fail(
        &queue::claim(&db, "w", Duration::seconds(60))
            .unwrap()
            .unwrap(),
    );
    assert_eq!(
        word(&urls, "select state || ': ' || last_error from jobs"),
        "failed: the printer is out of paper"
    );
}

#[test]
fn a_job_that_was_put_off_again_and_again_has_all_its_tries_left() {
    // given: two tries at most
    let (db, urls) = quiet("jobs_put_off");
    enqueue(
        &db,
        &NewJob {
            max_attempts: 2,
            ..job("test.waits")
        },
    );
    let lease = Duration::seconds(60);
    let due = "update jobs set run_at = now() - interval '1 second'";
    let claim = || {
        run_sql(&urls, due);
        queue::claim(&db, "w/1", lease).unwrap().unwrap()
    };
    let end = |work: &dyn Fn(
        &mut mandi::platform::db::PlatformTx,
    ) -> Result<(), mandi::error::AppError>| {
        db.platform_write(&PlatformActor::default(), &Meter::default(), work)
            .unwrap();
    };
    let state = || {
        word(
            &urls,
            "select concat_ws(' ', state, attempts, put_offs) from jobs",
        )
    };

    // when it waits three times
    for _ in 0..3 {
        let claimed = claim();
        end(&|tx| queue::put_off(tx, &claimed, "w/1", tx.now(), "not yet"));
    }

    // then the first failure is the first, a worker that falls silent the second, and that is the last
    let claimed = claim();
    assert!(!claimed.is_last_try());
    end(&|tx| queue::fail(tx, &claimed, "w/1", "no paper"));
    assert_eq!(state(), "queued 4 3");
    let claimed = claim();
    assert!(claimed.is_last_try());
    run_sql(
        &urls,
        "update jobs set lease_until = now() - interval '1 second'",
    );
    assert_eq!(queue::recover(&db).unwrap(), 1);
    assert_eq!(state(), "failed 5 3");
}

#[test]
fn workers_hear_at_once_survive_panics_and_end_what_they_began() {
    // given
    let (db, urls) = quiet("jobs_workers");
    let ran = Arc::new(AtomicU32::new(0));
    let (tell, told) = mpsc::channel();
    let mut registry = Registry::default();
    let counter = Arc::clone(&ran);
    registry.on("test.slow", move |_| {
        tell.send(()).unwrap();
        std::thread::sleep(Span::from_millis(600));
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    registry.on("test.panics", |_| panic!("as planned"));
    registry.on("test.later", |run| {
        Err(JobError::PutOff(
            chrono::Utc::now() + Duration::hours(1),
            format!("try {}", run.job.attempts),
        ))
    });
    let workers = Workers::start(&db, registry, 2, Span::from_secs(30));
    let listens = || {
        let sql = "select count(*) as count from pg_stat_activity where query = 'listen mandi_jobs' and datname = 'jobs_workers'";
        let mut pg = connect(&urls.superuser);
        diesel::sql_query(sql)
            .get_result::<Count>(&mut pg)
            .unwrap()
            .count
            > 0
    };
    until("the listener listens", listens);

    // when: work comes, one of it broken
    enqueue(&db, &job("test.panics"));
    enqueue(&db, &job("test.later"));
    until("the panic is written down", || {
        word(
            &urls,
            "select coalesce(max(last_error), '') from jobs where kind = 'test.panics'",
        ) == "the handler panicked"
    });
    until("the other is put off", || {
        word(
            &urls,
            "select coalesce(max(last_error), '') from jobs where kind = 'test.later'",
        ) == "try 1"
    });
    enqueue(&db, &job("test.slow"));
    told.recv_timeout(Span::from_secs(3))
        .expect("the bell was not heard");

    // then: stopping waits for what runs
    workers.stop();
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    assert_eq!(
        word(&urls, "select state from jobs where kind = 'test.slow'"),
        "done"
    );
    assert_eq!(
        word(
            &urls,
            "select outcome from job_attempts a join jobs j on j.id = a.job_id where kind = 'test.later'"
        ),
        "put_off"
    );
}

#[test]
fn a_job_whose_work_is_queued_anew_while_it_is_put_off_is_discarded_at_once() {
    // given: a job that will be put off when we say so
    let (db, urls) = quiet("jobs_twins");
    let (tell, told) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let ended = std::sync::Mutex::new(ended);
    let mut registry = Registry::default();
    registry.on("test.keyed", move |_| {
        tell.send(()).unwrap();
        ended.lock().unwrap().recv().unwrap();
        let at = chrono::Utc::now() + Duration::hours(1);
        Err(JobError::PutOff(at, "later".to_owned()))
    });
    let mut keyed = job("test.keyed");
    keyed.unique_key = Some("one".to_owned());
    enqueue(&db, &keyed);
    let workers = Workers::start(&db, registry, 1, Span::from_secs(3_600));
    told.recv_timeout(Span::from_secs(60)).unwrap();

    // when: somebody queues the same work, and has not committed when the job is put off
    let mut other = connect(&urls.owner);
    other
        .batch_execute(
            "begin; insert into jobs (id, kind, title, payload, unique_key, run_at)
               values (gen_random_uuid(), 'test.keyed', 'Twin', '{}', 'one', now() + interval '1 day')",
        )
        .unwrap();
    end.send(()).unwrap();
    let waits = "select count(*) from pg_stat_activity where datname = 'jobs_twins' and wait_event_type = 'Lock'";
    until("the worker waits for it", || {
        crate::support::word(&urls.superuser, waits) == "1"
    });
    other.batch_execute("commit").unwrap();

    // then: what is queued is the newer one, and nothing runs as long as a lease
    let states = "select string_agg(state || ' ' || title, ', ' order by state) from jobs";
    until("it ends", || {
        word(&urls, states) == "discarded test.keyed, queued Twin"
    });
    workers.stop();
}

#[test]
fn a_schedule_rings_once_for_two_clocks() {
    let (db, urls) = quiet("jobs_clock");
    let soon = |now: chrono::DateTime<chrono::Utc>| Some(now + Duration::hours(1));
    let tick = || clock::tick(&db, "nightly", "0 3 * * *", soon, &job("test.nightly")).unwrap();
    assert!(!tick(), "the first look only winds it");
    connect(&urls.owner)
        .batch_execute("update schedules set next_run = now() - interval '1 second'")
        .unwrap();
    let rang: u32 = std::thread::scope(|threads| {
        let started: Vec<_> = (0..6)
            .map(|_| threads.spawn(|| u32::from(tick())))
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(rang, 1);
    assert_eq!(count(&urls, "jobs where kind = 'test.nightly'"), 1);
}

#[test]
fn the_engine_room_shows_retries_and_discards() {
    // given: a letter's job that nobody could do, made by the product itself
    let platform = admin();
    let tenant = tenant();
    let app = crate::support::app();
    let mut broken = NewJob::new(
        "test.nobody",
        format!("Broken for {}", tenant.slug),
        &serde_json::json!({"token": "hush", "to": "somebody"}),
    )
    .unwrap();
    broken.max_attempts = 1;
    app.state
        .db
        .write(
            &Member::system(tenant.id, "test"),
            &Meter::default(),
            |scope| jobs::enqueue(scope, &broken),
        )
        .unwrap();
    let path = format!("/admin/jobs/{}", broken.id);
    until("it fails", || {
        platform
            .open(&path)
            .texts(".pill")
            .contains(&"Failed".to_owned())
    });

    // then: it is listed with its error, its secret masked
    platform
        .open(&format!("/admin/jobs?state=failed&q={}", tenant.slug))
        .is(200)
        .shows("tbody", "nobody here does test.nobody");
    let page = platform.open(&path);
    page.shows("pre", "•••")
        .shows("pre", "somebody")
        .shows_not("pre", "hush")
        .shows("main", &tenant.name);

    // when: retried, it fails again; discarded, it stays so
    page.form("#retry").submit().is(303);
    until("it fails again", || {
        platform
            .open(&path)
            .texts(".pill")
            .contains(&"Failed".to_owned())
    });
    platform
        .open(&format!("{path}/discard"))
        .form("#confirm")
        .submit()
        .follow()
        .shows(".toast", "The job is discarded.");
    platform.open(&path).shows(".pill", "Discarded");
}

#[test]
fn a_letter_without_a_server_is_kept_for_developers() {
    let platform = admin();
    let tenant = tenant();
    let who = crate::support::email("kept");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Kept")
        .fill("email", &who)
        .submit()
        .is(303);
    until("it is kept", || {
        platform.open("/dev/mail").html.contains(&who)
    });
    let page = platform.open("/dev/mail");
    page.shows("tbody", &who);
    let letter = page.click(&format!("{} invites you", tenant.name));
    letter.is(200);

    // and its link is followed with a click
    let links = letter.attributes("#letter a", "href");
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(links[0].contains("/invite/"), "{links:?}");
}

#[test]
fn a_failed_job_whose_work_is_queued_again_is_not_retried() {
    // given
    let (platform, [failed, queued]) = (admin(), [uuid::Uuid::now_v7(), uuid::Uuid::now_v7()]);
    run(app(), &format!(
        "insert into jobs (id, kind, title, unique_key, state, finished_at, attempts) values ('{failed}', 'twin.kind', 'Twin', 'twin', 'failed', now(), 8);
         insert into jobs (id, kind, title, unique_key, run_at) values ('{queued}', 'twin.kind', 'Twin', 'twin', now() + interval '1 day')"
    ));

    // when
    let retry = || platform.post(&format!("/admin/jobs/{failed}/retry"), &[]);

    // then
    retry()
        .is(409)
        .shows("main", "The same work is queued already");
    run(
        app(),
        &format!("update jobs set state = 'discarded', finished_at = now() where id = '{queued}'"),
    );
    retry().is(303);
}
