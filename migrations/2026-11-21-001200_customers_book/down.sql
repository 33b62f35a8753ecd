drop policy platform_reach on customers;
revoke select on customers from mandi_platform;
drop table retailer_invitations;
drop table customer_addresses;
drop function search_customers(text);
drop index customers_by_words;
drop index customers_by_name;
alter table customers drop column note, drop column warehouse_id, drop column language, drop column status, drop column credit_limit, drop column terms_days, drop column group_id, drop column kind;
drop table customer_groups;
