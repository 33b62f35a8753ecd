//! The verbs of employees: add, change, end.

use crate::companies::model::Employee;
use crate::companies::rules;
use crate::error::AppError;
use crate::kernel::ids::{EmployeeId, UserId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::employees;
use crate::platform::permissions::Role;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// What is said of somebody who is to come in a second time.
pub(super) fn works_here() -> Said {
    Said::new("This person works here already. Change the role under People instead.")
}

/// Adds an employee; the membership follows by trigger. Somebody who worked here before comes back to their own row.
///
/// # Errors
/// `Refused` when the person works here now: an invitation never changes a role that somebody has.
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
    let back = new
        .on_conflict((employees::tenant_id, employees::user_id))
        .do_update()
        .set((
            employees::is_active.eq(true),
            employees::role.eq(role.code()),
            employees::updated_at.eq(now),
        ));
    let who_left = diesel::dsl::not(employees::is_active);
    let rows = scope.execute(diesel::query_dsl::methods::FilterDsl::filter(
        back, who_left,
    ))?;
    if rows == 0 {
        return Err(AppError::refused(works_here()));
    }
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

fn refuse_self() -> AppError {
    AppError::refused(Said::new(
        "Nobody changes their own role or ends their own access. Ask another owner or manager.",
    ))
}

/// Ends or gives back one employee's access, for somebody who may change people; refuses what changes nothing.
///
/// # Errors
/// `NotFound`; `Refused` for oneself, for an owner unless an owner does it, for the last owner, and when it is so already.
pub fn set_access(
    scope: &mut Scope,
    id: EmployeeId,
    actor: Role,
    is_active: bool,
) -> Result<(), AppError> {
    let (now, employee) = (scope.now(), Employee::lock(scope, id)?);
    if scope.member().user() == Some(employee.user_id) {
        return Err(refuse_self());
    }
    rules::may_give(actor, employee.role())
        .and_then(|()| rules::may_turn(&employee.name, employee.is_active, is_active))
        .map_err(AppError::refused)?;
    let row = employees::table.filter(
        employees::tenant_id
            .eq(scope.tenant())
            .and(employees::id.eq(id)),
    );
    let changed = scope.attempt(|scope| {
        scope.execute(diesel::update(row).set((
            employees::is_active.eq(is_active),
            employees::updated_at.eq(now),
        )))?;
        Ok(())
    });
    match changed {
        Err(error) if error.constraint() == Some("employees_keep_an_owner") => {
            Err(AppError::refused(rules::keep_an_owner()))
        }
        changed => changed,
    }
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
        return Err(refuse_self());
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
