with u as (
    select * from unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[], $23::numeric[])
        as u (id, open_qty, shipped_qty, cancelled_qty, picking_qty, taxable, cgst, sgst, igst, cess, total, billed_qty)
), lines as (
    update order_lines l
        set open_qty = u.open_qty, shipped_qty = u.shipped_qty, cancelled_qty = u.cancelled_qty, picking_qty = u.picking_qty, billed_qty = u.billed_qty,
            taxable = u.taxable, cgst = u.cgst, sgst = u.sgst, igst = u.igst, cess = u.cess, total = u.total, updated_at = $22
        from u where l.tenant_id = $1 and l.id = u.id
)
update orders
    set open_amount = $14, taxable = $15, cgst = $16, sgst = $17, igst = $18, cess = $19, total = $20,
        status = case when $21 then 'closed' else status end, ended_at = case when $21 then $22 else ended_at end, updated_at = $22
    where tenant_id = $1 and id = $13
