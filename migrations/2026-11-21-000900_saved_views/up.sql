-- Filters of lists that people keep under a name.

create table saved_views (
    tenant_id  uuid        not null references companies,
    id         uuid        not null,
    list       text        not null check (list in ('people', 'invitations', 'audit')),
    name       text        not null check (length(name) between 1 and 40),
    query      text        not null check (length(query) between 1 and 1000),
    user_id    uuid        references users,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique nulls not distinct (tenant_id, list, user_id, name)
);
create index saved_views_by_user on saved_views (user_id);
comment on table saved_views is 'Filters of lists that people keep under a name, for themselves or for everyone of the company.';
comment on column saved_views.tenant_id is 'The company.';
comment on column saved_views.id is 'The view.';
comment on column saved_views.list is 'Which list: people, invitations or audit.';
comment on column saved_views.name is 'What the tab says.';
comment on column saved_views.query is 'The filter as it stands in the address, without page marks.';
comment on column saved_views.user_id is 'Whose it is; null when everyone of the company sees it.';
comment on column saved_views.created_at is 'When it was saved.';
select make_tenant_table('saved_views');
