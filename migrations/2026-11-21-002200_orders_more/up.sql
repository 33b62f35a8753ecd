-- What staff need around orders: search, saved views, and who reads the letters about an order.

create index orders_by_po on orders (tenant_id, upper(po_number)) where po_number is not null;
create index orders_held on orders (tenant_id, customer_id, placed_at) where is_held;
create index orders_to_confirm on orders (tenant_id, placed_at desc, id desc) where status = 'to_approve';

create function search_orders(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
    digits text := case when plain ~ '^[0-9]{1,5}$' then lpad(plain, 5, '0') end;
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

-- The shop's owner is a person of the platform, not of the company: this function tells one address and nothing else.
create function letter_readers(customer uuid)
    returns table (name text, email text, language text, retailer text, company text, slug text, company_email text)
    language sql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp
    as $$
        select c.name, coalesce(nullif(c.email, ''), owner.email), c.language, owner.slug, k.name, k.slug,
               coalesce(nullif(k.email, ''), (select e.email from employees e where e.tenant_id = k.id and e.role = 'owner' and e.is_active order by e.created_at, e.id limit 1))
            from customers c join companies k on k.id = c.tenant_id
            left join lateral (
                select u.email, r.slug from connections n
                    join retailers r on r.id = n.retailer_id
                    join retailer_users m on m.retailer_id = r.id and m.role = 'owner' and m.is_active
                    join users u on u.id = m.user_id
                    where n.tenant_id = c.tenant_id and n.customer_id = c.id and n.status in ('active', 'paused')
                    order by m.created_at, m.id limit 1
            ) owner on true
            where c.tenant_id = current_tenant() and c.id = customer and setting_uuid('customer_id') is null
    $$;
comment on function letter_readers(uuid) is 'Where letters about a customer''s orders go: to the customer (its own address, else the shop owner''s), in its language, and to the company.';
grant execute on function letter_readers(uuid) to mandi_app;

alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check check (list in ('people', 'invitations', 'audit', 'orders'));
comment on column saved_views.list is 'Which list: people, invitations, audit or orders.';
