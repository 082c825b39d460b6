-- The state of a site at a moment, composed for the client and frozen when published.

create table reports (
    tenant_id uuid not null,
    report_id uuid not null,
    site_id uuid not null,
    title text not null,
    language text not null,
    summary text not null,
    moment_time timestamptz not null,
    state text not null,
    create_time timestamptz not null,
    publish_time timestamptz,
    version integer,
    digest bytea not null,
    object_name text not null,
    size_bytes bigint not null,
    critical_count integer not null,
    high_count integer not null,
    medium_count integer not null,
    low_count integer not null,
    info_count integer not null,
    occurrence_count bigint not null,
    observation_count integer not null,
    constraint pk_reports primary key (tenant_id, report_id),
    constraint fk_reports_site foreign key (tenant_id, site_id) references sites (tenant_id, site_id),
    constraint ck_reports_language check (language in ('Fr', 'En')),
    constraint ck_reports_state check (state in ('Draft', 'Published', 'Discarded')
        and (state = 'Published') = (publish_time is not null) and (state = 'Published') = (version is not null)),
    constraint ck_reports_digest check (octet_length(digest) = 32)
);
create unique index ux_reports_version on reports (tenant_id, site_id, version) where version is not null;
create index ix_reports_create_time on reports (tenant_id, create_time desc, report_id desc);
alter table reports enable row level security;
alter table reports force row level security;
create policy tenant_isolation on reports using (tenant_id = (select kalisecu_tenant()));
grant select, insert, update on reports to kalisecu_server;
grant select, delete on reports to kalisecu_retention;

-- What a client was shown stays as it was shown, whoever tries.
create trigger published_reports_are_frozen before update on reports
    for each row when (old.state = 'Published') execute function refuse_change();
