drop table connections;
drop table customers;
alter table memberships drop constraint memberships_retailer_id_fkey;
alter table memberships drop constraint memberships_tenant_id_fkey;
drop table retailer_users;
drop function follow_retailer_user();
drop table retailers;
