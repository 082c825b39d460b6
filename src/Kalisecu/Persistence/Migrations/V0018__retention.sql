-- What ends and when: holds that keep something from it, and certificates of what went.

-- Nothing under a hold goes. One that was released stays as a row: it proves why something was kept. Not a tenant's: staff
-- place holds platform-wide, on a client, a person, a row, or everything that a rule names.
create table legal_holds (
    hold_id uuid not null,
    held_tenant_id uuid not null,
    person_id uuid,
    rule text,
    row_key text,
    owner_id uuid not null,
    article text not null,
    reference text not null,
    review_date date not null,
    place_time timestamptz not null,
    place_actor text not null,
    review_time timestamptz,
    release_time timestamptz,
    release_actor text,
    constraint pk_legal_holds primary key (hold_id),
    constraint ck_legal_holds_row_key check (row_key is null or (rule is not null and person_id is null)),
    -- A hold on all that is the platform's would stop every sweep.
    constraint ck_legal_holds_platform check (held_tenant_id <> 'ffffffff-ffff-ffff-ffff-ffffffffffff'
        or rule is not null or person_id is not null),
    constraint ck_legal_holds_release check ((release_time is null) = (release_actor is null))
);
create index ix_legal_holds_in_force on legal_holds (held_tenant_id, person_id) where release_time is null;
create index ix_legal_holds_review on legal_holds (review_date) where release_time is null;
create index ix_legal_holds_place on legal_holds (place_time desc, hold_id desc);
grant select, insert on legal_holds to kalisecu_server;
grant update (review_date, review_time, release_time, release_actor) on legal_holds to kalisecu_server;
grant select, delete on legal_holds to kalisecu_retention;
grant select on legal_holds to kalisecu_delivery;

-- What one run deleted by one rule. It moves in the transaction of each batch, so it is true whenever the run dies.
create table retention_sweeps (
    sweep_id uuid not null,
    rule text not null,
    of_tenant_id uuid not null,
    rule_version integer not null,
    period text not null,
    clause text not null,
    ended_before timestamptz not null,
    row_count bigint not null,
    object_count bigint not null,
    digest bytea not null,
    start_time timestamptz not null,
    update_time timestamptz not null,
    end_time timestamptz,
    constraint pk_retention_sweeps primary key (sweep_id, rule, of_tenant_id),
    constraint ck_retention_sweeps_counts check (row_count >= 0 and object_count >= 0),
    constraint ck_retention_sweeps_digest check (octet_length(digest) = 32)
);
create index ix_retention_sweeps_open on retention_sweeps (start_time) where end_time is null;
create index ix_retention_sweeps_start on retention_sweeps (start_time desc, sweep_id desc, rule desc, of_tenant_id desc);
grant select on retention_sweeps to kalisecu_server;
grant select, insert, update, delete on retention_sweeps to kalisecu_retention;

-- What the next days end by the rules whose rows servers see only tenant by tenant: the worker, which sees them, counts. One
-- row for each rule, written anew by each sweep.
create table retention_outlooks (
    rule text not null,
    count_time timestamptz not null,
    -- Over by the day before the count, by the day of the count, and by each day after it.
    due_counts bigint[] not null,
    constraint pk_retention_outlooks primary key (rule),
    constraint ck_retention_outlooks_due_counts check (array_position(due_counts, null) is null and cardinality(due_counts) > 0)
);
grant select on retention_outlooks to kalisecu_server;
grant select, insert, update on retention_outlooks to kalisecu_retention;

-- A client's choice of the archive, and what was moved into it: an object with a key of its own, which outlives the client's.
create table archives (
    tenant_id uuid not null,
    archive_id uuid not null,
    state text not null,
    request_time timestamptz not null,
    request_actor text not null,
    write_time timestamptz,
    object_name text,
    size_bytes bigint not null default 0,
    digest bytea,
    constraint pk_archives primary key (tenant_id, archive_id),
    constraint ux_archives_tenant unique (tenant_id),
    constraint ck_archives_state check (state in ('Requested', 'Written')
        and (state = 'Written') = (write_time is not null) and (write_time is null) = (object_name is null)
        and (object_name is null) = (digest is null)),
    constraint ck_archives_digest check (octet_length(digest) = 32)
);
alter table archives enable row level security;
alter table archives force row level security;
create policy tenant_isolation on archives
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert on archives to kalisecu_server;
grant select, update, delete on archives to kalisecu_retention;

create function refuse_sweep_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user = 'kalisecu_retention' then
        return old;
    end if;
    if tg_op = 'UPDATE' and old.end_time is null and new.sweep_id = old.sweep_id and new.rule = old.rule
        and new.row_count >= old.row_count and new.object_count >= old.object_count then
        return new;
    end if;
    raise exception 'certificates of deletion only grow' using errcode = 'restrict_violation';
end $$;
create trigger retention_sweeps_only_grow before update or delete on retention_sweeps
    for each row execute function refuse_sweep_change();
create trigger retention_sweeps_are_not_emptied before truncate on retention_sweeps
    for each statement execute function refuse_change();

-- Whoever deletes locks first, to leave alone what others hold, and PostgreSQL asks for the right to change something for
-- that. The role that may delete the row gets it for the first column of its key.
do $$
declare
    swept record;
begin
    for swept in
        select c.oid::regclass as name, a.attname as key_column
        from pg_class c
        join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and has_table_privilege('kalisecu_retention', c.oid, 'DELETE')
            and not has_any_column_privilege('kalisecu_retention', c.oid, 'UPDATE')
    loop
        execute format('grant update (%I) on %s to kalisecu_retention', swept.key_column, swept.name);
    end loop;
end $$;
