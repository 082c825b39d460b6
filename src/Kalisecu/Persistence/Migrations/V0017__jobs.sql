-- The schedules of the worker processes: Quartz's own tables, as its version 4.7.3 makes them, and what we record of each run.

create schema quartz;
grant usage on schema quartz to kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;

create table quartz.qrtz_job_details (
    sched_name text not null,
    job_name text not null,
    job_group text not null,
    description text null,
    job_class_name text not null,
    is_durable bool not null,
    is_nonconcurrent bool not null,
    is_update_data bool not null,
    requests_recovery bool not null,
    job_data bytea null,
    primary key (sched_name,job_name,job_group)
);

create table quartz.qrtz_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    job_name text not null,
    job_group text not null,
    description text null,
    next_fire_time bigint null,
    prev_fire_time bigint null,
    priority integer null,
    trigger_state text not null,
    trigger_type text not null,
    start_time bigint not null,
    end_time bigint null,
    calendar_name text null,
    misfire_instr smallint null,
    misfire_orig_fire_time bigint null,
    execution_group varchar(200) null,
    preferred_node varchar(200) null,
    preferred_node_auto bool not null default false,
    retry_policy varchar(250) null,
    retry_attempt integer null,
    continues_trigger_name text null,
    continues_trigger_group text null,
    continuation_condition integer null,
    overlap_policy integer null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    misfire_threshold bigint null,
    fixed_delay bool null,
    job_data bytea null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,job_name,job_group) references quartz.qrtz_job_details (sched_name,job_name,job_group)
);

create table quartz.qrtz_simple_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    repeat_count bigint not null,
    repeat_interval bigint not null,
    times_triggered bigint not null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group) references quartz.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table quartz.qrtz_cron_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    cron_expression text not null,
    time_zone_id text,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group) references quartz.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table quartz.qrtz_simprop_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    str_prop_1 text null,
    str_prop_2 text null,
    str_prop_3 text null,
    int_prop_1 integer null,
    int_prop_2 integer null,
    long_prop_1 bigint null,
    long_prop_2 bigint null,
    dec_prop_1 numeric null,
    dec_prop_2 numeric null,
    bool_prop_1 bool null,
    bool_prop_2 bool null,
    time_zone_id text null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group) references quartz.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table quartz.qrtz_blob_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    blob_data bytea null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group) references quartz.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table quartz.qrtz_calendars (
    sched_name text not null,
    calendar_name text not null,
    calendar bytea not null,
    primary key (sched_name,calendar_name)
);

create table quartz.qrtz_paused_trigger_grps (
    sched_name text not null,
    trigger_group text not null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    primary key (sched_name,trigger_group)
);

create table quartz.qrtz_paused_job_grps (
    sched_name text not null,
    job_group text not null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    primary key (sched_name,job_group)
);

create table quartz.qrtz_fired_triggers (
    sched_name text not null,
    entry_id text not null,
    trigger_name text not null,
    trigger_group text not null,
    instance_name text not null,
    fired_time bigint not null,
    sched_time bigint not null,
    priority integer not null,
    state text not null,
    job_name text null,
    job_group text null,
    is_nonconcurrent bool not null,
    requests_recovery bool null,
    execution_group varchar(200) null,
    progress integer null,
    progress_message varchar(250) null,
    interrupt_requested_time bigint null,
    primary key (sched_name,entry_id)
);

create table quartz.qrtz_scheduler_state (
    sched_name text not null,
    instance_name text not null,
    last_checkin_time bigint not null,
    checkin_interval bigint not null,
    quartz_version varchar(20) null,
    primary key (sched_name,instance_name)
);

create table quartz.qrtz_locks (
    sched_name text not null,
    lock_name text not null,
    primary key (sched_name,lock_name)
);

create index idx_qrtz_j_g_n on quartz.qrtz_job_details (sched_name, job_group, job_name);
create index idx_qrtz_t_j on quartz.qrtz_triggers (sched_name, job_name, job_group);
create index idx_qrtz_t_g_n on quartz.qrtz_triggers (sched_name, trigger_group, trigger_name);
create index idx_qrtz_t_c on quartz.qrtz_triggers (sched_name, calendar_name);
create index idx_qrtz_t_nft_st on quartz.qrtz_triggers (sched_name, trigger_state, next_fire_time asc, priority desc, misfire_instr);
create index idx_qrtz_ft_inst_job_req_rcvry on quartz.qrtz_fired_triggers (sched_name, instance_name, requests_recovery);
create index idx_qrtz_ft_j_g on quartz.qrtz_fired_triggers (sched_name, job_name, job_group);
create index idx_qrtz_ft_t_g on quartz.qrtz_fired_triggers (sched_name, trigger_name, trigger_group);

