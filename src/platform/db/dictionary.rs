//! The data dictionary: the comments on tables and columns, as a page.

use super::migrate::{MigrateError, connect};
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};
use std::fmt::Write;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    table_about: Option<String>,
    #[diesel(sql_type = Bool)]
    is_walled: bool,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
    #[diesel(sql_type = Nullable<Text>)]
    about: Option<String>,
}

const COLUMNS: &str = "select c.relname::text as table_name, obj_description(c.oid) as table_about,
        c.relrowsecurity as is_walled, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as kind,
        a.attnotnull as is_required, col_description(c.oid, a.attnum) as about
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '__diesel_schema_migrations'
    order by c.relname, a.attnum";

/// The page, in Markdown.
///
/// # Errors
/// When the database does not answer.
#[expect(
    clippy::disallowed_methods,
    reason = "asks the catalogue, which the query builder does not know"
)]
pub fn write(owner_url: &str) -> Result<String, MigrateError> {
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(&mut connect(owner_url)?)?;
    let mut page = String::from(
        "# Data dictionary\n\nWritten by `mandi schema` from the comments in the database; a test keeps it true. \
         \"Company\" tables stand behind row security: a transaction sees one company's rows.\n",
    );
    let mut last = "";
    for column in &columns {
        if column.table_name != last {
            let wall = if column.is_walled {
                "Company"
            } else {
                "Global"
            };
            let about = column.table_about.as_deref().unwrap_or_default();
            // Writing to a String can't fail.
            let _ = write!(
                page,
                "\n## {}\n\n{wall}. {about}\n\n| column | type | | meaning |\n|---|---|---|---|\n",
                column.table_name
            );
            last = &column.table_name;
        }
        let required = if column.is_required { "required" } else { "" };
        let about = column
            .about
            .as_deref()
            .unwrap_or_default()
            .replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {} | {required} | {about} |",
            column.name, column.kind
        );
    }
    Ok(page)
}
