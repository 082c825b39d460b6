-- Client companies, their people, their sites and what they allowed us to do.

create table tenants (
    tenant_id uuid not null,
    display_name text not null,
    slug text not null,
    siren text,
    plan text not null,
    language text not null,
    state text not null,
    create_time timestamptz not null,
    close_time timestamptz,
    -- When the retention of a closed client's data ended: everything is deleted and its key destroyed.
    forget_time timestamptz,
    constraint pk_tenants primary key (tenant_id),
    constraint ux_tenants_slug unique (slug),
    constraint ck_tenants_siren check (siren ~ '^[0-9]{9}$'),
    constraint ck_tenants_plan check (plan in ('Audit', 'Surveillance', 'Pilot')),
    constraint ck_tenants_language check (language in ('Fr', 'En')),
    constraint ck_tenants_state check (state in ('Open', 'Closed') and (state = 'Closed') = (close_time is not null)),
    constraint ck_tenants_forget_time check (forget_time > close_time)
);
create index ix_tenants_close_time on tenants (close_time) where state = 'Closed' and forget_time is null;
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant_isolation on tenants
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on tenants to kalisecu_server;
grant select, delete, update (forget_time) on tenants to kalisecu_retention;

create table members (
    tenant_id uuid not null,
    member_id uuid not null,
    email bytea not null,
    email_hash bytea not null,
    first_name bytea not null,
    last_name bytea not null,
    role text not null,
    state text not null,
    create_time timestamptz not null,
    remove_time timestamptz,
    restrict_time timestamptz,
    constraint pk_members primary key (tenant_id, member_id),
    constraint fk_members_tenant foreign key (tenant_id) references tenants (tenant_id),
    constraint ck_members_role check (role in ('Reader', 'Owner')),
    constraint ck_members_state check (state in ('Invited', 'Active', 'Removed'))
);
create unique index ux_members_email_hash on members (tenant_id, email_hash) where state <> 'Removed';
alter table members enable row level security;
alter table members force row level security;
create policy tenant_isolation on members
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on members as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on members to kalisecu_server;
grant select, delete on members to kalisecu_retention;

create table sites (
    tenant_id uuid not null,
    site_id uuid not null,
    display_name text not null,
    url text not null,
    technologies text[] not null,
    state text not null,
    create_time timestamptz not null,
    close_time timestamptz,
    constraint pk_sites primary key (tenant_id, site_id),
    constraint fk_sites_tenant foreign key (tenant_id) references tenants (tenant_id),
    constraint ck_sites_state check (state in ('Open', 'Closed') and (state = 'Closed') = (close_time is not null))
);
create unique index ux_sites_url on sites (tenant_id, url) where state = 'Open';
alter table sites enable row level security;
alter table sites force row level security;
create policy tenant_isolation on sites using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on sites to kalisecu_server;
grant select, delete on sites to kalisecu_retention;

create table site_credentials (
    tenant_id uuid not null,
    credential_id uuid not null,
    site_id uuid not null,
    name text not null,
    login_url text not null,
    user_name bytea not null,
    secret bytea not null,
    create_time timestamptz not null,
    update_time timestamptz not null,
    reveal_time timestamptz,
    remove_time timestamptz,
    restrict_time timestamptz,
    constraint pk_site_credentials primary key (tenant_id, credential_id),
    constraint fk_site_credentials_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id)
);
create unique index ux_site_credentials_name on site_credentials (tenant_id, site_id, name) where remove_time is null;
alter table site_credentials enable row level security;
alter table site_credentials force row level security;
create policy tenant_isolation on site_credentials using (tenant_id = (select kalisecu_tenant()));
create policy restriction on site_credentials as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on site_credentials to kalisecu_server;
grant select, delete on site_credentials to kalisecu_retention;

create table authorisations (
    tenant_id uuid not null,
    authorisation_id uuid not null,
    site_id uuid not null,
    origins text[] not null,
    start_time timestamptz not null,
    end_time timestamptz not null,
    document_digest bytea not null,
    document_size_bytes bigint not null,
    document_object text not null,
    create_time timestamptz not null,
    revoke_time timestamptz,
    revoke_reason bytea,
    constraint pk_authorisations primary key (tenant_id, authorisation_id),
    constraint fk_authorisations_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id),
    constraint ck_authorisations_period check (end_time > start_time),
    constraint ck_authorisations_document_digest check (octet_length(document_digest) = 32)
);
create index ix_authorisations_site on authorisations (tenant_id, site_id, end_time);
alter table authorisations enable row level security;
alter table authorisations force row level security;
create policy tenant_isolation on authorisations using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on authorisations to kalisecu_server;
grant select, delete on authorisations to kalisecu_retention;

-- Who signed, apart from what was allowed: a permission stays in force when its signer asks for restriction, and is kept
-- without a name once the signer is forgotten.
create table authorisation_signers (
    tenant_id uuid not null,
    authorisation_id uuid not null,
    person_id uuid not null,
    name bytea not null,
    email bytea not null,
    function bytea not null,
    create_time timestamptz not null,
    restrict_time timestamptz,
    constraint pk_authorisation_signers primary key (tenant_id, authorisation_id),
    constraint fk_authorisation_signers_authorisation foreign key (tenant_id, authorisation_id)
        references authorisations (tenant_id, authorisation_id)
);
create index ix_authorisation_signers_person on authorisation_signers (tenant_id, person_id);
alter table authorisation_signers enable row level security;
alter table authorisation_signers force row level security;
create policy tenant_isolation on authorisation_signers using (tenant_id = (select kalisecu_tenant()));
create policy restriction on authorisation_signers as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on authorisation_signers to kalisecu_server;
grant select, update, delete on authorisation_signers to kalisecu_retention;
