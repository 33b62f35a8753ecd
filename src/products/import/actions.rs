//! Writes a batch of a catalogue: a statement for each table, however many rows.

use super::model::{Stored, category_paths};
use crate::error::AppError;
use crate::kernel::ids::CategoryId;
use crate::platform::db::{Scope, prepared};
use diesel::sql_types::{Array, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The columns of products as arrays, in the order in which both statements name them.
macro_rules! bind_columns {
    ($query:expr, $rows:expr) => {{
        let rows = $rows;
        macro_rules! column {
            ($field:ident) => {
                rows.iter()
                    .map(|row| row.$field.clone())
                    .collect::<Vec<_>>()
            };
        }
        $query
            .bind::<Array<SqlUuid>, _>(column!(id))
            .bind::<Array<Text>, _>(column!(sku))
            .bind::<Array<Text>, _>(column!(name))
            .bind::<Array<Nullable<Text>>, _>(column!(name_hi))
            .bind::<Array<Nullable<Text>>, _>(column!(brand))
            .bind::<Array<Nullable<SqlUuid>>, _>(column!(category_id))
            .bind::<Array<Nullable<Text>>, _>(column!(description))
            .bind::<Array<Text>, _>(column!(hsn))
            .bind::<Array<Text>, _>(column!(tax_condition))
            .bind::<Array<Text>, _>(column!(unit))
            .bind::<Array<Numeric>, _>(column!(pack_size))
            .bind::<Array<Nullable<Text>>, _>(column!(pack_name))
            .bind::<Array<Nullable<Numeric>>, _>(column!(mrp))
            .bind::<Array<Nullable<Text>>, _>(column!(barcode))
            .bind::<Array<Nullable<Integer>>, _>(column!(weight_g))
            .bind::<Array<Text>, _>(column!(status))
    }};
}

/// New products.
#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays"
)]
pub fn insert(scope: &mut Scope, rows: &[&Stored]) -> Result<(), AppError> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = scope.now();
    let query = prepared(
        "insert into products (id, sku, name, name_hi, brand, category_id, description, hsn, tax_condition, unit, pack_size, pack_name, mrp, barcode, weight_g, status, created_at, updated_at)
           select u.*, $17, $17 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) u",
    );
    scope.execute(bind_columns!(query, rows).bind::<Timestamptz, _>(now))?;
    Ok(())
}

/// Products as they are from now on.
#[expect(
    clippy::disallowed_methods,
    reason = "one update of many rows by arrays"
)]
pub fn update(scope: &mut Scope, rows: &[&Stored]) -> Result<(), AppError> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = scope.now();
    let query = prepared(
        "update products p set name = u.name, name_hi = u.name_hi, brand = u.brand, category_id = u.category_id, description = u.description, hsn = u.hsn,
               tax_condition = u.tax_condition, unit = u.unit, pack_size = u.pack_size, pack_name = u.pack_name, mrp = u.mrp, barcode = u.barcode,
               weight_g = u.weight_g, status = u.status, updated_at = $17
           from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
               u(id, sku, name, name_hi, brand, category_id, description, hsn, tax_condition, unit, pack_size, pack_name, mrp, barcode, weight_g, status)
           where p.tenant_id = $18 and p.id = u.id",
    );
    let tenant = scope.tenant();
    scope.execute(
        bind_columns!(query, rows)
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(tenant),
    )?;
    Ok(())
}

/// The categories of these paths, made where they are missing, by path in small letters. One statement for what is there, one for each level
/// that is missing.
pub fn categories(
    scope: &mut Scope,
    paths: &BTreeMap<String, Vec<String>>,
) -> Result<HashMap<String, CategoryId>, AppError> {
    if paths.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known = category_paths(scope)?;
    let deepest = paths.values().map(Vec::len).max().unwrap_or_default();
    for level in 1..=deepest {
        let mut missing: BTreeMap<String, &[String]> = BTreeMap::new();
        for path in paths.values().filter_map(|path| path.get(..level)) {
            let key = path.join(" > ").to_lowercase();
            if !known.contains_key(&key) {
                missing.entry(key).or_insert(path);
            }
        }
        if !missing.is_empty() {
            make_level(scope, &known, &missing)?;
            known = category_paths(scope)?;
        }
    }
    Ok(known)
}

#[expect(
    clippy::disallowed_methods,
    reason = "one insert of many rows by arrays"
)]
fn make_level(
    scope: &mut Scope,
    known: &HashMap<String, CategoryId>,
    missing: &BTreeMap<String, &[String]>,
) -> Result<(), AppError> {
    let now = scope.now();
    let (mut ids, mut parents, mut names, mut slugs, mut paths) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (key, path) in missing {
        let Some((name, above)) = path.split_last() else {
            continue;
        };
        ids.push(CategoryId::new());
        parents.push(known.get(&above.join(" > ").to_lowercase()).copied());
        names.push(name.clone());
        slugs.push(slug(key));
        // The path of the parent as it is written there.
        paths.push(path.join(" > "));
    }
    // Somebody may have made one of them meanwhile: theirs is as good.
    scope.execute(
        prepared(
            "insert into categories (id, parent_id, name, slug, path, created_at, updated_at) select u.*, $6, $6 from unnest($1, $2, $3, $4, $5) u
               on conflict do nothing",
        )
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Nullable<SqlUuid>>, _>(parents)
        .bind::<Array<Text>, _>(names)
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<Text>, _>(paths)
        .bind::<Timestamptz, _>(now),
    )?;
    Ok(())
}

/// Its part of addresses: words of the path, and an end that no other category has, not even one that once had this path.
fn slug(path: &str) -> String {
    let mut words = String::new();
    for c in path.chars() {
        if c.is_ascii_alphanumeric() {
            words.push(c.to_ascii_lowercase());
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        if words.len() >= 60 {
            break;
        }
    }
    let end = Uuid::new_v4().simple().to_string();
    let words = words.trim_end_matches('-');
    if words.is_empty() {
        end[..8].to_owned()
    } else {
        format!("{words}-{}", &end[..8])
    }
}
