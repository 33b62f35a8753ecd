-- A document that is issued gets no more lines. Its own are there before it, so whoever adds to one that is there already is refused.
create function refuse_more_lines() returns trigger language plpgsql as $$
declare
    issued text;
begin
    select d.number into issued
        from (select distinct tenant_id, document_id from added) n join documents d on d.tenant_id = n.tenant_id and d.id = n.document_id limit 1;
    if found then
        raise exception 'document % is issued: it takes no more lines', issued using errcode = 'restrict_violation', constraint = 'documents_as_issued';
    end if;
    return null;
end $$;
comment on function refuse_more_lines() is 'The trigger that refuses lines of a document that is issued already.';
create trigger as_issued after insert on document_lines referencing new table as added for each statement execute function refuse_more_lines();
