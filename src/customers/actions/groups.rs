//! The verbs of groups of customers.

use crate::customers::model::Group;
use crate::error::AppError;
use crate::kernel::ids::GroupId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::customer_groups;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Adds a group.
///
/// # Errors
/// The constraint `customer_groups_tenant_id_name_key` when the name is taken.
pub fn add_group(scope: &mut Scope, name: &str) -> Result<GroupId, AppError> {
    let (id, now) = (GroupId::new(), scope.now());
    scope.execute(diesel::insert_into(customer_groups::table).values((
        customer_groups::id.eq(id),
        customer_groups::name.eq(name),
        customer_groups::created_at.eq(now),
        customer_groups::updated_at.eq(now),
    )))?;
    Ok(id)
}

/// Renames a group, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// The constraint `customer_groups_tenant_id_name_key` when the name is taken.
pub fn rename_group(
    scope: &mut Scope,
    id: GroupId,
    name: &str,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let now = scope.now();
    let row = customer_groups::table.filter(
        customer_groups::tenant_id
            .eq(scope.tenant())
            .and(customer_groups::id.eq(id))
            .and(customer_groups::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        customer_groups::name.eq(name),
        customer_groups::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}

/// Deletes a group that nothing uses.
///
/// # Errors
/// `NotFound`; `Refused` while a customer or a price list is in it.
pub fn remove_group(scope: &mut Scope, id: GroupId) -> Result<Group, AppError> {
    let group = Group::find(scope, id)?;
    let removed = scope.attempt(|scope| {
        let row = customer_groups::table.filter(
            customer_groups::tenant_id
                .eq(scope.tenant())
                .and(customer_groups::id.eq(id)),
        );
        Ok(scope.execute(diesel::delete(row))?)
    });
    // Whether something points at it, the keys of the tables know best.
    match removed {
        Err(error)
            if error
                .constraint()
                .is_some_and(|name| name.contains("group_id")) =>
        {
            Err(AppError::refused(
                Said::new(
                    "Customers or price lists are in the group {name}. Move them to another group first.",
                )
                .with("name", group.name),
            ))
        }
        removed => {
            removed?;
            Ok(group)
        }
    }
}
