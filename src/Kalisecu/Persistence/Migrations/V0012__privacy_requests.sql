-- What persons asked about their data. Requests stand under the identifier of all ones, for one person may be known to several
-- tenants; a tenant's transaction reads those about its persons, so that they are in every export and certificate.

create table privacy_requests (
    tenant_id uuid not null,
    privacy_request_id uuid not null,
    channel text not null,
    state text not null,
    language text not null,
    received_date date not null,
    due_date date not null,
    suspended_due_date date,
    rule_version text not null,
    suspended_days integer not null,
    suspend_date date,
    email bytea,
    email_hash bytea,
    requester_name bytea,
    postal_address bytea,
    details bytea,
    member_tenant_id uuid,
    member_id uuid,
    linked_privacy_request_id uuid,
    identity_method text,
    identity_time timestamptz,
    identity_grounds bytea,
    code_hash bytea,
    code_email bytea,
    proved_email bytea,
    code_expire_time timestamptz,
    code_attempt_count integer not null,
    create_time timestamptz not null,
    acknowledge_time timestamptz,
    extend_time timestamptz,
    extend_reasons bytea,
    extend_notice_time timestamptz,
    close_time timestamptz,
    close_reasons bytea,
    answered_late boolean not null,
    next_alarm_time timestamptz,
    update_time timestamptz not null,
    constraint pk_privacy_requests primary key (tenant_id, privacy_request_id),
    constraint ck_privacy_requests_channel check (channel in ('Session', 'Email', 'Paper')),
    constraint ck_privacy_requests_state check (state in ('Received', 'Acknowledged', 'AwaitingIdentity', 'Completed', 'Refused',
        'Withdrawn')),
    constraint ck_privacy_requests_language check (language in ('Fr', 'En')),
    constraint ck_privacy_requests_dates check (due_date > received_date and suspended_due_date > due_date),
    constraint ck_privacy_requests_suspended_days check (suspended_days >= 0),
    constraint ck_privacy_requests_email_hash check (octet_length(email_hash) = 32 and (email_hash is null) = (email is null)),
    constraint ck_privacy_requests_member check ((channel = 'Session') = (member_id is not null)
        and (member_id is null) = (member_tenant_id is null)),
    constraint ck_privacy_requests_identity_method check (identity_method in ('Session', 'Code', 'Judgement')
        and (identity_method is null) = (identity_time is null)),
    constraint ck_privacy_requests_awaiting check ((state = 'AwaitingIdentity') = (suspend_date is not null and close_time is null)),
    constraint ck_privacy_requests_code check ((code_hash is null) = (code_expire_time is null)
        and (code_hash is null) = (code_email is null)),
    -- Nothing is closed that still alarms, and nothing open is forgotten.
    constraint ck_privacy_requests_close check ((state in ('Completed', 'Refused', 'Withdrawn')) = (close_time is not null)
        and (close_time is null) = (next_alarm_time is not null))
);
create index ix_privacy_requests_due on privacy_requests (due_date, privacy_request_id);
create index ix_privacy_requests_open_email on privacy_requests (email_hash) where close_time is null;
create index ix_privacy_requests_member on privacy_requests (member_id) where member_id is not null;
-- A tick of the clock reads its alarms and nothing of the requests that only run.
create index ix_privacy_requests_next_alarm on privacy_requests (next_alarm_time) where next_alarm_time is not null;

create index ix_privacy_requests_extending on privacy_requests (extend_time)
    where extend_time is not null and extend_notice_time is null and close_time is null;

create table privacy_request_rights (
    tenant_id uuid not null,
    privacy_request_id uuid not null,
    right_name text not null,
    outcome text,
    outcome_id uuid,
    outcome_time timestamptz,
    constraint pk_privacy_request_rights primary key (tenant_id, privacy_request_id, right_name),
    constraint fk_privacy_request_rights_request foreign key (tenant_id, privacy_request_id)
        references privacy_requests (tenant_id, privacy_request_id) on delete cascade,
    constraint ck_privacy_request_rights_right_name check (right_name in ('Access', 'Rectification', 'Erasure', 'Restriction',
        'Portability', 'Objection')),
    constraint ck_privacy_request_rights_outcome check (outcome in ('Granted', 'PartlyGranted', 'Refused', 'NothingHeld')
        and (outcome is null) = (outcome_time is null))
);

