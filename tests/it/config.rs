//! Settings: what holds without any, and the line that a wrong one gets.

use std::time::Duration;

use mandi::config::{
    Config, ConfigError, FilesAt, Flags, LogFormat, Profile, Secret, SmtpTls, settings,
};

const KEY: &str = "a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1a3f1";

fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_pairs(pairs.iter().copied())
}

/// What a server in production has at the least.
fn production(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut pairs = vec![
        ("MANDI_PROFILE", "production"),
        ("MANDI_BASE_URL", "https://orders.example.com"),
        ("MANDI_SECRET_KEY", KEY),
    ];
    pairs.extend(more);
    config(&pairs)
}

fn refusal(pairs: &[(&str, &str)]) -> String {
    config(pairs)
        .expect_err("these settings are wrong")
        .to_string()
}

#[test]
fn nothing_set_is_a_developers_machine() {
    let config = config(&[("HOME", "/home/somebody"), ("PATH", "/bin")]).unwrap();

    assert_eq!(config.profile, Profile::Dev);
    assert!(config.is_dev_or_demo() && !config.is_production() && !config.is_https());
    assert_eq!(config.port, 8080);
    assert_eq!(config.bind.to_string(), "127.0.0.1");
    assert_eq!(config.base_url.as_str(), "http://localhost:8080/");
    assert!(config.database_url.is_none() && config.database_owner_url.is_none());
    assert_eq!(config.data_dir.to_str(), Some("./var"));
    assert_eq!(
        (config.db_pool, config.workers, config.http_threads),
        (16, 4, None)
    );
    assert_eq!(config.db_wait, Duration::from_secs(2));
    assert_eq!(config.job_lease, Duration::from_secs(60));
    assert_eq!(config.session_idle, Duration::from_secs(12 * 3600));
    assert_eq!(config.session_max, Duration::from_secs(30 * 86_400));
    assert!(config.secret_key.expose().len() >= 64);
    assert!(
        config.trusted_proxies.is_empty()
            && config.smtp.is_none()
            && config.smtp_ca.is_empty()
            && config.metrics_token.is_none()
    );
    assert_eq!(
        config.mail_from.to_string(),
        "Mandi <no-reply@mandi.example>"
    );
    assert_eq!(config.files, FilesAt::Folder("./var/files".into()));
    assert_eq!(config.upload_limit, 10_000_000);
    assert!(config.gst_url.is_none() && !config.gst_lax_numbers);
    assert_eq!(
        (config.log.as_str(), config.log_format),
        ("info", LogFormat::Pretty)
    );
}

#[test]
fn production_with_the_least_it_needs() {
    let config = production(&[]).unwrap();

    assert!(config.is_production() && !config.is_dev_or_demo() && config.is_https());
    assert_eq!(config.bind.to_string(), "0.0.0.0");
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.secret_key.expose().len(), 64);
}

