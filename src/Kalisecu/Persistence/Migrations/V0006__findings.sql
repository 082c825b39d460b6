-- What was found: findings, what each tool says of them, the places where they show, observations, and their history.

create table findings (
    tenant_id uuid not null,
    finding_id uuid not null,
    site_id uuid not null,
    check_name text not null,
    severity smallint not null,
    state text not null,
    title text not null,
    description text not null,
    cwe_numbers integer[] not null,
    reference_urls text[] not null,
    open_occurrence_count bigint not null default 0,
    open_time timestamptz not null,
    reopen_time timestamptz,
    close_time timestamptz,
    dismissal_kind text,
    dismissal_justification text,
    dismissal_person_id uuid,
    dismissal_restricted_person_id uuid,
    dismissal_time timestamptz,
    dismissal_expire_time timestamptz,
    constraint pk_findings primary key (tenant_id, finding_id),
    constraint fk_findings_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id),
    constraint ck_findings_severity check (severity between 1 and 5),
    constraint ck_findings_state check (state in ('Open', 'Closed'))
);
create index ix_findings_severity on findings (tenant_id, severity desc, finding_id);
create index ix_findings_site on findings (tenant_id, site_id, severity desc, finding_id);
create index ix_findings_dismissal_person on findings (tenant_id, coalesce(dismissal_person_id, dismissal_restricted_person_id))
    where coalesce(dismissal_person_id, dismissal_restricted_person_id) is not null;
alter table findings enable row level security;
alter table findings force row level security;
create policy tenant_isolation on findings using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on findings to kalisecu_server;
grant select, delete on findings to kalisecu_retention;
grant update (dismissal_person_id, dismissal_restricted_person_id) on findings to kalisecu_retention;

-- What one tool attributes to a finding; the finding is open while any of them has an open occurrence.
create table finding_tools (
    tenant_id uuid not null,
    finding_id uuid not null,
    tool text not null,
    site_id uuid not null,
    rule text not null,
    severity smallint not null,
    title text not null,
    description text not null,
    recommendation text not null,
    cwe_numbers integer[] not null,
    reference_urls text[] not null,
    open_occurrence_count bigint not null default 0,
    update_time timestamptz not null,
    constraint pk_finding_tools primary key (tenant_id, finding_id, tool),
    constraint fk_finding_tools_finding foreign key (tenant_id, finding_id) references findings (tenant_id, finding_id),
    constraint ck_finding_tools_open_occurrence_count check (open_occurrence_count >= 0)
);
create index ix_finding_tools_site on finding_tools (tenant_id, site_id, tool);
alter table finding_tools enable row level security;
alter table finding_tools force row level security;
create policy tenant_isolation on finding_tools using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on finding_tools to kalisecu_server;
grant select, delete on finding_tools to kalisecu_retention;

-- One interval in which one tool saw one place of a finding. No foreign key to findings: a push writes hundreds of thousands
-- of rows, and the batch that brings them has checked their findings already.
create table occurrences (
    tenant_id uuid not null,
    finding_id uuid not null,
    occurrence_id uuid not null,
    tool text not null,
    open_scan_id uuid not null,
    site_id uuid not null,
    open_time timestamptz not null,
    close_scan_id uuid,
    close_time timestamptz,
    place text not null,
    exchange bytea,
    constraint pk_occurrences primary key (tenant_id, finding_id, occurrence_id, tool, open_scan_id)
);
-- What was sealed does not compress; PostgreSQL need not try.
alter table occurrences alter column exchange set storage external;
-- What is open, in the order in which agents name what they saw: read once, index-only, when a scan is pushed again.
create unique index ux_occurrences_open on occurrences (tenant_id, site_id, tool, finding_id, occurrence_id)
    where close_time is null;
alter table occurrences enable row level security;
alter table occurrences force row level security;
create policy tenant_isolation on occurrences using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on occurrences to kalisecu_server;
grant select, delete on occurrences to kalisecu_retention;

