-- As before: terms without the company's mark, searches without an end, and figures that are added up each time.
drop trigger keep_days_of_new on orders;
drop trigger keep_days_of_changed on orders;
drop trigger keep_days_of_removed on orders;
drop function keep_order_days();
drop table order_days;
drop index shipments_at_work;
drop index orders_confirmed;
drop index orders_to_confirm;
create index orders_to_confirm on orders (tenant_id, placed_at desc, id desc) where status = 'to_approve';
drop index stock_levels_low;
create index stock_levels_low on stock_levels (tenant_id, warehouse_id, product_id) where on_hand - reserved <= reorder_level;

drop function search_payments(text, integer);
drop function search_documents(text, integer);
drop function search_shipments(text[], text, integer);
drop function search_orders(text, integer);
drop function newest_of(text, text, text, integer);
create or replace function search_customers(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := translate(words, '%_\', '');
    is_short boolean := length(plain) < 3;
    piece text := case when is_short then plain || '%' else '%' || plain || '%' end;
    later_word text := case when is_short then '% ' || plain || '%' else piece end;
begin
    -- Marks alone are no words: they would find everybody.
    if trim(plain) = '' then return; end if;
    return query select c.id from customers c
        where c.tenant_id = current_tenant() and setting_uuid('customer_id') is null
          and (c.name ilike piece or c.name ilike later_word or c.code ilike piece or c.city ilike piece
               or c.phone = '+91' || plain or c.gstin = upper(plain) or c.email = lower(plain));
end $$;
drop function search_customers(text, integer);

-- Figures alone are the end of a number, which has at least five.
create function search_orders(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,9}$' then lpad(plain, greatest(5, length(plain)), '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select o.id from orders o where o.tenant_id = current_tenant() and o.number = plain
        union
        select o.id from orders o where o.tenant_id = current_tenant()
            and o.number = any (select 'SO-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y where digits is not null)
        union
        select o.id from orders o where o.tenant_id = current_tenant() and o.po_number is not null and upper(o.po_number) = plain
        union
        select o.id from orders o where o.tenant_id = current_tenant() and o.customer_id in (select search_customers(words));
end $$;
comment on function search_orders(text) is 'Ids of this transaction''s company''s orders whose number or purchase order this is, or whose customer these words find; figures alone are the end of a number.';
grant execute on function search_orders(text) to mandi_app;

create function search_shipments(numbers text[], words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
begin
    if setting_uuid('customer_id') is not null then return; end if;
    return query
        select s.id from shipments s where s.tenant_id = tenant and s.number = any (numbers)
        union
        select s.id from orders o join shipments s on s.tenant_id = tenant and s.order_id = o.id where o.tenant_id = tenant and o.number = any (numbers)
        union
        select s.id from (select search_customers(words) as id) c join shipments s on s.tenant_id = tenant and s.customer_id = c.id;
end $$;
comment on function search_shipments(text[], text) is 'Ids of this transaction''s company''s shipments that have, or whose order has, one of these numbers, or whose customer these words find.';
grant execute on function search_shipments(text[], text) to mandi_app;

create function search_documents(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select d.id from documents d where d.tenant_id = current_tenant() and d.number in (plain, replace(plain, '-', '/'))
        union
        select d.id from documents d where d.tenant_id = current_tenant() and d.irn = lower(plain)
        union
        select d.id from documents d join document_counters c on c.tenant_id = d.tenant_id and c.series_id = d.series_id and c.year = d.year
            where d.tenant_id = current_tenant() and plain ~ '^[0-9]{1,6}$' and d.series_id = c.series_id and d.year = c.year and d.sequence = case when plain ~ '^[0-9]{1,6}$' then plain::integer end
        union
        select d.id from documents d join orders o on o.tenant_id = d.tenant_id and o.id = d.order_id where d.tenant_id = current_tenant() and o.number = plain
        union
        select d.id from documents d where d.tenant_id = current_tenant() and d.customer_id in (select search_customers(words));
end $$;
comment on function search_documents(text) is 'Ids of this transaction''s company''s documents whose number, IRN or order this is, or whose customer these words find; figures alone are the number within its series.';
grant execute on function search_documents(text) to mandi_app;

create function search_payments(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select p.id from payments p where p.tenant_id = current_tenant() and p.number = plain
        union
        select p.id from payments p where p.tenant_id = current_tenant()
            and p.number = any (select k || '-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y, unnest('{RC,RF}'::text[]) k where digits is not null)
        union
        select p.id from payments p where p.tenant_id = current_tenant() and p.reference is not null and upper(p.reference) = plain
        union
        select p.id from payments p where p.tenant_id = current_tenant() and p.customer_id in (select search_customers(words));
end $$;
comment on function search_payments(text) is 'Ids of this transaction''s company''s payments whose number or reference this is, or whose customer these words find; figures alone are the end of a number.';
grant execute on function search_payments(text) to mandi_app;

drop index products_by_terms;
alter table products drop column terms,
    add column terms tsvector not null generated always as (array_to_tsvector(array_remove(regexp_split_to_array(lower(name || ' ' || coalesce(brand, '') || ' ' || sku || ' ' || coalesce(name_hi, '') || ' ' || coalesce(barcode, '')), '[[:space:],.;:()/&+"-]+'), ''))) stored;
comment on column products.terms is 'The words that search looks in.';
create index products_by_terms on products using gin (tenant_id, terms);

create or replace function keep_words() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    -- In one order, so that two who write the same words at once wait for each other instead of both.
    insert into product_words (tenant_id, word)
        select distinct c.tenant_id, w.word from changed c cross join unnest(tsvector_to_array(c.terms)) w(word)
            where length(w.word) between 3 and 40 and w.word !~ '[0-9]' order by 1, 2
        on conflict do nothing;
    return null;
end $$;

alter function search_products(text, integer) reset enable_seqscan;
alter function search_products(text, integer) reset cpu_index_tuple_cost;
create or replace function search_products(looked_for text, most integer) returns table (id uuid, rank real)
    language plpgsql stable security definer rows 200 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
#variable_conflict use_column
declare
    plain text := lower(trim(looked_for));
    typed text[] := (select array_agg(w) from (select distinct w from unnest(regexp_split_to_array(plain, '[[:space:],.;:()/&+"-]+')) w where w <> '' limit 8) t);
    is_buyer boolean := setting_uuid('customer_id') is not null;
    asked text := (select string_agg(as_lexeme(w) || ':*', ' & ') from unnest(typed) w);
    alike text;
begin
    if asked is null then return; end if;
    return query select p.id, 1.0::real from products p
        where p.tenant_id = current_tenant() and (p.sku = upper(plain) or p.barcode = upper(plain)) and not (is_buyer and p.status = 'discontinued') limit most;
    if found then return; end if;
    return query select p.id, 0.9::real from products p
        where p.tenant_id = current_tenant() and p.terms @@ asked::tsquery and not (is_buyer and p.status = 'discontinued') limit most;
    if found then return; end if;
    alike := (select string_agg(coalesce(c.words, as_lexeme(t.w) || ':*'), ' & ') from unnest(typed) t(w)
        left join lateral (
            select '(' || string_agg(as_lexeme(near.word), ' | ') || ')' as words from (
                select alike.word from (
                    select v.word, similarity(v.word, t.w) as degree, max(similarity(v.word, t.w)) over () as best from product_words v
                        where v.tenant_id = current_tenant() and t.w !~ '[0-9]'
                          -- Short words share too few letters in a row. There the first letter has to do, and that neither of the two has more
                          -- than one letter that the other lacks: "sope" is "soap", but "kaju" is not "ksd".
                          and (v.word % t.w or (length(t.w) between 3 and 5 and v.word like left(translate(t.w, '%_\', ''), 1) || '%'
                              and abs(length(v.word) - length(t.w)) <= 1
                              and length(translate(v.word, t.w, '')) <= 1 and length(translate(t.w, v.word, '')) <= 1))
                    ) alike where alike.degree > 0.1 and alike.degree >= alike.best / 2 order by alike.degree desc, alike.word limit 3) near
        ) c on true);
    return query select p.id, 0.5::real from products p
        where p.tenant_id = current_tenant() and p.terms @@ alike::tsquery and not (is_buyer and p.status = 'discontinued') limit most;
end $$;
