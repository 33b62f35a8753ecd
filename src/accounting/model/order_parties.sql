-- Both sides of an order, as papers name them that are no tax documents. $1 company, $2 order.
select r.gstin, r.state_code, coalesce(o.place_of_supply, r.state_code) as place_of_supply,
       (c.kind in ('sez', 'overseas') or r.state_code <> coalesce(o.place_of_supply, r.state_code)) as has_igst,
       jsonb_strip_nulls(jsonb_build_object(
           'seller', jsonb_build_object('name', co.legal_name, 'trade_name', r.trade_name, 'gstin', r.gstin, 'street', coalesce(r.address, co.address),
               'city', coalesce(r.city, co.city), 'pincode', coalesce(r.pincode, co.pincode), 'state', r.state_code, 'country', 'IN', 'phone', co.phone, 'email', co.email),
           'buyer', jsonb_build_object('name', c.name, 'gstin', c.gstin, 'street', coalesce(bill.street, ''), 'city', coalesce(bill.city, ''),
               'pincode', coalesce(bill.pincode, ''), 'state', coalesce(left(c.gstin, 2), bill.state_code, ''), 'country', coalesce(bill.country, 'IN'), 'phone', c.phone),
           'delivery', jsonb_build_object('name', case when ship.is_unregistered or substr(ship.gstin, 3, 10) <> substr(c.gstin, 3, 10) then ship.label else c.name end,
               'gstin', case when ship.is_unregistered then 'URP' else ship.gstin end, 'street', coalesce(ship.street, o.ship_to), 'city', coalesce(ship.city, ''),
               'pincode', coalesce(ship.pincode, ''), 'state', coalesce(ship.state_code, ''), 'country', coalesce(ship.country, 'IN'), 'phone', ship.phone),
           'dispatch', case when w.street is not null then jsonb_build_object('name', w.name, 'street', w.street, 'city', coalesce(w.city, co.city),
               'pincode', coalesce(w.pincode, co.pincode), 'state', r.state_code, 'country', 'IN') end,
           'bank', jsonb_build_object('name', a.bank_name, 'account', a.bank_account, 'ifsc', a.bank_ifsc, 'upi', a.upi_id),
           'terms', a.terms, 'order_no', o.number)) as parties
  from orders o
  join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
  join gst_registrations r on r.tenant_id = o.tenant_id and r.id = o.registration_id
  join warehouses w on w.tenant_id = o.tenant_id and w.id = o.warehouse_id
  join companies co on co.id = o.tenant_id
  left join accounting_settings a on a.tenant_id = o.tenant_id
  left join customer_addresses ship on ship.tenant_id = o.tenant_id and ship.id = o.ship_to_id
  left join lateral (
      select x.street, x.city, x.pincode, x.state_code, x.country from customer_addresses x
          where x.tenant_id = c.tenant_id and x.customer_id = c.id and x.is_active order by x.is_billing desc, x.is_default desc, x.id limit 1
  ) bill on true
  where o.tenant_id = $1 and o.id = $2
