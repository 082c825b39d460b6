-- Who read and changed what. Entries are written by the server's processes, each into its own chain, and never changed; a
-- month that has expired leaves as a whole partition, and the roots of its chains stay.

-- Platform-wide calls stand under the identifier of all ones, which names no tenant.
create table access_entries (
    tenant_id uuid not null,
    entry_time timestamptz not null,
    writer_id uuid not null,
    sequence bigint not null,
    access_time timestamptz not null,
    duration_micros bigint not null,
    caller_kind text not null,
    caller_name text not null,
    person_id uuid,
    role text,
    session_id uuid,
    method text not null,
    objects text not null,
    outcome text not null,
    reason text not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint pk_access_entries primary key (tenant_id, entry_time, writer_id, sequence),
    constraint ck_access_entries_outcome check (outcome in ('Allowed', 'Refused', 'Failed')),
    constraint ck_access_entries_hash check (octet_length(hash) = 32 and octet_length(previous_hash) = 32)
) partition by range (entry_time);
-- The platform's list, newest first.
create index ix_access_entries_entry_time on access_entries (entry_time, writer_id, sequence);
-- Each chain in its order: what a verification reads.
create index ix_access_entries_chain on access_entries (writer_id, sequence);
-- All of one person, wherever the call worked: for exports and for counting what stays.
create index ix_access_entries_person on access_entries (person_id, entry_time) where person_id is not null;
alter table access_entries enable row level security;
alter table access_entries force row level security;
create policy tenant_isolation on access_entries for select
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
-- Entries of many tenants and of none become durable together.
create policy written_by_processes on access_entries for insert to kalisecu_server with check (true);
grant select, insert on access_entries to kalisecu_server;
grant select on access_entries to kalisecu_retention;
-- For each row: such a trigger holds on every partition too, however it is reached.
create trigger access_entries_are_insert_only before update or delete on access_entries
    for each row execute function refuse_change();
create trigger access_entries_are_not_emptied before truncate on access_entries
    for each statement execute function refuse_change();

-- First and newest link of each writer's chain in each month. It moves in the transaction of the entries, so an entry that
-- is taken from the end is missed; it stays when the month expires, so that the months after it still verify.
create table access_log_roots (
    writer_id uuid not null,
    month date not null,
    first_sequence bigint not null,
    previous_hash bytea not null,
    last_sequence bigint not null,
    last_hash bytea not null,
    expire_time timestamptz,
    constraint pk_access_log_roots primary key (writer_id, month),
    constraint ck_access_log_roots_month check (extract(day from month) = 1),
    constraint ck_access_log_roots_sequence check (first_sequence >= 1 and last_sequence >= first_sequence)
) with (fillfactor = 50);
grant select, insert, update on access_log_roots to kalisecu_server;
grant select on access_log_roots to kalisecu_retention;

create function refuse_root_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.writer_id = old.writer_id and new.month = old.month
        and new.first_sequence = old.first_sequence and new.previous_hash = old.previous_hash
        and new.last_sequence >= old.last_sequence and old.expire_time is null
        and (new.last_sequence > old.last_sequence or new.last_hash = old.last_hash) then
        return new;
    end if;
    raise exception 'roots of the access log only grow' using errcode = 'restrict_violation';
end $$;
create trigger access_log_roots_only_grow before update or delete on access_log_roots
    for each row execute function refuse_root_change();
create trigger access_log_roots_are_not_emptied before truncate on access_log_roots
    for each statement execute function refuse_change();

-- Makes the partition of a month unless it is there. Runs as the owner: processes own no table and create none.
create function kalisecu_ensure_access_partition(wanted date) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    first_day date := date_trunc('month', wanted)::date;
    partition_name text := 'access_entries_' || to_char(first_day, 'YYYY_MM');
begin
    if to_regclass(partition_name) is not null then
        return;
    end if;
    -- Two processes that start together must not both create it.
    perform pg_advisory_xact_lock(hashtextextended('kalisecu_ensure_access_partition', 0));
    -- Not to_regclass again: it may still remember that there was none, for waiting for this lock tells it nothing new.
    if exists (select from pg_class where relname = partition_name and relnamespace = 'public'::regnamespace) then
        return;
    end if;
    execute format('create table %I partition of access_entries for values from (%L) to (%L)', partition_name,
        to_char(first_day, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(first_day + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    -- Nobody reaches rows past the parent's policies.
    execute format('alter table %I enable row level security', partition_name);
    execute format('alter table %I force row level security', partition_name);
    execute format('create trigger access_entries_are_not_emptied before truncate on %I
        for each statement execute function refuse_change()', partition_name);
end $$;
revoke execute on function kalisecu_ensure_access_partition(date) from public;
grant execute on function kalisecu_ensure_access_partition(date) to kalisecu_server, kalisecu_retention;

-- Clause RET-5: logs are kept twelve months at most, and backups hold them for up to 28 days longer than the database. Drops one
-- month whose first day is eleven months ago; its roots stay. The caller's clock may be behind the database's, never ahead of
-- it: whoever may call this cannot shorten the eleven months.
create function kalisecu_drop_access_partition(expired date, now_time timestamptz) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    first_day date := date_trunc('month', expired)::date;
    drop_time timestamptz := least(now_time, clock_timestamp());
begin
    if drop_time is null or ((first_day + interval '11 months') at time zone 'UTC') > drop_time then
        raise exception 'the access log of % is not expired', first_day using errcode = 'restrict_violation';
    end if;
    execute format('drop table if exists %I', 'access_entries_' || to_char(first_day, 'YYYY_MM'));
    update access_log_roots set expire_time = drop_time where month = first_day and expire_time is null;
end $$;
revoke execute on function kalisecu_drop_access_partition(date, timestamptz) from public;
grant execute on function kalisecu_drop_access_partition(date, timestamptz) to kalisecu_retention;
