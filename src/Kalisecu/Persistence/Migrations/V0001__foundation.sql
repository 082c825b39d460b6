-- The ground that every capability stands on: how policies learn the tenant, repeats of changes, evidence.

-- The tenant of this transaction, or null when none was named: then no row is visible.
-- As a scalar sub-select in a policy it is evaluated once a statement, not once a row.
create function kalisecu_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('kalisecu.tenant_id', true), '')::uuid;

-- Whether this transaction works platform-wide (AllTenants.cs alone asks for it).
create function kalisecu_all_tenants() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('kalisecu.all_tenants', true), '') = 'on';

-- Whether this transaction may see rows whose person had processing restricted (GDPR art. 18; RestrictedRows.cs alone asks).
create function kalisecu_sees_restricted() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('kalisecu.sees_restricted', true), '') = 'on';

create table request_receipts (
    tenant_id uuid not null,
    request_id uuid not null,
    request_digest bytea not null,
    response bytea,
    person_id uuid,
    create_time timestamptz not null,
    restrict_time timestamptz,
    constraint pk_request_receipts primary key (tenant_id, request_id),
    constraint ck_request_receipts_request_digest check (octet_length(request_digest) = 32)
);
create index ix_request_receipts_create_time on request_receipts (create_time);
create index ix_request_receipts_person on request_receipts (tenant_id, person_id) where person_id is not null;
alter table request_receipts enable row level security;
alter table request_receipts force row level security;
-- Platform-wide changes keep their receipts under the identifier of all ones, which names no tenant.
create policy tenant_isolation on request_receipts
    using (tenant_id = (select kalisecu_tenant())
        or ((select kalisecu_all_tenants()) and tenant_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'));
-- Their day over, they go whoever's they are. PostgreSQL asks the policy that comes last by its name first: this one is decided
-- once for all rows of a sweep, where the other compares each row twice.
create policy to_be_swept on request_receipts to kalisecu_retention
    using ((select kalisecu_all_tenants()) or tenant_id = (select kalisecu_tenant()));
create policy restriction on request_receipts as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on request_receipts to kalisecu_server;
grant update (response, person_id, restrict_time) on request_receipts to kalisecu_retention;
grant select, delete on request_receipts to kalisecu_retention;

-- What was done, in counts and digests; never changed, never deleted, chained per tenant.
create table evidence_entries (
    tenant_id uuid not null,
    sequence bigint not null,
    entry_time timestamptz not null,
    kind text not null,
    subject_id uuid not null,
    actor text not null,
    facts jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint pk_evidence_entries primary key (tenant_id, sequence),
    constraint ck_evidence_entries_hash check (octet_length(hash) = 32 and octet_length(previous_hash) = 32)
);
create index ix_evidence_entries_subject on evidence_entries (tenant_id, subject_id, sequence);
alter table evidence_entries enable row level security;
alter table evidence_entries force row level security;
create policy tenant_isolation on evidence_entries
    using (tenant_id = (select kalisecu_tenant())
        or ((select kalisecu_all_tenants()) and tenant_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'));
grant select, insert on evidence_entries to kalisecu_server, kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;

-- The newest link of each chain: locked while the next one is forged, so that a chain never forks.
create table evidence_heads (
    tenant_id uuid not null,
    sequence bigint not null,
    hash bytea not null,
    constraint pk_evidence_heads primary key (tenant_id)
);
alter table evidence_heads enable row level security;
alter table evidence_heads force row level security;
create policy tenant_isolation on evidence_heads
    using (tenant_id = (select kalisecu_tenant())
        or ((select kalisecu_all_tenants()) and tenant_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'));
grant select, insert, update on evidence_heads to kalisecu_server, kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;

-- Even the owner does not change what happened.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger evidence_is_insert_only before update or delete or truncate on evidence_entries
    for each statement execute function refuse_change();
