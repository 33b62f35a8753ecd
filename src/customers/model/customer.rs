//! A company's customers: rows and queries.

use super::line::{IS_CONNECTED, IS_INVITED, Line, STATUS_OF_CONNECTION, account};
use super::{Group, NameMark, TimeMark};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, GroupId, WarehouseId};
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use crate::platform::db::schema::{customers, warehouses};
use crate::web::bulk;
use crate::web::list::{ALL_FOUND, Found, ListQuery, Page, Sort, Total, keyset};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Numeric, Text};
use std::collections::HashMap;

/// States that a list of customers can be filtered by.
pub const STATUSES: [&str; 2] = ["active", "paused"];

/// How a customer stands to the portal, as a list can be filtered by it.
pub const PORTAL_STATES: [&str; 3] = ["connected", "invited", "none"];

/// A company's own record of a buyer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Customer {
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub gstin: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub city: Option<String>,
    pub language: String,
    pub group_id: Option<GroupId>,
    pub warehouse_id: Option<WarehouseId>,
    pub note: Option<String>,
    pub terms_days: i32,
    pub credit_limit: Option<Money>,
    pub status: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The columns of a [`Line`].
macro_rules! line {
    () => {
        (
            Customer::as_select(),
            account::<Nullable<Integer>>("open_orders"),
            account::<Nullable<Numeric>>("open_amount"),
            account::<Nullable<Numeric>>("unbilled"),
            account::<Nullable<Numeric>>("balance"),
            account::<Nullable<Date>>("next_delivery"),
            sql::<Nullable<Text>>(STATUS_OF_CONNECTION),
            sql::<Bool>(IS_INVITED),
        )
    };
}

/// A [`Line`] column by column, then the names of its group and its warehouse.
type Cells = (
    Customer,
    Option<i32>,
    Option<Money>,
    Option<Money>,
    Option<Money>,
    Option<NaiveDate>,
    Option<String>,
    bool,
    Option<String>,
    Option<String>,
);

