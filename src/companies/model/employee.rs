//! Employees: rows and queries.

use super::NameMark;
use crate::error::AppError;
use crate::kernel::email::Email;
use crate::kernel::ids::{EmployeeId, TenantId, UserId};
use crate::platform::db::schema::employees;
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::permissions::Role;
use crate::web::bulk;
use crate::web::list::{COUNT_CAP, ListQuery, Page, Sort, keyset};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

/// An employee.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = employees)]
pub struct Employee {
    pub id: EmployeeId,
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub title: Option<String>,
    pub role: String,
    pub is_active: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Employee {
    /// The role; an unknown code can't come out of the database, which checks it.
    pub fn role(&self) -> Role {
        Role::from_code(&self.role).unwrap_or(Role::Viewer)
    }
}

impl Employee {
    fn of<'q>(scope: &Scope) -> employees::BoxedQuery<'q, Pg> {
        employees::table
            .filter(employees::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// A company's people, for the platform; at most 200.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(tx: &mut PlatformTx, company: TenantId) -> Result<Vec<Self>, AppError> {
        Ok(tx.load(
            employees::table
                .filter(employees::tenant_id.eq(company))
                .order((employees::name, employees::id))
                .limit(200)
                .select(Self::as_select()),
        )?)
    }

    /// Whether somebody with this address works here now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn works_here(scope: &mut Scope, email: &Email) -> Result<bool, AppError> {
        let rows = Self::of(scope)
            .filter(employees::email.eq(email.as_str().to_owned()))
            .filter(employees::is_active)
            .select(employees::id);
        Ok(scope.maybe::<EmployeeId>(rows)?.is_some())
    }

    /// Name and address of everybody who works here now in one of some roles, by name; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn in_roles(scope: &mut Scope, roles: &[Role]) -> Result<Vec<(String, String)>, AppError> {
        let codes: Vec<String> = roles.iter().map(|role| role.code().to_owned()).collect();
        let rows = Self::of(scope)
            .filter(employees::role.eq_any(codes))
            .filter(employees::is_active)
            .order((employees::name, employees::id))
            .limit(100)
            .select((employees::name, employees::email));
        Ok(scope.load(rows)?)
    }

    /// One employee.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: EmployeeId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(employees::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// One employee, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: EmployeeId) -> Result<Self, AppError> {
        let query = employees::table
            .filter(
                employees::tenant_id
                    .eq(scope.tenant())
                    .and(employees::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Everybody whom the filter shows, in the order of their ids, for a change of all of them.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn ids(scope: &mut Scope, query: &ListQuery) -> Result<Vec<EmployeeId>, AppError> {
        let all = Self::matching(scope, query)
            .select(employees::id)
            .order(employees::id)
            .limit(bulk::MOST as i64 + 1);
        let ids = scope.load(all)?;
        bulk::refuse_too_many(ids.len())?;
        Ok(ids)
    }

    fn matching<'q>(scope: &Scope, query: &ListQuery) -> employees::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let codes: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        let roles = query.all("role", &codes);
        if !roles.is_empty() {
            rows = rows.filter(
                employees::role.eq_any(roles.into_iter().map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        match query.all("state", &["active", "ended"]).as_slice() {
            ["active"] => rows = rows.filter(employees::is_active),
            ["ended"] => rows = rows.filter(diesel::dsl::not(employees::is_active)),
            _ => {}
        }
        if let Some(search) = query.search() {
            // Behind row security no index would serve `ilike`: this function looks inside the company by itself.
            rows = rows.filter(
                sql::<Bool>("employees.id in (select search_employees(")
                    .bind::<Text, _>(search.to_owned())
                    .sql("))"),
            );
        }
        rows
    }

    /// How a list of people can be sorted.
    pub const SORTS: [&'static str; 1] = ["name"];

    /// How it is sorted unless told otherwise.
    pub const BY_NAME: Sort = Sort {
        by: "name",
        is_descending: false,
    };

    /// One page of people by name, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let cursor = query.cursor::<NameMark>();
        let sort = query.sort(&Self::SORTS, Self::BY_NAME);
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let rows = keyset!(
            rows,
            cursor.as_ref(),
            sort.is_descending,
            employees::name,
            employees::id
        );
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |employee: &Self| {
            (employee.name.clone(), employee.id.uuid())
        });
        let count = Self::matching(scope, query)
            .select(employees::id)
            .limit(COUNT_CAP + 1);
        Ok((page, scope.count(count)?))
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(scope: &mut Scope, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        let rows = Self::matching(scope, query)
            .select(Self::as_select())
            .order((employees::name, employees::id))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }

    /// How many people work here.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(scope: &mut Scope) -> Result<i64, AppError> {
        let query = Self::of(scope).filter(employees::is_active).count();
        Ok(scope.one(query)?)
    }
}
