drop function remove_demo(uuid[]);
drop function demo_files();
drop function demo_people();

drop trigger keep_an_owner on employees;
create trigger keep_an_owner before update or delete on employees for each row execute function keep_an_owner();

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

drop function demo_lets_go(uuid, regclass);
drop trigger stays_real on retailers;
drop trigger stays_real on companies;
drop function refuse_to_change_kind();
drop index retailers_of_demo;
drop index companies_of_demo;
