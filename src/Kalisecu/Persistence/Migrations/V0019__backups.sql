-- Backups, and the restores that prove them. Nothing here is about a tenant or a person.

create table backups (
    backup_id uuid not null,
    -- As the repository names it.
    label text not null,
    kind text not null,
    start_time timestamptz not null,
    end_time timestamptz not null,
    size_bytes bigint not null,
    repository_bytes bigint not null,
    is_encrypted boolean not null,
    -- The named place in the log at which the manifest is exact.
    restore_point text not null,
    wal_start text not null,
    wal_stop text not null,
    table_count integer not null,
    row_count bigint not null,
    manifest_digest bytea not null,
    copied_files bigint not null,
    copied_bytes bigint not null,
    copy_digest bytea not null,
    run_id uuid not null,
    -- When it was found to be in the repository no more.
    expire_time timestamptz,
    constraint pk_backups primary key (backup_id),
    constraint ck_backups_kind check (kind in ('Full', 'Incremental')),
    constraint ck_backups_period check (end_time >= start_time),
    constraint ck_backups_digests check (octet_length(manifest_digest) = 32 and octet_length(copy_digest) = 32)
);
create unique index ux_backups_label on backups (label);
create index ix_backups_start on backups (start_time desc, backup_id desc);
grant select on backups to kalisecu_server;
grant select, insert on backups to kalisecu_backup;
grant update (expire_time) on backups to kalisecu_backup;
grant select, delete on backups to kalisecu_retention;
-- Rows are locked before they go.
grant update (backup_id) on backups to kalisecu_retention;

-- One trial: a backup restored beside the running database, and looked at.
create table backup_verifications (
    verification_id uuid not null,
    backup_id uuid not null,
    start_time timestamptz not null,
    end_time timestamptz not null,
    outcome text not null,
    -- What was wrong, one sentence each; empty when nothing was.
    problems text[] not null,
    figures jsonb not null,
    run_id uuid not null,
    constraint pk_backup_verifications primary key (verification_id),
    constraint fk_backup_verifications_backup foreign key (backup_id) references backups (backup_id) on delete cascade,
    constraint ck_backup_verifications_outcome check (outcome in ('Passed', 'Failed')),
    constraint ck_backup_verifications_problems check ((outcome = 'Passed') = (cardinality(problems) = 0)),
    constraint ck_backup_verifications_period check (end_time >= start_time)
);
create index ix_backup_verifications_backup on backup_verifications (backup_id, start_time desc);
create index ix_backup_verifications_start on backup_verifications (start_time desc, verification_id desc);
grant select on backup_verifications to kalisecu_server;
grant select, insert on backup_verifications to kalisecu_backup;
grant select, delete on backup_verifications to kalisecu_retention;
