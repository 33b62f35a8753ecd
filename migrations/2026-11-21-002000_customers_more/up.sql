-- Staff see who of a connected retailer may order from them; retailers and their people are global, so a function shows just these rows.
create function people_of_customer(customer uuid) returns table (shop text, city text, person text, email text, role text)
    language sql stable security definer rows 5 set search_path = pg_catalog, public, pg_temp
    as $$
        select r.name, r.city, u.name, u.email, p.role
            from connections n
            join retailers r on r.id = n.retailer_id
            join retailer_users p on p.retailer_id = r.id and p.is_active
            join users u on u.id = p.user_id
            where n.tenant_id = current_tenant() and n.customer_id = customer and n.status in ('active', 'paused')
              and setting_uuid('customer_id') is null
            order by u.name, u.id
            limit 50
    $$;
comment on function people_of_customer(uuid) is 'The people of the retailer that is connected to one of this transaction''s company''s customers, for staff.';
grant execute on function people_of_customer(uuid) to mandi_app;
