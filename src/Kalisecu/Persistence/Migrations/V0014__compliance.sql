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

-- The register of processors (GDPR art. 28): one row for each version of an entry.
create table processors (
    name text not null,
    version integer not null,
    legal_name text not null,
    role text not null,
    country text not null,
    purposes text[] not null,
    hosts text[] not null,
    adequacy text not null default '',
    -- Who is told of rectifications, restrictions and erasures (GDPR art. 19): a mailbox of the company. Empty: by hand.
    privacy_contact text not null default '',
    agreement_date date,
    agreement_object text,
    agreement_digest bytea,
    agreement_size_bytes bigint,
    start_time timestamptz not null,
    end_time timestamptz,
    constraint pk_processors primary key (name, version),
    constraint ck_processors_name check (name ~ '^[a-z0-9-]{2,40}$'),
    constraint ck_processors_role check (role in ('Hosting', 'Payment', 'Email', 'Signature', 'Other')),
    constraint ck_processors_privacy_contact check (privacy_contact = '' or privacy_contact like '_%@_%'),
    constraint ck_processors_country check (country ~ '^[A-Z]{2}$'),
    constraint ck_processors_agreement check (
        (agreement_object is null) = (agreement_digest is null) and (agreement_object is null) = (agreement_size_bytes is null)
        and (agreement_object is null or agreement_date is not null) and octet_length(agreement_digest) = 32)
);
-- One version of an entry holds now, or none.
create unique index ux_processors_current on processors (name) where end_time is null;
grant select, insert, update on processors to kalisecu_server;
-- Whoever calls a host asks first whose it is.
grant select on processors to kalisecu_retention, kalisecu_backup, kalisecu_breach, kalisecu_delivery;

-- What was, stays as it was: a version only ends.
create function refuse_processor_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.end_time is null and new.end_time is not null
        and (to_jsonb(new) - 'end_time') = (to_jsonb(old) - 'end_time') then
        return new;
    end if;
    raise exception 'versions of processors are never changed' using errcode = 'restrict_violation';
end $$;
create trigger processors_only_end before update or delete on processors
    for each row execute function refuse_processor_change();
create trigger processors_are_not_emptied before truncate on processors
    for each statement execute function refuse_change();

-- Clause SUB-1, as published on 4 May 2026. Hosts are those of their regions in France; the agreements, and the
-- contacts that they name, are recorded by staff: nobody is written to at an address that nobody has confirmed.
insert into processors (name, version, legal_name, role, country, purposes, hosts, start_time) values
    ('ovh', 1, 'OVH SAS', 'Hosting', 'FR', '{Service,Invoicing,Communication,Support,Improvement,Security}',
        '{*.gra.io.cloud.ovh.net,*.rbx.io.cloud.ovh.net,*.sbg.io.cloud.ovh.net,*.eu-west-par.io.cloud.ovh.net}', now()),
    ('scaleway', 1, 'Scaleway SAS', 'Hosting', 'FR', '{Service,Invoicing,Communication,Support,Improvement,Security}',
        '{*.fr-par.scw.cloud}', now()),
    ('stripe', 1, 'Stripe Payments Europe Ltd', 'Payment', 'IE', '{Invoicing}', '{api.stripe.com}', now()),
    ('brevo', 1, 'Brevo SAS', 'Email', 'FR', '{Communication,Support}', '{api.brevo.com,smtp-relay.brevo.com}', now()),
    ('yousign', 1, 'Yousign SAS', 'Signature', 'FR', '{Service}', '{api.yousign.app}', now());
