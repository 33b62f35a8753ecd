//! Rows of companies, and every query of them. A table's queries start at its `of` (one company) or `across` (the platform).

use crate::error::AppError;
use crate::kernel::ids::{EmployeeId, InvitationId, RegistrationId, TenantId, UserId};
use crate::platform::db::schema::{companies, employees, gst_registrations, invitations, users};
use crate::platform::db::{PlatformTx, Scope};
use crate::platform::permissions::Role;
use crate::web::list::{COUNT_CAP, Cursor, ListQuery, Page, Sort};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

/// A company.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = companies)]
pub struct Company {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub legal_name: String,
    pub pan: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub pincode: Option<String>,
    pub hue: i16,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A GST registration.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gst_registrations)]
pub struct Registration {
    pub id: RegistrationId,
    pub gstin: String,
    pub state_code: String,
    pub trade_name: String,
    pub is_primary: bool,
}

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

/// An invitation.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub tenant_id: TenantId,
    pub id: InvitationId,
    pub email: String,
    pub name: String,
    pub role: String,
    pub language: String,
    pub status: String,
    pub sent_count: i32,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// Where a page of a list of companies begins.
pub type NameMark = (String, Uuid);
/// Where a page of a list by time begins.
pub type TimeMark = (DateTime<Utc>, Uuid);

/// States that a list of companies can be filtered by.
pub const STATES: [&str; 4] = ["active", "suspended", "closing", "closed"];

impl Company {
    fn across<'q>() -> companies::BoxedQuery<'q, Pg> {
        companies::table.into_boxed()
    }

    fn of<'q>(scope: &Scope) -> companies::BoxedQuery<'q, Pg> {
        companies::table
            .filter(companies::id.eq(scope.tenant()))
            .into_boxed()
    }

    /// This transaction's company.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn own(scope: &mut Scope) -> Result<Self, AppError> {
        let query = Self::of(scope).select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// A company, for the platform.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(tx: &mut PlatformTx, id: TenantId) -> Result<Self, AppError> {
        Ok(tx.one(
            Self::across()
                .filter(companies::id.eq(id))
                .select(Self::as_select()),
        )?)
    }

    /// A company, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_across(tx: &mut PlatformTx, id: TenantId) -> Result<Self, AppError> {
        Ok(tx.one(
            companies::table
                .filter(companies::id.eq(id))
                .for_update()
                .select(Self::as_select()),
        )?)
    }

    /// What the filter shows: by name, slug or PAN, and by state.
    fn matching<'q>(query: &ListQuery) -> companies::BoxedQuery<'q, Pg> {
        let mut rows = Self::across();
        let states = query.all("status", &STATES);
        if !states.is_empty() {
            rows = rows.filter(
                companies::status.eq_any(states.into_iter().map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        if let Some(search) = query.search() {
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(
                companies::name
                    .ilike(like.clone())
                    .or(companies::slug.ilike(like.clone()))
                    .or(companies::pan.ilike(like)),
            );
        }
        rows
    }

    /// How a list of companies can be sorted.
    pub const SORTS: [&'static str; 2] = ["name", "opened"];

    /// How it is sorted unless told otherwise: the newest first.
    pub const NEWEST: Sort = Sort {
        by: "opened",
        is_descending: true,
    };

    /// One page of companies, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        let sort = query.sort(&Self::SORTS, Self::NEWEST);
        let rows = Self::matching(query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        let page = if sort.by == "name" {
            let cursor = query.cursor::<NameMark>();
            let found = tx.load(by_name(rows, cursor.as_ref(), sort.is_descending))?;
            Page::new(found, query.size(), cursor.as_ref(), |company| {
                (company.name.clone(), company.id.uuid())
            })
        } else {
            let cursor = query.cursor::<TimeMark>();
            let found = tx.load(by_time(rows, cursor.as_ref(), sort.is_descending))?;
            Page::new(found, query.size(), cursor.as_ref(), |company| {
                (company.created_at, company.id.uuid())
            })
        };
        let counted: Vec<TenantId> = tx.load(
            Self::matching(query)
                .select(companies::id)
                .limit(COUNT_CAP + 1),
        )?;
        Ok((page, i64::try_from(counted.len()).unwrap_or(i64::MAX)))
    }

    /// Everything that the filter shows, for an export; at most 100,000.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn export(tx: &mut PlatformTx, query: &ListQuery) -> Result<Vec<Self>, AppError> {
        Ok(tx.load(
            Self::matching(query)
                .select(Self::as_select())
                .order((companies::name, companies::id))
                .limit(100_000),
        )?)
    }

    /// How many companies are in which state.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn counts(tx: &mut PlatformTx) -> Result<Vec<(String, i64)>, AppError> {
        let grouped = companies::table
            .group_by(companies::status)
            .select((companies::status, diesel::dsl::count_star()));
        Ok(tx.load(grouped)?)
    }
}

type Companies<'q> = diesel::helper_types::IntoBoxed<
    'q,
    diesel::helper_types::Select<companies::table, diesel::helper_types::AsSelect<Company, Pg>>,
    Pg,
>;

/// Sorted by name and id, from a mark on.
fn by_name<'q>(
    rows: Companies<'q>,
    cursor: Option<&Cursor<NameMark>>,
    is_descending: bool,
) -> Companies<'q> {
    use companies::{id, name};
    let (mark, is_back) = split(cursor);
    let is_down = is_descending != is_back;
    let rows = match (mark.cloned(), is_down) {
        (Some((at, last)), true) => {
            rows.filter(name.lt(at.clone()).or(name.eq(at).and(id.lt(last))))
        }
        (Some((at, last)), false) => {
            rows.filter(name.gt(at.clone()).or(name.eq(at).and(id.gt(last))))
        }
        (None, _) => rows,
    };
    if is_down {
        rows.order((name.desc(), id.desc()))
    } else {
        rows.order((name.asc(), id.asc()))
    }
}

