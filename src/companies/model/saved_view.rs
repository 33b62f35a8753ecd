//! Filters kept under a name: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{SavedViewId, UserId};
use crate::platform::db::Scope;
use crate::platform::db::schema::saved_views;
use diesel::pg::Pg;
use diesel::prelude::*;

/// The lists that keep filters, with their addresses under the company's and the permission to see them.
pub const LISTS: [(&str, &str, &str); 12] = [
    ("people", "/settings/people", "people.read"),
    ("invitations", "/settings/invitations", "people.manage"),
    ("audit", "/settings/audit", "audit.read"),
    ("orders", "/orders", "orders.read"),
    ("products", "/products", "products.read"),
    ("customers", "/customers", "customers.read"),
    ("stock", "/stock", "stock.read"),
    ("shipments", "/shipments", "shipments.read"),
    ("invoices", "/invoices", "invoices.read"),
    ("credit-notes", "/credit-notes", "invoices.read"),
    ("debit-notes", "/debit-notes", "invoices.read"),
    ("payments", "/payments", "payments.read"),
];

/// Most views of a list that somebody sees.
pub const MOST: i64 = 40;

/// A filter kept under a name.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = saved_views)]
pub struct SavedView {
    pub id: SavedViewId,
    pub list: String,
    pub name: String,
    pub query: String,
    pub user_id: Option<UserId>,
}

impl SavedView {
    /// What the acting person sees: their own, and everyone's.
    fn of<'q>(scope: &Scope) -> saved_views::BoxedQuery<'q, Pg> {
        let own = saved_views::user_id.eq(scope.member().user());
        saved_views::table
            .filter(saved_views::tenant_id.eq(scope.tenant()))
            .filter(saved_views::user_id.is_null().or(own))
            .into_boxed()
    }

    /// The views of a list, everyone's first, by name; at most [`MOST`].
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_list(scope: &mut Scope, list: &'static str) -> Result<Vec<Self>, AppError> {
        let query = Self::of(scope)
            .filter(saved_views::list.eq(list))
            .order((
                saved_views::user_id.is_null().desc(),
                saved_views::name,
                saved_views::id,
            ))
            .limit(MOST)
            .select(Self::as_select());
        Ok(scope.load(query)?)
    }

    /// A view that the acting person sees.
    ///
    /// # Errors
    /// `NotFound`, for another person's own view too.
    pub fn find(scope: &mut Scope, id: SavedViewId) -> Result<Self, AppError> {
        let query = Self::of(scope)
            .filter(saved_views::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(query)?)
    }
}
