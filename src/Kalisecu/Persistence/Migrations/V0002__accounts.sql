-- Who may sign in, and who is signed in. Staff belong to no tenant: they stand under the identifier of all ones.
-- Signing in happens before the tenant is known, so these tables may be searched platform-wide (AllTenants.cs).

create table credentials (
    tenant_id uuid not null,
    person_id uuid not null,
    email_hash bytea not null,
    password_hash text,
    totp_secret bytea,
    totp_last_step bigint not null default 0,
    pending_totp_secret bytea,
    pending_totp_expire_time timestamptz,
    failed_count integer not null default 0,
    failed_time timestamptz,
    locked_until timestamptz,
    invitation_hash bytea,
    invitation_expire_time timestamptz,
    accept_time timestamptz,
    sign_in_time timestamptz,
    end_time timestamptz,
    restrict_time timestamptz,
    constraint pk_credentials primary key (tenant_id, person_id),
    constraint ck_credentials_email_hash check (octet_length(email_hash) = 32)
);
create unique index ux_credentials_email_hash on credentials (tenant_id, email_hash) where end_time is null;
create index ix_credentials_email_hash on credentials (email_hash) where end_time is null;
create unique index ux_credentials_invitation_hash on credentials (invitation_hash);
alter table credentials enable row level security;
alter table credentials force row level security;
create policy tenant_isolation on credentials
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on credentials as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on credentials to kalisecu_server;
grant select, delete on credentials to kalisecu_retention;

create table staff_accounts (
    account_id uuid not null,
    email bytea not null,
    display_name bytea not null,
    role text not null,
    state text not null,
    create_time timestamptz not null,
    suspend_time timestamptz,
    suspend_reason bytea,
    restrict_time timestamptz,
    constraint pk_staff_accounts primary key (account_id),
    constraint ck_staff_accounts_role check (role in ('Analyst', 'Administrator', 'Dpo')),
    constraint ck_staff_accounts_state check (state in ('Invited', 'Active', 'Suspended'))
);
alter table staff_accounts enable row level security;
alter table staff_accounts force row level security;
-- Staff belong to no tenant, and whoever may ask for staff may ask for all of them.
create policy of_the_platform on staff_accounts using (true);
create policy restriction on staff_accounts as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on staff_accounts to kalisecu_server;
grant select, delete on staff_accounts to kalisecu_retention;

create table sessions (
    tenant_id uuid not null,
    session_id uuid not null,
    token_hash bytea not null,
    person_id uuid not null,
    role text not null,
    multi_factor boolean not null,
    frontend text not null,
    create_time timestamptz not null,
    use_time timestamptz not null,
    expire_time timestamptz not null,
    end_time timestamptz,
    restrict_time timestamptz,
    constraint pk_sessions primary key (tenant_id, session_id),
    constraint ck_sessions_token_hash check (octet_length(token_hash) = 32)
);
create unique index ux_sessions_token_hash on sessions (token_hash);
create index ix_sessions_person on sessions (person_id, session_id) where end_time is null;
-- All sessions of a person, ended ones too: for exports and erasure.
create index ix_sessions_tenant_person on sessions (tenant_id, person_id);
-- Administrators end a session by its identifier alone.
create index ix_sessions_session on sessions (session_id) where end_time is null;
-- What ended first, for its retention.
create index ix_sessions_end on sessions (coalesce(end_time, expire_time));
alter table sessions enable row level security;
alter table sessions force row level security;
create policy tenant_isolation on sessions
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on sessions as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on sessions to kalisecu_server;
grant select, delete on sessions to kalisecu_retention;
