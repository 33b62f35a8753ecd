//! What customers owe: their accounts, the entries that made them, what was set against what, and how old it is.
//!
//! What this room keeps: the balance is the sum of the entries; entries are never changed, a mistake is followed by an entry against it; what is
//! open of an entry is what no allocation took; an allocation counts from the later of its two entries' days, so that what was open on any day
//! comes to the balance of that day. The account is kept beside orders and bills in their own transaction, and locked after stock and before
//! documents.

pub mod actions;
pub mod model;
pub mod rules;

use crate::platform::verify::Check;

/// What `mandi verify` asks of customers' accounts.
pub const CHECKS: &[Check] = &[
    Check {
        name: "ledger.account_equals_orders",
        about: "What a customer has open is what its placed orders have open, in number and in rupees.",
        sql: "select coalesce(a.tenant_id, o.tenant_id) as tenant, 'customer ' || coalesce(a.id, o.customer_id)::text || ' has ' || coalesce(a.open_orders, 0) || ' orders of ' || coalesce(a.open_amount, 0) || ' open, its orders say ' || coalesce(o.number, 0) || ' of ' || coalesce(o.amount, 0) as what
                from customer_accounts a full join (
                    select tenant_id, customer_id, count(*) as number, sum(open_amount) as amount from orders where status in ('to_approve', 'confirmed') group by 1, 2
                ) o on o.tenant_id = a.tenant_id and o.customer_id = a.id
                where coalesce(a.open_orders, 0) <> coalesce(o.number, 0) or coalesce(a.open_amount, 0) <> coalesce(o.amount, 0)",
    },
    Check {
        name: "ledger.entries_have_sources",
        about: "Every document and every payment that counts has exactly its entries, with its amount and day; no entry is without.",
        sql: "select coalesce(e.tenant_id, w.tenant_id) as tenant, 'ledger: ' || coalesce(w.what, e.kind) || ' should count ' || coalesce(w.amount, 0) || ' on ' || coalesce(w.day::text, 'no day') || ', its entry says ' || coalesce(e.amount, 0) || ' on ' || coalesce(e.entry_date::text, 'no day') as what
                from (
                    select tenant_id, id, kind, number as what, document_date as day, customer_id, case when kind in ('credit_note', 'commercial_note') then -total else total end as amount from documents where total > 0
                    union all
                    select tenant_id, id, 'cancellation', number, (cancelled_at at time zone 'Asia/Kolkata')::date, customer_id, case when kind in ('credit_note', 'commercial_note') then total else -total end from documents where status = 'cancelled' and total > 0
                    union all
                    select tenant_id, id, case direction when 'in' then 'receipt' else 'refund' end, number, paid_on, customer_id, case direction when 'in' then -amount else amount end from payments where number is not null
                    union all
                    select tenant_id, id, 'bounce', number, bounced_on, customer_id, amount from payments where status = 'bounced'
                ) w full join (select * from ledger_entries where kind not in ('opening', 'write_off')) e
                  on e.tenant_id = w.tenant_id and coalesce(e.document_id, e.payment_id) = w.id and e.kind = w.kind
                where (e.amount, e.entry_date, e.customer_id) is distinct from (w.amount, w.day, w.customer_id)",
    },
    Check {
        name: "ledger.unbilled_equals_shipments",
        about: "What a customer has without a bill is what its shipments left with.",
        sql: "select coalesce(a.tenant_id, s.tenant_id) as tenant, 'customer ' || coalesce(a.id, s.customer_id) || ' has ' || coalesce(a.unbilled, 0) || ' without a bill, its shipments say ' || coalesce(s.amount, 0) as what
                from customer_accounts a full join (
                    select tenant_id, customer_id, sum(left_unbilled) as amount from shipments where invoice_id is null and status in ('out', 'delivered') group by 1, 2
                ) s on s.tenant_id = a.tenant_id and s.customer_id = a.id
                where coalesce(a.unbilled, 0) <> coalesce(s.amount, 0)",
    },
    Check {
        name: "ledger.balance_equals_entries",
        about: "A customer's balance is the sum of its entries, and so are its months.",
        sql: "select coalesce(a.tenant_id, e.tenant_id, m.tenant_id) as tenant, 'customer ' || coalesce(a.id, e.customer_id, m.customer_id) || ': balance ' || coalesce(a.balance, 0) || ', entries ' || coalesce(e.amount, 0) || ', months ' || coalesce(m.amount, 0) as what
                from customer_accounts a
                full join (select tenant_id, customer_id, sum(amount) as amount, count(*) as number from ledger_entries group by 1, 2) e on e.tenant_id = a.tenant_id and e.customer_id = a.id
                full join (select tenant_id, customer_id, sum(debits - credits) as amount, sum(entries) as number from ledger_months group by 1, 2) m on m.tenant_id = coalesce(a.tenant_id, e.tenant_id) and m.customer_id = coalesce(a.id, e.customer_id)
                where coalesce(a.balance, 0) <> coalesce(e.amount, 0) or coalesce(m.amount, 0) <> coalesce(e.amount, 0) or coalesce(m.number, 0) <> coalesce(e.number, 0)",
    },
    Check {
        name: "ledger.open_items",
        about: "What of an entry is open is what no allocation took.",
        sql: "select e.tenant_id as tenant, 'entry ' || e.id || ': open item is ' || coalesce(i.settled::text, 'missing') || ' settled, allocations say ' || coalesce(a.amount, 0) as what
                from ledger_entries e left join open_items i on i.tenant_id = e.tenant_id and i.id = e.id
                left join (select tenant_id, item, sum(amount) as amount from (select tenant_id, credit_id as item, amount from allocations union all select tenant_id, debit_id, amount from allocations) b group by 1, 2) a on a.tenant_id = e.tenant_id and a.item = e.id
                where i.id is null or i.settled <> coalesce(a.amount, 0) or i.amount <> abs(e.amount) or (i.side = 'debit') <> (e.amount > 0) or (i.customer_id, i.entry_date) is distinct from (e.customer_id, e.entry_date)",
    },
    Check {
        name: "ledger.instalments",
        about: "Instalments come to what was open when they were agreed, what is open of them to what is open of their bill, and a bill is due with the first of them that is open; one without instalments on its own day.",
        sql: "select p.tenant_id as tenant, 'agreement ' || p.id || ' is about ' || p.amount || ', its instalments come to ' || coalesce(n.amount, 0) as what
                from instalment_plans p left join (select tenant_id, plan_id, sum(amount) as amount from instalments group by 1, 2) n on n.tenant_id = p.tenant_id and n.plan_id = p.id
                where p.amount <> coalesce(n.amount, 0)
              union all
              select p.tenant_id, 'bill ' || p.document_id || ': ' || i.open || ' is open and due on ' || i.due_on || ', its instalments say ' || coalesce(n.open, 0) || ' on ' || coalesce(n.due_on::text, 'no day')
                from instalment_plans p join open_items i on i.tenant_id = p.tenant_id and i.id = p.document_id
                cross join lateral (select sum(o.open) as open, coalesce(min(o.due_on) filter (where o.open > 0), max(o.due_on)) as due_on from instalments_open(p.tenant_id, array[p.document_id]) o) n
                where p.ended_at is null and (n.open, n.due_on) is distinct from (i.open, i.due_on)
              union all
              select i.tenant_id, 'entry ' || i.id || ' is due on ' || i.due_on || ', its books say ' || coalesce(e.due_on, e.entry_date)
                from open_items i join ledger_entries e on e.tenant_id = i.tenant_id and e.id = i.id
                left join instalment_plans p on p.tenant_id = i.tenant_id and p.document_id = i.id and p.ended_at is null
                where p.id is null and i.due_on <> coalesce(e.due_on, e.entry_date)",
    },
    Check {
        name: "ledger.days_of_open_items",
        about: "The first and the last day on which something was set against an entry are those of its allocations.",
        sql: "select i.tenant_id as tenant, 'entry ' || i.id || ': settled from ' || coalesce(i.first_on::text, 'never') || ' to ' || coalesce(i.last_on::text, 'never') || ', allocations from ' || coalesce(a.first_on::text, 'never') || ' to ' || coalesce(a.last_on::text, 'never') as what
                from open_items i
                left join (select tenant_id, item, min(entry_date) as first_on, max(entry_date) as last_on
                    from (select tenant_id, credit_id as item, entry_date from allocations union all select tenant_id, debit_id, entry_date from allocations) b group by 1, 2) a on a.tenant_id = i.tenant_id and a.item = i.id
                where (i.first_on, i.last_on) is distinct from (a.first_on, a.last_on)",
    },
    Check {
        name: "ledger.allocations_fit",
        about: "An allocation joins a credit and a debit of one customer, not before either; what takes one off is its exact opposite.",
        sql: "select a.tenant_id as tenant, 'allocation ' || a.id || ' joins what does not belong together' as what
                from allocations a join open_items c on c.tenant_id = a.tenant_id and c.id = a.credit_id join open_items d on d.tenant_id = a.tenant_id and d.id = a.debit_id
                left join allocations u on u.tenant_id = a.tenant_id and u.id = a.undoes_id
                where c.side <> 'credit' or d.side <> 'debit' or c.customer_id <> a.customer_id or d.customer_id <> a.customer_id or a.entry_date < greatest(c.entry_date, d.entry_date)
                   or (a.undoes_id is not null and (u.credit_id, u.debit_id, -u.amount) is distinct from (a.credit_id, a.debit_id, a.amount))",
    },
];
