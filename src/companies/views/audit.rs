//! The audit log.

use crate::error::AppError;
use crate::kernel::dates::parse_day;
use crate::kernel::language::{Lang, Said, text};
use crate::platform::audit::{self, Entry, Filter};
use crate::platform::db::Scope;
use crate::web::components::{Empty, Field};
use crate::web::filters;
use crate::web::layout::Shell;
use crate::web::list::{ListQuery, Page};
use crate::web::listing::{KeptView, ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Asia::Kolkata;
use std::collections::BTreeMap;

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
                .export_by_job(&format!("{}/export", query.path()))
                .views(&views, "audit", kept)
                .finish(&page, total, first, lang.t("No changes match")),
            rows: page.rows,
        }
    }
}

/// Tables whose changes people may look for, and what a row of them is called.
const RECORDS: [(&str, &str); 43] = [
    ("companies", text!("Company")),
    ("gst_registrations", text!("GST registration")),
    ("employees", text!("Employee")),
    ("invitations", text!("Invitation")),
    ("customers", text!("Customer")),
    ("customer_groups", text!("Customer group")),
    ("customer_addresses", text!("Customer's address")),
    ("connections", text!("Connection")),
    ("retailer_invitations", text!("Invitation of a retailer")),
    ("categories", text!("Category")),
    ("products", text!("Product")),
    ("product_pictures", text!("Picture")),
    ("price_lists", text!("Price list")),
    ("price_items", text!("Price")),
    ("price_list_targets", text!("Whom a price list is for")),
    ("own_tax_rates", text!("Own GST rate")),
    ("own_withholding_rules", text!("Own rate of tax at source")),
    ("warehouses", text!("Warehouse")),
    ("orders", text!("Order")),
    ("order_lines", text!("Line of an order")),
    ("shipments", text!("Shipment")),
    ("shipment_lines", text!("Line of a shipment")),
    ("documents", text!("Bill or note")),
    ("instalment_plans", text!("Instalments of a bill")),
    ("einvoices", text!("E-invoice")),
    ("einvoice_attempts", text!("Call to the authority")),
    ("eway_bills", text!("E-way bill")),
    ("eway_vehicles", text!("Change of a vehicle")),
    ("payments", text!("Payment")),
    ("tax_deductions", text!("Tax deducted")),
    ("gateway_events", text!("Word of a gateway")),
    ("vehicles", text!("Vehicle")),
    ("drivers", text!("Driver")),
    ("imports", text!("Import")),
    ("import_mappings", text!("Columns of an import")),
    ("files", text!("File")),
    ("saved_views", text!("Saved view")),
    ("accounting_settings", text!("Bank and terms")),
    ("document_series", text!("Series of numbers")),
    ("turnovers", text!("Turnover")),
    ("undertakings", text!("Letter of undertaking")),
    ("einvoice_accounts", text!("Account for e-invoices")),
    ("gateway_accounts", text!("Account for online payments")),
];

/// "Employee added", "Company changed".
pub fn audit_words(lang: Lang, table: &str, action: &str) -> String {
    let Some((_, record)) = RECORDS.iter().find(|(known, _)| *known == table) else {
        return format!("{table} {action}");
    };
    let said = match action {
        "insert" => Said::new("{record} added"),
        "delete" => Said::new("{record} removed"),
        "" => return lang.t(record).into_owned(),
        _ => Said::new("{record} changed"),
    };
    lang.say(&said.naming("record", record))
}

/// The names of those tables.
pub const TABLES: [&str; RECORDS.len()] = {
    let mut names = [""; RECORDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = RECORDS[at].0;
        at += 1;
    }
    names
};
/// What can happen to a record.
pub const ACTIONS: [&str; 3] = ["insert", "update", "delete"];

/// Midnight in India at the start of a day.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Kolkata
        .from_local_datetime(&day.and_hms_opt(0, 0, 0)?)
        .earliest()
        .map(|at| at.with_timezone(&Utc))
}

/// What the address asks for.
pub fn filter(query: &ListQuery) -> Filter {
    let day = |name: &str| query.get(name).and_then(parse_day);
    let owned = |known: Vec<&str>| known.into_iter().map(str::to_owned).collect();
    Filter {
        tables: owned(query.all("record", &TABLES)),
        actions: owned(query.all("action", &ACTIONS)),
        // What is no id is the id of nothing, so the list says that nothing matches.
        id: query.search().map(|text| text.parse().unwrap_or_default()),
        from: day("from").and_then(midnight),
        until: day("to")
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .and_then(midnight),
    }
}

/// Entries with the names of who made them.
pub fn rows(scope: &mut Scope, lang: Lang, entries: Vec<Entry>) -> Result<Vec<AuditRow>, AppError> {
    let users = entries.iter().filter_map(|entry| entry.user_id).collect();
    let names: BTreeMap<_, _> = audit::names(scope, users)?.into_iter().collect();
    let who = |entry: &Entry| match entry.user_id {
        Some(user) => names
            .get(&user)
            .cloned()
            .unwrap_or_else(|| lang.t("Platform").into_owned()),
        None => lang.say(&Said::new("System")),
    };
    Ok(entries
        .into_iter()
        .map(|entry| AuditRow {
            id: entry.id,
            at: entry.at,
            who: who(&entry),
            what: audit_words(lang, &entry.table_name, &entry.action),
            row: entry.row_id.to_string(),
            request: entry
                .request_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            changes: changes(&entry),
        })
        .collect())
}

/// Field by field: before, after.
fn changes(entry: &Entry) -> Vec<(String, String, String)> {
    const DULL: [&str; 4] = ["updated_at", "created_at", "tenant_id", "id"];
    let empty = serde_json::Map::new();
    let before = entry
        .before
        .as_ref()
        .and_then(|value| value.as_object())
        .unwrap_or(&empty);
    let after = entry
        .after
        .as_ref()
        .and_then(|value| value.as_object())
        .unwrap_or(&empty);
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => "–".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    names
        .into_iter()
        .filter(|name| !DULL.contains(&name.as_str()))
        .map(|name| {
            (
                name.replace('_', " "),
                text(before.get(name)),
                text(after.get(name)),
            )
        })
        .filter(|(_, before, after)| before != after)
        .collect()
}
