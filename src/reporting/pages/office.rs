//! A company's dashboard.

use crate::companies::latest_changes;
use crate::kernel::dates;
use crate::platform::permissions::{
    ConfirmOrders, DeliverShipments, DispatchShipments, EditAccounting, EditCompany, EditCustomers,
    EditFleet, EditPrices, EditProducts, EditStock, EditWarehouses, ManagePeople, PackShipments,
    PlaceOrders, ReadAudit, ReadDashboard, ReadInvoices, ReadLedger, ReadOrders, ReadPayments,
    ReadShipments, ReadStock, ReleaseOrders, SendEInvoices,
};
use crate::reporting::model::{Asks, Figures, LatestOrder, Takings};
use crate::reporting::views::{DashboardPage, May, Sight};
use crate::web::Allowed;
use crate::web::allowed::Employee;
use crate::web::page::{self, Answer};

fn may(pass: &Employee) -> May {
    May {
        see_orders: pass.may::<ReadOrders>(),
        see_stock: pass.may::<ReadStock>(),
        see_shipments: pass.may::<ReadShipments>(),
        confirm: pass.may::<ConfirmOrders>(),
        release: pass.may::<ReleaseOrders>(),
        place: pass.may::<PlaceOrders>(),
        pack: pass.may::<PackShipments>(),
        dispatch: pass.may::<DispatchShipments>(),
        deliver: pass.may::<DeliverShipments>(),
        edit_stock: pass.may::<EditStock>(),
        edit_company: pass.may::<EditCompany>(),
        manage_people: pass.may::<ManagePeople>(),
        edit_warehouses: pass.may::<EditWarehouses>(),
        edit_products: pass.may::<EditProducts>(),
        edit_prices: pass.may::<EditPrices>(),
        edit_customers: pass.may::<EditCustomers>(),
        edit_fleet: pass.may::<EditFleet>(),
        edit_accounting: pass.may::<EditAccounting>(),
        see_payments: pass.may::<ReadPayments>(),
        see_ledger: pass.may::<ReadLedger>(),
        see_invoices: pass.may::<ReadInvoices>(),
        send_einvoices: pass.may::<SendEInvoices>(),
    }
}

pub async fn dashboard(actor: Allowed<ReadDashboard>) -> Answer {
    let (lang, may) = (actor.lang(), may(&actor.pass));
    let sees_audit = actor.pass.may::<ReadAudit>();
    let sight = actor
        .read(move |scope| {
            let now = scope.now();
            let today = dates::today(now);
            let figures = Figures::of(scope, today)?;
            let (mut days, mut latest, mut changes) = (Vec::new(), Vec::new(), Vec::new());
            if may.see_orders {
                days = figures.days();
                latest = LatestOrder::six(scope)?;
            }
            if sees_audit {
                changes = latest_changes(scope, lang)?;
            }
            let asks = Asks {
                documents: may.see_invoices,
                ledger: may.see_ledger,
            };
            let takings = if asks.documents || asks.ledger {
                Some(Takings::of(scope, today, asks)?)
            } else {
                None
            };
            Ok(Sight {
                takings,
                figures,
                days,
                latest,
                changes,
                now,
            })
        })
        .await?;
    let view = DashboardPage::new(
        actor.shell(lang.t("Dashboard")),
        lang,
        (actor.pass.base(), actor.pass.company.name.clone(), may),
        sight,
    );
    page::show(&actor.ctx, &view)
}
