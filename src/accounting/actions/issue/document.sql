-- The document itself, last of all, with its number and how it stands at the authority. $1 its row as JSON, $2 series, $3 its date,
-- $4 to $6 the state at the authority, why, and the last day for it, $7 the first day of e-invoicing by which that was decided. Where somebody has
-- changed that meanwhile nothing is written. The lines of the document are there, so whoever changes it now waits until this has committed.
-- $8 whether the job $9 tells its customer.
with n as (
    select * from take_document_number($2, $3)
), d as (
    insert into documents (id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, due_on, customer_id, order_id, shipment_id,
            original_id, reason, reason_note, supplier_gstin, supplier_type, buyer_kind, buyer_gstin, supply_type, place_of_supply, place_reason, is_inter_state, half,
            is_reverse_charge, undertaking_id, currency, fx_rate, fx_source, fx_on, po_number, parties, discount, taxable, cgst, sgst, igst, cess, late_discount, other_charges,
            round_off, total, total_fc, item_count, main_hsn, issued_at, issued_by, issued_by_name)
        select r.id, r.kind, r.gst_type, r.registration_id, $2, n.year, n.sequence, n.number, n.url_no, $3, r.due_on, r.customer_id, r.order_id, r.shipment_id,
            r.original_id, r.reason, r.reason_note, r.supplier_gstin, r.supplier_type, r.buyer_kind, r.buyer_gstin, r.supply_type, r.place_of_supply, r.place_reason,
            r.is_inter_state, r.half, r.is_reverse_charge, r.undertaking_id, r.currency, r.fx_rate, r.fx_source, r.fx_on, r.po_number, r.parties, r.discount, r.taxable, r.cgst, r.sgst,
            r.igst, r.cess, r.late_discount, r.other_charges, r.round_off, r.total, r.total_fc, r.item_count, r.main_hsn, r.issued_at, r.issued_by, r.issued_by_name
        from jsonb_populate_record(null::documents, $1) r, n
        where (select a.einvoice_from from accounting_settings a where a.tenant_id = current_tenant()) is not distinct from $7
        returning id, customer_id, registration_id, document_date, number, url_no, year, issued_at
), e as (
    insert into einvoices (id, customer_id, registration_id, document_date, status, why, last_day, created_at, updated_at)
        select d.id, d.customer_id, d.registration_id, d.document_date, $4, $5, $6, d.issued_at, d.issued_at from d
)
select number, url_no, year,
    case when $8 then enqueue_job($9, 'money.letters', 'Letter about a note', jsonb_build_object('what', 'note', 'id', d.id), concat('note:', d.id), 100::smallint, now(), 8) end as letter
    from d
