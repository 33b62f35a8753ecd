-- A search costs the same in a large company, and finds the same each time: the words of products lie in 64 parts, each with its own lists, which
-- are read one after the other until there is enough. Before, two common words cost both their lists from end to end, and which products of a
-- common word were looked at was the planner's choice, which could change between two pages of one search.

create function term_part(id uuid) returns integer language sql immutable parallel safe
    as $$ select get_byte(uuid_send(id), 15) & 63 $$;
comment on function term_part(uuid) is 'In which of 64 parts the words of a product lie: six random bits of its id.';

create function term_mark(tenant uuid, part integer) returns text language sql immutable parallel safe
    as $$ select right(tenant::text, 8) || substr('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_', 1 + part, 1) $$;
comment on function term_mark(uuid, integer) is 'Nine letters that stand before each word of a company''s products of one part.';

-- Whoever writes a product makes its terms.
grant execute on function term_part(uuid), term_mark(uuid, integer) to mandi_app;

drop index products_by_terms;
alter table products drop column terms,
    add column terms tsvector not null generated always as (array_to_tsvector(array_remove(array_remove(string_to_array(
        regexp_replace(' ' || lower(name || ' ' || coalesce(brand, '') || ' ' || sku || ' ' || coalesce(name_hi, '') || ' ' || coalesce(barcode, '')),
            '[[:space:],.;:()/&+"-]+', E'\n' || term_mark(tenant_id, term_part(id)), 'g'), E'\n'), ''), term_mark(tenant_id, term_part(id))))) stored;
comment on column products.terms is 'The words that search looks in, each behind the mark of company and part (term_mark).';
create index products_by_terms on products using gin (terms);

-- What is looked for, best first: a code or barcode as it stands; else products that have every word, then those in which every word begins one;
-- else the same with words that resemble what was typed. A buyer finds what the portal offers, staff find everything; of some categories alone,
-- where they are named. No more than `most` are looked at, and of more the same ones each time: the first parts' products.
create or replace function search_products(looked_for text, most integer, within uuid[] default null) returns table (id uuid, rank real)
    language plpgsql stable security definer rows 200 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    as $$
#variable_conflict use_column
declare
    tenant constant uuid := current_tenant();
    parts constant integer := 64;
    plain constant text := lower(trim(looked_for));
    typed constant text[] := (select array_agg(w) from (select distinct w from unnest(regexp_split_to_array(plain, '[[:space:],.;:()/&+"-]+')) w where w <> '' limit 8) t);
    is_buyer constant boolean := setting_uuid('customer_id') is not null;
    -- The question of each part: every word whole, begun, or what is wanted now.
    whole constant tsquery[] := array(
        select string_agg(as_lexeme(term_mark(tenant, part) || w), ' & ')::tsquery from generate_series(0, parts - 1) part, unnest(typed) w group by part order by part);
    begun tsquery[];
    wanted tsquery[] := whole;
    fit real := 0.9;
    is_by_shelf boolean := false;
    likely bigint;
    had integer := 0;
    more integer;
begin
    if typed is null then return; end if;
    return query select p.id, 1.0::real from products p
        where p.tenant_id = tenant and (p.sku = upper(plain) or p.barcode = upper(plain)) and not (is_buyer and p.status = 'discontinued')
          and (within is null or p.category_id = any (within)) limit most;
    if found then return; end if;
    for step in 1..3 loop
        if step = 2 then
            begun := array(
                select string_agg(as_lexeme(term_mark(tenant, part) || w) || ':*', ' & ')::tsquery
                    from generate_series(0, parts - 1) part, unnest(typed) w group by part order by part);
            wanted := begun;
        elsif step = 3 then
            -- What is spelled rightly is not mistaken for something else because it stands on another shelf.
            if within is not null and exists (select from unnest(begun) q(query) cross join lateral (
                    select from products p where p.terms @@ q.query and p.tenant_id is not distinct from tenant and not (is_buyer and p.status = 'discontinued') limit 1) other) then
                return;
            end if;
            fit := 0.5;
            wanted := array(
                with alike as materialized (
                    select t.w, near.word from unnest(typed) t(w) left join lateral (
                        select alike.word from (
                            select v.word, similarity(v.word, t.w) as degree, max(similarity(v.word, t.w)) over () as best from product_words v
                                where v.tenant_id = tenant and t.w !~ '[0-9]'
                                  -- Short words share too few letters in a row. There the first letter has to do, and that neither of the two has
                                  -- more than one letter that the other lacks: "sope" is "soap", but "kaju" is not "ksd".
                                  and (v.word % t.w or (length(t.w) between 3 and 5 and v.word like left(translate(t.w, '%_\', ''), 1) || '%'
                                      and abs(length(v.word) - length(t.w)) <= 1
                                      and length(translate(v.word, t.w, '')) <= 1 and length(translate(t.w, v.word, '')) <= 1))
                            ) alike where alike.degree > 0.1 and alike.degree >= alike.best / 2 order by alike.degree desc, alike.word limit 3) near on true
                ), questions as (
                    select part, '(' || string_agg(coalesce(as_lexeme(term_mark(tenant, part) || word), as_lexeme(term_mark(tenant, part) || w) || ':*'), ' | ') || ')' as any_of
                        from generate_series(0, parts - 1) part, alike group by part, w
                )
                select string_agg(any_of, ' & ')::tsquery from questions group by part order by part);
        end if;
        if within is not null then
            -- The shelf is walked along where it holds less than the words find: as many as the first part has, in all parts.
            likely := greatest(2000, parts * (select count(*) from (select from products p where p.terms @@ wanted[1] limit 300) first));
            is_by_shelf := (select count(*) from (select from products p where p.tenant_id = tenant and p.category_id = any (within) limit likely) few) < likely;
        end if;
        if is_by_shelf then
            return query select p.id, fit from unnest(within) shelf cross join lateral (
                select p.id from products p
                    where p.tenant_id = tenant and p.category_id = shelf and p.terms @@ wanted[1 + term_part(p.id)]
                      and (step <> 2 or not p.terms @@ whole[1 + term_part(p.id)]) and not (is_buyer and p.status = 'discontinued')
                    order by p.name, p.id limit most - had) p limit most - had;
        else
            -- The company and its shelves are compared in a way that no index serves: read whole for each part, it would cost more than the words.
            return query select p.id, fit from unnest(wanted, whole) q(query, had_whole) cross join lateral (
                select p.id from products p
                    where p.terms @@ q.query and (step <> 2 or not p.terms @@ q.had_whole) and p.tenant_id is not distinct from tenant
                      and coalesce(p.category_id = any (within), within is null) and not (is_buyer and p.status = 'discontinued')
                    limit most - had) p limit most - had;
        end if;
        get diagnostics more = row_count;
        had := had + more;
        if had >= most or step > 1 and had > 0 then return; end if;
    end loop;
end $$;
