-- Scanner machines. A certificate names its agent before the tenant is known, so the table may be searched platform-wide.

create table agents (
    tenant_id uuid not null,
    agent_id uuid not null,
    display_name text not null,
    create_time timestamptz not null,
    enrolment_hash bytea,
    enrolment_expire_time timestamptz,
    enrolment_key_digest bytea,
    enrol_time timestamptz,
    contact_time timestamptz,
    certificate_serial text,
    certificate_expire_time timestamptz,
    revoke_time timestamptz,
    revoke_reason text,
    constraint pk_agents primary key (tenant_id, agent_id),
    constraint fk_agents_tenant foreign key (tenant_id) references tenants (tenant_id)
);
create unique index ux_agents_agent_id on agents (agent_id);
create unique index ux_agents_enrolment_hash on agents (enrolment_hash);
create unique index ux_agents_display_name on agents (tenant_id, display_name) where revoke_time is null;
alter table agents enable row level security;
alter table agents force row level security;
create policy tenant_isolation on agents
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert, update on agents to kalisecu_server;
grant select, delete on agents to kalisecu_retention;
