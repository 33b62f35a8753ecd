//! The shipments that wait for their invoice.

use crate::kernel::dates;
use crate::kernel::language::Lang;
use crate::logistics::model::Shipment;
use crate::web::filters;
use crate::web::layout::Shell;
use askama::Template;

/// A shipment that waits for its invoice.
pub struct ToBill {
    pub number: String,
    pub href: String,
    pub customer: String,
    pub order_no: String,
    pub packed: String,
}

#[derive(Template)]
#[template(path = "accounting/to_bill.html")]
pub struct ToBillPage {
    pub shell: Shell,
    pub base: String,
    pub rows: Vec<ToBill>,
}

impl ToBillPage {
    pub fn new(shell: Shell, lang: Lang, base: String, shipments: Vec<Shipment>) -> Self {
        let row = |shipment: Shipment| ToBill {
            href: format!("{base}/invoices/new?shipment={}", shipment.number),
            packed: shipment
                .packed_at
                .map(|at| dates::date_and_time(at, lang))
                .unwrap_or_default(),
            customer: shipment.customer,
            order_no: shipment.order_no,
            number: shipment.number,
        };
        Self {
            rows: shipments.into_iter().map(row).collect(),
            base,
            shell,
        }
    }
}
