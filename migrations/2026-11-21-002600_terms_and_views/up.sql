-- Filters of the lists of products, customers, stock and shipments; and a credit limit that stays while an order is held by it.
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check
    check (list in ('people', 'invitations', 'audit', 'orders', 'products', 'customers', 'stock', 'shipments'));
comment on column saved_views.list is 'Which list: people, invitations, audit, orders, products, customers, stock or shipments.';

-- An order that is held by the credit limit must not miss a change of it. A buyer may not lock its customer's row, so both sides meet at a lock
-- beside it: shared by orders that are held, alone for whoever changes the terms.
create function steady_credit_limit(customer uuid)
    returns numeric
    language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
    as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended(customer::text, 2600));
    return (select c.credit_limit from customers c
        where c.tenant_id = current_tenant() and c.id = customer and coalesce(setting_uuid('customer_id'), customer) = customer);
end $$;
comment on function steady_credit_limit(uuid) is 'The credit limit of one of this transaction''s company''s customers, which nobody changes until the transaction ends.';
grant execute on function steady_credit_limit(uuid) to mandi_app;

create function begin_terms_change(customer uuid)
    returns void
    language sql volatile set search_path = pg_catalog, public, pg_temp
    as $$ select pg_advisory_xact_lock(hashtextextended(customer::text, 2600)) $$;
comment on function begin_terms_change(uuid) is 'Waits for orders that are just being held by a customer''s credit limit, and keeps others waiting until the transaction ends.';
grant execute on function begin_terms_change(uuid) to mandi_app;
