-- A search says how many rows it has only where it has looked at all of them, and what it takes for the newest is the newest of everybody whom
-- its words find. What one customer has open is read from an index that holds nothing else.

-- ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────
drop function search_products(text, integer);
-- What is looked for, best first: a code or barcode as it stands; else products that have every word, then those in which every word begins one;
-- else the same with words that resemble what was typed. A buyer finds what the portal offers, staff find everything; of some categories alone,
-- where they are named. No more than `most` are looked at: a rare word is read from the index of words, a common one is met soon enough by reading
-- the company's products, and never the table from end to end, which holds everybody's. Reading an index of words is dearer than the planner thinks.
create function search_products(looked_for text, most integer, within uuid[] default null) returns table (id uuid, rank real)
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
        where p.tenant_id = tenant and (p.sku = upper(plain) or p.barcode = upper(plain)) and not (is_buyer and p.status = 'discontinued')
          and (within is null or p.category_id = any (within)) limit most;
    if found then return; end if;
    return query select p.id, 0.9::real from products p
        where p.tenant_id = tenant and p.terms @@ whole and not (is_buyer and p.status = 'discontinued')
          and (within is null or p.category_id = any (within)) limit most;
    get diagnostics had = row_count;
    if had >= most then return; end if;
    return query select p.id, 0.9::real from products p
        where p.tenant_id = tenant and p.terms @@ begun and not p.terms @@ whole and not (is_buyer and p.status = 'discontinued')
          and (within is null or p.category_id = any (within)) limit most - had;
    if found or had > 0 then return; end if;
    -- What is spelled rightly is not mistaken for something else because it stands on another shelf.
    if within is not null and exists (select from products p where p.tenant_id = tenant and p.terms @@ begun and not (is_buyer and p.status = 'discontinued')) then
        return;
    end if;
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
        where p.tenant_id = tenant and p.terms @@ alike::tsquery and not (is_buyer and p.status = 'discontinued')
          and (within is null or p.category_id = any (within)) limit most;
end $$;
comment on function search_products(text, integer, uuid[]) is 'Ids of this transaction''s company''s products that fit what is looked for, typing errors included, with how well they fit; no more than so many, and of these categories alone where some are named.';
grant execute on function search_products(text, integer, uuid[]) to mandi_app;

-- ── Customers, and what belongs to them ──────────────────────────────────────────────────────────────────────────
drop function search_customers(text, integer);
create function search_customers(words text, most integer, among uuid[] default null) returns setof uuid
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
        where c.tenant_id = tenant and (among is null or c.id = any (among))
          and (c.name ilike piece or c.name ilike later_word or c.code ilike piece or c.city ilike piece
               or c.phone = '+91' || plain or c.gstin = upper(plain) or c.email = lower(plain)) limit most;
end $$;
comment on function search_customers(text, integer, uuid[]) is 'Ids of this transaction''s company''s customers whose name, code or city holds these letters, or whose phone, GSTIN or address they are; no more than so many, and of these customers alone where some are named.';
grant execute on function search_customers(text, integer, uuid[]) to mandi_app;

drop function newest_of(text, text, text, integer);
-- The newest documents of all customers whom some words find. Where those are very many, theirs are looked for among the newest documents of the
-- company, which soon has enough: first by asking who of a few is meant, then among more of them by knowing everybody. Else a few of each customer
-- are read, the newest first, and more of those alone whose last one is still newer than the last that is wanted: what was not read is older than
-- what is given back, whoever's it is.
create function newest_of(relation text, day text, condition text, words text, most integer, kinds text[] default null) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp
    as $$
declare
    tenant constant uuid := current_tenant();
    many constant integer := 1000;
    newest_first constant text := format('o.%I desc, o.id desc', day);
    -- An index has the documents of each kind by their day, not those of some kinds together.
    newest constant text := format('(select o.id, o.customer_id, o.%4$I from '
        || case when kinds is null then '%1$I o where o.tenant_id = $1 and %3$s'
            else 'unnest($2) k cross join lateral (select o.id, o.customer_id, o.%4$I from %1$I o where o.tenant_id = $1 and o.kind = k and %3$s order by %2$s limit $3) o' end
        || ' order by %2$s limit $3) o', relation, newest_first, condition, day);
    customers uuid[];
    few integer;
    ids uuid[];
    whose uuid[];
