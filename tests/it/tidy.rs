//! The order of the house, read from the sources: who may use whom, and where queries may start.

use std::path::{Path, PathBuf};

/// A source file: its path from the root of the project, and its text.
struct Source {
    path: String,
    text: String,
}

/// The modules in reading order; a module uses only those before it.
const ORDER: [&str; 21] = [
    "config",
    "kernel",
    "error",
    "platform",
    "web",
    "imports",
    "tax",
    "companies",
    "users",
    "customers",
    "products",
    "pricing",
    "inventory",
    "ledger",
    "orders",
    "logistics",
    "accounting",
    "reporting",
    "operations",
    "integrations",
    "app",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push(Source {
                path: path.strip_prefix(root()).unwrap().display().to_string(),
                text,
            });
        }
    }
}

fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(number, line)| (number + 1, line))
}

fn module(path: &str) -> &str {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    rest.split(['/', '.']).next().unwrap_or(rest)
}

/// Uses that point the wrong way: `kernel` that knows `web`, a domain that knows a later one.
fn wrong_arrows(sources: &[Source]) -> Vec<String> {
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for source in sources {
        let Some(own) = rank(module(&source.path)) else {
            continue;
        };
        for (number, line) in code(source) {
            for used in line.split("crate::").skip(1) {
                let name: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                // `error` and `kernel` know each other's words only one way, `config` is a leaf that kernel's languages don't need.
                if rank(&name).is_some_and(|rank| rank > own) {
                    wrong.push(format!("{}:{number} uses {name}", source.path));
                }
            }
        }
    }
    wrong
}

/// Queries of a company's table that do not start at the row's own `of(scope)`.
fn wild_queries(sources: &[Source]) -> Vec<String> {
    let mut wild = Vec::new();
    for source in sources.iter().filter(|source| {
        !["platform", "kernel", "config", "error", "operations"].contains(&module(&source.path))
    }) {
        let is_model = source.path.ends_with("/model.rs") || source.path.contains("/model/");
        let mut allowed_until = 0;
        for (number, line) in code(source) {
            if line.contains("fn of<")
                || line.contains("fn of(")
                || line.contains("across")
                || line.contains("fn lock(")
                || line.contains("fn counts(")
            {
                allowed_until = number + 8;
            }
            // An insert starts nothing; a change by key names the tenant right there.
            let near: String = source
                .text
                .lines()
                .skip(number - 1)
                .take(6)
                .flat_map(str::chars)
                .filter(|c| !c.is_whitespace())
                .collect();
            let is_walled = near.contains("id.eq(scope.tenant())");
            let is_by_key = near.contains("::table.find(id)");
            let words = [
                "table_name",
                "insert_into(",
                "demo::table",
                "super::table",
                "helper_types",
            ];
            let starts = line.contains("::table")
                && !words.iter().any(|word| line.contains(word))
                && !is_by_key
                && !is_walled;
            if starts && number > allowed_until {
                wild.push(format!(
                    "{}:{number} starts a query elsewhere than in of(scope)",
                    source.path
                ));
            }
            if line.contains("insert_into(") && !is_model && !source.path.contains("actions") {
                wild.push(format!(
                    "{}:{number} inserts outside of model and actions",
                    source.path
                ));
            }
        }
    }
    wild
}

/// Rooms that reach for what they must not hold.
fn misplaced(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let is_room = |room: &str| {
            source.path.ends_with(&format!("/{room}.rs"))
                || source.path.contains(&format!("/{room}/"))
        };
        let holds = |word: &str| {
            code(source)
                .find(|(_, line)| line.contains(word))
                .map(|(number, _)| number)
        };
        if is_room("rules") {
            for word in ["Scope", "PlatformTx", "actix_web", "Utc::now"] {
                if let Some(number) = holds(word) {
                    wrong.push(format!("{}:{number} rules know {word}", source.path));
                }
            }
        }
        if is_room("pages")
            && let Some(number) = holds("diesel::")
        {
            wrong.push(format!("{}:{number} a page knows diesel", source.path));
        }
        if is_room("actions")
            && let Some(number) = holds("actix_web")
        {
            wrong.push(format!("{}:{number} an action knows the web", source.path));
        }
        if !["platform", "app"].contains(&module(&source.path)) {
            for word in ["PgConnection", "Utc::now()"] {
                // The clock of a domain is its transaction's.
                if let Some(number) = holds(word)
                    && module(&source.path) != "kernel"
                    && module(&source.path) != "web"
                {
                    wrong.push(format!("{}:{number} knows {word}", source.path));
                }
            }
        }
    }
    wrong
}

