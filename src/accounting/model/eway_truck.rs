//! What stands packed in the house and needs an e-way bill before it leaves: the goods that a truck is loaded with.

use crate::accounting::rules::eway_bill::{Consignment, usual_limit};
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::platform::db::{Scope, prepared};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};

/// The goods of an invoice, as far as their e-way bill depends on them.
#[derive(Clone, Debug, QueryableByName)]
pub struct Loaded {
    /// The invoice.
    #[diesel(sql_type = SqlUuid)]
    pub document: DocumentId,
    /// Who gets them.
    #[diesel(sql_type = Text)]
    pub customer: String,
    /// Number of their shipment; none of an invoice without one.
    #[diesel(sql_type = Nullable<Text>)]
    pub shipment: Option<String>,
    /// Whether they stand packed in the house.
    #[diesel(sql_type = Bool)]
    pub is_packed: bool,
    #[diesel(sql_type = Numeric)]
    value: Money,
    #[diesel(sql_type = Bool)]
    has_goods: bool,
    #[diesel(sql_type = Nullable<Numeric>)]
    within: Option<Money>,
}

/// A State's own limit holds where goods start and end in it: the same way as [`super::Document::consignment`] and the sending out of goods
/// read it.
macro_rules! goods {
    ($from:literal, $conditions:literal) => {
        concat!(
            "select d.id as document, c.name as customer, s.number as shipment, coalesce(s.status = 'packed', false) as is_packed, g.value, g.has_goods, k.amount as within
               from ", $from, "
               join customers c on c.tenant_id = d.tenant_id and c.id = d.customer_id
               cross join lateral (select
                   case when coalesce(d.parties #>> '{dispatch,city}', '') <> '' and coalesce(d.parties #>> '{dispatch,pincode}', '') <> ''
                             and (coalesce(d.parties #>> '{dispatch,street}', '') <> coalesce(d.parties #>> '{seller,street}', '')
                                  or d.parties #>> '{dispatch,pincode}' <> coalesce(d.parties #>> '{seller,pincode}', ''))
                        then d.parties #>> '{dispatch,state}' else d.parties #>> '{seller,state}' end as starts,
                   case when d.parties #>> '{delivery,gstin}' <> coalesce(d.parties #>> '{buyer,gstin}', '')
                        then d.parties #>> '{delivery,state}' else d.parties #>> '{buyer,state}' end as ends) p
               cross join lateral (select
                   coalesce(sum(l.total) filter (where not l.is_service and l.treatment = 'taxable'), 0) as value,
                   coalesce(bool_or(not l.is_service), false) as has_goods
                   from document_lines l where l.tenant_id = d.tenant_id and l.document_id = d.id) g
               left join lateral (select w.amount from eway_bill_limits w
                   where w.state_code = p.starts and p.starts = p.ends and d.buyer_kind <> 'sez' and w.valid_from <= d.document_date
                   order by w.valid_from desc limit 1) k on true
              where ", $conditions
        )
    };
}

impl Loaded {
    /// What the goods are worth, and above which value they need a bill.
    pub fn consignment(&self) -> Consignment {
        Consignment {
            value: self.value,
            limit: self.within.unwrap_or_else(usual_limit),
            has_goods: self.has_goods,
        }
    }

    /// The goods of registered invoices that are packed, need a bill and have none standing, by shipment: so many at most. No bill is made of
    /// an invoice of before `oldest`. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums beside rows of several tables, in one statement"
    )]
    pub fn waiting(scope: &mut Scope, oldest: NaiveDate, most: i64) -> Result<Vec<Self>, AppError> {
        let statement = prepared(goods!(
            "shipments s
               join documents d on d.tenant_id = s.tenant_id and d.id = s.invoice_id
               join einvoices e on e.tenant_id = d.tenant_id and e.id = d.id and e.status = 'registered' and e.cancel_asked_at is null",
            "s.tenant_id = $1 and s.status = 'packed'
                and d.gst_type = 'INV' and d.buyer_kind <> 'overseas' and d.document_date >= $2
                and g.has_goods and g.value > coalesce(k.amount, $3)
                and not exists (select from eway_bills b where b.tenant_id = d.tenant_id and b.document_id = d.id and b.status in ('asked', 'in_flight', 'unknown', 'active'))
              order by s.id limit $4"
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Date, _>(oldest)
        .bind::<Numeric, _>(usual_limit())
        .bind::<BigInt, _>(most);
        Ok(scope.load(statement)?)
    }

    /// The goods of some invoices, whatever became of them. One statement.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "sums beside rows of several tables, in one statement"
    )]
    pub fn some(scope: &mut Scope, documents: &[DocumentId]) -> Result<Vec<Self>, AppError> {
        let statement = prepared(goods!(
            "documents d
               left join shipments s on s.tenant_id = d.tenant_id and s.invoice_id = d.id",
            "d.tenant_id = $1 and d.id = any ($2)
              order by d.id"
        ))
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<Array<SqlUuid>, _>(documents.to_vec());
        Ok(scope.load(statement)?)
    }
}
