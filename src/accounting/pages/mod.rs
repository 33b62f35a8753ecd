//! The company's pages of documents and payments.

pub mod allocate;
pub mod cancel;
pub mod deductions;
pub mod einvoices;
pub mod ends;
pub mod eway_bills;
pub mod eway_truck;
pub mod eway_vehicles;
pub mod gateways;
pub mod goods;
pub mod held;
pub mod hooks;
pub mod instalments;
pub mod invoices;
pub mod ledger;
pub mod ledgers;
pub mod new_invoice;
pub mod notes;
pub mod papers;
pub mod payments;
pub mod receivables;
pub mod recording;
pub mod register;
pub mod returns;
pub mod settings;

use crate::web::Routes;

/// Payments, ledgers and receivables.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("/c/{{company}}{rest}");
    r.page(&at("/payments"), payments::index);
    r.part(&at("/payments/export"), payments::export);
    r.page(&at("/payments/new"), recording::new);
    r.change(&at("/payments/new"), recording::create);
    r.page(&at("/payments/{no}"), payments::show);
    r.page(&at("/payments/{no}/allocate"), allocate::show);
    r.change(&at("/payments/{no}/allocate"), allocate::set);
    r.change(&at("/payments/{no}/unallocate"), allocate::take_off);
    r.page(&at("/payments/{no}/bounce"), ends::ask_bounce);
    r.change(&at("/payments/{no}/bounce"), ends::bounce);
    r.page(&at("/payments/{no}/refund"), ends::ask_refund);
    r.change(&at("/payments/{no}/refund"), ends::refund);
    r.page(&at("/tax-deducted"), deductions::index);
    r.part(&at("/tax-deducted/export"), deductions::export);
    r.page(&at("/tax-deducted/{no}"), deductions::show);
    r.change(&at("/tax-deducted/{no}"), deductions::save);
    let gateways = at("/settings/integrations/payments");
    r.page(&gateways, gateways::show);
    r.change(&gateways, gateways::change);
    settings::routes(r);
    r.hook("payments/{account}", hooks::payments);
    r.page(&at("/e-way-bills"), eway_bills::index);
    r.page(&at("/e-way-bills/truck"), eway_truck::ask);
    r.change(&at("/e-way-bills/truck"), eway_truck::make);
    r.page(&at("/e-way-bills/{id}/vehicle"), eway_vehicles::ask);
    r.change(&at("/e-way-bills/{id}/vehicle"), eway_vehicles::change);
    r.page(&at("/e-way-bills/{id}/cancel"), eway_bills::ask_cancel);
    r.change(&at("/e-way-bills/{id}/cancel"), eway_bills::cancel);
    r.page(&at("/e-invoices/{no}/e-way-bill"), eway_bills::ask);
    r.change(&at("/e-invoices/{no}/e-way-bill"), eway_bills::make);
    r.page(&at("/receivables"), receivables::index);
    r.part(&at("/receivables/export"), receivables::export);
    r.page(&at("/receivables/{id}/write-off"), ends::ask_write_off);
    r.change(&at("/receivables/{id}/write-off"), ends::write_off);
    r.page(&at("/tax-register"), register::index);
    r.part(&at("/tax-register/export"), register::export);
    r.page(&at("/tax-register/documents"), register::documents);
    r.part(
        &at("/tax-register/documents/export"),
        register::export_documents,
    );
    r.part(&at("/tax-register/gstr1"), register::file);
    r.page(&at("/reports/ageing"), receivables::index);
    r.page(&at("/credit-holds"), held::index);
    r.part(&at("/credit-holds/export"), held::export);
    r.page(&at("/ledger"), ledgers::index);
    r.part(&at("/ledger/export"), ledgers::export);
    r.page(&at("/ledger/{code}"), ledger::show);
    r.part(&at("/ledger/{code}/export"), ledger::export);
    r.part(&at("/ledger/{code}/pdf"), ledger::pdf);
    r.change(&at("/ledger/{code}/settle"), ledger::settle);
}
