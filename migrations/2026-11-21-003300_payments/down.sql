drop table sandbox.hooks;
drop table sandbox.gateway_refunds;
drop table sandbox.gateway_payments;
drop table sandbox.gateway_orders;
drop table sandbox.merchants;
drop function search_payments(text);
drop function payments_to_ask_after(timestamptz, integer);
drop table gateway_events;
drop function apply_once();
drop table payment_wishes;
drop table payments;
drop function keep_what_counts();
drop function gateway_door(uuid);
drop table gateway_accounts;
delete from number_series where kind in ('receipt', 'refund');
alter table number_series drop constraint number_series_kind_check;
alter table number_series add constraint number_series_kind_check check (kind in ('order', 'shipment', 'challan'));
comment on column number_series.kind is 'order, shipment or challan.';
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
            ('document', 'issued', 'cancelled'),
            ('einvoice', 'pending', 'in_flight'), ('einvoice', 'pending', 'failed_fix'), ('einvoice', 'pending', 'not_required'), ('einvoice', 'pending', 'expired_window'),
            ('einvoice', 'in_flight', 'registered'), ('einvoice', 'in_flight', 'unknown'), ('einvoice', 'in_flight', 'failed_fix'), ('einvoice', 'in_flight', 'failed_wait'),
            ('einvoice', 'unknown', 'registered'), ('einvoice', 'unknown', 'in_flight'), ('einvoice', 'unknown', 'failed_fix'), ('einvoice', 'unknown', 'expired_window'),
            ('einvoice', 'failed_wait', 'in_flight'), ('einvoice', 'failed_wait', 'pending'), ('einvoice', 'failed_wait', 'not_required'), ('einvoice', 'failed_wait', 'expired_window'),
            ('einvoice', 'failed_fix', 'pending'), ('einvoice', 'failed_fix', 'not_required'), ('einvoice', 'failed_fix', 'expired_window'),
            ('einvoice', 'expired_window', 'pending'),
            ('einvoice', 'registered', 'cancelled'),
            ('eway_bill', 'asked', 'in_flight'), ('eway_bill', 'asked', 'dropped'), ('eway_bill', 'in_flight', 'active'), ('eway_bill', 'in_flight', 'unknown'),
            ('eway_bill', 'in_flight', 'refused'), ('eway_bill', 'unknown', 'active'), ('eway_bill', 'unknown', 'in_flight'), ('eway_bill', 'refused', 'asked'),
            ('eway_bill', 'refused', 'dropped'), ('eway_bill', 'active', 'cancelled'))
    $$;
