// @generated automatically by Diesel CLI.

diesel::table! {
    audit_entries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Int8,
        at -> Timestamptz,
        table_name -> Text,
        row_id -> Uuid,
        action -> Text,
        user_id -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        cause -> Nullable<Text>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
    }
}

diesel::table! {
    companies (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        legal_name -> Text,
        pan -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        website -> Nullable<Text>,
        address -> Nullable<Text>,
        city -> Nullable<Text>,
        pincode -> Nullable<Text>,
        hue -> Int2,
        logo_file_id -> Nullable<Uuid>,
        is_demo -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    connections (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        retailer_id -> Uuid,
        customer_id -> Uuid,
        status -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    customers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name -> Text,
        gstin -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        city -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        kind -> Text,
        group_id -> Nullable<Uuid>,
        terms_days -> Integer,
        credit_limit -> Nullable<Numeric>,
        status -> Text,
        language -> Text,
        warehouse_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    employees (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        email -> Text,
        phone -> Nullable<Text>,
        title -> Nullable<Text>,
        role -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    files (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        media_type -> Text,
        bytes -> Int8,
        sha256 -> Bytea,
        purpose -> Text,
        needs -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        is_pending -> Bool,
    }
}

diesel::table! {
    gst_registrations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        gstin -> Text,
        state_code -> Text,
        trade_name -> Text,
        address -> Nullable<Text>,
        city -> Nullable<Text>,
        pincode -> Nullable<Text>,
        is_primary -> Bool,
        ended_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        taxpayer_type -> Text,
    }
}

diesel::table! {
    idempotency_keys (user_id, tenant_id, key, route, body_hash) {
        user_id -> Uuid,
        tenant_id -> Uuid,
        key -> Uuid,
        route -> Text,
        body_hash -> Bytea,
        status -> Nullable<Int2>,
        location -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        name -> Text,
        role -> Text,
        language -> Text,
        token_hash -> Bytea,
        status -> Text,
        sent_count -> Int4,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        accepted_by -> Nullable<Uuid>,
        accepted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    job_attempts (job_id, number) {
        job_id -> Uuid,
        number -> Int4,
        worker -> Text,
        started_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    jobs (id) {
        id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        kind -> Text,
        title -> Text,
        payload -> Jsonb,
        unique_key -> Nullable<Text>,
        priority -> Int2,
        state -> Text,
        run_at -> Timestamptz,
        attempts -> Int4,
        max_attempts -> Int4,
        worker -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        progress -> Int4,
        progress_of -> Nullable<Int4>,
        note -> Nullable<Text>,
        last_error -> Nullable<Text>,
        result -> Nullable<Jsonb>,
        asked_by -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        put_offs -> Int4,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        kind -> Text,
        recipient -> Text,
        subject -> Text,
        text_body -> Text,
        html_body -> Text,
        status -> Text,
        error -> Nullable<Text>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    memberships (id) {
        id -> Uuid,
        user_id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        retailer_id -> Nullable<Uuid>,
        role -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    one_time_codes (id) {
        id -> Uuid,
        user_id -> Uuid,
        purpose -> Text,
        code_hash -> Bytea,
        tries_left -> Int2,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    retailer_users (id) {
        retailer_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    retailers (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        gstin -> Nullable<Text>,
        phone -> Nullable<Text>,
        city -> Nullable<Text>,
        is_demo -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    saved_views (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        list -> Text,
        name -> Text,
        query -> Text,
        user_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    schedules (name) {
        name -> Text,
        cron -> Text,
        next_run -> Timestamptz,
        last_run -> Nullable<Timestamptz>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (key_hash) {
        key_hash -> Bytea,
        id -> Uuid,
        user_id -> Nullable<Uuid>,
        state -> Jsonb,
        address -> Nullable<Text>,
        agent -> Nullable<Text>,
        created_at -> Timestamptz,
        seen_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> Int8,
        at -> Timestamptz,
        email -> Text,
        address -> Text,
        user_id -> Nullable<Uuid>,
        agent -> Nullable<Text>,
        outcome -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamptz>,
        is_platform_admin -> Bool,
        language -> Nullable<Text>,
        theme -> Nullable<Text>,
        has_shortcuts -> Bool,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    cart_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        cart_id -> Uuid,
        customer_id -> Uuid,
        product_id -> Uuid,
        quantity -> Numeric,
        seen_price -> Nullable<Numeric>,
        seen_rate -> Nullable<Numeric>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        seen_total -> Nullable<Numeric>,
    }
}

diesel::table! {
    carts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    categories (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        parent_id -> Nullable<Uuid>,
        name -> Text,
        slug -> Text,
        path -> Text,
        position -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    customer_accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        open_orders -> Integer,
        open_amount -> Numeric,
        balance -> Numeric,
        next_delivery -> Nullable<Date>,
        updated_at -> Timestamptz,
        unbilled -> Numeric,
    }
}

diesel::table! {
    customer_addresses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        label -> Text,
        street -> Text,
        city -> Text,
        pincode -> Text,
        state_code -> Text,
        gstin -> Nullable<Text>,
        phone -> Nullable<Text>,
        is_billing -> Bool,
        is_default -> Bool,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        country -> Text,
        is_unregistered -> Bool,
    }
}

diesel::table! {
    customer_groups (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    drivers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        phone -> Nullable<Text>,
        licence_no -> Nullable<Text>,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    hsn_codes (code) {
        code -> Text,
        description -> Text,
    }
}

diesel::table! {
    import_mappings (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        layout -> Bytea,
        settings -> Jsonb,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    import_rows (tenant_id, import_id, line) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        line -> Integer,
        outcome -> Text,
        reason -> Jsonb,
    }
}

diesel::table! {
    imports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        file_id -> Nullable<Uuid>,
        file_name -> Text,
        status -> Text,
        settings -> Jsonb,
        rows_total -> Nullable<Integer>,
        rows_done -> Integer,
        created -> Integer,
        merged -> Integer,
        refused -> Integer,
        job_id -> Nullable<Uuid>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        warned -> Integer,
        kept -> Integer,
    }
}

diesel::table! {
    number_series (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        registration_id -> Nullable<Uuid>,
        kind -> Text,
        year -> Text,
        last -> Integer,
    }
}

diesel::table! {
    order_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        order_id -> Uuid,
        customer_id -> Uuid,
        kind -> Text,
        said -> Jsonb,
        user_id -> Nullable<Uuid>,
        user_name -> Text,
        is_internal -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    order_days (tenant_id, day) {
        tenant_id -> Uuid,
        day -> Date,
        orders -> Integer,
        total -> Numeric,
    }
}

diesel::table! {
    order_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        order_id -> Uuid,
        customer_id -> Uuid,
        position -> Integer,
        product_id -> Uuid,
        sku -> Text,
        name -> Text,
        unit -> Text,
        pack_size -> Numeric,
        pack_name -> Nullable<Text>,
        hsn -> Text,
        quantity -> Numeric,
        open_qty -> Numeric,
        shipped_qty -> Numeric,
        cancelled_qty -> Numeric,
        picking_qty -> Numeric,
        price -> Numeric,
        includes_tax -> Bool,
        price_list_id -> Nullable<Uuid>,
        mrp -> Nullable<Numeric>,
        tax_rate -> Numeric,
        cess_rate -> Numeric,
        taxable -> Numeric,
        cgst -> Numeric,
        sgst -> Numeric,
        igst -> Numeric,
        cess -> Numeric,
        total -> Numeric,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        billed_qty -> Numeric,
        cess_per_unit -> Numeric,
    }
}

diesel::table! {
    orders (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        number -> Text,
        customer_id -> Uuid,
        status -> Text,
        is_held -> Bool,
        hold_reason -> Nullable<Jsonb>,
        source -> Text,
        placed_by -> Nullable<Uuid>,
        placed_by_name -> Text,
        placed_at -> Nullable<Timestamptz>,
        confirmed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        cancel_reason -> Nullable<Text>,
        warehouse_id -> Uuid,
        registration_id -> Uuid,
        ship_to_id -> Nullable<Uuid>,
        ship_to -> Text,
        place_of_supply -> Nullable<Text>,
        po_number -> Nullable<Text>,
        note -> Nullable<Text>,
        wanted_on -> Nullable<Date>,
        priced_on -> Date,
        taxable -> Numeric,
        cgst -> Numeric,
        sgst -> Numeric,
        igst -> Numeric,
        cess -> Numeric,
        total -> Numeric,
        open_amount -> Numeric,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    own_tax_rates (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        hsn_prefix -> Text,
        rate -> Numeric,
        cess_rate -> Numeric,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        reason -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        cess_per_unit -> Numeric,
        treatment -> Text,
    }
}

diesel::table! {
    price_items (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        price_list_id -> Uuid,
        product_id -> Uuid,
        min_qty -> Numeric,
        valid_from -> Date,
        price -> Numeric,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    price_list_targets (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        price_list_id -> Uuid,
        group_id -> Nullable<Uuid>,
        customer_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    price_lists (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        status -> Text,
        is_default -> Bool,
        includes_tax -> Bool,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    product_pictures (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        product_id -> Uuid,
        small_file_id -> Uuid,
        large_file_id -> Uuid,
        position -> Integer,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    products (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        sku -> Text,
        name -> Text,
        name_hi -> Nullable<Text>,
        brand -> Nullable<Text>,
        category_id -> Nullable<Uuid>,
        description -> Nullable<Text>,
        hsn -> Text,
        tax_condition -> Text,
        unit -> Text,
        pack_size -> Numeric,
        pack_name -> Nullable<Text>,
        mrp -> Nullable<Numeric>,
        barcode -> Nullable<Text>,
        weight_g -> Nullable<Integer>,
        status -> Text,
        picture_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    reservations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        product_id -> Uuid,
        warehouse_id -> Uuid,
        quantity -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    retailer_invitations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        email -> Text,
        name -> Text,
        language -> Text,
        token_hash -> Binary,
        status -> Text,
        sent_count -> Integer,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        accepted_by -> Nullable<Uuid>,
        accepted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    shipment_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        shipment_id -> Uuid,
        order_line_id -> Uuid,
        customer_id -> Uuid,
        product_id -> Uuid,
        position -> Integer,
        quantity -> Numeric,
        packed_qty -> Nullable<Numeric>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        returned_qty -> Numeric,
        invoiced_qty -> Numeric,
        credited_qty -> Numeric,
    }
}

diesel::table! {
    shipments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        number -> Text,
        order_id -> Uuid,
        customer_id -> Uuid,
        warehouse_id -> Uuid,
        status -> Text,
        picker_id -> Nullable<Uuid>,
        picker_name -> Text,
        packages -> Nullable<Integer>,
        weight_g -> Nullable<BigInt>,
        challan_no -> Nullable<Text>,
        vehicle_id -> Nullable<Uuid>,
        driver_id -> Nullable<Uuid>,
        expected_on -> Nullable<Date>,
        packed_at -> Nullable<Timestamptz>,
        out_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        received_by -> Nullable<Text>,
        delivery_note -> Nullable<Text>,
        proof_file_id -> Nullable<Uuid>,
        end_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        papers -> Text,
        challan_reason -> Nullable<Text>,
        invoice_id -> Nullable<Uuid>,
        left_unbilled -> Numeric,
        challan_words -> Nullable<Text>,
    }
}

diesel::table! {
    stock_levels (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        product_id -> Uuid,
        warehouse_id -> Uuid,
        on_hand -> Numeric,
        reserved -> Numeric,
        reorder_level -> Nullable<Numeric>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    stock_moves (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        product_id -> Uuid,
        warehouse_id -> Uuid,
        kind -> Text,
        quantity -> Numeric,
        reason -> Nullable<Text>,
        shipment_line_id -> Nullable<Uuid>,
        import_id -> Nullable<Uuid>,
        at -> Timestamptz,
        user_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    tax_rates (id) {
        id -> Integer,
        hsn_prefix -> Text,
        condition -> Text,
        about -> Nullable<Text>,
        rate -> Numeric,
        cess_rate -> Numeric,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        notification -> Text,
        cess_per_unit -> Numeric,
        treatment -> Text,
    }
}

diesel::table! {
    vehicles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        registration_no -> Text,
        name -> Text,
        capacity_kg -> Nullable<Integer>,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    warehouses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name -> Text,
        registration_id -> Uuid,
        street -> Nullable<Text>,
        city -> Nullable<Text>,
        pincode -> Nullable<Text>,
        is_default -> Bool,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    accounting_settings (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        round_off -> Text,
        einvoice_from -> Nullable<Date>,
        bank_name -> Nullable<Text>,
        bank_account -> Nullable<Text>,
        bank_ifsc -> Nullable<Text>,
        upi_id -> Nullable<Text>,
        terms -> Nullable<Text>,
        age_buckets -> Array<Integer>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        is_duty_known -> Bool,
    }
}

diesel::table! {
    allocations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        credit_id -> Uuid,
        debit_id -> Uuid,
        amount -> Numeric,
        entry_date -> Date,
        cause -> Text,
        undoes_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        user_name -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    authority_keys (environment, purpose, kid) {
        environment -> Text,
        kid -> Text,
        purpose -> Text,
        modulus -> Bytea,
        exponent -> Integer,
        added_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    document_counters (tenant_id, series_id, year) {
        tenant_id -> Uuid,
        series_id -> Uuid,
        year -> Text,
        last -> Integer,
        last_day -> Date,
    }
}

diesel::table! {
    document_lines (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        document_id -> Uuid,
        kind -> Text,
        customer_id -> Uuid,
        position -> Integer,
        order_line_id -> Nullable<Uuid>,
        shipment_line_id -> Nullable<Uuid>,
        original_line_id -> Nullable<Uuid>,
        product_id -> Nullable<Uuid>,
        sku -> Text,
        name -> Text,
        name_hi -> Nullable<Text>,
        hsn -> Text,
        is_service -> Bool,
        unit -> Nullable<Text>,
        pack_size -> Numeric,
        pack_name -> Nullable<Text>,
        quantity -> Numeric,
        free_quantity -> Numeric,
        price -> Numeric,
        includes_tax -> Bool,
        net_price -> Numeric,
        gross -> Numeric,
        line_discount -> Numeric,
        shared_discount -> Numeric,
        discount -> Numeric,
        treatment -> Text,
        tax_rate -> Numeric,
        cess_rate -> Numeric,
        cess_per_unit -> Numeric,
        taxable -> Numeric,
        cgst -> Numeric,
        sgst -> Numeric,
        igst -> Numeric,
        cess -> Numeric,
        cess_fixed -> Numeric,
        total -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    document_series (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        registration_id -> Uuid,
        kind -> Text,
        code -> Text,
        template -> Text,
        is_default -> Bool,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    documents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        gst_type -> Nullable<Text>,
        status -> Text,
        registration_id -> Uuid,
        series_id -> Uuid,
        year -> Text,
        sequence -> Integer,
        number -> Text,
        url_no -> Text,
        document_date -> Date,
        due_on -> Nullable<Date>,
        customer_id -> Uuid,
        order_id -> Nullable<Uuid>,
        shipment_id -> Nullable<Uuid>,
        original_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        reason_note -> Nullable<Text>,
        supplier_gstin -> Text,
        supplier_type -> Text,
        buyer_kind -> Text,
        buyer_gstin -> Nullable<Text>,
        supply_type -> Text,
        place_of_supply -> Text,
        place_reason -> Nullable<Text>,
        is_inter_state -> Bool,
        half -> Nullable<Text>,
        is_reverse_charge -> Bool,
        undertaking_id -> Nullable<Uuid>,
        currency -> Nullable<Text>,
        fx_rate -> Nullable<Numeric>,
        fx_source -> Nullable<Text>,
        po_number -> Nullable<Text>,
        parties -> Jsonb,
        discount -> Numeric,
        taxable -> Numeric,
        cgst -> Numeric,
        sgst -> Numeric,
        igst -> Numeric,
        cess -> Numeric,
        late_discount -> Numeric,
        other_charges -> Numeric,
        round_off -> Numeric,
        total -> Numeric,
        total_fc -> Nullable<Numeric>,
        item_count -> Integer,
        main_hsn -> Text,
        issued_at -> Timestamptz,
        issued_by -> Nullable<Uuid>,
        issued_by_name -> Text,
        cancelled_at -> Nullable<Timestamptz>,
        cancelled_by_name -> Nullable<Text>,
        cancel_code -> Nullable<Int2>,
        cancel_reason -> Nullable<Text>,
        irn -> Nullable<Text>,
        fx_on -> Nullable<Date>,
    }
}

diesel::table! {
    einvoice_accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        registration_id -> Uuid,
        environment -> Text,
        client_id -> Text,
        client_secret_sealed -> Bytea,
        user_name -> Text,
        password_sealed -> Bytea,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        secrets_set_at -> Timestamptz,
        secrets_set_by_name -> Text,
        login_refused_at -> Nullable<Timestamptz>,
        login_refused_code -> Nullable<Text>,
        login_refused_said -> Nullable<Text>,
    }
}

diesel::table! {
    einvoice_attempts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        document_id -> Uuid,
        operation -> Text,
        environment -> Text,
        request -> Nullable<Bytea>,
        request_sha256 -> Nullable<Bytea>,
        started_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        http_status -> Nullable<Int2>,
        response -> Nullable<Bytea>,
        response_opened -> Nullable<Bytea>,
        codes -> Array<Text>,
        said -> Nullable<Text>,
        eway_bill_id -> Nullable<Uuid>,
        cancel_asked_at -> Nullable<Timestamptz>,
        eway_vehicle_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    einvoice_looks (tenant_id) {
        tenant_id -> Uuid,
        looked_at -> Timestamptz,
        documents -> Integer,
        told -> Array<Text>,
    }
}

diesel::table! {
    einvoice_sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        token_sealed -> Nullable<Bytea>,
        app_key_sealed -> Nullable<Bytea>,
        sek_sealed -> Nullable<Bytea>,
        expires_at -> Nullable<Timestamptz>,
        login_until -> Nullable<Timestamptz>,
        logins -> Integer,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    einvoices (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        registration_id -> Uuid,
        document_date -> Date,
        status -> Text,
        why -> Nullable<Text>,
        environment -> Nullable<Text>,
        payload_sha256 -> Nullable<Bytea>,
        refusals -> Integer,
        waits -> Integer,
        next_try_at -> Nullable<Timestamptz>,
        unknown_since -> Nullable<Timestamptz>,
        faults -> Nullable<Jsonb>,
        ack_no -> Nullable<Text>,
        ack_at -> Nullable<Timestamptz>,
        signed_invoice -> Nullable<Text>,
        signed_qr -> Nullable<Text>,
        kid -> Nullable<Text>,
        is_verified -> Bool,
        last_day -> Nullable<Date>,
        alarm -> Int2,
        cancel_asked_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        cancel_code -> Nullable<Int2>,
        cancel_remark -> Nullable<Text>,
        cancel_by_name -> Nullable<Text>,
    }
}

diesel::table! {
    eway_bill_limits (state_code, valid_from) {
        state_code -> Text,
        valid_from -> Date,
        amount -> Numeric,
    }
}

diesel::table! {
    eway_bills (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        document_id -> Uuid,
        customer_id -> Uuid,
        status -> Text,
        distance_km -> Integer,
        mode -> Text,
        vehicle_no -> Nullable<Text>,
        transporter_id -> Nullable<Text>,
        transporter_name -> Nullable<Text>,
        transport_doc_no -> Nullable<Text>,
        transport_doc_date -> Nullable<Date>,
        number -> Nullable<Text>,
        made_at -> Nullable<Timestamptz>,
        valid_until -> Nullable<Timestamptz>,
        faults -> Nullable<Jsonb>,
        next_try_at -> Nullable<Timestamptz>,
        cancel_code -> Nullable<Int2>,
        cancelled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        waits -> Integer,
        cancel_asked_at -> Nullable<Timestamptz>,
        cancel_remark -> Nullable<Text>,
    }
}

diesel::table! {
    eway_vehicles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        eway_bill_id -> Uuid,
        from_vehicle_no -> Nullable<Text>,
        vehicle_no -> Text,
        place -> Text,
        state_code -> Text,
        reason_code -> Int2,
        remark -> Text,
        asked_by_name -> Text,
        asked_at -> Timestamptz,
        waits -> Integer,
        next_try_at -> Nullable<Timestamptz>,
        faults -> Nullable<Jsonb>,
        valid_until -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        refused_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    gateway_accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        gateway -> Text,
        key_id -> Text,
        key_secret_sealed -> Bytea,
        hook_secret_sealed -> Bytea,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    gateway_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        event_id -> Text,
        kind -> Text,
        body -> Bytea,
        signature -> Text,
        payment_id -> Nullable<Uuid>,
        received_at -> Timestamptz,
        applied_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        said -> Nullable<Text>,
    }
}

diesel::table! {
    ledger_entries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        kind -> Text,
        entry_date -> Date,
        due_on -> Nullable<Date>,
        amount -> Numeric,
        document_id -> Nullable<Uuid>,
        payment_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        user_id -> Nullable<Uuid>,
        user_name -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    instalment_plans (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        document_id -> Uuid,
        amount -> Numeric,
        given_up -> Numeric,
        reason -> Nullable<Text>,
        made_by -> Nullable<Uuid>,
        made_by_name -> Text,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        ended_by_name -> Text,
    }
}

diesel::table! {
    instalments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        plan_id -> Uuid,
        position -> SmallInt,
        due_on -> Date,
        amount -> Numeric,
    }
}

diesel::table! {
    ledger_months (tenant_id, customer_id, month) {
        tenant_id -> Uuid,
        customer_id -> Uuid,
        month -> Date,
        debits -> Numeric,
        credits -> Numeric,
        entries -> Integer,
    }
}

diesel::table! {
    open_items (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        side -> Text,
        entry_date -> Date,
        due_on -> Date,
        amount -> Numeric,
        settled -> Numeric,
        last_on -> Nullable<Date>,
        open -> Numeric,
        is_open -> Bool,
        settled_on -> Nullable<Date>,
        reopened_on -> Nullable<Date>,
        first_on -> Nullable<Date>,
    }
}

diesel::table! {
    withholding_rules (id) {
        id -> Integer,
        kind -> Text,
        tax -> Text,
        section -> Text,
        about -> Text,
        rate -> Numeric,
        base -> Text,
        threshold -> Nullable<Numeric>,
        threshold_of -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        source -> Text,
        is_certain -> Bool,
    }
}

diesel::table! {
    own_withholding_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Nullable<Uuid>,
        tax -> Text,
        section -> Text,
        rate -> Numeric,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        reason -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    tax_deductions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        received_with -> Nullable<Uuid>,
        tax -> Text,
        section -> Text,
        rate -> Numeric,
        taxable -> Numeric,
        amount -> Numeric,
        deducted_on -> Date,
        certificate -> Nullable<Text>,
        certificate_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    payment_wishes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        payment_id -> Uuid,
        customer_id -> Uuid,
        document_id -> Uuid,
        amount -> Numeric,
    }
}

diesel::table! {
    payments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        direction -> Text,
        method -> Text,
        status -> Text,
        number -> Nullable<Text>,
        amount -> Numeric,
        paid_on -> Nullable<Date>,
        reference -> Nullable<Text>,
        bank -> Nullable<Text>,
        cheque_date -> Nullable<Date>,
        note -> Nullable<Text>,
        refund_of -> Nullable<Uuid>,
        bounced_on -> Nullable<Date>,
        bounce_reason -> Nullable<Text>,
        gateway_account_id -> Nullable<Uuid>,
        gateway_order -> Nullable<Text>,
        gateway_payment -> Nullable<Text>,
        asked_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        failed_because -> Nullable<Text>,
        received_at -> Nullable<Timestamptz>,
        made_by -> Nullable<Uuid>,
        made_by_name -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    turnovers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        year -> Text,
        amount -> Numeric,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    undertakings (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        registration_id -> Uuid,
        number -> Text,
        valid_from -> Date,
        valid_to -> Date,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(connections -> companies (tenant_id));
diesel::joinable!(connections -> retailers (retailer_id));
diesel::joinable!(customers -> companies (tenant_id));
diesel::joinable!(employees -> companies (tenant_id));
diesel::joinable!(employees -> users (user_id));
diesel::joinable!(files -> users (created_by));
diesel::joinable!(gst_registrations -> companies (tenant_id));
diesel::joinable!(invitations -> companies (tenant_id));
diesel::joinable!(job_attempts -> jobs (job_id));
diesel::joinable!(jobs -> companies (tenant_id));
diesel::joinable!(jobs -> users (asked_by));
diesel::joinable!(mails -> companies (tenant_id));
diesel::joinable!(memberships -> companies (tenant_id));
diesel::joinable!(memberships -> retailers (retailer_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(one_time_codes -> users (user_id));
diesel::joinable!(retailer_users -> retailers (retailer_id));
diesel::joinable!(retailer_users -> users (user_id));
diesel::joinable!(saved_views -> companies (tenant_id));
diesel::joinable!(saved_views -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sign_in_attempts -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    companies,
    connections,
    customers,
    employees,
    files,
    gst_registrations,
    invitations,
    job_attempts,
    jobs,
    mails,
    memberships,
    one_time_codes,
    retailer_users,
    retailers,
    saved_views,
    sessions,
    sign_in_attempts,
    users,
);
diesel::allow_tables_to_appear_in_same_query!(categories, products, product_pictures,);
diesel::allow_tables_to_appear_in_same_query!(
    customers,
    customer_groups,
    customer_addresses,
    customer_accounts,
);
diesel::allow_tables_to_appear_in_same_query!(customers, orders, shipments, warehouses,);
diesel::allow_tables_to_appear_in_same_query!(products, stock_levels, warehouses, stock_moves,);
diesel::allow_tables_to_appear_in_same_query!(orders, order_lines, products,);
diesel::allow_tables_to_appear_in_same_query!(price_lists, price_list_targets, price_items,);
diesel::allow_tables_to_appear_in_same_query!(retailer_invitations, customers,);
diesel::allow_tables_to_appear_in_same_query!(retailer_invitations, companies,);
diesel::allow_tables_to_appear_in_same_query!(connections, customer_accounts,);
diesel::allow_tables_to_appear_in_same_query!(customer_accounts, payments,);
diesel::allow_tables_to_appear_in_same_query!(
    customers,
    documents,
    document_lines,
    einvoices,
    eway_bills,
    eway_vehicles,
    einvoice_attempts,
    ledger_entries,
    open_items,
    payments,
);
diesel::allow_tables_to_appear_in_same_query!(tax_deductions, customers,);
diesel::allow_tables_to_appear_in_same_query!(tax_deductions, payments,);
diesel::allow_tables_to_appear_in_same_query!(own_withholding_rules, customers,);
diesel::allow_tables_to_appear_in_same_query!(documents, orders,);
diesel::allow_tables_to_appear_in_same_query!(documents, shipments,);
diesel::allow_tables_to_appear_in_same_query!(document_series, document_counters,);
diesel::allow_tables_to_appear_in_same_query!(document_series, gst_registrations,);
diesel::allow_tables_to_appear_in_same_query!(undertakings, gst_registrations,);
diesel::allow_tables_to_appear_in_same_query!(einvoice_accounts, einvoice_sessions,);
diesel::allow_tables_to_appear_in_same_query!(einvoice_accounts, gst_registrations,);
diesel::allow_tables_to_appear_in_same_query!(gateway_accounts, gateway_events,);
