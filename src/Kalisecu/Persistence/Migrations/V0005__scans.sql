-- One run of one tool on one site: due, leased by an agent, pushed, ended.

create table scans (
    tenant_id uuid not null,
    scan_id uuid not null,
    site_id uuid not null,
    tool text not null,
    options jsonb not null,
    state text not null,
    create_time timestamptz not null,
    due_time timestamptz not null,
    agent_initiated boolean not null,
    agent_id uuid,
    lease_id uuid,
    lease_time timestamptz,
    lease_expire_time timestamptz,
    authorisation_id uuid,
    tool_version text,
    start_time timestamptz,
    end_time timestamptz,
    finish_time timestamptz,
    complete boolean not null default false,
    whole_site boolean not null default false,
    visited_place_count bigint not null default 0,
    content_digest bytea,
    occurrences_opened bigint not null default 0,
    occurrences_closed bigint not null default 0,
    occurrences_unchanged bigint not null default 0,
    occurrences_open_total bigint not null default 0,
    findings_opened bigint not null default 0,
    findings_closed bigint not null default 0,
    findings_reopened bigint not null default 0,
    findings_changed bigint not null default 0,
    observations_opened bigint not null default 0,
    observations_closed bigint not null default 0,
    observations_unchanged bigint not null default 0,
    message text,
    constraint pk_scans primary key (tenant_id, scan_id),
    constraint fk_scans_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id),
    constraint fk_scans_agent foreign key (tenant_id, agent_id) references agents (tenant_id, agent_id),
    constraint fk_scans_authorisation foreign key (tenant_id, authorisation_id)
        references authorisations (tenant_id, authorisation_id),
    constraint ck_scans_state check (state in ('Due', 'Leased', 'Pushing', 'Completed', 'Failed', 'Cancelled'))
);
-- One scan of a tool on a site at a time: two would each close what the other saw.
create unique index ux_scans_running on scans (tenant_id, site_id, tool) where state in ('Leased', 'Pushing');
create index ix_scans_due on scans (tenant_id, due_time) where state = 'Due';
-- A renewal names its lease alone.
create unique index ux_scans_lease_id on scans (tenant_id, lease_id);
create index ix_scans_last on scans (tenant_id, site_id, tool, finish_time);
alter table scans enable row level security;
alter table scans force row level security;
create policy tenant_isolation on scans using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on scans to kalisecu_server;
grant select, delete on scans to kalisecu_retention;
