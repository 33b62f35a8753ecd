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
