select d.kind, d.number, d.url_no, d.year, d.document_date, c.name as customer, e.status as authority, w.short_codes, w.units, count(*) over () as count
    from documents d
    join customers c on c.tenant_id = $1 and c.id = d.customer_id
    -- What needs no registration, and what is registered, is as it should be.
    left join einvoices e on e.tenant_id = $1 and e.id = d.id and e.status not in ('not_required', 'registered')
    cross join lateral (
        select string_agg(distinct l.hsn, ', ') filter (where length(l.hsn) < case when d.buyer_kind = 'overseas' then $5 else $6 end) as short_codes,
               string_agg(distinct coalesce(l.unit, '–'), ', ') filter (where not l.is_service and (l.unit is null or l.unit <> all($7::text[]))) as units
            from document_lines l where l.tenant_id = $1 and l.document_id = d.id and l.taxable <> 0
    ) w
    where d.tenant_id = $1 and d.registration_id = $2 and d.document_date between $3 and $4 and d.status = 'issued'
        and d.kind <> 'commercial_note' and d.supplier_type <> 'composition'
        and (e.status is not null or w.short_codes is not null or w.units is not null)
    order by d.document_date, d.id
    limit $8
