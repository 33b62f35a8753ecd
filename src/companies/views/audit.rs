//! The audit log.

use crate::kernel::language::{Lang, Said};
use crate::web::components::{Empty, Field, Pager, Toolbar};
use crate::web::filters;
use crate::web::layout::Shell;
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
    pub toolbar: Toolbar,
    pub from: Field,
    pub to: Field,
    pub rows: Vec<AuditRow>,
    pub empty: Empty,
    pub pager: Pager,
    pub export: String,
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
