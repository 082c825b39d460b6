-- What was done for the rights of persons: copies made, corrections, restrictions, objections, erasures and their receipts.
-- These rows name a person by identifier and hold no content about them, but for what is sealed and said so in Rights/*Table.cs.

create table data_exports (
    tenant_id uuid not null,
    export_id uuid not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    kind text not null,
    language text not null,
    digest bytea not null,
    object_name text not null,
    size_bytes bigint not null,
    record_count bigint not null,
    create_time timestamptz not null,
    expire_time timestamptz not null,
    remove_time timestamptz,
    constraint pk_data_exports primary key (tenant_id, export_id),
    constraint ck_data_exports_kind check (kind in ('Access', 'Portability')),
    constraint ck_data_exports_person_kind check (person_kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    constraint ck_data_exports_language check (language in ('Fr', 'En')),
    constraint ck_data_exports_digest check (octet_length(digest) = 32),
    constraint ck_data_exports_period check (expire_time > create_time)
);
create index ix_data_exports_request on data_exports (tenant_id, privacy_request_id, create_time desc);
create index ix_data_exports_person on data_exports (tenant_id, person_id);
create index ix_data_exports_expire on data_exports (expire_time) where remove_time is null;
alter table data_exports enable row level security;
alter table data_exports force row level security;
create policy tenant_isolation on data_exports
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on data_exports to kalisecu_server;
grant select, update, delete on data_exports to kalisecu_retention;

-- One link opens one export once. Whoever follows it is not known yet, so the table may be searched platform-wide.
create table export_links (
    tenant_id uuid not null,
    link_id uuid not null,
    export_id uuid not null,
    token_hash bytea not null,
    format text not null,
    create_time timestamptz not null,
    expire_time timestamptz not null,
    fetch_time timestamptz,
    constraint pk_export_links primary key (tenant_id, link_id),
    constraint fk_export_links_export foreign key (tenant_id, export_id) references data_exports (tenant_id, export_id),
    constraint ck_export_links_format check (format in ('Json', 'Html', 'Csv')),
    constraint ck_export_links_token_hash check (octet_length(token_hash) = 32)
);
create unique index ux_export_links_token_hash on export_links (token_hash);
create index ix_export_links_export on export_links (tenant_id, export_id);
alter table export_links enable row level security;
alter table export_links force row level security;
create policy tenant_isolation on export_links
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on export_links to kalisecu_server;
grant select, update, delete on export_links to kalisecu_retention;

-- Old and new values stand as keyed digests: they prove what was changed to whoever knows it, and tell nobody else.
create table rectified_fields (
    tenant_id uuid not null,
    rectification_id uuid not null,
    field text not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    old_digest bytea,
    new_digest bytea not null,
    change_count integer not null,
    create_time timestamptz not null,
    constraint pk_rectified_fields primary key (tenant_id, rectification_id, field),
    constraint ck_rectified_fields_field check (field in ('FirstName', 'LastName', 'Email', 'Function', 'Phone')),
    constraint ck_rectified_fields_digests check (octet_length(new_digest) = 32 and octet_length(old_digest) = 32)
);
create index ix_rectified_fields_request on rectified_fields (tenant_id, privacy_request_id);
alter table rectified_fields enable row level security;
alter table rectified_fields force row level security;
create policy tenant_isolation on rectified_fields
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert on rectified_fields to kalisecu_server;
grant select, delete on rectified_fields to kalisecu_retention;

create table restrictions (
    tenant_id uuid not null,
    restriction_id uuid not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    ground text not null,
    row_count integer not null,
    create_time timestamptz not null,
    announce_time timestamptz,
    lift_date date,
    lift_time timestamptz,
    constraint pk_restrictions primary key (tenant_id, restriction_id),
    constraint ck_restrictions_ground check (ground in ('Accuracy', 'Unlawful', 'Claims', 'Objection')),
    constraint ck_restrictions_person_kind check (person_kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    -- GDPR art. 18(3): the person is told before the restriction is lifted.
    constraint ck_restrictions_lift_time check (lift_time is null or lift_time > announce_time),
    constraint ck_restrictions_lift_date check ((lift_date is null) = (announce_time is null))
);
create unique index ux_restrictions_person on restrictions (tenant_id, person_id) where lift_time is null;
create index ix_restrictions_request on restrictions (tenant_id, privacy_request_id);
alter table restrictions enable row level security;
alter table restrictions force row level security;
create policy tenant_isolation on restrictions
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on restrictions to kalisecu_server;
grant select, delete on restrictions to kalisecu_retention;

create table objections (
    tenant_id uuid not null,
    objection_id uuid not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    purpose text not null,
    state text not null,
    grounds bytea,
    create_time timestamptz not null,
    decide_time timestamptz,
    constraint pk_objections primary key (tenant_id, objection_id),
    constraint ck_objections_person_kind check (person_kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    constraint ck_objections_state check (state in ('Open', 'Stopped', 'Overridden', 'Withdrawn')
        and (state = 'Open') = (decide_time is null)
        -- GDPR art. 21(1): processing goes on only on compelling legitimate grounds that can be shown.
        and (state = 'Overridden') = (grounds is not null))
);
create unique index ux_objections_purpose on objections (tenant_id, person_id, purpose) where state = 'Open';
create index ix_objections_person on objections (tenant_id, person_id);
create index ix_objections_request on objections (tenant_id, privacy_request_id);
alter table objections enable row level security;
alter table objections force row level security;
create policy tenant_isolation on objections
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on objections to kalisecu_server;
grant select, update, delete on objections to kalisecu_retention;

-- GDPR art. 19: each recipient is told of a rectification, erasure or restriction.
create table recipient_notices (
    tenant_id uuid not null,
    notice_id uuid not null,
    cause_type text not null,
    cause_id uuid not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    recipient text not null,
    letter_key text,
    create_time timestamptz not null,
    -- The day on which staff told it by hand.
    told_date date,
    constraint pk_recipient_notices primary key (tenant_id, notice_id),
    constraint ux_recipient_notices_recipient unique (tenant_id, cause_id, recipient),
    constraint ck_recipient_notices_cause_type check (cause_type in ('Rectification', 'Erasure', 'Restriction'))
);
create index ix_recipient_notices_request on recipient_notices (tenant_id, privacy_request_id);
alter table recipient_notices enable row level security;
alter table recipient_notices force row level security;
create policy tenant_isolation on recipient_notices
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update (told_date) on recipient_notices to kalisecu_server;
grant select, insert, delete on recipient_notices to kalisecu_retention;

-- One erasure of one person in one tenant. Workers claim it platform-wide and carry it out in the tenant.
create table erasures (
    tenant_id uuid not null,
    erasure_id uuid not null,
    privacy_request_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    state text not null,
    is_replay boolean not null default false,
    plan_time timestamptz not null,
    plan_actor text not null,
    approve_actor text,
    approve_time timestamptz,
    begin_time timestamptz,
    complete_time timestamptz,
    next_time timestamptz,
    claim_id uuid,
    claim_expire_time timestamptz,
    attempt_count integer not null default 0,
    failed_store text,
    constraint pk_erasures primary key (tenant_id, erasure_id),
    constraint ck_erasures_person_kind check (person_kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    constraint ck_erasures_state check (state in ('Planned', 'Cancelled', 'Approved', 'Running', 'Completed')
        and (state not in ('Approved', 'Running', 'Completed') or approve_time is not null)
        and (state <> 'Planned' or approve_time is null)
        and (state in ('Running', 'Completed')) = (begin_time is not null)
        and (state = 'Completed') = (complete_time is not null)
        and (state in ('Approved', 'Running')) = (next_time is not null)),
    -- What cannot be undone takes two persons; a replay repeats what two have decided.
    constraint ck_erasures_actors check ((approve_actor is null) = (approve_time is null)
        and (approve_actor is null or approve_actor <> plan_actor or is_replay))
);
-- One under way at a time; a journal may know of several earlier ones of one person, and all of them are repeated.
create unique index ux_erasures_person on erasures (tenant_id, person_id)
    where state in ('Planned', 'Approved', 'Running') and not is_replay;
create index ix_erasures_due on erasures (next_time) where state in ('Approved', 'Running');
create index ix_erasures_request on erasures (tenant_id, privacy_request_id);
create index ix_erasures_plan_time on erasures (plan_time desc, erasure_id desc);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy tenant_isolation on erasures
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on erasures to kalisecu_server;
grant select, insert, update, delete on erasures to kalisecu_retention;

-- What each store will do, and what it did: the receipt is written in the transaction of the deletion.
create table erasure_steps (
    tenant_id uuid not null,
    erasure_id uuid not null,
    store text not null,
    position integer not null,
    planned_count integer not null,
    planned_kept jsonb not null,
    erased_count integer,
    kept jsonb,
    complete_time timestamptz,
    constraint pk_erasure_steps primary key (tenant_id, erasure_id, store),
    constraint fk_erasure_steps_erasure foreign key (tenant_id, erasure_id) references erasures (tenant_id, erasure_id),
    constraint ck_erasure_steps_receipt check ((complete_time is null) = (erased_count is null)
        and (complete_time is null) = (kept is null))
);
alter table erasure_steps enable row level security;
alter table erasure_steps force row level security;
create policy tenant_isolation on erasure_steps
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on erasure_steps to kalisecu_server;
grant select, insert, update, delete on erasure_steps to kalisecu_retention;

-- How far this database is known to agree with the journal of erasures, which lives outside of it. One row.
create table erasure_journal_marks (
    mark_id integer not null,
    entry_count bigint not null,
    hash bytea not null,
    update_time timestamptz not null,
    constraint pk_erasure_journal_marks primary key (mark_id),
    constraint ck_erasure_journal_marks_mark_id check (mark_id = 1),
    constraint ck_erasure_journal_marks_hash check (octet_length(hash) = 32)
);
-- The server only compares; who erases also notes how far both agree.
grant select on erasure_journal_marks to kalisecu_server, kalisecu_retention;
grant insert, update (entry_count, hash, update_time) on erasure_journal_marks to kalisecu_retention;
