-- The last credit note of a document takes back what the notes before it were rounded by, which may be more than half a rupee. The authority
-- takes a round-off of up to ₹99.99 (INV-01, RndOffAmt).
alter table documents drop constraint documents_round_off_check;
alter table documents add constraint documents_round_off_check check (
    round_off between -0.50 and 0.50 or (kind in ('credit_note', 'commercial_note') and round_off between -99.99 and 99.99));
comment on column documents.round_off is 'To the rupee, in rupees; on the last credit note of a document also what those before it were rounded by.';
