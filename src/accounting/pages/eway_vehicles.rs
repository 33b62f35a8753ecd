//! Another vehicle for the e-way bills of a vehicle.

use crate::accounting::actions::einvoices;
use crate::accounting::forms::VehicleForm;
use crate::accounting::model::{Document, EWayBill, VehicleChange};
use crate::accounting::views::{VehicleFound, VehiclePage};
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::kernel::language::Said;
use crate::logistics::model::Vehicle;
use crate::platform::db::Scope;
use crate::platform::permissions::SendEInvoices;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Number = web::Path<(String, String)>;

/// The bill of an address.
fn id(path: &Number) -> Result<EWayBillId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

/// The bill, its document and its changes, if its vehicle can be changed.
fn to_change(
    scope: &mut Scope,
    id: EWayBillId,
) -> Result<(EWayBill, Document, Vec<VehicleChange>), AppError> {
    let (bill, changes) = EWayBill::find_with_changes(scope, id)?;
    let document = Document::by_id(scope, bill.document_id)?;
    einvoices::may_change_vehicle(scope, &bill, &document.supplier_gstin, &changes)?;
    Ok((bill, document, changes))
}

async fn room(
    actor: &Allowed<SendEInvoices>,
    id: EWayBillId,
    form: Option<VehicleForm>,
) -> Result<VehiclePage, AppError> {
    let found = actor
        .read(move |scope| {
            let (bill, document, changes) = to_change(scope, id)?;
            let aboard = bill.aboard(scope)?;
            if aboard.is_empty() {
                return Err(AppError::refused(einvoices::nothing_aboard()));
            }
            Ok(VehicleFound {
                vehicles: Vehicle::choices(scope)?,
                bill,
                document,
                changes,
                aboard,
            })
        })
        .await?;
    let form = form.unwrap_or_else(|| VehicleForm {
        state: found.document.supplier_gstin.chars().take(2).collect(),
        reason: if found.bill.vehicle_no.is_some() {
            "1".to_owned()
        } else {
            "4".to_owned()
        },
        ..VehicleForm::default()
    });
    let title = Said::new("Vehicle of the e-way bill {number}")
        .with("number", found.bill.number.clone().unwrap_or_default());
    let shell = actor
        .shell(actor.lang().say(&title))
        .with_errors(!form.remarks.is_empty());
    let ground = (actor.lang(), actor.pass.base());
    Ok(VehiclePage::new(shell, (ground.0, &ground.1), found, &form))
}

pub async fn ask(actor: Allowed<SendEInvoices>, path: Number) -> Answer {
    page::show(&actor.ctx, &room(&actor, id(&path)?, None).await?)
}

pub async fn change(
    actor: Allowed<SendEInvoices>,
    path: Number,
    form: Form<VehicleForm>,
) -> Answer {
    let (id, form) = (id(&path)?, form.0);
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let done = actor
        .once_unless(move |scope| {
            let (bill, document, _) = to_change(scope, id)?;
            let wanted = match form.parse(bill.vehicle_no.as_deref()) {
                Ok(wanted) => wanted,
                Err(form) => return Ok(Err(form)),
            };
            let count = einvoices::change_vehicle(scope, &who, &bill, &wanted)?;
            let said = Said::new("The portal is asked to name {plate} in {count} e-way bills.")
                .with("count", count)
                .with("plate", wanted.vehicle_no);
            let to = format!(
                "{base}/e-invoices/{}?year={}",
                document.url_no, document.year
            );
            Ok(Ok(Next::to(to).saying(said)))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(form) => page::again(&actor.ctx, &room(&actor, id, Some(*form)).await?),
    }
}
