drop function balance_on(uuid, date);
drop function open_on(date, uuid);
drop function allocate_oldest_first(uuid, text, uuid, text, timestamptz);
drop table ledger_months;
drop table allocations;
drop function settle();
drop table open_items;
drop table ledger_entries;
drop function keep_books();
