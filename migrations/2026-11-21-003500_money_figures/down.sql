drop function owed_to_suppliers(uuid, date);
drop index payments_received;
drop index open_items_settled;
drop index open_items_all_open;
create index open_items_all_open on open_items (tenant_id, side, due_on, customer_id) include (open) where is_open;
drop index documents_issued;
