create or replace function search_customers(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := translate(words, '%_\', '');
    is_short boolean := length(plain) < 3;
    piece text := case when is_short then plain || '%' else '%' || plain || '%' end;
    later_word text := case when is_short then '% ' || plain || '%' else piece end;
begin
    return query select c.id from customers c
        where c.tenant_id = current_tenant() and setting_uuid('customer_id') is null
          and (c.name ilike piece or c.name ilike later_word or c.code ilike piece or c.city ilike piece
               or c.phone = '+91' || plain or c.gstin = upper(plain) or c.email = lower(plain));
end $$;

alter table imports drop constraint imports_tenant_id_file_id_fkey;
alter table imports add foreign key (tenant_id, file_id) references files (tenant_id, id);
alter table imports alter column file_id set not null;
comment on column imports.file_id is 'The file as it was sent.';
