//! E-way bills for a whole truck: what stands packed and needs one, and asking for all of them at once.

use super::eway::{Goods, OLDEST, may_have_bill, road, wake_bills};
use crate::accounting::model::{Document, EInvoice, EWayBill, Loaded};
use crate::accounting::rules::eway_bill::{Consignment, Status};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentId, EWayBillId};
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::db::schema::eway_bills;
use chrono::Duration;
use diesel::prelude::*;
use std::collections::HashMap;

/// Most bills that are asked for at once.
pub const MOST_OF_A_TRUCK: usize = 200;

/// The goods of an invoice that a truck may take.
pub struct Load {
    /// The invoice.
    pub document: Document,
    /// Who gets them.
    pub customer: String,
    /// Number of their shipment.
    pub shipment: Option<String>,
    /// What they are worth.
    pub consignment: Consignment,
    /// Where they arrive: town and PIN code.
    pub place: String,
    /// Whether they stay within one PIN code.
    pub is_within: bool,
}

/// A load that somebody ticked, its row at the authority locked.
pub struct Ticked {
    /// It.
    pub load: Load,
    /// Its bill that was refused, and is given up for the new one.
    refused: Option<EWayBillId>,
    /// Why no bill is asked for, in words.
    pub unfit: Option<Said>,
}

fn load(loaded: &Loaded, document: Document) -> Result<Load, AppError> {
    let (from, to) = road(&document)?;
    Ok(Load {
        customer: loaded.customer.clone(),
        shipment: loaded.shipment.clone(),
        consignment: loaded.consignment(),
        place: format!("{} {}", to.city, to.pincode),
        is_within: from.pincode == to.pincode,
        document,
    })
}

/// What stands packed, needs a bill and has none, by shipment; and whether there is more than one press asks for. Two statements.
///
/// # Errors
/// Whatever the database refuses.
pub fn loads(scope: &mut Scope) -> Result<(Vec<Load>, bool), AppError> {
    let oldest = dates::today(scope.now()) - Duration::days(OLDEST);
    let most = i64::try_from(MOST_OF_A_TRUCK).unwrap_or(i64::MAX);
    let mut found = Loaded::waiting(scope, oldest, most + 1)?;
    let has_more = found.len() > MOST_OF_A_TRUCK;
    found.truncate(MOST_OF_A_TRUCK);
    let ids: Vec<DocumentId> = found.iter().map(|one| one.document).collect();
    let mut documents = by_id(Document::by_ids(scope, &ids)?);
    let loads = found.iter().filter_map(|loaded| {
        let document = documents.remove(&loaded.document)?;
        Some(load(loaded, document))
    });
    Ok((loads.collect::<Result<_, _>>()?, has_more))
}

fn by_id(documents: Vec<Document>) -> HashMap<DocumentId, Document> {
    documents
        .into_iter()
        .map(|document| (document.id, document))
        .collect()
}

/// What was ticked, as it stands now: whoever asks for the same at the same moment waits here. Four statements, however many.
///
/// # Errors
/// `NotFound` for an invoice that is not there.
pub fn ticked(scope: &mut Scope, ids: &[DocumentId]) -> Result<Vec<Ticked>, AppError> {
    let rows = EInvoice::some(scope, ids)?;
    let mut bills: HashMap<DocumentId, EWayBill> = EWayBill::of_documents(scope, ids)?
        .into_iter()
        .map(|bill| (bill.document_id, bill))
        .collect();
    let mut documents = by_id(Document::by_ids(scope, ids)?);
    let loaded: HashMap<DocumentId, Loaded> = Loaded::some(scope, ids)?
        .into_iter()
        .map(|one| (one.document, one))
        .collect();
    let today = dates::today(scope.now());
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(loaded), Some(document)) = (loaded.get(&row.id), documents.remove(&row.id))
        else {
            continue;
        };
        let bill = bills.remove(&row.id);
        let refused = bill
            .as_ref()
            .filter(|bill| bill.status == Status::Refused)
            .map(|bill| bill.id);
        let load = load(loaded, document)?;
        let goods = Goods {
            row,
            bill,
            changes: Vec::new(),
            consignment: load.consignment,
            plate: None,
            is_within: load.is_within,
            today,
        };
        let unfit = match may_have_bill(&load.document, &goods) {
            Err(AppError::Refused(said)) => Some(said),
            Err(error) => return Err(error),
            Ok(()) if load.shipment.is_some() && !loaded.is_packed => Some(
                Said::new("The goods of {number} do not stand packed in the house any more.")
                    .with("number", &load.document.number),
            ),
            Ok(()) => None,
        };
        found.push(Ticked {
            load,
            refused,
            unfit,
        });
    }
    if found.len() != ids.len() {
        return Err(AppError::NotFound);
    }
    Ok(found)
}

/// Asks for the bills of what is ticked and fit, all with one vehicle by road: `km` are kilometres, and 0 lets the portal work them out. They
/// are made once the transaction has committed. Three statements, however many.
///
/// # Errors
/// Whatever the database refuses.
pub fn ask_for_truck(
    scope: &mut Scope,
    ticked: &[Ticked],
    (plate, km): (&str, &HashMap<DocumentId, i32>),
) -> Result<(), AppError> {
    let now = scope.now();
    let fit: Vec<&Ticked> = ticked.iter().filter(|one| one.unfit.is_none()).collect();
    let refused: Vec<EWayBillId> = fit.iter().filter_map(|one| one.refused).collect();
    let its = eway_bills::table.filter(
        eway_bills::tenant_id
            .eq(scope.tenant())
            .and(eway_bills::id.eq_any(refused)),
    );
    scope.execute(diesel::update(its).set((
        eway_bills::status.eq(Status::Dropped),
        eway_bills::updated_at.eq(now),
    )))?;
    let bills: Vec<EWayBillId> = fit.iter().map(|_| EWayBillId::new()).collect();
    let rows: Vec<_> = fit
        .iter()
        .zip(&bills)
        .map(|(one, id)| {
            let document = &one.load.document;
            (
                eway_bills::id.eq(*id),
                eway_bills::document_id.eq(document.id),
                eway_bills::customer_id.eq(document.customer_id),
                eway_bills::distance_km.eq(km.get(&document.id).copied().unwrap_or_default()),
                eway_bills::mode.eq("1"),
                eway_bills::vehicle_no.eq(plate),
                eway_bills::created_at.eq(now),
                eway_bills::updated_at.eq(now),
            )
        })
        .collect();
    scope.execute(diesel::insert_into(eway_bills::table).values(rows))?;
    wake_bills(scope, &bills)
}
