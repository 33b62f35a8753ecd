//! What `mandi verify` asks of documents at the authority. The signatures are worked out in the database, without the program's code.

use crate::platform::verify::Check;

/// The checks.
pub const CHECKS: &[Check] = &[
    Check {
        name: "einvoices.signatures_hold",
        about: "What counts as verified is signed by a pinned key, and the printed code says what the document says.",
        sql: "select e.tenant_id as tenant, 'e-invoice of ' || d.number || ': ' || case when k.kid is null then 'its key is not pinned' when not p.holds then 'the signature does not hold' else 'the code says something else than the document' end as what
                from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id
                left join authority_keys k on k.environment = e.environment and k.purpose = 'signing' and k.kid = e.kid
                cross join lateral (select coalesce(signature_holds(e.signed_qr, k.modulus, k.exponent) and signature_holds(e.signed_invoice, k.modulus, k.exponent), false) as holds) p
                cross join lateral (select case when p.holds then (convert_from(from_base64url(split_part(e.signed_qr, '.', 2)), 'UTF8')::jsonb ->> 'data')::jsonb end as qr) q
                where e.is_verified and (not p.holds
                   or (q.qr ->> 'Irn', upper(q.qr ->> 'DocNo'), q.qr ->> 'DocTyp', q.qr ->> 'SellerGstin', q.qr ->> 'BuyerGstin', q.qr ->> 'DocDt', (q.qr ->> 'TotInvVal')::numeric, (q.qr ->> 'ItemCnt')::integer)
                      is distinct from (d.irn, d.number, d.gst_type, d.supplier_gstin, coalesce(d.buyer_gstin, 'URP'), to_char(d.document_date, 'DD/MM/YYYY'), d.total, d.item_count))",
    },
    Check {
        name: "einvoices.one_success",
        about: "No document was registered twice.",
        sql: "select tenant_id as tenant, 'document ' || document_id || ' was registered ' || count(*) || ' times' as what
                from einvoice_attempts where operation = 'generate' and outcome = 'done' group by tenant_id, document_id having count(*) > 1",
    },
    Check {
        name: "einvoices.looked_up_before_sending_again",
        about: "Nothing was sent again while it was not known what came of the first.",
        sql: "select a.tenant_id as tenant, 'document ' || a.document_id || ' was sent again without a look' as what
                from (
                    select tenant_id, document_id, operation, outcome, lag(operation) over w as before, lag(outcome) over w as came_of_it
                      from einvoice_attempts window w as (partition by tenant_id, document_id order by id)
                ) a
                where a.operation = 'generate' and a.before = 'generate' and a.came_of_it = 'lost'",
    },
    Check {
        name: "einvoices.looked_up_before_cancelling_again",
        about: "The authority was not asked again to cancel while it was not known what came of the first wish.",
        sql: "select a.tenant_id as tenant, 'document ' || a.document_id || ' was to be cancelled again without a look' as what
                from (
                    select tenant_id, document_id, operation, lag(operation) over w as before, lag(outcome) over w as came_of_it
                      from einvoice_attempts window w as (partition by tenant_id, document_id order by id)
                ) a
                where a.operation = 'cancel' and a.before = 'cancel' and a.came_of_it = 'lost'",
    },
    Check {
        name: "einvoices.books_follow",
        about: "What the authority has cancelled is cancelled here, and what is registered there is not.",
        sql: "select e.tenant_id as tenant, 'document ' || d.number || ' is ' || e.status || ' at the authority and ' || d.status || ' here' as what
                from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id
                where (e.status = 'cancelled' and d.status = 'issued' and e.updated_at < now() - interval '10 minutes') or (e.status in ('registered', 'in_flight', 'unknown') and d.status = 'cancelled')",
    },
    Check {
        name: "eway_bills.of_registered",
        about: "An e-way bill that stands has its number, was made from a registered document, and one that names a vehicle says until when it is valid.",
        sql: "select b.tenant_id as tenant, 'e-way bill ' || coalesce(b.number, b.id::text) || ' of ' || coalesce(d.number, 'no document') || ': ' || case when e.status is distinct from 'registered' then 'its document is ' || coalesce(e.status, 'not there') else 'it does not say until when it is valid' end as what
                from eway_bills b left join documents d on d.tenant_id = b.tenant_id and d.id = b.document_id
                left join einvoices e on e.tenant_id = b.tenant_id and e.id = b.document_id
                where b.status = 'active' and (e.status is distinct from 'registered' or b.number is null or (b.vehicle_no is not null and b.valid_until is null) or b.valid_until < b.made_at)",
    },
    Check {
        name: "eway_bills.looked_up_before_asking_again",
        about: "No e-way bill was asked for again, or to be cancelled again, while it was not known what came of the first call.",
        sql: "select a.tenant_id as tenant, 'the e-way bill of document ' || a.document_id || ' was asked for again without a look' as what
                from (
                    select tenant_id, document_id, operation, lag(operation) over w as before, lag(outcome) over w as came_of_it
                      from einvoice_attempts where operation in ('eway_bill', 'find_eway_bill', 'cancel_eway_bill')
                      window w as (partition by tenant_id, document_id order by id)
                ) a
                where a.operation in ('eway_bill', 'cancel_eway_bill') and a.before = a.operation and a.came_of_it = 'lost'",
    },
    Check {
        name: "eway_vehicles.looked_up_before_asking_again",
        about: "No other vehicle was named again in an e-way bill while it was not known what came of the first call.",
        sql: "select a.tenant_id as tenant, 'the vehicle of the e-way bill of document ' || a.document_id || ' was named again without a look' as what
                from (
                    select tenant_id, document_id, operation, lag(operation) over w as before, lag(outcome) over w as came_of_it
                      from einvoice_attempts where eway_vehicle_id is not null
                      window w as (partition by tenant_id, eway_vehicle_id order by id)
                ) a
                where a.operation = 'change_vehicle' and a.before = 'change_vehicle' and a.came_of_it = 'lost'",
    },
    Check {
        name: "eway_vehicles.bills_name_the_last",
        about: "An e-way bill names the vehicle that the portal was told of last.",
        sql: "select b.tenant_id as tenant, 'e-way bill ' || coalesce(b.number, b.id::text) || ' names ' || coalesce(b.vehicle_no, 'no vehicle') || ', and the portal was told of ' || v.vehicle_no as what
                from eway_bills b
                cross join lateral (select c.vehicle_no from eway_vehicles c
                    where c.tenant_id = b.tenant_id and c.eway_bill_id = b.id and c.done_at is not null order by c.id desc limit 1) v
                where b.vehicle_no is distinct from v.vehicle_no",
    },
];
