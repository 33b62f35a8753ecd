-- The dashboard counts products that are low: few have a reorder level, so few rows are looked at.
create index stock_levels_with_reorder_level on stock_levels (tenant_id, product_id) where reorder_level is not null;
