-- What the dashboard adds up, and what trees count, is read from indexes alone. The walls look at the customer, so an index that is to be enough
-- holds it too.
drop index orders_by_placed;
create index orders_by_placed on orders (tenant_id, placed_at desc, id desc) include (customer_id, total);
create index order_lines_to_pick on order_lines (tenant_id, order_id) include (customer_id) where open_qty > picking_qty;
drop index products_by_category;
create index products_by_category on products (tenant_id, category_id, name, id) include (status);
