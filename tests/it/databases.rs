//! Databases that somebody else set up: with too few rights, with the wrong encoding, with one login or with two.

use crate::support::postgres::{self, Server, Urls};
use crate::support::process::{self, two_logins};
use crate::support::{connect, until, word};
use diesel::connection::SimpleConnection;
use std::process::Output;

/// Runs `mandi migrate`, and `mandi serve` too, which must end alike; gives the one line that both say.
#[track_caller]
fn refusal(settings: &[(&str, &str)]) -> String {
    let line = |command: &str| {
        let Output { status, stderr, .. } = process::run(command, settings);
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        said.trim_end().to_owned()
    };
    let said = line("migrate");
    assert_eq!(line("serve"), said);
    said
}

/// Does as the administrator what a refusal asks for.
#[track_caller]
fn obey(said: &str, administrator_url: &str) {
    let (_, sql) = said
        .split_once("As the administrator run: ")
        .expect("it says what to do");
    connect(administrator_url).batch_execute(sql).unwrap();
}

#[track_caller]
fn migrates(settings: &[(&str, &str)]) {
    let Output { status, stderr, .. } = process::run("migrate", settings);
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
}

#[test]
fn an_owner_who_may_not_create_tables_is_told_so_and_what_to_do() {
    // given: a login that owns nothing in its database
    let server = postgres::server();
    server.database("rights_tables");
    let administrator = server.url("rights_tables", "postgres");
    connect(&administrator)
        .batch_execute(
            "create role it_guest login; grant mandi_app, mandi_platform to it_guest;
             alter database rights_tables owner to postgres",
        )
        .unwrap();
    let guest = server.url("rights_tables", "it_guest");
    let settings = [("DATABASE_URL", &*guest)];

    // then: the line names the login, the right and the database, and nothing was made
    let said = refusal(&settings);
    assert_eq!(
        said,
        "mandi: The database login \"it_guest\" may not create tables in schema public of database rights_tables. \
         As the administrator run: alter database \"rights_tables\" owner to \"it_guest\""
    );
    assert_eq!(
        word(
            &administrator,
            "select count(*) from pg_tables where schemaname = 'public'"
        ),
        "0"
    );

    // when: the administrator does what it says, it works
    obey(&said, &administrator);
    migrates(&settings);
}

#[test]
fn an_owner_who_may_not_create_the_roles_or_is_no_member_of_them_is_told_so() {
    // given: a server on which the roles are unknown, and a login that may create none
    let server = Server::make();
    server.serve(&[]);
    let administrator = server.url("postgres", "postgres");
    connect(&administrator)
        .batch_execute("create role it_owner login; create role it_second login")
        .unwrap();
    let urls = server.database("rights_roles");
    let settings = [("DATABASE_URL", &*urls.owner)];

    // then
    let said = refusal(&settings);
    assert_eq!(
        said,
        "mandi: The database login \"it_owner\" may not create the roles mandi_app and mandi_platform. \
         As the administrator run: create role mandi_app nologin; create role mandi_platform nologin; grant mandi_app, mandi_platform to \"it_owner\""
    );
    obey(&said, &administrator);
    migrates(&settings);

    // given: the roles are there by now, and another login owns another database
    server.database("rights_member");
    connect(&administrator)
        .batch_execute("alter database rights_member owner to it_second")
        .unwrap();
    let second = server.url("rights_member", "it_second");
    let settings = [("DATABASE_URL", &*second)];

    // then
    let said = refusal(&settings);
    assert_eq!(
        said,
        "mandi: The database login \"it_second\" is not a member of mandi_app and mandi_platform. \
         As the administrator run: grant mandi_app, mandi_platform to \"it_second\""
    );
    obey(&said, &administrator);
    migrates(&settings);
}

#[test]
fn an_application_login_that_the_owner_may_not_let_in_is_named() {
    // given: an application's login that is no member, and an owner who may not make it one
    let server = postgres::server();
    let urls = server.database("rights_login");
    connect(&urls.superuser)
        .batch_execute(
            "create role it_stranger login noinherit; create role it_plain_owner login;
             grant mandi_app, mandi_platform to it_plain_owner;
             alter database rights_login owner to it_plain_owner",
        )
        .unwrap();
    let stranger = server.url("rights_login", "it_stranger");
    let owner = server.url("rights_login", "it_plain_owner");
    let settings = [("DATABASE_URL", &*stranger), ("DATABASE_OWNER_URL", &owner)];

    // then
    let said = refusal(&settings);
    assert!(
        said.starts_with("mandi: The database login \"it_stranger\" is not a member of mandi_app and mandi_platform"),
        "{said}"
    );
    obey(&said, &urls.superuser);
    migrates(&settings);
}

