//! The private PostgreSQL: started, joined, killed and back again; and what people see while it is away.

use crate::support::{Browser, connect, postgres, until};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use mandi::platform::db::private::{Options, PrivateServer};
use mandi::platform::db::{Db, Meter, PlatformActor, migrate};
use mandi::platform::jobs::{self, NewJob, Registry, Workers};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn options(folder: &Path) -> Options {
    Options {
        data_dir: folder.to_owned(),
        durable: false,
        max_connections: 30,
    }
}

/// A folder that the server's user can reach.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("mandi-private-")
        .tempdir()
        .unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).unwrap();
    folder
}

fn word(url: &str, sql: &str) -> Option<String> {
    let mut pg = PgConnection::establish(url).ok()?;
    let sql = format!("select ({sql})::text as word");
    diesel::sql_query(sql)
        .get_result::<Word>(&mut pg)
        .ok()
        .map(|row| row.word)
}

/// The server processes of a data folder.
fn servers(folder: &Path) -> Vec<i32> {
    let data = folder.join("postgres/data");
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data)
        })
        .collect()
}

fn kill(pids: &[i32]) {
    for pid in pids {
        unsafe { libc::kill(*pid, libc::SIGKILL) };
    }
}

#[test]
fn it_starts_keeps_what_it_was_given_and_stops() {
    // given
    let folder = folder();
    let server = PrivateServer::open(&options(folder.path())).unwrap();
    let urls = server.urls();
    let who = |url: &str| word(url, "select current_user");
    assert_eq!(who(&urls.app).as_deref(), Some("mandi_login"));
    assert_eq!(who(&urls.owner).as_deref(), Some("mandi_owner"));
    assert_eq!(
        word(
            &urls.app,
            "select pg_encoding_to_char(encoding) || ' ' || datcollate from pg_database where datname = 'mandi'"
        )
        .as_deref(),
        Some("UTF8 C.UTF-8")
    );
    connect(&urls.owner)
        .batch_execute("create table kept (n int); insert into kept values (7)")
        .unwrap();
    // The application's login can do nothing by itself.
    assert!(
        connect(&urls.app)
            .batch_execute("create table mine ()")
            .is_err()
    );
    assert!(
        connect(&urls.app)
            .batch_execute("select * from kept")
            .is_err()
    );

    // when: stopped and started again
    drop(server);
    assert_eq!(servers(folder.path()), Vec::<i32>::new());
    let server = PrivateServer::open(&options(folder.path())).unwrap();

    // then
    assert_eq!(
        word(&server.urls().owner, "select n from kept").as_deref(),
        Some("7")
    );
}

#[test]
fn a_second_one_joins_and_takes_over() {
    let folder = folder();
    let first = PrivateServer::open(&options(folder.path())).unwrap();
    connect(&first.urls().owner)
        .batch_execute("create table kept (n int); insert into kept values (7)")
        .unwrap();
    let before = servers(folder.path());
    let second = PrivateServer::open(&options(folder.path())).unwrap();
    assert!(
        servers(folder.path()).contains(&before[0]),
        "joined, not started anew"
    );
    drop(first);
    let urls = second.urls();
    until("the second takes over", || {
        word(&urls.owner, "select n from kept").as_deref() == Some("7")
    });
}

#[test]
fn two_folders_do_not_collide() {
    let (one, other) = (folder(), folder());
    let first = PrivateServer::open(&options(one.path())).unwrap();
    let second = PrivateServer::open(&options(other.path())).unwrap();
    connect(&first.urls().owner)
        .batch_execute("create table only_here (n int)")
        .unwrap();
    assert!(
        connect(&second.urls().owner)
            .batch_execute("select * from only_here")
            .is_err()
    );
}

