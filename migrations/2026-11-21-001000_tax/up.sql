-- GST as data: the codes of goods, their rates with dates, and a company's own rates. The codes and rates of the State are read by all
-- companies and written by migrations alone.

create table hsn_codes (
    code text primary key check (code ~ '^([0-9]{4}|[0-9]{6}|[0-9]{8})$'),
    description text not null check (length(description) between 1 and 400)
);
comment on table hsn_codes is 'Codes of goods and services (HSN, SAC) that a product may carry.';
comment on column hsn_codes.code is '4, 6 or 8 digits.';
comment on column hsn_codes.description is 'What it covers, in short.';
create index hsn_codes_by_words on hsn_codes using gin (lower(description) gin_trgm_ops);
create index hsn_codes_by_prefix on hsn_codes (code text_pattern_ops);
grant select on hsn_codes to mandi_app, mandi_platform;

create table tax_rates (
    id integer generated always as identity primary key,
    hsn_prefix text not null check (hsn_prefix ~ '^[0-9]{2,8}$'),
    condition text not null default '',
    about text check (length(about) <= 300),
    rate numeric(6,3) not null check (rate between 0 and 100),
    cess_rate numeric(6,3) not null default 0 check (cess_rate between 0 and 500),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    notification text not null,
    unique (hsn_prefix, condition, valid_from)
);
comment on table tax_rates is 'Rates of GST by code and date, as notified.';
comment on column tax_rates.id is 'The rate.';
comment on column tax_rates.hsn_prefix is 'Codes that begin so; the longest that fits counts.';
comment on column tax_rates.condition is 'Which of several rates of a code, e.g. packed or loose; empty is the usual one.';
comment on column tax_rates.about is 'The condition in words.';
comment on column tax_rates.rate is 'Per cent: CGST and SGST together, or IGST.';
comment on column tax_rates.cess_rate is 'Compensation cess, per cent.';
comment on column tax_rates.valid_from is 'First day.';
comment on column tax_rates.valid_to is 'Last day; null while it is in force.';
comment on column tax_rates.notification is 'Where it is written.';
grant select on tax_rates to mandi_app, mandi_platform;

create table own_tax_rates (
    tenant_id uuid not null references companies,
    id uuid not null,
    hsn_prefix text not null check (hsn_prefix ~ '^[0-9]{2,8}$'),
    rate numeric(6,3) not null check (rate between 0 and 100),
    cess_rate numeric(6,3) not null default 0 check (cess_rate between 0 and 500),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    reason text not null check (length(reason) between 1 and 300),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, hsn_prefix, valid_from)
);
comment on table own_tax_rates is 'A company''s own rate for a code, where the table has none or the company was ruled otherwise; it comes before the notified one.';
comment on column own_tax_rates.tenant_id is 'The company.';
comment on column own_tax_rates.id is 'The rate.';
comment on column own_tax_rates.hsn_prefix is 'Codes that begin so.';
comment on column own_tax_rates.rate is 'Per cent.';
comment on column own_tax_rates.cess_rate is 'Per cent.';
comment on column own_tax_rates.valid_from is 'First day.';
comment on column own_tax_rates.valid_to is 'Last day; null while it is in force.';
comment on column own_tax_rates.reason is 'Why, e.g. the number of a ruling.';
comment on column own_tax_rates.created_at is 'When it was made.';
comment on column own_tax_rates.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('own_tax_rates');

-- The rate of each code on a day: the company's own before the notified, the longer prefix before the shorter. A condition that a code
-- does not know counts as the usual one. No row: nobody has said a rate.
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
