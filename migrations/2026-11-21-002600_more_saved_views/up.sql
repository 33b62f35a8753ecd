-- The lists of products, customers, stock and shipments keep filters too.
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check
    check (list in ('people', 'invitations', 'audit', 'orders', 'products', 'customers', 'stock', 'shipments'));
comment on column saved_views.list is 'Which list: people, invitations, audit, orders, products, customers, stock or shipments.';
