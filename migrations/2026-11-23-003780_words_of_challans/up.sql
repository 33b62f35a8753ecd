-- A challan says why goods leave without their invoice; for another reason than those of the law nothing but words does.
alter table shipments add column challan_words text check (length(challan_words) between 1 and 200);
comment on column shipments.challan_words is 'The reason in words, as the challan prints it; always there for another reason since it is asked for.';
select audit_new_columns('shipments', '{challan_words}');
