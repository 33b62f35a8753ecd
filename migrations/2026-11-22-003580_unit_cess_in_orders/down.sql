-- As before: orders without a cess on each unit.

drop function quote_lines(uuid[], numeric[], uuid, date);
drop function rates_on(text[], text[], date);

create function rates_on(hsn text[], conditions text[], day date)
    returns table (code text, condition text, rate numeric, cess_rate numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select wanted.code, wanted.condition, found.rate, found.cess_rate
            from (select distinct u.code, u.condition from unnest(hsn, conditions) u(code, condition)) wanted
            cross join lateral (
                select r.rate, r.cess_rate from (
                    select o.rate, o.cess_rate, o.hsn_prefix, 0 as general, 0 as other, o.valid_from from own_tax_rates o
                        where o.tenant_id = current_tenant() and wanted.code like o.hsn_prefix || '%'
                          and o.valid_from <= day and (o.valid_to is null or o.valid_to >= day)
                    union all
                    select t.rate, t.cess_rate, t.hsn_prefix, 1, (t.condition <> wanted.condition)::int, t.valid_from from tax_rates t
                        where t.hsn_prefix = any (array[left(wanted.code, 2), left(wanted.code, 4), left(wanted.code, 6), wanted.code])
                          and t.condition in ('', wanted.condition) and t.valid_from <= day and (t.valid_to is null or t.valid_to >= day)
                ) r order by r.general, length(r.hsn_prefix) desc, r.other, r.valid_from desc limit 1
            ) found;
end $$;
comment on function rates_on is 'The GST rate of each code on a day, for this transaction''s company.';
grant execute on function rates_on to mandi_app;

create function quote_lines(products uuid[], quantities numeric[], customer uuid, day date)
    returns table (product_id uuid, sku text, name text, name_hi text, unit text, pack_size numeric, pack_name text, hsn text, status text, mrp numeric, picture_id uuid,
                   quantity numeric, price numeric, includes_tax boolean, price_list_id uuid, next_qty numeric, next_price numeric,
                   rate numeric, cess_rate numeric, free numeric)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    codes text[];
    conditions text[];
begin
    select array_agg(k.hsn), array_agg(k.tax_condition) into codes, conditions
        from (select distinct q.hsn, q.tax_condition from products q where q.tenant_id = tenant and q.id = any (quote_lines.products)) k;
    return query
        select p.id, p.sku, p.name, p.name_hi, p.unit, p.pack_size, p.pack_name, p.hsn, p.status, p.mrp, p.picture_id,
               u.quantity, f.price, f.includes_tax, f.price_list_id, f.next_qty, f.next_price, r.rate, r.cess_rate, coalesce(s.free, 0)
            from unnest(products, quantities) with ordinality u(product, quantity, place)
            join products p on p.tenant_id = tenant and p.id = u.product
            left join prices_for(products, quantities, customer, day) f on f.product_id = p.id and f.quantity = u.quantity
            left join rates_on(codes, conditions, day) r on r.code = p.hsn and r.condition = p.tax_condition
            left join free_stock(products, customer) s on s.product_id = p.id
            order by u.place;
end $$;
comment on function quote_lines is 'What lines of an order would be on a day: product, price, rate and free units, in the order asked.';
grant execute on function quote_lines to mandi_app;

comment on column order_lines.cess is 'In rupees.';
alter table order_lines drop column cess_per_unit;