#[test]
fn the_port_is_the_flags_then_our_own_then_the_platforms() {
    let with = |flag: Option<u16>, pairs: &[(&str, &str)]| {
        Config::from_pairs_with(
            pairs.iter().copied(),
            Flags {
                port: flag,
                demo: false,
            },
        )
        .unwrap()
        .port
    };
    let both = [("MANDI_PORT", "5001"), ("PORT", "5002")];

    assert_eq!(with(Some(5000), &both), 5000);
    assert_eq!(with(None, &both), 5001);
    assert_eq!(with(None, &both[1..]), 5002);
    assert_eq!(with(None, &[("MANDI_PORT", "")]), 8080);
    assert_eq!(with(Some(0), &[]), 0);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_wrong_value_names_the_variable_and_what_is_allowed() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("MANDI_WORKERS", "many")],
            "MANDI_WORKERS is \"many\": it must be a whole number from 1 to 64.",
        ),
        (
            &[("MANDI_WORKERS", "0")],
            "MANDI_WORKERS is \"0\": it must be a whole number from 1 to 64.",
        ),
        (
            &[("MANDI_WORKERS", "65")],
            "MANDI_WORKERS is \"65\": it must be a whole number from 1 to 64.",
        ),
        (
            &[("MANDI_PORT", "-1")],
            "MANDI_PORT is \"-1\": it must be a whole number from 0 to 65535.",
        ),
        (
            &[("PORT", "http")],
            "PORT is \"http\": it must be a whole number from 0 to 65535.",
        ),
        (
            &[("MANDI_PROFILE", "prod")],
            "MANDI_PROFILE is \"prod\": it must be dev, test, staging or production.",
        ),
        (
            &[("MANDI_BIND", "localhost")],
            "MANDI_BIND is \"localhost\": it must be an IP address like 127.0.0.1 or ::.",
        ),
        (
            &[("MANDI_BASE_URL", "https://a.example/shop")],
            "MANDI_BASE_URL is \"https://a.example/shop\": it must look like https://orders.example.com, with no path after the host.",
        ),
        (
            &[("DATABASE_URL", "mysql://u:secret@h/d")],
            "DATABASE_URL cannot be used: it must look like postgres://user:password@host/database.",
        ),
        (
            &[("DATABASE_OWNER_URL", "postgres://h/d")],
            "DATABASE_URL is missing: DATABASE_OWNER_URL is set, so both must be.",
        ),
        (
            &[("MANDI_TRUSTED_PROXIES", "10.0.0.0/8, proxy")],
            "MANDI_TRUSTED_PROXIES is \"10.0.0.0/8, proxy\": it must be addresses or networks like 10.0.0.0/8, with a comma between.",
        ),
        (
            &[("MANDI_SECRET_KEY", "c2hvcnQ=")],
            "MANDI_SECRET_KEY cannot be used: it has 5 bytes and must have 64 or more; openssl rand -base64 64 makes one.",
        ),
        (
            &[("MANDI_SMTP_URL", "https://mail.example.com")],
            "MANDI_SMTP_URL cannot be used: it must look like smtp://user:password@host:587 or smtps://user:password@host:465.",
        ),
        (
            &[
                ("MANDI_SMTP_URL", "smtp://mail.example.com?tls=maybe"),
                ("MANDI_MAIL_FROM", "a@b.example"),
            ],
            "MANDI_SMTP_URL cannot be used: after the question mark it knows tls=required, tls=opportunistic and tls=none.",
        ),
        (
            &[("MANDI_SMTP_URL", "smtp://localhost")],
            "MANDI_MAIL_FROM is missing: MANDI_SMTP_URL is set, and mails need a sender, like Mandi <orders@example.com>.",
        ),
        (
            &[("MANDI_MAIL_FROM", "orders")],
            "MANDI_MAIL_FROM is \"orders\": it must look like Mandi <orders@example.com>.",
        ),
        (
            &[("MANDI_FILES_URL", "ftp://host/folder")],
            "MANDI_FILES_URL is \"ftp://host/folder\": it must be file:///folder, s3://bucket/prefix or gs://bucket/prefix.",
        ),
        (
            &[("MANDI_GST_URL", "http://gst.example.com")],
            "MANDI_GST_URL is \"http://gst.example.com\": it must look like https://api.example.com, with https.",
        ),
        (
            &[("MANDI_GST_URL", "https://api.example.com/?key=x")],
            "MANDI_GST_URL is \"https://api.example.com/?key=x\": it must look like https://api.example.com, with https.",
        ),
        (
            &[("MANDI_GST_LAX_NUMBERS", "on")],
            "MANDI_GST_LAX_NUMBERS is \"on\": it must be yes or no.",
        ),
        (
            &[("MANDI_LOG", "mandi=loud")],
            "MANDI_LOG is \"mandi=loud\": it must be a list of filters like info,mandi=debug.",
        ),
        (
            &[("MANDI_LOG_FORMAT", "xml")],
            "MANDI_LOG_FORMAT is \"xml\": it must be pretty or json.",
        ),
        (
            &[("MANDI_METRICS_TOKEN", "short")],
            "MANDI_METRICS_TOKEN cannot be used: it must have 16 characters or more.",
        ),
        (
            &[("MANDI_WORKER", "4")],
            "MANDI_WORKER is not a setting: did you mean MANDI_WORKERS?",
        ),
        (
            &[("MANDI_SMTP", "x")],
            "MANDI_SMTP is not a setting: did you mean MANDI_SMTP_URL?",
        ),
        (
            &[("MANDI_SMTP_CA", "/nowhere/ca.pem")],
            "MANDI_SMTP_CA is \"/nowhere/ca.pem\": it must be a file with certificates in PEM that can be read.",
        ),
        (
            &[(
                "MANDI_SMTP_CA",
                concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT"),
            )],
            concat!(
                "MANDI_SMTP_CA is \"",
                env!("CARGO_MANIFEST_DIR"),
                "/LICENSE-MIT\": it must be a file with certificates in PEM that can be read."
            ),
        ),
        (
            &[("MANDI_JOB_LEASE_SECONDS", "1")],
            "MANDI_JOB_LEASE_SECONDS is \"1\": it must be a whole number from 2 to 3600.",
        ),
        (
            &[("MANDI_SECRETKEY", "x")],
            "MANDI_SECRETKEY is not a setting: did you mean MANDI_SECRET_KEY?",
        ),
    ];
    for (pairs, line) in cases {
        assert_eq!(refusal(pairs), *line);
    }
}

