drop function begin_terms_change(uuid);
drop function steady_credit_limit(uuid);

delete from saved_views where list in ('products', 'customers', 'stock', 'shipments');
comment on column saved_views.list is 'Which list: people, invitations, audit or orders.';
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check check (list in ('people', 'invitations', 'audit', 'orders'));
