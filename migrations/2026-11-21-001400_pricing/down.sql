drop function prices_for;
drop table price_items;
drop table price_list_targets;
drop table price_lists;
