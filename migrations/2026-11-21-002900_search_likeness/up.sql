-- What is looked for, best first: a code or barcode as it stands; else products in which every word begins a word; else the same with words
-- that resemble what was typed. A buyer finds what the portal offers, staff find everything.
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
