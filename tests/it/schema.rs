//! What the database promises, asked of its own catalogue: walls, keys, indexes, comments, and migrations that go both ways.

use crate::support::{app, connect, postgres};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;
use mandi::platform::db::migrate::MIGRATIONS;

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Tables that belong to no company: only the platform role reaches them.
const GLOBAL: &str = "'users','memberships','sessions','one_time_codes','sign_in_attempts','retailers','retailer_users','jobs','job_attempts','schedules','mails','idempotency_keys','authority_keys','__diesel_schema_migrations'";

/// Tables of the State: every company reads them, migrations alone write them.
const REFERENCE: &str = "'hsn_codes','tax_rates','eway_bill_limits','withholding_rules'";

/// Kept beside documents and ledgers in the same transaction, each with a check of its own in `mandi verify`; or nobody's books yet.
const UNAUDITED: &str = "'audit_entries','stock_levels','reservations','customer_accounts','number_series','carts','cart_lines','import_rows','product_words','document_counters','einvoice_sessions','open_items','ledger_months','order_days','einvoice_looks'";

/// What is wrong with the walls of a database.
fn faults(pg: &mut PgConnection) -> Vec<String> {
    let questions = [
        // Every table of a company has forced row security and the wall's policy.
        format!(
            "select c.relname || ' has no forced row security' as what from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
               and c.relname not in ({GLOBAL}, {REFERENCE}) and not (c.relrowsecurity and c.relforcerowsecurity)"
        ),
        format!(
            "select c.relname || ' has no tenant_wall' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ({GLOBAL}, {REFERENCE})
               and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_wall'
                   and pg_get_expr(p.polqual, c.oid) like '%app.tenant_id%' and array(select rolname::text from pg_roles where oid = any(p.polroles)) = '{{mandi_app}}')"
        ),
        // The application's role reaches no global table.
        format!(
            "select c.relname || ' is open to mandi_app' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and c.relname in ({GLOBAL})
               and (has_table_privilege('mandi_app', c.oid, 'select') or has_table_privilege('mandi_app', c.oid, 'insert') or has_table_privilege('mandi_app', c.oid, 'update') or has_table_privilege('mandi_app', c.oid, 'delete'))"
        ),
        format!(
            "select c.relname || ' can be written' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname in ({REFERENCE})
               and (has_table_privilege('mandi_app', c.oid, 'insert, update, delete') or has_table_privilege('mandi_platform', c.oid, 'insert, update, delete'))"
        ),
        // The tenant leads every key of a company's table.
        format!(
            "select c.relname || ' has a primary key that does not begin with tenant_id' from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
               where c.relnamespace = 'public'::regnamespace and c.relname not in ({GLOBAL}, {REFERENCE}) and c.relname <> 'companies'
               and (select attname from pg_attribute where attrelid = c.oid and attnum = i.indkey[0]) <> 'tenant_id'"
        ),
        format!(
            "select c.relname || ' has no primary key' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ({GLOBAL}, {REFERENCE})
               and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)"
        ),
        // Foreign keys are checked without row security, so between companies' tables the tenant travels in the key.
        format!(
            "select k.conrelid::regclass || '.' || k.conname || ' does not carry tenant_id' from pg_constraint k
               join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
               where k.contype = 'f' and k.connamespace = 'public'::regnamespace and c.relname not in ({GLOBAL}, {REFERENCE}) and f.relname not in ({GLOBAL}, {REFERENCE}) and f.relname <> 'companies' and c.relname <> 'companies'
               and not exists (select from unnest(k.conkey) n join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n where a.attname = 'tenant_id')"
        ),
        // Every foreign key has an index that begins with its columns.
        "select k.conrelid::regclass || '.' || k.conname || ' has no index' from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace
               and not exists (select from pg_index i where i.indrelid = k.conrelid and (
                   select array_agg(n order by n) from unnest(k.conkey) n) <@ (select array_agg(i.indkey[p]) from generate_series(0, cardinality(k.conkey) - 1) p))
               and not (cardinality(k.conkey) = 1 and exists (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1]))"
            .to_owned(),
        // Every change of every row of a company is audited.
        format!(
            "select c.relname || ' is not audited' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ({GLOBAL}, {REFERENCE}) and c.relname not in ({UNAUDITED})
               and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname in ('audit', 'append_only') and t.tgenabled = 'O')"
        ),
        // A trigger for changes alone has a twin for what is new.
        "select t.tgrelid::regclass || ' is added to without audit' from pg_trigger t where t.tgname = 'audit' and t.tgtype & 4 = 0 and not exists (
               select from pg_trigger n where n.tgrelid = t.tgrelid and n.tgname = 'audit_new' and n.tgtype & 4 = 4 and n.tgenabled = 'O')".to_owned(),
        // The roles own nothing and can't go round row security.
        "select rolname || ' is too mighty' from pg_roles where rolname in ('mandi_app', 'mandi_platform') and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin)".to_owned(),
        "select relname || ' is owned by a working role' from pg_class where relowner in (select oid from pg_roles where rolname in ('mandi_app', 'mandi_platform'))".to_owned(),
        // A function with the owner's rights has a fixed search path, and only those meant for everybody are open to everybody.
        "select proname || ' has no fixed search_path' from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and not exists (select from unnest(proconfig) c where c like 'search_path=%')".to_owned(),
        "select proname || ' may be run by everybody' from pg_proc p where pronamespace = 'public'::regnamespace and prosecdef and proname <> 'session_open' and has_function_privilege('public', p.oid, 'execute')".to_owned(),
        // Whoever reads the schema finds words.
        "select c.relname || ' has no comment' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '__diesel_schema_migrations' and obj_description(c.oid) is null".to_owned(),
        "select c.relname || '.' || a.attname || ' has no comment' from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '__diesel_schema_migrations' and col_description(c.oid, a.attnum) is null"
            .to_owned(),
    ];
    questions
        .iter()
        .flat_map(|question| {
            let question = format!("select what::text from ({question}) as q(what) order by 1");
            diesel::sql_query(&question)
                .load::<Fault>(pg)
                .unwrap_or_else(|error| panic!("{error} in {question}"))
        })
        .map(|fault| fault.what)
        .collect()
}

