drop schema sandbox cascade;
drop function signature_holds(text, bytea, integer);
drop function from_base64url(text);
drop function bytes_as_number(bytea);
drop function einvoices_to_watch(timestamptz, integer);
drop table eway_bills;
drop table einvoice_attempts;
drop function end_once();
drop table einvoices;
drop function keep_the_proof();
drop function authority_key(text, text, text);
drop table authority_keys;
drop table einvoice_sessions;
drop table einvoice_accounts;
create or replace function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'),
            ('document', 'issued', 'cancelled'))
    $$;