begin
    if most < 1 then return; end if;
    customers := array(select search_customers(words, many));
    if cardinality(customers) = 0 then return; end if;
    if cardinality(customers) = many then
        if most < many then
            execute 'select array_agg(o.id), array_agg(o.customer_id) from ' || newest into ids, whose using tenant, kinds, 10 * most;
            ids := array(
                select n.id from unnest(ids, whose) with ordinality n(id, customer, place)
                    join search_customers(words, null, array(select distinct w from unnest(whose) w)) c(id) on c.id = n.customer order by n.place limit most);
            if cardinality(ids) = most then
                return query select unnest(ids);
                return;
            end if;
        end if;
        customers := array(select search_customers(words));
        execute format('select array(select o.id from %1$s where o.customer_id = any ($4) order by %2$s limit $5)', newest, newest_first)
            into ids using tenant, kinds, least(20 * most, 100000), customers, most;
        if cardinality(ids) = most then
            return query select unnest(ids);
            return;
        end if;
    end if;
    few := least(most, greatest(6, ceil(2.0 * most / cardinality(customers))));
    return query execute format('
        with few as materialized (
            select o.id, o.at, o.place, c.id as customer from unnest($1) c(id) cross join lateral (
                select o.id, o.%1$I as at, row_number() over (order by %2$s) as place from %3$I o
                    where o.tenant_id = $2 and o.customer_id = c.id and %4$s order by %2$s limit $3) o
        ), last as materialized (
            select f.at, f.id from few f order by f.at desc, f.id desc offset $4 - 1 limit 1
        ), more as (
            select o.id, o.at from last l join few f on f.place = $3 and (f.at, f.id) > (l.at, l.id) cross join lateral (
                select o.id, o.%1$I as at from %3$I o
                    where o.tenant_id = $2 and o.customer_id = f.customer and %4$s and (o.%1$I, o.id) < (f.at, f.id) and (o.%1$I, o.id) > (l.at, l.id)
                    order by %2$s limit $4) o
            union all
            select o.id, o.at from few f cross join lateral (
                select o.id, o.%1$I as at from %3$I o
                    where o.tenant_id = $2 and o.customer_id = f.customer and %4$s and (o.%1$I, o.id) < (f.at, f.id)
                    order by %2$s limit $4) o
                where f.place = $3 and not exists (select from last)
        )
        select a.id from (select f.at, f.id from few f union all select m.at, m.id from more m) a order by a.at desc, a.id desc limit $4',
        day, newest_first, relation, case when kinds is null then condition else condition || format(' and o.kind = any (%L::text[])', kinds) end)
        using customers, tenant, few, most;
end $$;
comment on function newest_of(text, text, text, text, integer, text[]) is 'Ids of the newest rows, by a day and then by id, of a table of documents whose customers these words find and which a condition lets through; no more than so many. Asked by other functions alone.';
revoke execute on function newest_of(text, text, text, text, integer, text[]) from public;

drop function search_orders(text, integer);
create function search_orders(words text, most integer, is_draft boolean default false, since timestamptz default null, until timestamptz default null) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    digits constant text := case when plain ~ '^[0-9]{1,9}$' then lpad(plain, greatest(5, length(plain)), '0') end;
    wanted constant text := case when is_draft then 'o.placed_at is null and o.status = ''draft''' else 'o.placed_at is not null' end
        || case when since is null then '' else format(' and o.placed_at >= %L', since) end || case when until is null then '' else format(' and o.placed_at < %L', until) end;
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
        select newest_of('orders', case when is_draft then 'created_at' else 'placed_at' end, wanted, words, most);
end $$;
comment on function search_orders(text, integer, boolean, timestamptz, timestamptz) is 'Ids of this transaction''s company''s orders whose number or purchase order this is, and of the newest, so many, that were placed between two moments (or, asked so, are drafts) and whose customer these words find; figures alone are the end of a number.';
grant execute on function search_orders(text, integer, boolean, timestamptz, timestamptz) to mandi_app;

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
        select newest_of('shipments', 'id', 'true', words, most);
