//! The verbs of the tree: add, rename, move, delete. Each holds the whole tree of the company, so that paths stay right whoever does what.

use crate::error::AppError;
use crate::kernel::ids::CategoryId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::categories;
use crate::products::model::Category;
use crate::products::rules;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

/// A category to be.
#[derive(Clone, Debug)]
pub struct NewCategory {
    /// Name.
    pub name: String,
    /// The one above it, or `None` at the top.
    pub parent_id: Option<CategoryId>,
}

fn parent(tree: &[Category], id: Option<CategoryId>) -> Result<Option<&Category>, AppError> {
    let Some(id) = id else { return Ok(None) };
    match tree.iter().find(|category| category.id == id) {
        Some(found) => Ok(Some(found)),
        None => Err(AppError::refused(Said::new(
            "The category above is not there any more. Choose another one.",
        ))),
    }
}

fn refuse_twin(
    tree: &[Category],
    new: &NewCategory,
    but: Option<CategoryId>,
) -> Result<(), AppError> {
    let name = new.name.to_lowercase();
    let twin = tree.iter().find(|category| {
        category.parent_id == new.parent_id
            && Some(category.id) != but
            && category.name.to_lowercase() == name
    });
    match twin {
        None => Ok(()),
        Some(twin) => Err(AppError::refused(
            Said::new("There is a category {name} here already.").with("name", &twin.name),
        )),
    }
}

/// Adds a category.
///
/// # Errors
/// `Refused` when a sibling has the name or the path becomes too long.
pub fn add_category(scope: &mut Scope, new: &NewCategory) -> Result<CategoryId, AppError> {
    let tree = Category::lock_tree(scope)?;
    refuse_twin(&tree, new, None)?;
    let above = parent(&tree, new.parent_id)?.map(|above| above.path.as_str());
    let path = rules::path(above, &new.name).map_err(AppError::refused)?;
    let base = rules::slug(&new.name);
    let slug = std::iter::once(base.clone())
        .chain((2..).map(|number| format!("{base}-{number}")))
        .find(|slug| !tree.iter().any(|category| category.slug == *slug))
        .unwrap_or(base);
    let (id, now) = (CategoryId::new(), scope.now());
    scope.execute(diesel::insert_into(categories::table).values((
        categories::id.eq(id),
        categories::parent_id.eq(new.parent_id),
        categories::name.eq(&new.name),
        categories::slug.eq(slug),
        categories::path.eq(path),
        categories::created_at.eq(now),
        categories::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// Renames a category, or moves it with all that is below it, unless somebody saved since `version`; says whether it did. Every path below
/// changes with it. Its part of addresses stays.
///
/// # Errors
/// `NotFound`; `Refused` when a sibling there has the name, it would come below itself, or a path becomes too long.
pub fn save_category(
    scope: &mut Scope,
    id: CategoryId,
    change: &NewCategory,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let tree = Category::lock_tree(scope)?;
    let old = tree
        .iter()
        .find(|category| category.id == id)
        .ok_or(AppError::NotFound)?;
    if old.updated_at != version {
        return Ok(false);
    }
    refuse_twin(&tree, change, Some(id))?;
    let above = parent(&tree, change.parent_id)?;
    if above.is_some_and(|above| above.id == id || above.is_below(&old.path)) {
        return Err(AppError::refused(
            Said::new("{name} can't stand below itself.").with("name", &old.name),
        ));
    }
    let path = rules::path(above.map(|above| above.path.as_str()), &change.name)
        .map_err(AppError::refused)?;
    for below in tree.iter().filter(|category| category.is_below(&old.path)) {
        let rest = below.path.get(old.path.len() + 3..).unwrap_or_default();
        rules::path(Some(&path), rest).map_err(AppError::refused)?;
    }
    let now = scope.now();
    let row = categories::table.filter(
        categories::tenant_id
            .eq(scope.tenant())
            .and(categories::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        categories::name.eq(&change.name),
        categories::parent_id.eq(change.parent_id),
        categories::path.eq(&path),
        categories::updated_at.eq(now),
    )))?;
    let ids: Vec<CategoryId> = tree
        .iter()
        .filter(|category| category.is_below(&old.path))
        .map(|category| category.id)
        .collect();
    if !ids.is_empty() && path != old.path {
        let length = i32::try_from(old.path.chars().count()).map_err(AppError::internal)?;
        let rows = categories::table.filter(
            categories::tenant_id
                .eq(scope.tenant())
                .and(categories::id.eq_any(ids)),
        );
        let moved = sql::<Text>("")
            .bind::<Text, _>(path)
            .sql(" || substr(path, ")
            .bind::<Integer, _>(length + 1)
            .sql(")");
        scope.execute(
            diesel::update(rows).set((categories::path.eq(moved), categories::updated_at.eq(now))),
        )?;
    }
    Ok(true)
}

/// Deletes an empty category.
///
/// # Errors
/// `NotFound`; `Refused` while products or categories stand in it.
pub fn delete_category(scope: &mut Scope, id: CategoryId) -> Result<String, AppError> {
    let tree = Category::lock_tree(scope)?;
    let old = tree
        .iter()
        .find(|category| category.id == id)
        .ok_or(AppError::NotFound)?;
    may_delete(scope, old, &tree)?;
    let row = categories::table.filter(
        categories::tenant_id
            .eq(scope.tenant())
            .and(categories::id.eq(id)),
    );
    scope.execute(diesel::delete(row))?;
    Ok(old.name.clone())
}

fn may_delete(scope: &mut Scope, old: &Category, tree: &[Category]) -> Result<(), AppError> {
    if tree
        .iter()
        .any(|category| category.parent_id == Some(old.id))
    {
        return Err(AppError::refused(
            Said::new("{name} holds other categories. Move or delete them first.")
                .with("name", &old.name),
        ));
    }
    if Category::holds_products(scope, old.id)? {
        return Err(AppError::refused(
            Said::new("{name} holds products. Put them into another category first.")
                .with("name", &old.name),
        ));
    }
    Ok(())
}
