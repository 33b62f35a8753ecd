alter table files drop column is_pending;
drop policy buyers_see_logos on files;
drop function expired_files;
drop index files_by_end;
