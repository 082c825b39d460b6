-- Whoever data is held about. Members and staff have their names in their own tables and stand here to be found; prospects
-- and contacts have theirs here, sealed. An erased person leaves the identifier alone, which its certificate names.
-- Staff, prospects and contacts without tenant stand under the identifier of all ones. A request for one's data is looked up
-- by the hash of an address before any tenant is known, so the table may be searched platform-wide (AllTenants.cs).

create table persons (
    tenant_id uuid not null,
    person_id uuid not null,
    kind text not null,
    email_hash bytea,
    language text not null,
    email bytea,
    first_name bytea,
    last_name bytea,
    function bytea,
    phone bytea,
    company_name bytea,
    company_address bytea,
    website_url bytea,
    technologies bytea,
    create_time timestamptz not null,
    contact_time timestamptz,
    restrict_time timestamptz,
    erase_time timestamptz,
    constraint pk_persons primary key (tenant_id, person_id),
    constraint ck_persons_kind check (kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    constraint ck_persons_language check (language in ('Fr', 'En')),
    constraint ck_persons_email_hash check (octet_length(email_hash) = 32),
    -- Nobody is found by what was erased, and nobody stays whom no address finds.
    constraint ck_persons_erase_time check ((erase_time is null) = (email_hash is not null)),
    -- Clause RET-1 counts from the last contact that came from the prospect; the first is the request itself.
    constraint ck_persons_contact_time check (kind <> 'Prospect' or contact_time is not null)
);
create index ix_persons_email_hash on persons (email_hash) where email_hash is not null;
create index ix_persons_create_time on persons (create_time, person_id);
create index ix_persons_contact_time on persons (contact_time) where kind = 'Prospect' and erase_time is null;
alter table persons enable row level security;
alter table persons force row level security;
create policy tenant_isolation on persons
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on persons as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on persons to kalisecu_server;
grant select, update, delete on persons to kalisecu_retention;
grant select on persons to kalisecu_delivery, kalisecu_breach;
