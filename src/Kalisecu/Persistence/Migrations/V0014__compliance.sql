-- Whether the promises of the policy hold, and who processes data for us.

-- What each check of a clause said: one row for as long as it says the same. Nothing here is about a tenant or a person.
create table clause_results (
    result_id uuid not null,
    clause_id text not null,
    check_name text not null,
    state text not null,
    evidence text not null,
    figures jsonb not null,
    start_time timestamptz not null,
    check_time timestamptz not null,
    end_time timestamptz,
    constraint pk_clause_results primary key (result_id),
    constraint ck_clause_results_state check (state in ('Holds', 'Unproven', 'Broken')),
    constraint ck_clause_results_period check (check_time >= start_time and end_time >= check_time)
);
-- The newest answer of each check: the only one that may still grow.
create unique index ux_clause_results_newest on clause_results (clause_id, check_name) where end_time is null;
create index ix_clause_results_start on clause_results (start_time, result_id);
grant select, insert, update on clause_results to kalisecu_server;
grant select, delete on clause_results to kalisecu_retention;