-- Each kind of worker has a schedule of its own, named like its role: none can touch another's.
do $$
declare
    quartz_table text;
begin
    for quartz_table in select tablename from pg_tables where schemaname = 'quartz' loop
        execute format('alter table quartz.%I enable row level security', quartz_table);
        execute format('alter table quartz.%I force row level security', quartz_table);
        execute format('create policy own_schedule on quartz.%I using (sched_name = current_user)', quartz_table);
        execute format(
            'grant select, insert, update, delete on quartz.%I to kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery',
            quartz_table
        );
    end loop;
end $$;

-- The jobs that workers offer: each worker writes its own when it starts.
create table jobs (
    job text not null,
    worker text not null,
    description text not null,
    schedule text not null,
    schedule_words text not null,
    late_after interval not null,
    register_time timestamptz not null,
    -- The first scheduled time that no run has served well yet.
    expected_time timestamptz not null,
    -- Since when no worker of this version offers it any more.
    retire_time timestamptz,
    constraint pk_jobs primary key (job)
);
alter table jobs enable row level security;
alter table jobs force row level security;
create policy read_by_all on jobs for select using (true);
create policy written_by_its_worker on jobs for insert with check (worker = current_user);
create policy changed_by_its_worker on jobs for update using (worker = current_user);
grant select on jobs to kalisecu_server;
grant select, insert, update on jobs to kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;

create table job_runs (
    run_id uuid not null,
    job text not null,
    worker text not null,
    cause text not null,
    actor text not null,
    state text not null,
    -- The scheduled time that the run serves; null for a run that somebody asked for.
    slot_time timestamptz,
    create_time timestamptz not null,
    start_time timestamptz,
    end_time timestamptz,
    next_time timestamptz,
    host text not null default '',
    is_recovery boolean not null default false,
    progress_done bigint not null default 0,
    progress_total bigint,
    progress_step text not null default '',
    counts jsonb not null default '{}',
    problem text,
    cancel_time timestamptz,
    cancel_actor text,
    constraint pk_job_runs primary key (run_id),
    constraint ck_job_runs_cause check (cause in ('Schedule', 'Request', 'Once')),
    constraint ck_job_runs_state
        check (state in ('Requested', 'Running', 'Succeeded', 'Failed', 'Cancelled', 'Interrupted', 'Lost')),
    constraint ck_job_runs_start_time check ((state = 'Requested') <= (start_time is null)),
    constraint ck_job_runs_end_time check ((state in ('Requested', 'Running')) = (end_time is null)),
    constraint ck_job_runs_problem check ((state = 'Failed') <= (problem is not null))
);
-- However often a schedule fires, what it stands for is done once.
create unique index ux_job_runs_slot on job_runs (job, slot_time)
    where state in ('Running', 'Succeeded', 'Failed', 'Cancelled');
create index ix_job_runs_job on job_runs (job, create_time desc, run_id desc);
create index ix_job_runs_create_time on job_runs (create_time desc, run_id desc);
create index ix_job_runs_open on job_runs (job) where state in ('Requested', 'Running');
alter table job_runs enable row level security;
alter table job_runs force row level security;
create policy read_by_all on job_runs for select using (true);
create policy written_by_its_worker on job_runs for insert
    with check (worker = current_user or (current_user = 'kalisecu_server' and state = 'Requested'));
create policy changed_by_its_worker on job_runs for update
    using (worker = current_user or current_user = 'kalisecu_server');
-- Locked, before they are deleted.
create policy locked_by_retention on job_runs for update to kalisecu_retention
    using (true) with check (worker = current_user);
create policy deleted_by_retention on job_runs for delete to kalisecu_retention using (true);
grant select, insert on job_runs to kalisecu_server;
grant update (state, end_time, cancel_time, cancel_actor) on job_runs to kalisecu_server;
grant select, insert, update on job_runs to kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;
grant delete on job_runs to kalisecu_retention;