-- An observed fact of configuration, in intervals like occurrences.
create table observations (
    tenant_id uuid not null,
    observation_id uuid not null,
    tool text not null,
    open_scan_id uuid not null,
    site_id uuid not null,
    kind text not null,
    place text not null,
    value text not null,
    title text not null,
    check_name text,
    finding_id uuid,
    open_time timestamptz not null,
    close_scan_id uuid,
    close_time timestamptz,
    constraint pk_observations primary key (tenant_id, observation_id, tool, open_scan_id),
    constraint fk_observations_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id)
);
create unique index ux_observations_open on observations (tenant_id, site_id, tool, observation_id) where close_time is null;
create index ix_observations_site on observations (tenant_id, site_id, observation_id);
alter table observations enable row level security;
alter table observations force row level security;
create policy tenant_isolation on observations using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on observations to kalisecu_server;
grant select, delete on observations to kalisecu_retention;

-- Who and what changed a finding. What was done is never changed; who did it is hidden while the person's processing is
-- restricted (a finding is the client's: its rows cannot be hidden), and forgotten with the person.
create table finding_events (
    tenant_id uuid not null,
    finding_id uuid not null,
    event_id uuid not null,
    kind text not null,
    event_time timestamptz not null,
    scan_id uuid,
    person_id uuid,
    restricted_person_id uuid,
    old_severity smallint,
    new_severity smallint,
    occurrences_opened bigint not null default 0,
    occurrences_closed bigint not null default 0,
    dismissal_kind text,
    dismissal_justification text,
    dismissal_expire_time timestamptz,
    reason text,
    constraint pk_finding_events primary key (tenant_id, finding_id, event_id),
    constraint fk_finding_events_finding foreign key (tenant_id, finding_id) references findings (tenant_id, finding_id)
);
create index ix_finding_events_person on finding_events (tenant_id, coalesce(person_id, restricted_person_id))
    where coalesce(person_id, restricted_person_id) is not null;
alter table finding_events enable row level security;
alter table finding_events force row level security;
create policy tenant_isolation on finding_events using (tenant_id = (select kalisecu_tenant()));
grant select, insert on finding_events to kalisecu_server;
grant update (person_id, restricted_person_id) on finding_events to kalisecu_server, kalisecu_retention;
grant select, delete on finding_events to kalisecu_retention;

-- The places that a scan says it visited; a whole-site scan needs none.
create table scan_places (
    tenant_id uuid not null,
    scan_id uuid not null,
    place text not null,
    constraint pk_scan_places primary key (tenant_id, scan_id, place),
    constraint fk_scan_places_scan foreign key (tenant_id, scan_id) references scans (tenant_id, scan_id)
);
alter table scan_places enable row level security;
alter table scan_places force row level security;
create policy tenant_isolation on scan_places using (tenant_id = (select kalisecu_tenant()));
grant select, insert on scan_places to kalisecu_server;
grant select, delete on scan_places to kalisecu_retention;

-- The streams that brought scans. push_id names the newest stream of a scan: what an older one still writes is refused.
-- Not settled: it may have left occurrences that no completed scan has counted, so an equal digest proves nothing.
create table scan_pushes (
    tenant_id uuid not null,
    scan_id uuid not null,
    push_id uuid not null,
    site_id uuid not null,
    tool text not null,
    settled boolean not null default false,
    constraint pk_scan_pushes primary key (tenant_id, scan_id),
    constraint fk_scan_pushes_scan foreign key (tenant_id, scan_id) references scans (tenant_id, scan_id)
);
create index ix_scan_pushes_unsettled on scan_pushes (tenant_id, site_id, tool) where not settled;
alter table scan_pushes enable row level security;
alter table scan_pushes force row level security;
create policy tenant_isolation on scan_pushes using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on scan_pushes to kalisecu_server;
grant select, delete on scan_pushes to kalisecu_retention;
