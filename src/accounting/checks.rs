//! What `mandi verify` asks of documents.

use crate::platform::verify::Check;

/// The checks.
pub const CHECKS: &[Check] = &[
    Check {
        name: "documents.add_up",
        about: "A document is the sum of its lines, and its total what is taken off, charged and rounded besides.",
        sql: "select d.tenant_id as tenant, 'document ' || d.number || ' is not the sum of its lines' as what
              from documents d left join (select tenant_id, document_id, count(*)::integer as lines, sum(taxable) as taxable, sum(cgst) as cgst, sum(sgst) as sgst, sum(igst) as igst, sum(cess + cess_fixed) as cess, sum(discount) as discount, sum(total) as total
              from document_lines group by 1, 2) l on l.tenant_id = d.tenant_id and l.document_id = d.id
              where (d.item_count, d.taxable, d.cgst, d.sgst, d.igst, d.cess, d.discount) is distinct from (l.lines, l.taxable, l.cgst, l.sgst, l.igst, l.cess, l.discount)
              or d.total is distinct from l.total - d.late_discount + d.other_charges + d.round_off",
    },
    Check {
        name: "documents.tax_by_the_rules",
        about: "The tax of a billed line is its value's, or its price's, at the rate of the line, head by head and to the paisa.",
        sql: "select l.tenant_id as tenant, 'line ' || l.position || ' of ' || d.number || ': tax is ' || l.cgst || ' + ' || l.sgst || ' + ' || l.igst || ' + ' || l.cess || ', the rules say ' || r.half || ' twice or ' || r.whole || ', and ' || r.cess as what
              from document_lines l join documents d on d.tenant_id = l.tenant_id and d.id = l.document_id
              cross join lateral (select case when l.includes_tax then l.taxable + l.cgst + l.sgst + l.igst + l.cess else l.taxable end as base,
              case when l.includes_tax then 100 + l.tax_rate + l.cess_rate else 100 end as parts) b
              cross join lateral (select round(b.base * l.tax_rate / 2 / b.parts, 2) as half, round(b.base * l.tax_rate / b.parts, 2) as whole, round(b.base * l.cess_rate / b.parts, 2) as cess) r
              where d.kind in ('invoice', 'bill_of_supply') and not (
              case when d.supply_type in ('SEZWOP', 'EXPWOP') or d.kind = 'bill_of_supply' then l.cgst + l.sgst + l.igst + l.cess + l.cess_fixed = 0
              when d.is_inter_state then (l.igst, l.cgst, l.cess) = (r.whole, 0, r.cess) else (l.cgst, l.sgst, l.igst, l.cess) = (r.half, r.half, 0, r.cess) end
              and (d.supply_type in ('SEZWOP', 'EXPWOP') or l.cess_fixed = round(l.quantity * l.cess_per_unit, 2)) and l.total = case when d.is_reverse_charge then l.taxable else l.taxable + l.cgst + l.sgst + l.igst + l.cess + l.cess_fixed end)",
    },
    Check {
        name: "documents.heads_by_the_place",
        about: "A document bears IGST, or CGST with SGST or UTGST, as its supplier's state, its buyer and its place of supply say.",
        sql: "select d.tenant_id as tenant, 'document ' || d.number || ' bears ' || coalesce('CGST and ' || d.half, 'IGST') || ', its sides and its place say ' || coalesce('CGST and ' || r.half, 'IGST') as what
              from documents d cross join lateral (select case when d.buyer_kind in ('sez', 'overseas') or d.supplier_type = 'sez_developer' or left(d.supplier_gstin, 2) <> d.place_of_supply then null
              when left(d.supplier_gstin, 2) in ('04', '26', '31', '35', '38', '97') then 'UTGST' else 'SGST' end as half) r
              where d.half is distinct from r.half or d.is_inter_state <> (r.half is null)",
    },
    Check {
        name: "documents.value_by_the_price",
        about: "A billed line is its quantity at its price less its discounts; where the price holds the tax, value and tax together are.",
        sql: "select l.tenant_id as tenant, 'line ' || l.position || ' of ' || d.number || ' comes to ' || p.billed || ' after a discount of ' || l.discount || ', its price says ' || p.agreed || ' after ' || p.discount as what
              from document_lines l join documents d on d.tenant_id = l.tenant_id and d.id = l.document_id
              cross join lateral (select round(l.quantity * l.price * coalesce(d.fx_rate, 1), 2) - l.line_discount - l.shared_discount as agreed,
              case when l.includes_tax then l.taxable + l.cgst + l.sgst + l.igst + l.cess + l.cess_fixed else l.taxable end as billed,
              round((l.line_discount + l.shared_discount) * 100 / case when l.includes_tax and d.supply_type not in ('SEZWOP', 'EXPWOP') then 100 + l.tax_rate + l.cess_rate else 100 end, 2) as discount) p
              where d.kind in ('invoice', 'bill_of_supply') and (p.billed <> p.agreed or l.discount <> p.discount)",
    },
    Check {
        name: "documents.notes_by_the_rules",
        about: "A note has the place, the heads and the rates of what it corrects. Its tax is its value's at those rates, but for paise: the last note of a line takes what the others left.",
        sql: "select n.tenant_id as tenant, 'line ' || n.position || ' of ' || d.number || ': tax is ' || n.cgst || ' + ' || n.sgst || ' + ' || n.igst || ' + ' || n.cess || ', the rules of ' || o.number || ' say ' || r.half || ' twice or ' || r.whole || ', and ' || r.cess as what
              from (select l.*, 0.02 * (2 + count(*) over (partition by l.tenant_id, l.original_line_id)) * (1 + l.cess_rate / 100) as slack from document_lines l where l.original_line_id is not null) n
              join documents d on d.tenant_id = n.tenant_id and d.id = n.document_id
              join documents o on o.tenant_id = d.tenant_id and o.id = d.original_id
              join document_lines b on b.tenant_id = n.tenant_id and b.id = n.original_line_id
              cross join lateral (select case when d.kind = 'commercial_note' or d.supply_type in ('SEZWOP', 'EXPWOP') then 0 else n.taxable end as base) v
              cross join lateral (select round(v.base * n.tax_rate / 200, 2) as half, round(v.base * n.tax_rate / 100, 2) as whole, round(v.base * n.cess_rate / 100, 2) as cess) r
              where (d.supplier_gstin, d.supply_type, d.place_of_supply, d.is_inter_state, d.half, d.is_reverse_charge, b.document_id, n.tax_rate, n.cess_rate, n.cess_per_unit, n.treatment)
              is distinct from (o.supplier_gstin, o.supply_type, o.place_of_supply, o.is_inter_state, o.half, o.is_reverse_charge, o.id, b.tax_rate, b.cess_rate, b.cess_per_unit, b.treatment)
              or abs(n.cgst - case when d.is_inter_state then 0 else r.half end) > n.slack or abs(n.igst - case when d.is_inter_state then r.whole else 0 end) > n.slack
              or abs(n.cess - r.cess) > n.slack or (n.cess_fixed > 0 and (n.cess_per_unit = 0 or v.base = 0 and n.taxable > 0))",
    },
    Check {
        name: "documents.numbers_without_gap",
        about: "Numbers of a series run from one to what it counts, year by year.",
        sql: "select coalesce(c.tenant_id, d.tenant_id) as tenant, 'series ' || coalesce(s.template, 'without a row') || ' of ' || coalesce(c.year, d.year) || ' counts ' || coalesce(c.last, 0) || ', its documents are ' || coalesce(d.number, 0) || ' up to ' || coalesce(d.last, 0) as what
              from document_counters c full join (select tenant_id, series_id, year, count(*) as number, max(sequence) as last, max(document_date) as day from documents group by 1, 2, 3) d
              on d.tenant_id = c.tenant_id and d.series_id = c.series_id and d.year = c.year
              left join document_series s on s.tenant_id = coalesce(c.tenant_id, d.tenant_id) and s.id = coalesce(c.series_id, d.series_id)
              where (c.last, c.last_day) is distinct from (d.number::integer, d.day) or d.number is distinct from d.last::bigint",
    },
    Check {
        name: "documents.dates_in_order",
        about: "A later number of a series never has an earlier date.",
        sql: "select tenant_id as tenant, 'document ' || number || ' has an earlier date than the number before it' as what
              from (select tenant_id, number, document_date, lag(document_date) over (partition by tenant_id, series_id, year order by sequence) as before from documents) d where document_date < before",
    },
    Check {
        name: "documents.invoiced_were_sent",
        about: "What a shipment counts as billed and credited is what its documents say, and no more than was packed and stayed away.",
        sql: "select l.tenant_id as tenant, 'shipment line ' || l.id || ' counts ' || l.invoiced_qty || ' billed and ' || l.credited_qty || ' credited, its documents say ' || coalesce(n.invoiced, 0) || ' and ' || coalesce(n.credited, 0) || ' of ' || coalesce(l.packed_qty, 0) - l.returned_qty as what
              from shipment_lines l left join (
              select n.tenant_id, n.shipment_line_id, coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('invoice', 'bill_of_supply')), 0) as invoiced,
              coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('credit_note', 'commercial_note')), 0) as credited
              from document_lines n join documents d on d.tenant_id = n.tenant_id and d.id = n.document_id and d.status = 'issued' where n.shipment_line_id is not null group by 1, 2
              ) n on n.tenant_id = l.tenant_id and n.shipment_line_id = l.id
              where (l.invoiced_qty, l.credited_qty) is distinct from (coalesce(n.invoiced, 0), coalesce(n.credited, 0)) or l.invoiced_qty - l.credited_qty > coalesce(l.packed_qty, 0) - l.returned_qty",
    },
    Check {
        name: "documents.notes_within",
        about: "Notes give back no more of a line than it bears.",
        sql: "select o.tenant_id as tenant, 'line ' || o.position || ' of document ' || o.document_id || ' is credited with more than it bears' as what
              from document_lines o join (
              select n.tenant_id, n.original_line_id, sum(n.taxable) as taxable, sum(n.cgst) as cgst, sum(n.igst) as igst, sum(n.quantity) filter (where n.shipment_line_id is not null) as quantity
              from document_lines n join documents d on d.tenant_id = n.tenant_id and d.id = n.document_id and d.status = 'issued' where n.kind in ('credit_note', 'commercial_note') group by 1, 2
              ) n on n.tenant_id = o.tenant_id and n.original_line_id = o.id
              left join lateral (select coalesce(sum(b.taxable), 0) as taxable, coalesce(sum(b.cgst), 0) as cgst, coalesce(sum(b.igst), 0) as igst
              from document_lines b join documents d on d.tenant_id = b.tenant_id and d.id = b.document_id and d.status = 'issued' where b.tenant_id = o.tenant_id and b.original_line_id = o.id and b.kind = 'debit_note') more on true
              where n.taxable > o.taxable + more.taxable or n.cgst > o.cgst + more.cgst or n.igst > o.igst + more.igst or coalesce(n.quantity, 0) > o.quantity + o.free_quantity",
    },
    Check {
        name: "shipments.have_papers",
        about: "A shipment and its standing bill name each other.",
        sql: "select s.tenant_id as tenant, 'shipment ' || s.number || ' and its bill do not name each other' as what
              from shipments s full join (select * from documents where status = 'issued' and kind in ('invoice', 'bill_of_supply') and shipment_id is not null) d on d.tenant_id = s.tenant_id and d.shipment_id = s.id
              where s.invoice_id is distinct from d.id and not (s.invoice_id is null and s.status = 'returned')",
    },
    Check {
        name: "orders.billed",
        about: "What an order counts as billed in the house is what bills of packed shipments say.",
        sql: "select l.tenant_id as tenant, 'order line ' || l.id || ' counts ' || l.billed_qty || ' billed in the house, its documents say ' || coalesce(n.quantity, 0) as what
              from order_lines l left join (
              select n.tenant_id, n.order_line_id, sum(n.quantity + n.free_quantity) as quantity
              from document_lines n join documents d on d.tenant_id = n.tenant_id and d.id = n.document_id and d.status = 'issued' and d.kind in ('invoice', 'bill_of_supply')
              join shipments s on s.tenant_id = d.tenant_id and s.id = d.shipment_id and s.status = 'packed' group by 1, 2
              ) n on n.tenant_id = l.tenant_id and n.order_line_id = l.id where l.billed_qty <> coalesce(n.quantity, 0)",
    },
    Check {
        name: "einvoices.every_liable_has_state",
        about: "Every document has a state at the authority, and a liable one is not left out.",
        sql: "select d.tenant_id as tenant, 'document ' || d.number || ' has ' || coalesce(e.status, 'no state at the authority') || case when due.is_liable then ' and is liable' else '' end as what
              from documents d left join einvoices e on e.tenant_id = d.tenant_id and e.id = d.id
              left join accounting_settings a on a.tenant_id = d.tenant_id
              cross join lateral (select d.gst_type is not null and d.supply_type <> 'B2C' and d.supplier_type not in ('sez_unit', 'composition') and coalesce(a.einvoice_from <= d.document_date, false)
              and exists (select from document_lines l where l.tenant_id = d.tenant_id and l.document_id = d.id and l.treatment = 'taxable') as is_liable) due
              where e.id is null or (due.is_liable and e.status = 'not_required' and d.status = 'issued')",
    },
    Check {
    name: "payments.once",
    about: "A payment over a gateway counts once: one receipt of its amount, whoever told of it; and nothing that was told is without it.",
    sql: "select e.tenant_id as tenant, 'payment ' || p.id || ' is ' || p.status || ' though an event was applied to it' as what
            from gateway_events e join payments p on p.tenant_id = e.tenant_id and p.id = e.payment_id
            where e.outcome = 'applied' and e.kind = 'payment.captured' and p.number is null
          union all
          select e.tenant_id, 'payment ' || e.payment_id || ' was applied by ' || count(*) || ' events'
            from gateway_events e where e.outcome = 'applied' and e.kind = 'payment.captured' group by e.tenant_id, e.payment_id having count(*) > 1
          union all
          select p.tenant_id, 'payment ' || coalesce(p.number, p.id::text) || ' came over a gateway and has ' || count(l.id) || ' entries of ' || coalesce(sum(l.amount), 0) || ', not one of ' || -p.amount
            from payments p left join ledger_entries l on l.tenant_id = p.tenant_id and l.payment_id = p.id and l.kind = 'receipt'
            where p.method = 'gateway' and p.direction = 'in'
            group by p.tenant_id, p.id having count(l.id) <> (p.number is not null)::int or coalesce(sum(l.amount), 0) <> case when p.number is null then 0 else -p.amount end",
},
    Check {
        name: "payments.deductions",
        about: "Every payment by tax deducted has its deduction, of the same customer, amount, day and section, and nothing else has one; the money that came with it is the customer's.",
        sql: "select coalesce(p.tenant_id, t.tenant_id) as tenant, 'tax ' || coalesce(p.number, t.id::text) || ' is a payment of ' || coalesce(p.amount, 0) || ' under ' || coalesce(p.reference, 'no section') || ', its deduction says ' || coalesce(t.amount, 0) || ' under ' || coalesce(t.section, 'none') as what
                from (select * from payments where method = 'tds' and direction = 'in') p
                full join tax_deductions t on t.tenant_id = p.tenant_id and t.id = p.id
                left join payments m on m.tenant_id = t.tenant_id and m.id = t.received_with
                where (p.customer_id, p.amount, p.paid_on, p.reference) is distinct from (t.customer_id, t.amount, t.deducted_on, t.section)
                   or (t.received_with is not null and (m.customer_id, m.direction) is distinct from (t.customer_id, 'in'::text))",
    },
];
