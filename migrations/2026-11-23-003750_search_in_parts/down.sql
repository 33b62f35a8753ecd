drop index products_by_terms;
alter table products drop column terms,
    add column terms tsvector not null generated always as (array_to_tsvector(array_remove(array_remove(string_to_array(
        regexp_replace(' ' || lower(name || ' ' || coalesce(brand, '') || ' ' || sku || ' ' || coalesce(name_hi, '') || ' ' || coalesce(barcode, '')),
            '[[:space:],.;:()/&+"-]+', E'\n' || right(tenant_id::text, 8) || '=', 'g'), E'\n'), ''), right(tenant_id::text, 8) || '='))) stored;
comment on column products.terms is 'The words that search looks in, each behind the last eight digits of the company''s id and "=".';
create index products_by_terms on products using gin (terms);


create or replace function search_products(looked_for text, most integer, within uuid[] default null) returns table (id uuid, rank real)
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

drop function term_mark(uuid, integer);
drop function term_part(uuid);
