-- What a note is decided by beside its original. $1 company, $2 the original, $3 the day, $4 the kind of note.
select coalesce(a.round_off, 'rupee') as round_off, a.einvoice_from,
       (select t.amount from turnovers t where t.tenant_id = d.tenant_id and t.year = financial_year(($3 - interval '1 year')::date)) as turnover,
       (select x.id from document_series x where x.tenant_id = d.tenant_id and x.registration_id = d.registration_id and x.kind = $4 and x.is_default) as series,
       coalesce((select i.open from open_items i where i.tenant_id = d.tenant_id and i.id = d.id), 0) as open,
       coalesce((select sum(n.total) from documents n
           where n.tenant_id = d.tenant_id and n.original_id = d.id and n.status = 'issued' and n.kind in ('credit_note', 'commercial_note')), 0) as credited,
       exists (select from documents n
           where n.tenant_id = d.tenant_id and n.original_id = d.id and n.status = 'issued' and n.kind in ('credit_note', 'commercial_note')) as has_credits,
       exists (select from einvoices e
           where e.tenant_id = d.tenant_id and e.id = d.id and e.status in ('registered', 'cancelled') and e.cancel_asked_at is not null) as is_being_cancelled
  from documents d left join accounting_settings a on a.tenant_id = d.tenant_id
  where d.tenant_id = $1 and d.id = $2
