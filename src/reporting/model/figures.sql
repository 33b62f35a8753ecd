select w.to_confirm, w.oldest, w.held, w.held_amount, p.to_ship, p.to_ship_amount, s.picking, s.packed, s.out, s.late,
       -- One above what is said: each that is out asks for its product, which is not to grow with the catalogue. A value, not `exists`: that would
       -- be answered by reading all products first; and behind a fence, or the planner reads all levels that have a reorder level.
       (select count(*) from (select from (select l.tenant_id, l.product_id, l.on_hand from stock_levels l
               where l.tenant_id = $1 and l.on_hand - l.reserved <= l.reorder_level offset 0) l
           where l.on_hand > 0 or (select p.status from products p where p.tenant_id = l.tenant_id and p.id = l.product_id) <> 'discontinued' limit 1001) l) as low,
       c.address is not null and c.pincode is not null as has_address, c.email is not null and c.phone is not null as has_contact,
       (select count(*) from (select from employees e where e.tenant_id = $1 and e.is_active limit 2) e) > 1 as has_second_person,
       exists (select from warehouses h where h.tenant_id = $1 and h.street is not null) as has_warehouse,
       -- In the order of an index: of a table in which most rows are other companies', the planner would read all of theirs first.
       (select p.id from products p where p.tenant_id = $1 order by p.name, p.id limit 1) is not null as has_product,
       (select i.id from price_items i where i.tenant_id = $1 order by i.id limit 1) is not null as has_price,
       (select m.id from stock_moves m where m.tenant_id = $1 order by m.id limit 1) is not null as has_stock,
       exists (select from vehicles v where v.tenant_id = $1) and exists (select from drivers d where d.tenant_id = $1) as has_fleet,
       (select k.id from customers k where k.tenant_id = $1 order by k.id limit 1) is not null as has_customer,
       exists (select from accounting_settings b where b.tenant_id = $1 and (b.bank_account is not null or b.upi_id is not null)) as has_bank,
       exists (select from accounting_settings b where b.tenant_id = $1 and (b.is_duty_known or b.einvoice_from is not null)) as has_duty,
       (select o.id from orders o where o.tenant_id = $1 and o.placed_at is not null order by o.placed_at desc, o.id desc limit 1) is not null as has_order,
       (select coalesce(sum(case p.direction when 'in' then p.amount else -p.amount end), 0) from payments p
           where p.tenant_id = $1 and p.number is not null and p.status in ('received', 'refunded') and p.paid_on > $2 - 30 and p.paid_on <= $2) as collected,
       t.days, t.day_orders, t.day_totals
    from companies c
    cross join (
        select count(*) filter (where not o.is_held) as to_confirm, min(o.placed_at) filter (where not o.is_held) as oldest,
               count(*) filter (where o.is_held) as held, coalesce(sum(o.total) filter (where o.is_held), 0) as held_amount
            from orders o where o.tenant_id = $1 and o.status = 'to_approve'
    ) w
    cross join (
        -- From the lines, which are few: of an index of orders every confirmed one would be asked for its lines.
        select count(*) as to_ship, coalesce(sum(o.open_amount), 0) as to_ship_amount
            from (select distinct l.order_id from order_lines l where l.tenant_id = $1 and l.open_qty > l.picking_qty) l
            join orders o on o.tenant_id = $1 and o.id = l.order_id where o.status = 'confirmed'
    ) p
    cross join (
        select count(*) filter (where h.status = 'picking') as picking, count(*) filter (where h.status = 'packed') as packed,
               count(*) filter (where h.status = 'out') as out, count(*) filter (where h.status = 'out' and h.expected_on < $2) as late
            from shipments h where h.tenant_id = $1 and h.status in ('picking', 'packed', 'out')
    ) s
    cross join (
        select coalesce(array_agg(d.day order by d.day), '{}') as days, coalesce(array_agg(d.orders::bigint order by d.day), '{}') as day_orders,
               coalesce(array_agg(d.total order by d.day), '{}') as day_totals
            from order_days d where d.tenant_id = $1 and d.day > $2 - 60 and d.day <= $2 and d.orders > 0
    ) t
    where c.id = $1
