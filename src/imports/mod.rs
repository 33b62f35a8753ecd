//! Files that become rows: a file is uploaded, its columns are mapped, every row is checked, and a job writes them, each exactly once.
//!
//! What this room keeps: nothing of a file is written before somebody has seen what would come of it and said so. A batch of rows and the count
//! of rows done change in one transaction, so a job that comes again goes on where the last one stopped. A row is refused alone, with a reason.
//!
//! It knows no goods and no stock: a domain declares an [`Importer`], and `app` mounts it.

pub mod actions;
pub mod forms;
pub mod importer;
pub mod jobs;
pub mod model;
mod pages;
pub mod read;
pub mod rules;
mod views;

pub use importer::{FieldSpec, Importer, Kind, Line, Mode, OptionSpec, Outcome, Run, Settings};

use crate::platform::permissions::{Company, Permission};
use crate::platform::verify::Check;
use crate::web::Routes;

/// The list of imports.
pub fn routes(r: &mut Routes) {
    r.page("/c/{company}/imports", pages::index);
}

/// The pages of one kind of import, under the address of its domain (`/products/import`).
pub fn mount<I: Importer>(r: &mut Routes)
where
    I::Permission: Permission<Door = Company>,
{
    let base = format!("/c/{{company}}{}", I::KIND.path);
    r.page(&base, pages::new::<I>);
    r.change(&base, pages::create::<I>);
    r.page(&format!("{base}/{{id}}"), pages::show::<I>);
    r.change(&format!("{base}/{{id}}"), pages::choose::<I>);
    r.change(&format!("{base}/{{id}}/run"), pages::run::<I>);
    r.part(&format!("{base}/{{id}}/refused"), pages::refused::<I>);
}

/// What `mandi verify` asks of imports.
pub const CHECKS: &[Check] = &[Check {
    name: "imports.every_row_counted",
    about: "A finished import has counted each row of its file once, and has a reason for each row that it refused.",
    sql: "select i.tenant_id as tenant, 'import ' || i.id::text || ' has done ' || i.rows_done || ' of ' || coalesce(i.rows_total::text, '?') || ' rows and refused ' || i.refused || ', of which ' || r.told || ' with a reason' as what
            from imports i cross join lateral (
                select count(*) as told from import_rows r where r.tenant_id = i.tenant_id and r.import_id = i.id and r.outcome = 'refused'
            ) r
            where i.status = 'done' and (i.rows_done is distinct from i.rows_total or r.told <> i.refused)",
}];
