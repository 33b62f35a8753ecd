//! Tax documents: invoices, notes, how they stand at the authority, and the payments that settle them.
//!
//! A document never changes. How it stands at the authority is its `einvoices` row, what is open of it is the ledger's open item; only its
//! status moves, once.

pub mod actions;
pub mod fault;
mod forms;
pub mod jobs;
pub mod model;
pub mod outside;
mod pages;
mod portal;
pub mod print;
pub mod rules;
pub mod till;
pub mod views;

pub use views::AgeCard;

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{goods, papers, returns};

/// Documents and payments.
pub fn routes(r: &mut Routes) {
    pages::routes(r);
    portal::routes(r);
    let back = "/c/{company}/shipments/{no}/return";
    r.page(back, returns::ask);
    r.change(back, returns::bring_back);
    // Last: `{no}` would take the words that others have in its place.
    printed(r);
}

/// Documents as they are read, on screen and paper.
fn printed(r: &mut Routes) {
    let office = "/c/{company}";
    r.change(&format!("{office}/invoices/pdfs"), papers::pdfs);
    r.page(&format!("{office}/invoices/{{no}}"), papers::invoice);
    r.part(
        &format!("{office}/invoices/{{no}}/pdf"),
        papers::invoice_pdf,
    );
    r.page(
        &format!("{office}/credit-notes/{{no}}"),
        papers::credit_note,
    );
    r.part(
        &format!("{office}/credit-notes/{{no}}/pdf"),
        papers::credit_note_pdf,
    );
    r.page(&format!("{office}/debit-notes/{{no}}"), papers::debit_note);
    r.part(
        &format!("{office}/debit-notes/{{no}}/pdf"),
        papers::debit_note_pdf,
    );
    let order = "/c/{company}/orders/{no}/proforma";
    r.page(order, goods::proforma);
    r.part(&format!("{order}/pdf"), goods::proforma_pdf);
    r.part(
        "/c/{company}/shipments/{no}/challan/pdf",
        goods::challan_pdf,
    );
    let shop = "/r/{retailer}/{supplier}";
    r.page(&format!("{shop}/bills/{{no}}"), papers::bill);
    r.part(&format!("{shop}/bills/{{no}}/pdf"), papers::bill_pdf);
}

/// What `mandi verify` asks of documents and payments.
pub const CHECKS: &[Check] = &[Check {
    name: "payments.once",
    about: "A payment over a gateway counts once: one receipt of its amount, whoever told of it; and nothing that was told is without it.",
    sql: "select e.tenant_id as tenant, 'payment ' || p.id || ' is ' || p.status || ' though an event was applied to it' as what
            from gateway_events e join payments p on p.tenant_id = e.tenant_id and p.id = e.payment_id
            where e.outcome = 'applied' and e.kind = 'payment.captured' and p.number is null
          union all
          select e.tenant_id, 'payment ' || e.payment_id || ' was applied by ' || count(*) || ' events'
            from gateway_events e where e.outcome = 'applied' and e.kind = 'payment.captured' group by e.tenant_id, e.payment_id having count(*) > 1
          union all
          select p.tenant_id, 'payment ' || coalesce(p.number, p.id::text) || ' came over a gateway and has ' || count(l.id) || ' entries of ' || coalesce(sum(l.amount), 0) || ', not one of ' || -p.amount
            from payments p left join ledger_entries l on l.tenant_id = p.tenant_id and l.payment_id = p.id and l.kind = 'receipt'
            where p.method = 'gateway' and p.direction = 'in'
            group by p.tenant_id, p.id having count(l.id) <> (p.number is not null)::int or coalesce(sum(l.amount), 0) <> case when p.number is null then 0 else -p.amount end",
}];
