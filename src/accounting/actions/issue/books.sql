-- What a note is decided by beside its original, and what standing notes have given back of each of its lines: a row for each such line, and
-- one without a line where there is none. $1 company, $2 the original, $3 the day, $4 the kind of note.
select b.*, r.*
  from (
    select coalesce(a.round_off, 'rupee') as round_off, a.einvoice_from,
           (select t.amount from turnovers t where t.tenant_id = d.tenant_id and t.year = financial_year(($3 - interval '1 year')::date)) as turnover,
           (select x.id from document_series x where x.tenant_id = d.tenant_id and x.registration_id = d.registration_id and x.kind = $4 and x.is_default) as series,
           n.credited, n.credited_charges, n.credited_discount, n.has_credits,
           exists (select from einvoices e
               where e.tenant_id = d.tenant_id and e.id = d.id and e.status in ('registered', 'cancelled') and e.cancel_asked_at is not null) as is_being_cancelled,
           s.number as shipment_no, s.status as shipment_status, s.warehouse_id, w.name as warehouse
      from documents d
      left join accounting_settings a on a.tenant_id = d.tenant_id
      left join shipments s on s.tenant_id = d.tenant_id and s.id = d.shipment_id
      left join warehouses w on w.tenant_id = s.tenant_id and w.id = s.warehouse_id
      cross join lateral (
        select coalesce(sum(c.total), 0) as credited, coalesce(sum(c.other_charges), 0) as credited_charges, coalesce(sum(c.late_discount), 0) as credited_discount,
               count(*) > 0 as has_credits
          from documents c
          where c.tenant_id = d.tenant_id and c.original_id = d.id and c.status = 'issued' and c.kind in ('credit_note', 'commercial_note')
      ) n
      where d.tenant_id = $1 and d.id = $2
  ) b
  left join (
    select n.original_line_id as line, coalesce(sum(n.quantity) filter (where n.shipment_line_id is not null), 0) as units,
           coalesce(sum(n.free_quantity) filter (where n.shipment_line_id is not null), 0) as free,
           sum(n.taxable) as taxable, sum(n.cgst) as cgst, sum(n.sgst) as sgst, sum(n.igst) as igst, sum(n.cess) as cess, sum(n.cess_fixed) as cess_fixed,
           coalesce(sum(n.taxable) filter (where n.shipment_line_id is null), 0) as value,
           coalesce(sum(n.taxable + n.cgst + n.sgst + n.igst + n.cess + n.cess_fixed) filter (where n.shipment_line_id is null), 0) as value_with_tax
      from documents d join document_lines n on n.tenant_id = d.tenant_id and n.document_id = d.id
      where d.tenant_id = $1 and d.original_id = $2 and d.status = 'issued' and d.kind in ('credit_note', 'commercial_note') group by 1
  ) r on true
