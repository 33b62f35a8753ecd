with o as materialized (
    select o.customer_id, case when o.side = 'credit' then -o.open else o.open end as amount, age_place(o.side, o.due_on, $2, e.ends) as place
        from (select age_ends() as ends offset 0) e, open_on($2) o where $4
), s as (
    select place, sum(amount) as amount, count(*) as items from o group by place
)
select age_ends() as ends,
       coalesce((select array_agg(s.place order by s.place) from s), '{}') as places,
       coalesce((select array_agg(s.amount order by s.place) from s), '{}') as amounts,
       coalesce((select array_agg(s.items order by s.place) from s), '{}') as items,
       (select count(*) from (select distinct o.customer_id from o) c) as customers,
       d.documents, d.sales, r.refused, r.refused_amount,
       -- The first of each state in the order of an index: of those that need no registration there may be a million, and all would be read.
       $3 and exists (select from unnest($5::text[]) as t (state)
           where (select e.id from einvoices e where e.tenant_id = $1 and e.status = t.state order by e.document_date, e.id limit 1) is not null) as sends
    from (
        select count(*) as documents, coalesce(sum(case when d.kind in ('credit_note', 'commercial_note') then -d.total else d.total end), 0) as sales
            from documents d where $3 and d.tenant_id = $1 and d.status = 'issued' and d.document_date > $2 - 30 and d.document_date <= $2
    ) d
    cross join (
        select count(*) as refused, coalesce(sum(d.total), 0) as refused_amount
            from einvoices e join documents d on d.tenant_id = e.tenant_id and d.id = e.id
            where $3 and e.tenant_id = $1 and e.status = 'failed_fix'
    ) r