#[test]
fn a_database_in_another_encoding_is_refused_by_name() {
    let server = postgres::server();
    connect(&server.url("postgres", "postgres"))
        .batch_execute(
            "create database rights_ascii owner it_owner encoding 'SQL_ASCII' locale 'C' template template0",
        )
        .unwrap();
    let owner = server.url("rights_ascii", "it_owner");
    assert_eq!(
        refusal(&[("DATABASE_URL", &owner)]),
        "mandi: The database has the encoding SQL_ASCII; Mandi needs UTF8. Create it with: create database … encoding 'UTF8' template template0"
    );
    assert_eq!(word(&owner, "to_regclass('users')"), "(null)");
}

#[test]
fn a_login_or_a_server_that_is_not_there_is_said_in_one_line() {
    let server = postgres::server();
    let nobody = server.url("postgres", "it_nobody");
    let said = refusal(&[("DATABASE_URL", &nobody)]);
    assert!(
        said.starts_with("mandi: The database does not answer: ")
            && said.ends_with("FATAL: role \"it_nobody\" does not exist"),
        "{said}"
    );
    let nowhere = "postgres://it_owner@127.0.0.1:1/mandi";
    let said = refusal(&[("DATABASE_URL", nowhere)]);
    assert!(
        said.starts_with("mandi: The database does not answer: ")
            && said.contains("Connection refused"),
        "{said}"
    );
}

/// Signs in on a fresh process, looks at a page, and has a job done.
fn serves(urls: &Urls, settings: &[(&str, &str)]) {
    let mandi = process::serve(settings);
    mandi.browser().get("/health/ready").is(200);
    let (address, admin) = mandi.admin(urls);
    admin.open("/admin/jobs").is(200).shows("h1", "Jobs");
    mandi.ask_for_code(&address);
    until("its letter is kept", || {
        word(&urls.owner, "select string_agg(status, ',') from mails") == "kept"
    });
}

#[test]
fn one_login_that_owns_the_tables_and_is_no_superuser_serves() {
    let urls = postgres::server().database("login_one");
    serves(&urls, &[("DATABASE_URL", &urls.owner)]);
    let of_owner = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user";
    assert_eq!(word(&urls.owner, of_owner), "false");
    // Without a role that the policies know the owner sees rows only for migrations; the application has worked as the two roles.
    assert_eq!(
        word(
            &urls.owner,
            "select tableowner from pg_tables where tablename = 'users'"
        ),
        "it_owner"
    );
}

#[test]
fn with_two_logins_the_applications_own_may_be_the_two_roles_and_nothing_else() {
    // given
    let urls = postgres::server().database("login_two");
    serves(&urls, &two_logins(&urls));
    crate::support::populate(&urls);

    // then: it is a member of the two roles, owns nothing and can't see past policies
    let roles = "select string_agg(rolname, ',' order by rolname) from pg_roles where pg_has_role('it_login', oid, 'member')";
    assert_eq!(
        word(&urls.superuser, roles),
        "it_login,mandi_app,mandi_platform"
    );
    let special = "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit from pg_roles where rolname = 'it_login'";
    assert_eq!(word(&urls.superuser, special), "false");
    let owned = "select count(*) from pg_class where relowner = 'it_login'::regrole";
    assert_eq!(word(&urls.superuser, owned), "0");

    // then: as itself it may do nothing
    let may = |sql: &str| connect(&urls.app).batch_execute(sql);
    let denied = |sql: &str| {
        let words = may(sql).unwrap_err().to_string();
        assert!(words.contains("permission denied"), "{sql}: {words}");
    };
    denied("create table mine ()");
    denied("create schema mine");
    for table in [
        "users",
        "companies",
        "customers",
        "employees",
        "audit_entries",
        "mails",
        "jobs",
    ] {
        denied(&format!("select from {table}"));
    }
    denied("update users set name = 'x'");
    denied("set role it_owner");
    denied("set role postgres");
    // As a role of the application it makes no tables either, and sees no company's rows before it says whose.
    denied("set role mandi_app; create table mine ()");
    denied("set role mandi_platform; create table mine ()");
    denied("set role mandi_app; select from users");
    assert_eq!(word(&urls.owner, "select count(*) from customers"), "1");
    may("set role mandi_app; select 1 / (1 - count(*)) from (select from customers limit 1) seen")
        .unwrap();
    let whose = "set app.tenant_id = '00000000-0000-7000-8000-00000000000c'";
    let divided = may(&format!(
        "set role mandi_app; {whose}; select 1 / (1 - count(*)) from (select from customers limit 1) seen"
    ));
    assert!(
        divided
            .unwrap_err()
            .to_string()
            .contains("division by zero"),
        "the row is there for whoever says whose"
    );
}
