//! The list of settings: what the README's table and `.env.example` are checked against, and what a typing error is compared with.

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    /// What holds when it is not set, as the README prints it.
    pub default: &'static str,
    pub meaning: &'static str,
    /// Never printed, not even when it is wrong.
    pub secret: bool,
}

const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        default,
        meaning,
        secret: false,
    }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        default,
        meaning,
        secret: true,
    }
}

/// Every setting, in the order in which the README lists them.
pub fn settings() -> &'static [Setting] {
    SETTINGS
}

static SETTINGS: &[Setting] = &[
    plain(
        "MANDI_PROFILE",
        "dev",
        "Where this runs: dev, test, staging or production.",
    ),
    plain(
        "MANDI_PORT",
        "PORT, else 8080",
        "Port to listen on; 0 takes a free one. The flag --port goes first.",
    ),
    plain(
        "MANDI_BIND",
        "127.0.0.1 in dev and test, else 0.0.0.0",
        "Address to listen on.",
    ),
    plain(
        "MANDI_BASE_URL",
        "http://localhost:<port>",
        "The address people type, for links in mails and for the cross-site check. Required in production, with https.",
    ),
    secret(
        "DATABASE_URL",
        "a private PostgreSQL in the data folder",
        "PostgreSQL of your own: postgres://user:password@host/database, with ?sslmode=require for TLS.",
    ),
    secret(
        "DATABASE_OWNER_URL",
        "DATABASE_URL",
        "The same database as the role that owns the tables. Migrations use it; the app's own role then needs no right to change tables.",
    ),
    plain(
        "MANDI_DATA_DIR",
        "./var",
        "Folder of the private PostgreSQL and of uploaded files.",
    ),
    plain("MANDI_DB_POOL", "16", "Database connections, 2 to 500."),
    plain(
        "MANDI_DB_WAIT_MS",
        "2000",
        "How long a request waits for a free connection before it answers 503, in milliseconds, 50 to 60000.",
    ),
    plain(
        "MANDI_WORKERS",
        "4",
        "Background jobs worked on at once, 1 to 64.",
    ),
    plain(
        "MANDI_JOB_LEASE_SECONDS",
        "60",
        "A job of a process that fell silent is given to another after this long, 2 to 3600.",
    ),
    plain(
        "MANDI_HTTP_THREADS",
        "one per processor",
        "Threads that serve requests, 1 to 256.",
    ),
    secret(
        "MANDI_SECRET_KEY",
        "a known key in dev and test",
        "Key for cookies and for secrets at rest: 64 bytes or more as base64 or hex (openssl rand -base64 64). Required in staging and production.",
    ),
    plain(
        "MANDI_TRUSTED_PROXIES",
        "none",
        "Addresses or networks (10.0.0.0/8, comma between) whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    ),
    plain(
        "MANDI_SESSION_IDLE_MINUTES",
        "720",
        "A session ends after this long without a request, 5 to 43200.",
    ),
    plain(
        "MANDI_SESSION_MAX_DAYS",
        "30",
        "A session ends after this long in any case, 1 to 365.",
    ),
    secret(
        "MANDI_SMTP_URL",
        "mails wait in the outbox at /dev/mail",
        "Mail server: smtp://user:password@host:587 or smtps://user:password@host:465; ?tls=required (the default), opportunistic or none.",
    ),
    plain(
        "MANDI_SMTP_CA",
        "the system's certificates alone",
        "File with the certificates (PEM) of a certificate authority of your own that the mail server's certificate may come from too.",
    ),
    plain(
        "MANDI_MAIL_FROM",
        "Mandi <no-reply@mandi.example>",
        "Sender of mails: Name <address>. Required with MANDI_SMTP_URL.",
    ),
    plain(
        "MANDI_FILES_URL",
        "file://<data folder>/files",
        "Where files are kept: file:///folder, s3://bucket/prefix (AWS_* variables) or gs://bucket/prefix (GOOGLE_* variables).",
    ),
    plain(
        "MANDI_UPLOAD_LIMIT_MB",
        "10",
        "Largest upload in megabytes, 1 to 200.",
    ),
    plain(
        "MANDI_GST_URL",
        "a sandbox of its own in dev, test and the demo, else none",
        "Where the authority for e-invoices answers, with https. Without one, e-invoices wait.",
    ),
    plain(
        "MANDI_GST_LAX_NUMBERS",
        "no",
        "yes: the sandbox of the authority takes GSTINs with a wrong check character. Never in production.",
    ),
    plain(
        "MANDI_LOG",
        "info",
        "What is logged, as in info,mandi=debug.",
    ),
    plain(
        "MANDI_LOG_FORMAT",
        "pretty in dev and test, else json",
        "pretty or json.",
    ),
    secret(
        "MANDI_METRICS_TOKEN",
        "/metrics answers loopback only",
        "Bearer token that opens /metrics, 16 characters or more.",
    ),
];

/// The setting whose name is closest to a misspelt one: the one it is the beginning of, else the one with the fewest letters to change.
pub(super) fn nearest(name: &str) -> &'static str {
    let names = || SETTINGS.iter().map(|setting| setting.name);
    let begun = || names().find(|known| known.starts_with(name));
    let close = || names().min_by_key(|known| distance(name, known));
    begun().or_else(close).unwrap_or("MANDI_PROFILE")
}

/// Levenshtein distance: the fewest letters to change, add or drop.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}
