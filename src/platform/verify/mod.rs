//! Proves the books. Each domain gives checks: a question to the database whose answer must be empty.
//!
//! Checks run as the owner of the tables, because they compare what no company may see of another. Every check has a test that breaks one
//! row and sees this check, by name, fail (`tests/it/verify.rs`); a check without one fails there.

use super::db::migrate::{MigrateError, connect, must_be_complete};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use uuid::Uuid;

/// A question whose answer must be empty.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name, e.g. `stock.ledger_equals_levels`.
    pub name: &'static str,
    /// What it proves, in a sentence.
    pub about: &'static str,
    /// Gives a row `(tenant uuid or null, what text)` for each thing that is wrong.
    pub sql: &'static str,
}

/// A thing that is wrong.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
pub struct Fault {
    /// The company, if it is one's.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub tenant: Option<Uuid>,
    /// What is wrong, naming the row.
    #[diesel(sql_type = Text)]
    pub what: String,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// The first faults, at most [`MOST`].
    pub faults: Vec<Fault>,
}

/// So many faults of one check are told.
pub const MOST: usize = 20;

/// Rows of a table that their own audit entries, laid over each other, do not rebuild. `$id` names the tenant; `$secrets` are left out by the audit.
macro_rules! not_rebuilt {
    ($table:literal, $id:literal, $secrets:literal) => {
        concat!(
            "select t.", $id, " as tenant, '", $table, " ' || t.id::text || ' differs from what the audit tells of it' as what from ", $table, " t
               left join (select tenant_id, row_id, jsonb_merge(after order by id) as told from audit_entries
                   where table_name = '", $table, "' and action in ('insert', 'update') group by tenant_id, row_id) a on a.tenant_id = t.", $id, " and a.row_id = t.id
               where a.told is distinct from to_jsonb(t) - '", $secrets, "'::text[]"
        )
    };
}