#[test]
fn no_refusal_prints_a_secret_or_a_second_line() {
    for setting in settings().iter().filter(|setting| setting.secret) {
        let Err(error) = config(&[(setting.name, "hunter2")]) else {
            panic!("{} takes anything", setting.name)
        };
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    assert_eq!(refusal(&[("MANDI_BIND", "a\nb")]).lines().count(), 1);
}

#[test]
fn production_refuses_what_is_fit_for_a_demo_only() {
    let demo_key = config(&[]).unwrap().secret_key;
    let demo_key: String = demo_key
        .expose()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let lines = [
        (
            config(&[("MANDI_PROFILE", "production"), ("MANDI_SECRET_KEY", KEY)]),
            "MANDI_BASE_URL is missing: production needs the public address, like https://orders.example.com.",
        ),
        (
            production(&[("MANDI_BASE_URL", "http://orders.example.com")]),
            "MANDI_BASE_URL is \"http://orders.example.com\": in production it must begin with https://.",
        ),
        (
            production(&[("MANDI_SECRET_KEY", "")]),
            "MANDI_SECRET_KEY is missing: production needs 64 bytes or more as base64 or hex; openssl rand -base64 64 makes one.",
        ),
        (
            production(&[("MANDI_SECRET_KEY", &demo_key)]),
            "MANDI_SECRET_KEY cannot be used: it is the demo's key, which everybody knows, and production needs one of its own.",
        ),
        (
            config(&[
                ("MANDI_PROFILE", "staging"),
                ("MANDI_SECRET_KEY", &demo_key),
            ]),
            "MANDI_SECRET_KEY cannot be used: it is the demo's key, which everybody knows, and staging needs one of its own.",
        ),
        (
            Config::from_pairs_with(
                [("MANDI_PROFILE", "production")],
                Flags {
                    port: None,
                    demo: true,
                },
            ),
            "MANDI_PROFILE is \"production\": the demo has known passwords and never runs in production.",
        ),
    ];
    for (config, line) in lines {
        assert_eq!(config.expect_err(line).to_string(), line);
    }
}

#[test]
fn keys_come_as_hex_or_either_base64() {
    let bytes: Vec<u8> = (0..=255).rev().step_by(3).collect();
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    for text in [
        STANDARD.encode(&bytes),
        URL_SAFE_NO_PAD.encode(&bytes),
        bytes.iter().map(|b| format!("{b:02X}")).collect(),
    ] {
        assert_eq!(
            config(&[("MANDI_SECRET_KEY", &text)]).unwrap().secret_key,
            Secret::new(bytes.clone()),
            "{text}"
        );
    }
}

#[test]
fn a_mail_server_has_a_host_a_login_and_tls() {
    let smtp = |url: &str| {
        config(&[("MANDI_SMTP_URL", url), ("MANDI_MAIL_FROM", "a@b.example")])
            .unwrap()
            .smtp
            .unwrap()
    };

    let full = smtp("smtps://shop%40example.com:p%2Fa+s%25s@mail.example.com");
    assert_eq!(
        (full.host.as_str(), full.port, full.tls),
        ("mail.example.com", 465, SmtpTls::Implicit)
    );
    assert_eq!(
        full.login,
        Some(("shop@example.com".into(), Secret::new("p/a+s%s".into())))
    );
    assert_eq!(
        (smtp("smtp://h").port, smtp("smtp://h").tls),
        (587, SmtpTls::Required)
    );
    assert_eq!(
        (
            smtp("smtp://h:25?tls=none").port,
            smtp("smtp://h:25?tls=none").tls
        ),
        (25, SmtpTls::None)
    );
    assert_eq!(
        smtp("smtp://h?tls=opportunistic").tls,
        SmtpTls::Opportunistic
    );
    assert!(!format!("{full:?}").contains("p/a"));
}

#[test]
fn files_are_in_a_folder_or_a_bucket() {
    let files = |url: &str| config(&[("MANDI_FILES_URL", url)]).unwrap().files;
    let (bucket, prefix) = ("mandi".to_owned(), "a/b".to_owned());

    assert_eq!(
        files("file:///srv/files"),
        FilesAt::Folder("/srv/files".into())
    );
    assert_eq!(
        files("s3://mandi/a/b/"),
        FilesAt::S3 {
            bucket: bucket.clone(),
            prefix
        }
    );
    assert_eq!(
        files("gs://mandi"),
        FilesAt::Gcs {
            bucket,
            prefix: String::new()
        }
    );
}

#[test]
fn whoever_is_outside_answers_over_tls_or_on_this_machine() {
    let there = |url: &str| config(&[("MANDI_GST_URL", url)]);

    for url in [
        "https://api.example.com/v1",
        "http://127.0.0.1:4100",
        "http://[::1]:4100",
        "http://localhost:4100",
    ] {
        let config = there(url).unwrap();
        assert!(config.gst_url.is_some());
    }
    assert!(there("http://10.0.0.1").is_err());
    let lax = [("MANDI_GST_LAX_NUMBERS", "yes")];
    assert!(config(&lax).unwrap().gst_lax_numbers);
    assert_eq!(
        production(&lax).unwrap_err().to_string(),
        "MANDI_GST_LAX_NUMBERS is \"yes\": in production every number is checked."
    );
}

#[test]
fn proxies_are_networks() {
    let config = config(&[("MANDI_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1,::1")]).unwrap();
    let printed: Vec<String> = config
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(printed, ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]);
}

#[test]
fn variables_of_the_tests_are_left_alone() {
    assert!(
        config(&[
            ("MANDI_TEST_SEED", "1"),
            ("MANDI_BENCH_SECONDS", "5"),
            ("MANDI_HOST", "mandi.example"),
            ("MANDIR", "x")
        ])
        .is_ok()
    );
}

#[test]
fn the_example_file_names_every_setting_and_nothing_else() {
    let example =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example")).unwrap();
    let mut named: Vec<&str> = example
        .lines()
        .filter_map(|line| line.strip_prefix("# ").unwrap_or(line).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        })
        .collect();
    let mut known: Vec<&str> = settings().iter().map(|setting| setting.name).collect();
    named.sort_unstable();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn the_readme_lists_every_setting() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for setting in mandi::config::settings() {
        let row = format!(
            "| `{}` | {} | {}",
            setting.name, setting.default, setting.meaning
        );
        assert!(readme.contains(&row), "README.md lacks: {row}");
    }
}
