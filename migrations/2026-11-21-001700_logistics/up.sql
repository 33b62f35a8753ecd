-- Supply: shipments from pick list to proof of delivery, vehicles and drivers.

create table vehicles (
    tenant_id uuid not null references companies,
    id uuid not null,
    registration_no text not null check (registration_no ~ '^[A-Z0-9]{4,12}$'),
    name text not null check (length(name) between 1 and 60),
    capacity_kg integer check (capacity_kg > 0),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, registration_no)
);
comment on table vehicles is 'Trucks and vans.';
comment on column vehicles.tenant_id is 'The company.';
comment on column vehicles.id is 'The vehicle.';
comment on column vehicles.registration_no is 'Number plate without spaces.';
comment on column vehicles.name is 'What people call it.';
comment on column vehicles.capacity_kg is 'What it carries, in kilograms.';
comment on column vehicles.is_active is 'Whether it can be chosen.';
comment on column vehicles.created_at is 'When it was made.';
comment on column vehicles.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('vehicles');

create table drivers (
    tenant_id uuid not null references companies,
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    licence_no text check (length(licence_no) between 4 and 30),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
comment on table drivers is 'Who drives.';
comment on column drivers.tenant_id is 'The company.';
comment on column drivers.id is 'The driver.';
comment on column drivers.name is 'Name.';
comment on column drivers.phone is 'E.164.';
comment on column drivers.licence_no is 'Number of the driving licence.';
comment on column drivers.is_active is 'Whether it can be chosen.';
comment on column drivers.created_at is 'When it was made.';
comment on column drivers.updated_at is 'Last change; guards against lost edits.';
create index drivers_by_name on drivers (tenant_id, name, id);
select make_tenant_table('drivers');

create table shipments (
    tenant_id uuid not null references companies,
    id uuid not null,
    number text not null check (number ~ '^[A-Z0-9-]{3,20}$'),
    order_id uuid not null,
    customer_id uuid not null,
    warehouse_id uuid not null,
    status text not null default 'picking' check (status in ('picking', 'packed', 'out', 'delivered', 'returned', 'cancelled')),
    picker_id uuid references users,
    picker_name text not null default '' check (length(picker_name) <= 120),
    packages integer check (packages > 0),
    weight_g bigint check (weight_g >= 0),
    challan_no text check (length(challan_no) between 1 and 16),
    vehicle_id uuid,
    driver_id uuid,
    expected_on date,
    packed_at timestamptz,
    out_at timestamptz,
    ended_at timestamptz,
    received_by text check (length(received_by) between 1 and 120),
    delivery_note text check (length(delivery_note) between 1 and 1000),
    proof_file_id uuid,
    end_reason text check (length(end_reason) between 1 and 500),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, warehouse_id) references warehouses (tenant_id, id),
    foreign key (tenant_id, vehicle_id) references vehicles (tenant_id, id),
    foreign key (tenant_id, driver_id) references drivers (tenant_id, id),
    foreign key (tenant_id, proof_file_id) references files (tenant_id, id),
    check (status in ('picking', 'cancelled') or (packed_at is not null and packages is not null)),
    constraint shipments_out_have_papers check (status not in ('out', 'delivered', 'returned') or (out_at is not null and challan_no is not null and vehicle_id is not null and driver_id is not null)),
    check ((status in ('delivered', 'returned', 'cancelled')) = (ended_at is not null)),
    check (status <> 'delivered' or received_by is not null),
    check (status not in ('returned', 'cancelled') or end_reason is not null)
);
comment on table shipments is 'Goods of one order that leave together.';
comment on column shipments.tenant_id is 'The company.';
comment on column shipments.id is 'The shipment.';
comment on column shipments.number is 'Number that people say, e.g. SH-26-00042.';
comment on column shipments.order_id is 'The order.';
comment on column shipments.customer_id is 'The customer.';
comment on column shipments.warehouse_id is 'Where it leaves from.';
comment on column shipments.status is 'picking, packed, out, delivered, returned or cancelled.';
comment on column shipments.picker_id is 'Who picks it.';
comment on column shipments.picker_name is 'That person''s name then.';
comment on column shipments.packages is 'Boxes and bags, once packed.';
comment on column shipments.weight_g is 'Weight in grammes, once packed.';
comment on column shipments.challan_no is 'Number of the delivery challan, once out.';
comment on column shipments.vehicle_id is 'The vehicle, once out.';
comment on column shipments.driver_id is 'The driver, once out.';
comment on column shipments.expected_on is 'The day on which it should arrive, once out.';
comment on column shipments.packed_at is 'When it was packed.';
comment on column shipments.out_at is 'When it left.';
comment on column shipments.ended_at is 'When it was delivered, came back or was cancelled.';
comment on column shipments.received_by is 'Who took it.';
comment on column shipments.delivery_note is 'What was said at the door.';
comment on column shipments.proof_file_id is 'A photo, or null.';
comment on column shipments.end_reason is 'Why it came back or was cancelled.';
comment on column shipments.created_at is 'When it was made.';
comment on column shipments.updated_at is 'Last change; guards against lost edits.';
create index shipments_by_order on shipments (tenant_id, order_id);
create index shipments_by_customer on shipments (tenant_id, customer_id, id desc);
create index shipments_by_status on shipments (tenant_id, status, id desc);
create index shipments_by_warehouse on shipments (tenant_id, warehouse_id);
create index shipments_by_vehicle on shipments (tenant_id, vehicle_id);
create index shipments_by_driver on shipments (tenant_id, driver_id);
create index shipments_by_proof on shipments (tenant_id, proof_file_id);
create index shipments_by_picker on shipments (picker_id);
create unique index shipments_by_challan on shipments (tenant_id, challan_no) where challan_no is not null;
select make_tenant_table('shipments', 'customer_id');
create trigger steps before update of status on shipments for each row execute function keep_to_the_steps('shipment');

