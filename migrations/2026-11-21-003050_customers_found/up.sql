-- A customer is also found by its phone, GSTIN and address. Without indexes of these, the `or` of search_customers() can use none at all, and
-- every search reads all customers of the company.

create index customers_by_phone on customers (tenant_id, phone) where phone is not null;
create index customers_by_gstin on customers (tenant_id, gstin) where gstin is not null;
create index customers_by_email on customers (tenant_id, email) where email is not null;
