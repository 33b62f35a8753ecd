drop index products_by_category;
create index products_by_category on products (tenant_id, category_id, name, id);
drop index order_lines_to_pick;
drop index orders_by_placed;
create index orders_by_placed on orders (tenant_id, placed_at desc, id desc);
