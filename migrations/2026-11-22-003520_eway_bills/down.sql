drop table eway_bill_limits;
drop function eway_bills_to_watch(timestamptz, integer);
drop index eway_bills_to_finish;
drop index eway_bills_newest;
alter table eway_bills drop column waits, drop column cancel_asked_at, drop column cancel_remark;