/// Sorted by the day of opening and id, from a mark on.
fn by_time<'q>(
    rows: Companies<'q>,
    cursor: Option<&Cursor<TimeMark>>,
    is_descending: bool,
) -> Companies<'q> {
    use companies::{created_at, id};
    let (mark, is_back) = split(cursor);
    let is_down = is_descending != is_back;
    let rows = match (mark.copied(), is_down) {
        (Some((at, last)), true) => {
            rows.filter(created_at.lt(at).or(created_at.eq(at).and(id.lt(last))))
        }
        (Some((at, last)), false) => {
            rows.filter(created_at.gt(at).or(created_at.eq(at).and(id.gt(last))))
        }
        (None, _) => rows,
    };
    if is_down {
        rows.order((created_at.desc(), id.desc()))
    } else {
        rows.order((created_at.asc(), id.asc()))
    }
}

fn split<K>(cursor: Option<&Cursor<K>>) -> (Option<&K>, bool) {
    match cursor {
        Some(Cursor::After(mark)) => (Some(mark), false),
        Some(Cursor::Before(mark)) => (Some(mark), true),
        None => (None, false),
    }
}

impl Registration {
    fn of<'q>(scope: &Scope) -> gst_registrations::BoxedQuery<'q, Pg> {
        gst_registrations::table
            .filter(gst_registrations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's registrations, the primary one first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((
                gst_registrations::is_primary.desc(),
                gst_registrations::gstin,
            ))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// A company's registrations, for the platform.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(tx: &mut PlatformTx, company: TenantId) -> Result<Vec<Self>, AppError> {
        let all = gst_registrations::table.filter(gst_registrations::tenant_id.eq(company));
        Ok(tx.load(
            all.order((
                gst_registrations::is_primary.desc(),
                gst_registrations::gstin,
            ))
            .limit(100)
            .select(Self::as_select()),
        )?)
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
            let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
            rows = rows.filter(
                employees::name
                    .ilike(like.clone())
                    .or(employees::email.ilike(like)),
            );
        }
        rows
    }

    /// One page of people by name, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn list(scope: &mut Scope, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        use employees::{id, name};
        let cursor = query.cursor::<NameMark>();
        let sort = query.sort(
            &["name"],
            Sort {
                by: "name",
                is_descending: false,
            },
        );
        let (mark, is_back) = split(cursor.as_ref());
        let is_down = sort.is_descending != is_back;
        let mut rows = Self::matching(scope, query)
            .select(Self::as_select())
            .limit(query.size() + 1);
        rows = match (mark.cloned(), is_down) {
            (Some((at, last)), true) => {
                rows.filter(name.lt(at.clone()).or(name.eq(at).and(id.lt(last))))
            }
            (Some((at, last)), false) => {
                rows.filter(name.gt(at.clone()).or(name.eq(at).and(id.gt(last))))
            }
            (None, _) => rows,
        };
        rows = if is_down {
            rows.order((name.desc(), id.desc()))
        } else {
            rows.order((name.asc(), id.asc()))
        };
        let found = scope.load(rows)?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |employee: &Self| {
            (employee.name.clone(), employee.id.uuid())
        });
        let count = Self::matching(scope, query).select(id).limit(COUNT_CAP + 1);
        let counted: Vec<EmployeeId> = scope.load(count)?;
        Ok((page, i64::try_from(counted.len()).unwrap_or(i64::MAX)))
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

