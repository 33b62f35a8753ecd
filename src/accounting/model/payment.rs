//! Payments: rows and queries.

use crate::accounting::rules::payment::{Direction, Method, Status};
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, GatewayAccountId, PaymentId, UserId};
use crate::kernel::money::Money;
use crate::ledger::model::Account;
use crate::platform::db::Scope;
use crate::platform::db::schema::{customer_accounts, payments};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

/// Money that came in, or a refund.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payments)]
pub struct Payment {
    /// The payment; its entry in the ledger has the same id.
    pub id: PaymentId,
    /// The customer.
    pub customer_id: CustomerId,
    /// in, or out: a refund.
    pub direction: Direction,
    /// cash, cheque, upi, neft, gateway or tds: tax that the customer deducted, by which no money moves.
    pub method: Method,
    /// pending and failed (at the gateway), received, bounced, refunded. A refund that went out is received too: by the customer.
    pub status: Status,
    /// Number of the receipt, e.g. RC-26-00042, or of the refund; null until it counts.
    pub number: Option<String>,
    /// In rupees.
    pub amount: Money,
    /// The day on which it counts.
    pub paid_on: Option<NaiveDate>,
    /// Number of the cheque, the bank's reference (UTR), or the section by which tax was deducted.
    pub reference: Option<String>,
    /// The bank of a cheque.
    pub bank: Option<String>,
    /// Date on the cheque.
    pub cheque_date: Option<NaiveDate>,
    /// What the clerk wrote.
    pub note: Option<String>,
    /// For a refund: the payment that it gives back.
    pub refund_of: Option<PaymentId>,
    /// When the bank returned the cheque.
    pub bounced_on: Option<NaiveDate>,
    /// Why.
    pub bounce_reason: Option<String>,
    /// The account at the gateway.
    pub gateway_account_id: Option<GatewayAccountId>,
    /// What the gateway calls what was asked for; there before anybody pays.
    pub gateway_order: Option<String>,
    /// What the gateway calls the payment, or the refund.
    pub gateway_payment: Option<String>,
    /// When the gateway was asked for it, or it was its turn that the gateway is asked what became of it.
    pub asked_at: Option<DateTime<Utc>>,
    /// Until when the poller asks after it.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why it failed, as the gateway said.
    pub failed_because: Option<String>,
    /// When it was written down as paid.
    pub received_at: Option<DateTime<Utc>>,
    /// Who recorded or began it; null when the system did.
    pub made_by: Option<UserId>,
    /// That person's name then.
    pub made_by_name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Last change; guards against lost edits.
    pub updated_at: DateTime<Utc>,
}

impl Payment {
    fn of<'q>(scope: &Scope) -> payments::BoxedQuery<'q, Pg> {
        payments::table
            .filter(payments::tenant_id.eq(scope.tenant()))
            .into_boxed()
    }

    /// The payment with a number; a buyer finds only its own.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(scope: &mut Scope, number: &str) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(payments::number.eq(number.to_owned()))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// One payment by its id, which it has before it counts.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn by_id(scope: &mut Scope, id: PaymentId) -> Result<Self, AppError> {
        let row = Self::of(scope)
            .filter(payments::id.eq(id))
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// One payment, locked until the transaction ends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn lock(scope: &mut Scope, id: PaymentId) -> Result<Self, AppError> {
        let row = payments::table
            .filter(
                payments::tenant_id
                    .eq(scope.tenant())
                    .and(payments::id.eq(id)),
            )
            .for_update()
            .select(Self::as_select());
        Ok(scope.one(row)?)
    }

    /// The payment that a gateway was asked for under this id of its own, if it is one of ours.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_order(
        scope: &mut Scope,
        account: GatewayAccountId,
        order: &str,
    ) -> Result<Option<Self>, AppError> {
        let row = Self::of(scope)
            .filter(payments::gateway_account_id.eq(account))
            .filter(payments::gateway_order.eq(order.to_owned()))
            .filter(payments::direction.eq(Direction::In))
            .select(Self::as_select());
        Ok(scope.maybe(row)?)
    }

    /// What a customer owes, and the payment that it went to a payment page for last, while nobody knows what became of it. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn under_way(
        scope: &mut Scope,
        customer: CustomerId,
    ) -> Result<(Account, Option<Self>), AppError> {
        let asked = payments::table.on(payments::tenant_id
            .eq(scope.tenant())
            .and(payments::customer_id.eq(customer_accounts::id))
            .and(payments::direction.eq(Direction::In))
            .and(payments::status.eq(Status::Pending))
            .and(payments::expires_at.gt(scope.now())));
        let query = customer_accounts::table
            .left_join(asked)
            .filter(customer_accounts::tenant_id.eq(scope.tenant()))
            .filter(customer_accounts::id.eq(customer.uuid()))
            .order(payments::id.desc())
            .limit(1)
            .select((Account::as_select(), Option::<Self>::as_select()));
        Ok(scope.maybe(query)?.unwrap_or_default())
    }

    /// What gateways were asked to give back of a payment and have not answered yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn asked_back(scope: &mut Scope, payment: PaymentId) -> Result<Money, AppError> {
        let amounts = Self::of(scope)
            .filter(payments::refund_of.eq(payment))
            .filter(payments::status.eq(Status::Pending))
            .select(payments::amount);
        let amounts: Vec<Money> = scope.load(amounts)?;
        Ok(amounts.into_iter().sum())
    }
}