create table shipment_lines (
    tenant_id uuid not null references companies,
    id uuid not null,
    shipment_id uuid not null,
    order_line_id uuid not null,
    customer_id uuid not null,
    product_id uuid not null,
    position integer not null,
    quantity numeric(14,3) not null check (quantity > 0),
    packed_qty numeric(14,3),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, shipment_id, order_line_id),
    foreign key (tenant_id, shipment_id) references shipments (tenant_id, id),
    foreign key (tenant_id, order_line_id) references order_lines (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    check (packed_qty >= 0 and packed_qty <= quantity)
);
comment on table shipment_lines is 'A line of an order in a shipment.';
comment on column shipment_lines.tenant_id is 'The company.';
comment on column shipment_lines.id is 'The line.';
comment on column shipment_lines.shipment_id is 'The shipment.';
comment on column shipment_lines.order_line_id is 'The order''s line.';
comment on column shipment_lines.customer_id is 'The customer.';
comment on column shipment_lines.product_id is 'The product.';
comment on column shipment_lines.position is 'Its place on the pick list.';
comment on column shipment_lines.quantity is 'Units to pick.';
comment on column shipment_lines.packed_qty is 'Units that were packed; null while picking.';
comment on column shipment_lines.created_at is 'When it was made.';
comment on column shipment_lines.updated_at is 'Last change; guards against lost edits.';
create index shipment_lines_by_order_line on shipment_lines (tenant_id, order_line_id);
create index shipment_lines_by_customer on shipment_lines (tenant_id, customer_id);
create index shipment_lines_by_product on shipment_lines (tenant_id, product_id);
select make_tenant_table('shipment_lines', 'customer_id');
alter table stock_moves add foreign key (tenant_id, shipment_line_id) references shipment_lines (tenant_id, id);

select buyers_only_read('shipments');
select buyers_only_read('shipment_lines');

-- A buyer sees the photo of its own deliveries.
create policy buyers_see_proofs on files for select to mandi_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and purpose = 'proof'
           and exists (select from shipments s where s.tenant_id = files.tenant_id and s.proof_file_id = files.id));
