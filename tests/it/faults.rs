//! Whole processes that are killed, told to end, or left without connections or without a database.

use crate::support::postgres::{Server, Urls};
use crate::support::process::{self, Process, two_logins};
use crate::support::smtp::{Manners, PostOffice};
use crate::support::{Browser, Page, connect, email, until, word};
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use std::net::TcpStream;

/// The settings that lead to a mail server in clear.
fn mail_at(office: &PostOffice) -> String {
    format!("smtp://127.0.0.1:{}?tls=none", office.port())
}

/// Serves with a mail server and a lease that runs out soon.
fn serve(urls: &Urls, smtp: &str) -> Process {
    let mut settings = two_logins(urls);
    settings.extend([
        ("MANDI_SMTP_URL", smtp),
        ("MANDI_MAIL_FROM", "Mandi <orders@test.example>"),
        ("MANDI_JOB_LEASE_SECONDS", "4"),
    ]);
    process::serve(&settings)
}

/// A try at signing in, which is written down in the database.
fn try_password(browser: &Browser) -> Page {
    let fields = [("email", &*email("nobody")), ("password", "wrong password")];
    browser.post("/sign-in", &fields)
}

/// Holds up every try at signing in until dropped.
fn hold_tries(urls: &Urls) -> PgConnection {
    let mut pg = connect(&urls.owner);
    pg.batch_execute("begin; lock table sign_in_attempts in access exclusive mode")
        .unwrap();
    pg
}

/// How many sessions of a database wait for a lock.
fn held(urls: &Urls) -> usize {
    let sql = "select count(*) from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()";
    word(&urls.superuser, sql).parse().unwrap()
}

#[test]
fn a_job_whose_process_is_killed_is_done_by_the_next_and_its_letter_is_sent_once() {
    // given: a process in the middle of handing over a letter
    let urls = process::database("faults_kill");
    let office = PostOffice::open(Manners::default());
    office.hold();
    let first = serve(&urls, &mail_at(&office));
    let (address, _) = first.admin(&urls);
    first.ask_for_code(&address);
    until("the letter is being sent", || office.waiting() == 1);
    assert_eq!(
        word(
            &urls.owner,
            "select state from jobs where kind = 'mail.send'"
        ),
        "running"
    );

    // when: killed outright; another starts while the lease still holds
    first.kill();
    office.release();
    let second = serve(&urls, &mail_at(&office));

    // then: it takes over once the lease has run out
    let mail = || word(&urls.owner, "select status from mails");
    until("the letter is sent", || mail() == "sent");
    assert_eq!(
        word(
            &urls.owner,
            "select string_agg(outcome, ',' order by number) from job_attempts join jobs on jobs.id = job_id where kind = 'mail.send'"
        ),
        "lost,done"
    );
    let workers = "select count(distinct split_part(job_attempts.worker, '/', 1)) from job_attempts join jobs on jobs.id = job_id where kind = 'mail.send'";
    assert_eq!(word(&urls.owner, workers), "2");
    let inbox = office.inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].to, [address.as_str()]);
    let (_, admin) = second.admin(&urls);
    let job = admin.open("/admin/jobs").click("Letter: code");
    job.shows(".todo li", "the worker fell silent")
        .shows(".todo li .push", "lost")
        .shows(".todo li .push", "done");
}

#[test]
fn a_letter_taken_just_before_the_kill_comes_again_under_the_same_name() {
    // given: the server has the letter, and the process dies before it hears so
    let urls = process::database("faults_twice");
    let office = PostOffice::open(Manners::default());
    office.hold_receipts();
    let first = serve(&urls, &mail_at(&office));
    let (address, _) = first.admin(&urls);
    first.ask_for_code(&address);
    until("the letter is taken", || office.inbox().len() == 1);

    // when
    first.kill();
    office.release();
    let _second = serve(&urls, &mail_at(&office));
    until("it is sent again", || office.inbox().len() == 2);

    // then: a mail program that gets both shows one
    let inbox = office.inbox();
    let name = inbox[0].header("Message-ID");
    assert_eq!(
        name,
        format!("<{}@localhost>", word(&urls.owner, "select id from mails"))
    );
    assert_eq!(inbox[1].header("Message-ID"), name);
    until("it is written down", || {
        word(&urls.owner, "select status from mails") == "sent"
    });
}

