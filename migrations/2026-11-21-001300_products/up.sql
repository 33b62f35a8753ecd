-- The catalogue: categories, products, pictures.

-- Lets a company's connected retailers read what is on offer, and nothing else of the company.
create function open_to_buyers(target regclass, rows text default 'true') returns void language plpgsql as $$
begin
    execute format('create policy buyers_read on %s for select to mandi_app using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid and (%s))', target, rows);
end $$;
comment on function open_to_buyers(regclass, text) is 'Lets a retailer''s buyers read the rows of a company''s table that fit a condition.';

create table categories (
    tenant_id uuid not null references companies,
    id uuid not null,
    parent_id uuid,
    name text not null check (length(name) between 1 and 80),
    slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$'),
    path text not null check (length(path) <= 400),
    position integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, slug),
    unique nulls not distinct (tenant_id, parent_id, name),
    foreign key (tenant_id, parent_id) references categories (tenant_id, id)
);
comment on table categories is 'The tree in which a company sorts its products.';
comment on column categories.tenant_id is 'The company.';
comment on column categories.id is 'The category.';
comment on column categories.parent_id is 'The category above, or null at the top.';
comment on column categories.name is 'What people call it.';
comment on column categories.slug is 'Its part of addresses.';
comment on column categories.path is 'Names from the top down, divided by " > "; sorts the tree.';
comment on column categories.position is 'Order among its siblings.';
comment on column categories.created_at is 'When it was made.';
comment on column categories.updated_at is 'Last change; guards against lost edits.';
create index categories_by_parent on categories (tenant_id, parent_id);
create index categories_by_path on categories (tenant_id, path, id);
select make_tenant_table('categories');
select open_to_buyers('categories');

create table products (
    tenant_id uuid not null references companies,
    id uuid not null,
    sku text not null check (sku ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
    name text not null check (length(name) between 1 and 200),
    name_hi text check (length(name_hi) between 1 and 200),
    brand text check (length(brand) between 1 and 80),
    category_id uuid,
    description text check (length(description) <= 4000),
    hsn text not null check (hsn ~ '^([0-9]{4}|[0-9]{6}|[0-9]{8})$'),
    tax_condition text not null default '' check (length(tax_condition) <= 40),
    unit text not null default 'PCS' check (unit ~ '^[A-Z]{3}$'),
    pack_size numeric(14,3) not null default 1 check (pack_size > 0),
    pack_name text check (length(pack_name) between 1 and 20),
    mrp numeric(14,2) check (mrp >= 0),
    barcode text check (barcode ~ '^[0-9A-Z-]{4,32}$'),
    weight_g integer check (weight_g >= 0),
    status text not null default 'active' check (status in ('upcoming', 'active', 'discontinued')),
    picture_id uuid,
    terms tsvector not null generated always as (array_to_tsvector(array_remove(regexp_split_to_array(lower(name || ' ' || coalesce(brand, '') || ' ' || sku || ' ' || coalesce(name_hi, '') || ' ' || coalesce(barcode, '')), '[[:space:],.;:()/&+"-]+'), ''))) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, sku),
    foreign key (tenant_id, category_id) references categories (tenant_id, id)
);
comment on table products is 'What a company sells. Prices live in price lists, quantities in stock levels, rates in the tax tables.';
comment on column products.tenant_id is 'The company.';
comment on column products.id is 'The product.';
comment on column products.sku is 'Code that people say, unique in the company.';
comment on column products.name is 'Name.';
comment on column products.name_hi is 'Name in Hindi, or null.';
comment on column products.brand is 'Brand, or null.';
comment on column products.category_id is 'Its category, or null.';
comment on column products.description is 'What the buyer should know.';
comment on column products.hsn is 'Code of goods, 4, 6 or 8 digits.';
comment on column products.tax_condition is 'Which of several rates of the code, e.g. loose.';
comment on column products.unit is 'Unit quantity code that stock and prices count in.';
comment on column products.pack_size is 'Units in a pack; orders go in whole packs.';
comment on column products.pack_name is 'What a pack is called (case, bag), or null when units are sold singly.';
comment on column products.mrp is 'Maximum retail price of a unit with tax, in rupees, or null.';
comment on column products.barcode is 'Barcode of a unit, or null.';
comment on column products.weight_g is 'Weight of a unit in grammes, or null.';
comment on column products.status is 'upcoming (seen, not sold), active, discontinued (gone from the portal).';
comment on column products.picture_id is 'Its first picture, or null.';
comment on column products.terms is 'The words that search looks in.';
comment on column products.created_at is 'When it was made.';
comment on column products.updated_at is 'Last change; guards against lost edits.';
create index products_by_name on products (tenant_id, name, id);
create index products_by_category on products (tenant_id, category_id, name, id);
create index products_by_created on products (tenant_id, created_at desc, id desc);
create unique index products_by_barcode on products (tenant_id, barcode) where barcode is not null;
create index products_by_terms on products using gin (tenant_id, terms);
select make_tenant_table('products', null, '{terms}');
select open_to_buyers('products', $$status <> 'discontinued'$$);