#[test]
fn every_table_stands_behind_its_wall() {
    let mut pg = app().owner();
    assert_eq!(faults(&mut pg), Vec::<String>::new());
}

#[test]
fn a_table_without_a_wall_is_found() {
    // given: a database in which somebody forgot
    let urls = postgres::server().database("leaky");
    mandi::platform::db::migrate::migrate(&urls.owner, &urls.app).unwrap();
    let mut pg = connect(&urls.owner);
    assert_eq!(faults(&mut pg), Vec::<String>::new());
    pg.batch_execute(
        "create table notes (id uuid primary key, tenant_id uuid not null references companies, customer_id uuid, said text);
         create table pages (tenant_id uuid not null references companies, id uuid not null, customer_id uuid references users, primary key (tenant_id, id));
         select make_tenant_table('pages');
         alter table pages no force row level security;
         drop trigger audit on pages;
         drop trigger audit_new on products;
         create function leak() returns text language sql security definer as $$ select 'x' $$;
         grant select on users to mandi_app;
         grant execute on function leak() to public;",
    )
    .unwrap();

    // when
    let found = faults(&mut pg);

    // then
    for expected in [
        "notes has no forced row security",
        "notes has no tenant_wall",
        "notes has a primary key that does not begin with tenant_id",
        "notes is not audited",
        "notes has no comment",
        "notes.said has no comment",
        "notes.notes_tenant_id_fkey has no index",
        "pages has no forced row security",
        "pages is not audited",
        "products is added to without audit",
        "pages.pages_customer_id_fkey has no index",
        "users is open to mandi_app",
        "leak has no fixed search_path",
        "leak may be run by everybody",
    ] {
        assert!(
            found.iter().any(|what| what == expected),
            "not found: {expected}; found {found:#?}"
        );
    }
}

#[test]
fn every_migration_goes_down_and_up_again() {
    // given
    let urls = postgres::server().database("round_trip");
    mandi::platform::db::migrate::migrate(&urls.owner, &urls.app).unwrap();
    let before = dump(&urls.owner);
    let mut pg = connect(&urls.owner);

    // when: each one down, then all up
    let undone = pg.revert_all_migrations(MIGRATIONS).unwrap();
    assert_eq!(undone.len(), mandi::platform::db::migrate::known());
    let empty = dump(&urls.owner);
    pg.run_pending_migrations(MIGRATIONS).unwrap();

    // then
    assert_eq!(dump(&urls.owner), before);
    for word in ["CREATE TABLE public.companies", "CREATE FUNCTION"] {
        assert!(before.contains(word));
        assert!(!empty.contains(word), "left behind: {empty}");
    }
}

/// The schema as SQL, without what differs from dump to dump.
fn dump(url: &str) -> String {
    let output = std::process::Command::new("pg_dump")
        .args(["--schema-only", "--no-owner", url])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_audit_can_not_be_changed_even_by_its_owner() {
    let mut pg = app().owner();
    let changed = pg.batch_execute("update audit_entries set at = now()");
    let emptied = pg.batch_execute("truncate audit_entries");
    // An update of no row fires no row trigger, so the statement may pass on an empty table; truncate never does.
    if let Err(error) = changed {
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    assert!(
        emptied
            .unwrap_err()
            .to_string()
            .contains("audit_entries is append-only: truncate is refused")
    );
}