/// The demo is made by the product's own actions: its loader knows no table, and nothing of how the database is asked.
fn shortcuts_of_the_demo(sources: &[Source]) -> Vec<String> {
    let words = [
        "diesel",
        "schema::",
        "::table",
        "sql_query",
        "prepared(",
        "insert_into",
        "batch_execute",
    ];
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with("src/app/demo"))
    {
        for (number, line) in code(source) {
            for word in words.iter().filter(|word| line.contains(*word)) {
                found.push(format!("{}:{number} names {word}", source.path));
            }
        }
    }
    found
}

/// Both sides of a conversation with the world outside: where each is, what it may use of the house, and the module of the other side.
const STRANGERS: [(&str, &[&str], &str); 4] = [
    (
        "src/integrations/gst/registrar/",
        &["error::AppError", "platform::db::"],
        "nic",
    ),
    (
        "src/integrations/gst/nic/",
        &["accounting::outside::", "config::Secret"],
        "registrar",
    ),
    (
        "src/integrations/payments/gateway/",
        &["error::AppError", "platform::db::"],
        "client",
    ),
    (
        "src/integrations/payments/client.rs",
        &["accounting::outside::", "config::Secret"],
        "gateway",
    ),
];

/// Code that a sandbox has in common with the client that speaks to it, or could have: a mistake in it would be right on both sides.
fn shared_with_strangers(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let mut sides = STRANGERS.iter();
        let Some((_, allowed, other)) = sides.find(|(side, ..)| source.path.starts_with(side))
        else {
            continue;
        };
        for (number, line) in code(source) {
            for used in line.split("crate::").skip(1) {
                if !allowed.iter().any(|known| used.starts_with(known)) {
                    found.push(format!("{}:{number} shares {used}", source.path));
                }
            }
            let reaches_out = line.contains("super::super")
                || line.contains(&format!("{other}::"))
                || line.contains(&format!("::{other}"));
            if reaches_out {
                found.push(format!("{}:{number} reaches for {other}", source.path));
            }
        }
    }
    found
}

/// What the templates must not hold: the policy forbids it, or htmx must not be asked for it.
fn forbidden_markup(templates: &[Source]) -> Vec<String> {
    let words = [
        "<style",
        " style=",
        " onclick=",
        " onchange=",
        " onsubmit=",
        " onload=",
        "javascript:",
        "hx-on",
        "hx-vals",
        "hx-boost",
        "hx-delete",
        "hx-put",
        "hx-patch",
        "hx-live",
        "hx-ws",
        "|safe",
    ];
    let mut found = Vec::new();
    for template in templates
        .iter()
        .filter(|template| !template.path.starts_with("templates/mail"))
    {
        for (number, line) in template.text.lines().enumerate() {
            for word in words {
                if line.contains(word) {
                    found.push(format!(
                        "{}:{} has {}",
                        template.path,
                        number + 1,
                        word.trim()
                    ));
                }
            }
            if line.contains("<script") && !line.contains("src=") {
                found.push(format!(
                    "{}:{} has an inline script",
                    template.path,
                    number + 1
                ));
            }
        }
    }
    found
}

#[test]
fn modules_use_only_those_above_them() {
    assert_eq!(wrong_arrows(&sources("src", "rs")), Vec::<String>::new());
}

#[test]
fn queries_of_a_company_start_at_the_row() {
    assert_eq!(wild_queries(&sources("src", "rs")), Vec::<String>::new());
}

#[test]
fn rooms_hold_what_they_are_for() {
    assert_eq!(misplaced(&sources("src", "rs")), Vec::<String>::new());
}