/// The checks of the platform itself.
pub const CHECKS: &[Check] = &[
    Check {
        name: "walls.every_table_has_one",
        about: "Every table with a tenant_id has forced row security, or is closed to companies.",
        sql: "select null::uuid as tenant, c.relname::text || ' can be read across companies' as what
                from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
                  and has_table_privilege('mandi_app', c.oid, 'select')",
    },
    Check {
        name: "audit.is_append_only",
        about: "The audit's triggers are there and switched on.",
        sql: "select null::uuid as tenant, c.relname::text || ' is changed without an audit entry' as what
                from pg_class c join pg_policy p on p.polrelid = c.oid and p.polname = 'tenant_wall'
                where c.relname <> 'audit_entries' and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname in ('audit', 'append_only') and t.tgenabled in ('O', 'A'))
                  -- Kept beside documents and ledgers, each with a check of its own; or nobody's books yet.
                  and c.relname not in ('stock_levels', 'reservations', 'customer_accounts', 'number_series', 'carts', 'cart_lines', 'import_rows', 'product_words', 'document_counters', 'einvoice_sessions', 'open_items', 'ledger_months', 'order_days', 'einvoice_looks')
              union all
              select null, 'audit_entries can be changed' where not exists (
                select from pg_trigger t where t.tgrelid = 'audit_entries'::regclass and t.tgname = 'append_only' and t.tgenabled in ('O', 'A'))",
    },
    Check {
        name: "audit.sees_what_is_new",
        about: "A table whose audit is told of changes row by row is told of new rows a statement at a time.",
        sql: "select null::uuid as tenant, c.relname::text || ' is added to without an audit entry' as what from pg_trigger t join pg_class c on c.oid = t.tgrelid
                where t.tgname = 'audit' and t.tgtype & 4 = 0 and not exists (
                  select from pg_trigger n where n.tgrelid = t.tgrelid and n.tgname = 'audit_new' and n.tgtype & 4 = 4 and n.tgenabled in ('O', 'A'))",
    },
    Check {
        name: "audit.is_complete",
        about: "Every row of every company can be rebuilt from its audit entries.",
        sql: concat!(
            not_rebuilt!("companies", "id", "{}"),
            " union all ",
            not_rebuilt!("gst_registrations", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("employees", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("invitations", "tenant_id", "{token_hash}"),
            " union all ",
            not_rebuilt!("customers", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("connections", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("files", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("saved_views", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("own_tax_rates", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("customer_groups", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("customer_addresses", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("retailer_invitations", "tenant_id", "{token_hash}"),
            " union all ",
            not_rebuilt!("categories", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("products", "tenant_id", "{terms}"),
            " union all ",
            not_rebuilt!("product_pictures", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("price_lists", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("price_list_targets", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("price_items", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("warehouses", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("orders", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("order_lines", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("vehicles", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("drivers", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("shipments", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("shipment_lines", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("imports", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("import_mappings", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("accounting_settings", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("turnovers", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("undertakings", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("document_series", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("documents", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("instalment_plans", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("einvoice_accounts", "tenant_id", "{client_secret_sealed,password_sealed}"),
            " union all ",
            not_rebuilt!("einvoices", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("einvoice_attempts", "tenant_id", "{request,response,response_opened}"),
            " union all ",
            not_rebuilt!("eway_bills", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("eway_vehicles", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("gateway_accounts", "tenant_id", "{key_secret_sealed,hook_secret_sealed}"),
            " union all ",
            not_rebuilt!("payments", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("tax_deductions", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("own_withholding_rules", "tenant_id", "{}"),
            " union all ",
            not_rebuilt!("gateway_events", "tenant_id", "{body}")
        ),
    },
    Check {
        name: "memberships.follow_people",
        about: "A membership is there for every active employee and retailer user, with the same role, and for nobody else.",
        sql: "with due as (
                select id, user_id, tenant_id, null::uuid as retailer_id, role from employees where is_active
                union all select id, user_id, null, retailer_id, role from retailer_users where is_active)
              select coalesce(d.tenant_id, m.tenant_id) as tenant, 'membership ' || coalesce(d.id, m.id)::text || ' does not follow its employee or retailer user' as what
                from due d full join memberships m on m.id = d.id
                where (d.user_id, d.tenant_id, d.retailer_id, d.role) is distinct from (m.user_id, m.tenant_id, m.retailer_id, m.role)",
    },
    Check {
        name: "sessions.end",
        about: "No session outlives its absolute expiry by a day, and none belongs to a disabled person.",
        sql: "select null::uuid as tenant, 'session ' || s.id::text || ' should have ended' as what from sessions s left join users u on u.id = s.user_id
                where s.expires_at < now() - interval '1 day' or u.disabled_at < s.created_at",
    },
];

/// Runs checks, in the order given, on a connection of the owner. One transaction: all see the same moment.
///
/// # Errors
/// When the database does not answer, lacks migrations, or a check can't be run.
pub fn run(owner_url: &str, checks: &[Check]) -> Result<Vec<Finding>, MigrateError> {
    run_on(&mut ready(owner_url)?, checks, None)
}

/// The same of one company's books: what belongs to no company is left out. Nothing where no company has this slug.
///
/// # Errors
/// As [`run`].
#[expect(clippy::disallowed_methods, reason = "a question of the owner's")]
pub fn run_of(
    owner_url: &str,
    checks: &[Check],
    slug: &str,
) -> Result<Option<Vec<Finding>>, MigrateError> {
    let mut pg = ready(owner_url)?;
    let found: Vec<Company> = diesel::sql_query("select id from companies where slug = $1")
        .bind::<Text, _>(slug)
        .load(&mut pg)?;
    let found = found.first().map(|company| company.id);
    found
        .map(|company| run_on(&mut pg, checks, Some(company)))
        .transpose()
}

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

fn ready(owner_url: &str) -> Result<PgConnection, MigrateError> {
    let mut pg = connect(owner_url)?;
    must_be_complete(&mut pg)?;
    Ok(pg)
}

fn run_on(
    pg: &mut PgConnection,
    checks: &[Check],
    company: Option<Uuid>,
) -> Result<Vec<Finding>, MigrateError> {
    pg.batch_execute("begin isolation level repeatable read read only")?;
    let findings = checks
        .iter()
        .map(|check| ask(pg, *check, company))
        .collect();
    pg.batch_execute("commit")?;
    findings
}

#[expect(
    clippy::disallowed_methods,
    reason = "each check is a statement of its own"
)]
fn ask(
    pg: &mut PgConnection,
    check: Check,
    company: Option<Uuid>,
) -> Result<Finding, MigrateError> {
    // Written out, not bound: a plan for any company would look at all of them.
    let whose = company.map_or_else(String::new, |id| format!("where tenant = '{id}'"));
    let limited = format!(
        "select tenant, what from ({}) as faults {whose} limit {MOST}",
        check.sql
    );
    let faults = diesel::sql_query(limited)
        .load(pg)
        .map_err(|error| MigrateError::Failed(format!("check {}: {error}", check.name)))?;
    Ok(Finding { check, faults })
}