end $$;
drop function search_documents(text, integer);
create function search_documents(words text, most integer, kinds text[] default null, since date default null, until date default null, standing text default null) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    place constant integer := case when plain ~ '^[0-9]{1,6}$' then plain::integer end;
    wanted constant text := 'true' || case when since is null then '' else format(' and o.document_date >= %L', since) end
        || case when until is null then '' else format(' and o.document_date <= %L', until) end
        || case when standing is null then '' else format(' and o.status = %L', standing) end;
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select d.id from documents d where d.tenant_id = tenant and d.number = plain
        union
        -- As its address and the name of its file have it, with hyphens.
        select d.id from (select distinct c.year from document_counters c where c.tenant_id = tenant) y
            cross join unnest('{invoice,bill_of_supply,debit_note,credit_note,commercial_note}'::text[]) k
            join documents d on d.tenant_id = tenant and d.kind = k and d.year = y.year and d.url_no = replace(plain, '/', '-')
        union
        select d.id from documents d where d.tenant_id = tenant and d.irn = lower(plain)
        union
        select d.id from documents d join document_counters c on c.tenant_id = d.tenant_id and c.series_id = d.series_id and c.year = d.year
            where d.tenant_id = tenant and d.sequence = place
        union
        select d.id from documents d join orders o on o.tenant_id = d.tenant_id and o.id = d.order_id where d.tenant_id = tenant and o.number = plain
        union
        select newest_of('documents', 'document_date', wanted, words, most, coalesce(kinds, '{invoice,bill_of_supply,debit_note,credit_note,commercial_note}'));
end $$;
comment on function search_documents(text, integer, text[], date, date, text) is 'Ids of this transaction''s company''s documents whose number, IRN or order this is, and of the newest of some kinds from a day to a day and in a state, so many, whose customer these words find; figures alone are the number within its series.';
grant execute on function search_documents(text, integer, text[], date, date, text) to mandi_app;

drop function search_payments(text, integer);
create function search_payments(words text, most integer, since date default null, until date default null) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    tenant constant uuid := current_tenant();
    plain constant text := upper(trim(translate(words, '%_\', '')));
    digits constant text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
    -- What a gateway was only asked for is no payment yet.
    wanted constant text := 'o.number is not null' || case when since is null then '' else format(' and o.paid_on >= %L', since) end
        || case when until is null then '' else format(' and o.paid_on <= %L', until) end;
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
        select newest_of('payments', 'paid_on', wanted, words, most);
end $$;
comment on function search_payments(text, integer, date, date) is 'Ids of this transaction''s company''s payments whose number or reference this is, and of the newest from a day to a day, so many, whose customer these words find; figures alone are the end of a number.';
grant execute on function search_payments(text, integer, date, date) to mandi_app;

-- The newest of a customer, in the order of the lists: payments by the day on which they count, notes apart from a thousand bills.
create index payments_by_customer_and_day on payments (tenant_id, customer_id, paid_on desc, id desc) where number is not null;
create index documents_notes on documents (tenant_id, customer_id, document_date desc, id desc) where kind in ('credit_note', 'commercial_note', 'debit_note');

-- ── What a customer has open ─────────────────────────────────────────────────────────────────────────────────────
drop index open_items_open;
create index open_items_open on open_items (tenant_id, customer_id, side, due_on, entry_date, id) include (open, last_on) where is_open;

-- As open_on() of one customer, which an index can find only where it is asked for plainly, and not beside "or of all".
create function open_of(its uuid, day date) returns table (id uuid, customer_id uuid, side text, entry_date date, due_on date, open numeric)
    language sql stable rows 500
    as $$
        select o.id, o.customer_id, o.side, o.entry_date, o.due_on, o.open from (
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, i.open + case when i.last_on is null or i.last_on <= day then 0 when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end as open
                from open_items i
                where i.tenant_id = current_tenant() and i.customer_id = its and i.is_open and i.entry_date <= day
            union all
            select i.id, i.customer_id, i.side, i.entry_date, i.due_on, case when i.side = 'debit'
                     then coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.debit_id = i.id and a.entry_date > day), 0)
                     else coalesce((select sum(a.amount) from allocations a where a.tenant_id = i.tenant_id and a.credit_id = i.id and a.entry_date > day), 0) end
                from open_items i
                where i.tenant_id = current_tenant() and i.customer_id = its and not i.is_open and i.settled_on > day and i.entry_date <= day
            offset 0
        ) o where o.open <> 0
    $$;
comment on function open_of(uuid, date) is 'Open debits and credits of a customer as of a day: what came later is not seen.';
grant execute on function open_of(uuid, date) to mandi_app;