#[test]
fn the_demo_takes_no_shortcut() {
    let sources = sources("src", "rs");
    assert!(
        sources
            .iter()
            .any(|source| source.path.starts_with("src/app/demo"))
    );
    assert_eq!(shortcuts_of_the_demo(&sources), Vec::<String>::new());
}

#[test]
fn a_sandbox_shares_no_code_with_its_client() {
    let sources = sources("src", "rs");
    for (side, ..) in STRANGERS {
        let is_there = sources.iter().any(|source| source.path.starts_with(side));
        assert!(is_there, "nothing is in {side}");
    }
    assert_eq!(shared_with_strangers(&sources), Vec::<String>::new());
}

#[test]
fn templates_hold_nothing_that_the_policy_forbids() {
    assert_eq!(
        forbidden_markup(&sources("templates", "html")),
        Vec::<String>::new()
    );
}

#[test]
fn a_crooked_house_is_seen() {
    let planted = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(
        wrong_arrows(&[planted("src/kernel/money.rs", "use crate::web::page;")]),
        ["src/kernel/money.rs:1 uses web"]
    );
    assert_eq!(
        wrong_arrows(&[planted(
            "src/companies/model.rs",
            "use crate::users::model::User;"
        )]),
        ["src/companies/model.rs:1 uses users"]
    );
    assert_eq!(
        wild_queries(&[planted(
            "src/companies/actions.rs",
            "let all = scope.load(employees::table.limit(5))?;"
        )]),
        ["src/companies/actions.rs:1 starts a query elsewhere than in of(scope)"]
    );
    assert_eq!(
        misplaced(&[planted(
            "src/companies/rules.rs",
            "fn may(scope: &mut Scope) {}"
        )]),
        ["src/companies/rules.rs:1 rules know Scope"]
    );
    for (path, line, word) in [
        ("src/app/demo.rs", "use diesel::prelude::*;", "diesel"),
        (
            "src/app/demo/orders.rs",
            "use crate::platform::db::schema::orders;",
            "schema::",
        ),
        (
            "src/app/demo/load/stock.rs",
            "scope.load(stock_moves::table)?;",
            "::table",
        ),
        ("src/app/demo.rs", "sql_query(\"delete\")", "sql_query"),
        ("src/app/demo.rs", "prepared(\"delete\")", "prepared("),
        ("src/app/demo_past.rs", "insert_into(orders)", "insert_into"),
        ("src/app/demo.rs", "pg.batch_execute(all)", "batch_execute"),
    ] {
        assert_eq!(
            shortcuts_of_the_demo(&[planted(path, line)]),
            [format!("{path}:1 names {word}")]
        );
    }
    let elsewhere = planted("src/orders/model/order.rs", "orders::table");
    assert_eq!(shortcuts_of_the_demo(&[elsewhere]), Vec::<String>::new());
    for (path, line, fault) in [
        (
            "src/integrations/gst/registrar/crypto.rs",
            "use crate::integrations::gst::nic::crypto::open;",
            "src/integrations/gst/registrar/crypto.rs:1 shares integrations::gst::nic::crypto::open;",
        ),
        (
            "src/integrations/gst/registrar/check/totals.rs",
            "use crate::accounting::inv01::payload;",
            "src/integrations/gst/registrar/check/totals.rs:1 shares accounting::inv01::payload;",
        ),
        (
            "src/integrations/gst/nic/crypto.rs",
            "use super::super::registrar;",
            "src/integrations/gst/nic/crypto.rs:1 reaches for registrar",
        ),
        (
            "src/integrations/payments/client.rs",
            "use super::gateway::signature;",
            "src/integrations/payments/client.rs:1 reaches for gateway",
        ),
    ] {
        let found = shared_with_strangers(&[planted(path, line)]);
        assert!(found.contains(&fault.to_owned()), "{found:?}");
    }
    // Whoever puts both together knows both.
    let wiring = planted(
        "src/integrations/sandbox.rs",
        "use super::gst::{nic, registrar};",
    );
    assert_eq!(shared_with_strangers(&[wiring]), Vec::<String>::new());
    assert_eq!(
        forbidden_markup(&[planted("templates/x.html", "<p style=\"color:red\">")]),
        ["templates/x.html:1 has style="]
    );
}
