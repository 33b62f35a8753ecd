//! The audit log.

use crate::kernel::language::{Lang, Said};
use crate::web::components::{Empty, Field};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};

/// An audit entry as people read it.
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: String,
    pub row: String,
    pub request: String,
    pub changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "companies/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<AuditRow>,
}

/// Tables whose changes people may look for.
pub const TABLES: [&str; 8] = [
    "companies",
    "gst_registrations",
    "employees",
    "invitations",
    "customers",
    "connections",
    "files",
    "saved_views",
];

/// What can happen to a record.
pub const ACTIONS: [&str; 3] = ["insert", "update", "delete"];

impl AuditPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        query: &ListQuery,
        (page, total): (Page<AuditRow>, i64),
        (views, kept): (String, Vec<KeptView>),
    ) -> Self {
        let action = |action: &str| {
            match action {
                "insert" => lang.t("Added"),
                "update" => lang.t("Changed"),
                _ => lang.t("Removed"),
            }
            .into_owned()
        };
        let first = Empty {
            icon: "list",
            heading: lang.t("No changes yet").into_owned(),
            text: lang
                .t("Every change of every record is listed here.")
                .into_owned(),
            action: None,
        };
        Self {
            shell,
            list: ListBuilder::new(query, lang, lang.t("Id of a record, request or person"))
                .filter("record", lang.t("Record"), &TABLES, |table| {
                    audit_words(lang, table, "")
                })
                .filter("action", lang.t("Action"), &ACTIONS, action)
                .field(Field::new("date", "from", lang.t("From")))
                .field(Field::new("date", "to", lang.t("To")))
                .export(&format!("{}/export", query.path()))
                .views(&views, "audit", kept)
                .finish(&page, total, first, lang.t("No changes match")),
            rows: page.rows,
        }
    }
}

/// "Employee added", "Company changed".
pub fn audit_words(lang: Lang, table: &str, action: &str) -> String {
    let record = match table {
        "companies" => Said::new("Company"),
        "gst_registrations" => Said::new("GST registration"),
        "employees" => Said::new("Employee"),
        "invitations" => Said::new("Invitation"),
        "customers" => Said::new("Customer"),
        "connections" => Said::new("Connection"),
        "files" => Said::new("File"),
        "saved_views" => Said::new("Saved view"),
        _ => return format!("{table} {action}"),
    };
    let said = match action {
        "insert" => Said::new("{record} added"),
        "delete" => Said::new("{record} removed"),
        "" => Said::new("{record}"),
        _ => Said::new("{record} changed"),
    };
    lang.say(&said.with("record", record))
}