create table privacy_request_subjects (
    tenant_id uuid not null,
    privacy_request_id uuid not null,
    person_tenant_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    add_time timestamptz not null,
    -- One proof covers those who are known by the same address, and none who is added later with another.
    identity_time timestamptz,
    constraint pk_privacy_request_subjects primary key (tenant_id, privacy_request_id, person_tenant_id, person_id),
    constraint fk_privacy_request_subjects_request foreign key (tenant_id, privacy_request_id)
        references privacy_requests (tenant_id, privacy_request_id) on delete cascade,
    constraint ck_privacy_request_subjects_person_kind check (person_kind in ('Member', 'Staff', 'Prospect', 'Contact'))
);
create index ix_privacy_request_subjects_person on privacy_request_subjects (person_id, privacy_request_id);

create table privacy_request_originals (
    tenant_id uuid not null,
    privacy_request_id uuid not null,
    original_id uuid not null,
    file_name bytea not null,
    media_type text not null,
    document_digest bytea not null,
    document_size_bytes bigint not null,
    document_object text not null,
    create_time timestamptz not null,
    constraint pk_privacy_request_originals primary key (tenant_id, privacy_request_id, original_id),
    constraint fk_privacy_request_originals_request foreign key (tenant_id, privacy_request_id)
        references privacy_requests (tenant_id, privacy_request_id) on delete cascade,
    constraint ck_privacy_request_originals_document_digest check (octet_length(document_digest) = 32)
);

alter table privacy_requests enable row level security;
alter table privacy_requests force row level security;
alter table privacy_request_rights enable row level security;
alter table privacy_request_rights force row level security;
alter table privacy_request_subjects enable row level security;
alter table privacy_request_subjects force row level security;
alter table privacy_request_originals enable row level security;
alter table privacy_request_originals force row level security;

create policy tenant_isolation on privacy_requests
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on privacy_request_rights
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on privacy_request_subjects
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on privacy_request_originals
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));

-- A person's tenant reads what is about the person, and changes nothing.
create policy of_its_persons on privacy_request_subjects for select
    using (person_tenant_id = (select kalisecu_tenant()));
create policy of_its_persons on privacy_requests for select
    using (exists (select from privacy_request_subjects s
        where s.tenant_id = privacy_requests.tenant_id and s.privacy_request_id = privacy_requests.privacy_request_id
            and s.person_tenant_id = (select kalisecu_tenant())));
create policy of_its_persons on privacy_request_rights for select
    using (exists (select from privacy_request_subjects s
        where s.tenant_id = privacy_request_rights.tenant_id
            and s.privacy_request_id = privacy_request_rights.privacy_request_id
            and s.person_tenant_id = (select kalisecu_tenant())));
create policy of_its_persons on privacy_request_originals for select
    using (exists (select from privacy_request_subjects s
        where s.tenant_id = privacy_request_originals.tenant_id
            and s.privacy_request_id = privacy_request_originals.privacy_request_id
            and s.person_tenant_id = (select kalisecu_tenant())));

grant select, insert, update on privacy_requests, privacy_request_rights to kalisecu_server;
grant select, insert on privacy_request_subjects, privacy_request_originals to kalisecu_server;
grant update (identity_time) on privacy_request_subjects to kalisecu_server;
-- The clock of requests runs in the delivery worker: dates and alarms, and nothing of what was asked or answered.
grant select on privacy_requests to kalisecu_delivery;
grant update (due_date, suspended_due_date, extend_notice_time, next_alarm_time, update_time) on privacy_requests
    to kalisecu_delivery;
grant select on privacy_request_rights, privacy_request_subjects to kalisecu_delivery;
-- An erasure records its outcome where it is executed.
grant select, update, delete on privacy_requests, privacy_request_rights to kalisecu_retention;
grant select, delete on privacy_request_subjects, privacy_request_originals to kalisecu_retention;
