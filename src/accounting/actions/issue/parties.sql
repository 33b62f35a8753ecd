-- Everything about the two sides of a shipment that its invoice prints or is decided by. $1 company, $2 number of the shipment, $3 the day.
select s.id as shipment_id, s.number as shipment_no, s.status as shipment_status, s.papers, o.id as order_id, o.number as order_no, o.customer_id, o.po_number,
       (select d.number from documents d where d.tenant_id = s.tenant_id and d.id = s.invoice_id) as invoice_no,
       r.id as registration_id, r.gstin as supplier_gstin, r.taxpayer_type as supplier_type,
       coalesce(a.round_off, 'rupee') as round_off, a.einvoice_from,
       (select u.id from undertakings u
           where u.tenant_id = s.tenant_id and u.registration_id = r.id and $3 between u.valid_from and u.valid_to order by u.valid_to desc, u.id limit 1) as undertaking_id,
       (select t.amount from turnovers t where t.tenant_id = s.tenant_id and t.year = financial_year(($3 - interval '1 year')::date)) as turnover,
       (select x.id from document_series x where x.tenant_id = s.tenant_id and x.registration_id = r.id and x.kind = 'invoice' and x.is_default) as invoice_series,
       (select x.id from document_series x where x.tenant_id = s.tenant_id and x.registration_id = r.id and x.kind = 'bill_of_supply' and x.is_default) as bill_series,
       c.kind as buyer_kind, c.gstin as buyer_gstin, c.terms_days, bill.state_code as billing_state, ship.state_code as delivery_state, case when ship.is_unregistered then 'URP' else ship.gstin end as delivery_gstin,
       jsonb_strip_nulls(jsonb_build_object(
           'seller', jsonb_build_object('name', co.legal_name, 'trade_name', r.trade_name, 'gstin', r.gstin, 'street', coalesce(r.address, co.address),
               'city', coalesce(r.city, co.city), 'pincode', coalesce(r.pincode, co.pincode), 'state', r.state_code, 'country', 'IN', 'phone', co.phone, 'email', co.email),
           'buyer', jsonb_build_object('name', c.name, 'code', c.code, 'gstin', c.gstin, 'street', bill.street, 'city', bill.city, 'pincode', bill.pincode,
               'state', coalesce(left(c.gstin, 2), bill.state_code), 'country', coalesce(bill.country, 'IN'), 'phone', c.phone, 'email', c.email),
           'delivery', jsonb_build_object('name', case when ship.is_unregistered or substr(ship.gstin, 3, 10) <> substr(c.gstin, 3, 10) then ship.label else c.name end, 'label', ship.label,
               'gstin', case when ship.is_unregistered then 'URP' else ship.gstin end, 'street', coalesce(ship.street, o.ship_to), 'city', ship.city,
               'pincode', ship.pincode, 'state', ship.state_code, 'country', coalesce(ship.country, 'IN'), 'phone', ship.phone),
           'dispatch', case when w.street is not null then jsonb_build_object('name', w.name, 'street', w.street, 'city', coalesce(w.city, co.city),
               'pincode', coalesce(w.pincode, co.pincode), 'state', r.state_code, 'country', 'IN') end,
           'bank', case when a.bank_account is not null or a.upi_id is not null
               then jsonb_build_object('name', a.bank_name, 'account', a.bank_account, 'ifsc', a.bank_ifsc, 'upi', a.upi_id) end,
           'undertaking', (select u.number from undertakings u
               where u.tenant_id = s.tenant_id and u.registration_id = r.id and $3 between u.valid_from and u.valid_to order by u.valid_to desc, u.id limit 1),
           'terms', a.terms, 'order_no', o.number, 'shipment_no', s.number, 'po_number', o.po_number)) as parties,
       coalesce((select jsonb_object_agg(p.id, jsonb_strip_nulls(jsonb_build_object('name_hi', p.name_hi, 'condition', p.tax_condition)))
           from shipment_lines l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = s.tenant_id and l.shipment_id = s.id), '{}') as products
  from shipments s
  join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
  join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
  join gst_registrations r on r.tenant_id = o.tenant_id and r.id = o.registration_id
  join warehouses w on w.tenant_id = s.tenant_id and w.id = s.warehouse_id
  join companies co on co.id = s.tenant_id
  left join accounting_settings a on a.tenant_id = s.tenant_id
  left join customer_addresses ship on ship.tenant_id = o.tenant_id and ship.id = o.ship_to_id
  left join lateral (
      select x.street, x.city, x.pincode, x.state_code, x.country from customer_addresses x
          where x.tenant_id = c.tenant_id and x.customer_id = c.id and x.is_active order by x.is_billing desc, x.is_default desc, x.id limit 1
  ) bill on true
  where s.tenant_id = $1 and s.number = $2
