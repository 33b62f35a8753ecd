//! PostgreSQL that takes encrypted connections only.

use crate::support::postgres::Server;
use crate::support::process;
use crate::support::smtp::lonely_address;
use crate::support::tls::Authority;
use crate::support::{until, word};

#[test]
fn every_connection_of_ours_is_encrypted_and_one_that_is_not_is_refused_in_words() {
    // given: a server that refuses clear connections over the network
    let authority = Authority::new("Database authority");
    let identity = authority.certify("localhost");
    let address = lonely_address();
    let (ip, port) = (address.ip().to_string(), address.port());
    let server = Server::make_for(port);
    server.keep("server.crt", &identity.certificate);
    server.keep("server.key", &identity.key);
    server.keep(
        "pg_hba.conf",
        "local all all trust\nhostssl all all 127.0.0.0/8 trust\n",
    );
    server.serve(&[
        &format!("listen_addresses={ip}"),
        "ssl=on",
        "log_connections=on",
        "log_line_prefix=%h ",
    ]);
    server.add_roles();
    let local = server.database("sealed");
    let folder = tempfile::tempdir().unwrap();
    let ca = authority.file(folder.path());
    let url = |login: &str, host: &str, mode: &str| {
        format!("postgres://{login}@{host}:{port}/sealed?hostaddr={ip}&{mode}")
    };
    let verified = format!("sslmode=verify-full&sslrootcert={}", ca.display());
    let migrate = |host: &str, mode: &str| {
        let (app, owner) = (url("it_login", host, mode), url("it_owner", host, mode));
        process::run(
            "migrate",
            &[("DATABASE_URL", &app), ("DATABASE_OWNER_URL", &owner)],
        )
    };

    // then: in clear nothing goes, and the one line says what to do
    let refused = migrate("localhost", "sslmode=disable");
    assert_eq!(refused.status.code(), Some(1));
    let line = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        line.starts_with("mandi: The database does not answer: ") && line.contains("no encryption"),
        "{line}"
    );
    // A server of another name is not ours, however good its certificate.
    let stranger = migrate("stranger.example", &verified);
    assert_eq!(stranger.status.code(), Some(1));
    let line = String::from_utf8(stranger.stderr).unwrap();
    assert!(
        line.contains("does not match host name \"stranger.example\""),
        "{line}"
    );
    assert_eq!(word(&local.owner, "to_regclass('users')"), "(null)");

    // when: encrypted, once taken on trust and once verified
    for mode in ["sslmode=require", &verified] {
        let (app, owner) = (
            url("it_login", "localhost", mode),
            url("it_owner", "localhost", mode),
        );
        let mandi = process::serve(&[("DATABASE_URL", &app), ("DATABASE_OWNER_URL", &owner)]);
        mandi.admin(&local).1.open("/me").is(200);

        // then: the pool's connections and the listener's are encrypted
        let ours = "from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'it_login'";
        let listener = format!("select count(*) {ours} and query = 'listen mandi_jobs'");
        until("the listener listens", || {
            word(&local.superuser, &listener) == "1"
        });
        let clear = format!("select count(*) {ours} and not ssl");
        assert_eq!(word(&local.superuser, &clear), "0");
        let pooled = format!("select count(*) > 0 {ours} and ssl and application_name = 'mandi'");
        assert_eq!(word(&local.superuser, &pooled), "true");
    }

    // then: so were all there ever were over the network, the migration's among them
    let log = server.log();
    let network: Vec<&str> = log
        .lines()
        .filter(|line| line.starts_with("127.") && line.contains("connection authorized"))
        .collect();
    assert!(
        network.iter().all(|line| line.contains("SSL enabled")),
        "{network:?}"
    );
    for login in ["user=it_login ", "user=it_owner "] {
        assert!(network.iter().any(|line| line.contains(login)), "{login}");
    }
}
