//! Proformas of orders and delivery challans as papers: no tax documents, but printed like them.

use super::papers::{logo, pdf_answer, tongues};
use crate::accounting::model::OrderParties;
use crate::accounting::print;
use crate::accounting::views::papers::{Look, ProformaPage};
use crate::accounting::views::sheet::{Challan, Proforma, Sheet};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::logistics::model::{Line, Shipment};
use crate::orders::model::{Order, OrderLine};
use crate::platform::db::Scope;
use crate::platform::permissions::{ReadOrders, ReadShipments};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::web;

type Found = (Order, Vec<OrderLine>, OrderParties);

fn load(scope: &mut Scope, number: &str) -> Result<Found, AppError> {
    let order = Order::find(scope, number)?;
    let lines = order.lines(scope)?;
    let parties = OrderParties::of(scope, order.id)?;
    Ok((order, lines, parties))
}

fn sheet((order, lines, parties): &Found, look: &Look, query: &ListQuery) -> Sheet {
    let proforma = Proforma {
        order,
        lines,
        parties,
    };
    Sheet::proforma(&proforma, &look.beside(1), tongues(query.get("lang")))
}

pub async fn proforma(
    actor: Allowed<ReadOrders>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let number = path.into_inner().1;
    let found = actor.read(move |scope| load(scope, &number)).await?;
    let look = Look::of_company(&actor.pass.company, &actor.pass.base(), None);
    let own = format!("{}/orders/{}", actor.pass.base(), found.0.number);
    let view = ProformaPage {
        shell: actor.shell(actor.lang().t("Proforma invoice")),
        number: found.0.number.clone(),
        pdf: format!("{own}/proforma/pdf"),
        back: own,
        sheet: sheet(&found, &look, &query),
    };
    page::show(&actor.ctx, &view)
}

pub async fn proforma_pdf(
    actor: Allowed<ReadOrders>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let number = path.into_inner().1;
    let found = actor.read(move |scope| load(scope, &number)).await?;
    let (company, base) = (actor.pass.company.clone(), actor.pass.base());
    let name = format!("proforma-{}", found.0.number);
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, company.tenant, company.logo);
            let look = Look::of_company(&company, &base, logo);
            print::pdf(&[sheet(&found, &look, &query)]).map_err(AppError::internal)
        })
        .await?;
    Ok(pdf_answer(&name, bytes))
}

pub async fn challan_pdf(
    actor: Allowed<ReadShipments>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let number = path.into_inner().1;
    let (shipment, lines, parties) = actor
        .read(move |scope| {
            let shipment = Shipment::find(scope, &number)?;
            let lines = Line::of_order(scope, shipment.order_id, Some(shipment.id))?;
            let parties = OrderParties::of(scope, shipment.order_id)?;
            Ok((shipment, lines, parties))
        })
        .await?;
    let (company, base) = (actor.pass.company.clone(), actor.pass.base());
    let name = shipment.challan_no.clone().unwrap_or_default();
    let bytes = actor
        .blocking(move |state, _| {
            let logo = logo(state, company.tenant, company.logo);
            let look = Look::of_company(&company, &base, logo);
            let challan = Challan {
                shipment: &shipment,
                lines: &lines,
                parties: &parties,
            };
            let copies = match query.get("copy") {
                Some("2") => 2..=2,
                Some("3") => 3..=3,
                Some("all") => 1..=3,
                _ => 1..=1,
            };
            let tongues = tongues(query.get("lang"));
            let sheets: Vec<Sheet> = copies
                .filter_map(|copy| Sheet::challan(&challan, &look.beside(copy), tongues))
                .collect();
            if sheets.is_empty() {
                let said = Said::new("{number} has no delivery challan.");
                return Err(AppError::refused(said.with("number", &shipment.number)));
            }
            print::pdf(&sheets).map_err(AppError::internal)
        })
        .await?;
    Ok(pdf_answer(&name.replace('/', "-"), bytes))
}