create table product_pictures (
    tenant_id uuid not null references companies,
    id uuid not null,
    product_id uuid not null,
    small_file_id uuid not null,
    large_file_id uuid not null,
    position integer not null default 0,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    foreign key (tenant_id, small_file_id) references files (tenant_id, id),
    foreign key (tenant_id, large_file_id) references files (tenant_id, id)
);
comment on table product_pictures is 'Pictures of products, re-encoded in two sizes.';
comment on column product_pictures.tenant_id is 'The company.';
comment on column product_pictures.id is 'The picture.';
comment on column product_pictures.product_id is 'The product.';
comment on column product_pictures.small_file_id is '128 pixels, for lists.';
comment on column product_pictures.large_file_id is '640 pixels.';
comment on column product_pictures.position is 'Order among the product''s pictures.';
comment on column product_pictures.created_at is 'When it was made.';
create index product_pictures_by_product on product_pictures (tenant_id, product_id, position, id);
create index product_pictures_by_small on product_pictures (tenant_id, small_file_id);
create index product_pictures_by_large on product_pictures (tenant_id, large_file_id);
select make_tenant_table('product_pictures');
select open_to_buyers('product_pictures');
alter table products add foreign key (tenant_id, picture_id) references product_pictures (tenant_id, id);
create index products_by_picture on products (tenant_id, picture_id) where picture_id is not null;

alter table files drop constraint files_purpose_check;
alter table files add constraint files_purpose_check check (purpose in ('logo', 'export', 'picture', 'import', 'proof'));
comment on column files.purpose is 'What it is for: logo, export, picture (of a product), import (a file to be read), proof (of a delivery).';
drop policy buyers_see_logos on files;
create policy buyers_see_logos on files for select to mandi_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and purpose in ('logo', 'picture'));

-- Every word that a company's products have ever had, for what was typed wrong.
create table product_words (
    tenant_id uuid not null references companies,
    word text not null,
    primary key (tenant_id, word)
);
comment on table product_words is 'The words of a company''s products: what was typed wrong is looked for among them.';
comment on column product_words.tenant_id is 'The company.';
comment on column product_words.word is 'The word, in small letters, without figures.';
create index product_words_by_letters on product_words using gin (tenant_id, word gin_trgm_ops);
select make_tenant_table('product_words', null, '{}', false);

create function keep_words() returns trigger
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
comment on function keep_words() is 'Adds the words of new and changed products to the company''s words.';
create trigger keep_words_of_new after insert on products referencing new table as changed for each statement execute function keep_words();
create trigger keep_words_of_changed after update on products referencing new table as changed for each statement execute function keep_words();

create function as_lexeme(word text) returns text
    language sql immutable parallel safe
    as $$ select '''' || replace(replace(word, '\', '\\'), '''', '''''') || '''' $$;
comment on function as_lexeme(text) is 'A word as it stands in a tsquery, whatever is in it.';

-- What is looked for, best first: a code or barcode as it stands; else products in which every word begins a word; else the same with words
-- that resemble what was typed. A buyer finds what the portal offers, staff find everything.
create function search_products(looked_for text, most integer) returns table (id uuid, rank real)
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
                          -- Short words share too few letters in a row: there the first letter and the length have to do.
                          and (v.word % t.w or (length(t.w) <= 5 and v.word like left(translate(t.w, '%_\', ''), 1) || '%' and abs(length(v.word) - length(t.w)) <= 1))
                    ) alike where alike.degree > 0.1 and alike.degree >= alike.best / 2 order by alike.degree desc, alike.word limit 3) near
        ) c on true);
    return query select p.id, 0.5::real from products p
        where p.tenant_id = current_tenant() and p.terms @@ alike::tsquery and not (is_buyer and p.status = 'discontinued') limit most;
end $$;
comment on function search_products(text, integer) is 'Ids of this transaction''s company''s products that fit what is looked for, typing errors included, with how well they fit.';
grant execute on function search_products(text, integer) to mandi_app;
