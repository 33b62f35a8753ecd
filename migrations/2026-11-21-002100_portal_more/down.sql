drop function breaks_for(uuid, numeric, uuid, date);
alter table cart_lines drop column seen_total;
