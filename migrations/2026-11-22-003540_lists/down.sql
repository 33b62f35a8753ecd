-- As before: the newest of some of the customers, products of all categories, and open items of one customer by the function of all.
drop function open_of(uuid, date);
drop index open_items_open;
create index open_items_open on open_items (tenant_id, customer_id, side, due_on, entry_date, id) include (open) where is_open;
drop index documents_notes;
drop index payments_by_customer_and_day;

drop function search_payments(text, integer, date, date);
drop function search_documents(text, integer, text[], date, date, text);
drop function search_orders(text, integer, boolean, timestamptz, timestamptz);
drop function newest_of(text, text, text, text, integer, text[]);
drop function search_customers(text, integer, uuid[]);
drop function search_products(text, integer, uuid[]);

create function search_products(looked_for text, most integer) returns table (id uuid, rank real)
    language plpgsql stable security definer rows 200 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    set enable_seqscan = off set cpu_index_tuple_cost = 0.1
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    mark constant text := right(tenant::text, 8) || '=';
    plain constant text := lower(trim(looked_for));
    typed text[] := (select array_agg(w) from (select distinct w from unnest(regexp_split_to_array(plain, '[[:space:],.;:()/&+"-]+')) w where w <> '' limit 8) t);
    is_buyer constant boolean := setting_uuid('customer_id') is not null;
    whole constant tsquery := (select string_agg(as_lexeme(mark || w), ' & ') from unnest(typed) w)::tsquery;
    begun constant tsquery := (select string_agg(as_lexeme(mark || w) || ':*', ' & ') from unnest(typed) w)::tsquery;
    alike text;
    had integer;
