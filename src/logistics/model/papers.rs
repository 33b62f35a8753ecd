//! Who is on a delivery challan.

use crate::error::AppError;
use crate::kernel::ids::ShipmentId;
use crate::kernel::text::lines_joined;
use crate::platform::db::Scope;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Uuid as SqlUuid};

/// The parties of a shipment, as a document names them.
#[derive(Clone, Debug, QueryableByName)]
pub struct Papers {
    #[diesel(sql_type = Text)]
    pub company: String,
    #[diesel(sql_type = Text)]
    pub trade_name: String,
    #[diesel(sql_type = Text)]
    pub gstin: String,
    #[diesel(sql_type = Text)]
    pub state_code: String,
    /// Where the goods leave: the warehouse, or the company's own address where that has none.
    #[diesel(sql_type = Text)]
    pub from_address: String,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = Text)]
    pub customer_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub customer_gstin: Option<String>,
    /// Where the customer is billed, if that is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub billing: Option<String>,
    /// Where the goods go.
    #[diesel(sql_type = Text)]
    pub ship_to: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub place_of_supply: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub po_number: Option<String>,
    /// Whether the supply bears IGST.
    #[diesel(sql_type = Bool)]
    pub has_igst: bool,
}

impl Papers {
    /// The parties of a shipment. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a join of seven tables for one document"
    )]
    pub fn of(scope: &mut Scope, shipment: ShipmentId) -> Result<Self, AppError> {
        let statement = diesel::sql_query(
            "select co.legal_name as company, r.trade_name, r.gstin, r.state_code,
                    concat_ws(', ', w.name, coalesce(w.street, co.address), coalesce(w.city, co.city), coalesce(w.pincode, co.pincode)) as from_address,
                    c.name as customer, c.code as customer_code, c.gstin as customer_gstin,
                    (select concat_ws(', ', b.street, b.city || case when b.country = 'IN' then ' ' || b.pincode else '' end) from customer_addresses b
                        where b.tenant_id = c.tenant_id and b.customer_id = c.id and b.is_billing and b.is_active order by b.id limit 1) as billing,
                    o.ship_to, o.place_of_supply, o.po_number, (c.kind in ('sez', 'overseas') or r.state_code <> o.place_of_supply) as has_igst
               from shipments s
               join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
               join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
               join gst_registrations r on r.tenant_id = o.tenant_id and r.id = o.registration_id
               join warehouses w on w.tenant_id = s.tenant_id and w.id = s.warehouse_id
               join companies co on co.id = s.tenant_id
               where s.tenant_id = $1 and s.id = $2",
        )
        .bind::<SqlUuid, _>(scope.tenant())
        .bind::<SqlUuid, _>(shipment);
        let mut papers: Self = scope.one(statement)?;
        // The box of an address takes several lines.
        papers.from_address = lines_joined(&papers.from_address);
        papers.ship_to = lines_joined(&papers.ship_to);
        papers.billing = papers.billing.as_deref().map(lines_joined);
        Ok(papers)
    }
}
