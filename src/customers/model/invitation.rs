//! Letters that bring a retailer in: rows and queries.

use crate::error::AppError;
use crate::kernel::ids::{CustomerId, RetailerInvitationId, TenantId};
use crate::platform::db::schema::{companies, customers, retailer_invitations};
use crate::platform::db::{PlatformTx, Scope};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// An invitation into the portal.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = retailer_invitations)]
pub struct Invitation {
    pub tenant_id: TenantId,
    pub id: RetailerInvitationId,
    pub customer_id: CustomerId,
    pub email: String,
    pub name: String,
    pub language: String,
    pub status: String,
    pub sent_count: i32,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// An invitation beside what its page says: the supplier and the shop.
#[derive(Clone, Debug)]
pub struct Invited {
    pub invitation: Invitation,
    /// The supplier's part of addresses.
    pub slug: String,
    /// The supplier.
    pub company: String,
    /// The shop, as the supplier calls it.
    pub customer: String,
    /// Whether the customer is active or paused.
    pub status: String,
    /// Whether the address has an account.
    pub has_account: bool,
    pub city: Option<String>,
    pub gstin: Option<String>,
    pub phone: Option<String>,
}

/// Short name and name of a company.
type Supplier = (String, String);

/// Name, state, city, GSTIN and phone of a customer.
type Shop = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Invitation {
    fn of<'q>(scope: &Scope) -> retailer_invitations::BoxedQuery<'q, Pg> {
        retailer_invitations::table
            .filter(retailer_invitations::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// A customer's newest invitation, if it ever had one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn newest(scope: &mut Scope, customer: CustomerId) -> Result<Option<Self>, AppError> {
        let query = Self::of(scope)
            .filter(retailer_invitations::customer_id.eq(customer))
            .order(retailer_invitations::id.desc())
            .limit(1)
            .select(Self::as_select());
        Ok(scope.maybe(query)?)
    }

    /// A customer's open invitation, locked for change.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn lock_open(scope: &mut Scope, customer: CustomerId) -> Result<Option<Self>, AppError> {
        let query = retailer_invitations::table
            .filter(
                retailer_invitations::tenant_id
                    .eq(scope.tenant())
                    .and(retailer_invitations::customer_id.eq(customer))
                    .and(retailer_invitations::status.eq("sent")),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.maybe(query)?)
    }

    /// The invitation of a token's hash, locked for change.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock_across(tx: &mut PlatformTx, hash: &[u8]) -> Result<Self, AppError> {
        Ok(tx.one(
            retailer_invitations::table
                .filter(retailer_invitations::token_hash.eq(hash))
                .for_update()
                .select(Self::as_select()),
        )?)
    }

    /// The invitation of a token's hash with what its page says.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn peek_across(tx: &mut PlatformTx, hash: &[u8]) -> Result<Invited, AppError> {
        let (letters, shops) = (retailer_invitations::table, customers::table);
        let same_company = customers::tenant_id.eq(retailer_invitations::tenant_id);
        let customer = same_company.and(customers::id.eq(retailer_invitations::customer_id));
        let company = companies::table.on(companies::id.eq(retailer_invitations::tenant_id));
        let has_account =
            sql::<Bool>("exists (select from users u where u.email = retailer_invitations.email)");
        let found: (Self, Supplier, Shop, bool) = tx.one(
            letters
                .inner_join(shops.on(customer))
                .inner_join(company)
                .filter(retailer_invitations::token_hash.eq(hash))
                .select((
                    Self::as_select(),
                    (companies::slug, companies::name),
                    (
                        customers::name,
                        customers::status,
                        customers::city,
                        customers::gstin,
                        customers::phone,
                    ),
                    has_account,
                )),
        )?;
        let (invitation, (slug, company), shop, has_account) = found;
        let (customer, status, city, gstin, phone) = shop;
        Ok(Invited {
            invitation,
            slug,
            company,
            customer,
            status,
            has_account,
            city,
            gstin,
            phone,
        })
    }
}
