delete from saved_views where list = 'orders';
comment on column saved_views.list is 'Which list: people, invitations or audit.';
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check check (list in ('people', 'invitations', 'audit'));
drop function letter_readers(uuid);
drop function search_orders(text);
drop index orders_to_confirm;
drop index orders_held;
drop index orders_by_po;
