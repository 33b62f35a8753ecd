//! The verbs of employees: add, change, end.

use crate::companies::model::Employee;
use crate::error::AppError;
use crate::kernel::ids::{EmployeeId, UserId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::employees;
use crate::platform::permissions::Role;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Adds an employee; the membership follows by trigger. Somebody who worked here before comes back to their own row.
///
/// # Errors
/// When the database refuses.
pub fn add_employee(
    scope: &mut Scope,
    user: UserId,
    name: &str,
    email: &str,
    role: Role,
) -> Result<(), AppError> {
    let now = scope.now();
    let new = diesel::insert_into(employees::table).values((
        employees::id.eq(EmployeeId::new()),
        employees::user_id.eq(user),
        employees::name.eq(name),
        employees::email.eq(email),
        employees::role.eq(role.code()),
        employees::created_at.eq(now),
        employees::updated_at.eq(now),
    ));
    scope.execute(
        new.on_conflict((employees::tenant_id, employees::user_id))
            .do_update()
            .set((
                employees::is_active.eq(true),
                employees::role.eq(role.code()),
                employees::updated_at.eq(now),
            )),
    )?;
    Ok(())
}

/// An employee's record as it is to be.
#[derive(Clone, Debug)]
pub struct EmployeeChange {
    pub name: String,
    pub title: Option<String>,
    pub phone: Option<String>,
    pub role: Role,
    pub is_active: bool,
}

/// Saves an employee, unless somebody saved since `version`; says whether it did.
///
/// # Errors
/// `Refused` for one's own role; the constraint `employees_keep_an_owner` for the last owner.
pub fn save_employee(
    scope: &mut Scope,
    id: EmployeeId,
    change: &EmployeeChange,
    version: DateTime<Utc>,
) -> Result<bool, AppError> {
    let (now, employee) = (scope.now(), Employee::find(scope, id)?);
    let is_self = scope.member().user() == Some(employee.user_id);
    if is_self && (employee.role() != change.role || !change.is_active) {
        return Err(AppError::refused(Said::new(
            "Nobody changes their own role or ends their own access. Ask another owner or manager.",
        )));
    }
    let row = employees::table.filter(
        employees::tenant_id
            .eq(scope.tenant())
            .and(employees::id.eq(id))
            .and(employees::updated_at.eq(version)),
    );
    let rows = scope.execute(diesel::update(row).set((
        employees::name.eq(&change.name),
        employees::title.eq(&change.title),
        employees::phone.eq(&change.phone),
        employees::role.eq(change.role.code()),
        employees::is_active.eq(change.is_active),
        employees::updated_at.eq(now),
    )))?;
    Ok(rows == 1)
}