#[test]
fn told_to_end_it_answers_what_was_asked_finishes_its_job_and_takes_nothing_new() {
    // given: a request that waits in the database, and a letter that waits at the mail server
    let urls = process::database("faults_drain");
    let office = PostOffice::open(Manners::default());
    let mut mandi = serve(&urls, &mail_at(&office));
    let (address, admin) = mandi.admin(&urls);
    office.hold();
    mandi.ask_for_code(&address);
    until("the letter is being sent", || office.waiting() == 1);
    drop(admin);
    let lock = hold_tries(&urls);
    let browser = mandi.browser();
    let asked = std::thread::spawn(move || try_password(&browser));
    until("the request waits", || held(&urls) == 1);
    let port = mandi.base.rsplit(':').next().unwrap().to_owned();
    let call = || TcpStream::connect(format!("127.0.0.1:{port}"));
    assert!(call().is_ok(), "until told it takes calls");

    // when
    mandi.terminate();

    // then: nobody gets in any more, while nothing that was begun is dropped
    until("new calls are refused", || call().is_err());
    assert_eq!(held(&urls), 1);
    assert_eq!(office.waiting(), 1);
    drop(lock);
    let answer = asked.join().unwrap();
    answer
        .is(422)
        .shows("main", "E-mail and password don't match.");
    assert!(answer.html.trim_end().ends_with("</html>"));

    // then: the job keeps its lease beyond the time at which another process could have taken it
    let lease = "select extract(epoch from lease_until) from jobs where kind = 'mail.send'";
    let until_when = || word(&urls.owner, lease).parse::<f64>().unwrap();
    let at_first = until_when();
    until("the lease is kept", || until_when() > at_first + 4.0);
    assert_eq!(office.inbox(), []);
    office.release();
    assert_eq!(mandi.end().code(), Some(0), "{}", mandi.log());
    assert_eq!(office.inbox().len(), 1);
    assert_eq!(word(&urls.owner, "select status from mails"), "sent");
    assert_eq!(
        word(
            &urls.owner,
            "select string_agg(state || ' ' || attempts, ',') from jobs where kind = 'mail.send'"
        ),
        "done 1"
    );
    assert!(mandi.log().contains("\"message\":\"stopped\""));
}

#[test]
fn with_every_connection_in_use_people_are_told_at_once_and_let_in_again_afterwards() {
    // given: both connections of the pool wait for a lock
    let urls = process::database("faults_busy");
    let mut settings = two_logins(&urls);
    settings.extend([
        ("MANDI_DB_POOL", "2"),
        ("MANDI_DB_WAIT_MS", "500"),
        ("MANDI_WORKERS", "1"),
    ]);
    let mandi = process::serve(&settings);
    let (_, admin) = mandi.admin(&urls);
    let lock = hold_tries(&urls);
    // The workers look into the database now and then, so a first call may find no connection free: it is made again.
    let hang = || {
        let browser = mandi.browser();
        std::thread::spawn(move || {
            (0..20)
                .map(|_| try_password(&browser))
                .find(|page| page.status != 503)
        })
    };
    let asked = [hang(), hang()];
    until("both connections wait", || held(&urls) == 2);

    // when: one more comes, while the lock is held
    let busy = admin.open("/me");
    let elsewhere = mandi.browser().get("/health/ready");

    // then: the answer is there before the lock is gone
    busy.is(503)
        .shows("h1", "Very busy at the moment")
        .shows("main", "Try again in a few seconds.");
    assert_eq!(busy.header("retry-after"), "2");
    elsewhere.is(503);
    assert_eq!(held(&urls), 2);

    // when
    drop(lock);

    // then: whoever waited is served, and so is everybody else
    for waiting in asked {
        waiting.join().unwrap().unwrap().is(422);
    }
    admin.open("/me").is(200).shows("h1", "My account");
    mandi.browser().get("/health/ready").is(200);
}

#[test]
fn a_database_that_goes_away_is_said_and_when_it_is_back_pages_and_jobs_go_on_by_themselves() {
    // given: a process on a server of its own, named by DATABASE_URL
    let server = Server::make();
    server.serve(&[]);
    server.add_roles();
    let urls = server.database("away");
    let office = PostOffice::open(Manners::default());
    let mandi = serve(&urls, &mail_at(&office));
    let (address, admin) = mandi.admin(&urls);
    mandi.ask_for_code(&address);
    until("the first letter is sent", || office.inbox().len() == 1);

    // when
    server.stop();

    // then: every page says so, for whoever is signed in and for whoever is not
    let page = admin.open("/me");
    page.is(503)
        .shows("h1", "The database does not answer")
        .shows(
            "main",
            "Nothing was lost. This page works again as soon as the database is back",
        );
    assert_eq!(page.header("retry-after"), "5");
    try_password(&mandi.browser())
        .is(503)
        .shows("h1", "The database does not answer");
    mandi.browser().get("/health").is(200);
    mandi.browser().get("/health/ready").is(503);

    // when: it is back
    server.serve(&[]);

    // then: the same process goes on, and the same session still holds
    until("pages work", || admin.open("/me").status == 200);
    admin.open("/me").shows("h1", "My account");
    mandi.ask_for_code(&address);
    until("the second letter is sent", || office.inbox().len() == 2);
    until("it is written down", || {
        word(&urls.owner, "select string_agg(status, ',') from mails") == "sent,sent"
    });
}

#[test]
fn no_log_holds_the_token_of_an_invitation() {
    // given
    let urls = process::database("log_token");
    let process = process::serve(&process::two_logins(&urls));

    // when
    process
        .browser()
        .get("/invite/a-token-that-lets-somebody-in")
        .is(404);
    process.browser().get("/help?seen=yes").is(200);

    // then
    let log = process.log();
    assert!(log.contains("\"path\":\"/invite/\""), "{log}");
    assert!(log.contains("\"path\":\"/help\""), "{log}");
    assert!(!log.contains("a-token-that-lets-somebody-in"), "{log}");
}

#[test]
fn commands_work_on_a_bucket_too() {
    // given
    let urls = process::database("command_bucket");
    let mut settings = process::two_logins(&urls);
    settings.extend([
        ("MANDI_FILES_URL", "s3://bucket"),
        ("AWS_REGION", "ap-south-1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ]);

    // when, then
    let ran = process::run("jobs", &settings);
    assert!(ran.status.success(), "{ran:?}");
}
