-- Lines of the documents of a registration and some days that stand, each with the table of GSTR-1 that it belongs to; notes have their sign.
with lines as (
    select d.id, d.kind, d.number, d.url_no, d.year, d.document_date, d.customer_id, d.total,
           d.is_inter_state, d.place_of_supply, d.supply_type <> 'B2C' as has_gstin, l.treatment,
           t.section,
           -- Without payment of tax there is no rate in the return, and where there is no GST there is none at all.
           case when t.section = 'outside' then null when t.section = 'nil' or l.treatment <> 'taxable' or d.supply_type in ('SEZWOP', 'EXPWOP') then 0 else l.tax_rate end as rate,
           -- From May 2025 the HSN summary has two parts: exports stand with buyers without a GSTIN.
           case when $3 < date '2025-05-01' then 'all' when d.supply_type in ('B2C', 'EXPWP', 'EXPWOP') then 'b2c' else 'b2b' end as buyers,
           l.hsn, case when l.is_service then 'NA' else coalesce(l.unit, 'OTH') end as unit,
           -- Units come back only with a note that names the shipment's line; services have none.
           case when l.is_service then 0 when d.original_id is null then l.quantity when l.shipment_line_id is not null then -l.quantity else 0 end as quantity,
           s.sign * l.taxable as taxable, s.sign * l.igst as igst, s.sign * l.cgst as cgst, s.sign * l.sgst as sgst, s.sign * (l.cess + l.cess_fixed) as cess
        from documents d
        join document_lines l on l.tenant_id = $1 and l.document_id = d.id
        -- A credit note may correct a debit note, which corrects the bill.
        left join documents o on o.tenant_id = $1 and o.id = d.original_id
        left join documents b on b.tenant_id = $1 and b.id = o.original_id
        cross join lateral (
            select coalesce(b.document_date, o.document_date, d.document_date) as day, coalesce(b.total, o.total, d.total) as total
        ) bill
        cross join lateral (
            select case when d.kind in ('credit_note', 'commercial_note') then -1 else 1 end as sign,
                   d.is_inter_state and bill.total > case when bill.day < date '2024-08-01' then 250000 else 100000 end as is_large
        ) s
        cross join lateral (
            select case
                when d.kind = 'commercial_note' or d.supplier_type = 'composition' then 'outside'
                -- What goes abroad or to a special economic zone is zero-rated, exempt goods too (IGST Act, section 16(2)).
                when l.treatment <> 'taxable' and d.supply_type in ('B2B', 'DEXP', 'B2C') then 'nil'
                when d.original_id is not null and d.supply_type in ('EXPWP', 'EXPWOP') then 'cdnur'
                when d.original_id is not null and d.supply_type <> 'B2C' then 'cdnr'
                when d.original_id is not null and s.is_large then 'cdnur'
                when d.supply_type in ('EXPWP', 'EXPWOP') then 'exp'
                when d.supply_type in ('SEZWP', 'SEZWOP') then 'sez'
                when d.supply_type = 'DEXP' then 'deemed'
                when d.supply_type = 'B2C' and s.is_large then 'b2cl'
                when d.supply_type = 'B2C' then 'b2cs'
                when d.is_reverse_charge then 'reverse'
                else 'b2b' end as section
        ) t
        where d.tenant_id = $1 and d.registration_id = $2 and d.document_date between $3 and $4 and d.status = 'issued'
)