#[test]
fn it_comes_back_after_a_kill() {
    // given
    let folder = folder();
    let server = PrivateServer::open(&Options {
        durable: true,
        ..options(folder.path())
    })
    .unwrap();
    let urls = server.urls();
    connect(&urls.owner)
        .batch_execute("create table kept (n int); insert into kept values (7)")
        .unwrap();

    // when: the postmaster alone is killed, which orphans its children; then everything
    let pid = std::fs::read_to_string(folder.path().join("postgres/data/postmaster.pid")).unwrap();
    kill(&[pid.lines().next().unwrap().trim().parse().unwrap()]);
    until("it is back", || {
        word(&urls.owner, "select n from kept").as_deref() == Some("7")
    });
    kill(&servers(folder.path()));
    until("it is back again", || {
        word(&urls.owner, "select n from kept").as_deref() == Some("7")
    });
}

#[test]
fn workers_live_through_a_restart_and_still_end_when_told() {
    // given: workers that listen
    let folder = folder();
    let server = PrivateServer::open(&Options {
        durable: true,
        ..options(folder.path())
    })
    .unwrap();
    let urls = server.urls();
    migrate::migrate(&urls.owner, &urls.app).unwrap();
    let db = Db::new(&urls.app, 4, Duration::from_secs(1));
    let done = Arc::new(AtomicU32::new(0));
    let mut registry = Registry::default();
    let counter = Arc::clone(&done);
    registry.on("test.count", move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    let workers = Workers::start(&db, registry, 2, Duration::from_secs(30));
    let enqueue = || {
        let job = NewJob::new("test.count", "count", &serde_json::json!({})).unwrap();
        db.platform_write(&PlatformActor::default(), &Meter::default(), |tx| {
            jobs::enqueue(tx, &job)
        })
        .is_ok()
    };
    assert!(enqueue());
    until("the first is done", || done.load(Ordering::SeqCst) == 1);

    // when
    kill(&servers(folder.path()));

    // then
    until("work can be given again", enqueue);
    until("the second is done", || done.load(Ordering::SeqCst) == 2);
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        workers.stop();
        tell.send(()).unwrap();
    });
    told.recv_timeout(Duration::from_secs(20))
        .expect("the workers do not end");
}

#[test]
fn a_first_set_up_that_was_cut_short_is_completed() {
    let folder = folder();
    drop(PrivateServer::open(&options(folder.path())).unwrap());
    let home = folder.path().join("postgres");
    // Half-made: the cluster aside, never put in place.
    std::fs::rename(home.join("data"), home.join("data.new")).unwrap();
    std::fs::remove_file(home.join("data.new/PG_VERSION")).unwrap();
    let server = PrivateServer::open(&options(folder.path())).unwrap();
    assert_eq!(word(&server.urls().app, "select 1").as_deref(), Some("1"));
}

#[test]
fn a_long_path_and_a_folder_that_is_none() {
    let folder = folder();
    let long: PathBuf = folder.path().join("x".repeat(120));
    let server = PrivateServer::open(&options(&long)).unwrap();
    assert_eq!(word(&server.urls().app, "select 1").as_deref(), Some("1"));
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = PrivateServer::open(&options(&file.join("data")))
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("The folder ") && error.ends_with("Choose another in MANDI_DATA_DIR."),
        "{error}"
    );
}

#[test]
fn people_are_told_while_the_database_is_away_and_the_page_comes_back_by_itself() {
    // given: an application on a private server
    let folder = folder();
    let server = PrivateServer::open(&options(folder.path())).unwrap();
    let urls = server.urls();
    let app = crate::support::start(&postgres::Urls {
        app: urls.app.clone(),
        owner: urls.owner.clone(),
        superuser: urls.superuser.clone(),
    });
    let browser = Browser::on(&app.base);
    let ask = || {
        browser.post(
            "/sign-in",
            &[
                ("email", "nobody@test.example"),
                ("password", "wrong password"),
            ],
        )
    };
    ask().is(422);

    // when: the server is gone for good
    drop(server);
    let page = ask();

    // then
    page.is(503).shows("h1", "The database does not answer");
    assert_eq!(page.header("retry-after"), "5");
    browser.get("/health").is(200);
    assert_eq!(browser.get("/health/ready").status, 503);

    // when: it is back, the application recovers by itself
    let _server = PrivateServer::open(&options(folder.path())).unwrap();
    until("the page works", || ask().status == 422);
}