begin
    if whole is null then return; end if;
    return query select p.id, 1.0::real from products p
        where p.tenant_id = tenant and (p.sku = upper(plain) or p.barcode = upper(plain)) and not (is_buyer and p.status = 'discontinued') limit most;
    if found then return; end if;
    return query select p.id, 0.9::real from products p
        where p.tenant_id = tenant and p.terms @@ whole and not (is_buyer and p.status = 'discontinued') limit most;
    get diagnostics had = row_count;
    if had >= most then return; end if;
    return query select p.id, 0.9::real from products p
        where p.tenant_id = tenant and p.terms @@ begun and not p.terms @@ whole and not (is_buyer and p.status = 'discontinued') limit most - had;
    if found or had > 0 then return; end if;
    alike := (select string_agg(coalesce(c.words, as_lexeme(mark || t.w) || ':*'), ' & ') from unnest(typed) t(w)
        left join lateral (
            select '(' || string_agg(as_lexeme(mark || near.word), ' | ') || ')' as words from (
                select alike.word from (
                    select v.word, similarity(v.word, t.w) as degree, max(similarity(v.word, t.w)) over () as best from product_words v
                        where v.tenant_id = tenant and t.w !~ '[0-9]'
                          -- Short words share too few letters in a row. There the first letter has to do, and that neither of the two has more
                          -- than one letter that the other lacks: "sope" is "soap", but "kaju" is not "ksd".
                          and (v.word % t.w or (length(t.w) between 3 and 5 and v.word like left(translate(t.w, '%_\', ''), 1) || '%'
                              and abs(length(v.word) - length(t.w)) <= 1
                              and length(translate(v.word, t.w, '')) <= 1 and length(translate(t.w, v.word, '')) <= 1))
                    ) alike where alike.degree > 0.1 and alike.degree >= alike.best / 2 order by alike.degree desc, alike.word limit 3) near
        ) c on true);
    return query select p.id, 0.5::real from products p
        where p.tenant_id = tenant and p.terms @@ alike::tsquery and not (is_buyer and p.status = 'discontinued') limit most;
end $$;
comment on function search_products(text, integer) is 'Ids of this transaction''s company''s products that fit what is looked for, typing errors included, with how well they fit.';
grant execute on function search_products(text, integer) to mandi_app;

create function search_customers(words text, most integer) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    set enable_seqscan = off
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := translate(words, '%_\', '');
    is_short constant boolean := length(plain) < 3;
    piece constant text := case when is_short then plain || '%' else '%' || plain || '%' end;
    later_word constant text := case when is_short then '% ' || plain || '%' else piece end;
begin
    -- Marks alone are no words: they would find everybody.
    if trim(plain) = '' or setting_uuid('customer_id') is not null then return; end if;
    return query select c.id from customers c
        where c.tenant_id = tenant
          and (c.name ilike piece or c.name ilike later_word or c.code ilike piece or c.city ilike piece
               or c.phone = '+91' || plain or c.gstin = upper(plain) or c.email = lower(plain)) limit most;
end $$;
comment on function search_customers(text, integer) is 'Ids of this transaction''s company''s customers whose name, code or city holds these letters, or whose phone, GSTIN or address they are; no more than so many.';
grant execute on function search_customers(text, integer) to mandi_app;

create function newest_of(relation text, newest_first text, words text, most integer) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
declare
    tenant constant uuid := current_tenant();
    customers uuid[] := array(select search_customers(words, most));
    few constant integer := greatest(5, 2 * most / greatest(cardinality(customers), 1));
    asked constant text := format('select array(select o.id from unnest($1) c(id) cross join lateral (
        select o.* from %1$I o where o.tenant_id = $2 and o.customer_id = c.id order by %2$s limit $3) o order by %2$s limit $4)', relation, newest_first);
    ids uuid[];
begin
    execute asked into ids using customers, tenant, few, most;
    if cardinality(ids) < most and cardinality(customers) > 0 then
        execute asked into ids using customers, tenant, most, most;
    end if;
    if cardinality(ids) < most and cardinality(customers) >= most then
        customers := array(select search_customers(words));
        execute asked into ids using customers, tenant, most, most;
    end if;
    return query select unnest(ids);
end $$;
comment on function newest_of(text, text, text, integer) is 'Ids of the newest rows of a table of documents whose customers these words find; no more than so many. Asked by other functions alone.';
revoke execute on function newest_of(text, text, text, integer) from public;

create function search_orders(words text, most integer) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    digits constant text := case when plain ~ '^[0-9]{1,9}$' then lpad(plain, greatest(5, length(plain)), '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select o.id from orders o where o.tenant_id = tenant and o.number = plain
        union
        select o.id from orders o where o.tenant_id = tenant
            and o.number = any (select 'SO-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y where digits is not null)
        union
        select o.id from orders o where o.tenant_id = tenant and o.po_number is not null and upper(o.po_number) = plain
        union
        select newest_of('orders', 'o.placed_at desc, o.id desc', words, most);
end $$;
comment on function search_orders(text, integer) is 'Ids of this transaction''s company''s orders whose number or purchase order this is, and of the newest, so many, whose customer these words find; figures alone are the end of a number.';
grant execute on function search_orders(text, integer) to mandi_app;

create or replace function search_shipments(numbers text[], words text, most integer) returns setof uuid
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
        select newest_of('shipments', 'o.id desc', words, most);
end $$;
create function search_documents(words text, most integer) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    place constant integer := case when plain ~ '^[0-9]{1,6}$' then plain::integer end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select d.id from documents d where d.tenant_id = tenant and d.number in (plain, replace(plain, '-', '/'))
        union
        select d.id from documents d where d.tenant_id = tenant and d.irn = lower(plain)
        union
        select d.id from documents d join document_counters c on c.tenant_id = d.tenant_id and c.series_id = d.series_id and c.year = d.year
            where d.tenant_id = tenant and d.sequence = place
        union
        select d.id from documents d join orders o on o.tenant_id = d.tenant_id and o.id = d.order_id where d.tenant_id = tenant and o.number = plain
        union
        select newest_of('documents', 'o.document_date desc, o.id desc', words, most);
end $$;
comment on function search_documents(text, integer) is 'Ids of this transaction''s company''s documents whose number, IRN or order this is, and of the newest, so many, whose customer these words find; figures alone are the number within its series.';
grant execute on function search_documents(text, integer) to mandi_app;

create function search_payments(words text, most integer) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    digits constant text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select p.id from payments p where p.tenant_id = tenant and p.number = plain
        union
        select p.id from payments p where p.tenant_id = tenant
            and p.number = any (select k || '-' || lpad(y::text, 2, '0') || '-' || digits from generate_series(20, 60) y, unnest('{RC,RF}'::text[]) k where digits is not null)
        union
        select p.id from payments p where p.tenant_id = tenant and p.reference is not null and upper(p.reference) = plain
        union
        select newest_of('payments', 'o.id desc', words, most);
end $$;
comment on function search_payments(text, integer) is 'Ids of this transaction''s company''s payments whose number or reference this is, and of the newest, so many, whose customer these words find; figures alone are the end of a number.';
grant execute on function search_payments(text, integer) to mandi_app;
