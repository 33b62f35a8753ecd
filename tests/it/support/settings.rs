//! What a company says once about its documents, for one test each.

use super::registrar::{Login, registrar_of};
use super::{Tenant, ask, run, unique};
use mandi::web::forms::new_key;
use uuid::Uuid;

/// The first registration of a company.
pub fn gstin(tenant: &Tenant) -> String {
    ask(
        tenant.app,
        &format!(
            "select gstin as value from gst_registrations where tenant_id = '{}' and is_primary",
            tenant.id
        ),
    )
}

/// A PIN code of a state, by the state's code in a GSTIN.
fn pin_in(state: &str) -> &'static str {
    const PINS: [(&str, &str); 34] = [
        ("01", "180001"),
        ("02", "171001"),
        ("03", "141001"),
        ("04", "160017"),
        ("05", "248001"),
        ("06", "122001"),
        ("07", "110001"),
        ("08", "302001"),
        ("09", "226001"),
        ("10", "800001"),
        ("11", "737101"),
        ("12", "791111"),
        ("13", "797001"),
        ("14", "795001"),
        ("15", "796001"),
        ("16", "799001"),
        ("17", "793001"),
        ("18", "781001"),
        ("19", "700001"),
        ("20", "834001"),
        ("21", "751001"),
        ("22", "492001"),
        ("23", "462001"),
        ("24", "380001"),
        ("27", "411019"),
        ("29", "560001"),
        ("30", "403001"),
        ("31", "682555"),
        ("32", "682001"),
        ("33", "600002"),
        ("34", "605001"),
        ("35", "744101"),
        ("36", "500001"),
        ("37", "520001"),
    ];
    PINS.iter().find(|(code, _)| *code == state).unwrap().1
}

/// A series of its own, chosen by nobody: its id.
pub fn series(tenant: &Tenant) -> String {
    let id = Uuid::now_v7();
    run(
        tenant.app,
        &format!(
            "insert into document_series (tenant_id, id, registration_id, kind, code, template, is_default)
               select '{0}', '{id}', id, 'commercial_note', 'T{1}', 'T{1}/{{SEQ:5}}', false from gst_registrations where tenant_id = '{0}' and is_primary",
            tenant.id,
            unique()
        ),
    );
    id.to_string()
}

/// A letter of undertaking of this year: its id.
pub fn undertaking(tenant: &Tenant) -> String {
    let id = Uuid::now_v7();
    run(
        tenant.app,
        &format!(
            "insert into undertakings (tenant_id, id, registration_id, number, valid_from, valid_to)
               select '{0}', '{id}', id, 'AD33{1}', '2026-04-01', '2027-03-31' from gst_registrations where tenant_id = '{0}' and is_primary",
            tenant.id,
            unique()
        ),
    );
    id.to_string()
}

/// Enrols a registration at the sandbox and keeps its account by the page; what it signs in with.
pub fn account(tenant: &Tenant, gstin: &str) -> Login {
    let login = registrar_of(tenant.app).enrol(gstin, "REG");
    let key = new_key().to_string();
    tenant
        .owner
        .post(
            &tenant.path(&format!("/settings/e-invoices/{gstin}")),
            &[
                ("_key", &key),
                ("client_id", &login.client_id),
                ("client_secret", &login.client_secret),
                ("user_name", &login.user_name),
                ("password", &login.password),
                ("active", "on"),
            ],
        )
        .is(303);
    login
}

/// When a row was saved, as forms carry it; nothing for one that is not there.
fn version(tenant: &Tenant, rows: &str) -> (&'static str, String) {
    let sql = format!(
        "select coalesce((select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from {rows} limit 1), '') as value"
    );
    ("version", ask(tenant.app, &sql))
}

/// What the forms of these settings say, where a pattern is about one.
pub fn form(tenant: &Tenant, pattern: &str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let text = |name: &'static str, value: &str| (name, value.to_owned());
    let (id, part) = (tenant.id, |place: usize| {
        path.split('/').nth(place).unwrap_or_default()
    });
    let of = |table: &str| format!("{table} where tenant_id = '{id}'");
    let rest = pattern.strip_prefix("/c/{company}/settings/")?;
    Some(match rest {
        "e-invoices" => vec![
            version(tenant, &of("accounting_settings")),
            text("einvoice_from", "2027-04-01"),
        ],
        "e-invoices/{gstin}" => vec![
            text("client_id", "CLIENT"),
            text("client_secret", "a secret of the client"),
            text("user_name", "API_USER"),
            text("password", "a password"),
            text("active", "on"),
        ],
        "e-invoices/{gstin}/registration" => vec![
            version(
                tenant,
                &format!("gst_registrations where gstin = '{}'", part(5)),
            ),
            text("taxpayer_type", "regular"),
            text("address", "4 Mount Road"),
            text("city", "The capital"),
            text("pincode", pin_in(&part(5)[..2])),
        ],
        "e-invoices/{gstin}/try" => Vec::new(),
        "series/new" => vec![
            ("registration", gstin(tenant)),
            text("kind", "commercial_note"),
            ("prefix", format!("N{}/", unique())),
            text("digits", "5"),
        ],
        "series/{id}" => vec![
            version(tenant, &format!("document_series where id = '{}'", part(5))),
            ("prefix", format!("C{}/", unique())),
            text("digits", "5"),
        ],
        "series/{id}/use" => vec![text("op", "prefer")],
        "accounting" => vec![
            version(tenant, &of("accounting_settings")),
            text("bank_name", "State Bank, T. Nagar"),
            text("bank_account", "00112233445566"),
            text("bank_ifsc", "SBIN0000796"),
            text("upi_id", "foods@okbank"),
            text("terms", "Goods once sold are not taken back."),
            text("round_off", "rupee"),
            text("age_buckets", "30, 60, 90"),
        ],
        "turnovers/{year}" => vec![
            version(
                tenant,
                &format!(
                    "turnovers where tenant_id = '{id}' and year = '{}'",
                    part(5)
                ),
            ),
            text("amount", "61234567.50"),
        ],
        "undertakings" | "undertakings/{id}" => {
            let mut fields = vec![
                ("registration", gstin(tenant)),
                ("number", format!("AD44{}", unique())),
                text("valid_from", "2026-04-01"),
                text("valid_to", "2027-03-31"),
            ];
            if rest.ends_with('}') {
                let rows = format!("undertakings where id = '{}'", part(5));
                fields.push(version(tenant, &rows));
            }
            fields
        }
        _ => return None,
    })
}
