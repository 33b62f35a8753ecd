//! What is asked before a shipment leaves: its vehicle and driver, the authority, the e-way bill.

use super::Shipment;
use crate::error::AppError;
use crate::kernel::ids::{DriverId, VehicleId};
use crate::kernel::money::Money;
use crate::logistics::rules::{Consignment, EWayBill, Way, usual_limit};
use crate::platform::db::Scope;
use crate::platform::db::schema::shipments;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;

/// Whether the authority has the invoice of a shipment, or need not have it; how that stands is the books' to say.
const IS_REGISTERED: &str = "not exists (select from einvoices e where e.tenant_id = shipments.tenant_id and e.id = shipments.invoice_id and e.status not in ('not_required', 'registered', 'cancelled'))";

/// The way of billed goods, from State to State as the books work it out: where they are dispatched, if that is another place than the
/// seller's; to another registration than is billed, if they go to one.
const WAY: &str = "(select jsonb_build_object(
        'is_export', d.buyer_kind = 'overseas',
        'to_make', case when d.buyer_kind <> 'overseas' and exists (select from einvoices e where e.tenant_id = d.tenant_id and e.id = d.id and e.status = 'registered' and e.cancel_asked_at is null)
                        then '/e-invoices/' || d.url_no || '/e-way-bill?year=' || d.year end,
        'value', (select coalesce(sum(l.total) filter (where not l.is_service and l.treatment = 'taxable'), 0)::text
                     from document_lines l where l.tenant_id = d.tenant_id and l.document_id = d.id),
        'within', (select w.amount::text from eway_bill_limits w
                     where w.state_code = p.starts and p.starts = p.ends and d.buyer_kind <> 'sez' and w.valid_from <= d.document_date
                     order by w.valid_from desc limit 1),
        'bill', (select jsonb_build_object('number', coalesce(b.number, ''), 'mode', b.mode, 'vehicle_no', b.vehicle_no, 'valid_until', b.valid_until)
                     from eway_bills b where b.tenant_id = d.tenant_id and b.document_id = d.id and b.status = 'active' order by b.id desc limit 1))
    from documents d cross join lateral (select
        case when coalesce(d.parties #>> '{dispatch,city}', '') <> '' and coalesce(d.parties #>> '{dispatch,pincode}', '') <> ''
                  and (coalesce(d.parties #>> '{dispatch,street}', '') <> coalesce(d.parties #>> '{seller,street}', '')
                       or d.parties #>> '{dispatch,pincode}' <> coalesce(d.parties #>> '{seller,pincode}', ''))
             then d.parties #>> '{dispatch,state}' else d.parties #>> '{seller,state}' end as starts,
        case when d.parties #>> '{delivery,gstin}' <> coalesce(d.parties #>> '{buyer,gstin}', '')
             then d.parties #>> '{delivery,state}' else d.parties #>> '{buyer,state}' end as ends) p
    where d.tenant_id = shipments.tenant_id and d.id = shipments.invoice_id)";

/// How the invoice of a shipment stands at the authority, and the number of its e-way bill while that holds.
const STANDING: &str = "(select e.status from einvoices e where e.tenant_id = shipments.tenant_id and e.id = shipments.invoice_id)";
const WAY_BILL: &str = "(select b.number from eway_bills b where b.tenant_id = shipments.tenant_id and b.document_id = shipments.invoice_id and b.status = 'active'
    order by b.id desc limit 1)";

/// A vehicle and a driver that were chosen, as far as they may be.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// The vehicle's name, when it may be chosen.
    pub vehicle: Option<String>,
    /// Its number plate.
    pub plate: String,
    /// What it carries, in kilograms.
    pub capacity_kg: Option<i32>,
    /// The driver's name, when he may be chosen.
    pub driver: Option<String>,
    /// The GSTIN that the challan's series is named by, in a company with several registrations.
    pub challan_series: Option<String>,
}

/// What the authority has of the invoice that a shipment leaves with.
#[derive(Clone, Debug)]
pub struct Known {
    /// Whether nothing keeps the goods in the house until the authority has registered their invoice: it has, or need not.
    pub is_registered: bool,
    /// The way of its goods, once they are billed.
    pub way: Option<Way>,
}

/// What a shipment's page says of its papers at the authority.
#[derive(Clone, Debug)]
pub struct AtAuthority {
    /// How its invoice stands there, as the books keep it.
    pub status: Option<String>,
    /// The number of its e-way bill, while that holds.
    pub eway_bill: Option<String>,
}

/// A way as the database tells it.
#[derive(Deserialize)]
struct StoredWay {
    is_export: bool,
    to_make: Option<String>,
    value: Decimal,
    within: Option<Decimal>,
    bill: Option<StoredBill>,
}

#[derive(Deserialize)]
struct StoredBill {
    number: String,
    mode: String,
    vehicle_no: Option<String>,
    valid_until: Option<DateTime<Utc>>,
}

fn known(is_registered: bool, way: Option<Json>) -> Result<Known, AppError> {
    let stored: Option<StoredWay> = way
        .map(serde_json::from_value)
        .transpose()
        .map_err(AppError::internal)?;
    let way = stored.map(|stored| Way {
        consignment: Consignment {
            value: Money::rounded(stored.value),
            limit: stored.within.map_or_else(usual_limit, Money::rounded),
            has_goods: !stored.value.is_zero(),
        },
        bill: stored.bill.map(|bill| EWayBill {
            number: bill.number,
            is_by_road: bill.mode == "1",
            vehicle_no: bill.vehicle_no,
            valid_until: bill.valid_until,
        }),
        is_export: stored.is_export,
        to_make: stored.to_make,
    });
    Ok(Known { is_registered, way })
}

impl Shipment {
    /// One shipment with a vehicle and a driver that are to take it, and what the authority has of it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_with_fleet(
        scope: &mut Scope,
        number: &str,
        vehicle: VehicleId,
        driver: DriverId,
    ) -> Result<(Self, Fleet, Known), AppError> {
        let of_vehicle =
            " from vehicles v where v.tenant_id = shipments.tenant_id and v.is_active and v.id = ";
        let query = Self::of(scope)
            .filter(shipments::number.eq(number.to_owned()))
            .select((
                Self::as_select(),
                sql::<Nullable<Text>>("(select v.name || ' · ' || v.registration_no")
                    .sql(of_vehicle)
                    .bind::<SqlUuid, _>(vehicle)
                    .sql(")"),
                sql::<Nullable<Text>>("(select v.registration_no")
                    .sql(of_vehicle)
                    .bind::<SqlUuid, _>(vehicle)
                    .sql(")"),
                sql::<Nullable<Integer>>("(select v.capacity_kg")
                    .sql(of_vehicle)
                    .bind::<SqlUuid, _>(vehicle)
                    .sql(")"),
                sql::<Nullable<Text>>(
                    "(select d.name from drivers d where d.tenant_id = shipments.tenant_id and d.is_active and d.id = ",
                )
                .bind::<SqlUuid, _>(driver)
                .sql(")"),
                sql::<Nullable<Text>>(
                    "(select g.gstin from orders o join gst_registrations g on g.tenant_id = o.tenant_id and g.id = o.registration_id
                        where o.tenant_id = shipments.tenant_id and o.id = shipments.order_id
                          and exists (select from gst_registrations h where h.tenant_id = g.tenant_id and h.id <> g.id))",
                ),
                sql::<Bool>(IS_REGISTERED),
                sql::<Nullable<Jsonb>>(WAY),
            ));
        let found: (
            Self,
            Option<String>,
            Option<String>,
            Option<i32>,
            Option<String>,
            Option<String>,
            bool,
            Option<Json>,
        ) = scope.one(query)?;
        let (shipment, vehicle, plate, capacity_kg, driver, challan_series, is_registered, way) =
            found;
        let fleet = Fleet {
            vehicle,
            plate: plate.unwrap_or_default(),
            capacity_kg,
            driver,
            challan_series,
        };
        Ok((shipment, fleet, known(is_registered, way)?))
    }

    /// One shipment by its number, and what the authority has of it before its goods leave.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_with_authority(scope: &mut Scope, number: &str) -> Result<(Self, Known), AppError> {
        let query = Self::of(scope)
            .filter(shipments::number.eq(number.to_owned()))
            .select((
                Self::as_select(),
                sql::<Bool>(IS_REGISTERED),
                sql::<Nullable<Jsonb>>(WAY),
            ));
        let (shipment, is_registered, way) = scope.one(query)?;
        Ok((shipment, known(is_registered, way)?))
    }

    /// One shipment by its number, and its papers at the authority. One statement.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_with_papers(
        scope: &mut Scope,
        number: &str,
    ) -> Result<(Self, AtAuthority), AppError> {
        let query = Self::of(scope)
            .filter(shipments::number.eq(number.to_owned()))
            .select((
                Self::as_select(),
                sql::<Nullable<Text>>(STANDING),
                sql::<Nullable<Text>>(WAY_BILL),
            ));
        let (shipment, status, eway_bill) = scope.one(query)?;
        Ok((shipment, AtAuthority { status, eway_bill }))
    }
}