impl Invitation {
    fn of<'q>(scope: &Scope) -> invitations::BoxedQuery<'q, Pg> {
        invitations::table
            .filter(invitations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The company's invitations, newest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn all(scope: &mut Scope) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .order((invitations::created_at.desc(), invitations::id.desc()))
            .limit(100)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// An invitation of the company, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: InvitationId) -> Result<Self, AppError> {
        let query = invitations::table
            .filter(
                invitations::tenant_id
                    .eq(scope.tenant())
                    .and(invitations::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }

    /// Invitations of all companies with the company's name, newest first; at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(
        tx: &mut PlatformTx,
        company: Option<TenantId>,
    ) -> Result<Vec<(Self, String)>, AppError> {
        let mut rows = invitations::table
            .inner_join(companies::table)
            .select((Self::as_select(), companies::name))
            .into_boxed();
        if let Some(company) = company {
            rows = rows.filter(invitations::tenant_id.eq(company));
        }
        Ok(tx.load(
            rows.order((invitations::created_at.desc(), invitations::id.desc()))
                .limit(100),
        )?)
    }

    /// Whose invitation this is, for the platform.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn owner_across(tx: &mut PlatformTx, id: InvitationId) -> Result<TenantId, AppError> {
        Ok(tx.one(
            invitations::table
                .filter(invitations::id.eq(id))
                .select(invitations::tenant_id),
        )?)
    }

    /// The invitation of a token's hash with its company, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn across_by_token(tx: &mut PlatformTx, hash: &[u8]) -> Result<(Self, Company), AppError> {
        let invitation: Self = tx.one(
            invitations::table
                .filter(invitations::token_hash.eq(hash))
                .for_update()
                .select(Self::as_select()),
        )?;
        let company = Company::find(tx, invitation.tenant_id)?;
        Ok((invitation, company))
    }

    /// The invitation of a token's hash with its company, to be looked at.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn peek_across(tx: &mut PlatformTx, hash: &[u8]) -> Result<(Self, Company), AppError> {
        let invitation: Self = tx.one(
            invitations::table
                .filter(invitations::token_hash.eq(hash))
                .select(Self::as_select()),
        )?;
        let company = Company::find(tx, invitation.tenant_id)?;
        Ok((invitation, company))
    }
}

/// A person as the platform sees them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct PersonRow {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub is_platform_admin: bool,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl PersonRow {
    /// One page of people of the whole installation, newest first, and how many match.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn across(tx: &mut PlatformTx, query: &ListQuery) -> Result<(Page<Self>, i64), AppError> {
        use users::{created_at, id};
        let matching = || {
            let mut rows = users::table.into_boxed::<Pg>();
            match query.all("state", &["active", "disabled"]).as_slice() {
                ["active"] => rows = rows.filter(users::disabled_at.is_null()),
                ["disabled"] => rows = rows.filter(users::disabled_at.is_not_null()),
                _ => {}
            }
            if let Some(search) = query.search() {
                let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
                rows = rows.filter(users::name.ilike(like.clone()).or(users::email.ilike(like)));
            }
            rows
        };
        let cursor = query.cursor::<TimeMark>();
        let rows = matching().select(Self::as_select()).limit(query.size() + 1);
        let rows = match &cursor {
            Some(Cursor::After((at, last))) => rows
                .filter(created_at.lt(*at).or(created_at.eq(*at).and(id.lt(*last))))
                .order((created_at.desc(), id.desc())),
            Some(Cursor::Before((at, last))) => rows
                .filter(created_at.gt(*at).or(created_at.eq(*at).and(id.gt(*last))))
                .order((created_at.asc(), id.asc())),
            None => rows.order((created_at.desc(), id.desc())),
        };
        let found = tx.load(rows)?;
        let counted: Vec<UserId> = tx.load(matching().select(id).limit(COUNT_CAP + 1))?;
        let page = Page::new(found, query.size(), cursor.as_ref(), |person: &Self| {
            (person.created_at, person.id.uuid())
        });
        Ok((page, i64::try_from(counted.len()).unwrap_or(i64::MAX)))
    }
}