impl Customer {
    fn of<'q>(scope: &Scope) -> customers::BoxedQuery<'q, Pg> {
        customers::table
            .filter(customers::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The customer with a code.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_code(scope: &mut Scope, code: &str) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(customers::code.eq(code.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The same, with what it has open.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn line(scope: &mut Scope, code: &str) -> Result<Line, AppError> {
        let query = Self::of(scope)
            .filter(customers::code.eq(code.to_owned()))
            .select(line!());
        Ok(scope.one(query)?)
    }

    /// The same, with the names of its group and its warehouse.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn whole(
        scope: &mut Scope,
        code: &str,
    ) -> Result<(Line, (Option<String>, Option<String>)), AppError> {
        let group = sql::<Nullable<Text>>(
            "(select g.name from customer_groups g where g.tenant_id = customers.tenant_id and g.id = customers.group_id)",
        );
        let warehouse = sql::<Nullable<Text>>(
            "(select w.name from warehouses w where w.tenant_id = customers.tenant_id and w.id = customers.warehouse_id)",
        );
        let query = Self::of(scope)
            .filter(customers::code.eq(code.to_owned()))
            .select((
                Customer::as_select(),
                account::<Nullable<Integer>>("open_orders"),
                account::<Nullable<Numeric>>("open_amount"),
                account::<Nullable<Numeric>>("unbilled"),
                account::<Nullable<Numeric>>("balance"),
                account::<Nullable<Date>>("next_delivery"),
                sql::<Nullable<Text>>(STATUS_OF_CONNECTION),
                sql::<Bool>(IS_INVITED),
                group,
                warehouse,
            ));
        let cells: Cells = scope.one(query)?;
        let line = Line {
            customer: cells.0,
            open_orders: cells.1,
            open_amount: cells.2,
            unbilled: cells.3,
            balance: cells.4,
            next_delivery: cells.5,
            connection: cells.6,
            is_invited: cells.7,
        };
        Ok((line, (cells.8, cells.9)))
    }

    /// One customer.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, id: CustomerId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(customers::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The customer with a code, locked for change: its addresses, invitations and connection are changed behind this lock.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, code: &str) -> Result<Self, AppError> {
        let query = customers::table
            .filter(
                customers::tenant_id
                    .eq(scope.tenant())
                    .and(customers::code.eq(code)),
            )
            .for_no_key_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// The next code of the usual kind that is free: C-0001, C-0002 …
    ///
    /// # Errors
    /// When the database refuses.
    pub fn next_code(scope: &mut Scope) -> Result<String, AppError> {
        let last =
            sql::<Nullable<Integer>>("max(substring(code from '^C-([0-9]{1,8})$')::integer)");
        let last: Option<i32> = scope.one(Self::of(scope).select(last))?;
        Ok(format!("C-{:04}", last.unwrap_or_default() + 1))
    }

    /// The warehouses that can serve a customer: id, code and name.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn warehouses(scope: &mut Scope) -> Result<Vec<(WarehouseId, String, String)>, AppError> {
        let rows = warehouses::table
            .filter(warehouses::tenant_id.eq(scope.tenant()))
            .filter(warehouses::is_active)
            .order(warehouses::code)
            .limit(200)
            .select((warehouses::id, warehouses::code, warehouses::name));
        Ok(scope.load(rows)?)
    }

    fn matching<'q>(
        scope: &Scope,
        query: &ListQuery,
        groups: &[Group],
        found: Option<&Found>,
    ) -> customers::BoxedQuery<'q, Pg> {
        let mut rows = Self::of(scope);
        let known: Vec<String> = groups.iter().map(|group| group.id.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let chosen: Vec<GroupId> = query
            .all("group", &known)
            .into_iter()
            .filter_map(|id| id.parse().ok())
            .collect();
        if !chosen.is_empty() {
            rows = rows.filter(customers::group_id.eq_any(chosen));
        }
        if let [status] = query.all("status", &STATUSES).as_slice() {
            rows = rows.filter(customers::status.eq((*status).to_owned()));
        }
        let states = query.all("portal", &PORTAL_STATES);
        if !states.is_empty() && states.len() < PORTAL_STATES.len() {
            let wants = |state| states.contains(&state).into_sql::<Bool>();
            let (connected, invited) = (sql::<Bool>(IS_CONNECTED), sql::<Bool>(IS_INVITED));
            let not_connected = diesel::dsl::not(sql::<Bool>(IS_CONNECTED));
            let not_invited = diesel::dsl::not(sql::<Bool>(IS_INVITED));
            rows = rows.filter(
                wants("connected")
                    .and(connected)
                    .or(wants("invited").and(not_connected.clone()).and(invited))
                    .or(wants("none").and(not_connected).and(not_invited)),
            );
        }
        if let Some(found) = found {
            rows = rows.filter(customers::id.eq_any(found.ids()));
        }
        rows
    }

    /// How a list of customers can be sorted.
    pub const SORTS: [&'static str; 3] = ["name", "code", "created"];

    /// How it is sorted unless told otherwise.
    pub const BY_NAME: Sort = Sort {
        by: "name",
        is_descending: false,
    };

    /// One page of customers, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(
        scope: &mut Scope,
        query: &ListQuery,
        groups: &[Group],
    ) -> Result<(Page<Line>, Total), AppError> {
        let sort = query.sort(&Self::SORTS, Self::BY_NAME);
        if query.search().is_some() {
            return Self::searched(scope, query, groups, sort);
        }
        let rows = Self::matching(scope, query, groups, None)
            .select(line!())
            .limit(query.size() + 1);
        let (size, is_down, id) = (query.size(), sort.is_descending, customers::id);
        let page = if sort.by == "created" {
            let cursor = query.cursor::<TimeMark>();
            let rows = keyset!(rows, cursor.as_ref(), is_down, customers::created_at, id);
            let rows = scope.load(rows)?;
            Page::new(rows, size, cursor.as_ref(), |row: &Line| {
                (row.customer.created_at, row.customer.id.uuid())
            })
        } else {
            let cursor = query.cursor::<NameMark>();
            let is_by_code = sort.by == "code";
            let rows = if is_by_code {
                scope.load(keyset!(rows, cursor.as_ref(), is_down, customers::code, id))?
            } else {
                scope.load(keyset!(rows, cursor.as_ref(), is_down, customers::name, id))?
            };
            Page::new(rows, size, cursor.as_ref(), |row: &Line| {
                let by = if is_by_code {
                    &row.customer.code
                } else {
                    &row.customer.name
                };
                (by.clone(), row.customer.id.uuid())
            })
        };
        let count = Self::matching(scope, query, groups, None)
            .select(customers::id)
            .limit(query.counted());
        Ok((page, Total::of(query, scope.count(count)?)))
    }

    /// The same of a search: all that it will ever show is read, but no more than its page is looked up in other tables.
    fn searched(
        scope: &mut Scope,
        query: &ListQuery,
        groups: &[Group],
        sort: Sort,
    ) -> Result<(Page<Line>, Total), AppError> {
        let (is_down, id) = (sort.is_descending, customers::id);
        let found = Self::found(scope, query, query.candidates())?;
        let rows = Self::matching(scope, query, groups, found.as_ref()).limit(query.reads());
        let (page, total) = if sort.by == "created" {
            let rows = rows.select((id, customers::created_at));
            let cursor = query.cursor::<TimeMark>();
            let from = query.reads_from(cursor.as_ref());
            let rows: Vec<(CustomerId, DateTime<Utc>)> =
                scope.load(keyset!(rows, from, is_down, customers::created_at, id))?;
            let rows = (rows, found.as_ref());
            let (page, total) =
                Page::read(rows, query, cursor.as_ref(), |row| (row.1, row.0.uuid()));
            (page.map(|row| row.0), total)
        } else {
            let cursor = query.cursor::<NameMark>();
            let from = query.reads_from(cursor.as_ref());
            let rows: Vec<(CustomerId, String)> = if sort.by == "code" {
                let rows = rows.select((id, customers::code));
                scope.load(keyset!(rows, from, is_down, customers::code, id))?
            } else {
                let rows = rows.select((id, customers::name));
                scope.load(keyset!(rows, from, is_down, customers::name, id))?
            };
            let rows = (rows, found.as_ref());
            let (page, total) = Page::read(rows, query, cursor.as_ref(), |row| {
                (row.1.clone(), row.0.uuid())
            });
            (page.map(|row| row.0), total)
        };
        let shown = Self::of(scope)
            .filter(id.eq_any(page.rows.clone()))
            .select(line!());
        let lines: Vec<Line> = scope.load(shown)?;
        let mut lines: HashMap<CustomerId, Line> = lines
            .into_iter()
            .map(|line| (line.customer.id, line))
            .collect();
        let page = page.filter_map(|id| lines.remove(&id));
        Ok((page, total.unwrap_or_default()))
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(
        scope: &mut Scope,
        query: &ListQuery,
        groups: &[Group],
    ) -> Result<Vec<Line>, AppError> {
        let found = Self::found(scope, query, ALL_FOUND)?;
        let rows = Self::matching(scope, query, groups, found.as_ref())
            .select(line!())
            .order((customers::name, customers::id))
            .limit(100_000);
        Ok(scope.load(rows)?)
    }

    /// Codes of these customers, in the order of their ids.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn codes(
        scope: &mut Scope,
        ids: Vec<uuid::Uuid>,
    ) -> Result<Vec<(CustomerId, String)>, AppError> {
        let rows = Self::of(scope)
            .filter(customers::id.eq_any(ids))
            .order(customers::id)
            .select((customers::id, customers::code));
        Ok(scope.load(rows)?)
    }

    /// Everybody whom the filter shows, in the order of their ids, for a change of all of them.
    ///
    /// # Errors
    /// `Refused` when they are too many.
    pub fn matching_codes(
        scope: &mut Scope,
        query: &ListQuery,
    ) -> Result<Vec<(CustomerId, String)>, AppError> {
        let groups = Group::all(scope)?;
        let found = Self::found(scope, query, ALL_FOUND)?;
        let rows = Self::matching(scope, query, &groups, found.as_ref())
            .select((customers::id, customers::code))
            .order(customers::id)
            .limit(bulk::MOST as i64 + 1);
        let found = scope.load(rows)?;
        bulk::refuse_too_many(found.len())?;
        Ok(found)
    }
}
