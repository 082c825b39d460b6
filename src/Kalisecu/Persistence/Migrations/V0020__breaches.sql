-- Personal data breaches, under the identifier of all ones: one breach may concern many tenants. What was written about them is
-- sealed with the platform's key.

create table breaches (
    tenant_id uuid not null,
    breach_id uuid not null,
    state text not null,
    drill boolean not null,
    facts bytea not null,
    circumstances bytea,
    occur_time timestamptz,
    end_time timestamptz,
    detect_time timestamptz not null,
    create_time timestamptz not null,
    aware_time timestamptz,
    aware_grounds bytea,
    due_time timestamptz,
    rule_version text,
    assessment bytea,
    risk text,
    decision text,
    decision_reasons bytea,
    communication text,
    communication_reasons bytea,
    reach_time timestamptz,
    reach_number integer not null,
    reach_stores text[] not null,
    reach_tenant_ids uuid[] not null,
    reach_client_count integer not null,
    reach_person_count integer not null,
    reach_person_kinds text[] not null,
    reach_categories text[] not null,
    persons_tell_time timestamptz,
    persons_text bytea,
    clients_tell_time timestamptz,
    clients_text bytea,
    submit_time timestamptz,
    complement_due_time timestamptz,
    alarm_phase text,
    next_alarm_hours integer,
    escalate_time timestamptz,
    next_alarm_time timestamptz,
    close_time timestamptz,
    lessons bytea,
    update_time timestamptz not null,
    constraint pk_breaches primary key (tenant_id, breach_id),
    constraint ck_breaches_state check (state in ('Declared', 'Aware', 'Closed', 'Dismissed')),
    constraint ck_breaches_risk check (risk in ('Unlikely', 'Risk', 'High') and (risk is null) = (assessment is null)),
    constraint ck_breaches_decision check (decision in ('Notify', 'NoRisk')),
    constraint ck_breaches_communication check (communication in ('Tell', 'NoHighRisk', 'Protected', 'RiskAverted', 'Public')),
    constraint ck_breaches_alarm_phase check (alarm_phase in ('Initial', 'Complementary')),
    -- The deadline of art. 33(1) is what the law says, whoever writes the row.
    constraint ck_breaches_due check ((aware_time is null) = (due_time is null) and due_time = aware_time + interval '72 hours'),
    constraint ck_breaches_alarm check ((alarm_phase is null) = (next_alarm_hours is null)),
    -- The clock of a breach of which we are aware runs until it was notified, decided against or closed.
    constraint ck_breaches_clock check (state <> 'Aware' or submit_time is not null or decision is not distinct from 'NoRisk'
        or alarm_phase = 'Initial'),
    constraint ck_breaches_close check ((state in ('Closed', 'Dismissed')) = (close_time is not null)
        and (close_time is null) = (lessons is null) and (close_time is null or next_alarm_time is null))
);
create index ix_breaches_create_time on breaches (create_time desc, breach_id desc);
-- A tick of the clock reads its alarms and nothing of the breaches whose clock only runs.
create index ix_breaches_next_alarm on breaches (next_alarm_time) where next_alarm_time is not null;

create table breach_alarms (
    tenant_id uuid not null,
    breach_id uuid not null,
    phase text not null,
    hours integer not null,
    alarm_time timestamptz not null,
    post_time timestamptz not null,
    escalate_time timestamptz,
    acknowledge_time timestamptz,
    acknowledge_actor text,
    constraint pk_breach_alarms primary key (tenant_id, breach_id, phase, hours),
    constraint fk_breach_alarms_breach foreign key (tenant_id, breach_id) references breaches (tenant_id, breach_id)
        on delete cascade,
    constraint ck_breach_alarms_phase check (phase in ('Initial', 'Complementary')),
    constraint ck_breach_alarms_acknowledge check ((acknowledge_time is null) = (acknowledge_actor is null))
);

create table breach_notifications (
    tenant_id uuid not null,
    breach_id uuid not null,
    number integer not null,
    complete boolean not null,
    finish_time timestamptz not null,
    file bytea not null,
    file_digest bytea not null,
    delay_reasons bytea,
    submit_time timestamptz,
    receipt_number text,
    constraint pk_breach_notifications primary key (tenant_id, breach_id, number),
    constraint fk_breach_notifications_breach foreign key (tenant_id, breach_id) references breaches (tenant_id, breach_id)
        on delete cascade,
    constraint ck_breach_notifications_number check (number >= 1),
    constraint ck_breach_notifications_digest check (octet_length(file_digest) = 32),
    constraint ck_breach_notifications_submit check ((submit_time is null) = (receipt_number is null))
);

-- Who is affected, and which letter each got. What was found is found again until somebody is written to: rows of an earlier
-- reach_number stand for nobody.
create table breach_recipients (
    tenant_id uuid not null,
    breach_id uuid not null,
    audience text not null,
    person_tenant_id uuid not null,
    person_id uuid not null,
    person_kind text not null,
    reach_number integer not null,
    letter_id uuid,
    post_time timestamptz,
    unreachable_reason text,
    constraint pk_breach_recipients primary key (tenant_id, breach_id, audience, person_tenant_id, person_id),
    constraint fk_breach_recipients_breach foreign key (tenant_id, breach_id) references breaches (tenant_id, breach_id)
        on delete cascade,
    constraint ck_breach_recipients_audience check (audience in ('Person', 'Client')),
    constraint ck_breach_recipients_post check ((letter_id is null) = (post_time is null)
        and (letter_id is null or unreachable_reason is null))
);
create index ix_breach_recipients_waiting on breach_recipients (breach_id, audience)
    where letter_id is null and unreachable_reason is null;

alter table breaches enable row level security;
alter table breaches force row level security;
alter table breach_alarms enable row level security;
alter table breach_alarms force row level security;
alter table breach_notifications enable row level security;
alter table breach_notifications force row level security;
alter table breach_recipients enable row level security;
alter table breach_recipients force row level security;
create policy tenant_isolation on breaches using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on breach_alarms using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on breach_notifications
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy tenant_isolation on breach_recipients
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));

grant select, insert, update on breaches, breach_alarms, breach_notifications to kalisecu_server;
grant select, insert, update on breach_recipients to kalisecu_server;
grant select, update on breaches, breach_recipients to kalisecu_breach;
grant select, insert, update on breach_alarms to kalisecu_breach;
-- Whom letters greet and where they go.
grant select on members, tenants, staff_accounts to kalisecu_breach;
grant select, update, delete on breaches, breach_alarms, breach_notifications, breach_recipients to kalisecu_retention;
