-- Fifty companies with their people, and retailers who buy from two of them each; the first fifty retailers buy from company-1 too.
-- {companies}, {people}, {retailers}, {hash}: how many of each, and everybody's password.
insert into companies (id, slug, name, legal_name, pan, email, phone, address, city, pincode)
  select gen_random_uuid(), 'company-' || c, 'Company ' || c, 'Company ' || c || ' Private Limited',
         format('AAAC%s%sA', chr(65 + c % 26), lpad(c::text, 4, '0')), 'office@company-' || c || '.example',
         '+919800000000', c || ' Mount Road', 'Chennai', '600002'
    from generate_series(1, {companies}) c;
insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name, is_primary)
  select id, gen_random_uuid(), '33' || pan || '1Z5', '33', name, true from companies;
insert into users (id, email, name, password_hash)
  select gen_random_uuid(), format('person-%s@company-%s.example', p, c), format('Person %s of %s', lpad(p::text, 3, '0'), c), '{hash}'
    from generate_series(1, {companies}) c, generate_series(1, {people}) p;
insert into employees (tenant_id, id, user_id, name, email, role)
  select c.id, gen_random_uuid(), u.id, u.name, u.email,
         case when u.email like 'person-1@%' then 'owner' when split_part(split_part(u.email, '@', 1), '-', 2)::integer <= 25 then 'manager'
              else (array['manager', 'sales', 'warehouse', 'accounts', 'dispatcher', 'driver', 'viewer'])[1 + abs(hashtext(u.email)) % 7] end
    from companies c join users u on split_part(u.email, '@', 2) = c.slug || '.example';
insert into retailers (id, slug, name, city)
  select gen_random_uuid(), 'shop-' || r, 'Shop ' || r, 'Madurai' from generate_series(1, {retailers}) r;
insert into users (id, email, name, password_hash)
  select gen_random_uuid(), format('buyer@shop-%s.example', r), 'Buyer ' || r, '{hash}' from generate_series(1, {retailers}) r;
insert into retailer_users (retailer_id, id, user_id, role)
  select r.id, gen_random_uuid(), u.id, 'owner' from retailers r join users u on u.email = 'buyer@' || r.slug || '.example';
insert into customers (tenant_id, id, code, name, city)
  select c.id, gen_random_uuid(), 'C-' || r, 'Shop ' || r, 'Madurai'
    from generate_series(1, {retailers}) r
    join companies c on c.slug in ('company-' || (1 + r % {companies}), 'company-' || (1 + (r + 7) % {companies}), case when r <= 50 then 'company-1' end);
insert into connections (tenant_id, id, retailer_id, customer_id)
  select k.tenant_id, gen_random_uuid(), r.id, k.id from customers k join retailers r on r.name = k.name;
