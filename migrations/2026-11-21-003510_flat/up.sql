-- What a list or a search costs does not grow with the company, and what a company searches does not grow with its neighbours.

-- ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- Each term begins with the company's mark, so that the index holds every company's words apart: a word is looked up among the company's own
-- products, where an index by company and word reads both lists, its own whole catalogue and everybody's products with that word.
drop index products_by_terms;
alter table products drop column terms,
    add column terms tsvector not null generated always as (array_to_tsvector(array_remove(array_remove(string_to_array(
        regexp_replace(' ' || lower(name || ' ' || coalesce(brand, '') || ' ' || sku || ' ' || coalesce(name_hi, '') || ' ' || coalesce(barcode, '')),
            '[[:space:],.;:()/&+"-]+', E'\n' || right(tenant_id::text, 8) || '=', 'g'), E'\n'), ''), right(tenant_id::text, 8) || '='))) stored;
comment on column products.terms is 'The words that search looks in, each behind the last eight digits of the company''s id and "=".';
create index products_by_terms on products using gin (terms);

create or replace function keep_words() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    -- In one order, so that two who write the same words at once wait for each other instead of both. Nine letters are the company's mark.
    insert into product_words (tenant_id, word)
        select distinct c.tenant_id, w.word from changed c cross join lateral (select substr(term, 10) as word from unnest(tsvector_to_array(c.terms)) term) w
            where length(w.word) between 3 and 40 and w.word !~ '[0-9]' order by 1, 2
        on conflict do nothing;
    return null;
end $$;

-- What is looked for, best first: a code or barcode as it stands; else products that have every word, then those in which every word begins one;
-- else the same with words that resemble what was typed. A buyer finds what the portal offers, staff find everything. No more than `most` are
-- looked at: a rare word is read from the index of words, a common one is met soon enough by reading the company's products, and never the table
-- from end to end, which holds everybody's. Reading an index of words is dearer than the planner thinks.
create or replace function search_products(looked_for text, most integer) returns table (id uuid, rank real)
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

-- ── Customers, and what belongs to them ──────────────────────────────────────────────────────────────────────────
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

-- The same words find the same customers, all of them, for whoever adds up what they owe.
create or replace function search_customers(words text) returns setof uuid
    language sql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$ select search_customers(words, 2147483647) $$;

-- The newest documents of many customers: first a few of each, which is enough where they have many; else all that may be among the newest.
-- A word that fits very many customers is asked for more of them only where those that it met first have too little.
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

drop function search_orders(text);
-- Figures alone are the end of a number, which has at least five.
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

drop function search_shipments(text[], text);
create function search_shipments(numbers text[], words text, most integer) returns setof uuid
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
comment on function search_shipments(text[], text, integer) is 'Ids of this transaction''s company''s shipments that have, or whose order has, one of these numbers, and of the newest, so many, whose customer these words find.';
grant execute on function search_shipments(text[], text, integer) to mandi_app;

drop function search_documents(text);
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

drop function search_payments(text);
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

-- ── What the dashboard adds up ───────────────────────────────────────────────────────────────────────────────────
-- Each figure is read from an index that holds what it counts and nothing that is over.
drop index stock_levels_low;
create index stock_levels_low on stock_levels (tenant_id, warehouse_id, product_id) include (on_hand, reserved, reorder_level) where on_hand - reserved <= reorder_level;
drop index orders_to_confirm;
create index orders_to_confirm on orders (tenant_id, placed_at desc, id desc) include (customer_id, is_held, total) where status = 'to_approve';
create index orders_confirmed on orders (tenant_id, id) include (customer_id, open_amount) where status = 'confirmed';
create index shipments_at_work on shipments (tenant_id, status, expected_on) include (customer_id) where status in ('picking', 'packed', 'out');

create table order_days (
    tenant_id uuid not null references companies,
    day date not null,
    orders integer not null default 0 check (orders >= 0),
    total numeric(16,2) not null default 0,
    primary key (tenant_id, day)
);
comment on table order_days is 'The placed orders of each day, so that the dashboard does not add up a busy company''s orders every time; kept by the trigger of orders.';
comment on column order_days.tenant_id is 'The company.';
comment on column order_days.day is 'The day in India on which they were placed.';
comment on column order_days.orders is 'How many orders were placed.';
comment on column order_days.total is 'What they come to, in rupees, with tax.';
select make_tenant_table('order_days', null, '{}', false);
revoke insert, update, delete on order_days from mandi_app;

create function keep_order_days() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    -- Where a company leaves, its days may be gone before its orders: nothing is added for them.
    if tg_op <> 'INSERT' and old.placed_at is not null then
        update order_days d set orders = d.orders - 1, total = d.total - old.total
            where d.tenant_id = old.tenant_id and d.day = (old.placed_at at time zone 'Asia/Kolkata')::date;
    end if;
    if tg_op <> 'DELETE' and new.placed_at is not null then
        insert into order_days as d (tenant_id, day, orders, total) values (new.tenant_id, (new.placed_at at time zone 'Asia/Kolkata')::date, 1, new.total)
            on conflict on constraint order_days_pkey do update set orders = d.orders + 1, total = d.total + excluded.total;
    end if;
    return null;
end $$;
comment on function keep_order_days() is 'The trigger that keeps order_days.';
-- At the end of the transaction: the row of a day, which everybody who orders today writes, is held for as long as a commit takes and no longer,
-- and whoever holds it waits for nothing else.
create constraint trigger keep_days_of_new after insert on orders deferrable initially deferred for each row
    when (new.placed_at is not null) execute function keep_order_days();
create constraint trigger keep_days_of_changed after update on orders deferrable initially deferred for each row
    when (old.placed_at is distinct from new.placed_at or old.total is distinct from new.total and new.placed_at is not null) execute function keep_order_days();
create constraint trigger keep_days_of_removed after delete on orders deferrable initially deferred for each row
    when (old.placed_at is not null) execute function keep_order_days();
insert into order_days (tenant_id, day, orders, total)
    select tenant_id, (placed_at at time zone 'Asia/Kolkata')::date, count(*), sum(total) from orders where placed_at is not null group by 1, 2;
